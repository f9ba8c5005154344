"""Every kind of message shows what a phone shows of it, in both languages."""

import pytest
from playwright.async_api import expect

from tests.browser.screen import opened
from tests.browser.test_trouble import send
from tests.e2e.world import ON_CALL

LINK = "https://example.test/a"
BODY = {"text": "Look"}


def interactive(kind: str, action: dict, **more: object) -> dict:
    return {"type": "interactive", "interactive": {"type": kind, "body": BODY, "action": action, **more}}


PLACE = {"latitude": 37.758056, "longitude": -122.425332, "name": "HQ", "address": "1 Hacker Way"}
PERSON = {
    "name": {"formatted_name": "Sam Jones", "first_name": "Sam"},
    "phones": [{"phone": "+1 940 555 1234"}],
    "emails": [{"email": "sam@example.test"}],
}
CASES = [
    ({"type": "image", "image": {"link": LINK, "caption": "A *rack*"}}, ["Photo", "A rack"], ["صورة", "A rack"]),
    ({"type": "video", "video": {"link": LINK}}, ["Video"], ["فيديو"]),
    ({"type": "audio", "audio": {"link": LINK, "voice": True}}, ["Voice message"], ["رسالة صوتية"]),
    ({"type": "document", "document": {"link": LINK, "filename": "a.pdf"}}, ["Document", "a.pdf"], ["مستند", "a.pdf"]),
    ({"type": "sticker", "sticker": {"link": LINK}}, ["Sticker"], ["ملصق"]),
    (
        {"type": "location", "location": PLACE},
        ["Location", "HQ", "1 Hacker Way", "37.758056, -122.425332"],
        ["موقع", "HQ", "1 Hacker Way"],
    ),
    ({"type": "contacts", "contacts": [PERSON]}, ["Contact", "Sam Jones", "+1 940 555 1234", "sam@"], ["جهة اتصال"]),
    (
        interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": "See Dates", "url": LINK}}),
        ["Look", "See Dates"],
        ["Look", "See Dates"],
    ),
    (
        interactive("location_request_message", {"name": "send_location"}),
        ["Look", "Send location"],
        ["Look", "أرسل الموقع"],
    ),
    (
        interactive(
            "button",
            {"buttons": [{"type": "reply", "reply": {"id": "1", "title": "Go"}}]},
            header={"type": "image", "image": {"link": LINK}},
            footer={"text": "Small"},
        ),
        ["Photo", "Look", "Small", "Go"],
        ["صورة", "Look", "Small", "Go"],
    ),
]


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_every_kind_shows_what_it_carries(aof, browser, language):
    async with opened(browser, aof.simulator.url, language=language) as screen:
        phone = screen.phone(ON_CALL)
        await aof.on_call.types("hello")
        await expect(phone.received).to_have_count(1)
        for n, (body, english, arabic) in enumerate(CASES, 2):
            assert await send(aof, ON_CALL, **body) == 200
            await expect(phone.received).to_have_count(n)
            for words in english if language == "en" else arabic:
                await expect(phone.received.last).to_contain_text(words)
        assert "[" not in await phone.element.locator(".messages").inner_text()


async def test_each_card_of_a_carousel_has_its_own_buttons(aof, echo, browser):
    cards = [
        {
            "card_index": n,
            "type": "cta_url",
            "header": {"type": "image", "image": {"link": LINK}},
            "body": {"text": f"Plant {n}"},
            "action": {"buttons": [{"type": "quick_reply", "quick_reply": {"id": f"more-{n}", "title": "More"}}]},
        }
        for n in range(2)
    ]
    async with opened(browser, aof.simulator.url) as screen:
        phone = screen.phone(ON_CALL)
        await aof.on_call.types("hello")
        await expect(phone.received).to_have_count(1)
        assert await send(aof, ON_CALL, **interactive("carousel", {"cards": cards})) == 200
        shown = phone.received.last.locator(".cards > li")
        await expect(shown).to_have_count(2)
        await expect(shown.nth(1)).to_contain_text("Plant 1")
        await shown.nth(1).get_by_role("button", name="More").click()
        await expect(phone.received).to_have_count(3)
    replies = [
        entry.node["interactive"]
        for entry in aof.simulator.phone(ON_CALL).transcript
        if entry.direction == "out" and "interactive" in entry.node
    ]
    assert replies == [{"type": "button_reply", "button_reply": {"id": "more-1", "title": "More"}}]


async def test_a_reaction_is_shown_on_the_message_that_it_is_about(aof, browser):
    async with opened(browser, aof.simulator.url) as screen:
        phone = screen.phone(ON_CALL)
        await phone.types("hello")
        await expect(phone.received).to_have_count(1)
        (written,) = (entry for entry in aof.simulator.phone(ON_CALL).transcript if entry.direction == "out")
        assert await send(aof, ON_CALL, type="reaction", reaction={"message_id": written.id, "emoji": "😀"}) == 200
        await expect(phone.written.locator(".reaction")).to_have_text("😀")
        await expect(phone.messages).to_have_count(2)


@pytest.mark.parametrize(
    "node",
    [
        {"type": "constructor", "constructor": 1},
        {"type": "\u202eodd", "odd": {}},
        {"type": "contacts", "contacts": {"not": "a list"}},
        {"type": "contacts", "contacts": [None, {"phones": 5}]},
        {"type": "location", "location": None},
        {"type": "template", "template": {"components": [None, {"type": 1}]}},
        {"type": "image", "image": "no object"},
        {"type": "interactive", "interactive": {"header": {"type": ["image"]}}},
        {"type": "reaction", "reaction": {"message_id": "x", "emoji": {"a": 1}}},
        {"type": "unsupported", "unsupported": {"type": "poll_creation"}},
    ],
)
async def test_a_phone_may_write_what_nobody_knows(aof, browser, node):
    async with opened(browser, aof.simulator.url) as screen:
        phone = screen.phone(ON_CALL)
        async with aof.control.post(f"/_sim/phones/{ON_CALL}/messages", json=node) as response:
            assert response.status == 200
        await aof.on_call.types("after it")
        await expect(phone.written.last).to_contain_text("after it")
        assert "\u202e" not in await phone.element.inner_text()
