"""What could not be read, or was given up after its attempts."""

from aiohttp import web

from aof.pipeline.desk.base import Refused
from aof.pipeline.desk.inbox import replay
from aof.store.operators import Quarantined
from aof.texts.page import deliveries as texts
from aof.web.operator.frame import Frame
from aof.web.operator.visit import Asked, Shown, Visit

ON_A_SCREEN = 50
LONGEST_SHOWN = 20_000


class Quarantine:
    """The list."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[web.RouteDef]:
        frame = self._frame
        return [
            frame.get("/quarantine", self.list),
            frame.post("/quarantine/{id}/open", "operator", self.open, self.list, to="/quarantine#{id}"),
            frame.post("/quarantine/{id}/replay", "operator", self.replay, self.list, to="/quarantine"),
            frame.post("/quarantine/{id}/bury", "operator", self.bury, self.list, to="/quarantine"),
        ]

    async def list(self, visit: Visit, _asked: Asked) -> Shown:
        rows = await visit.desk.store.quarantined(most=ON_A_SCREEN)
        opened = {row.id: self._frame.opened.pop((visit.session.digest, row.id), "") for row in rows}
        return Shown("quarantine.html", {"rows": rows, "opened": opened})

    async def open(self, visit: Visit, asked: Asked) -> str:
        """Its text on the next screen alone: it may hold a number, and what a person wrote."""
        row = await self._found(visit, asked)
        await self._frame.store.opened("quarantine", row.id, by=visit.desk.by, now=visit.desk.now())
        self._frame.opened[visit.session.digest, row.id] = row.raw.decode("utf-8", "replace")[:LONGEST_SHOWN]
        return ""

    async def replay(self, visit: Visit, asked: Asked) -> str:
        row = await self._found(visit, asked)
        replayed = await replay(visit.desk, row)
        return visit.words.replayed_known(row.id) if replayed == "known" else visit.words.replayed(row.id)

    async def bury(self, visit: Visit, asked: Asked) -> str:
        if not await self._frame.store.bury_event(asked.path["id"], by=visit.desk.by, now=visit.desk.now()):
            raise Refused(texts.not_buried)
        return visit.words.buried(1)

    async def _found(self, visit: Visit, asked: Asked) -> Quarantined:
        row = await visit.desk.store.quarantined_one(asked.path["id"])
        if row is None:
            raise web.HTTPNotFound
        return row
