"""What stays where it is, and what is read out, while things happen."""

import pytest
from playwright.async_api import expect

from aof.simulator import PhoneSettings, Settings, Simulator
from aof.simulator.bubbles import Bubble, Content
from tests.browser.screen import DESKTOP, PHONE, opened
from tests.browser.test_trouble import send
from tests.e2e.world import LEAD, ON_CALL, SECONDS

LISTEN = """() => {
    window.heard = [];
    for (const region of document.querySelectorAll("[role=log], [role=status], [role=alert], [aria-live]"))
        new MutationObserver(changes => {
            for (const change of changes) for (const node of change.addedNodes) heard.push(node.textContent);
        }).observe(region, { childList: true, subtree: true });
}"""


async def test_a_screen_reader_hears_each_message_once_and_nothing_of_the_past(aof, browser):
    async with opened(browser, aof.simulator.url) as screen:
        phone = screen.phone(ON_CALL)
        await phone.types("before")
        await expect(phone.received).to_have_count(1)
        await screen.page.reload()
        await expect(phone.received).to_have_count(1)
        await screen.page.evaluate(LISTEN)
        await phone.types("ping")
        await expect(phone.received).to_have_count(2)
        await expect(phone.received.last.locator(".state")).to_contain_text("read")
        await screen.press("العربية")
        await expect(phone.received.last.locator(".state")).to_contain_text("قُرئت")
        heard = await screen.page.evaluate("heard.filter(text => text.includes('ping') || text.includes('before'))")
        assert heard == ["from the business: You said: ping"]


async def test_a_fault_that_is_on_is_read_out_once(aof, browser):
    async with opened(browser, aof.simulator.url) as screen:
        phone = screen.phone(ON_CALL)
        await screen.page.evaluate(LISTEN)
        await screen.press("No receipts")
        words = "Sent, delivered and read are never told"
        await expect(screen.page.locator(".faults-on")).to_have_text(words)
        for n in range(1, 4):
            await phone.types(f"message {n}")
            await expect(phone.received).to_have_count(n)
        heard = await screen.page.evaluate("heard.filter(text => !text.startsWith('from the business'))")
        assert [text for text in heard if text not in {"", "is typing …"}] == [words]


async def test_a_tab_stays_the_same_button_while_messages_come(aof, browser):
    async with opened(browser, aof.simulator.url, size=PHONE) as screen:
        await screen.page.evaluate("window.tab = document.querySelector('.tabs button')")
        await aof.on_call.types("hello")
        await expect(screen.phone(ON_CALL).received.locator(".state")).to_contain_text("read")
        await expect(screen.phone(ON_CALL).element.locator(".window")).to_contain_text("open")
        assert await screen.page.evaluate("tab.isConnected")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_an_error_covers_nothing(aof, browser, size):
    async with opened(browser, aof.simulator.url, size=size) as screen:
        await screen.page.route("**/_sim/phones/**", lambda route: route.abort())
        await screen.phone(ON_CALL).types("hello")
        alert = screen.page.get_by_role("alert")
        await expect(alert).to_be_visible()
        above, below = await screen.page.locator("#table").bounding_box(), await alert.bounding_box()
        assert above["y"] + above["height"] <= below["y"]
        assert below["y"] + below["height"] <= size["height"]


@pytest.mark.parametrize("width", [900, 1024, 1440])
@pytest.mark.parametrize("language", ["en", "ar"])
async def test_two_phones_and_the_wire_stand_side_by_side(aof, browser, language, width):
    size = {"width": width, "height": 768}
    async with opened(browser, aof.simulator.url, language=language, size=size) as screen:
        assert await screen.page.locator("#table").evaluate("node => node.scrollWidth - node.clientWidth") == 0
        who = screen.phone(ON_CALL).element.locator(".who")
        name, number = await who.locator("h2 bdi").bounding_box(), await who.locator("p bdi").bounding_box()
        edges = [box["x"] + (box["width"] if language == "ar" else 0) for box in (name, number)]
        assert abs(edges[0] - edges[1]) < 2


async def test_what_is_no_longer_shown_does_not_come_back_when_it_changes(aof, browser):
    transcript = aof.simulator.phone(ON_CALL).transcript
    bubbles = [
        Bubble(f"wamid.{n}", "out", Content("text", f"old {n}"), {"text": {"body": f"old {n}"}}, aof.clock.now())
        for n in range(600)
    ]
    for bubble in bubbles:
        transcript.add(bubble)
    async with opened(browser, aof.simulator.url) as screen:
        phone = screen.phone(ON_CALL)
        await expect(phone.messages.last).to_contain_text("old 599")
        await phone.types("one more")
        await expect(phone.received).to_have_count(1)
        # neither what the page was never told nor what it has let go
        for bubble in (bubbles[0], bubbles[100]):
            transcript.touch(bubble)
        await phone.types("and another")
        await expect(phone.received).to_have_count(2)
        shown = await phone.messages.evaluate_all("items => items.map(item => item.querySelector('p').textContent)")
        assert shown[0] == "old 104"
        assert shown[-4:] == ["one more", "You said: one more", "and another", "You said: and another"]


async def test_marks_that_turn_text_are_shown_by_name_on_every_label(aof, browser):
    async with opened(browser, aof.simulator.url) as screen:
        phone = screen.phone(ON_CALL)
        await phone.types("hello")
        await expect(phone.received).to_have_count(1)
        action = {"name": "cta_url", "parameters": {"display_text": "\u202eexe", "url": "https://example.test"}}
        body = {"type": "cta_url", "body": {"text": "x"}, "action": action}
        assert await send(aof, ON_CALL, type="interactive", interactive=body) == 200
        rows = [{"id": "1", "title": "\u202erow", "description": "\u202ewords"}]
        action = {"button": "\u202elist", "sections": [{"title": "\u202epart", "rows": rows}]}
        body = {"type": "list", "body": {"text": "x"}, "action": action}
        assert await send(aof, ON_CALL, type="interactive", interactive=body) == 200
        await phone.element.locator("[aria-haspopup=dialog]").click()
        await expect(phone.element.get_by_role("dialog")).to_contain_text("[U+202E]list")
        await expect(phone.element).to_contain_text("[U+202E]exe")
        assert "\u202e" not in await screen.page.evaluate("document.body.textContent")


async def test_the_phones_of_the_next_run_take_the_place_of_these(aof, browser):
    first = aof.simulator
    async with opened(browser, first.url, size=PHONE) as screen:
        await expect(screen.page.locator(".tabs button")).to_have_text(["On call", "Lead", "Wire"])
        await first.stop()
        settings = Settings(phones=(PhoneSettings("Lead", LEAD), PhoneSettings("Third", "+15550003003")))
        second = Simulator(settings)
        await second.start(port=int(first.url.rsplit(":", 1)[1]))
        try:
            await expect(screen.page.locator(".tabs button")).to_have_text(
                ["Lead", "Third", "Wire"], timeout=SECONDS * 1000
            )
            await expect(screen.phone(ON_CALL).element).to_have_count(0)
        finally:
            await second.stop()
