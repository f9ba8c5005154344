"""The demo that takes an opportunity through the live gate, as a process."""

import asyncio
import sys

from aof.cli.rehearsal import TEXT
from tests.e2e.world import SECONDS


async def test_an_approved_message_is_held_stays_held_over_the_restart_and_leaves_once_released():
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "aof", "demo", "--gate"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(6 * SECONDS):
        out, err = await process.communicate()
    said = out.decode()
    assert process.returncode == 0, err.decode() + said
    in_order = (
        "202 id: LEAD-1, state: open",
        "[قبول] [تخطي] [رسالة]",
        "لم يوافق على مراسلته",
        "202 id: LEAD-2, state: open",
        "[اعتماد] [تعديل] [إلغاء]",
        f"Sara writes: {TEXT}",
        "The message to Layla is held: live_send.",
        "aof outbox release --gate live_send: nothing was released",
        "what was held stays held",
        "Layla's phone shows 0 of it.",
        "Sara signs in on the page for operators, and releases it: Released: 2.",
        f"< {TEXT}",
    )
    at = -1
    for words in in_order:
        found = said.find(words, at + 1)
        assert found > at, f"{words!r} is missing or too early in:\n{said}"
        at = found
