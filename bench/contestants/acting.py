"""What agents that act are measured with: tools that do nothing, and the daemon's own gate over its own store."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aof.clock import SystemClock
from aof.domain.approval import Approvers, Party, Proposal
from aof.domain.risk import Risk
from aof.store.sqlite import SQLiteStore
from aof.tools.base import Plan, Result, Scope
from aof.tools.gate import Gate
from aof.tools.policy import Classes, Policy

POLICY = Policy(
    platforms={"bench": Classes(runs=frozenset({Risk.READ, Risk.WRITE}), asks=frozenset({Risk.DELETE}))},
    approvers={"": Approvers(everyone=True)},
)


class Nothing:
    """A tool of one class that is understood and done at once: what is measured is what stands around it."""

    description = "Does nothing."
    parameters: Mapping[str, Any] = {
        "type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"],
    }  # fmt: skip

    def __init__(self, risk: Risk) -> None:
        self.name = str(risk)
        self._risk = risk

    async def plan(self, arguments: Mapping[str, Any], scope: Scope) -> Plan:
        return Plan(self.name, dict(arguments), (self.name, str(arguments["command"])), self._risk)

    async def perform(self, plan: Plan, scope: Scope) -> Result:
        return Result("done")


@asynccontextmanager
async def gate(folder: Path) -> AsyncIterator[Gate]:
    """Over a store of its own, durable as the daemon's."""
    store = await SQLiteStore.open(folder / "aof.db")

    async def reach(_: Proposal) -> list[str]:
        return ["Kim"]

    try:
        yield Gate(store, SystemClock(), POLICY, reach=reach, killswitch=lambda: store.is_on("killswitch"))
    finally:
        await store.close()


def scope(run: int) -> Scope:
    return Scope(run=f"r{run}", agent="bench", requester=Party(key="whatsapp:+491510000000"), platform="bench")
