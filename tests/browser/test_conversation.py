"""A conversation on the phone page, as its person sees it."""

import asyncio

import pytest
from playwright.async_api import expect

from aof.domain.response import Action, Response, Status
from tests.browser.screen import opened
from tests.e2e.world import LEAD, ON_CALL, SECONDS

LANGUAGES = pytest.mark.parametrize("language", ["en", "ar"])

WORDS = {
    "en": {"sent": "sent", "delivered": "delivered", "read": "read", "typing": "is typing …", "close": "Close"},
    "ar": {"sent": "أُرسلت", "delivered": "وصلت", "read": "قُرئت", "typing": "يكتب الآن …", "close": "أغلق"},
}


def offering(*titles: str, text: str = "Which one?") -> Response:
    return Response(text=text, actions=tuple(Action(id=f"do:{title}", title=title) for title in titles))


@LANGUAGES
async def test_what_is_typed_is_answered_and_the_ticks_move(aof, echo, browser, language):
    said = WORDS[language]
    webhook_url, aof.simulator.webhook_url = aof.simulator.webhook_url, None
    async with opened(browser, aof.simulator.url, language=language) as screen:
        phone = screen.phone(ON_CALL)
        await phone.types("كيف حال القرص؟" if language == "ar" else "How is the disk?")
        await expect(phone.written.locator(".state")).to_have_text(f"✓ {said['sent']}")
        await expect(phone.input).to_have_value("")
        aof.simulator.webhook_url = webhook_url
        await expect(phone.written.locator(".state")).to_have_text(f"✓✓ {said['delivered']}")
        await expect(phone.received.locator(".bubble p")).to_contain_text(
            "القرص" if language == "ar" else "How is the disk?"
        )
        await expect(phone.received.locator(".state")).to_have_text(f"✓✓ {said['read']}")
        assert await screen.page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        assert await screen.page.locator("html").get_attribute("lang") == language
        direction = await phone.written.locator(".bubble p").evaluate("node => getComputedStyle(node).direction")
        assert direction == ("rtl" if language == "ar" else "ltr")


@LANGUAGES
async def test_who_waits_sees_typing_and_that_the_question_was_read(aof, echo, browser, language):
    told = asyncio.Event()

    async def later(turn):
        async with asyncio.timeout(SECONDS):
            await told.wait()
        return Response(text="There.")

    echo.answers = later
    async with opened(browser, aof.simulator.url, language=language) as screen:
        phone = screen.phone(ON_CALL)
        await phone.types("something slow")
        await expect(phone.element.locator(".typing")).to_have_text(WORDS[language]["typing"])
        await expect(phone.written.locator(".state")).to_have_text(f"✓✓ {WORDS[language]['read']}")
        told.set()
        await expect(phone.received).to_contain_text("There.")
        await expect(phone.element.locator(".typing")).to_have_text("")


@LANGUAGES
async def test_a_tapped_button_is_answered_and_quotes_what_it_answers(aof, echo, browser, language):
    titles = ("سجلات", "وصف") if language == "ar" else ("View logs", "Describe")
    echo.answers = lambda turn: offering(*titles) if turn.text == "go" else Response(text=f"You said: {turn.text}")
    async with opened(browser, aof.simulator.url, language=language) as screen:
        phone = screen.phone(ON_CALL)
        await phone.types("go")
        await phone.choice(titles[1]).click()
        await expect(phone.written.nth(1)).to_contain_text(titles[1])
        await expect(phone.written.nth(1).locator(".quote")).to_contain_text("Which one?")
        await expect(phone.received).to_have_count(2)
    assert echo.turns[1].press.action_id == f"do:{titles[1]}"


@LANGUAGES
async def test_a_row_is_picked_from_the_sheet(aof, echo, browser, language):
    titles = ("api", "worker", "cron", "db") if language == "en" else ("واجهة", "عامل", "مجدول", "قاعدة")
    echo.answers = lambda turn: offering(*titles) if turn.text == "go" else Response(text=f"You said: {turn.text}")
    async with opened(browser, aof.simulator.url, language=language) as screen:
        phone = screen.phone(ON_CALL)
        await phone.types("go")
        opener = phone.element.locator("[aria-haspopup=dialog]")
        sheet = phone.element.get_by_role("dialog")

        await opener.click()
        await expect(sheet.locator(".row-title")).to_have_text(list(titles))
        await expect(sheet.locator("h2")).to_be_focused()
        assert await phone.element.locator(".composer").get_attribute("inert") is not None
        await screen.page.keyboard.press("Escape")
        await expect(sheet).to_have_count(0)
        await expect(opener).to_be_focused()

        await opener.click()
        await sheet.get_by_role("button", name=titles[2]).click()
        await expect(sheet).to_have_count(0)
        await expect(phone.written.nth(1)).to_contain_text(titles[2])
        await expect(phone.received).to_have_count(2)
    assert echo.turns[1].press.action_id == f"do:{titles[2]}"


@LANGUAGES
async def test_a_number_chooses_among_many(aof, echo, browser, language):
    titles = [f"الخيار {n}" if language == "ar" else f"Choice {n}" for n in range(1, 13)]
    echo.answers = lambda turn: offering(*titles) if turn.text == "go" else Response(text=f"You said: {turn.text}")
    async with opened(browser, aof.simulator.url, language=language) as screen:
        phone = screen.phone(ON_CALL)
        await phone.types("go")
        await expect(phone.received.locator(".numbered")).to_have_count(12)
        await phone.types("11")
        await expect(phone.received).to_have_count(2)
    assert echo.turns[1].press.action_id == f"do:{titles[10]}"


async def test_a_phone_shows_whatsapps_formatting(aof, echo, browser):
    echo.answers = lambda _turn: Response(
        text="**bold** *it* ~~gone~~ `df -h`\n\n- one\n- two\n\n> quoted\n\n```\na  b\n```", status=Status.OK
    )
    async with opened(browser, aof.simulator.url) as screen:
        phone = screen.phone(ON_CALL)
        await phone.types("go")
        shown = phone.received.locator(".bubble")
        await expect(shown.locator("strong")).to_have_text("bold")
        await expect(shown.locator("em")).to_have_text("it")
        await expect(shown.locator("s")).to_have_text("gone")
        await expect(shown.locator("code")).to_have_text("df -h")
        await expect(shown.locator("ul > li")).to_have_text(["one", "two"])
        await expect(shown.locator("blockquote")).to_have_text("quoted")
        await expect(shown.locator("pre")).to_have_text("a  b")


async def test_two_people_write_at_once_and_each_sees_their_own(aof, echo, browser):
    async with opened(browser, aof.simulator.url) as screen:
        one, other = screen.phone(ON_CALL), screen.phone(LEAD)
        await one.types("from the one")
        await other.types("from the other")
        await expect(one.received).to_contain_text("from the one")
        await expect(other.received).to_contain_text("from the other")


async def test_a_phone_that_is_off_gets_what_waited_when_it_is_on(aof, echo, browser):
    async with opened(browser, aof.simulator.url) as screen:
        phone = screen.phone(ON_CALL)
        await phone.types("hello")
        await expect(phone.received).to_have_count(1)
        power = phone.element.locator(".power")
        await power.click()
        await expect(power).to_have_attribute("aria-pressed", "false")
        await expect(phone.input).to_be_disabled()
        aof.simulator.network.power(aof.simulator.phone(ON_CALL), on=True)
        await aof.on_call.types("written elsewhere")
        aof.simulator.network.power(aof.simulator.phone(ON_CALL), on=False)
        await expect(phone.element.locator(".window")).to_contain_text("1 waiting for this phone")
        await expect(phone.received).to_have_count(1)
        await power.click()
        await expect(phone.received).to_have_count(2)


async def test_everything_can_be_done_by_keyboard(aof, echo, browser):
    echo.answers = lambda turn: offering("api", "worker", "cron", "db") if turn.text == "go" else Response(text="Done.")
    async with opened(browser, aof.simulator.url) as screen:
        phone, keyboard = screen.phone(ON_CALL), screen.page.keyboard

        async def tab_until(selector: str) -> None:
            for _ in range(40):
                await keyboard.press("Tab")
                if await screen.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                    return
            raise AssertionError(f"Tab never reached {selector}")

        await tab_until(f"#{await phone.input.get_attribute('id')}")
        await keyboard.type("go")
        await keyboard.press("Enter")
        await expect(phone.received).to_have_count(1)
        await tab_until(".exchanges summary")
        await keyboard.press("Enter")
        await expect(screen.page.locator("details[open] .json").first).to_be_visible()
        await tab_until(".controls .chip")
        await keyboard.press("Space")
        await expect(screen.page.locator(".controls .chip[aria-pressed=true]")).to_have_text(["429"])
        await keyboard.press("Space")
        await expect(screen.page.locator(".controls .chip[aria-pressed=true]")).to_have_count(0)
        await tab_until("#language")
        await tab_until("[aria-haspopup=dialog]")
        await keyboard.press("Enter")
        await tab_until(".sheet .row")
        await keyboard.press("Enter")
        await expect(phone.received).to_have_count(2)
        assert echo.turns[1].press.action_id == "do:api"
