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

    def why(self, language: Language) -> str:
        """The reason, in the language where it is one that this version knows."""
        return chat.reason(language, self.reason)

    async def answer(self, turn: Turn) -> Response:
        text = chat.agent_unavailable(turn.language, self.name, self.why(turn.language))
        return Response(text=text, status=Status.FAILED)
