"""The numbers that send, and how the daemon does."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from aof import __version__
from aof.domain.template import CLOSED
from aof.pipeline.admit import Access, Mode
from aof.pipeline.desk.base import Refused
from aof.pipeline.desk.outbox import held_behind_open_gates
from aof.store.sessions import Session
from aof.texts.page import daemon as texts
from aof.web.operator.frame import Frame
from aof.web.operator.visit import Asked, Shown, Visit

Reasons = Callable[[], Awaitable[dict[str, str]]]

_TALKS = {Mode.EVERYONE: "everybody_may_talk", Mode.PAIRING: "pairing_talks", Mode.LISTED: "listed_talk"}


class Numbers:
    """Both screens.

    Args:
        broken: What keeps the daemon from its work, by name.
    """

    def __init__(self, frame: Frame, broken: Reasons) -> None:
        self._frame = frame
        self._broken = broken
        self._started_at = frame.clock.now()

    def routes(self) -> list[web.RouteDef]:
        frame = self._frame
        return [
            frame.get("/numbers", self.numbers),
            frame.post("/numbers/resume", "admin", self.resume, self.numbers),
            frame.get("/status", self.status),
            frame.post("/status/switch", "admin", self.switch, self.status),
            frame.post("/status/sessions", "admin", self.end_sessions, self.status),
        ]

    async def numbers(self, visit: Visit, _asked: Asked) -> Shown:
        stopped, closed = await visit.desk.store.stopped(), visit.desk.gates()
        waiting = await held_behind_open_gates(visit.desk)
        rows = [
            {
                "account": account,
                "stopped": stopped.get(account, ""),
                "closed": closed.get(account, ""),
                "held": waiting.get(account, 0),
                "talks": self._talks(visit, visit.desk.access[account]),
            }
            for account in sorted(visit.desk.platforms)
        ]
        told = await visit.desk.store.templates()
        return Shown("numbers.html", {"rows": rows, "templates": told, "closed": CLOSED})

    async def resume(self, visit: Visit, asked: Asked) -> str:
        account = asked.typed.get("account", "")
        if not await visit.desk.store.resume(account, by=visit.desk.by, now=visit.desk.now()):
            raise Refused(lambda language: texts.account_not_stopped(language, account))
        return visit.words.account_resumed(account)

    async def status(self, visit: Visit, _asked: Asked) -> Shown:
        store = visit.desk.store
        values = {
            "version": __version__,
            "started_at": self._started_at,
            "broken": await self._broken(),
            "totals": await store.counts(),
            "thrown": await store.thrown("killswitch"),
            "sessions": _by_person(await self._frame.store.sessions(now=visit.desk.now())),
        }
        return Shown("status.html", values)

    async def switch(self, visit: Visit, asked: Asked) -> str:
        """The kill switch. What is asked from now on is refused, and then what was asked before ends."""
        on, store, now = asked.typed.get("to") == "on", visit.desk.store, visit.desk.now()
        changed = await store.switch("killswitch", on=on, by=visit.desk.by, now=now)
        ended = await store.void_all(by="killswitch", now=now) if on else 0
        if not changed and not ended:
            raise Refused(texts.stands_so)
        return visit.words.thrown_on(ended) if on else visit.words.thrown_off()

    async def end_sessions(self, visit: Visit, asked: Asked) -> str:
        name = asked.typed.get("name", "")
        count = await self._frame.store.end_sessions(name, by=visit.desk.by, now=visit.desk.now())
        return visit.words.sessions_ended(name, count)

    def _talks(self, visit: Visit, access: Access) -> str:
        return str(getattr(visit.words, _TALKS[access.mode])())


def _by_person(sessions: list[Session]) -> list[tuple[str, list[Session]]]:
    people = sorted({one.person for one in sessions})
    return [(person, [one for one in sessions if one.person == person]) for person in people]
