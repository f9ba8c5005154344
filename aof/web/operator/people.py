"""People: strangers who ask to be let in, and those who have a name."""

from dataclasses import dataclass, field

from aiohttp import web

from aof.pipeline.desk.base import Refused
from aof.pipeline.desk.outbox import masked
from aof.pipeline.desk.pairing import let_in, send_away
from aof.store.operators import Paired
from aof.texts.page import people as texts
from aof.web.operator.frame import Frame
from aof.web.operator.naming import Keys
from aof.web.operator.shown import line
from aof.web.operator.visit import Asked, Shown, Visit

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody with a name."""

    name: str
    aliases: tuple[str, ...]
    source: str
    """configuration or pairing."""
    is_suspended: bool
    roles: tuple[str, ...] = ()
    key: str = ""
    """Of who was let in by a code: they can be sent away."""
    called: str = field(default="")


class People:
    """The screen."""

    def __init__(self, frame: Frame, keys: Keys) -> None:
        self._frame = frame
        self._keys = keys

    def routes(self) -> list[web.RouteDef]:
        frame = self._frame
        return [
            frame.get("/people", self.list),
            frame.post("/people/approve", "operator", self.approve, self.list),
            frame.post("/people/revoke", "admin", self.revoke, self.list),
            frame.post("/people/suspend", "admin", self.suspend, self.list),
            frame.post("/people/resume", "admin", self.resume, self.list),
        ]

    async def list(self, visit: Visit, asked: Asked) -> Shown:
        store = visit.desk.store
        paired, suspended = await store.paired(now=visit.desk.now()), await store.suspended()
        known = [
            Row(
                person.name,
                tuple(_goes_by(platform, one) for platform, one in person.accounts),
                "configuration",
                person.name in suspended,
                person.roles,
            )
            for person in visit.desk.people
        ]
        known += [
            Row(
                name=row.name or line(row.called) or masked(row.number or row.user_id),
                aliases=(masked(row.number or row.user_id),),
                source="pairing",
                is_suspended=bool(row.name) and row.name in suspended,
                key=self._key(row),
                called=row.called if row.name else "",
            )
            for row in paired
            if row.state == "approved"
        ]
        asking = [(row, masked(row.number or row.user_id)) for row in paired if row.is_open]
        return Shown("people.html", {"known": known, "asking": asking, "typed": asked.typed})

    async def approve(self, visit: Visit, asked: Asked) -> str:
        """Let in whoever was told a code."""
        code, name = asked.typed.get("code", "").strip(), asked.typed.get("name", "").strip()[:LONGEST_NAME]
        found = await let_in(visit.desk, code, name)
        return visit.words.is_let_in(", ".join(row.name or line(row.called) or masked(row.number) for row in found))

    async def revoke(self, visit: Visit, asked: Asked) -> str:
        key = asked.typed.get("key", "")
        for row in await visit.desk.store.paired(now=visit.desk.now()):
            if row.state == "approved" and self._key(row) == key:
                sent_away = await send_away(visit.desk, row.user_id or row.number)
                return visit.words.is_revoked(sent_away[0].name or masked(row.number or row.user_id))
        raise web.HTTPNotFound

    async def suspend(self, visit: Visit, asked: Asked) -> str:
        name = await self._named(visit, asked)
        if await visit.desk.store.suspend(name, by=visit.desk.by, now=visit.desk.now()) is None:
            raise Refused(lambda language: texts.was_suspended(language, name))
        return visit.words.now_suspended(name)

    async def resume(self, visit: Visit, asked: Asked) -> str:
        name = await self._named(visit, asked)
        if not await visit.desk.store.resume_person(name, by=visit.desk.by, now=visit.desk.now()):
            raise Refused(lambda language: texts.not_suspended(language, name))
        return visit.words.is_resumed(name)

    async def _named(self, visit: Visit, asked: Asked) -> str:
        """A name that somebody has.

        Raises:
            HTTPNotFound: Nobody has it.
        """
        name = asked.typed.get("name", "")
        names = {person.name for person in visit.desk.people}
        names |= {row.name for row in await visit.desk.store.paired(now=visit.desk.now()) if row.name}
        if name not in names | set(await visit.desk.store.suspended()):
            raise web.HTTPNotFound
        return name

    def _key(self, row: Paired) -> str:
        return self._keys.secret(f"{row.account}/{row.user_id or row.number}")


def _goes_by(platform: str, alias: str) -> str:
    """A number says by itself where it belongs."""
    return masked(alias) if platform == "whatsapp" else f"{platform}:{masked(alias)}"
