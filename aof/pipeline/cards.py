"""The cards on which people are asked: for whom, and what stands on them."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from aof.domain.approval import Approvers, Party, Proposal
from aof.domain.response import Action, Part, Response, Status
from aof.pipeline.order import Order
from aof.pipeline.parties import Parties, aliases, shown
from aof.platforms.base import AnyPlatform, Edits, render_for
from aof.platforms.ending import ended
from aof.store.approvals import ApprovalRow, Card, NewApproval, Reachable, ShownCard
from aof.store.base import Elsewhere, Standing
from aof.texts import approvals as texts
from aof.texts.calls import block
from aof.texts.language import Language

if TYPE_CHECKING:
    from aof.tools.gate import Asked

APPROVE, EDIT, DENY = "approve", "edit", "deny"
PREFIX = "appr:"
_NEVER = datetime.min.replace(tzinfo=UTC)


class Reaches(Protocol):
    """Where people can be written to."""

    async def reach(self, platform: str, ids: Sequence[str]) -> Reachable | None: ...

    async def suspended(self) -> Mapping[str, datetime]: ...

    async def cards_of(self, id_: str) -> list[Reachable]: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody reads, and in which language."""

    at: Reachable
    language: Language


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who may decide, with every account on which they can be written to: one of them may be asleep."""

    party: Party
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is kept of a question to people, and who they are."""

    approval: NewApproval
    recipients: list[Recipient]
    """Whoever is asked at once."""
    later: list[Recipient]
    """Who is asked next where nobody decides; empty: nobody else."""
    later_at: datetime


@dataclass(frozen=True, slots=True)
class Cards:
    """Makes the cards, and knows who gets one."""

    store: Reaches
    platforms: Mapping[str, AnyPlatform]
    """By account."""
    parties: Parties
    languages: Mapping[str, Language]
    """Of people who have one of their own, by name."""
    language: Language
    """The daemon's."""
    admits: Callable[[Reachable], Awaitable[bool]]
    """Whether somebody may still be written to: who was let in once may have been taken off the list since."""

    async def recipients(self, proposal: Proposal, *, without: str = "") -> list[Recipient]:
        """Who is asked: all whom the rule names and who ever wrote here, but for who asked, and who changed it."""
        found: list[Recipient] = []
        suspended = await self.store.suspended()
        barred = set() if proposal.approvers.allows_self else {proposal.requester.key, without}
        for party in self.parties.who_may(proposal.approvers):
            if party.key in barred or party.name in suspended:
                continue
            places = [place for place in await self._places(party) if await self.admits(place.at)]
            if places:
                found.append(Recipient(party, tuple(places)))
        return found

    async def can_be_asked(self, proposal: Proposal) -> list[str]:
        """The names of all who could be asked."""
        return names(await self.recipients(proposal))

    async def ask(
        self, asked: "Asked", now: datetime, *, editor: Party | None = None, before: Proposal | None = None
    ) -> Question:
        """The question about a call, with a card for everybody who is asked about it first."""
        # one that begins with a dash would be an option to the command line
        id_ = secrets.token_hex(8)
        proposal, expires_at = asked.proposal, now + asked.ruling.ask_for
        everybody = await self.recipients(proposal, without=editor.key if editor else "")
        order, known = Order(proposal.approvers, now, asked.ruling.ask_for), [one.party for one in everybody]
        reached = order.first(known)
        recipients = among(everybody, order.asked(reached, known))
        approval = NewApproval(
            id=id_,
            proposal=proposal,
            fingerprint=proposal.fingerprint(expires_at),
            expires_at=expires_at,
            nudge_at=order.next_at(reached),
            reached=reached,
            cards=tuple(
                self.card(id_, proposal, place, expires_at, now, editor=editor, before=before)
                for one in recipients
                for place in one.places
            ),
        )
        return Question(approval, recipients, later(order, reached, everybody), order.next_at(reached))

    def card(
        self,
        id_: str,
        proposal: Proposal,
        to: Place,
        expires_at: datetime,
        now: datetime,
        *,
        editor: Party | None = None,
        before: Proposal | None = None,
        again: bool = False,
        before_them: Sequence[str] = (),
    ) -> Card:
        """One question for one person on one account."""
        text = texts.card(
            to.language,
            proposal,
            requester=shown(proposal.requester),
            left=expires_at - now,
            editor=shown(editor) if editor else "",
            before=before.argv if before else (),
            again=again,
            before_them=before_them,
            fingerprint=proposal.fingerprint(expires_at),
        )
        response = Response(text=text, status=Status.WARNING, actions=actions(to.language, id_))
        return Card(to.at.conversation, self.parts(response, to))

    async def outcome(
        self, row: ApprovalRow, state: str, who: str, now: datetime, *, own: str = ""
    ) -> tuple[Elsewhere, ...]:
        """Those who were asked read that it is over, once in each conversation where a card stays as it was. Whoever
        decided reads it on their other accounts: it may not have been them.

        Args:
            who: Who decided, as people read it.
            own: The conversation where it is being said anyway.
        """
        told = []
        for place in await self._stale(row, own):
            text = texts.decided(place.language, row.proposal.argv, state, who, f"{now:%H:%M} UTC")
            told.append(Elsewhere(place.at.conversation, self.parts(Response(text=text), place)))
        return tuple(told)

    async def undecided(self, row: ApprovalRow, *, own: str) -> tuple[Elsewhere, ...]:
        """The same where nobody decided."""
        told = []
        for place in await self._stale(row, own):
            text = texts.ended(place.language, row.proposal.argv, row.state, "", "")
            response = Response(text=text, status=Status.NOTE)
            told.append(Elsewhere(place.at.conversation, self.parts(response, place)))
        return tuple(told)

    async def _stale(self, row: ApprovalRow, own: str) -> list[Place]:
        """Where a card was sent that can't be replaced, of those who may still be written to."""
        asked = [at for at in await self.store.cards_of(row.id) if at.conversation != own]
        stay = [at for at in asked if at.account in self.platforms and not self._edits(at.account)]
        return [self.place(at) for at in stay if await self.admits(at)]

    def settled(self, row: ApprovalRow, card: ShownCard) -> str:
        """What stands on a card from now on; empty where its platform replaces nothing."""
        platform = self.platforms.get(card.at.account)
        if platform is None:
            return ""
        language = self.place(card.at).language
        at = f"{row.decided_at:%H:%M} UTC" if row.decided_at else ""
        approved = [vote.who for vote in row.votes if vote.verdict == "approve"] if row.use_by else []
        who = ", ".join(approved) or row.decided_by
        status, line = texts.on_the_card(language, row.state, who, at, was_approved=bool(approved))
        ending = Response(text=line, status=status)
        alone = ending.model_copy(update={"text": f"{line}\n\n{block(row.proposal.argv)}"})
        return ended(platform, card.part, ending, language, alone=alone)

    def _edits(self, account: str) -> bool:
        return isinstance(self.platforms.get(account), Edits)

    def parts(self, response: Response, to: Place) -> tuple[Part, ...]:
        """A response as the platform of its reader shows it."""
        return render_for(self.platforms[to.at.account], response, to.language).parts

    def said(self, account: str, response: Response, language: Language) -> tuple[Part, ...]:
        """A response as one account sends it."""
        return render_for(self.platforms[account], response, language).parts

    async def nearest(self, party: Party) -> Place | None:
        """Where somebody wrote last; None where they never did."""
        return max(await self._places(party), key=lambda place: place.at.heard_at or _NEVER, default=None)

    def place(self, at: Reachable) -> Place:
        """With the language of whoever is there: their own by the configuration, else what was last spoken there."""
        name = self.parties.of(at.account.partition(":")[0], at.address.person, Standing()).name
        return Place(at, self.languages.get(name) or at.language or self.language)

    async def _places(self, party: Party) -> list[Place]:
        found = []
        for platform in sorted({platform.name for platform in self.platforms.values()}):
            ids = aliases(party, platform)
            at = await self.store.reach(platform, ids) if ids else None
            if at is not None and at.account in self.platforms:
                found.append(self.place(at))
        return found


def actions(language: Language, id_: str) -> tuple[Action, ...]:
    """The buttons of a card, in their order."""
    return (
        Action(id=f"{PREFIX}{id_}:{APPROVE}", title=texts.approve_title(language), style="good"),
        Action(id=f"{PREFIX}{id_}:{EDIT}", title=texts.edit_title(language)),
        Action(id=f"{PREFIX}{id_}:{DENY}", title=texts.deny_title(language), style="danger"),
    )


def among(recipients: Sequence[Recipient], parties: Sequence[Party]) -> list[Recipient]:
    """Those who are one of these people."""
    keys = {party.key for party in parties}
    return [one for one in recipients if one.party.key in keys]


def later(order: Order, reached: int, recipients: Sequence[Recipient]) -> list[Recipient]:
    """Whom the next steps ask of whom nobody has been asked so far."""
    known = [one.party for one in recipients]
    asked = {party.key for party in order.asked(reached, known)}
    then = order.asked(order.due(reached, order.next_at(reached), known), known)
    return among(recipients, [party for party in then if party.key not in asked])


def names(recipients: Sequence[Recipient]) -> list[str]:
    return [shown(one.party) for one in recipients]


def rule_in_words(approvers: Approvers) -> list[str]:
    """Whom a rule names, for the audit chain."""
    everyone = ["*"] if approvers.everyone else []
    return [
        *everyone,
        *sorted(approvers.people),
        *(f"@{role}" for role in sorted(approvers.roles)),
        *sorted(approvers.ids),
    ]


def may_see(row: ApprovalRow, party: Party) -> bool:
    """Whether somebody has to do with a question: they asked, or may decide."""
    return party.key == row.proposal.requester.key or row.proposal.approvers.admits(party)
