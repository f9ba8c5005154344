"""`aof demo --gate`, its second half: the operator flow against the live gate, in Arabic, on simulated phones."""

import asyncio
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import aiohttp

from aof.cli.entrance import entrance
from aof.cli.phone import shown
from aof.cli.stage import Stage, staged
from aof.daemon import Daemon
from aof.daemon.desk import sit_down
from aof.domain.errors import AofError
from aof.pipeline.desk.base import Refused
from aof.pipeline.desk.outbox import LIVE_SEND, release_held
from aof.simulator import PhoneSettings

SECONDS = 60.0
"""How long one step may take before it is given up."""
TOKEN_ENV = "AOF_DEMO_OPERATOR_TOKEN"  # noqa: S105 -- the name of a variable
SARA, LAYLA, MUNA = (
    PhoneSettings("Sara", "+15550001001"),
    PhoneSettings("Layla", "+15550002002"),
    PhoneSettings("Muna", "+15550003003"),
)
SPEC = f"""\
  people: [{{name: Sara, whatsapp: "{SARA.number}", language: ar}}]
  operator:
    operators: [Sara]
    api_token_env: {TOKEN_ENV}
    page: {{people: [{{name: Sara, role: operator}}]}}
"""
LIVE = "WHATSAPP_ALLOW_LIVE_SEND"
TEXT = "أهلًا ليلى، هل نجدد العقد هذا الأسبوع؟"


class GaveUp(AofError):
    """A step of the rehearsal did not come about."""


@dataclass(frozen=True, slots=True)
class Phones:
    """What a person does on a simulated phone."""

    control: aiohttp.ClientSession

    async def types(self, phone: PhoneSettings, text: str) -> None:
        print(f"   {phone.name} writes: {text}")
        await self._json("POST", f"/_sim/phones/{phone.number}/messages", json={"text": text})

    async def presses(self, phone: PhoneSettings, message: Mapping[str, Any], title: str) -> None:
        print(f"   {phone.name} presses [{title}]")
        (button,) = [one["id"] for one in message["buttons"] if one["title"] == title]
        pressed = {"message_id": message["id"], "action_id": button}
        await self._json("POST", f"/_sim/phones/{phone.number}/press", json=pressed)

    async def messages(self, phone: PhoneSettings) -> list[dict[str, Any]]:
        """What came from the business."""
        page = await self._json("GET", f"/_sim/phones/{phone.number}/messages")
        return [message for message in page["messages"] if message["direction"] == "in"]

    async def until(self, phone: PhoneSettings, words: str, *, buttons: bool = False) -> dict[str, Any]:
        """The newest message with these words, as soon as there is one; it is printed."""
        async with asyncio.timeout(SECONDS):
            while True:
                for message in (await self.messages(phone))[::-1]:
                    if words in str(message["text"]) and (message["buttons"] or not buttons):
                        print(shown(message))
                        return message
                await asyncio.sleep(0.05)

    async def _json(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        async with self.control.request(method, path, **given) as response:
            response.raise_for_status()
            body: dict[str, Any] = await response.json()
            return body


async def rehearse_flow(*, level: int) -> int:
    """From an opportunity by HTTP to a message that is held, and leaves once somebody releases it."""
    token = secrets.token_urlsafe(24)
    async with (
        staged(level=level, phones=(SARA, LAYLA, MUNA)) as bare,
        aiohttp.ClientSession(bare.url) as control,
    ):
        stage = replace(bare, spec=SPEC, environ={**bare.environ, TOKEN_ENV: token})
        phones = Phones(control)
        try:
            draft = await _drafted(stage, phones, token)
            await _held(stage, phones, draft)
            return await _released(stage, phones)
        except TimeoutError:
            raise GaveUp(f"nothing came about within {SECONDS:g} s; run it with --verbose") from None


async def _drafted(stage: Stage, phones: Phones, token: str) -> Mapping[str, Any]:
    print(f"1. {LIVE}=true. An opportunity comes in by HTTP, and its card is on Sara's phone.")
    async with _live(stage, "true").daemon(hold_on_loopback="true") as daemon:
        # cards go out within a day of a person's last message; Muna never wrote
        for phone in (SARA, LAYLA):
            await phones.types(phone, "/status")
            await phones.until(phone, "")
        await _add(daemon, token, "LEAD-1", "منى", MUNA)
        card = await phones.until(SARA, "منى", buttons=True)
        await phones.presses(SARA, card, "رسالة")
        cold = await phones.until(SARA, "مرحبًا منى", buttons=True)
        await phones.presses(SARA, cold, "اعتماد")
        await phones.until(SARA, "لم يوافق على مراسلته")
        await _add(daemon, token, "LEAD-2", "ليلى", LAYLA)
        card = await phones.until(SARA, "جهة الاتصال: \u2068ليلى", buttons=True)
        await phones.presses(SARA, card, "رسالة")
        draft = await phones.until(SARA, "مرحبًا ليلى", buttons=True)
        await phones.presses(SARA, draft, "تعديل")
        await phones.until(SARA, "أرسل النص الجديد")
        await phones.types(SARA, TEXT)
        return await phones.until(SARA, TEXT, buttons=True)


async def _held(stage: Stage, phones: Phones, draft: Mapping[str, Any]) -> None:
    print(f"2. {LIVE} is not set, and the daemon was restarted.")
    async with _live(stage, "").daemon(hold_on_loopback="true") as daemon:
        await phones.presses(SARA, draft, "اعتماد")
        async with asyncio.timeout(SECONDS):
            while not (held := await _gates(daemon)):  # noqa: ASYNC110 -- it rings for nobody outside
                await asyncio.sleep(0.05)
        print(f"   The message to Layla is held: {held[0]}.")
        async with sit_down(daemon.assembly) as desk:
            try:
                await release_held(desk, gate=LIVE_SEND)
            except Refused as refused:
                print(f"   aof outbox release --gate live_send: {refused}.")


def _live(stage: Stage, switch: str) -> Stage:
    """The stage with the variable that lets messages out, or without it."""
    environ = {name: value for name, value in stage.environ.items() if name != LIVE}
    return replace(stage, environ=environ | ({LIVE: switch} if switch else {}))


async def _released_on_page(daemon: Daemon) -> str:
    """What the page says once somebody has signed in with a link and pressed the button below what is held."""
    here = f"http://127.0.0.1:{daemon.admin_port}"
    key = (await entrance(daemon, SARA.name)).partition("key=")[2]
    async with aiohttp.ClientSession(
        cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Origin": here}, raise_for_status=True
    ) as browser:
        async with browser.post(f"{here}/operator/enter", data={"key": key}) as screen:
            csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', await screen.text())
        if csrf is None:
            raise GaveUp("the page did not let Sara in")
        form = {"csrf": csrf[1], "gate": LIVE_SEND}
        async with browser.post(f"{here}/operator/deliveries/release", data=form) as screen:
            said = re.search(r"Released: [0-9]+\.", await screen.text())
    if said is None:
        raise GaveUp("the page released nothing")
    return said[0]


async def _gates(daemon: Daemon) -> list[str]:
    return [one.gate for one in await daemon.store.departures_of("LEAD-2") if one.state == "held"]


async def _released(stage: Stage, phones: Phones) -> int:
    print(f"3. {LIVE}=true, and the daemon was restarted: what was held stays held.")
    async with _live(stage, "true").daemon(hold_on_loopback="true") as daemon:
        arrived = [message for message in await phones.messages(LAYLA) if TEXT in str(message["text"])]
        print(f"   Layla's phone shows {len(arrived)} of it.")
        print(f"4. Sara signs in on the page for operators, and releases it: {await _released_on_page(daemon)}")
        await phones.until(LAYLA, TEXT)
        return 1 if arrived or await phones.messages(MUNA) else 0


async def _add(daemon: Daemon, token: str, id_: str, name: str, phone: PhoneSettings) -> None:
    wanted = {
        "id": id_,
        "title": "تجديد عقد الصيانة",
        "summary": "ينتهي العقد بعد أسبوعين.",
        "language": "ar",
        "contact": {"name": name, "phone": phone.number},
    }
    url = f"http://127.0.0.1:{daemon.admin_port}/api/operator/opportunities"
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session,
        session.post(url, json=wanted) as response,
    ):
        print(f"   POST /api/operator/opportunities: {response.status} {_short(await response.json())}")


def _short(said: Mapping[str, Any], keys: Sequence[str] = ("id", "state")) -> str:
    return ", ".join(f"{key}: {said[key]}" for key in keys if key in said)
