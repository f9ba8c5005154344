"""Files become an assembly: what no file can see alone is checked here, and all of it is told at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from aof import plugins
from aof.config.agent_file import AgentFile
from aof.config.classification import ClassificationFile
from aof.config.context import ContextFile
from aof.config.daemon import DaemonConfig
from aof.config.files import Files
from aof.config.load import Credentials, read_files
from aof.config.problem import Problem
from aof.config.runbook import RunbookFile
from aof.config.spelling import nearest
from aof.config.strangers import refuse_strangers_in
from aof.config.trigger import BUILT_IN_COMMANDS, BUILTIN, Trigger
from aof.config.trigger_document import Reference
from aof.daemon.named import check_mentions, check_names, check_operators, check_prices, check_runbooks
from aof.domain.errors import ConfigError
from aof.platforms.base import AnyPlatform
from aof.tools.redaction import Redactor

RESERVED = frozenset({BUILTIN, "info"})
"""Words that stand in the place of an agent's name and mean something else."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """A configuration whose every name was found: what `assemble` accepts, a daemon starts.

    Attributes:
        platforms: The classes of those that are switched on, by name.
        agents: The classes of the built-in agents that the configuration names, by name.
        agent_files: The agents of files, by name; none of them can answer yet, and each says why.
        triggers: Of files, by name; also those that are switched off.
        contexts: Of files, by name.
        runbooks: Of files, by name.
        classifications: Of files, in the order of their names.
        warnings: Of every file, by file and line.
        redact: Takes every credential out of a text.
    """

    config: DaemonConfig
    platforms: Mapping[str, type[AnyPlatform]]
    agents: Mapping[str, type[Any]]
    agent_files: Mapping[str, AgentFile]
    triggers: tuple[Trigger, ...]
    contexts: Mapping[str, ContextFile]
    runbooks: Mapping[str, RunbookFile]
    classifications: tuple[ClassificationFile, ...]
    warnings: tuple[Problem, ...]
    redact: Redactor


class _Models(Mapping[str, type[BaseModel]]):
    """The configuration models of platforms, which are imported only when a file names them."""

    def __init__(self, platforms: Mapping[str, type[AnyPlatform]]) -> None:
        self._platforms = platforms

    def __getitem__(self, name: str) -> type[BaseModel]:
        return self._platforms[name].config_model

    def __contains__(self, name: object) -> bool:
        return name in self._platforms

    def __iter__(self) -> Iterator[str]:
        return iter(self._platforms)

    def __len__(self) -> int:
        return len(self._platforms)


def platform_models() -> Mapping[str, type[BaseModel]]:
    """What may stand under `spec.platforms`, by name."""
    return _Models(plugins.Installed("aof.platforms"))


def read(path: Path, environ: Mapping[str, str], *, credentials: Credentials = "required") -> Assembly:
    """Load a file with the files that it names, and check them as a whole.

    Args:
        credentials: With "optional" a credential whose variable is missing is no problem and gets a stand-in.

    Raises:
        ConfigError: With every problem of every file.
    """
    known = plugins.Installed("aof.platforms")
    return assemble(read_files(path, _Models(known), environ, credentials=credentials), known)


def assemble(files: Files, platforms: Mapping[str, type[AnyPlatform]]) -> Assembly:
    """Check what no file can see alone.

    Raises:
        ConfigError: With every problem of every file.
    """
    built_in = plugins.names("aof.agents")
    _check_agents(files, built_in)
    _check_triggers(files)
    check_names(files)
    check_runbooks(files)
    check_mentions(files)
    if files.config is not None:
        for context in files.contexts:
            refuse_strangers_in(context, files.config, files.findings(context.file))
    check_prices(files)
    check_operators(files)
    agents = dict(_resolved(files, built_in))
    _check_store(files)
    _doubt_agents(files)
    files.raise_errors()
    config = files.config
    assert config is not None  # noqa: S101 -- no error means that there is one
    enabled = {name: model for name, model in config.spec.platforms.items() if getattr(model, "enabled", True)}
    token = config.spec.server.admin.token
    secrets = [secret for model in enabled.values() for secret in getattr(model, "secrets", ())]
    keys = {name for agent in files.agents if agent.settings for name in agent.settings.secret_variables}
    page = config.spec.operator.page if config.spec.operator else None
    secrets += [one.token.get_secret_value() for one in (page.people if page else ()) if one.token is not None]
    secrets += [key for name in sorted(keys) if (key := files.environ.get(name))]
    operator = config.spec.operator
    if operator is not None and operator.api_token is not None:
        secrets.append(operator.api_token.get_secret_value())
    return Assembly(
        config=config,
        platforms={name: platforms[name] for name in enabled},
        agents=agents,
        agent_files={agent.name: agent for agent in sorted(files.agents, key=lambda agent: agent.name)},
        triggers=tuple(sorted(files.triggers, key=lambda trigger: trigger.name)),
        contexts={context.name: context for context in sorted(files.contexts, key=lambda context: context.name)},
        runbooks={runbook.name: runbook for runbook in sorted(files.runbooks, key=lambda runbook: runbook.name)},
        classifications=tuple(sorted(files.classifications, key=lambda one: one.name)),
        warnings=(*files.warnings, *_doubts(enabled, platforms, files.path), *_nobody(enabled, files.path)),
        redact=Redactor([*secrets, token.get_secret_value()] if token else secrets),
    )


def _check_agents(files: Files, built_in: frozenset[str]) -> None:
    first: dict[str, AgentFile] = {}
    for agent in sorted(files.agents, key=_position):
        before = first.setdefault(agent.name, agent)
        if agent.name in built_in or agent.name in RESERVED:
            _refuse(files, agent, f"the name {agent.name} is taken by what is built in", "Give this one another name.")
        elif before is not agent:
            problem = f"there is an agent {agent.name} already, in {before.file}:{before.line}"
            _refuse(files, agent, problem, "Give one of them another name.")


def _check_store(files: Files) -> None:
    """A store can be made where its directory is."""
    if files.config is None:
        return
    folder = files.config.spec.store.file.parent
    if not folder.is_dir():
        problem = f"there is no directory {folder} for it"
        files.findings(str(files.path)).refuse(0, "spec.store.url", problem, "Make it, or name another one.")


def _doubt_agents(files: Files) -> None:
    """Say beforehand where a question would only be told that nobody can answer it."""
    unavailable = {agent.name: agent.unavailable for agent in files.agents}
    for reference in files.references:
        if (why := unavailable.get(reference.agent)) and not reference.command:
            problem = f"{reference.agent} can't answer: {why}"
            remedy = "Until then whoever writes is told so; runbook needs no model."
            files.findings(reference.file).warn(reference.line, reference.key, problem, remedy)
        if reference.command == "cancel" and reference.agent != BUILTIN:
            problem = "takes /cancel away: nobody can stop a run then"
            files.findings(reference.file).warn(reference.line, reference.key, problem, "Give it another name.")


def _check_triggers(files: Files) -> None:
    enabled = [trigger for trigger in sorted(files.triggers, key=_position) if trigger.enabled]
    first: dict[str, Trigger] = {}
    for trigger in enabled:
        before = first.setdefault(trigger.name, trigger)
        if before is not trigger:
            problem = f"there is a trigger {trigger.name} already, in {before.file}:{before.line}"
            _refuse(files, trigger, problem, "Give one of them another name.")
        if not files.platforms.get(trigger.platform, False):
            state = "is switched off" if trigger.platform in files.platforms else "is not configured"
            findings, problem = files.findings(trigger.file), f"the platform {trigger.platform} {state}"
            remedy = f"Write it under spec.platforms of {files.path}, or enabled: false here."
            findings.refuse(trigger.line, "spec.type", problem, remedy)
    for one, other in combinations(enabled, 2):
        if one.name != other.name and one.platform == other.platform and one.filters == other.filters:
            problem = f"takes the same messages as {one.name} in {one.file}:{one.line}"
            remedy = "The first by name gets them; give one of them another filter."
            files.findings(other.file).warn(other.line, "spec.config", problem, remedy)


def _resolved(files: Files, built_in: frozenset[str]) -> Iterator[tuple[str, type[Any]]]:
    """The classes of the built-in agents that are named; a name that leads nowhere is refused."""
    known = sorted({*built_in, *(agent.name for agent in files.agents)})
    for reference in files.references:
        findings = files.findings(reference.file)
        if reference.agent in built_in:
            try:
                yield reference.agent, plugins.find("aof.agents", reference.agent)
            except ConfigError as error:
                findings.refuse(reference.line, reference.key, str(error))
        elif reference.agent == BUILTIN and reference.command:
            if reference.command not in BUILT_IN_COMMANDS:
                problem = f"nothing is built in for /{reference.command}"
                remedy = f"Write {_either(known)}."
                findings.refuse(reference.line, reference.key, problem, remedy)
        elif reference.agent not in known:
            findings.refuse(reference.line, reference.key, *_unknown(reference, known, is_whole=files.is_whole))


def _unknown(reference: Reference, known: list[str], *, is_whole: bool) -> tuple[str, str]:
    meant = nearest(reference.agent, known)
    if not (meant or is_whole):
        return f"there is no agent {reference.agent} in what could be read", "Mend the files of agents first."
    remedy = f'Did you mean "{meant}"?' if meant else f"Write {_either(known)}."
    return f"there is no agent {reference.agent}", remedy


def _either(known: list[str]) -> str:
    return known[0] if len(known) == 1 else f"one of {', '.join(known)}"


def _refuse(files: Files, resource: AgentFile | Trigger, problem: str, remedy: str) -> None:
    files.findings(resource.file).refuse(resource.line, "metadata.name", problem, remedy)


def _position(resource: AgentFile | Trigger) -> tuple[str, int]:
    return resource.file, resource.line


def _doubts(
    enabled: Mapping[str, BaseModel], platforms: Mapping[str, type[AnyPlatform]], path: Path
) -> Iterator[Problem]:
    """What the platforms have to say of their configurations."""
    today = datetime.now(UTC).date()
    for name, model in enabled.items():
        for key, sentence in platforms[name].doubts(model, today):
            yield Problem(str(path), 0, f"spec.platforms.{name}.{key}", sentence, "")


def _nobody(enabled: Mapping[str, BaseModel], path: Path) -> Iterator[Problem]:
    if not enabled:
        problem = "every platform is switched off, so the daemon would listen to nobody"
        yield Problem(str(path), 0, "spec.platforms", problem, "Write enabled: true for one.")
