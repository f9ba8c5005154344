"""An agent that acts as a test tells it, through the daemon's own gate, and what its calls did."""

import asyncio
import json
import shlex
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aof.agents.base import Answered, ApprovalNeeded, Reply, Turn
from aof.domain.response import Response
from aof.domain.risk import Risk
from aof.simulator import PhoneSettings, Settings
from aof.simulator.settings import GroupSettings
from aof.tools.base import CallRefused, Plan, Result, Scope, Tool
from aof.tools.gate import Asked, Gate
from tests.e2e.world import LEAD, ON_CALL, World, world

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


BOSS = "+15550003003"
PEOPLE = [
    {"name": "Amina", "whatsapp": ON_CALL, "roles": ["on-call"]},
    {"name": "Omar", "whatsapp": LEAD, "roles": ["lead"]},
    {"name": "Boss", "whatsapp": BOSS, "roles": ["lead", "boss"]},
]


@asynccontextmanager
async def acting(
    folder: Path, doer: Doer, *, greeted: tuple[str, ...] = (LEAD,), groups: tuple[GroupSettings, ...] = (), **spec: Any
) -> AsyncIterator[World]:
    """A daemon with an agent that acts; those who are greeted have written here before."""
    known = [str(person["whatsapp"]) for person in PEOPLE]
    whatsapp = {"allowed_numbers": known, "safety": {"read_only": False}, **spec.pop("whatsapp", {})}
    spec = {"people": PEOPLE, "approval": {"allowed_users": ["@lead"]}, **spec}
    phones = tuple(PhoneSettings(str(person["name"]), str(person["whatsapp"])) for person in PEOPLE)
    settings = Settings(phones=phones, groups=groups)
    async with world(folder, agent=lambda _: doer, settings=settings, whatsapp=whatsapp, **spec) as made:
        doer.gate = made.daemon.acting.gate
        for number in greeted:
            await made.phone(number).types("/status")
            await made.phone(number).next()
        yield made


async def restarted(made: World, doer: Doer) -> None:
    await made.restart()
    doer.gate = made.daemon.acting.gate


async def asked(aof: World) -> dict[str, Any]:
    """A question about `restart api`, as the Lead's card."""
    await aof.on_call.types("restart api")
    await aof.on_call.next()
    return await aof.lead.next()


def press_of(aof: World, number: str, action_id: str, event_id: str) -> bytes:
    """A tap as the platform would tell it, of somebody who was never shown it."""
    message = {
        "from": number.removeprefix("+"),
        "id": event_id,
        "timestamp": str(int(aof.clock.now().timestamp())),
        "type": "interactive",
        "interactive": {"type": "button_reply", "button_reply": {"id": action_id, "title": "Approve"}},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": aof.simulator.settings.phone_number_id},
        "contacts": [{"profile": {"name": "x"}, "wa_id": number.removeprefix("+")}],
        "messages": [message],
    }
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }
    return json.dumps(body).encode()
