"""A file becomes a `DaemonConfig`, or every reason why it can't."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from aof.config import later
from aof.config.credentials import TOLD_BY, CredentialReader
from aof.config.daemon import DIRECTORY, AdminConfig, DaemonConfig, DirectoryConfig, Metadata
from aof.config.document import MappingNode, Node, ScalarNode, SequenceNode, documents, is_null, line_of, text_of
from aof.config.people import refuse_doubles
from aof.config.problem import Findings, Place, Problem, dotted, is_name
from aof.config.read import DROPPED, Entry, Reader, TooMuch
from aof.config.refusals import refuse_all
from aof.config.shape import shape_of
from aof.config.spelling import nearest
from aof.domain.errors import ConfigError

_PLATFORMS = ("spec", "platforms")
_ADMIN = ("spec", "server", "admin")
_DIRECTORIES = (("spec", "agents"), ("spec", "triggers"))
_KIND = "DaemonConfig"
_DNS_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration that can be used, and what an operator should know about it."""

    config: DaemonConfig
    warnings: tuple[Problem, ...]
    path: Path


def load(path: Path, platform_models: Mapping[str, type[BaseModel]], environ: Mapping[str, str]) -> Loaded:
    """Read the one `DaemonConfig` of a YAML file.

    A platform with `enabled: false` that lacks a credential is left out of `spec.platforms`, with a warning.

    Args:
        path: Relative paths in the file start at its directory.
        platform_models: What may stand under `spec.platforms`, by name. `CredentialReader` says what a model's
            class variables mean.
        environ: Where `${VAR}` and `<field>_env` are looked up.

    Raises:
        ConfigError: Its text holds every problem of the file, one a line, in the order of their lines.
    """
    findings = Findings(str(path))
    config = _read(path, platform_models, environ, findings)
    if config is None or findings.errors:
        raise ConfigError("\n".join(map(str, findings.errors)))
    return Loaded(config, findings.warnings, path)


def _read(
    path: Path, models: Mapping[str, type[BaseModel]], environ: Mapping[str, str], findings: Findings
) -> DaemonConfig | None:
    text = text_of(path, findings)
    if text is None:
        return None
    ours: Node | None = None
    for root in documents(text, findings):
        line = _line_of_kind(root, findings)
        if line and ours:
            problem = f"there is a {_KIND} already, in the document of line {line_of(ours)}"
            findings.refuse(line, "kind", problem, "Keep one of them in this file.")
        elif line:
            ours = root
    if ours:
        return _config(ours, Reader(findings, environ, homes=_homes()), models, path.absolute().parent)
    if not findings.errors:
        findings.refuse(1, "", f"the file holds no {_KIND}", f"Begin with kind: {_KIND}.")
    return None


def _line_of_kind(root: Node, findings: Findings) -> int | None:
    """Where a document says that it is ours; None for every other one, which is refused."""
    if not isinstance(root, MappingNode):
        findings.refuse(line_of(root), "", "the document is not a mapping of keys", f"Begin with kind: {_KIND}.")
        return None
    kinds = [(key, value) for key, value in root.value if isinstance(key, ScalarNode) and key.value == "kind"]
    if not kinds or is_null(kinds[0][1]):
        findings.refuse(line_of(kinds[0][0] if kinds else root), "kind", "is missing", f"Write kind: {_KIND}.")
        return None
    line, said = line_of(kinds[0][0]), str(kinds[0][1].value)
    if said == _KIND:
        return line
    shown = said if is_name(said) else "this"
    if said not in later.KINDS and nearest(said, [_KIND]):
        findings.refuse(line, "kind", f"there is no kind {shown}", f'Did you mean "{_KIND}"?')
    else:
        findings.refuse(line, "kind", f"{shown} is not supported yet", "Remove this document.")
    return None


def _config(root: Node, reader: Reader, models: Mapping[str, type[BaseModel]], directory: Path) -> DaemonConfig | None:
    reader.lines[()] = line_of(root)
    reader.special[_PLATFORMS] = lambda node: _platforms(node, reader, models)
    reader.special[_ADMIN] = lambda node: CredentialReader(reader, AdminConfig, _ADMIN).read(node)
    for place in _DIRECTORIES:
        reader.special[place] = partial(_directory, reader, place)
    try:
        written = reader.section(root, DaemonConfig, ())
    except TooMuch:
        return None
    if isinstance(written.get("spec"), dict) and "platforms" not in written["spec"]:
        problem = "is missing, and to find platforms in triggers (the list dialect of AOF) is not supported yet"
        reader.refuse(reader.lines["spec",], _PLATFORMS, problem, f"Write platforms: and below it {_either(models)}.")
        written["spec"]["platforms"] = {}
    if isinstance(written.get("spec"), dict):
        refuse_doubles(written["spec"].get("people"), reader)
    try:
        config = DaemonConfig.model_validate(written, context={DIRECTORY: directory})
    except ValidationError as error:
        refuse_all(error, (), reader)
        return None
    _warn_about(config.metadata, reader)
    return config


def _directory(reader: Reader, place: Place, node: Node) -> Any:
    if isinstance(node, SequenceNode):
        problem, remedy = f"a list of {place[-1]} is not supported yet", f"Write directory: ./{place[-1]} below."
        reader.refuse(reader.lines[place], place, problem, remedy)
        return DROPPED
    return reader.section(node, DirectoryConfig, place)


def _platforms(node: Node, reader: Reader, models: Mapping[str, type[BaseModel]]) -> dict[str, BaseModel]:
    line = reader.lines[_PLATFORMS]
    if isinstance(node, SequenceNode):
        reader.refuse(line, _PLATFORMS, "a list of platforms is not supported yet", f"Write {_either(models)}: below.")
        return {}
    entries = reader.entries(node, _PLATFORMS)
    if not entries and _PLATFORMS not in reader.failed:
        reader.refuse(line, _PLATFORMS, "names no platform", f"Write {_either(models)}: below.")
    platforms: dict[str, BaseModel] = {}
    for entry in entries:
        if entry.name in models:
            model = models[entry.name]
            reader.homes |= {key: home for key, home in _homes_in(model, entry.name).items() if key not in reader.homes}
            platform = _platform(entry, reader, model)
            if platform is not None:
                platforms[entry.name] = platform
        elif entry.name in later.PLATFORMS:
            reader.refuse(entry.line, (*_PLATFORMS, entry.name), "is not supported yet", "Remove it.")
        else:
            reader.unknown(entry, _PLATFORMS, models)
    return platforms


def _platform(entry: Entry, reader: Reader, model: type[BaseModel]) -> BaseModel | None:
    place = (*_PLATFORMS, entry.name)
    section = CredentialReader(reader, model, place)
    written = section.read(entry.value)
    if not section.complete:
        return None
    try:
        return model.model_validate(written, context={TOLD_BY: section.told_by})
    except ValidationError as error:
        refuse_all(error, place, reader)
        return None


def _warn_about(metadata: Metadata, reader: Reader) -> None:
    for key, problem, remedy, applies in (
        ("namespace", "has no effect", "Remove it.", metadata.namespace is not None),
        ("name", "is not like a DNS name", "Write a-z, 0-9 and -.", not _DNS_LABEL.fullmatch(metadata.name)),
    ):
        if applies:
            reader.findings.warn(reader.lines["metadata", key], ("metadata", key), problem, remedy)


def _homes() -> dict[str, str]:
    """Where each key belongs, for those that are indented wrongly; of keys with several homes the first."""
    return {name: section for name, section in _visited(DaemonConfig, "").items() if section}


def _homes_in(model: type[BaseModel], platform: str) -> dict[str, str]:
    """The same for the keys of one platform."""
    return _visited(model, dotted((*_PLATFORMS, platform)))


def _visited(model: type[BaseModel], section: str) -> dict[str, str]:
    homes: dict[str, str] = {}
    for name, about in model.model_fields.items():
        homes.setdefault(name, section)
        inner = shape_of(about.annotation).section
        if inner:
            for key, home in _visited(inner, f"{section}.{name}" if section else name).items():
                homes.setdefault(key, home)
    return homes


def _either(models: Mapping[str, type[BaseModel]]) -> str:
    return " or ".join(sorted(models))
