"""The embedded store against a model of plain dicts, over long stories of accepts, crashes, sends and receipts."""

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import Coroutine, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar, get_args

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from aof.domain.errors import LeaseLost
from aof.domain.message import ReceiptState
from aof.store.base import TurnResult
from aof.store.results import Dead, Deferred, Held, PartResult, Sent, Uncertain
from aof.store.sqlite import SQLiteStore
from tests.contract.store.edits import edit
from tests.contract.store.home import LEASE, OPEN_WAIT, at, message, receipt, text
from tests.contract.store.model import HEIGHT, PEOPLE, WAIT_SECONDS, Copy, Holding, Model, Said, Sending

ResultT = TypeVar("ResultT")

index = st.integers(0, 10_000)
people = st.sampled_from(PEOPLE)
some_parts = st.lists(st.sampled_from([None, None, "55501:1", "55501:2"]), max_size=3)
"""Each a text, or a change of a message."""


class StoreMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp(prefix="aof-machine-"))
        self.path = self.folder / "0.db"
        self.store = self.run(SQLiteStore.open(self.path))
        self.model = Model()
        self.leases: list[Holding] = []
        self.sends: list[Sending] = []
        self.heights: dict[str, int] = {}

    def run(self, call: Coroutine[Any, Any, ResultT]) -> ResultT:
        return self.loop.run_until_complete(call)

    def teardown(self) -> None:
        self.run(self.store.close())
        self.run(self.loop.shutdown_default_executor())
        self.loop.close()
        shutil.rmtree(self.folder)

    # events

    @rule(person=people, many=st.integers(1, 3))
    def accept(self, person: str, many: int) -> None:
        said = [message(f"e{len(self.model.said) + n}", number=person) for n in range(many)]
        accepted = self.run(self.store.accept(said, now=at(self.model.now)))
        assert (accepted.new, accepted.duplicates) == (many, 0)
        for each in said:
            self.model.said[each.event_id] = Said(each, person, not_before=self.model.now)

    @precondition(lambda self: self.model.said)
    @rule(which=index, fresh=st.booleans())
    def repeat(self, which: int, fresh: bool) -> None:
        known = list(self.model.said.values())[which % len(self.model.said)]
        said = [known.message]
        if fresh:
            said.append(message(f"e{len(self.model.said)}", number=known.person))
            self.model.said[said[-1].event_id] = Said(said[-1], known.person, not_before=self.model.now)
        accepted = self.run(self.store.accept(said, now=at(self.model.now)))
        assert (accepted.new, accepted.duplicates) == (int(fresh), 1)

    @rule()
    def lease(self) -> None:
        model = self.model
        due = {person: model.due(person) for person in PEOPLE}
        expected = {person for person, when in due.items() if when is not None and when <= model.now}
        found = self.run(self.store.lease_events(now=at(model.now), lease_for=LEASE, most=100, per_person=100))
        assert {lease.address.number for lease in found.leases} == expected
        for lease in found.leases:
            person = str(lease.address.number)
            said = model.oldest(person)
            assert said is not None
            said.state, said.attempts = "running", said.attempts + 1
            assert (lease.event, lease.attempt) == (said.message, said.attempts)
            model.holds[person] = Holding(lease, model.run, model.now + LEASE.total_seconds())
            self.leases.append(model.holds[person])
        coming = [when for person in PEOPLE if (when := model.due(person)) is not None]
        assert found.next_at == (at(min(coming)) if coming else None)

    @precondition(lambda self: self.leases)
    @rule(which=index, state=st.sampled_from(["done", "dead", "new"]), parts=some_parts, attempted=st.booleans())
    def finish(self, which: int, state: Any, parts: list[str | None], attempted: bool) -> None:
        held = self.leases[-1 - which % len(self.leases)]
        person = str(held.lease.address.number)
        said = self.model.said[held.lease.event.event_id]
        parts = parts if state != "new" else []
        outgoing = tuple(edit(f"{n}", edits) if edits else text(f"{n}") for n, edits in enumerate(parts))
        result = TurnResult(
            state,
            "word",
            outgoing,
            again_in=timedelta(seconds=WAIT_SECONDS if state == "new" else 0),
            attempted=attempted,
        )
        ending = self.store.finish(held.lease, result, now=at(self.model.now))
        if self.model.holds.get(person) is not held or held.run != self.model.run:
            with pytest.raises(LeaseLost):
                self.run(ending)
            return
        ids = self.run(ending)
        assert ids == tuple(f"{self.store.store_id}:{held.lease.seq}:{n}" for n in range(len(outgoing)))
        del self.model.holds[person]
        said.state, said.not_before = state, self.model.now + (WAIT_SECONDS if state == "new" else 0)
        said.attempts -= not attempted
        for part_id, edits in zip(ids, parts, strict=True):
            self.model.parts[part_id] = Copy(person, self.model.now, edits=edits)
            self.model.supersede(self.model.parts[part_id])

    @rule(person=people, parts=some_parts)
    def answer(self, person: str, parts: list[str | None]) -> None:
        """The whole way of an event at once: by single steps few stories come as far as a second copy."""
        self.accept(person, 1)
        self.lease()
        held = self.model.holds.get(person)
        if held is not None:
            self.finish(len(self.leases) - 1 - self.leases.index(held), "done", parts, attempted=True)
        self.send(begun=True)

    @precondition(lambda self: self.leases)
    @rule(which=index)
    def extend(self, which: int) -> None:
        held = self.leases[-1 - which % len(self.leases)]
        extending = self.store.extend(held.lease, now=at(self.model.now), lease_for=LEASE)
        if self.model.holds.get(str(held.lease.address.number)) is not held or held.run != self.model.run:
            with pytest.raises(LeaseLost):
                self.run(extending)
            return
        self.run(extending)
        held.until = self.model.now + LEASE.total_seconds()

    # time and disaster

    @rule(seconds=st.sampled_from([1, WAIT_SECONDS, 61]))
    def clock(self, seconds: float) -> None:
        self.model.now += seconds

    @rule(arrived=st.booleans())
    def crash(self, arrived: bool) -> None:
        """The power goes: what the disk has is all there is, and nobody said goodbye."""
        self.model.run += 1
        left = self.folder / f"{self.model.run}.db"
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{self.path}{suffix}", f"{left}{suffix}")
        self.run(self.store.close())
        self.path = left
        self.store = self.run(SQLiteStore.open(left))
        for sending in self.sends:
            if not sending.settled and self.model.parts[sending.lease.part_id].attempts == sending.lease.attempt:
                self.model.parts[sending.lease.part_id].arrived += arrived and sending.begun
                sending.settled = True

    # parts

    @rule(begun=st.booleans())
    def send(self, *, begun: bool) -> None:
        model = self.model
        for part in model.parts.values():
            if part.leased and (part.sender_run != model.run or part.not_before <= model.now):
                part.leased, part.not_before = False, model.now
                if part.state == "sending":
                    part.state, part.uncertain = "uncertain", part.uncertain + 1
                    part.not_before = model.now + OPEN_WAIT.total_seconds()
        for person in PEOPLE:
            while (found := model.oldest_part(person)) is not None and not found[1].leased:
                if found[1].not_before > model.now or not model.supersede(found[1]):
                    break
        oldest = [found for person in PEOPLE if (found := model.oldest_part(person)) is not None]
        expected = {key for key, part in oldest if not part.leased and part.not_before <= model.now}
        leased = self.run(
            self.store.lease_parts(
                now=at(model.now), lease_for=LEASE, most=100, open_wait=OPEN_WAIT, paused=frozenset()
            )
        )
        assert {lease.part_id for lease in leased.leases} == expected
        for lease in leased.leases:
            part = model.parts[lease.part_id]
            part.leased, part.attempts, part.sender_run = True, part.attempts + 1, model.run
            part.not_before = model.now + LEASE.total_seconds()
            assert (lease.attempt, lease.uncertain) == (part.attempts, part.uncertain)
            self.sends.append(Sending(lease, f"wamid.{lease.part_id}.{lease.attempt}"))
            if begun:
                self.write_request(self.sends[-1])
        coming = [part.not_before for _, part in oldest]
        assert leased.next_at == (at(min(coming)) if coming else None)

    def write_request(self, sending: Sending) -> bool:
        """Begin a send; whether its request may leave."""
        part = self.model.parts[sending.lease.part_id]
        still_ours = part.leased and part.sender_run == self.model.run and part.attempts == sending.lease.attempt
        beginning = self.store.begin(sending.lease)
        if not (still_ours and part.state in {"queued", "uncertain"}):
            with pytest.raises(LeaseLost):
                self.run(beginning)
            return False
        self.run(beginning)
        part.state, sending.begun = "sending", True
        part.repeated |= part.uncertain > 0
        return True

    @property
    def unsettled(self) -> Sequence[Sending]:
        return [sending for sending in self.sends if not sending.settled]

    def settle(self, which: int, kind: str, *, arrived: bool) -> None:
        sending = self.unsettled[-1 - which % len(self.unsettled)]
        sending.settled = True
        if kind in {"sent", "uncertain"} and not sending.begun and not self.write_request(sending):
            return
        wait = timedelta(seconds=WAIT_SECONDS)
        results: dict[str, PartResult] = {
            "sent": Sent(sending.message_id),
            "queued": Deferred(wait, 131056, "too fast"),
            "uncertain": Uncertain(wait, "time-out"),
            "held": Held("live", "closed"),
            "dead": Dead(131009, "never"),
        }
        part = self.model.parts[sending.lease.part_id]
        part.arrived += arrived
        settling = self.store.settle(sending.lease, results[kind], now=at(self.model.now))
        if part.attempts != sending.lease.attempt:
            with pytest.raises(LeaseLost):
                self.run(settling)
            return
        self.run(settling)
        if kind == "sent":
            part.leased = False
            self.model.prove(part, "sent", sending.message_id)
            part.message_id = sending.message_id
            for proved, named in self.model.proofs.get(sending.message_id, ()):
                if named in {None, sending.lease.part_id}:
                    self.model.prove(part, proved, sending.message_id)
        elif part.leased:
            part.state, part.leased = kind, False
            part.uncertain += kind == "uncertain"
            part.not_before = self.model.now + (WAIT_SECONDS if kind in {"queued", "uncertain"} else 0)
            self.model.supersede(part)

    @precondition(lambda self: self.unsettled)
    @rule()
    def hang(self) -> None:
        """Senders hang until their leases lapse and the wait for a receipt is over: others send their parts again."""
        for _ in range(2):
            self.clock(61)
            self.send(begun=True)

    @precondition(lambda self: self.unsettled)
    @rule(which=index)
    def send_ok(self, which: int) -> None:
        self.settle(which, "sent", arrived=True)

    @precondition(lambda self: self.unsettled)
    @rule(which=index, kind=st.sampled_from(["queued", "held", "dead"]))
    def send_refused(self, which: int, kind: str) -> None:
        self.settle(which, kind, arrived=False)

    @precondition(lambda self: self.unsettled)
    @rule(which=index, arrived=st.booleans())
    def send_uncertain(self, which: int, arrived: bool) -> None:
        self.settle(which, "uncertain", arrived=arrived)

    @precondition(lambda self: self.sends)
    @rule(
        which=index,
        states=st.lists(st.sampled_from(get_args(ReceiptState)), min_size=1, max_size=3),
        named=st.booleans(),
    )
    def receive(self, which: int, states: list[ReceiptState], named: bool) -> None:
        sending = self.sends[-1 - which % len(self.sends)]
        part_id = sending.lease.part_id
        part = self.model.parts[part_id]
        told = [
            receipt(state, sending.message_id, part_id=part_id if named else None, recipient=str(named))
            for state in states
        ]
        self.run(self.store.accept(told, now=at(self.model.now)))
        kept = self.model.proofs.setdefault(sending.message_id, [])
        for state in states:
            known = ("read" if state == "played" else state, part_id if named else None)
            if known not in kept:
                kept.append(known)
            # one that names the part tells whose message it is, before and after
            if part.message_id == sending.message_id or any(whose == part_id for _, whose in kept):
                for proved, whose in kept:
                    if whose in {None, part_id}:
                        self.model.prove(part, proved, sending.message_id)

    # what is always true

    @initialize()
    def begin(self) -> None:
        assert self.run(self.store.counts()).events == {}

    @invariant()
    def the_store_is_as_the_model_says(self) -> None:
        with closing(sqlite3.connect(self.path)) as disk:
            events = disk.execute("SELECT event_id, state, attempts FROM inbox ORDER BY seq").fetchall()
            parts = disk.execute(
                "SELECT part, state, attempts, uncertain, repeated, message_id FROM outbox ORDER BY seq"
            ).fetchall()
            running = disk.execute(
                "SELECT count(*) FROM inbox WHERE state = 'running' GROUP BY conversation"
            ).fetchall()
        assert events == [(key, said.state, said.attempts) for key, said in self.model.said.items()]
        assert parts == [
            (key, part.state, part.attempts, part.uncertain, int(part.repeated), part.message_id)
            for key, part in self.model.parts.items()
        ]
        assert all(count == (1,) for count in running)
        for key, state, _, _, repeated, _ in parts:
            assert self.model.parts[key].arrived <= 1 or repeated, f"{key} came twice and nobody wrote it down"
            height = HEIGHT[state] if HEIGHT[state] > 1 else 0
            assert height >= self.heights.get(key, 0), f"{key} moved down"
            self.heights[key] = height

    @invariant()
    def the_audit_chain_is_whole(self) -> None:
        assert self.run(self.store.check()) == []


StoreMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestStoreMachine = StoreMachine.TestCase
