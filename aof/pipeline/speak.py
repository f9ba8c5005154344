"""What is said to one event: who may ask, what was meant, who answers, and how it looks on the phone."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from aof.agents.base import Turn
from aof.clock import Clock
from aof.domain.errors import AgentError
from aof.domain.message import ButtonPress, InboundMessage
from aof.domain.response import Response, Status
from aof.formatting.actions import with_offered_actions
from aof.pipeline.admit import Access
from aof.pipeline.commands import Commands
from aof.pipeline.press import More, Pressed, Resolved, Unknown, resolve, resolve_number
from aof.pipeline.route import Router
from aof.store.base import EventLease, Store
from aof.texts import chat
from aof.texts.language import Language, spoken

LONG_TEXT = 4_000
"""Characters that are looked through and rendered within a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of one attempt at a turn."""

    outcome: str
    state: Literal["done", "dead", "new"] = "done"
    response: Response | None = None
    """What is said; None: nothing."""
    language: Language | None = None
    agent: str = ""
    route: str = ""
    error: str = ""
    again_in: timedelta = timedelta()
    attempted: bool = True

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


class Speaker:
    """Turns an event into an answer; writes nothing."""

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
        """What was spoken now, else what was last spoken here, else the configured language."""
        typed = spoken(lease.event.text) if isinstance(lease.event, InboundMessage) else None
        return typed or lease.language or self._language

    def admits(self, lease: EventLease) -> bool:
        """Whether the sender may talk here; who may not gets nothing at all."""
        access = self._access.get(lease.event.account)
        return access is not None and access.admits(lease.event.sender)

    async def answer(self, lease: EventLease) -> Answer:
        """The answer to an event whose sender is admitted.

        Raises:
            StoreBusy: What was shown before can't be looked up now.
        """
        event, language = lease.event, self.language(lease)
        if lease.overflow:
            return Answer.sentence("overflowed", chat.too_many_waiting(language), language, status=Status.WARNING)
        meant: Resolved | None
        if isinstance(event, ButtonPress):
            meant = await resolve(self._store, lease.conversation, event)
        else:
            meant = await resolve_number(self._store, lease.conversation, event, self._clock.now())
            if meant is None:
                return await self._read(event, language)
        match meant:
            case Pressed(press):
                return await self._ask(press, language, press)
            case More(rest):
                return Answer("answered", response=rest, language=language, route="more")
            case Unknown():
                return Answer.sentence("unknown_press", chat.unknown_button(language), language, status=Status.NOTE)

    async def _read(self, message: InboundMessage, language: Language) -> Answer:
        if message.media is not None and not message.text.strip():
            sentence = chat.cannot_read(language, message.media.kind)
            return Answer.sentence("not_readable", sentence, language, status=Status.NOTE)
        route = self._router.choose(message)
        command = await self._commands.answer(message, route.agent, language, self._clock.now())
        if command is not None:
            return Answer("answered", response=command, language=language, route="command")
        answer = await self._ask(message, language, None)
        if message.media is not None and answer.response is not None:
            before = chat.answering_the_caption(language, message.media.kind)
            text = f"{before}\n\n{answer.response.text}"
            return replace(answer, response=answer.response.model_copy(update={"text": text}))
        return answer

    async def _ask(self, event: InboundMessage | ButtonPress, language: Language, press: ButtonPress | None) -> Answer:
        route = self._router.choose(event)
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
        # looking through a long text takes longer than the event loop may stand still
        is_long = len(response.text) > LONG_TEXT
        response = (
            await asyncio.to_thread(with_offered_actions, response) if is_long else with_offered_actions(response)
        )
        return Answer("answered", response=response, language=language, agent=route.agent.name, route=route.reason)
