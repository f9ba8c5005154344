"""Agents that say what a test wants."""

from collections.abc import Awaitable, Callable

from aof.agents.base import Turn
from aof.domain.response import Response


class Echo:
    """Says what it was asked, or what `answers` makes of it; remembers every turn."""

    name = "runbook"

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.answers: Callable[[Turn], Response | Awaitable[Response]] | None = None

    async def answer(self, turn: Turn) -> Response:
        self.turns.append(turn)
        if self.answers is None:
            return Response(text=f"You said: {turn.text}")
        answer = self.answers(turn)
        return answer if isinstance(answer, Response) else await answer
