"""An agent is asked, and a run that waited for people goes on: its reply becomes an answer with all that it does."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from aof.agents.base import Acts, Agent, Answered, ApprovalNeeded, AsksModel, Attachment, Decision, Reply, Resumed, Turn
from aof.clock import Clock
from aof.domain.approval import Party
from aof.domain.errors import AgentError, StoreBusy
from aof.domain.message import ButtonPress, InboundMessage, Spoken
from aof.domain.response import Action, Response, Status
from aof.formatting.actions import with_offered_actions
from aof.pipeline.budget import Budgeting, OverBudget
from aof.pipeline.cards import Cards, names, rule_in_words
from aof.pipeline.contexts import Contexts
from aof.pipeline.parties import Parties
from aof.pipeline.route import Route, Router, Trigger
from aof.pipeline.said import AgentBroken, Answer, Effects
from aof.store.approvals import ApprovalRow, Approvals, Ledger, Pause, RunRow
from aof.store.base import Elsewhere, EventLease, Remembered, Store
from aof.texts import approvals as texts
from aof.texts import calls, waiting
from aof.texts.language import Language
from aof.tools.base import Context, Record, Scope
from aof.tools.gate import Asked

_NOT_RUN = frozenset({"denied", "lapsed", "void"})
MOST_REASON = 300
"""Characters of an agent's words on a card."""
LONG_TEXT = 4_000
"""Characters that are looked through and rendered within a few milliseconds."""


class ConsultStore(Store, Approvals, Ledger, Protocol):
    """Everything that a run needs of a store."""


@dataclass(frozen=True, slots=True)
class Memory:
    """`spec.memory`: what agents may remember of a conversation."""

    enabled: bool = True
    most: int = 10
    """Turns that are given to an agent."""
    lasts: timedelta = timedelta(hours=1)
    not_before: datetime | None = None
    """What was said before is forgotten: when the daemon started, where the memory is the process's."""


class Began(Protocol):
    """Hears that an agent works on an event, and whether a model does."""

    def __call__(self, lease: EventLease, record: Record, *, thinks: bool) -> None: ...


Offer = Callable[[str, Language], tuple[str, tuple[Action, ...]]]
"""What needs no model and fits a text: the agent that does it, and the choices that start it."""


@dataclass(frozen=True, slots=True)
class Consulting:
    """Asks agents."""

    store: ConsultStore
    clock: Clock
    router: Router
    parties: Parties
    cards: Cards
    contexts: Contexts
    budgeting: Budgeting
    memory: Memory = Memory()
    memories: Mapping[str, Memory] = field(default_factory=dict)
    """Of agents that say it themselves, by name."""
    offer: Offer | None = None
    """Asked where an agent fails, or may not be asked."""
    began: Began | None = None
    """Told that an agent is about to be asked."""

    async def ask(
        self,
        event: InboundMessage | ButtonPress,
        lease: EventLease,
        route: Route,
        language: Language,
        press: ButtonPress | None,
        attachments: tuple[Attachment, ...] = (),
    ) -> Answer:
        """What an agent says to somebody.

        Raises:
            AgentBroken: The agent has a fault.
            StoreBusy: What it needs can't be looked up now.
        """
        agent, run = route.agent, f"r{lease.seq}"
        requester = self.parties.of(event.platform, event.sender, lease.standing)
        place = self.contexts.of(lease)
        scope = self._scope(lease, run, agent, requester, place.tools if place else Context(), language)
        turn = Turn(event.text, press, language, self.clock.now(), scope, attachments=attachments)
        if isinstance(agent, Acts):
            if lease.attempt > 1 and not agent.repeats and (steps := await self.store.steps_of(run)):
                lines = [calls.ran(language, step.argv, step.state, "", ()) for step in steps]
                text = "\n\n".join([calls.repeated_after_crash(language), *lines])
                return Answer.sentence("answered", text, language, status=None)
            waiting = [row for paused in await self.store.paused_in(lease.conversation) for row in paused.approvals]
            commands = tuple(row.proposal.argv for row in waiting if row.state == "asked")
            scope = replace(scope, looks_only=bool(commands))
            turn = replace(turn, scope=scope, history=await self._history(lease, agent, event), waiting=commands)
        reply = await self._reply(agent, turn, repeats=lease.interrupted or lease.attempt > 1)
        if isinstance(reply, Answer):
            return replace(reply, route=route.reason)
        answer = await self._taken(reply, lease, agent, turn)
        return replace(answer, route=route.reason)

    async def go_on(self, lease: EventLease, run_id: str, language: Language) -> Answer:
        """What comes of a run for which people have decided.

        Raises:
            AgentBroken: The agent has a fault.
            StoreBusy: What it needs can't be looked up now.
        """
        run = await self.store.run_of(run_id)
        if run is None or run.state == "finished":
            return Answer("answered")
        agent = self.router.agents.get(run.agent)
        told = await self._tell_others(run, lease.conversation)
        if agent is None or not isinstance(agent, Acts) or agent.digest != run.digest:
            open_ = [row.id for row in run.approvals if row.state in {"asked", "approved"}]
            await self.store.void(open_, by="changed agent", now=self.clock.now())
            text = texts.agent_changed(language, run.agent)
            return Answer.sentence(
                "refused", text, language, status=Status.WARNING, effects=Effects(resumes=run_id, elsewhere=told)
            )
        if all(row.state == "void" and row.decided_by == "cancel" for row in run.approvals):
            # whoever took it back was told so then
            return Answer("cancelled", effects=Effects(resumes=run_id, elsewhere=told))
        place = self.contexts.known.get(run.context)
        scope = self._scope(lease, run_id, agent, run.requester, place.tools if place else Context(), language)
        turn = Turn(
            text="",
            press=None,
            language=language,
            now=self.clock.now(),
            scope=scope,
            history=await self._history(lease, agent, lease.event),
            resumed=Resumed(run.history, {row.call: _decision(row) for row in run.approvals}),
        )
        reply = await self._reply(agent, turn)
        if isinstance(reply, Answer):
            return replace(reply, route="resumed", effects=Effects(resumes=run_id, elsewhere=told))
        if isinstance(reply, Answered) and all(row.state in _NOT_RUN for row in run.approvals):
            # who decided what is said above; the agent only remembers it
            reply = replace(reply, response=Response(text=""))
        before = [*_not_done(run, language), *_notes(run, language)]
        answer = await self._taken(reply, lease, agent, turn, before=before)
        told = (*told, *await self._tell_deciders(run, scope.record, lease.conversation))
        effects = replace(answer.effects, resumes=run_id, elsewhere=(*answer.effects.elsewhere, *told))
        return replace(answer, route="resumed", effects=effects)

    def route(self, lease: EventLease, trigger: Trigger) -> Route:
        """Who answers free text here."""
        place = self.contexts.of(lease)
        return self.router.choose(trigger, lease.chosen, place.agent if place else "")

    def scope_of(self, row: ApprovalRow, account: str, language: Language) -> Scope:
        """In which a paused call was proposed."""
        place = self.contexts.known.get(row.proposal.target.get("place", ""))
        return Scope(
            run=row.run,
            agent=row.proposal.agent,
            digest=row.proposal.digest,
            requester=row.proposal.requester,
            platform=account.partition(":")[0],
            account=account,
            conversation=row.conversation,
            language=language,
            context=place.tools if place else Context(),
        )

    def _scope(
        self, lease: EventLease, run: str, agent: Agent, requester: Party, context: Context, language: Language
    ) -> Scope:
        record = Record()
        if self.began is not None:
            self.began(lease, record, thinks=isinstance(agent, AsksModel))
        return Scope(
            run=run,
            agent=agent.name,
            digest=agent.digest if isinstance(agent, Acts) else "",
            requester=requester,
            platform=lease.event.platform,
            account=lease.event.account,
            conversation=lease.conversation,
            is_group=lease.event.group,
            language=language,
            context=context,
            record=record,
        )

    async def _history(self, lease: EventLease, agent: Agent, event: Spoken) -> tuple[str, ...]:
        kept = self.memories.get(agent.name, self.memory)
        if not kept.enabled:
            return ()
        sender = event.sender.key if event.group else ""
        since = self.clock.now() - kept.lasts
        since = max(since, kept.not_before or since)
        return await self.store.recall(lease.conversation, sender, agent.name, since=since, most=kept.most)

    async def _reply(self, agent: Agent, turn: Turn, *, repeats: bool = False) -> Reply | Answer:
        try:
            async with self.budgeting.reserved(agent, turn, repeats=repeats, goes_on=turn.resumed is not None):
                return await agent.answer(turn)
        except OverBudget as refused:
            instead, actions = self._offered(turn)
            response = Response(text=refused.apology, status=Status.WARNING, actions=actions)
            return Answer("over_budget", response=response, offered_by=instead, language=turn.language)
        except AgentError as error:
            lines = [*_done(turn.scope.record, turn.language), error.apology]
            instead, actions = self._offered(turn)
            return Answer(
                "failed",
                response=Response(text="\n\n".join(lines), status=Status.FAILED, actions=actions),
                offered_by=instead,
                language=turn.language,
                agent=agent.name,
                error=type(error.__cause__ or error).__name__,
            )
        except StoreBusy:
            # no fault of the agent's: its gate could not write, and the turn comes again
            raise
        except Exception as error:  # whatever an agent raises is told by the agent's name
            raise AgentBroken(agent.name) from error

    def _offered(self, turn: Turn) -> tuple[str, tuple[Action, ...]]:
        offer = self.offer if turn.resumed is None else None
        return offer(turn.text, turn.language) if offer else ("", ())

    async def _taken(
        self, reply: Reply, lease: EventLease, agent: Agent, turn: Turn, *, before: Sequence[str] = ()
    ) -> Answer:
        language, record = turn.language, turn.scope.record
        reports = isinstance(agent, Acts) and agent.reports
        lines = [*before, *(_approved(record, language) if reports else _done(record, language))]
        if isinstance(reply, ApprovalNeeded):
            return await self._paused(reply, agent, turn, lines)
        response = reply.response if isinstance(reply, Answered) else reply
        # looking through a long text takes longer than the event loop may stand still
        is_long = len(response.text) > LONG_TEXT
        response = (
            await asyncio.to_thread(with_offered_actions, response) if is_long else with_offered_actions(response)
        )
        after = [texts.also_waiting(language, turn.waiting)] if turn.waiting else []
        if record.away:
            after.append(calls.without(language, record.away))
        if turn.allowance.short_of:
            after.append(await self.budgeting.ended(turn))
        response = self._composed(response, turn.scope, lines, after)
        remembered = None
        kept = self.memories.get(agent.name, self.memory)
        if isinstance(reply, Answered) and reply.remembered and kept.enabled:
            remembered = Remembered(agent.name, reply.remembered)
        return Answer(
            "answered",
            response=response,
            language=language,
            agent=agent.name,
            offered_by=agent.name,
            effects=Effects(remembered=remembered),
        )

    async def _paused(self, reply: ApprovalNeeded, agent: Agent, turn: Turn, lines: list[str]) -> Answer:
        now, language, scope = turn.now, turn.language, turn.scope
        asks, words, who = [], reply.said, []
        for asked in (_with_reason(one, reply.said) for one in reply.asks):
            question = await self.cards.ask(asked, now)
            asks.append(question.approval)
            who.append(rule_in_words(asked.proposal.approvers))
            lines.append(
                waiting.waiting_for(
                    language,
                    asked.proposal.argv,
                    names(question.recipients),
                    asked.proposal.approvers.needed,
                    question.approval.expires_at - now,
                    words,
                )
            )
            if question.later:
                lines.append(waiting.asked_next(language, names(question.later), question.later_at - now))
            words = ""
        response = self._composed(Response(text="", status=Status.NOTE), scope, lines, [])
        pause = Pause(
            run=scope.run,
            agent=agent.name,
            digest=scope.digest,
            requester=scope.requester,
            state=reply.state,
            asks=tuple(asks),
            context=scope.context.name,
        )
        facts = {"run": scope.run, "asked": [list(one.proposal.argv) for one in asks], "approvers": who}
        return Answer(
            "paused",
            response=response,
            language=language,
            agent=agent.name,
            effects=Effects(pause=pause, facts=facts),
        )

    def _composed(self, response: Response, scope: Scope, before: list[str], after: list[str]) -> Response:
        """The context first, then what really ran, then what the agent says."""
        place = self.contexts.known.get(scope.record.context or scope.context.name)
        heading = [f"*{calls.inert(place.title)}*"] if place else []
        text = "\n\n".join(piece for piece in (*heading, *before, response.text, *after) if piece)
        # the lines of what ran have signs of their own
        status = None if before else response.status
        return response.model_copy(update={"text": text, "status": status})

    async def _tell_others(self, run: RunRow, own: str) -> tuple[Elsewhere, ...]:
        """Whoever was asked about what nobody decided is told that it is over."""
        told: list[Elsewhere] = []
        for row in run.approvals:
            if row.state not in {"lapsed", "void"}:
                continue
            told += await self.cards.undecided(row, own=own)
        return tuple(told)

    async def _tell_deciders(self, run: RunRow, record: Record, own: str) -> tuple[Elsewhere, ...]:
        """Whoever approved a command reads what came of it."""
        told = []
        for row in run.approvals:
            ran = next((one for one in record.ran if one.argv == row.proposal.argv), None)
            for vote in row.votes if ran else ():
                party = next((one.party for one in self.parties.known if one.party.key == vote.party), None)
                to = await self.cards.nearest(party or Party(key=vote.party, ids=frozenset({vote.party})))
                if ran is not None and to is not None and to.at.conversation != own and vote.verdict == "approve":
                    text = calls.ran(to.language, ran.argv, ran.state, ran.approved_by, ran.check)
                    told.append(Elsewhere(to.at.conversation, self.cards.parts(Response(text=text), to)))
        return tuple(told)


def _with_reason(asked: Asked, said: str) -> Asked:
    """What the agent said along with a call is its reason, where the call has none of its own."""
    if asked.proposal.reason or not said:
        return asked
    reason = said if len(said) <= MOST_REASON else said[: MOST_REASON - 1] + "…"
    return replace(asked, proposal=asked.proposal.model_copy(update={"reason": reason}))


def _notes(run: RunRow, language: Language) -> list[str]:
    """What was written along with decisions, for whoever asked."""
    return [waiting.noted(language, vote.who, vote.note) for row in run.approvals for vote in row.votes if vote.note]


def _decision(row: ApprovalRow) -> Decision:
    note = "\n".join(f"{vote.who}: {vote.note}" for vote in row.votes if vote.note)
    return replace(_verdict(row), note=note)


def _verdict(row: ApprovalRow) -> Decision:
    match row.state:
        case "denied":
            return Decision(approved=False, reason=f"denied by {row.decided_by}")
        case "lapsed":
            return Decision(approved=False, reason="nobody decided in time")
        case "void" | "superseded" | "asked":
            return Decision(approved=False, reason="withdrawn")
        case _:
            # also what has run already: the gate answers for it from the journal
            return Decision(approved=True, arguments=row.proposal.arguments if row.editor else None)


def _done(record: Record, language: Language) -> list[str]:
    """Only what the executor wrote down, in its words."""
    lines = [calls.ran(language, ran.argv, ran.state, ran.approved_by, ran.check) for ran in record.ran]
    return [*lines, *record.refused]


def _approved(record: Record, language: Language) -> list[str]:
    """Of an agent whose report tells what became of each step: only who let them run."""
    names = [ran.approved_by for ran in record.ran if ran.approved_by]
    return [*([calls.approved_by(language, names)] if names else []), *record.refused]


def _not_done(run: RunRow, language: Language) -> list[str]:
    return [
        calls.not_done(language, row.proposal.argv, row.state, shown_names(row))
        for row in run.approvals
        if row.state in _NOT_RUN
    ]


def shown_names(row: ApprovalRow) -> str:
    """Who decided, as people read it."""
    denied = [vote for vote in row.votes if vote.verdict == "deny"]
    given = denied or list(row.votes)
    return ", ".join(vote.who for vote in given) or row.decided_by
