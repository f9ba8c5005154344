"""The ledger of approvals against a model of plain values, over long stories of votes, changes, crashes and time."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from aof.domain.approval import Party, StepState, Verdict
from aof.domain.message import Decided
from aof.store.approvals import NewApproval
from aof.store.base import EventLease, TurnResult
from aof.store.sqlite import SQLiteStore
from tests.contract.store.asking import EXPIRES, asks, pausing, step_of
from tests.contract.store.home import LEASE, at, message, text
from tests.contract.store.ledger_model import (
    PEOPLE,
    USABLE_SECONDS,
    Meanwhile,
    OnDisk,
    Question,
    Waiting,
    index,
    many,
    people,
    seconds,
    verdicts,
)


class LedgerMachine(OnDisk):
    def __init__(self) -> None:
        super().__init__()
        self.now: float = 0
        self.opened = 0
        self.runs: dict[str, Waiting] = {}
        self.questions: dict[str, Question] = {}
        self.votes: dict[str, tuple[str, Party, Verdict, bool, bool]] = {}
        self.steps: dict[tuple[str, str], str] = {}
        self.leases: dict[str, EventLease] = {}
        self.messages: dict[str, Meanwhile] = {}
        self.reading: dict[str, EventLease] = {}

    # what a model has to know

    def pick(self, which: int, *states: str) -> Question | None:
        """One of the questions in one of these states, the newest for 0; of all where none is."""
        found = [each for each in self.questions.values() if each.state in states] or [*self.questions.values()]
        return found[-1 - which % len(found)] if found else None

    def new(self, run: str, many: int, needed: int) -> tuple[NewApproval, ...]:
        waiting, made = self.runs[run], []
        for _ in range(many):
            waiting.calls += 1
            id_ = f"a{len(self.questions)}"
            made.append(asks(id_, f"c{waiting.calls}", run=run, needed=needed, seconds=self.now, cards=()))
            self.questions[id_] = Question(made[-1], waiting.pause, self.now + EXPIRES)
        return tuple(made)

    def go_on(self) -> None:
        for run, waiting in self.runs.items():
            present = [each for each in self.questions.values() if (each.run, each.pause) == (run, waiting.pause)]
            if waiting.state == "paused" and all(each.state != "asked" for each in present):
                waiting.state = "resuming"
                for each in present:
                    each.use_by = max(each.use_by, self.now + USABLE_SECONDS)

    # a run pauses, goes on, ends

    @initialize(many=many, needed=st.integers(1, 2))
    def begin(self, many: int, needed: int) -> None:
        self.ask(many, needed)

    @rule(many=many, needed=st.integers(1, 2))
    def ask(self, many: int, needed: int) -> None:
        run = f"run-{len(self.runs)}"
        number = self.number_of(run)
        self.runs[run] = Waiting()
        said = message(run, number=number)
        self.run_(self.store.accept([said], now=at(self.now)))
        self.lease()
        result = pausing(*self.new(run, many, needed), run=run)
        self.run_(self.store.finish(self.leases.pop(run), result, now=at(self.now)))

    def number_of(self, run: str) -> str:
        return f"+4915{int(run.removeprefix('run-')):08}"

    # what comes while it waits

    @rule(which=index, hold=st.booleans())
    def write(self, which: int, hold: bool) -> None:
        run = list(self.runs)[-1 - which % len(self.runs)]
        event_id = f"m{len(self.messages)}"
        self.messages[event_id] = Meanwhile(run)
        self.run_(self.store.accept([message(event_id, number=self.number_of(run))], now=at(self.now)))
        if hold:
            self.read(0)

    @rule(many=st.integers(1, 2), again=st.booleans())
    def wait_through(self, many: int, again: bool) -> None:
        """The whole way at once: by single steps few stories come from the message to the end of its run."""
        self.ask(1, 1)
        for _ in range(many):
            self.write(0, hold=True)
        self.approve(0)
        self.resume(len(self.leases), again, 1)

    @precondition(lambda self: self.messages)
    @rule(which=index)
    def read(self, which: int) -> None:
        """A message whose turn it is is held back where its run waits, and else answered."""
        self.lease()
        if not self.reading:
            return
        event_id = list(self.reading)[-1 - which % len(self.reading)]
        known = self.messages[event_id]
        waits = self.runs[known.run].state != "finished"
        result = TurnResult("parked", "queued", behind=known.run) if waits else TurnResult("done", "answered")
        self.run_(self.store.finish(self.reading.pop(event_id), result, now=at(self.now)))
        known.state = "parked" if waits else "done"

    def lease(self) -> None:
        found = self.run_(self.store.lease_events(now=at(self.now), lease_for=LEASE * 1e4, most=99, per_person=99))
        for lease in found.leases:
            if lease.event.event_id in self.messages:
                self.begin_reading(lease)
                continue
            run = lease.event.run if isinstance(lease.event, Decided) else lease.event.event_id
            if isinstance(lease.event, Decided):
                assert self.runs[run].state == "resuming"
                assert lease.event.event_id == f"run:{run}:{self.runs[run].pause}"
            assert run not in self.leases, "two hold it"
            self.leases[run] = lease

    def begin_reading(self, lease: EventLease) -> None:
        known = self.messages[lease.event.event_id]
        open_ = [id_ for id_, each in self.messages.items() if each.run == known.run and each.state == "new"]
        assert lease.event.event_id == open_[0], "in the order they came"
        assert known.run not in self.leases, "two hold it"
        self.reading[lease.event.event_id] = lease

    @rule(which=index, again=st.booleans(), needed=st.integers(1, 2))
    def resume(self, which: int, again: bool, needed: int) -> None:
        self.lease()
        read = {self.messages[event_id].run for event_id in self.reading}
        # what is being read keeps its chat until it is held back; what is held back keeps nobody waiting
        resuming = {run for run, waiting in self.runs.items() if waiting.state == "resuming"}
        assert resuming - read <= set(self.leases) <= resuming
        if not self.leases:
            return
        run = list(self.leases)[which % len(self.leases)]
        waiting = self.runs[run]
        result = TurnResult("done", "answered", (text("done"),), resumes=run)
        if again:
            waiting.state, waiting.pause = "paused", waiting.pause + 1
            result = replace(result, pause=pausing(*self.new(run, 1, needed), run=run).pause)
        else:
            waiting.state = "finished"
            for each in self.questions.values():
                if each.run == run and each.state == "approved":
                    each.state = "void"
        self.run_(self.store.finish(self.leases.pop(run), result, now=at(self.now)))
        for message_ in self.messages.values():
            if message_.run == run and message_.state == "parked":
                message_.state = "new"

    # people decide

    @rule(
        which=index,
        party=people,
        verdict=verdicts,
        open_=st.booleans(),
    )
    def vote(self, which: int, party: Party, verdict: Verdict, open_: bool) -> None:
        chosen = self.pick(which, *(("asked",) if open_ else ()))
        assert chosen is not None
        self.vote_on(chosen, party, verdict)

    @rule(which=index)
    def approve(self, which: int) -> None:
        """Everybody who is needed at once: by single votes few stories come as far as a call."""
        chosen = self.pick(which, "asked")
        assert chosen is not None
        for party in PEOPLE:
            if chosen.state == "asked":
                self.vote_on(chosen, party, "approve")

    @rule(which=index, changed=st.integers(0, 3), state=st.sampled_from(["done", "failed"]))
    def perform(self, which: int, changed: int, state: StepState) -> None:
        """The same for a call that runs."""
        self.approve(which)
        self.claim(0, changed, approved=True)
        if self.steps:
            self.end(0, state)

    def vote_on(self, chosen: Question, party: Party, verdict: Verdict) -> None:
        event = f"tap-{len(self.votes)}"
        counts = chosen.state == "asked" and self.now < chosen.expires and party.key not in chosen.yes + chosen.no
        decides = False
        if counts:
            (chosen.yes if verdict == "approve" else chosen.no).append(party.key)
            decides = verdict == "deny" or len(chosen.yes) >= chosen.needed
            if decides:
                chosen.state = "denied" if verdict == "deny" else "approved"
                chosen.use_by = self.now + USABLE_SECONDS
        self.votes[event] = (chosen.asked.id, party, verdict, counts, decides)
        self.say(event)
        self.go_on()

    @precondition(lambda self: self.votes)
    @rule(which=index)
    def say_again(self, which: int) -> None:
        event = list(self.votes)[-1 - which % len(self.votes)]
        id_, party, _, counted, _ = self.votes[event]
        question = self.questions[id_]
        if counted or party.key in question.yes + question.no or question.state != "asked":
            self.say(event)

    def say(self, event: str) -> None:
        id_, party, verdict, counted, decided = self.votes[event]
        use_by = at(self.now) + timedelta(seconds=USABLE_SECONDS)
        voted = self.run_(self.store.vote(id_, party, verdict, event=event, note="", now=at(self.now), use_by=use_by))
        assert voted.row is not None
        assert (voted.counted, voted.decided, voted.row.state) == (counted, decided, self.questions[id_].state)

    @rule(which=index, editor=people)
    def supersede(self, which: int, editor: Party) -> None:
        chosen = self.pick(which, "asked")
        assert chosen is not None
        id_ = f"a{len(self.questions)}"
        argv = ("restart", f"other-{len(self.questions)}")
        other = asks(
            id_, chosen.call, run=chosen.run, needed=chosen.needed, seconds=self.now, argv=argv, cards=()
        )  # fmt: skip
        is_open = chosen.state == "asked" and self.now < chosen.expires
        for _ in range(2):
            row = self.run_(self.store.supersede(chosen.asked.id, other, editor, event=f"edit-{id_}", now=at(self.now)))
            assert (row is not None) is is_open
        if is_open:
            chosen.state = "superseded"
            self.questions[id_] = Question(other, chosen.pause, self.now + EXPIRES)

    @rule(seconds=seconds)
    def lapse(self, seconds: float) -> None:
        self.now += seconds
        ended = set()
        for id_, each in self.questions.items():
            over = {"asked": each.expires, "approved": each.use_by}.get(each.state)
            run = self.runs[each.run]
            # what was approved waits with its pause for what is still asked
            waits = each.state == "approved" and (run.state, run.pause) == ("paused", each.pause)
            if over is not None and over <= self.now and not waits:
                each.state = "lapsed"
                ended.add(id_)
        rows = self.run_(self.store.lapse(now=at(self.now)))
        assert {row.id for row in rows} == ended
        self.go_on()

    @rule(which=index, one=st.booleans())
    def void_all(self, which: int, one: bool) -> None:
        """All of one run's conversation, or everybody's."""
        runs = list(self.runs)
        run = runs[which % len(runs)] if one and runs else ""
        void = [each for each in self.questions.values() if each.state in {"asked", "approved"}]
        void = [each for each in void if run in ("", each.run)]
        row = self.run_(self.store.run_of(run)) if run else None
        conversation = row.conversation if row is not None else ""
        ended = self.run_(self.store.void_all(by="killswitch", now=at(self.now), conversation=conversation))
        assert ended == len(void)
        for each in void:
            each.state = "void"
        self.go_on()

    # calls run

    @rule(which=index, changed=st.integers(0, 3), approved=st.booleans())
    def claim(self, which: int, changed: int, *, approved: bool) -> None:
        chosen = self.pick(which, *(("approved",) if approved else ()))
        assert chosen is not None
        step = step_of(chosen.asked, self.now)
        if changed == 0:
            step = replace(step, fingerprint="0" * 64)
        key = (step.run, step.call)
        may = changed > 0 and chosen.state == "approved" and self.now < chosen.use_by and key not in self.steps
        assert self.run_(self.store.claim(step, approval=chosen.asked.id, now=at(self.now))) is may
        if may:
            chosen.state = self.steps[key] = "running"

    @precondition(lambda self: self.steps)
    @rule(which=index, state=st.sampled_from(["done", "failed", "unknown"]))
    def end(self, which: int, state: StepState) -> None:
        run, call = list(self.steps)[-1 - which % len(self.steps)]
        self.run_(self.store.end_step(run, call, state, "", now=at(self.now)))
        self.close_step(run, call, state)

    def close_step(self, run: str, call: str, state: str) -> None:
        if self.steps[run, call] == "running":
            self.steps[run, call] = state
            (question,) = [e for e in self.questions.values() if (e.run, e.call, e.state) == (run, call, "running")]
            question.state = state

    # time and disaster

    @rule(seconds=seconds)
    def clock(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def reopen(self) -> None:
        """The power goes: what the disk has is all there is, and nobody said goodbye."""
        self.opened += 1
        left = self.folder / f"{self.opened}.db"
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{self.path}{suffix}", f"{left}{suffix}")
        self.run_(self.store.close())
        self.path = left
        self.store = self.run_(SQLiteStore.open(left))
        self.leases.clear()
        self.reading.clear()
        running = {key for key, state in self.steps.items() if state == "running"}
        steps = self.run_(self.store.settle_unknown(now=at(self.now)))
        assert {(step.run, step.call) for step in steps} == running
        for run, call in running:
            self.close_step(run, call, "unknown")

    # what is always true

    @invariant()
    def the_store_is_as_the_model_says(self) -> None:
        with closing(sqlite3.connect(self.path)) as disk:
            states = dict(disk.execute("SELECT id, state FROM approval"))
            runs = {run: (state, pause) for run, state, pause in disk.execute("SELECT run, state, pause FROM run")}
            steps = {(run, call): state for run, call, state in disk.execute("SELECT run, call, state FROM step")}
            events = {event for (event,) in disk.execute("SELECT event_id FROM inbox WHERE kind = 'decided'")}
            messages = {
                event_id: "new" if state == "running" else state
                for event_id, state in disk.execute("SELECT event_id, state FROM inbox WHERE event_id GLOB 'm[0-9]*'")
            }
        assert states == {id_: each.state for id_, each in self.questions.items()}
        assert runs == {run: (waiting.state, waiting.pause) for run, waiting in self.runs.items()}
        assert steps == self.steps
        assert messages == {event_id: each.state for event_id, each in self.messages.items()}
        assert events == {
            f"run:{run}:{pause}"
            for run, waiting in self.runs.items()
            for pause in range(1, waiting.pause + (waiting.state != "paused"))
        }

    @invariant()
    def a_run_goes_on_exactly_when_nothing_of_its_pause_is_asked(self) -> None:
        with closing(sqlite3.connect(self.path)) as disk:
            wrong = disk.execute(
                """SELECT DISTINCT a.run, a.pause FROM approval a WHERE EXISTS (
                    SELECT 1 FROM approval o WHERE o.run = a.run AND o.pause = a.pause AND o.state = 'asked'
                ) = EXISTS (
                    SELECT 1 FROM inbox i WHERE i.event_id = 'run:' || a.run || ':' || a.pause)"""
            ).fetchall()
        assert wrong == []

    @invariant()
    def what_is_held_back_waits_for_a_run_that_will_go_on(self) -> None:
        with closing(sqlite3.connect(self.path)) as disk:
            lost = disk.execute(
                """SELECT i.event_id FROM inbox i LEFT JOIN run r ON r.run = i.behind WHERE i.state = 'parked'
                    AND NOT (r.state = 'paused' OR r.state = 'resuming' AND EXISTS (
                        SELECT 1 FROM inbox d WHERE d.event_id = 'run:' || r.run || ':' || r.pause
                            AND d.state IN ('new', 'running')))"""
            ).fetchall()
        assert lost == []

    @invariant()
    def what_was_begun_was_approved_by_enough_people_exactly_so(self) -> None:
        with closing(sqlite3.connect(self.path)) as disk:
            steps = disk.execute("SELECT count(*) FROM step").fetchone()
            right = disk.execute(
                """SELECT count(*) FROM step s JOIN approval a ON a.id = s.approval
                WHERE s.run = a.run AND s.call = a.call AND s.fingerprint = a.fingerprint AND s.state = a.state
                    AND s.started_at < a.use_by AND a.decided_at < a.expires_at
                    AND (SELECT count(DISTINCT person) FROM vote v WHERE v.approval = a.id AND v.verdict = 'approve'
                        AND v.at <= a.decided_at) >= a.needed
                    AND NOT EXISTS (SELECT 1 FROM vote v WHERE v.approval = a.id AND v.verdict = 'deny')"""
            ).fetchone()
        assert steps == right

    @invariant()
    def the_audit_chain_is_whole(self) -> None:
        assert self.run_(self.store.check()) == []


LedgerMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestLedgerMachine = LedgerMachine.TestCase
