"""Bodies that Telegram would never bring, posted to a daemon's webhook by somebody who knows its secret."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.agents import Echo
from tests.e2e.telegram import AMINA, telegram_world
from tests.e2e.wire import logged

PERSON, CHAT = {"id": int(AMINA)}, {"id": int(AMINA), "type": "private"}


def with_text(text: Any, **more: Any) -> dict[str, Any]:
    return {"update_id": 7, "message": {"message_id": 7, "from": PERSON, "chat": CHAT, "date": 1, "text": text, **more}}


MARK = {"type": "mention", "offset": 2**62, "length": 2**62}
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "null": b"null",
    "no UTF-8": b'{"update_id": 7, "message": "\xff\xfe"}',
    "deep lists": b'{"update_id": 7, "message": ' + b"[" * 500_000,
    "deep objects": b'{"update_id": 7, "message": ' + b'{"a":' * 200_000 + b"1" + b"}" * 200_000 + b"}",
    "deep replies": b'{"update_id":7,"message":' + b'{"reply_to_message":' * 900 + b"1" + b"}" * 901,
    "a huge number": b'{"update_id": ' + b"9" * 100_000 + b', "message": {}}',
    "a huge id": b'{"update_id": 7, "message": {"message_id": 7, "chat": {"id": ' + b"9" * 5_000 + b"}}}",
    "no number": b'{"update_id": NaN, "message": {}}',
    "infinity": b'{"update_id": 7, "message": {"message_id": 1e400, "chat": {"id": 1e400}, "text": "x"}}',
    "below zero": b'{"update_id": -7, "message": {}}',
    "a true number": b'{"update_id": true, "message": {}}',
    "one key many times": b'{"update_id": 7, ' + b'"message": {}, ' * 10_000 + b'"message": {}}',
    "many keys": json.dumps({"update_id": 7} | {f"k{n}": n for n in range(50_000)}).encode(),
    "marks beyond the text": json.dumps(with_text("hi", entities=[MARK, {**MARK, "offset": -5}, 5, None])).encode(),
    "many marks": json.dumps(with_text("é" * 4_096, entities=[{**MARK, "offset": 1, "length": 9}] * 20_000)).encode(),
    "half a pair": b'{"update_id": 7, "message": {"message_id": 7, "chat": {"id": 55501}, "text": "\\ud83d"}}',
    "a NUL": json.dumps(with_text("a\x00b")).encode(),
    "a keyboard without end": json.dumps(
        {
            "update_id": 7,
            "callback_query": {
                "id": "1",
                "from": PERSON,
                "data": "x",
                "message": {
                    "message_id": 1,
                    "chat": CHAT,
                    "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "y"}] * 1_000] * 100},
                },
            },
        }
    ).encode(),
}  # fmt: skip


async def test_no_body_stops_it_and_none_is_brought_again(tmp_path: Path, echo: Echo) -> None:
    with logged() as log:
        async with telegram_world(tmp_path, agent=lambda _: echo) as aof:
            await aof.amina.types("first")
            await aof.amina.next()
            for name, body in BODIES.items():
                status, said = await aof.webhook(body)
                assert (status, said) == (200, {"status": "accepted"}), name
                aof.clock.advance(60)
            assert aof.daemon is not None
            await aof.amina.types("still there?")
            while (await aof.amina.next())["text"] != "You said: still there?":
                pass
            await aof.idle()
            assert await aof.store.check() == []
            assert not aof.daemon.failed.done()
    # nothing was met that nobody had thought of
    assert log.of("webhook_broken") == []


@pytest.mark.parametrize("size", [4 * 1024 * 1024 + 1])
async def test_a_body_that_is_too_large_is_refused(tmp_path: Path, echo: Echo, size: int) -> None:
    async with telegram_world(tmp_path, agent=lambda _: echo) as aof:
        assert (await aof.webhook(b"x" * size))[0] == 413
