"""The cards on which people are asked: for whom, and what stands on them."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from aof.domain.approval import Approvers, Party, Proposal
from aof.domain.response import Action, Part, Response, Status
from aof.pipeline.order import Order
from aof.pipeline.parties import Parties, aliases, shown
from aof.platforms.base import AnyPlatform, render_for
from aof.store.approvals import ApprovalRow, Card, NewApproval, Reachable
from aof.store.base import Elsewhere
from aof.texts import approvals as texts
from aof.texts.language import Language

if TYPE_CHECKING:
    from aof.tools.gate import Asked

APPROVE, EDIT, DENY = "approve", "edit", "deny"
PREFIX = "appr:"


class Reaches(Protocol):
    """Where people can be written to."""

    async def reach(self, platform: str, ids: Sequence[str]) -> Reachable | None: ...

    async def suspended(self) -> Mapping[str, datetime]: ...

    async def cards_of(self, id_: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who may decide and can be written to."""

    party: Party
    at: Reachable
    language: Language


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
            at = await self._reach(party)
            if at is not None and await self.admits(at):
                found.append(Recipient(party, at, self.languages.get(party.name, self.language)))
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
                self.card(id_, proposal, one, expires_at, now, editor=editor, before=before) for one in recipients
            ),
        )
        return Question(approval, recipients, later(order, reached, everybody), order.next_at(reached))

    def card(
        self,
        id_: str,
        proposal: Proposal,
        to: Recipient,
        expires_at: datetime,
        now: datetime,
        *,
        editor: Party | None = None,
        before: Proposal | None = None,
        again: bool = False,
        before_them: Sequence[str] = (),
    ) -> Card:
        """One question for one person."""
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
        self, row: ApprovalRow, state: str, who: str, now: datetime, *, without: str = "", own: str = ""
    ) -> tuple[Elsewhere, ...]:
        """Those who were asked read that it is over: all but one person, and one conversation.

        Args:
            who: Who decided, as people read it.
            without: The key of whoever knows already.
            own: Where it is being said anyway.
        """
        asked = set(await self.store.cards_of(row.id)) - {own}
        told = []
        for to in await self.recipients(row.proposal):
            if to.at.conversation in asked and to.party.key != without:
                text = texts.decided(to.language, row.proposal.argv, state, who, f"{now:%H:%M} UTC")
                told.append(Elsewhere(to.at.conversation, self.parts(Response(text=text), to)))
        return tuple(told)

    def parts(self, response: Response, to: Recipient) -> tuple[Part, ...]:
        """A response as the platform of its reader shows it."""
        return render_for(self.platforms[to.at.account], response, to.language).parts

    def said(self, account: str, response: Response, language: Language) -> tuple[Part, ...]:
        """A response as one account sends it."""
        return render_for(self.platforms[account], response, language).parts

    async def recipient(self, party: Party) -> Recipient | None:
        """Somebody as a reader; None where they never wrote here."""
        at = await self._reach(party)
        return Recipient(party, at, self.languages.get(party.name, self.language)) if at else None

    async def _reach(self, party: Party) -> Reachable | None:
        for platform in sorted({platform.name for platform in self.platforms.values()}):
            ids = aliases(party, platform)
            at = await self.store.reach(platform, ids) if ids else None
            if at is not None and at.account in self.platforms:
                return at
        return None


def actions(language: Language, id_: str) -> tuple[Action, ...]:
    """The buttons of a card, in their order."""
    return (
        Action(id=f"{PREFIX}{id_}:{APPROVE}", title=texts.approve_title(language)),
        Action(id=f"{PREFIX}{id_}:{EDIT}", title=texts.edit_title(language)),
        Action(id=f"{PREFIX}{id_}:{DENY}", title=texts.deny_title(language)),
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
