"""An agent that is configured and can't work: whoever asks it is told why."""

from aof.agents.base import Turn
from aof.domain.response import Response, Status
from aof.texts import chat
from aof.texts.language import Language


class Unavailable:
    """Stands in for an agent, so that nothing else answers in its name.

    Args:
        description: What its file says of it.
        model: As its file writes it.
        reason: Why it can't work, without a full stop.
    """

    def __init__(self, name: str, *, description: str, model: str, reason: str) -> None:
        self.name = name
        self.description = description
        self.model = model
        self.reason = reason

    def describe(self, language: Language) -> str:
        return self.description

    async def answer(self, turn: Turn) -> Response:
        return Response(text=chat.agent_unavailable(turn.language, self.name, self.reason), status=Status.FAILED)
