"""Agents that say what a test wants."""

import asyncio
from collections.abc import Awaitable, Callable

from aof.agents.base import Turn
from aof.domain.response import Response


class Echo:
    """Says what it was asked, or what `answers` makes of it; remembers every turn."""

    name = "runbook"

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.answers: Callable[[Turn], Response | Awaitable[Response]] | None = None

    def never_ends(self) -> asyncio.Event:
        """Let every turn run until it is cancelled; the event says that one has begun."""
        began = asyncio.Event()

        async def forever(_turn: Turn) -> Response:
            began.set()
            await asyncio.Event().wait()
            raise AssertionError

        self.answers = forever
        return began

    async def answer(self, turn: Turn) -> Response:
        self.turns.append(turn)
        if self.answers is None:
            return Response(text=f"You said: {turn.text}")
        answer = self.answers(turn)
        return answer if isinstance(answer, Response) else await answer
