"""A daemon with two operators and a contact, and the API by which programs bring opportunities."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aof.simulator import PhoneSettings, Settings
from tests.e2e.world import World, world

SARA, OMAR, CONTACT = "+15550001001", "+15550002002", "+15550003003"
PEOPLE = [
    {"name": "Sara", "whatsapp": SARA, "language": "ar"},
    {"name": "Omar", "whatsapp": OMAR, "language": "en"},
    {"name": "Guest", "whatsapp": CONTACT},
]
TOKEN = "token-of-programs-in-tests"
WANTED: Mapping[str, Any] = {
    "id": "LEAD-42",
    "title": "تجديد عقد الصيانة",
    "summary": "ينتهي العقد بعد أسبوعين.",
    "language": "ar",
    "contact": {"name": "ليلى", "phone": CONTACT},
}
ENGLISH = {
    **WANTED,
    "id": "LEAD-43",
    "title": "Renew the contract",
    "summary": "It ends in two weeks.",
    "language": "en",
    "contact": {"name": "Layla", "phone": CONTACT},
}


@asynccontextmanager
async def flowing(
    folder: Path,
    *,
    operators: tuple[str, ...] = ("Sara", "Omar"),
    greeted: tuple[str, ...] = (SARA, OMAR, CONTACT),
    operator: Mapping[str, Any] | None = None,
    **more: Any,
) -> AsyncIterator[World]:
    """A world in which those who are greeted have written, so that they may be written to."""
    phones = (PhoneSettings("Sara", SARA), PhoneSettings("Omar", OMAR), PhoneSettings("Layla", CONTACT))
    flow = {"operators": list(operators), "api_token_env": "AOF_OPERATOR_API_TOKEN", **(operator or {})}
    environ = {"AOF_OPERATOR_API_TOKEN": TOKEN, **more.pop("environ", {})}
    more = {"people": PEOPLE, "settings": Settings(phones=phones), **more}
    async with world(folder, environ=environ, operator=flow, **more) as made:
        if made.daemon is not None:
            for number in greeted:
                await greet(made, number)
        yield made


async def greet(aof: World, number: str) -> None:
    await aof.phone(number).types("/status")
    await aof.phone(number).next()


async def call(
    aof: World,
    method: str,
    path: str,
    body: Any = None,
    *,
    token: str | None = TOKEN,
    data: bytes | None = None,
    **headers: str,
) -> tuple[int, Any]:
    """A request of a program; status and JSON."""
    assert aof.daemon is not None
    shown = {"Authorization": f"Bearer {token}"} if token is not None else {}
    url = f"http://127.0.0.1:{aof.daemon.admin_port}{path}"
    sent = {"data": data} if data is not None else {"json": body} if body is not None else {}
    async with aof.control.request(method, url, headers={**shown, **headers}, **sent) as response:
        return response.status, await response.json()


async def added(aof: World, wanted: Mapping[str, Any] = WANTED, **headers: str) -> dict[str, Any]:
    """An opportunity that is new."""
    status, said = await call(aof, "POST", "/api/operator/opportunities", dict(wanted), **headers)
    assert (status, said["state"]) == (202, "open"), said
    return said


async def standing(aof: World, id_: str = "LEAD-42") -> dict[str, Any]:
    """An opportunity as programs see it."""
    status, said = await call(aof, "GET", f"/api/operator/opportunities/{id_}")
    assert status == 200, said
    return said


async def approved_while_held(aof: World, operator: str = OMAR) -> dict[str, Any]:
    """A draft to Layla that is approved while live sends are off, and held by that gate; its card."""
    phone = aof.phone(operator)
    await added(aof, ENGLISH)
    await phone.presses(await phone.next(), "Message")
    draft = await phone.next()
    await phone.next()
    await aof.idle()
    aof.config = aof.config.replace('"api_url"', '"hold_on_loopback": true, "api_url"')
    await aof.restart()
    await phone.presses(draft, "Approve")

    async def held() -> bool:
        return await gates_of(aof) == ["live_send"]

    await aof.until(held)
    return draft


async def gates_of(aof: World, id_: str = "LEAD-43") -> list[str]:
    """What holds each part that an approval queued."""
    return [one["gate"] for one in (await standing(aof, id_))["deliveries"]]


def titles(message: Mapping[str, Any]) -> list[str]:
    return [button["title"] for button in message["buttons"]]


def audited(aof: World) -> list[str]:
    """The kinds of what is in the chain about opportunities, drafts and notifications, and refused presses."""
    kinds = [kind for (kind,) in aof.rows("SELECT kind FROM audit ORDER BY seq")]
    ours = ("opportunity_", "draft_", "notification_", "turn_press_refused")
    return [kind for kind in kinds if kind.startswith(ours)]
