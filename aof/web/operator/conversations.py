"""Conversations: the list, the search, and what was said to and fro."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from aof.store.reading import Delivery, Heard, Listed, Place
from aof.web.operator.frame import Frame
from aof.web.operator.naming import Keys, Names
from aof.web.operator.remedies import remedy, shown_state
from aof.web.operator.visit import Asked, Shown, Visit

ON_A_SCREEN = 50
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation in the list."""

    key: str
    who: str
    called: str
    where: str
    """The platform where there are several, and the topic."""
    one: Listed


class Conversations:
    """The two screens."""

    def __init__(self, frame: Frame, keys: Keys) -> None:
        self._frame = frame
        self._keys = keys

    def routes(self) -> list[web.RouteDef]:
        return [
            self._frame.get("/conversations", self.list),
            self._frame.get("/conversations/{key}", self.transcript),
            self._frame.post(
                "/conversations/{key}/number", "operator", self.show_number, self.transcript, to="/conversations/{key}"
            ),
        ]

    async def list(self, visit: Visit, asked: Asked) -> Shown:
        sought = " ".join(asked.query.get("q", "")[:LONGEST_SEARCH].split())
        store = self._frame.store
        if sought:
            found = await store.found(sought, list(_aliases(visit, sought)), most=ON_A_SCREEN)
        else:
            found = await store.conversations(below=await self._below(asked), most=ON_A_SCREEN)
        names = await Names.of(visit)
        rows = [self._row(one, names) for one in found]
        goes_on = not sought and len(rows) == ON_A_SCREEN
        values = {
            "rows": rows,
            "q": sought,
            "older": rows[-1].key if goes_on else "",
            "heard": max((one.heard_at.timestamp() for one in found if one.heard_at), default=0.0),
            "is_first": not asked.query.get("below"),
        }
        return Shown("conversations.html", values)

    async def transcript(self, visit: Visit, asked: Asked) -> Shown:
        conversation = await self._keys.find(asked.path["key"])
        one = await self._frame.store.conversation(conversation)
        if one is None:
            raise web.HTTPNotFound
        before = _moment(asked.query.get("before", ""))
        lines = await self._frame.store.transcript(conversation, before=before, most=ON_A_SCREEN)
        row = self._row(one, await Names.of(visit))
        values = {
            "row": row,
            "lines": lines,
            "is_heard": lambda line: isinstance(line, Heard),
            "state_of": shown_state,
            "remedy": lambda line: remedy(visit.words, visit.desk.platforms, line),
            "earlier": f"{_at(lines[0]).timestamp():.6f}" if len(lines) == ON_A_SCREEN else "",
            "number": self._frame.opened.pop((visit.session.digest, row.key), ""),
        }
        return Shown("conversation.html", values)

    async def show_number(self, visit: Visit, asked: Asked) -> str:
        """The number, on the next screen alone; that somebody looked is written down."""
        conversation = await self._keys.find(asked.path["key"])
        one = await self._frame.store.conversation(conversation)
        if one is None:
            raise web.HTTPNotFound
        await self._frame.store.opened("number", conversation, by=visit.desk.by, now=visit.desk.now())
        alias = one.address.chat if one.address.group else one.address.number or one.address.user_id or ""
        self._frame.opened[visit.session.digest, asked.path["key"]] = alias
        return ""

    def _row(self, one: Listed, names: Names) -> Row:
        is_known = names.is_known(one.account, one.address)
        called = "" if is_known or one.address.group else one.called
        who = names.of_address(one.account, one.address)
        return Row(self._keys.of(one.conversation), who, called, names.where(one.account, one.address), one)

    async def _below(self, asked: Asked) -> Place | None:
        key = asked.query.get("below", "")
        one = await self._frame.store.conversation(await self._keys.find(key)) if key else None
        return one.place if one is not None else None


def _aliases(visit: Visit, sought: str) -> Iterator[str]:
    """What the people of the configuration go by whose names hold the words."""
    for person in visit.desk.people:
        if sought.casefold() in person.name.casefold():
            yield from (one for _, one in person.accounts)


def _at(line: Heard | Delivery) -> datetime:
    return line.at if isinstance(line, Heard) else line.row.created_at


def _moment(given: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(given), UTC) if given else None
    except (ValueError, OverflowError, OSError):
        raise web.HTTPNotFound from None
