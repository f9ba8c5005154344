"""Whatever marks a text has, it arrives: with them, or without."""

import asyncio
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aof.domain.message import Address
from aof.domain.response import TextPart
from aof.platforms.telegram.client import Client
from aof.platforms.telegram.errors import MarkupRefused
from aof.platforms.telegram.sends import Sends

TO = Address(chat="55501", user_id="55501")
_TAGS = ("b", "i", "u", "s", "code", "pre", "blockquote", "a")


class _Reader(HTMLParser):
    """Reads as Telegram does: a tag that is unknown, or left open, costs the whole message."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.broken = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.broken |= tag not in _TAGS
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.broken |= not self.open or self.open.pop() != tag


class _Strict(Client):
    """Takes a text whose marks it can read, and every plain one."""

    def __init__(self) -> None:
        self.seconds = 30
        self.taken: list[Mapping[str, object]] = []

    async def call(self, method: str, params: Mapping[str, object] | None = None, **more: Any) -> Any:
        assert params is not None
        if "parse_mode" in params:
            reader = _Reader()
            reader.feed(str(params["text"]))
            reader.close()
            if reader.broken or reader.open or re.search(r"<(?!/?[a-z])", str(params["text"])):
                raise MarkupRefused("marks", code=400)
        self.taken.append(params)
        return {"message_id": 1}


_PIECES = st.sampled_from(
    [f"<{tag}>" for tag in _TAGS] + [f"</{tag}>" for tag in _TAGS] + ["<", ">", "&", "&lt;", "<x>"]
)


@given(st.lists(_PIECES | st.text(max_size=5), min_size=1).map("".join))
def test_whatever_the_marks_a_text_arrives(html: str) -> None:
    client = _Strict()
    asyncio.run(Sends(client, rich="off").send_part(TO, TextPart(text=html), part_id="p"))
    assert len(client.taken) == 1
