"""The demo on two platforms at once: each of its people is one person, whichever phone they hold."""

import asyncio
import logging
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
from pydantic_ai.models import override_allow_model_requests

from aof.cli.cast import LEAD, ON_CALL
from aof.cli.stage import running
from tests.e2e.world import SECONDS, Phone


async def said(phone: Phone, words: str) -> dict[str, Any]:
    """The next message that says so."""
    while words not in str((message := await phone.next())["text"]):
        pass
    return message


async def edited(control: aiohttp.ClientSession, message: dict[str, Any]) -> dict[str, Any]:
    """The same message once it was edited."""
    url, latest = f"/_sim/phones/{LEAD.user_id}/messages", 0
    async with asyncio.timeout(SECONDS):
        while True:
            async with control.get(url, params={"changed_after": str(latest), "wait": "5"}) as response:
                page = await response.json()
            latest = page["latest"]
            for one in page["messages"]:
                if one["id"] == message["id"] and one["edited"]:
                    return dict(one)


async def test_what_is_asked_for_on_whatsapp_is_approved_on_telegram() -> None:
    async with AsyncExitStack() as stack:
        stack.enter_context(override_allow_model_requests(True))
        both = ("whatsapp", "telegram")
        demo = await stack.enter_async_context(running(level=logging.CRITICAL, acts=True, platforms=both))
        whatsapp, telegram = (one.url for one in demo.stage.platforms)
        async with aiohttp.ClientSession(whatsapp) as here, aiohttp.ClientSession(telegram) as there:
            on_call, lead = Phone(here, ON_CALL.number), Phone(there, str(LEAD.user_id))
            await on_call.types("api is slow")
            await on_call.presses(await said(on_call, "latency of"), "Restart")
            card = await said(lead, "asks to run")
            assert [[key["text"] for key in row] for row in card["keyboard"]] == [["Approve", "Edit", "Deny"]]
            await lead.presses(card, "Approve")
            await said(on_call, "approved by Lead")
            await said(lead, "Ran")
            assert (await edited(there, card))["keyboard"] == []
