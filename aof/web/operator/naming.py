"""What people and conversations are called on the page: by name, else masked; no address of it holds a number."""

from collections.abc import Mapping

from aiohttp import web

from aof.domain.message import Address, Sender
from aof.logs import fingerprint
from aof.pipeline.desk.outbox import masked
from aof.store.reading import Reading
from aof.web.operator.shown import line
from aof.web.operator.visit import Visit

MOST_REMEMBERED = 50_000


class Keys:
    """Stand for conversations in addresses, as in the log: a number would stay in a browser's history."""

    def __init__(self, store: Reading, log_key: str) -> None:
        self._store = store
        self._log_key = log_key
        self._known: dict[str, str] = {}

    def of(self, conversation: str) -> str:
        key = fingerprint(conversation, self._log_key)
        if len(self._known) < MOST_REMEMBERED:
            self._known[key] = conversation
        return key

    async def find(self, key: str) -> str:
        """The conversation.

        Raises:
            HTTPNotFound: There is none.
        """
        if key not in self._known:
            for conversation in await self._store.every_conversation():
                if fingerprint(conversation, self._log_key) == key:
                    self._known[key] = conversation
                    break
            else:
                raise web.HTTPNotFound
        return self._known[key]

    def secret(self, alias: str) -> str:
        """Stands for a number or user id in a form."""
        return fingerprint(alias, self._log_key)


class Names:
    """The names of one screen."""

    def __init__(self, visit: Visit, by_alias: Mapping[tuple[str, str], str]) -> None:
        self._visit = visit
        self._by_alias = by_alias

    @classmethod
    async def of(cls, visit: Visit) -> "Names":
        return cls(visit, await visit.desk.names())

    def of_address(self, account: str, address: Address) -> str:
        """The name of whoever it leads to, else so much of the number that they can be told apart."""
        if address.group:
            return f"{self._visit.words.group()} {masked(address.chat)}"
        return self._named(account, address.person) or masked(address.number or address.user_id or address.chat)

    def where(self, account: str, address: Address) -> str:
        """The platform where there are several, and the number of a topic."""
        platform = account.partition(":")[0] if len(self._visit.desk.platforms) > 1 else ""
        return " ".join(filter(None, (platform, f"#{address.thread}" if address.thread else "")))

    def is_known(self, account: str, address: Address) -> bool:
        return not address.group and bool(self._named(account, address.person))

    def _named(self, account: str, sender: Sender) -> str:
        access = self._visit.desk.access.get(account)
        person = access.people.find(sender) if access else None
        return line(person.name if person else self._by_alias.get((account, sender.user_id or sender.number or ""), ""))
