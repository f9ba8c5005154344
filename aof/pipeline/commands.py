"""The commands that the daemon itself answers, whatever agent is behind a chat."""

from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz, process

from aof import __version__
from aof.agents.base import Agent, OffersTopics
from aof.domain.message import InboundMessage
from aof.domain.response import Response, Status
from aof.pipeline.runs import Runs
from aof.store.base import Store
from aof.texts import chat
from aof.texts.language import Language
from aof.texts.machine_words import span

ALIASES = {
    **dict.fromkeys(("help", "h", "مساعدة"), "help"),
    **dict.fromkeys(("status", "check", "حالة", "الحالة"), "status"),
    **dict.fromkeys(("cancel", "stop", "abort", "إلغاء", "الغاء", "توقف", "إيقاف"), "cancel"),
}
"""What may be typed after the slash, and the command it means."""


def command_of(text: str) -> str | None:
    """The first word of a slash command, lower-case and without its slash; None for anything else."""
    words = text.split(maxsplit=1)
    if not words or not words[0].startswith("/") or len(words[0]) < 2:
        return None
    return words[0][1:].casefold()


def is_cancel(text: str) -> bool:
    """Whether a text stops a run; looked at before it waits its turn behind that run."""
    return ALIASES.get(command_of(text) or "") == "cancel"


@dataclass(frozen=True, slots=True)
class Commands:
    """Answers slash commands. `None` leaves the text to the agent."""

    store: Store
    runs: Runs
    started_at: datetime

    async def answer(self, message: InboundMessage, agent: Agent, language: Language, now: datetime) -> Response | None:
        """What a command says; None where the text is no command, or one of the agent's own."""
        typed = command_of(message.text)
        if typed is None:
            return None
        topics = agent.topics(language) if isinstance(agent, OffersTopics) else ()
        own = {topic.id.partition(":")[2] for topic in topics}
        if typed in own:
            return None
        match ALIASES.get(typed):
            case "help":
                return Response(text=chat.help_text(language, tuple(topic.title for topic in topics)), actions=topics)
            case "status":
                return await self._status(language, now)
            case "cancel":
                stopped = self.runs.stopped_by(message)
                if stopped is None:
                    return Response(text=chat.nothing_to_cancel(language), status=Status.NOTE)
                return Response(text=chat.cancelled(language, stopped), status=Status.OK)
            case _:
                suggestion = _nearest(typed, [*ALIASES, *own])
                return Response(text=chat.unknown_command(language, f"/{typed[:40]}", suggestion), status=Status.NOTE)

    async def _status(self, language: Language, now: datetime) -> Response:
        counts = await self.store.counts()
        # this command itself is one of the running
        waiting = sum(counts.events.get(state, 0) for state in ("new", "running")) - 1
        sending = sum(counts.parts.get(state, 0) for state in ("queued", "sending", "uncertain"))
        text = chat.status_text(
            language,
            version=__version__,
            uptime=span(language, now - self.started_at),
            waiting=max(0, waiting),
            sending=sending,
            held=counts.parts.get("held", 0),
        )
        return Response(text=text, status=Status.OK)


def _nearest(typed: str, known: list[str]) -> str | None:
    found = process.extractOne(typed, known, scorer=fuzz.WRatio, score_cutoff=60)
    return f"/{found[0]}" if found else None
