"""Everything that one daemon is told, over all its files: what could be read, and what is wrong with it."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from aof.config import later
from aof.config.agent import AgentConfig
from aof.config.agent_document import read_agent
from aof.config.agent_file import AgentFile
from aof.config.classification import ClassificationConfig, ClassificationFile
from aof.config.classification_document import read_classification
from aof.config.context import ContextConfig, ContextFile
from aof.config.context_document import read_context
from aof.config.daemon import DaemonConfig, DirectoryConfig
from aof.config.discover import yaml_files
from aof.config.document import MappingNode, Node, ScalarNode, documents, is_null, line_of, text_of
from aof.config.envelope import Envelope
from aof.config.homes import homes_of
from aof.config.mention import Mention
from aof.config.problem import Findings, Problem, is_name
from aof.config.read import Reader
from aof.config.runbook import RunbookConfig, RunbookFile
from aof.config.runbook_document import read_runbook
from aof.config.spelling import nearest
from aof.config.trigger import Trigger, TriggerConfig
from aof.config.trigger_document import Reference, read_trigger
from aof.domain.errors import ConfigError

_MODELS: Mapping[str, type[Envelope]] = {
    "DaemonConfig": DaemonConfig,
    "Agent": AgentConfig,
    "Trigger": TriggerConfig,
    "Context": ContextConfig,
    "Runbook": RunbookConfig,
    "ToolClassification": ClassificationConfig,
}
KINDS = tuple(_MODELS)
FLAT_AGENT = "flat Agent"
"""Stands for the kind of a document that says none, and is an agent by its keys."""

_GROUPS = tuple(f"{version.partition('/')[0]}/" for version in AgentConfig.versions)


@dataclass(slots=True)
class Files:
    """The main file, and the resources beside it.

    Attributes:
        path: Of the main file.
        config: None where it is refused.
        platforms: What `spec.platforms` names, and whether it is switched on.
        default_model: Of agents that name none.
        references: Every place that names an agent.
        mentions: Every place that names a context, a runbook, or who approves.
        is_whole: Whether every file and document beside the main file could be read.
    """

    path: Path
    environ: Mapping[str, str] = field(repr=False)
    credentials: Literal["required", "optional"] = "required"
    config: DaemonConfig | None = None
    default_model: str | None = None
    platforms: dict[str, bool] = field(default_factory=dict)
    agents: list[AgentFile] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)
    contexts: list[ContextFile] = field(default_factory=list)
    runbooks: list[RunbookFile] = field(default_factory=list)
    classifications: list[ClassificationFile] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    is_whole: bool = True
    _findings: dict[str, Findings] = field(default_factory=dict)
    _secrets: set[str] = field(default_factory=set, repr=False)

    def findings(self, file: str) -> Findings:
        """What is found in one file."""
        return self._findings.setdefault(file, Findings(file, self._secrets))

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Of all files, by file and line."""
        return _in_order(warning for found in self._findings.values() for warning in found.warnings)

    def raise_errors(self) -> None:
        """Do nothing where there are none.

        Raises:
            ConfigError: Its text holds every problem of every file, one a line.
        """
        errors = _in_order(error for found in self._findings.values() for error in found.errors)
        if errors:
            raise ConfigError("\n".join(map(str, errors)))

    def reader(self, findings: Findings, kind: str) -> Reader:
        """For one document."""
        return Reader(findings, self.environ, homes=homes_of(_MODELS[kind]), kind=kind, credentials=self.credentials)

    def take(self, root: Node, kind: str, findings: Findings) -> None:
        """Read the document of a resource."""
        if kind == "Trigger":
            trigger, references = read_trigger(root, self.reader(findings, kind))
            self.triggers += [trigger] if trigger else []
            self.references += references
        elif kind == "Context":
            context, mentions, agents = read_context(root, self.reader(findings, kind))
            self.contexts += [context] if context else []
            self.mentions += mentions
            self.references += agents
            self.is_whole &= context is not None
        elif kind == "Runbook":
            runbook, mentions = read_runbook(root, self.reader(findings, kind))
            self.runbooks += [runbook] if runbook else []
            self.mentions += mentions
            self.is_whole &= runbook is not None
        elif kind == "ToolClassification":
            classification = read_classification(root, self.reader(findings, kind))
            self.classifications += [classification] if classification else []
            self.is_whole &= classification is not None
        else:
            agent = read_agent(root, self.reader(findings, "Agent"), self.default_model, flat=kind == FLAT_AGENT)
            self.agents += [agent] if agent else []
            self.is_whole &= agent is not None

    def take_directory(self, section: DirectoryConfig, findings: Findings, line: int, key: str) -> None:
        """Read every file of a directory; what keeps it from being read is a problem of the file that names it."""
        try:
            files = yaml_files(section)
        except FileNotFoundError:
            findings.refuse(line, key, "there is no such directory", "Make it, or name another one.")
        except NotADirectoryError:
            findings.refuse(line, key, "is no directory", "Name the directory that the files are in.")
        except OSError as error:
            findings.refuse(line, key, f"can't be read: {error.strerror}", "Mend its path or its permissions.")
        except ValueError as error:
            findings.refuse(line, key, str(error), "Name the directory that holds nothing else.")
        else:
            for file in files:
                self._take_file(file)
            return
        self.is_whole = False

    def _take_file(self, file: Path) -> None:
        shown = self._shown(file)
        if shown in self._findings or self._is_main(file):
            return
        findings = self.findings(shown)
        text = text_of(file, findings)
        before = len(findings.errors)
        for root in documents(text, findings) if text is not None else ():
            kind, line = kind_of(root, findings, skips_others=True)
            if kind == "DaemonConfig":
                problem = "a DaemonConfig does not belong among other resources"
                findings.refuse(line, "kind", problem, "Move it out of this directory.")
            elif kind:
                self.take(root, kind, findings)
        self.is_whole &= text is not None and len(findings.errors) == before

    def _is_main(self, file: Path) -> bool:
        try:
            return self.path.samefile(file)
        except OSError:
            return False

    def _shown(self, file: Path) -> str:
        """A path as the main file's was given: relative where it lies below."""
        relative = Path(os.path.relpath(file, self.path.absolute().parent))
        return str(file if ".." in relative.parts else self.path.parent / relative)


def kind_of(root: Node, findings: Findings, *, skips_others: bool = False) -> tuple[str | None, int]:
    """The kind of a document that can be read, and the line that says it; None for every other one, which is refused.

    Args:
        skips_others: Whether resources of other programs are passed over with a warning.
    """
    if not isinstance(root, MappingNode):
        findings.refuse(line_of(root), "", "the document is not a mapping of keys", "Begin with kind: DaemonConfig.")
        return None, line_of(root)
    keys = {key.value: (key, value) for key, value in root.value if isinstance(key, ScalarNode)}
    key, value = keys.get("kind", (root, None))
    if value is None or is_null(value):
        if "kind" not in keys and {"name", "model"} <= keys.keys():
            return FLAT_AGENT, line_of(root)
        write = f"Write kind: and one of {', '.join(KINDS[1:])}." if skips_others else "Write kind: DaemonConfig."
        findings.refuse(line_of(key), "kind", "is missing", write)
        return None, line_of(key)
    line, said = line_of(key), str(value.value)
    if said in KINDS:
        return said, line
    shown = said if is_name(said) else "this"
    if said not in later.KINDS and (meant := nearest(said, KINDS)):
        findings.refuse(line, "kind", f"there is no kind {shown}", f'Did you mean "{meant}"?')
    elif skips_others and said not in later.KINDS and not _is_ours(keys.get("apiVersion")):
        findings.warn(line, "kind", f"{shown} is not for aof, and passed over", "Move it to another directory.")
    else:
        findings.refuse(line, "kind", f"{shown} is not supported yet", "Remove this document.")
    return None, line


def _is_ours(version: tuple[Node, Node] | None) -> bool:
    return version is not None and str(version[1].value).startswith(_GROUPS)


def _in_order(found: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(found, key=lambda one: (one.file, one.line)))
