"""An agent that acts as a test tells it, through the daemon's own gate, and what its calls did."""

import asyncio
import json
import shlex
from collections.abc import Mapping
from typing import Any

from aof.agents.base import Answered, ApprovalNeeded, Reply, Turn
from aof.domain.response import Response
from aof.domain.risk import Risk
from aof.tools.base import CallRefused, Plan, Result, Scope, Tool
from aof.tools.gate import Asked, Gate

RISKS = {
    "show": Risk.READ,
    "secrets": Risk.SENSITIVE,
    "restart": Risk.WRITE,
    "remove": Risk.DELETE,
    "break": Risk.DANGEROUS,
}


class Levers:
    """A tool whose effects a test can count: `lever restart api`."""

    name = "lever"
    description = "Pulls levers."
    parameters: Mapping[str, Any] = {"type": "object", "properties": {"command": {"type": "string"}}}

    def __init__(self) -> None:
        self.pulled: list[tuple[str, ...]] = []
        self.results: dict[str, Result | BaseException] = {}
        self.began = asyncio.Event()
        self.may_end: asyncio.Event | None = None

    async def plan(self, arguments: Mapping[str, Any], scope: Scope) -> Plan:
        try:
            words = shlex.split(arguments["command"])
        except ValueError:
            raise CallRefused("the quotes do not match") from None
        words = words[1:] if words[:1] == ["lever"] else words
        if not words or words[0] not in RISKS:
            raise CallRefused(f"there is no lever {words[0] if words else ''}")
        return Plan(
            tool=self.name,
            arguments=dict(arguments),
            argv=("lever", *words),
            risk=RISKS[words[0]],
            why=words[0],
            reason="it is slow",
            undo=("lever", "undo", *words),
            check=("lever", "show", *words[1:]),
        )

    async def perform(self, plan: Plan, scope: Scope) -> Result:
        self.began.set()
        self.pulled.append(plan.argv)
        if self.may_end is not None:
            await self.may_end.wait()
        result = self.results.get(plan.argv[1], Result(f"pulled {' '.join(plan.argv[1:])}"))
        if isinstance(result, BaseException):
            raise result
        return result


class Doer:
    """Makes the calls that stand in a message, one a line: `restart api`; answers with what came of them."""

    name = "runbook"
    digest = "one"
    repeats = True
    reports = False

    def __init__(self) -> None:
        self.levers = Levers()
        self.gate: Gate | None = None
        self.turns: list[Turn] = []
        self.explained: list[str] = []

    def tool(self, name: str) -> Tool | None:
        return self.levers if name == self.levers.name else None

    async def answer(self, turn: Turn) -> Reply:
        self.turns.append(turn)
        calls = json.loads(turn.resumed.state) if turn.resumed else turn.text.splitlines()
        asked, said = [], []
        for n, command in enumerate(calls):
            call = f"call-{n}"
            decision = turn.resumed.decisions.get(call) if turn.resumed else None
            if decision is not None and not decision.approved:
                said.append(f"{command}: {decision.reason}")
                continue
            arguments = {"command": command} if decision is None or decision.arguments is None else decision.arguments
            assert self.gate is not None
            result = await self.gate.call(self.levers, arguments, turn.scope, call)
            if isinstance(result, Asked):
                asked.append(result)
            else:
                said.append(result.text)
        if asked:
            return ApprovalNeeded(tuple(asked), json.dumps(calls), said="\n".join(said))
        return Answered(Response(text="\n".join(said) or "nothing to do"), remembered=json.dumps(turn.text))
