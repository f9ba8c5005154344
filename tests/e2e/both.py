"""People who have a phone with WhatsApp and Telegram, and an agent that acts for them on both."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aof.simulator.telegram import PersonSettings
from tests.e2e.acting import Doer
from tests.e2e.telegram import (
    AMINA,
    OMAR,
    SETTINGS,
    BesideWhatsApp,
    Phone,
    both_world,
)
from tests.e2e.world import LEAD, ON_CALL, SECONDS, World

BOSS = "55503"
PEOPLE = [
    {"name": "Amina", "whatsapp": ON_CALL, "telegram": AMINA, "roles": ["on-call"], "language": "en"},
    {"name": "Omar", "whatsapp": LEAD, "telegram": OMAR, "roles": ["lead"]},
    {"name": "Boss", "telegram": BOSS, "roles": ["boss"], "language": "ar"},
]
_SETTINGS = dataclasses.replace(SETTINGS, people=(*SETTINGS.people, PersonSettings("Boss", int(BOSS), started=True)))


class Reader:
    """A phone with Telegram, whose messages are looked at as they are now."""

    def __init__(self, side: BesideWhatsApp, id_: str) -> None:
        self.phone: Phone = side.phone(id_)
        self._control = side.control

    async def types(self, text: str) -> None:
        await self.phone.types(text)

    async def presses(self, message: Mapping[str, Any], title: str) -> None:
        await self.phone.presses(message, title)

    async def sees(self, containing: str) -> dict[str, Any]:
        """The newest message of the bot that contains this, once it is there; one may be changed until it does."""
        changed = "0"
        async with asyncio.timeout(SECONDS):
            while True:
                found, changed = await self._changed(changed)
                fitting = [one for one in found if one["direction"] == "in" and containing in one["text"]]
                if fitting:
                    return max(fitting, key=lambda one: one["seq"])

    async def _changed(self, after: str) -> tuple[list[dict[str, Any]], str]:
        url, params = f"/_sim/phones/{self.phone.number}/messages", {"changed_after": after, "wait": "5"}
        async with self._control.get(url, params=params) as response:
            body = await response.json()
            return body["messages"], str(body["latest"])

    async def shown(self) -> list[dict[str, Any]]:
        return await self.phone.shown()

    async def offered(self) -> list[str]:
        """The titles of all buttons that are on the phone now."""
        return [button["title"] for message in await self.shown() for button in message["buttons"] or ()]


class OnTelegram:
    """The people, by their ids, and what was asked of Telegram for them."""

    def __init__(self, side: BesideWhatsApp) -> None:
        self.side = side
        self._looked_at: dict[str, int] = {}

    def __getitem__(self, id_: str) -> Reader:
        return Reader(self.side, id_)

    async def asked_for(self, method: str) -> dict[str, Any]:
        """The body of the next request for a method, once Telegram has answered it."""
        place = self._looked_at[method] = self._looked_at.get(method, 0) + 1
        name = f"/{method}"

        def answered(wire: list[dict[str, Any]]) -> list[dict[str, Any]]:
            return [one for one in wire if one["kind"] == "request" and one["url"].endswith(name) and one["status"]]

        wire = await self.side.wire_until(lambda wire: len(answered(wire)) >= place)
        body: dict[str, Any] = answered(wire)[place - 1]["body"]
        return body

    async def tapped(self, id_: str, action_id: str) -> None:
        """A tap in somebody's chat with the bot, on what was not shown there."""
        person = {"id": int(id_), "is_bot": False, "first_name": "x"}
        message = {"message_id": 999_999, "date": 1, "chat": {"id": int(id_), "type": "private", "first_name": "x"}}
        query = {"id": f"forged-{id_}", "from": person, "message": message, "chat_instance": "1", "data": action_id}
        await self.side.brings({"callback_query": query})


@asynccontextmanager
async def both(
    folder: Path,
    doer: Doer,
    *,
    greeted: tuple[str, ...] = (OMAR,),
    telegram: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    **spec: Any,
) -> AsyncIterator[tuple[World, OnTelegram]]:
    """A daemon on both; whoever is greeted has written on Telegram before, and the lead on WhatsApp."""
    changes: dict[str, Any] = {"safety": {"read_only": False}}
    spec = {"people": PEOPLE, "approval": {"allowed_users": ["@lead"]}, **spec}
    async with both_world(
        folder,
        mode="polling",
        agent=lambda _: doer,
        whatsapp={"allowed_numbers": [ON_CALL, LEAD], **changes},
        telegram={"allowed_users": [AMINA, OMAR, BOSS], **changes, **(telegram or {})},
        telegram_settings=_SETTINGS,
        environ=environ,
        **spec,
    ) as (aof, side):
        people = OnTelegram(side)
        doer.gate = aof.daemon.acting.gate if aof.daemon is not None else None
        await aof.lead.types("/status")
        await aof.lead.next()
        for id_ in greeted:
            await people[id_].types("/status")
            await people[id_].sees("aof")
        yield aof, people


def styles(message: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The buttons under a message, with how they look."""
    return [(button["text"], button["style"]) for row in message["keyboard"] or () for button in row]
