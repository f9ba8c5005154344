"""What the store knows of templates, and of those who can be reached only by one."""

from aof.store.sqlite import templates, windows
from aof.store.sqlite.connections import Connections
from aof.store.templates import TemplateRow
from aof.store.windows import ClosedWindow


class SQLiteRegistry(Connections):
    """Implements `Templates` and `Windows`."""

    async def templates(self, *, account: str = "", name: str = "") -> list[TemplateRow]:
        return await self._read(lambda reader: templates.templates(reader, account, name))

    async def closed_windows(self) -> list[ClosedWindow]:
        return await self._read(windows.closed)
