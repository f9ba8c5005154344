"""The phone page for Telegram, and for both platforms at once; the bot is played by the test, past any daemon."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import expect

from aof.simulator import Simulator
from aof.simulator.telegram import GroupSettings, PersonSettings, TelegramSettings, TelegramSimulator
from tests.browser.screen import DESKTOP, PHONE, Screen, opened
from tests.browser.test_page import NAMES_AND_SIZES, SIZES
from tests.e2e.world import ON_CALL as NUMBER

ME, YOU, OPS = 55501, 55502, -1001234567890
LANGUAGES = pytest.mark.parametrize("language", ["en", "ar"])
WORDS = {
    "en": {
        "edited": "edited",
        "stop": "◼ Stop",
        "thinking": "Thinking …",
        "block": "Block",
        "unblock": "Unblock",
        "hint": "You blocked the bot",
        "start": "The bot can't write first: nobody pressed Start yet",
        "waits": "the bot has not answered yet",
        "polls": "No webhook: the daemon asks for updates",
    },
    "ar": {
        "edited": "معدّلة",
        "stop": "◼ أوقف",
        "thinking": "يفكّر …",
        "block": "احظر",
        "unblock": "ارفع الحظر",
        "hint": "حظرتَ البوت",
        "start": "لا يكتب البوت أولًا: لم يضغط أحد «ابدأ» بعد",
        "waits": "لم يجب البوت بعد",
        "polls": "لا webhook: تسأل الخدمة عن المستجدات",
    },
}
CARD = "⚠️ <b>Amina</b> asks to run:\n<pre>apictl restart api</pre>\n• Class: changes something"


@dataclass
class Bot:
    """The other side of the Bot API."""

    simulator: TelegramSimulator
    http: aiohttp.ClientSession
    offset: int = 0

    async def call(self, method: str, *, status: int = 200, **body: Any) -> Any:
        url = f"{self.simulator.url}/bot{self.simulator.settings.token}/{method}"
        async with self.http.post(url, json=body) as response:
            answer = await response.json()
            assert response.status == status, answer
            return answer.get("result")

    async def sends(self, text: str, chat: int = ME, **more: Any) -> int:
        """The number of the message within its chat."""
        sent = await self.call("sendMessage", chat_id=chat, text=text, parse_mode="HTML", **more)
        return int(sent["message_id"])

    async def update(self, kind: str) -> Any:
        """The next update of that kind; others are passed over."""
        while True:
            found = await self.call("getUpdates", offset=self.offset, timeout=10, limit=1)
            assert found, f"no {kind} came"
            self.offset = found[0]["update_id"] + 1
            if kind in found[0]:
                return found[0][kind]

    async def acts(self, person: int, verb: str, **body: Any) -> Any:
        async with self.http.post(f"{self.simulator.url}/_sim/phones/{person}/{verb}", json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()


@pytest_asyncio.fixture(loop_scope="session")
async def bot() -> AsyncIterator[Bot]:
    people = (PersonSettings("Amina", ME, "amina"), PersonSettings("عمر", YOU))
    group = GroupSettings(OPS, "Ops", (ME, YOU), topics=("Deploys",))
    settings = TelegramSettings(people=people, groups=(group,), limits_rates=False)
    async with TelegramSimulator(settings) as simulator, aiohttp.ClientSession() as http:
        yield Bot(simulator, http)


def keys(*rows: list[tuple[str, str]]) -> dict[str, Any]:
    """An inline keyboard of titles with their styles."""
    made = [
        [{"text": text, "callback_data": text, **({"style": style} if style else {})} for text, style in row]
        for row in rows
    ]
    return {"inline_keyboard": made}


APPROVAL = keys([("Approve", "success"), ("Edit", ""), ("Deny", "danger")])


async def furnish(bot: Bot, screen: Screen) -> None:
    """Something of everything that a chat can show."""
    await bot.acts(ME, "messages", text="/start")
    await bot.sends(
        'A <a href="https://example.org">link</a>, <tg-spoiler>more</tg-spoiler>\n<blockquote>quoted</blockquote>'
    )
    await bot.sends(CARD, reply_markup=APPROVAL)
    table = "# Disks\n\n| Host | Full |\n|---|---:|\n| web-1 | 91 % |\n\n- one `a`\n\n> said"
    await bot.call("sendRichMessage", chat_id=ME, rich_message={"markdown": table})
    await bot.call("sendMessageDraft", chat_id=ME, draft_id=7, text="Looking …", can_stop=True)
    await bot.call("setMyCommands", commands=[{"command": "help", "description": "What I can do"}])
    await bot.call("sendMessage", status=400, chat_id=ME, text="<b>open", parse_mode="HTML")
    phone = screen.phone(str(ME))
    await expect(phone.notes).to_contain_text("can't parse entities")
    await expect(phone.element.locator(".draft .choice")).to_be_visible()
    await expect(phone.element.locator(".menu")).to_be_visible()


@LANGUAGES
async def test_a_card_is_pressed_and_decided(bot, browser, language):
    said = WORDS[language]
    async with opened(browser, bot.simulator.url, language=language) as screen:
        phone = screen.phone(str(ME))
        await expect(phone.element.locator(".window")).to_have_text(said["start"])
        await expect(screen.page.locator(".target")).to_contain_text(said["polls"])
        await phone.types("restart the api")
        await expect(phone.element.locator(".window")).to_be_hidden()
        asked = await bot.update("message")
        assert asked["text"] == "restart the api"
        reply = {"message_id": asked["message_id"]}
        number = await bot.sends(CARD, reply_markup=APPROVAL, reply_parameters=reply)
        card = phone.received.last
        await expect(card.locator(".bubble strong")).to_have_text("Amina")
        await expect(card.locator("pre")).to_have_text("apictl restart api")
        await expect(card.locator(".quote")).to_contain_text("restart the api")
        await expect(card.locator(".keys > button")).to_have_text(["Approve", "Edit", "Deny"])
        await expect(card.locator(".success")).to_have_text("Approve")
        await expect(card.locator(".danger")).to_have_text("Deny")

        await phone.choice("Approve").press("Enter")
        await expect(card.locator(".success")).to_contain_text(said["waits"])
        await expect(card.locator(".success")).to_be_focused()
        press = await bot.update("callback_query")
        assert (press["data"], press["from"]["id"]) == ("Approve", ME)
        await bot.call("answerCallbackQuery", callback_query_id=press["id"], text="Taken")
        await expect(phone.element.locator(".notice")).to_have_text("Taken")
        await expect(card.locator("[aria-busy]")).to_have_count(0)

        done = "✅ Ran <code>apictl restart api</code>"
        await bot.call(
            "editMessageText", chat_id=ME, message_id=number, text=done, parse_mode="HTML", reply_markup=keys()
        )
        await expect(card.locator(".bubble code")).to_have_text("apictl restart api")
        await expect(card.locator(".meta")).to_contain_text(said["edited"])
        await expect(card.locator(".keyboard")).to_have_count(0)
        await bot.call(
            "setMessageReaction",
            chat_id=ME,
            message_id=asked["message_id"],
            reaction=[{"type": "emoji", "emoji": "👍"}],
        )
        await expect(phone.written.locator(".reaction")).to_have_text("👍")
        await bot.call("deleteMessage", chat_id=ME, message_id=number)
        await expect(phone.received).to_have_count(0)


@LANGUAGES
async def test_a_draft_grows_and_is_stopped_and_the_bot_can_be_shut_out(bot, browser, language):
    said = WORDS[language]
    async with opened(browser, bot.simulator.url, language=language) as screen:
        phone = screen.phone(str(ME))
        await phone.types("hello")
        await bot.update("message")
        await bot.call("sendMessageDraft", chat_id=ME, draft_id=7, text="", can_stop=True)
        draft = phone.element.locator(".draft")
        await expect(draft.locator(".bubble")).to_contain_text(said["thinking"])
        stop = draft.get_by_role("button", name=said["stop"])
        await stop.focus()
        await bot.call("sendMessageDraft", chat_id=ME, draft_id=7, text="df -h on web-1", can_stop=True)
        await expect(draft.locator(".bubble")).to_contain_text("df -h on web-1")
        await expect(stop).to_be_focused()
        await screen.page.keyboard.press("Enter")
        assert (await bot.update("stopped_message_generation"))["draft_id"] == 7
        await expect(draft).to_have_count(0)

        await phone.element.get_by_role("button", name=said["block"], exact=True).click()
        assert (await bot.update("my_chat_member"))["new_chat_member"]["status"] == "kicked"
        await expect(phone.input).to_be_disabled()
        await expect(phone.input).to_have_attribute("placeholder", said["hint"])
        await phone.element.get_by_role("button", name=said["unblock"], exact=True).click()
        await expect(phone.input).to_be_enabled()


async def test_files_menus_groups_and_topics(bot, browser):
    async with opened(browser, bot.simulator.url) as screen:
        phone, other = screen.phone(str(ME)), screen.phone(str(YOU))
        await phone.element.get_by_role("button", name="/start").click()
        await bot.update("message")
        form = aiohttp.FormData({"chat_id": str(ME), "caption": "The log"})
        form.add_field("document", b"line\n" * 900, filename="api\u202e.log", content_type="text/plain")
        async with bot.http.post(
            f"{bot.simulator.url}/bot{bot.simulator.settings.token}/sendDocument", data=form
        ) as sent:
            assert sent.status == 200, await sent.text()
        await expect(phone.received).to_contain_text("4.5 kB")
        async with screen.page.expect_download() as started:
            await phone.received.locator("a").click()
        assert (await (await started.value).path()).read_bytes() == b"line\n" * 900

        await bot.call("setMyCommands", commands=[{"command": "help", "description": "What I can do"}])
        await phone.element.locator(".menu").click()
        await phone.element.get_by_role("dialog").get_by_role("button", name="/help").click()
        assert (await bot.update("message"))["text"] == "/help"

        chats = phone.element.locator(".chats button")
        await expect(chats).to_have_text(["The bot", "Ops", "Ops › Deploys"])
        await other.element.locator(".chats button").last.click()
        await expect(other.input).to_have_attribute("placeholder", "@simulated_ops_bot …")
        await other.element.get_by_role("button", name="@simulated_ops_bot disk").click()
        asked = await bot.update("message")
        assert (asked["chat"]["id"], asked["is_topic_message"]) == (OPS, True)
        await expect(chats.last.locator(".count")).to_be_visible()
        await bot.sends("All is well.", OPS, message_thread_id=asked["message_thread_id"])
        await expect(other.received.locator(".author")).to_have_text("Ops bot")
        await chats.last.click()
        await expect(phone.element.locator(".message.other .author")).to_have_text("عمر")
        await expect(phone.received.locator(".author")).to_have_text("Ops bot")
        await expect(chats.last.locator(".count")).to_have_count(0)
        await chats.first.click()
        await expect(phone.written.first).to_contain_text("/start")


HTML = {
    "plain": '<p dir="ltr">plain</p>',
    "<b>b</b> <em>i</em> <ins>u</ins> <del>s</del>": '<p dir="ltr"><strong>b</strong> <em>i</em> <u>u</u> <s>s</s></p>',
    "<b>one\ntwo</b>": '<p dir="ltr"><strong>one</strong></p><p dir="ltr"><strong>two</strong></p>',
    "a\n\nb": '<p dir="ltr">a</p><p dir="auto"><br></p><p dir="ltr">b</p>',
    '<pre><code class="language-sh">ls\n</code></pre>after': '<pre dir="ltr" title="sh">ls</pre><p dir="ltr">after</p>',
    "<blockquote expandable>القرص\nb</blockquote>": (
        '<blockquote dir="rtl"><p dir="rtl">القرص</p><p dir="ltr">b</p></blockquote>'
    ),
    "<code>&lt;b&gt; &amp;amp; &#128077;</code>": '<p dir="ltr"><code dir="ltr">&lt;b&gt; &amp;amp; 👍</code></p>',
    '<img src=x onerror="owned()">&nbsp;<b': '<p dir="ltr">&lt;img src=x onerror="owned()"&gt;&amp;nbsp;&lt;b</p>',
    "<script>owned()</script>": '<p dir="ltr">&lt;script&gt;owned()&lt;/script&gt;</p>',
    '<a href="javascript:owned()">x</a>': '<p dir="ltr"><span title="javascript:owned()">x</span></p>',
    '<a href="https://a.test/?b=1&amp;c">x</a>': (
        '<p dir="ltr"><a href="https://a.test/?b=1&amp;c" title="https://a.test/?b=1&amp;c" target="_blank"'
        ' rel="noopener noreferrer">x</a></p>'
    ),
    "<b>left open</i> a\u202eb": '<p dir="ltr"><strong>left open&lt;/i&gt; a[U+202E]b</strong></p>',
    '<span class="tg-spoiler">s</span>': '<p dir="ltr"><span class="spoiler" tabindex="0">s</span></p>',
}


async def test_markup_is_read_as_telegram_reads_it_and_nothing_else_is_markup(bot, browser):
    async with opened(browser, bot.simulator.url) as screen:
        shown = "async text => (await import('/_sim/html.js')).formattedHtml(text).map(node => node.outerHTML).join('')"
        assert {text: await screen.page.evaluate(shown, text) for text in HTML} == HTML


@SIZES
@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("ar", "light")])
async def test_axe_finds_nothing_and_nothing_hangs_over_the_edge(bot, browser, axe, language, scheme, size):
    async with opened(browser, bot.simulator.url, language=language, scheme=scheme, size=size) as screen:
        assert await screen.violations() == []
        await furnish(bot, screen)
        assert await screen.violations() == []
        assert await screen.page.evaluate(NAMES_AND_SIZES) == []
        assert await screen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        await screen.phone(str(ME)).element.locator(".menu").click()
        assert await screen.violations() == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_one_page_shows_both_platforms(bot, browser, axe, size):
    async with AsyncExitStack() as stack:
        simulator = await stack.enter_async_context(Simulator(beside={"telegram": bot.simulator.control_app}))
        screen = await stack.enter_async_context(opened(browser, simulator.url, size=size))
        await expect(screen.page.locator(".phone")).to_have_count(4)
        await expect(screen.page).to_have_title("aof: phones on a simulated WhatsApp and a simulated Telegram")
        tabs = screen.page.locator(".tabs button")
        await expect(tabs).to_have_text(
            ["On call · WhatsApp", "Lead · WhatsApp", "Amina · Telegram", "عمر · Telegram", "Wire"]
        )
        for index, number in ((0, NUMBER), (2, str(ME))):
            if size is PHONE:
                await tabs.nth(index).click()
            await screen.phone(number).types("hello")
            await expect(screen.phone(number).written).to_have_count(1)
        await bot.update("message")
        await bot.sends("From the bot")
        await expect(screen.phone(str(ME)).received).to_contain_text("From the bot")
        if size is PHONE:
            await tabs.last.click()
        await expect(screen.wire).to_contain_text(["getUpdates (message)", "sendMessage"])
        await expect(screen.page.locator(".target")).to_have_count(2)
        await screen.press("Token revoked")
        await bot.call("getMe", status=401)
        await expect(screen.wire.last).to_contain_text("Unauthorized")
        assert await screen.violations() == []
        assert await screen.page.evaluate(NAMES_AND_SIZES) == []
