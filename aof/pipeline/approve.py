"""People decide about calls that wait: a tap, a change, a question, the list of what is open, the kill switch."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aof.agents.base import Acts, Agent, Explains, Resumed, Turn
from aof.clock import Clock
from aof.domain.approval import USABLE_FOR, Party, Verdict, bar
from aof.domain.errors import AgentError
from aof.domain.message import ButtonPress, InboundMessage
from aof.domain.response import Response, Status
from aof.domain.risk import Risk
from aof.pipeline.budget import OverBudget
from aof.pipeline.cards import APPROVE, DENY, EDIT, PREFIX, Cards, Place, may_see, names
from aof.pipeline.consult import Consulting, ConsultStore, shown_names
from aof.pipeline.parties import Parties, shown
from aof.pipeline.said import Answer, Effects, Said
from aof.store.approvals import ApprovalRow, Reachable
from aof.store.base import Elsewhere, EventLease, Expected
from aof.texts import approvals as texts
from aof.texts.language import Language
from aof.tools.base import CallRefused, Context, Plan, Scope
from aof.tools.gate import Gate, propose, refusal

MOST_CARDS = 5
"""Cards that `/approvals` shows at once."""
OFF = frozenset({"off", "إيقاف"})
"""Behind /killswitch: what lifts it."""
_WHY = frozenset({"why", "why?", "لماذا", "لماذا؟", "ليش", "ليش؟"})
_PAIR = re.compile(r"(\w+)=(.*)")
# what phones make of what was typed
_TYPED = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " "})
_DASH = re.compile(r"(?<!\S)[—–](?=\w)")


@dataclass(frozen=True, slots=True)
class Deciding:
    """Takes decisions; whoever makes one is looked up at that moment."""

    store: ConsultStore
    clock: Clock
    parties: Parties
    cards: Cards
    consulting: Consulting
    gate: Gate

    def party(self, lease: EventLease) -> Party:
        return self.parties.of(lease.event.platform, lease.event.sender, lease.standing)

    async def press(self, lease: EventLease, press: ButtonPress, language: Language) -> Answer:
        """A tap on a card.

        Raises:
            StoreBusy: It can't be kept now.
        """
        id_, _, verb = press.action_id.removeprefix(PREFIX).rpartition(":")
        row = await self.store.approval(id_)
        if row is None or verb not in {APPROVE, EDIT, DENY}:
            return Answer.sentence("unknown_press", texts.gone(language), language, status=Status.NOTE)
        party = self.party(lease)
        if barred := bar(row.proposal, party, editor=row.editor.key if row.editor else ""):
            return _refused(row, party, barred, texts.may_not(language, barred), language)
        if verb == EDIT:
            return self._begin_edit(row, party, language)
        return await self._vote(row, party, "approve" if verb == APPROVE else "deny", lease, press, language)

    async def _vote(
        self,
        row: ApprovalRow,
        party: Party,
        verdict: Verdict,
        lease: EventLease,
        press: ButtonPress,
        language: Language,
    ) -> Answer:
        now = self.clock.now()
        voted = await self.store.vote(
            row.id, party, verdict, event=press.event_id, note="", now=now, use_by=now + USABLE_FOR
        )
        row = voted.row or row
        if not voted.counted:
            if row.state == "asked" and row.expires_at > now:
                return _refused(row, party, "voted before", texts.voted_before(language), language)
            return _refused(row, party, row.state, self._ended(row, language), language)
        given = sum(vote.verdict == "approve" for vote in row.votes)
        state = "denied" if verdict == "deny" else "asked" if not voted.decided else "approved"
        proposal = row.proposal
        text = texts.your_vote(
            language, proposal.argv, state, given, proposal.approvers.needed, shown(proposal.requester)
        )
        others: tuple[Elsewhere, ...] = ()
        if voted.decided:
            others = await self.cards.outcome(row, state, shown(party), now, own=lease.conversation)
        facts = {"approval": row.id, "verdict": verdict, "by": party.key, "fingerprint": row.fingerprint}
        status = None if state == "denied" else Status.OK
        return Answer.sentence("decided", text, language, status=status, effects=Effects(elsewhere=others, facts=facts))

    def _ended(self, row: ApprovalRow, language: Language) -> str:
        state = "lapsed" if row.state == "asked" else row.state
        at = f"{row.decided_at:%H:%M} UTC" if row.decided_at else ""
        return texts.ended(language, row.proposal.argv, state, shown_names(row), at)

    # -- a changed command ------------------------------------------------------------------------------------------

    def _begin_edit(self, row: ApprovalRow, party: Party, language: Language) -> Answer:
        if row.state != "asked" or row.expires_at <= self.clock.now():
            return _refused(row, party, row.state, self._ended(row, language), language)
        expected = Expected("edit", row.id, row.expires_at)
        text = texts.send_the_change(language, row.proposal.argv)
        return Answer.sentence("asked_for_change", text, language, status=None, effects=Effects(expects=expected))

    async def change(self, lease: EventLease, message: InboundMessage, id_: str, language: Language) -> Answer:
        """What was typed after Edit: understood, classified and asked for like any call, from no votes.

        Raises:
            StoreBusy: It can't be kept now.
        """
        now, party = self.clock.now(), self.party(lease)
        row = await self.store.approval(id_)
        if row is None:
            return Answer.sentence("unknown_press", texts.gone(language), language, status=Status.NOTE)
        if barred := bar(row.proposal, party, editor=row.editor.key if row.editor else ""):
            return _refused(row, party, barred, texts.may_not(language, barred), language)
        agent = self.consulting.router.agents.get(row.proposal.agent)
        tool = agent.tool(row.proposal.tool) if agent is not None and isinstance(agent, Acts) else None
        run = await self.store.run_of(row.run)
        if run is None or tool is None:
            return Answer.sentence("unknown_press", texts.gone(language), language, status=Status.NOTE)
        scope = self.consulting.scope_of(row, run.account, language)
        try:
            plan = await tool.plan(changed_arguments(row.proposal.arguments, message.text), scope)
        except CallRefused as error:
            return _unchanged(language, str(error))
        if plan.argv == row.proposal.argv:
            return _unchanged(language, texts.same_command(language))
        ruling = self.gate.judge(plan, scope)
        if ruling.does == "refuse":
            return _unchanged(language, refusal(plan, scope, ruling).rstrip("."))
        asked = propose(plan, scope, row.call, ruling)
        question = await self.cards.ask(asked, now, editor=party, before=row.proposal)
        approval, recipients = question.approval, question.recipients
        needed = asked.proposal.approvers.needed
        if len(recipients) < needed:
            return _unchanged(language, texts.too_few_after_edit(language, needed, names(recipients)))
        kept = await self.store.supersede(row.id, approval, party, event=message.event_id, now=now)
        if kept is None:
            newest = await self.store.approval(row.id) or row
            return _refused(newest, party, newest.state, self._ended(newest, language), language)
        text = texts.changed(language, kept.proposal.argv, names(recipients))
        told = await self._tell_requester(kept, run.account, party, names(recipients), own=lease.conversation)
        return Answer.sentence("changed", text, language, status=Status.OK, effects=Effects(elsewhere=told))

    async def _tell_requester(
        self, row: ApprovalRow, account: str, editor: Party, who: list[str], *, own: str
    ) -> tuple[Elsewhere, ...]:
        if row.conversation == own:
            return ()
        language = self.cards.languages.get(row.proposal.requester.name, self.cards.language)
        text = texts.was_changed(language, shown(editor), row.proposal.argv, who)
        return (Elsewhere(row.conversation, self.cards.said(account, Response(text=text), language)),)

    # -- a question about it -----------------------------------------------------------------------------------------

    async def why(self, lease: EventLease, message: InboundMessage, language: Language) -> Answer | None:
        """An answer to a question about a card, which decides nothing; None where the message is not one.

        Raises:
            StoreBusy: What is open can't be looked up now.
        """
        row = await self.asked_about(lease, message)
        if row is None:
            return None
        run = await self.store.run_of(row.run)
        agent = self.consulting.router.agents.get(row.proposal.agent)
        text = texts.why_answer(language, row.proposal, requester=shown(row.proposal.requester))
        if run is not None and agent is not None and isinstance(agent, Explains):
            scope = self.consulting.scope_of(row, run.account, language)
            turn = Turn(message.text, None, language, self.clock.now(), scope=scope, resumed=Resumed(run.history, {}))
            try:
                async with self.consulting.budgeting.reserved(agent, turn):
                    said = await agent.explain(turn, run.history, row.call)
            except (AgentError, OverBudget):
                pass
            else:
                text = f"{text}\n\n{said.text}"
        elsewhere: tuple[Elsewhere, ...] = ()
        if row.state == "asked":
            here = _here(lease, language)
            card = self.cards.card(row.id, row.proposal, here, row.expires_at, self.clock.now(), editor=row.editor)
            elsewhere = (Elsewhere(card.conversation, card.parts, approval=row.id),)
        return Answer.sentence("explained", text, language, status=None, effects=Effects(elsewhere=elsewhere))

    async def asked_about(self, lease: EventLease, message: InboundMessage) -> ApprovalRow | None:
        """The call that a message asks about; None where it asks about none."""
        if message.reply_to:
            id_ = await self.store.approval_shown(lease.conversation, message.reply_to)
            return await self.store.approval(id_) if id_ else None
        if message.text.strip().casefold() not in _WHY:
            return None
        for row in reversed(await self.store.open_approvals()):
            if lease.conversation in {at.conversation for at in await self.store.cards_of(row.id)}:
                return row
        return None

    # -- what is open ------------------------------------------------------------------------------------------------

    async def listing(self, lease: EventLease, language: Language) -> Said:
        """The cards that somebody may decide about, once more, and what they wait for themselves."""
        party, now = self.party(lease), self.clock.now()
        rows = [row for row in await self.store.open_approvals() if may_see(row, party) and row.state == "asked"]
        if not rows:
            return Said(Response(text=texts.nothing_open(language), status=Status.NOTE))
        cards: list[Elsewhere] = []
        lines = [texts.open_heading(language, len(rows))]
        for row in rows:
            barred = bar(row.proposal, party, editor=row.editor.key if row.editor else "")
            if barred is None and len(cards) < MOST_CARDS:
                card = self.cards.card(
                    row.id, row.proposal, _here(lease, language), row.expires_at, now, editor=row.editor
                )
                cards.append(Elsewhere(lease.conversation, card.parts, approval=row.id))
            lines.append(
                texts.open_line(language, row.proposal.argv, shown(row.proposal.requester), row.expires_at - now)
            )
        return Said(Response(text="\n".join(lines)), Effects(elsewhere=tuple(cards)))

    def rights(self, lease: EventLease, language: Language) -> str:
        """What the sender may have done here, and for whom they may decide."""
        party, place = self.party(lease), self.consulting.contexts.of(lease)
        event = lease.event
        scope = Scope(
            requester=party,
            platform=event.platform,
            is_group=event.group,
            context=place.tools if place else Context(),
        )
        does = {risk: self.gate.judge(Plan("", {}, (), risk), scope) for risk in (Risk.WRITE, Risk.DELETE)}
        asks = next((ruling for ruling in does.values() if ruling.does == "ask"), None)
        who = sorted({shown(one) for one in self.parties.who_may(asks.approvers)}) if asks else []
        return texts.rights(
            language,
            write=does[Risk.WRITE].does,
            delete=does[Risk.DELETE].does,
            who=who,
            decides=self.gate.may_lift(party, event.platform),
        )

    async def budgets(self, lease: EventLease, agent: Agent, language: Language) -> list[str]:
        """How much of the day is gone that the sender shares in, a line a budget.

        Raises:
            StoreBusy: It can't be looked up now.
        """
        scope = Scope(agent=agent.name, requester=self.party(lease), conversation=lease.conversation)
        return await self.consulting.budgeting.lines(scope, language)

    async def withdraw(self, lease: EventLease) -> int:
        """End what the sender's own runs wait for in this chat; return how many questions that were."""
        party = self.party(lease)
        return await self.store.void_all(
            by="cancel", now=self.clock.now(), conversation=lease.conversation, requester=party.key
        )

    async def killswitch(self, lease: EventLease, rest: str, language: Language) -> Said:
        """Show or throw the switch: on for everybody who may talk here, off for those who may approve."""
        party, now, wanted = self.party(lease), self.clock.now(), rest.strip().casefold()
        on = await self.store.is_on("killswitch")
        ended = 0
        if wanted in OFF and on:
            if not self.gate.may_lift(party, lease.event.platform):
                facts = {"by": party.key, "refused": "killswitch off"}
                return Said(
                    Response(text=texts.killswitch_not_yours(language), status=Status.FAILED), Effects(facts=facts)
                )
            await self.store.switch("killswitch", on=False, by=party.key, now=now)
            on = False
        elif wanted not in {*OFF, "status", "حالة"}:
            await self.store.switch("killswitch", on=True, by=party.key, now=now)
            ended = await self.store.void_all(by="killswitch", now=now)
            on = True
        return Said(
            Response(text=texts.killswitch(language, on=on, ended=ended), status=Status.WARNING if on else None)
        )


def changed_arguments(arguments: Mapping[str, Any], typed: str) -> dict[str, Any]:
    """What an edit makes of the arguments: `key=value` lines where each names one of them, else a new command.

    Raises:
        CallRefused: It is neither.
    """
    text = _DASH.sub("--", typed.strip().translate(_TYPED)).strip("`").strip()
    pairs = [_PAIR.fullmatch(line.strip()) for line in text.splitlines() if line.strip()]
    if pairs and all(pair and pair[1] in arguments for pair in pairs):
        given = {pair[1]: pair[2].strip() for pair in pairs if pair}
        return {**arguments, **{name: _like(arguments[name], value) for name, value in given.items()}}
    if "command" in arguments:
        return {**arguments, "command": text}
    raise CallRefused("write key=value lines, with the names " + ", ".join(sorted(arguments)))


def _like(before: Any, typed: str) -> Any:
    """A typed value of the kind that stood there before."""
    if isinstance(before, str):
        return typed
    try:
        return json.loads(typed)
    except ValueError:
        return typed


def _here(lease: EventLease, language: Language) -> Place:
    """Where somebody has written just now."""
    at = Reachable(lease.conversation, lease.event.account, lease.address, lease.received_at, lease.language)
    return Place(at, language)


def _refused(row: ApprovalRow, party: Party, why: str, text: str, language: Language) -> Answer:
    facts = {"approval": row.id, "by": party.key, "refused": why, "state": row.state}
    return Answer.sentence("press_refused", text, language, status=Status.NOTE, effects=Effects(facts=facts))


def _unchanged(language: Language, why: str) -> Answer:
    return Answer.sentence("unchanged", texts.unchanged(language, why), language, status=Status.NOTE)
