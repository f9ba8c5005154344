"""The ledger of approvals, as the pipeline and the gate ask for it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal

from aof.domain.approval import Party, StepState, Verdict
from aof.store.approvals import ApprovalRow, Card, NewApproval, Reachable, RunRow, Step, Thrown, Voted
from aof.store.base import Elsewhere
from aof.store.sqlite import approvals as asking
from aof.store.sqlite import questions, steps
from aof.store.sqlite.connections import Connections


class SQLiteLedger(Connections):
    """Implements `Ledger` and `Approvals`."""

    # -- for the gate ---------------------------------------------------------------------------------------------

    async def approval_of(self, run: str, call: str) -> ApprovalRow | None:
        return await self._read(lambda reader: questions.approval_of(reader, run, call))

    async def step(self, run: str, call: str) -> Step | None:
        return await self._read(lambda reader: steps.step(reader, run, call))

    async def claim(self, step: Step, *, approval: str, now: datetime) -> bool:
        return await self._writer.do(lambda connection: steps.claim(connection, step, approval, now))

    async def end_step(self, run: str, call: str, state: StepState, result: str, *, now: datetime) -> None:
        await self._writer.do(lambda connection: steps.end(connection, run, call, state, result, now))

    async def void(self, approvals: Collection[str], *, by: str, now: datetime) -> None:
        await self._writer.do(lambda connection: asking.void(connection, self._cards, approvals, by, now))

    async def settle_unknown(self, *, now: datetime) -> list[Step]:
        """Close the steps that a daemon which died had begun; whoever starts one calls this before anything runs."""
        return await self._writer.do(lambda connection: steps.settle_unknown(connection, now))

    # -- for the pipeline -----------------------------------------------------------------------------------------

    async def approval(self, id_: str) -> ApprovalRow | None:
        return await self._read(lambda reader: questions.approval(reader, id_))

    async def open_approvals(self) -> list[ApprovalRow]:
        return await self._read(lambda reader: questions.approvals(reader, "open_approvals", {}))

    async def vote(
        self, id_: str, party: Party, verdict: Verdict, *, event: str, note: str, now: datetime, use_by: datetime
    ) -> Voted:
        return await self._writer.do(
            lambda connection: asking.vote(connection, self._cards, id_, party, verdict, event, note, now, use_by)
        )

    async def supersede(
        self, id_: str, asked: NewApproval, editor: Party, *, event: str, now: datetime
    ) -> ApprovalRow | None:
        return await self._writer.do(
            lambda connection: asking.supersede(connection, self._cards, id_, asked, editor, event, now)
        )

    async def nudge(
        self,
        id_: str,
        cards: Sequence[Card],
        *,
        now: datetime,
        told: Sequence[Card] = (),
        reached: int = 0,
        next_at: datetime | None = None,
    ) -> bool:
        return await self._writer.do(
            lambda connection: asking.nudge(connection, self.store_id, id_, cards, told, reached, next_at, now)
        )

    async def due(self, *, now: datetime) -> tuple[list[ApprovalRow], datetime | None]:
        return await self._read(lambda reader: questions.due(reader, now))

    async def lapse(self, *, now: datetime) -> list[ApprovalRow]:
        return await self._writer.do(lambda connection: asking.lapse(connection, self._cards, now))

    async def void_all(self, *, by: str, now: datetime, conversation: str = "", requester: str = "") -> int:
        ended = await self._writer.do(
            lambda connection: asking.void_all(
                connection, self._cards, by, now, conversation=conversation, requester=requester
            )
        )
        return len(ended)

    async def run_of(self, run: str) -> RunRow | None:
        return await self._read(lambda reader: questions.run_of(reader, run))

    async def paused_in(self, conversation: str) -> list[RunRow]:
        return await self._read(lambda reader: questions.paused_in(reader, conversation))

    async def steps_of(self, run: str) -> list[Step]:
        return await self._read(lambda reader: steps.steps_of(reader, run))

    async def switch(self, name: Literal["killswitch"], *, on: bool, by: str, now: datetime) -> bool:
        return await self._writer.do(lambda connection: asking.switch(connection, name, on=on, by=by, now=now))

    async def is_on(self, name: Literal["killswitch"]) -> bool:
        return await self.thrown(name) is not None

    async def reach(self, platform: str, ids: Collection[str]) -> Reachable | None:
        return await self._read(lambda reader: questions.reach(reader, platform, ids))

    async def cards_of(self, id_: str) -> list[Reachable]:
        return await self._read(lambda reader: questions.cards_of(reader, self.store_id, id_))

    async def approval_shown(self, conversation: str, message_id: str) -> str:
        return await self._read(
            lambda reader: questions.approval_shown(reader, self.store_id, conversation, message_id)
        )

    # -- for operators --------------------------------------------------------------------------------------------

    async def approvals_like(self, prefix: str, *, most: int = 2) -> list[ApprovalRow]:
        sought = {"prefix": prefix, "most": most}
        return await self._read(lambda reader: questions.approvals(reader, "approvals_like", sought))

    async def approvals(self, *, most: int) -> list[ApprovalRow]:
        newest = await self._read(lambda reader: questions.approvals(reader, "newest_approvals", {"most": most}))
        return newest[::-1]

    async def approvals_of_call(self, run: str, call: str) -> list[ApprovalRow]:
        sought = {"run": run, "call": call}
        return await self._read(lambda reader: questions.approvals(reader, "approvals_of_call", sought))

    async def decide(
        self,
        id_: str,
        party: Party,
        verdict: Verdict,
        *,
        by: str,
        note: str,
        told: Sequence[Elsewhere],
        now: datetime,
        use_by: datetime,
    ) -> Voted:
        return await self._writer.do(
            lambda connection: asking.decide(connection, self._cards, id_, party, verdict, by, note, told, now, use_by)
        )

    async def refuse_decision(self, id_: str, party: Party, why: str, *, by: str, now: datetime) -> None:
        await self._writer.do(lambda connection: asking.refuse_decision(connection, id_, party, why, by, now))

    async def thrown(self, name: Literal["killswitch"]) -> Thrown | None:
        return await self._read(lambda reader: questions.thrown(reader, name))
