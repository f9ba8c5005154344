"""Tools, people and a ledger in memory, behind the real gate."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models import Model
from pydantic_ai.models.function import AgentInfo, FunctionModel

from aof.agents.base import ApprovalNeeded, Decision, Resumed, Turn
from aof.agents.llm import LLMSettings
from aof.agents.llm.agent import LLMAgent
from aof.clock import SteppedClock
from aof.domain.approval import ApprovalState, Party, Proposal, StepState
from aof.domain.risk import Risk
from aof.store.approvals import ApprovalRow, Step
from aof.texts.language import Language
from aof.tools.base import CallRefused, Context, Plan, Result, Scope, Tool, Toolbox
from aof.tools.gate import Asked, Gate
from aof.tools.policy import ASKS, Policy

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
IN_HALF_AN_HOUR = NOW + timedelta(minutes=30)
REQUESTER = Party(key="sam", name="Sam")
KUBECTL = {
    "type": "object",
    "properties": {"command": {"type": "string"}, "tail": {"type": "integer"}},
    "required": ["command"],
    "additionalProperties": False,
}


class Journal:
    """The gate's ledger, for one run after another; it outlives agents as a store does."""

    def __init__(self) -> None:
        self.approvals: dict[tuple[str, str], ApprovalRow] = {}
        self.steps: dict[tuple[str, str], Step] = {}

    def decide(self, proposal: Proposal, state: ApprovalState, *, by: str = "Kim") -> None:
        """Write the question down as people have decided it; of an edited call the newest."""
        self.approvals[proposal.run, proposal.call] = ApprovalRow(
            id=f"appr-{len(self.approvals)}",
            run=proposal.run,
            call=proposal.call,
            conversation="c",
            proposal=proposal,
            fingerprint=proposal.fingerprint(IN_HALF_AN_HOUR),
            state=state,
            asked_at=NOW,
            expires_at=IN_HALF_AN_HOUR,
            use_by=IN_HALF_AN_HOUR,
            decided_at=NOW,
            decided_by=by,
            superseded_by="",
            editor=None,
        )

    async def approval_of(self, run: str, call: str) -> ApprovalRow | None:
        return self.approvals.get((run, call))

    async def step(self, run: str, call: str) -> Step | None:
        return self.steps.get((run, call))

    async def steps_of(self, run: str) -> list[Step]:
        return [step for step in self.steps.values() if step.run == run]

    async def claim(self, step: Step, *, approval: str, now: datetime) -> bool:
        if (step.run, step.call) in self.steps:
            return False
        self.steps[step.run, step.call] = step
        return True

    async def end_step(self, run: str, call: str, state: StepState, result: str, *, now: datetime) -> None:
        self.steps[run, call] = replace(self.steps[run, call], state=state, result=result, ended_at=now)

    async def void(self, approvals: Collection[str], *, by: str, now: datetime) -> None:
        for key, row in self.approvals.items():
            if row.id in approvals:
                self.approvals[key] = replace(row, state="void")


@dataclass
class Kubectl:
    """Looks with `get`, changes with anything else; says what a test wants it to."""

    name: str = "kubectl"
    description: str = "Runs kubectl."
    parameters: Mapping[str, Any] = field(default_factory=lambda: KUBECTL)
    outputs: dict[str, Result] = field(default_factory=dict)
    performed: list[tuple[str, ...]] = field(default_factory=list)
    running: int = 0
    most_running: int = 0

    async def plan(self, arguments: Mapping[str, Any], scope: Scope) -> Plan:
        words = str(arguments["command"]).split()
        if not words or words[0] == "exec":
            raise CallRefused("exec is never run from here")
        risk = Risk.READ if words[0] == "get" else Risk.WRITE
        return Plan(self.name, dict(arguments), ("kubectl", *words), risk)

    async def perform(self, plan: Plan, scope: Scope) -> Result:
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        self.performed.append(plan.argv)
        await SteppedClock().sleep(0)
        self.running -= 1
        return self.outputs.get(" ".join(plan.argv[1:]), Result(f"output of {' '.join(plan.argv)}"))


async def _yes(_: Proposal) -> list[str]:
    return ["Kim", "Lou"]


async def _off() -> bool:
    return False


@dataclass
class World:
    """One agent's surroundings; `agent` makes it anew, as a restart does."""

    tool: Kubectl = field(default_factory=Kubectl)
    journal: Journal = field(default_factory=Journal)
    others: dict[str, Tool] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    gates: list[Gate] = field(default_factory=list)

    def gate(self) -> Gate:
        policy = Policy(platforms={"whatsapp": ASKS})
        made = Gate(self.journal, SteppedClock(NOW), policy, reach=_yes, killswitch=_off)
        self.gates.append(made)
        return made

    def agent(self, model: Model, **settings: Any) -> LLMAgent:
        return LLMAgent(self.settings(**settings), self.toolbox(), self.gate(), model)

    def toolbox(self) -> Toolbox:
        return Toolbox({self.tool.name: self.tool, **self.others}, self.missing)

    @staticmethod
    def settings(**changed: Any) -> LLMSettings:
        values = {"name": "ops", "provider": "openai", "model": "scripted", "first_pause_seconds": 0.01}
        return LLMSettings(**{**values, **changed})

    def decided(self, turn: Turn, needed: ApprovalNeeded, *approved: bool) -> Turn:
        """The turn as it goes on, with these decisions in the order of the questions; they are in the ledger too."""
        decisions = {}
        for ask, yes in zip(needed.asks, approved, strict=True):
            self.journal.decide(ask.proposal, "approved" if yes else "denied")
            decisions[ask.proposal.call] = Decision(approved=yes, reason="" if yes else "denied by Kim: not today")
        return replace(turn, text="", scope=scope(), resumed=Resumed(needed.state, decisions))

    def edited(self, turn: Turn, needed: ApprovalNeeded, arguments: Mapping[str, Any], argv: tuple[str, ...]) -> Turn:
        """The turn as it goes on after somebody changed its one call and it was approved so."""
        changed = needed.asks[0].proposal.model_copy(update={"arguments": dict(arguments), "argv": argv})
        self.journal.decide(changed, "approved")
        decisions = {changed.call: Decision(approved=True, arguments=arguments)}
        return replace(turn, text="", scope=scope(), resumed=Resumed(needed.state, decisions))


def scope(**changed: Any) -> Scope:
    values: dict[str, Any] = {
        "run": "run-1", "agent": "ops", "requester": REQUESTER, "platform": "whatsapp",
        "context": Context(name="staging", namespace="shop"),
    }  # fmt: skip
    return Scope(**{**values, **changed})


def said(text: str, **changed: Any) -> Turn:
    values: dict[str, Any] = {"press": None, "language": Language.ENGLISH, "now": NOW, "scope": scope()}
    return Turn(text, **{**values, **changed})


def calls(*commands: str, text: str = "", tool: str = "kubectl") -> ModelResponse:
    """An answer that calls the tool with each of these commands."""
    words = [TextPart(text)] if text else []
    return ModelResponse(parts=[*words, *(ToolCallPart(tool, {"command": command}) for command in commands)])


def words(text: str) -> ModelResponse:
    return ModelResponse(parts=[TextPart(text)])


class Scripted:
    """A model that answers in a fixed order and keeps what it was shown."""

    def __init__(self, *answers: ModelResponse | Callable[[Sequence[ModelMessage]], ModelResponse]) -> None:
        self._answers = list(answers)
        self.shown: list[list[ModelMessage]] = []
        self.infos: list[AgentInfo] = []
        self.model = FunctionModel(self._answer)

    async def _answer(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        self.shown.append(list(messages))
        self.infos.append(info)
        answer = self._answers.pop(0)
        return answer if isinstance(answer, ModelResponse) else answer(messages)

    @property
    def instructions(self) -> str:
        """Those of the last request."""
        return self.infos[-1].instructions or ""


def parts(messages: Iterable[ModelMessage], kind: type[Any]) -> list[Any]:
    return [part for message in messages for part in message.parts if isinstance(part, kind)]


def questions(needed: ApprovalNeeded) -> list[str]:
    return [" ".join(ask.proposal.argv) for ask in needed.asks]


def is_asked(outcome: object) -> bool:
    return isinstance(outcome, Asked)
