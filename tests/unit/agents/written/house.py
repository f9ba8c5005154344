"""A gate with its real rules over a ledger in memory, and a tool that plays programs."""

import json
import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aof.agents.base import ApprovalNeeded, Decision, Reply, Resumed, Turn
from aof.agents.runbook import RunbookAgent
from aof.agents.written.agent import WrittenRunbooks
from aof.agents.written.runbook import Runbook
from aof.agents.written.step_tool import StepCall, ToolFor
from aof.clock import SteppedClock
from aof.domain.approval import Approvers, Party, StepState
from aof.domain.message import ButtonPress, Sender
from aof.domain.response import Response
from aof.domain.risk import Risk
from aof.store.approvals import ApprovalRow, Step
from aof.texts.language import Language
from aof.tools.base import CallRefused, Plan, Record, Result, Scope, Tool
from aof.tools.gate import Asked, Gate
from aof.tools.policy import Classes, Policy
from aof.tools.redaction import Redactor
from aof.tools.runner import Runner
from tests.unit.agents.stubs import StubMachine

NOW = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)
LATER = NOW + timedelta(minutes=30)
ANN = Party(key="ann", name="ann")

CHANGING = frozenset({"restart", "scale", "undo"})


class Stopped(BaseException):
    """The daemon ends here, as kill -9 ends it: nothing that comes after it happens."""


@dataclass
class MemoryLedger:
    """What the gate asks, as the store answers it."""

    steps: dict[tuple[str, str], Step] = field(default_factory=dict)
    rows: dict[tuple[str, str], ApprovalRow] = field(default_factory=dict)

    async def approval_of(self, run: str, call: str) -> ApprovalRow | None:
        return self.rows.get((run, call))

    async def step(self, run: str, call: str) -> Step | None:
        return self.steps.get((run, call))

    async def steps_of(self, run: str) -> list[Step]:
        return [step for step in self.steps.values() if step.run == run]

    async def claim(self, step: Step, *, approval: str, now: datetime) -> bool:
        key = (step.run, step.call)
        row = self.rows.get(key)
        if key in self.steps:
            return False
        if approval:
            if row is None or row.state != "approved" or row.fingerprint != step.fingerprint:
                return False
            self.rows[key] = replace(row, state="running")
        self.steps[key] = step
        return True

    async def end_step(self, run: str, call: str, state: StepState, result: str, *, now: datetime) -> None:
        self.steps[run, call] = replace(self.steps[run, call], state=state, result=result, ended_at=now)

    async def void(self, approvals: Collection[str], *, by: str, now: datetime) -> None:
        self.rows = {key: replace(row, state="void") if row.id in approvals else row for key, row in self.rows.items()}

    def decide(self, asked: Asked, *, approved: bool) -> None:
        """What people said, as the pipeline writes it down."""
        one = asked.proposal
        self.rows[one.run, one.call] = ApprovalRow(
            id=f"id-{one.call}", run=one.run, call=one.call, conversation="c", proposal=one,
            fingerprint=one.fingerprint(LATER), state="approved" if approved else "denied", asked_at=NOW,
            expires_at=LATER, use_by=LATER, decided_at=NOW, decided_by="bea", superseded_by="", editor=None,
        )  # fmt: skip


@dataclass
class Programs:
    """Plays every program: what it prints, how it exits, and which calls came."""

    prints: dict[str, str] = field(default_factory=dict)
    """By a word of the command."""
    exits: dict[str, int] = field(default_factory=dict)
    ran: list[tuple[str, ...]] = field(default_factory=list)
    calls: list[StepCall] = field(default_factory=list)
    stops_at: str = ""
    """A word of the command in the middle of which the daemon ends."""
    vanishes_at: str = ""
    """A word of the command whose outcome nobody can tell."""

    def tool_for(self, call: StepCall | None) -> Tool:
        assert call is not None, "no step is changed here"
        self.calls.append(call)
        return _Shell(self, call)


class _Shell:
    name = "shell"
    description = "Runs a command."
    parameters: Mapping[str, Any] = {"type": "object"}

    def __init__(self, programs: Programs, call: StepCall) -> None:
        self._programs = programs
        self._call = call

    async def plan(self, arguments: Mapping[str, Any], scope: Scope) -> Plan:
        argv = tuple(shlex.split(arguments["command"]))
        if argv[0] == "sh":
            raise CallRefused("sh is never a tool")
        risk = Risk.WRITE if CHANGING & set(argv) else Risk.READ
        return Plan(self.name, dict(arguments), argv, risk, reason=arguments.get("reason", ""))

    async def perform(self, plan: Plan, scope: Scope) -> Result:
        programs = self._programs
        programs.ran.append(plan.argv)
        if programs.stops_at in plan.argv:
            raise Stopped
        if programs.vanishes_at in plan.argv:
            return Result("", failed=True, is_unknown=True)
        text = next((text for word, text in programs.prints.items() if word in plan.argv), "")
        code = next((code for word, code in programs.exits.items() if word in plan.argv), 0)
        return Result(text if code == 0 else f"{text}\nexit code {code}".lstrip("\n"), failed=code != 0)


PHONE = {
    "ask": Classes(runs=frozenset({Risk.READ}), asks=frozenset({Risk.WRITE})),
    "run": Classes(runs=frozenset({Risk.READ, Risk.WRITE})),
    "refuse": Classes(runs=frozenset({Risk.READ}), refuses=frozenset({Risk.WRITE})),
}


class House:
    """The daemon around some runbooks; every turn meets new objects, as after a restart."""

    def __init__(self, *runbooks: Runbook, writes: str = "ask") -> None:
        self.runbooks = runbooks
        self.ledger = MemoryLedger()
        self.programs = Programs()
        self.tool_for: ToolFor = self.programs.tool_for
        self.policy = Policy(platforms={"whatsapp": PHONE[writes]}, approvers={"": Approvers()})
        self.run = "run-1"
        self.language = Language.ENGLISH
        self.scope = Scope()

    def written(self) -> WrittenRunbooks:
        gate = Gate(self.ledger, SteppedClock(NOW), self.policy, reach=_everybody, killswitch=_off)
        return WrittenRunbooks(self.runbooks, gate, self.tool_for)

    def agent(self) -> RunbookAgent:
        return RunbookAgent(Runner([], {}, Redactor()), StubMachine(), zone=UTC, written=self.written())

    def turn(self, text: str = "", *, press: str = "", resumed: Resumed | None = None) -> Turn:
        self.scope = Scope(
            run=self.run, agent="runbook", requester=ANN, platform="whatsapp", language=self.language, record=Record()
        )
        tap = _tap(press) if press else None
        return Turn(tap.text if tap else text, tap, self.language, NOW, scope=self.scope, resumed=resumed)

    async def ask(self, text: str) -> Reply:
        return await self.agent().answer(self.turn(text))

    async def press(self, action_id: str) -> Reply:
        return await self.agent().answer(self.turn(press=action_id))

    async def decide(
        self, waits: ApprovalNeeded, *, approved: bool = True, reason: str = "", command: str = ""
    ) -> Reply:
        """People decide, and the run goes on."""
        (asked,) = waits.asks
        arguments = None
        if command:
            arguments = {**asked.proposal.arguments, "command": command}
            changed = asked.proposal.model_copy(
                update={"arguments": arguments, "argv": tuple(shlex.split(command)), "undo": (), "dry_run": ()}
            )
            asked = replace(asked, proposal=changed)
        self.ledger.decide(asked, approved=approved)
        decision = Decision(approved, reason, arguments)
        return await self.go_on(waits, {asked.proposal.call: decision})

    async def go_on(self, waits: ApprovalNeeded, decisions: Mapping[str, Decision]) -> Reply:
        json.loads(waits.state)
        return await self.agent().answer(self.turn(resumed=Resumed(waits.state, decisions)))


def response(reply: Reply) -> Response:
    assert isinstance(reply, Response), reply
    return reply


def waiting(reply: Reply) -> ApprovalNeeded:
    assert isinstance(reply, ApprovalNeeded), reply
    return reply


def _tap(action_id: str) -> ButtonPress:
    return ButtonPress(
        platform="whatsapp", account="whatsapp:1", event_id="e", chat_id="c", sender=Sender(number="+15550001"),
        action_id=action_id, form="button",
    )  # fmt: skip


async def _everybody(_: object) -> list[str]:
    return ["Kim", "Lou"]


async def _off() -> bool:
    return False
