"""The same world on WhatsApp, and on Telegram that brings its updates or is asked for them."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aof.agents.base import Agent
from aof.simulator import PhoneSettings, Settings
from tests.e2e.acting import Doer
from tests.e2e.telegram import AMINA, FORUM, GROUP, OMAR, telegram_world
from tests.e2e.telegram import STRANGER as STRANGER_ID
from tests.e2e.world import LEAD, ON_CALL, Phone, World, world

EITHER = ("whatsapp", "webhook", "polling")
"""WhatsApp, and the two modes of Telegram."""
STRANGER = "+15550009009"
PEOPLE = [
    {"name": "Amina", "whatsapp": ON_CALL, "telegram": AMINA, "roles": ["on-call"], "language": "en"},
    {"name": "Omar", "whatsapp": LEAD, "telegram": OMAR, "roles": ["lead"], "language": "en"},
]
_PHONES = Settings(phones=(*Settings().phones, PhoneSettings("Stranger", STRANGER)))


@asynccontextmanager
async def either(
    kind: str, folder: Path, *, agent: Callable[[Any], Agent], platform: Mapping[str, Any] | None = None, **spec: Any
) -> AsyncIterator[World]:
    """A world on one of `EITHER`; `platform` are keys that both platforms have."""
    if kind == "whatsapp":
        async with world(folder, agent=agent, settings=_PHONES, whatsapp=platform, **spec) as made:
            yield made
    else:
        async with telegram_world(folder, mode=kind, agent=agent, telegram=platform, **spec) as made:
            yield made


@asynccontextmanager
async def acting_on(
    kind: str, folder: Path, doer: Doer, *, platform: Mapping[str, Any] | None = None, **spec: Any
) -> AsyncIterator[World]:
    """A daemon with an agent that acts, and a Lead who has written here before."""
    listed: dict[str, Any] = {"allowed_numbers": [ON_CALL, LEAD]}
    if kind != "whatsapp":
        listed = {"allowed_users": [AMINA, OMAR], "allowed_groups": [GROUP, FORUM]}
    keys = {**listed, "safety": {"read_only": False}, **(platform or {})}
    spec = {"people": PEOPLE, "approval": {"allowed_users": ["@lead"]}, **spec}
    async with either(kind, folder, agent=lambda _: doer, platform=keys, **spec) as made:
        doer.gate = made.daemon.acting.gate
        await made.lead.types("/status")
        await made.lead.next()
        yield made


def stranger(aof: World) -> Phone:
    """Somebody whom no configuration names."""
    return aof.phone(STRANGER_ID if aof.on_call.number == AMINA else STRANGER)
