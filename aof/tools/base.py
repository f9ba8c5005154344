"""What a tool is to whatever calls it: a plan that can be shown and judged, and then exactly that plan done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from aof.domain.approval import Party
from aof.domain.errors import AofError
from aof.domain.risk import Risk
from aof.texts.language import Language


class CallRefused(AofError):
    """A call that never runs, whoever asks and whatever the policy says; its text is a sentence without a full stop."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where tools work: a cluster, a namespace, an environment."""

    name: str = ""
    """Empty: none is configured."""
    kubeconfig: str = ""
    kubecontext: str = ""
    namespace: str = ""
    cluster: str = ""
    directory: str = ""
    """Where programs are started; empty: `/`."""
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    allowed_commands: tuple[str, ...] | None = None
    """First words of the commands that may run; None: no such list."""
    blocked_commands: tuple[str, ...] = ()
    allowed_namespaces: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """A step that ran, as the person reads it: only the gate writes one."""

    argv: tuple[str, ...]
    state: str
    """`done`, `failed` or `unknown`."""
    text: str
    """What came of it; redacted."""
    approved_by: str = ""
    check: tuple[str, ...] = ()
    """Where the outcome is unknown: the command that tells."""


@dataclass(slots=True)
class Record:
    """What happened to the calls of one run, for the person who waits: filled by the gate, read by the pipeline."""

    ran: list[Ran] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Sentences for the person about calls that were not run."""
    doing: list[tuple[str, ...]] = field(default_factory=list)
    """What runs now, as cards show it."""
    context: str = ""
    """The name of the context that the last call was made in."""
    away: list[str] = field(default_factory=list)
    """Servers of tools that can't be used for now, with the reason: the person is told."""
    missing: list[str] = field(default_factory=list)
    """Tools that the run had to do without, with the reason."""


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom and where the calls of one run are made."""

    run: str = ""
    agent: str = ""
    digest: str = ""
    """Of the agent's configuration."""
    requester: Party = field(default_factory=lambda: Party(key=""))
    platform: str = ""
    account: str = ""
    conversation: str = ""
    is_group: bool = False
    attended: bool = True
    """A person started it and is there; False: it may only look, and nobody is asked."""
    looks_only: bool = False
    """It answers beside a paused run of its conversation."""
    language: Language = Language.ENGLISH
    """What the person reads."""
    context: Context = field(default_factory=Context)
    record: Record = field(default_factory=Record, compare=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """A call that was understood: what would run, and how grave it is."""

    tool: str
    arguments: Mapping[str, Any]
    """Validated, with defaults."""
    argv: tuple[str, ...]
    """What is shown and what runs."""
    risk: Risk
    why: str = ""
    """Why it is of this class."""
    reason: str = ""
    """The caller's own words for whoever approves."""
    target: Mapping[str, str] = field(default_factory=dict)
    undo: tuple[str, ...] = ()
    dry_run: tuple[str, ...] = ()
    check: tuple[str, ...] = ()
    """What tells whether it took effect."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a call, for whatever called it."""

    text: str
    """Cleaned and redacted."""
    failed: bool = False
    is_unknown: bool = False
    """It may have taken effect."""


class Tool(Protocol):
    """Something an agent may use. Its own checks come before the gate's, and it never asks anybody itself."""

    name: str
    description: str
    """For a model; one or two sentences."""
    parameters: Mapping[str, Any]
    """JSON Schema of the arguments."""

    async def plan(self, arguments: Mapping[str, Any], scope: Scope) -> Plan:
        """What a call would do. Looks only.

        Raises:
            CallRefused: It can't be understood, or is never allowed.
        """
        ...

    async def perform(self, plan: Plan, scope: Scope) -> Result:
        """Do exactly what the plan says."""
        ...


@dataclass(frozen=True, slots=True)
class Toolbox:
    """The tools of one agent."""

    tools: Mapping[str, Tool] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    """Tools that are written in its file and can't be had, with the reason."""

    def names(self) -> Sequence[str]:
        return sorted(self.tools)
