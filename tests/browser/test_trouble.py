"""What the page shows when something goes wrong: with the platform, the window, the gate, the simulator itself."""

import logging
from dataclasses import replace

import pytest
from playwright.async_api import expect

from aof import logs
from aof.cli.stage import staged
from aof.domain.response import Response
from aof.simulator import Simulator
from tests.browser.screen import opened
from tests.e2e.world import LEAD, ON_CALL, SECONDS

LANGUAGES = pytest.mark.parametrize("language", ["en", "ar"])

WORDS = {
    "en": {
        "open": "Window open, 23 h 59 min left",
        "closed": "Window closed: only templates arrive",
        "later": "+25 h",
        "refused": "Refused by the platform:",
        "never": "Never shown on this phone:",
        "held": "Held by the daemon, not sent:",
        "field": "Field:",
        "off": "Refuse sends",
        "token": "Token expired",
    },
    "ar": {
        "open": "النافذة مفتوحة، بقي 23 س 59 د",
        "closed": "النافذة مغلقة: تصل القوالب فقط",
        "later": "+25 ساعة",
        "refused": "رفضتها المنصة:",
        "never": "لم تظهر على هذا الهاتف:",
        "held": "حجزتها الخدمة ولم تُرسل:",
        "field": "الحقل:",
        "off": "ارفض الإرسال",
        "token": "رمز منتهٍ",
    },
}


async def send(world, number, **body):
    """A request of the business, past the daemon."""
    settings = world.simulator.settings
    headers = {"Authorization": f"Bearer {settings.access_token}"}
    whole = {"messaging_product": "whatsapp", "to": number, **body}
    async with world.control.post(
        f"/v25.0/{settings.phone_number_id}/messages", json=whole, headers=headers
    ) as response:
        return response.status


@LANGUAGES
async def test_the_window_closes_and_opens_again(aof, browser, language):
    said = WORDS[language]
    async with opened(browser, aof.simulator.url, language=language) as screen:
        phone = screen.phone(ON_CALL)
        window = phone.element.locator(".window")
        await phone.types("hello")
        await expect(phone.received).to_have_count(1)
        await expect(window).to_have_text(said["open"])
        await screen.press(said["later"])
        await expect(window).to_have_text(said["closed"])

        assert await send(aof, ON_CALL, type="text", text={"body": "Are you there?"}) == 200
        await expect(phone.notes).to_have_count(1)
        await expect(phone.notes).to_contain_text(said["never"])
        await expect(phone.notes).to_contain_text("Are you there?")
        await expect(phone.notes).to_contain_text("(#131047)")
        await expect(screen.wire.filter(has_text="failed (131047)")).to_have_count(1)

        await phone.types("hello again")
        await expect(window).to_have_text(said["open"])
        await expect(phone.received).to_have_count(2)


@LANGUAGES
async def test_a_fault_is_switched_on_and_the_platforms_own_error_is_read(aof, browser, language):
    said = WORDS[language]
    async with opened(browser, aof.simulator.url, language=language) as screen:
        phone = screen.phone(ON_CALL)
        await screen.page.locator("#code").fill("131031")
        await screen.press(said["off"])
        await expect(screen.page.locator(".faults-on")).to_contain_text("131031")
        await phone.types("ping")
        words = "(#131031) Business Account locked"
        await expect(phone.notes).to_contain_text(said["refused"])
        await expect(phone.notes).to_contain_text("You said: ping")
        await expect(phone.notes).to_contain_text(words)
        refusal = screen.wire.filter(has_text=words)
        await expect(refusal.locator(".status.bad")).to_have_text("403")
        await refusal.locator("summary").click()
        await expect(refusal.locator(".json").last).to_contain_text('"code": 131031')
        await expect(phone.received).to_have_count(0)


async def test_switches_pressed_in_quick_succession_are_all_heard(aof, browser):
    async with opened(browser, aof.simulator.url) as screen:
        names = ["429", "No receipts", "Slow", "Twice"]
        for name in names:
            await screen.press(name)
        await screen.press("429")
        pressed = screen.page.locator(".controls .chip[aria-pressed=true]")
        await expect(pressed).to_have_text(["Slow", "Twice", "No receipts"])
        await expect(screen.page.locator(".faults-on li")).to_have_count(3)
    assert aof.simulator.faults.shown() == {"withhold_receipts": True, "slow_seconds": 5, "duplicate": 1}


async def test_a_fault_that_was_used_up_is_shown_as_off(aof, browser):
    await aof.fault(**{"502": 1})
    async with opened(browser, aof.simulator.url) as screen:
        await expect(screen.page.locator(".faults-on li")).to_have_text("A proxy answers with an HTML page (×1)")
        await screen.phone(ON_CALL).types("hello")
        await expect(screen.page.locator(".controls .chip[aria-pressed=true]")).to_have_count(0)
        await expect(screen.phone(ON_CALL).notes).to_contain_text("HTTP 502")


@LANGUAGES
async def test_the_refused_field_is_marked(aof, browser, language):
    said = WORDS[language]
    async with opened(browser, aof.simulator.url, language=language) as screen:
        phone = screen.phone(ON_CALL)
        await phone.types("hello")
        await expect(phone.received).to_have_count(1)
        long = "A title of more than 20"
        buttons = [{"type": "reply", "reply": {"id": str(n), "title": title}} for n, title in enumerate(("Fine", long))]
        interactive = {"type": "button", "body": {"text": "Which?"}, "action": {"buttons": buttons}}
        assert await send(aof, ON_CALL, type="interactive", interactive=interactive) == 400
        await expect(phone.notes).to_contain_text("Button title length invalid")
        await expect(phone.notes).to_contain_text(said["field"])
        await expect(phone.notes.locator("code")).to_have_text("interactive['action']['buttons'][1]['reply']['title']")
        refusal = screen.wire.filter(has_text="Button title length invalid")
        await refusal.locator("summary").click()
        await expect(refusal.locator("mark")).to_contain_text(f'"{long}"')


@LANGUAGES
async def test_what_the_closed_gate_holds_is_marked_as_held(browser, language):
    said = WORDS[language]
    try:
        async with (
            staged(level=logging.CRITICAL) as stage,
            stage.daemon(hold_on_loopback="true", allow_live_send="false") as daemon,
            opened(browser, stage.simulator.url, language=language) as screen,
        ):
            phone = screen.phone(ON_CALL)
            await phone.types("/help")
            await expect(phone.notes).to_have_count(1)
            await expect(phone.notes).to_contain_text(said["held"])
            await expect(phone.notes).to_contain_text("allow_live_send")
            await expect(phone.received).to_have_count(0)
            # what is written afterwards stands above what is held, and it stays marked
            await phone.types("more")
            await expect(phone.messages.last).to_contain_text(said["held"])
            assert (await daemon.store.counts()).parts["held"] >= 1
    finally:
        logs.set_up(lambda text: text, level=logging.DEBUG)


async def test_a_list_keeps_its_place_and_counts_what_came(aof, echo, browser):
    echo.answers = lambda _turn: Response(text="\n".join(f"line {n}" for n in range(60)))
    async with opened(browser, aof.simulator.url) as screen:
        phone = screen.phone(ON_CALL)
        await phone.types("a long one")
        await expect(phone.received).to_have_count(1)
        log = phone.element.locator(".log")
        await log.evaluate("node => { node.scrollTop = 0; node.dispatchEvent(new Event('scroll')) }")
        echo.answers = None
        await aof.on_call.types("another")
        pill = phone.element.locator(".pill")
        await expect(pill).to_have_text("2 new ↓")
        assert await log.evaluate("node => node.scrollTop") == 0
        # what was not looked at was not read
        await expect(phone.received.last.locator(".state")).to_contain_text("delivered")
        await pill.click()
        await expect(pill).to_be_hidden()
        await expect(phone.received.last.locator(".state")).to_contain_text("read")


async def test_a_page_that_lost_its_simulator_says_so_and_finds_the_next_one(aof, browser):
    first = aof.simulator
    async with opened(browser, first.url) as screen:
        phone = screen.phone(LEAD)
        await phone.types("hello")
        await expect(phone.received).to_have_count(1)
        port = int(first.url.rsplit(":", 1)[1])
        await first.stop()
        await expect(screen.page.locator(".live")).to_have_text("Reconnecting …")
        await phone.types("is anybody there?")
        await expect(screen.page.get_by_role("alert")).to_have_text(
            "The simulator does not answer. Is it still running?"
        )
        await expect(phone.input).to_have_value("is anybody there?")

        settings = replace(first.settings, webhook_url=f"{aof.url}/webhook/whatsapp")
        second = Simulator(settings)
        await second.start(port=port)
        try:
            await expect(screen.page.locator(".live")).to_have_text("Live", timeout=SECONDS * 1000)
            await expect(phone.messages).to_have_count(0)
            await phone.input.press("Enter")
            await expect(phone.received).to_have_count(1)
            await expect(screen.page.get_by_role("alert")).to_be_hidden()
        finally:
            await second.stop()
