"""Messages on their way: which left, wait, are held or did not arrive, and what helps."""

from aiohttp import web

from aof.domain.delivery import PartState
from aof.pipeline.desk.base import Refused
from aof.pipeline.desk.outbox import release_held
from aof.store.reading import Delivery
from aof.texts.page import deliveries as texts
from aof.web.operator.frame import Frame
from aof.web.operator.naming import Keys, Names
from aof.web.operator.remedies import remedy, shown_state
from aof.web.operator.visit import Asked, Shown, Visit

ON_A_SCREEN = 50
FILTERS = ("", "trouble", "held", "deferred", "uncertain", "failed", "dead", "sent", "delivered", "read")
"""In the order of the screen; empty: all."""


class Deliveries:
    """The list, one of them, and what can be done."""

    def __init__(self, frame: Frame, keys: Keys) -> None:
        self._frame = frame
        self._keys = keys

    def routes(self) -> list[web.RouteDef]:
        frame = self._frame
        return [
            frame.get("/deliveries", self.list),
            frame.get("/deliveries/{seq}", self.one),
            frame.post("/deliveries/release", "operator", self.release_gate, self.list),
            frame.post("/deliveries/{seq}/release", "operator", self.release, self.one),
            frame.post("/deliveries/{seq}/retry", "operator", self.retry, self.one),
            frame.post("/deliveries/{seq}/bury", "operator", self.bury, self.one, to="/deliveries?state=trouble"),
        ]

    async def list(self, visit: Visit, asked: Asked) -> Shown:
        gate = (asked.query.get("gate") or asked.typed.get("gate", ""))[:40]
        state = asked.query.get("state", "held" if gate else "")
        if state not in FILTERS and state not in set(PartState):
            raise web.HTTPNotFound
        found = await self._frame.store.deliveries(state=state, gate=gate, before=asked.before(), most=ON_A_SCREEN)
        names = await Names.of(visit)
        closed = visit.desk.gates()
        values = {
            "rows": [(one, names.of_address(one.row.account, one.row.address)) for one in found],
            "state": state,
            "gate": gate,
            "states": FILTERS,
            "may_release": gate == "live_send" and bool(found) and found[0].row.account not in closed,
            "older": found[-1].row.seq if len(found) == ON_A_SCREEN else "",
            "newest": found[0].row.seq if found else 0,
            **self._shown(visit),
        }
        return Shown("deliveries.html", values)

    async def one(self, visit: Visit, asked: Asked) -> Shown:
        delivery = await self._found(asked)
        names = await Names.of(visit)
        values = {
            "one": delivery,
            "who": names.of_address(delivery.row.account, delivery.row.address),
            "key": self._keys.of(delivery.conversation),
            "gate_reason": visit.desk.gates().get(delivery.row.account, "") if delivery.row.gate == "live_send" else "",
            **self._shown(visit),
        }
        return Shown("delivery.html", values)

    async def release(self, visit: Visit, asked: Asked) -> str:
        return visit.words.released(await release_held(visit.desk, [asked.number("seq")]))

    async def release_gate(self, visit: Visit, asked: Asked) -> str:
        """Everything that one gate holds."""
        gate = asked.typed.get("gate", "")
        if not gate:
            raise web.HTTPNotFound
        return visit.words.released(await release_held(visit.desk, gate=gate))

    async def retry(self, visit: Visit, asked: Asked) -> str:
        count = await visit.desk.store.retry([asked.number("seq")], by=visit.desk.by, now=visit.desk.now())
        if not count:
            raise Refused(texts.not_retried)
        return visit.words.retried(count)

    async def bury(self, visit: Visit, asked: Asked) -> str:
        seqs = [asked.number("seq")]
        count = await self._frame.store.bury_parts(seqs, by=visit.desk.by, now=visit.desk.now())
        if not count:
            raise Refused(texts.not_buried)
        return visit.words.buried(count)

    async def _found(self, asked: Asked) -> Delivery:
        found = await self._frame.store.delivery(asked.number("seq"))
        if found is None:
            raise web.HTTPNotFound
        return found

    def _shown(self, visit: Visit) -> dict[str, object]:
        return {"state_of": shown_state, "remedy": lambda one: remedy(visit.words, visit.desk.platforms, one)}
