"""What is said to one event: who may ask, what was meant, who answers, and how it looks on the phone."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from aof.agents.base import Turn
from aof.agents.unavailable import Unavailable
from aof.clock import Clock
from aof.domain import pairing
from aof.domain.errors import AgentError, AofError
from aof.domain.message import ButtonPress, InboundMessage
from aof.domain.response import Response, Status
from aof.formatting.actions import with_offered_actions
from aof.pipeline.admit import Access
from aof.pipeline.commands import Bound, Commands, Said, is_greeting
from aof.pipeline.menus import Asked
from aof.pipeline.press import Menu, More, Pressed, Resolved, Unknown, resolve, resolve_number
from aof.pipeline.route import Route, Router, Trigger
from aof.store.base import Cause, EventLease, Standing, Store, TurnEnd
from aof.texts import chat
from aof.texts.language import Language, spoken

LONG_TEXT = 4_000
"""Characters that are looked through and rendered within a few milliseconds."""

SayNow = Callable[[Response], Awaitable[None]]
"""Sends something before the answer is there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of one attempt at a turn."""

    outcome: str
    state: TurnEnd = "done"
    response: Response | None = None
    """What is said; None: nothing."""
    language: Language | None = None
    agent: str = ""
    route: str = ""
    error: str = ""
    again_in: timedelta = timedelta()
    attempted: bool = True
    cause: Cause = "reply"
    choose: str = ""
    """The agent that the sender chose by it."""
    offered_by: str = ""
    """The agent that its choices lead to; empty: whoever answers here then."""
    until: datetime | None = None
    is_strangers: bool = False

    @classmethod
    def sentence(
        cls,
        outcome: str,
        text: str,
        language: Language,
        *,
        state: Literal["done", "dead"] = "done",
        status: Status | None = Status.FAILED,
        error: str = "",
    ) -> "Answer":
        """One sentence of the daemon itself."""
        response = Response(text=text, status=status)
        return cls(outcome, state=state, response=response, language=language, error=error)


class AgentBroken(AofError):
    """An agent raised what no agent may; the cause is what it raised."""

    def __init__(self, agent: str) -> None:
        super().__init__(f"agent {agent} is broken")
        self.agent = agent


class Speaker:
    """Turns an event into an answer."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        router: Router,
        commands: Commands,
        access: Mapping[str, Access],
        *,
        language: Language,
    ) -> None:
        self._store = store
        self._clock = clock
        self._router = router
        self._commands = commands
        self._access = access
        self._language = language

    def language(self, lease: EventLease) -> Language:
        """The person's own by the configuration, else what was spoken now, else what was last spoken here, else the
        daemon's."""
        access = self._access.get(lease.event.account)
        person = access.people.find(lease.event.sender) if access else None
        typed = spoken(lease.event.text) if isinstance(lease.event, InboundMessage) else None
        return (person.language if person else None) or typed or lease.language or self._language

    def admits(self, lease: EventLease, standing: Standing | None = None) -> bool:
        """Whether the sender may talk here, as the lease says or as it stands now."""
        access, event = self._access.get(lease.event.account), lease.event
        if access is None:
            return False
        standing = standing or lease.standing
        return access.admits(event.sender, standing, group=event.group, remembered=lease.address.person)

    async def to_a_stranger(self, lease: EventLease) -> Answer:
        """A code to be let in by, where this account pairs and neither they nor too many others had one lately; else
        nothing at all.

        Raises:
            StoreBusy: The code can't be kept now.
        """
        access, event = self._access.get(lease.event.account), lease.event
        refused, now = Answer("refused", is_strangers=True), self._clock.now()
        if access is None:
            return refused
        if not access.may_ask(event.sender, lease.standing, group=event.group, remembered=lease.address.person):
            return refused
        code = pairing.new_code()
        if not await self._store.ask_pairing(lease, code, now=now):
            return refused
        language, minutes = self.language(lease), int(pairing.CODE_LASTS.total_seconds() // 60)
        response = Response(text=chat.stranger(language, pairing.spelled(code), minutes))
        return Answer(
            "code_told",
            response=response,
            language=language,
            cause="system",
            until=now + pairing.CODE_LASTS,
            is_strangers=True,
        )

    async def answer(self, lease: EventLease, say_now: SayNow) -> Answer:
        """The answer to an event whose sender is admitted.

        Raises:
            StoreBusy: What was shown before can't be looked up now.
            AgentBroken: The agent has a fault.
        """
        event, language = lease.event, self.language(lease)
        if lease.overflow:
            if lease.told_of_overflow:
                return Answer("overflowed")
            return Answer.sentence("overflowed", chat.too_many_waiting(language), language, status=Status.WARNING)
        trigger = self._router.trigger_of(event)
        if trigger is None:
            return Answer("ignored", error="no trigger takes it")
        meant: Resolved | None
        if isinstance(event, ButtonPress):
            meant = await resolve(self._store, lease.conversation, event)
        else:
            meant = await resolve_number(self._store, lease.conversation, event, self._clock.now())
            if meant is None:
                return await self._read(event, lease, trigger, say_now)
        match meant:
            case Pressed(press, agent):
                return await self._ask(press, self._router.of_choice(trigger, lease.chosen, agent), language, press)
            case More(rest, agent):
                return Answer("answered", response=rest, language=language, route="more", offered_by=agent)
            case Menu(action_id):
                said = await self._commands.menu(action_id, self._asked(lease, trigger))
                return self._said(said, language) if said else _unknown_press(language)
            case Unknown():
                return _unknown_press(language)

    async def _read(self, message: InboundMessage, lease: EventLease, trigger: Trigger, say_now: SayNow) -> Answer:
        language, asked = self.language(lease), self._asked(lease, trigger)
        if message.media is not None and not message.text.strip():
            sentence = chat.cannot_read(language, message.media.kind)
            return Answer.sentence("not_readable", sentence, language, status=Status.NOTE)
        route = self._router.choose(trigger, lease.chosen)
        command = await self._commands.answer(message, asked)
        if isinstance(command, Said):
            return self._said(command, language)
        if command is None and is_greeting(message):
            return Answer(
                "answered", response=self._commands.menus.greeting(asked), language=language, route="greeting"
            )
        if isinstance(command, Bound):
            agent = self._router.agents[command.binding.agent]
            route = Route(agent, f"command of trigger {trigger.name}")
            if command.binding.response and not isinstance(agent, Unavailable):
                await say_now(Response(text=command.binding.response))
            message = message.model_copy(update={"text": command.text})
        answer = await self._ask(message, route, language, None)
        if message.media is not None and answer.response is not None:
            before = chat.answering_the_caption(language, message.media.kind)
            text = f"{before}\n\n{answer.response.text}"
            return replace(answer, response=answer.response.model_copy(update={"text": text}))
        return answer

    def _asked(self, lease: EventLease, trigger: Trigger) -> Asked:
        agent = self._router.choose(trigger, lease.chosen).agent
        return Asked(lease, trigger, agent, self.language(lease), self._clock.now())

    def _said(self, said: Said, language: Language) -> Answer:
        return Answer("answered", response=said.response, language=language, route="command", choose=said.choose)

    async def _ask(
        self, event: InboundMessage | ButtonPress, route: Route, language: Language, press: ButtonPress | None
    ) -> Answer:
        turn = Turn(text=event.text, press=press, language=language, now=self._clock.now())
        try:
            response = await route.agent.answer(turn)
        except AgentError as error:
            return Answer(
                "failed",
                response=Response(text=error.apology, status=Status.FAILED),
                language=language,
                agent=route.agent.name,
                route=route.reason,
                error=type(error.__cause__ or error).__name__,
            )
        except Exception as error:  # whatever an agent raises is told by the agent's name
            raise AgentBroken(route.agent.name) from error
        # looking through a long text takes longer than the event loop may stand still
        is_long = len(response.text) > LONG_TEXT
        response = (
            await asyncio.to_thread(with_offered_actions, response) if is_long else with_offered_actions(response)
        )
        name = route.agent.name
        return Answer("answered", response=response, language=language, agent=name, route=route.reason, offered_by=name)


def _unknown_press(language: Language) -> Answer:
    return Answer.sentence("unknown_press", chat.unknown_button(language), language, status=Status.NOTE)
