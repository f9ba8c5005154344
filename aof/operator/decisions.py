"""Operators decide: on a card, with a typed text, on the page. Whoever decides is looked up at that moment."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Literal, NamedTuple, cast

from aof.clock import Clock
from aof.domain.approval import Party
from aof.domain.consent import Barrier
from aof.domain.opportunity import ABOUT_DRAFT, Change, after
from aof.domain.response import Document, Response, Status, TextPart
from aof.domain.window import is_open
from aof.formatting.characters import clean
from aof.formatting.markup import verbatim
from aof.operator import calendar, cards
from aof.operator.drafts import FALLBACK, Drafting
from aof.operator.people import Operators
from aof.operator.replies import SHOW, parse_button_reply
from aof.platforms.base import Edits
from aof.platforms.ending import ended
from aof.store.approvals import ShownCard
from aof.store.base import Elsewhere, Expected
from aof.store.opportunities import DraftRow, Moved, NewDraft, NewMove, Opportunities, OpportunityRow
from aof.texts import chat
from aof.texts import opportunities as texts
from aof.texts.language import Language

EDIT_WAITS = timedelta(hours=1)
"""How long the next message of whoever pressed Edit is taken for the new text."""
MEETING_FILE = "meeting.ics"
_MOST_BRIEF = 1000
_ABOUT_CARD: frozenset[Change] = frozenset({"accept", "skip", "draft"})
"""Where the card of the opportunity says what became of it, nobody is told besides."""
_TELLS_OTHERS: frozenset[Change] = frozenset({"accept", "skip", "draft", "approve", "cancel"})


class Contactable(NamedTuple):
    """A contact as they stand now."""

    number: str
    """As the platform knows it: of some countries' numbers there are two spellings."""
    barred: Barrier | None
    """Why nothing that they did not ask for may be sent to them; None where it may be."""
    heard_at: datetime | None = None
    """When they last wrote."""


AskContactable = Callable[[str, str], Awaitable[Contactable]]
"""Of an account and a number in E.164."""
Word = Literal["decided", "press_refused", "unknown_press", "asked_for_change", "changed", "unchanged", "answered"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a press or a text, for whoever made it."""

    word: Word
    """As logs and metrics call it."""
    response: Response
    language: Language
    follows: tuple[Response, ...] = ()
    """Further messages to them."""
    expects: Expected | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    """For the audit chain, of what was refused."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """Takes decisions."""

    store: Opportunities
    clock: Clock
    operators: Operators
    drafting: Drafting
    contactable: AskContactable

    async def press(self, party: Party, button: str, *, event: str, language: Language) -> Outcome:
        """A tap on a card that was really shown to whoever tapped.

        Args:
            button: The action's id.
            event: The press's own id: repeated, it does nothing twice.
            language: For whoever is told that they decide nothing here.

        Raises:
            StoreBusy: It can't be kept, or looked up, now.
        """
        reply = parse_button_reply(button)
        if reply["kind"] == "unknown":
            return _unknown(language)
        if not self.operators.admits(party):
            return _not_an_operator(party, button, language)
        if reply["kind"] == "opportunity":
            row = await self.store.opportunity(reply["opportunity_id"])
            if row is None:
                return _unknown(language)
            if reply["action"] == SHOW:
                return await self.shown(row, party.name)
            return await self.decide(row, cast("Change", reply["action"]), party.name, event=event)
        draft = await self.store.draft(reply["draft_id"])
        row = await self.store.opportunity(draft.opportunity) if draft is not None else None
        if draft is None or row is None:
            return _unknown(language)
        if reply["action"] == "edit":
            return self._ask_for_text(row, draft, party.name)
        return await self.decide(row, cast("Change", reply["action"]), party.name, event=event, draft=draft)

    async def rewrite(self, party: Party, draft_id: str, text: str, *, event: str, language: Language) -> Outcome:
        """A new text for a draft: typed after Edit, or as a reply to its card. Nothing leaves by it.

        Raises:
            StoreBusy: It can't be kept, or looked up, now.
        """
        draft = await self.store.draft(draft_id)
        row = await self.store.opportunity(draft.opportunity) if draft is not None else None
        if draft is None or row is None:
            return _unknown(language)
        if not self.operators.admits(party):
            return _not_an_operator(party, draft_id, language)
        return await self.decide(row, "rewrite", party.name, event=event, draft=draft, text=text)

    async def decide(
        self,
        row: OpportunityRow,
        change: Change,
        who: str,
        *,
        event: str,
        draft: DraftRow | None = None,
        text: str = "",
        via: str = "",
    ) -> Outcome:
        """Move an opportunity in the name of an operator, whose right to it was looked up.

        Args:
            draft: The draft that it is about, of a change that is about one.
            text: The new text, of a rewrite.
            via: Where it is decided, if not on a phone.

        Raises:
            StoreBusy: It can't be kept, or looked up, now.
        """
        number = draft.number if draft is not None and change in ABOUT_DRAFT else 0
        language = self.operators.language_of(who, row.language)
        moved = await self.store.move_of_event(row.id, event)
        if moved is None:
            if after(row.at, change, number) is None:
                return self._nothing(row, draft, change, who, language)
            text = clean(text).strip()
            if change == "rewrite" and not self.drafting.fits(text):
                return self._too_long(draft, language)
            contact = await self.contactable(row.account, row.phone) if change == "approve" else None
            if contact is not None and contact.barred is not None:
                return _not_contactable(row, contact.barred, who, language)
            new = NewMove(
                opportunity=row.id,
                change=change,
                by=who,
                event=event,
                draft=number,
                makes=await self._makes(row, change, who, text),
                outbound=self._outbound(draft) if draft is not None and contact is not None else (),
                number=contact.number if contact is not None else "",
                told=await self._told(row, change, who),
                via=via,
                offer=cards.offer(row.id, change, draft.id if draft is not None else ""),
                settled=partial(self._settled, row, change, who, self.clock.now()),
            )
            moved = await self.store.move_opportunity(new, now=self.clock.now())
        if not moved.counted or moved.row is None:
            return self._nothing(moved.row or row, draft, change, who, language)
        return await self._done(moved, moved.row, change, language)

    async def brief(self, language: Language) -> Response:
        """All that waits, each a choice that shows its card."""
        rows = await self.store.opportunities(states=("open", "approval_required"), most=_MOST_BRIEF)
        if not rows:
            return Response(text=texts.nothing_waits(language), status=Status.NOTE)
        return cards.brief([{"id": row.id, "title": row.title, "summary": row.contact} for row in rows], language)

    async def shown(self, row: OpportunityRow, who: str) -> Outcome:
        """The card of what can be decided about an opportunity now; it decides nothing."""
        language = self.operators.language_of(who, row.language)
        draft = await self.store.draft(row.draft) if row.state == "approval_required" else None
        if draft is not None:
            return Outcome("answered", self._draft_card(row, draft, language), language)
        if row.state == "open":
            card = cards.opportunity(row.id, row.title, row.summary, language, contact=row.contact)
            return Outcome("answered", card, language)
        said = texts.nothing_changed(language, row.title, row.state, row.changed_by, row.changed_at)
        return Outcome("answered", Response(text=said, status=Status.NOTE), language)

    async def _makes(self, row: OpportunityRow, change: Change, who: str, text: str) -> NewDraft | None:
        if change in {"accept", "draft"}:
            return await self.drafting.draft(row)
        return NewDraft(text, who) if change == "rewrite" else None

    async def _told(self, row: OpportunityRow, change: Change, who: str) -> tuple[Elsewhere, ...]:
        replaced = isinstance(self.operators.platform, Edits) and change in _ABOUT_CARD
        if change not in _TELLS_OTHERS or replaced:
            return ()
        told = []
        for reader in await self.operators.readers(without=who):
            language = reader.language or row.language
            response = Response(text=texts.told(language, who, change, row.title))
            told.append(Elsewhere(reader.conversation, self.operators.parts(response, language)))
        return tuple(told)

    def _settled(self, row: OpportunityRow, change: Change, who: str, now: datetime, card: ShownCard) -> str:
        """What stands on a card that offers nothing any more."""
        language = self.operators.spoken_by(card.at.address) or row.language
        line = f"{texts.told(language, who, change, row.title)} ({now:%H:%M} UTC)"
        ending = Response(text=line, status=None if change in {"skip", "cancel"} else Status.OK)
        return ended(self.operators.platform, card.part, ending, language, alone=ending)

    # -- what whoever decided reads -------------------------------------------------------------------------------

    async def _done(self, moved: Moved, row: OpportunityRow, change: Change, language: Language) -> Outcome:
        if change in {"accept", "draft"} and moved.draft is not None:
            card = self._draft_card(row, moved.draft, language)
            return Outcome("decided", card, language, (cards.schedule(row.id, language, title=row.title),))
        if change == "rewrite" and moved.draft is not None:
            return Outcome("changed", self._draft_card(row, moved.draft, language, is_new=True), language)
        if change == "schedule":
            return Outcome("decided", self._meeting(row, language), language)
        if change == "approve":
            said = await self._approved(row, language)
        elif change == "skip":
            said = texts.skipped(language, row.title)
        else:
            said = texts.cancelled(language, row.title)
        return Outcome("decided", Response(text=said, status=Status.OK), language)

    async def _approved(self, row: OpportunityRow, language: Language) -> str:
        platform = self.operators.platform
        if (held := platform.held_by()) is not None:
            return texts.approved_and_held(language, row.contact, held.reason)
        heard_at = (await self.contactable(row.account, row.phone)).heard_at
        if not is_open(heard_at, platform.window, self.clock.now()):
            return texts.approved_for_later(language, row.contact)
        return texts.approved(language, row.contact)

    def _draft_card(
        self, row: OpportunityRow, draft: DraftRow, language: Language, *, is_new: bool = False
    ) -> Response:
        markup, is_template = self.operators.platform.markup, draft.written_by == FALLBACK
        return cards.draft(
            draft.id, draft.text, language, markup, contact=row.contact, is_new=is_new, is_template=is_template
        )

    def _outbound(self, draft: DraftRow) -> tuple[TextPart, ...]:
        return (TextPart(text=verbatim(draft.text, self.operators.platform.markup)),)

    def _meeting(self, row: OpportunityRow, language: Language) -> Response:
        # a press that is answered again after a crash makes the same file
        now = row.changed_at
        at = calendar.proposed(now)
        name = texts.meeting_name(row.language, row.contact, row.title)
        file = calendar.meeting(f"{row.id}@aof", name, texts.meeting_note(row.language), at=at, now=now)
        return Response(
            text=texts.scheduled(language, row.contact, f"{at:%Y-%m-%d %H:%M} UTC"),
            documents=(Document(name=MEETING_FILE, text=file),),
        )

    def _ask_for_text(self, row: OpportunityRow, draft: DraftRow, who: str) -> Outcome:
        language = self.operators.language_of(who, row.language)
        if draft.state != "waiting":
            return self._nothing(row, draft, "rewrite", who, language)
        expected = Expected("draft", draft.id, self.clock.now() + EDIT_WAITS)
        said = texts.send_the_text(language, row.contact)
        return Outcome("asked_for_change", Response(text=said), language, expects=expected)

    def _too_long(self, draft: DraftRow | None, language: Language) -> Outcome:
        expected = Expected("draft", draft.id, self.clock.now() + EDIT_WAITS) if draft is not None else None
        said = texts.text_too_long(language, self.operators.platform.limits.text.most)
        return Outcome("unchanged", Response(text=said, status=Status.NOTE), language, expects=expected)

    def _nothing(
        self, row: OpportunityRow, draft: DraftRow | None, change: Change, who: str, language: Language
    ) -> Outcome:
        """A second, late or misplaced press: nothing is changed, and whoever made it is told where things stand."""
        if draft is not None and change in ABOUT_DRAFT and draft.number != row.at.draft:
            said = texts.nothing_changed_about_draft(language, "superseded")
        elif draft is not None and change in ABOUT_DRAFT and row.state in {"approved", "cancelled"}:
            said = texts.nothing_changed_about_draft(language, "approved" if row.state == "approved" else "cancelled")
        elif change == "schedule" and row.at.scheduled:
            said = texts.scheduled_before(language)
        elif change == "schedule" and row.state == "open":
            said = texts.not_yet_scheduled(language)
        else:
            said = texts.nothing_changed(language, row.title, row.state, row.changed_by, row.changed_at)
        facts = {"opportunity": row.id, "by": who, "refused": change, "state": row.state}
        return Outcome("press_refused", Response(text=said, status=Status.NOTE), language, facts=facts)


def _not_contactable(row: OpportunityRow, barred: Barrier, who: str, language: Language) -> Outcome:
    said = texts.not_contactable(language, row.contact, barred)
    facts = {"opportunity": row.id, "draft": row.draft, "by": who, "refused": "consent", "barrier": barred}
    return Outcome("press_refused", Response(text=said, status=Status.FAILED), language, facts=facts)


def _not_an_operator(party: Party, subject: str, language: Language) -> Outcome:
    said = texts.not_an_operator(language)
    facts = {"button": subject, "by": party.name or party.key, "refused": "no operator"}
    return Outcome("press_refused", Response(text=said, status=Status.NOTE), language, facts=facts)


def _unknown(language: Language) -> Outcome:
    return Outcome("unknown_press", Response(text=chat.unknown_button(language), status=Status.NOTE), language)
