"""What answers a message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from aof.domain.budget import Quantity
from aof.domain.message import ButtonPress
from aof.domain.response import Action, Response
from aof.texts.language import Language
from aof.tools.base import Scope, Tool
from aof.tools.gate import Asked


@dataclass(frozen=True, slots=True)
class Decision:
    """What people said about one call of a paused run."""

    approved: bool
    reason: str = ""
    """Why not, for the agent."""
    arguments: Mapping[str, Any] | None = None
    """What the call was changed into; None: it is as the agent proposed it."""
    note: str = ""
    """What was written along with it, by whom; words of people, which an agent reads and does not obey."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """A paused run goes on."""

    state: str
    """What the agent gave away with `ApprovalNeeded`."""
    decisions: Mapping[str, Decision]
    """By call; every call that was asked for has one."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with what a person said; it lives as long as its turn."""

    mime_type: str
    """In lower case, without parameters."""
    name: str
    """What its sender called it, in one line; never a path, and empty where they gave none."""
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What one answer of a model took."""

    model: str
    """As its server calls it; empty: not known."""
    input_tokens: int
    output_tokens: int


@dataclass(slots=True)
class Allowance:
    """What a run may take of models; the agent writes down what it took, also where it fails."""

    tokens: int | None = None
    """Asked and answered; None: as its own limits say. With 0 no model is asked, and what was approved still runs."""
    tool_calls: int | None = None
    """None: as its own limits say."""
    short: frozenset[Quantity] = frozenset()
    """Of these it was given less than it may take."""
    answers: list[ModelAnswer] = field(default_factory=list)
    tool_calls_made: int = 0
    is_measured: bool = True
    """False: a server did not say how many tokens an answer took."""
    short_of: Quantity | None = None
    """One of `short`, where the run had to stop for it; whoever gave it says so."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing a person said, for an agent to answer."""

    text: str
    """What was typed; for a press `button:<id>` or `list:<id>`. Typing those words leaves `press` None."""
    press: ButtonPress | None
    """The tap on a choice that was really shown here, with the action's own id."""
    language: Language
    now: datetime
    """Aware, UTC."""
    scope: Scope = field(default_factory=Scope)
    """For whom, and where, its tools run."""
    history: tuple[str, ...] = ()
    """What the agent asked to have remembered of earlier turns here, the oldest first."""
    resumed: Resumed | None = None
    """Set where the turn is no new question."""
    waiting: tuple[tuple[str, ...], ...] = ()
    """The commands that wait for people here; while there are any, its tools only look."""
    attachments: tuple[Attachment, ...] = ()
    """Files of types that the agent sees; for any other agent there are none."""
    allowance: Allowance = field(default_factory=Allowance, compare=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer of which something is to be remembered for the next turn."""

    response: Response
    remembered: str
    """In the agent's own form; only it reads this again."""


@dataclass(frozen=True, slots=True)
class ApprovalNeeded:
    """The run stops until people have decided about these calls."""

    asks: tuple[Asked, ...]
    state: str
    """JSON in the agent's own form: what it goes on from."""
    said: str = ""
    """What the agent said along with it; empty: nothing."""


Reply = Response | Answered | ApprovalNeeded


class Agent(Protocol):
    """Answers one turn after another; keeps nothing of a person beyond a turn."""

    name: str

    async def answer(self, turn: Turn) -> Reply:
        """What to say.

        Raises:
            AgentError: With the sentence for the person.
        """
        ...


@runtime_checkable
class Acts(Protocol):
    """The agent uses tools that may change something; it holds them only through the gate."""

    digest: str
    """Of its configuration: what was asked for under another one is not run."""
    repeats: bool
    """Its calls have the same names whenever a turn begins anew, so that the journal answers for them."""

    reports: bool
    """Its answers tell by themselves what became of each call; else that is told above them."""

    def tool(self, name: str) -> Tool | None:
        """One of its tools, for whoever changes a call that waits."""
        ...


@runtime_checkable
class Explains(Protocol):
    """The agent can be asked about a call that it proposed, without anything being decided."""

    async def explain(self, turn: Turn, state: str, call: str) -> Response:
        """An answer to `turn.text`; uses no tools.

        Args:
            state: Of the paused run.
            call: Which of its calls.

        Raises:
            AgentError: With the sentence for the person.
        """
        ...


@runtime_checkable
class Sees(Protocol):
    """The agent can make something of files."""

    def sees(self, mime_type: str) -> bool:
        """Whether files of this type are of use to it; the type is in lower case, without parameters."""
        ...


@runtime_checkable
class OffersTopics(Protocol):
    """The agent can name what it knows about."""

    def topics(self, language: Language) -> tuple[Action, ...]:
        """One action a topic, `ask:<word>`: pressing it asks, and so does the command `/<word>`."""
        ...


@runtime_checkable
class Introduces(Protocol):
    """The agent says in its own words what it is."""

    def introduction(self, language: Language) -> str:
        """A sentence or two, to a greeting."""
        ...


@runtime_checkable
class AsksModel(Protocol):
    """The agent answers with a language model."""

    @property
    def model(self) -> str:
        """`provider:model`."""
        ...

    def missing(self) -> Mapping[str, str]:
        """Tools and servers of tools that its file names and that it has to do without, with the reason."""
        ...


@runtime_checkable
class Describes(Protocol):
    """The agent can be told apart from others in a menu."""

    def describe(self, language: Language) -> str:
        """A few words; empty where there are none."""
        ...
