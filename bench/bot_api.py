"""A stand-in for the Bot API that takes every call at once: the same one for every contestant.

It checks nothing, and remembers where webhooks were asked for.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

from bench.updates import BOT_ID, USERNAME
from bench.wire import Framed

_ME = {
    "id": BOT_ID,
    "is_bot": True,
    "first_name": "Bench",
    "username": USERNAME,
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
_METHOD = re.compile(rb"[A-Z]+ /bot[^/ ]+/(\w+)")


class _Connection(Framed):
    def __init__(self, api: "BotApi") -> None:
        super().__init__()
        self._api = api

    def arrived(self, head: bytes, body: bytes) -> None:
        called = _METHOD.match(head)
        result = self._api.result(called[1].decode().lower() if called else "", body)
        answer = json.dumps({"ok": True, "result": result}).encode()
        self.transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(answer), answer)
        )


class BotApi:
    """Knows the address of the webhook."""

    def __init__(self) -> None:
        self.port = 0
        self._webhook = ""

    @classmethod
    @asynccontextmanager
    async def listening(cls) -> AsyncIterator["BotApi"]:
        api = cls()
        server = await asyncio.get_running_loop().create_server(lambda: _Connection(api), "127.0.0.1", 0)
        api.port = server.sockets[0].getsockname()[1]
        try:
            yield api
        finally:
            server.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def result(self, method: str, body: bytes) -> Any:
        """What a method answers."""
        match method:
            case "getme":
                return _ME
            case "setwebhook":
                self._webhook = _url_in(body)
                return True
            case "getwebhookinfo":
                return {"url": self._webhook, "has_custom_certificate": False, "pending_update_count": 0}
            case _:
                return True


def _url_in(body: bytes) -> str:
    """Of a call as JSON or as a form."""
    if body.startswith(b"{"):
        return str(json.loads(body)["url"])
    found = parse_qs(body.decode("utf-8", "replace")).get("url")
    return found[0] if found else ""
