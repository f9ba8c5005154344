"""The main file becomes a `DaemonConfig`, and with the files that it names all that one daemon is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from aof.config import later
from aof.config.beside import DIRECTORY
from aof.config.credentials import TOLD_BY, CredentialReader
from aof.config.daemon import AdminConfig, DaemonConfig, DirectoryConfig, RuntimeConfig
from aof.config.document import Node, SequenceNode, documents, line_of, text_of
from aof.config.files import Files, kind_of
from aof.config.homes import homes_of
from aof.config.mention import Mentioned, mentions
from aof.config.naming import doubt_names
from aof.config.operator import OperatorConfig
from aof.config.page import PagePerson
from aof.config.people import refuse_doubles
from aof.config.problem import Place, Problem, dotted
from aof.config.read import DROPPED, Entry, Reader, TooMuch, keys_in
from aof.config.refusals import refuse_all
from aof.config.strangers import refuse_strangers
from aof.config.trigger_document import Reference

_PLATFORMS = ("spec", "platforms")
_ADMIN = ("spec", "server", "admin")
_OPERATOR = ("spec", "operator")
_DIRECTORIES = tuple(("spec", name) for name in ("agents", "triggers", "contexts", "runbooks", "classifications"))
_APPROVERS = ("spec", "approval", "allowed_users")
_DEFAULT_CONTEXT = ("spec", "runtime", "default_context")
_BACKEND = ("spec", "memory", "backend")
_RULES = ("spec", "rules")
# what a rule names has to be there: one that fits nobody would refuse nothing
_OF_A_RULE: dict[str, Mentioned] = {"people": "person", "roles": "role", "contexts": "context"}
_PAGE_PEOPLE = ("spec", "operator", "page", "people")
_DEFAULT_AGENT = ("spec", "runtime", "default_agent")
_KIND = "DaemonConfig"

Credentials = Literal["required", "optional"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration that can be used, and what an operator should know about it."""

    config: DaemonConfig
    warnings: tuple[Problem, ...]
    path: Path


def load(
    path: Path,
    platform_models: Mapping[str, type[BaseModel]],
    environ: Mapping[str, str],
    *,
    credentials: Credentials = "required",
) -> Loaded:
    """Read the one `DaemonConfig` of a YAML file, and check the files that it names.

    A platform with `enabled: false` that lacks a credential is left out of `spec.platforms`, with a warning.

    Raises:
        ConfigError: Its text holds every problem of every file, one a line, in the order of files and lines.
    """
    files = read_files(path, platform_models, environ, credentials=credentials)
    files.raise_errors()
    assert files.config  # noqa: S101 -- no error means that there is one
    return Loaded(files.config, files.warnings, path)


def read_files(
    path: Path,
    platform_models: Mapping[str, type[BaseModel]],
    environ: Mapping[str, str],
    *,
    credentials: Credentials = "required",
) -> Files:
    """Read the main file and the files that it names, as far as they can be read.

    Args:
        path: Relative paths in the file start at its directory.
        platform_models: What may stand under `spec.platforms`, by name. `CredentialReader` says what a model's
            class variables mean.
        environ: Where `${VAR}` and `<field>_env` are looked up.
        credentials: With "optional" a stand-in takes the place of a credential whose variable is missing, for who needs
            the store and the people only.
    """
    files = Files(path, environ, credentials)
    findings = files.findings(str(path))
    text = text_of(path, findings)
    ours: Node | None = None
    beside: list[tuple[Node, str]] = []
    for root in documents(text, findings) if text is not None else ():
        kind, line = kind_of(root, findings)
        if kind == _KIND and ours:
            problem = f"there is a {_KIND} already, in the document of line {line_of(ours)}"
            findings.refuse(line, "kind", problem, "Keep one of them in this file.")
        elif kind == _KIND:
            ours = root
        elif kind:
            beside.append((root, kind))
    if ours:
        _Main(files, files.reader(findings, _KIND), platform_models).read(ours)
    elif not findings.errors:
        findings.refuse(1, "", f"the file holds no {_KIND}", f"Begin with kind: {_KIND}.")
    for root, kind in beside:  # after what they fall back on
        files.take(root, kind, findings)
    return files


@dataclass(frozen=True, slots=True)
class _Main:
    """Reads the `DaemonConfig`."""

    files: Files
    reader: Reader
    models: Mapping[str, type[BaseModel]]

    def read(self, root: Node) -> None:
        """Keep of the document what can be used, also where parts of it are refused."""
        reader = self.reader
        reader.lines[()] = line_of(root)
        reader.homes = {**reader.homes}
        reader.special[_PLATFORMS] = self._platforms
        reader.special[_ADMIN] = lambda node: CredentialReader(reader, AdminConfig, _ADMIN).read(node)
        reader.special[_OPERATOR] = lambda node: CredentialReader(reader, OperatorConfig, _OPERATOR).read(node)
        reader.special[_PAGE_PEOPLE] = self._page_people
        for place in _DIRECTORIES:
            reader.special[place] = partial(self._directory, place)
        try:
            written = reader.section(root, DaemonConfig, ())
        except TooMuch:
            return
        spec = written.get("spec")
        if isinstance(spec, dict):
            if "platforms" not in spec:
                problem = "is missing, and to find platforms in triggers (the list dialect of AOF) is not supported yet"
                remedy = f"Write platforms: and below it {self._either()}."
                reader.refuse(reader.lines["spec",], _PLATFORMS, problem, remedy)
                spec["platforms"] = {}
            refuse_doubles(spec.get("people"), reader)
        context = {DIRECTORY: self.files.path.absolute().parent}
        try:
            self.files.config = DaemonConfig.model_validate(written, context=context)
        except ValidationError as error:
            refuse_all(error, (), reader)
        else:
            refuse_strangers(self.files.config, reader)
        doubt_names(keys_in(written, "metadata"), ("metadata",), reader)
        self._refer(keys_in(written, "spec"), context)

    def _refer(self, spec: dict[str, Any], context: dict[str, Any]) -> None:
        """Follow what names other files and agents, also where the rest of the file is refused."""
        reader = self.reader
        model = keys_in(spec, "runtime").get("default_model")
        self.files.default_model = model if isinstance(model, str) and model else None
        agent = keys_in(spec, "runtime").get("default_agent", RuntimeConfig().default_agent)
        writer = keys_in(spec, "operator").get("draft_agent")
        agents: tuple[tuple[object, Place], ...] = ((agent, _DEFAULT_AGENT), (writer, (*_OPERATOR, "draft_agent")))
        for name, place in agents:
            if isinstance(name, str):
                line = reader.lines.get(place, reader.lines[()])
                self.files.references.append(Reference(name, reader.findings.file, line, dotted(place)))
        operators = keys_in(spec, "operator").get("operators")
        self.files.mentions += mentions("person", operators, (*_OPERATOR, "operators"), reader)
        approvers = keys_in(spec, "approval").get("allowed_users")
        self.files.mentions += mentions("approver", approvers, _APPROVERS, reader)
        context_name = keys_in(spec, "runtime").get("default_context")
        self.files.mentions += mentions("context", context_name, _DEFAULT_CONTEXT, reader)
        rules = spec.get("rules")
        for number, rule in enumerate(rules if isinstance(rules, list) else ()):
            for named, kind in _OF_A_RULE.items():
                written = rule.get(named) if isinstance(rule, dict) else None
                self.files.mentions += mentions(kind, written, (*_RULES, number, named), reader)
        page_people = keys_in(keys_in(spec, "operator"), "page").get("people")
        for number, person in enumerate(page_people if isinstance(page_people, list) else ()):
            name = person.get("name") if isinstance(person, dict) else None
            self.files.mentions += mentions("person", name, (*_PAGE_PEOPLE, number, "name"), reader)
        if keys_in(spec, "memory").get("backend") == "redis":
            problem, remedy = "is not supported, the daemon's own store is used instead", "Write sqlite."
            reader.findings.warn(reader.lines[_BACKEND], _BACKEND, problem, remedy)
        for place in _DIRECTORIES:
            try:
                section = DirectoryConfig.model_validate(spec.get(place[-1]), context=context)
            except ValidationError:  # absent, or refused above
                continue
            if section.enabled:
                key = (*place, "directory")
                self.files.take_directory(section, reader.findings, reader.lines[key], dotted(key))

    def _page_people(self, node: Node) -> Any:
        if not isinstance(node, SequenceNode):
            remedy = "Write - name: and a name of spec.people below."
            self.reader.refuse(self.reader.lines[_PAGE_PEOPLE], _PAGE_PEOPLE, "wants a list", remedy)
            return DROPPED

        def person(reader: Reader, place: Place, item: Node) -> Any:
            return CredentialReader(reader, PagePerson, place).read(item)

        return [self.reader.nested(item, (*_PAGE_PEOPLE, number), person) for number, item in enumerate(node.value)]

    def _directory(self, place: Place, node: Node) -> Any:
        if isinstance(node, SequenceNode):
            problem, remedy = f"a list of {place[-1]} is not supported yet", f"Write directory: ./{place[-1]} below."
            self.reader.refuse(self.reader.lines[place], place, problem, remedy)
            return DROPPED
        return self.reader.section(node, DirectoryConfig, place)

    def _platforms(self, node: Node) -> dict[str, BaseModel]:
        reader, models = self.reader, self.models
        line = reader.lines[_PLATFORMS]
        if isinstance(node, SequenceNode):
            remedy = f"Write {self._either()}: below."
            reader.refuse(line, _PLATFORMS, "a list of platforms is not supported yet", remedy)
            return {}
        entries = reader.entries(node, _PLATFORMS)
        if not entries and _PLATFORMS not in reader.failed:
            reader.refuse(line, _PLATFORMS, "names no platform", f"Write {self._either()}: below.")
        platforms: dict[str, BaseModel] = {}
        for entry in entries:
            if entry.name in models:
                model = models[entry.name]
                homes = homes_of(model, dotted((*_PLATFORMS, entry.name)))
                reader.homes |= {key: home for key, home in homes.items() if key not in reader.homes}
                platform = self._platform(entry, model)
                if platform is not None:
                    platforms[entry.name] = platform
            elif entry.name in later.PLATFORMS:
                reader.refuse(entry.line, (*_PLATFORMS, entry.name), "is not supported yet", "Remove it.")
            else:
                reader.unknown(entry, _PLATFORMS, models)
        return platforms

    def _platform(self, entry: Entry, model: type[BaseModel]) -> BaseModel | None:
        place = (*_PLATFORMS, entry.name)
        section = CredentialReader(self.reader, model, place)
        written = section.read(entry.value)
        self.files.platforms[entry.name] = section.enabled
        if section.enabled:
            key = (*place, "approval_allowed_users")
            self.files.mentions += mentions("approver", written.get(key[-1]), key, self.reader)
        if not section.complete:
            return None
        try:
            return model.model_validate(written, context={TOLD_BY: section.told_by})
        except ValidationError as error:
            refuse_all(error, place, self.reader)
            return None

    def _either(self) -> str:
        return " or ".join(sorted(self.models))
