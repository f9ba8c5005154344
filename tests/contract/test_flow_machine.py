"""Decisions of operators against a model of plain values: twice, late, out of order, by others, after a restart."""

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import Coroutine
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from aof.clock import SteppedClock
from aof.domain.approval import Party
from aof.domain.opportunity import MAKES_DRAFT, Change, Progress, after, draft_id
from aof.formatting.characters import clean
from aof.formatting.markup import Markup
from aof.operator.decisions import Contactable, Decisions
from aof.operator.drafts import Drafting
from aof.operator.opportunities import Contact, Intake, Wanted
from aof.operator.people import Known, Operators
from aof.platforms.whatsapp.limits import LIMITS
from aof.store.sqlite import SQLiteStore
from aof.texts.language import Language

ResultT = TypeVar("ResultT")

SARA = Party(key="person:Sara", name="Sara", ids=frozenset({"whatsapp:+15550001001"}))
OMAR = Party(key="person:Omar", name="Omar", ids=frozenset({"whatsapp:+15550002002"}))
OTHERS = (
    Party(key="person:Guest", name="Guest"),
    Party(key="whatsapp:+15550009009", name="Sara"),
    Party(key=""),
)
"""A person who is no operator, one whom a pairing calls like an operator, and nobody."""
OPPORTUNITIES = ("a", "a-d1", "B.2")
"""One of them looks like another one's draft."""
NOT_AGREED = "B.2"

opportunities = st.sampled_from(OPPORTUNITIES)
operators = st.sampled_from((SARA, OMAR))
numbers = st.sampled_from((0, 0, 0, 1, 2))
"""Behind the newest draft."""


class WhatsApp:
    """What of a platform the flow asks."""

    name, account = "whatsapp", "whatsapp:1"
    limits, markup, window = LIMITS, Markup.WHATSAPP, None
    shows_source = False

    def held_by(self) -> None:
        return None


class FlowMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp(prefix="aof-flow-"))
        self.path = self.folder / "aof.db"
        self.clock = SteppedClock()
        self.model = {id_: Progress() for id_ in OPPORTUNITIES}
        self.events: list[tuple[Party, str, str]] = []
        self.counted: set[str] = set()
        self.approved: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.open()
        for id_ in OPPORTUNITIES:
            contact = Contact(name="Layla", phone=f"+1555000300{OPPORTUNITIES.index(id_)}")
            wanted = Wanted(id=id_, title="Renew", language=Language.ENGLISH, contact=contact)
            self.run_(self.intake.add(wanted, by="test"))

    def open(self) -> None:
        self.store = self.run_(SQLiteStore.open(self.path))
        known = {name: Known(name, (number,)) for name, number in (("Sara", "+15550001001"), ("Omar", "+15550002002"))}
        platform: Any = WhatsApp()
        people = Operators(self.store, self.clock, platform, ("Sara", "Omar"), known)
        self.intake = Intake(self.store, self.clock, people, ring=lambda: None)
        self.decisions = Decisions(self.store, self.clock, people, Drafting(platform), self.contactable)

    async def contactable(self, _account: str, number: str) -> Contactable:
        return Contactable(number, "never" if number == f"+1555000300{OPPORTUNITIES.index(NOT_AGREED)}" else None)

    def run_(self, call: Coroutine[Any, Any, ResultT]) -> ResultT:
        return self.loop.run_until_complete(call)

    def teardown(self) -> None:
        self.run_(self.store.close())
        self.run_(self.loop.shutdown_default_executor())
        self.loop.close()
        shutil.rmtree(self.folder)

    def dump(self) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path)) as connection:
            tables = ("opportunity", "draft", "opportunity_move", "outbox", "audit", "conversation")
            return [row for table in tables for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608

    def press(self, party: Party, button: str, event: str, *, moves: bool) -> None:
        before = self.dump()
        outcome = self.run_(self.decisions.press(party, button, event=event, language=Language.ENGLISH))
        self.told(outcome, before, moves=moves)

    def told(self, outcome: Any, before: list[tuple[Any, ...]], *, moves: bool) -> None:
        assert outcome.response.text
        assert (self.dump() != before) is moves, outcome
        if moves:
            assert outcome.word in {"decided", "changed"}

    def change(self, id_: str, change: Change, number: int, *, event: str) -> bool:
        """Whether the model says that it moves; it is moved."""
        if change == "approve" and id_ == NOT_AGREED:
            return False
        now = after(self.model[id_], change, number)
        if now is None:
            return False
        self.model[id_] = now
        self.counted.add(event)
        if change in MAKES_DRAFT:
            self.texts[draft_id(id_, now.draft)] = ""
        if change == "approve":
            self.approved[id_] = draft_id(id_, number)
        return True

    def event(self, party: Party, button: str, text: str = "") -> str:
        self.events.append((party, button, text))
        return f"wamid.{len(self.events)}"

    @rule(id_=opportunities, change=st.sampled_from(("accept", "skip", "draft", "schedule")), who=operators)
    def presses_step_1(self, id_: str, change: Change, who: Party) -> None:
        button = f"opp:{id_}:{change}"
        event = self.event(who, button)
        self.press(who, button, event, moves=self.change(id_, change, 0, event=event))

    @rule(id_=opportunities, change=st.sampled_from(("approve", "cancel")), back=numbers, who=operators)
    def presses_step_2(self, id_: str, change: Change, back: int, who: Party) -> None:
        number = self.model[id_].draft - back
        if number < 1:
            return
        button = f"msg:{draft_id(id_, number)}:{change}"
        event = self.event(who, button)
        self.press(who, button, event, moves=self.change(id_, change, number, event=event))

    @rule(id_=opportunities, back=numbers, who=operators, text=st.text(max_size=40))
    def rewrites(self, id_: str, back: int, who: Party, text: str) -> None:
        number = self.model[id_].draft - back
        if number < 1:
            return
        draft = draft_id(id_, number)
        event = self.event(who, draft, text)
        before = self.dump()
        fits = self.decisions.drafting.fits(clean(text).strip())
        moves = fits and self.change(id_, "rewrite", number, event=event)
        outcome = self.run_(self.decisions.rewrite(who, draft, text, event=event, language=Language.ENGLISH))
        self.told(outcome, before, moves=moves)

    @rule(id_=opportunities, who=st.sampled_from(OTHERS), last=st.sampled_from(("accept", "skip", "draft", "schedule")))
    def others_press(self, id_: str, who: Party, last: str) -> None:
        for button in (f"opp:{id_}:{last}", f"msg:{draft_id(id_, max(1, self.model[id_].draft))}:approve"):
            before = self.dump()
            outcome = self.run_(self.decisions.press(who, button, event="wamid.x", language=Language.ENGLISH))
            assert outcome.word in {"press_refused", "unknown_press"}
            self.told(outcome, before, moves=False)

    @rule(which=st.integers(0, 1000))
    def comes_again(self, which: int) -> None:
        """The same event once more, as after a crash: nothing is done twice, and the same is said."""
        if not self.events:
            return
        number = which % len(self.events)
        who, button, text = self.events[number]
        event, before = f"wamid.{number + 1}", self.dump()
        if event not in self.counted:
            return
        again = (
            self.decisions.rewrite(who, button, text, event=event, language=Language.ENGLISH)
            if text
            else self.decisions.press(who, button, event=event, language=Language.ENGLISH)
        )
        outcome = self.run_(again)
        assert outcome.word in {"decided", "changed"}
        assert self.dump() == before

    @rule()
    def restarts(self) -> None:
        self.run_(self.store.close())
        self.open()

    @rule(seconds=st.sampled_from((1.0, 4000.0)))
    def waits(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @invariant()
    def the_store_is_where_the_model_is(self) -> None:
        for id_, at in self.model.items():
            row = self.run_(self.store.opportunity(id_))
            assert row is not None
            assert row.at == at

    @invariant()
    def each_contact_is_written_to_once_and_only_what_was_approved(self) -> None:
        left = {id_: self.run_(self.store.departures_of(id_)) for id_ in OPPORTUNITIES}
        for id_, departures in left.items():
            parts = [one.part for one in departures]
            expected = [f"{self.store.store_id}:msg:{self.approved[id_]}:0"] if id_ in self.approved else []
            assert parts == expected

    @invariant()
    def the_chain_is_whole(self) -> None:
        assert self.run_(self.store.audit_verified()).broken is None


FlowMachine.TestCase.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
TestFlow = FlowMachine.TestCase
