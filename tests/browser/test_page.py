"""The page as a whole: for everybody, on every screen, and against those who mean ill."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from aof.domain.response import Action, Response
from aof.simulator import PhoneSettings, Settings
from aof.simulator.page import FOLDER
from tests.browser.screen import DESKTOP, PHONE, opened
from tests.e2e.world import LEAD, ON_CALL, world

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])

NAMES_AND_SIZES = """() => [...document.querySelectorAll("button, textarea, input, summary")]
    .filter(node => node.checkVisibility() && !node.closest("[inert]"))
    .map(node => [node.outerHTML.slice(0, 120), node.getBoundingClientRect()])
    .filter(([, box]) => box.width < 44 || box.height < 44)
    .map(([html, box]) => `${html} ${box.width} × ${box.height}`)"""


async def furnish(aof, echo, screen, size):
    """Something of everything that the page can show."""
    rows = tuple(Action(id=f"do:{n}", title=f"Row {n}", description="With a few words") for n in range(5))
    echo.answers = lambda turn: Response(
        text="*Choose* `one`\n\n> quoted", actions=rows[: 5 if turn.text == "rows" else 2]
    )
    phone = screen.phone(ON_CALL)
    await phone.types("rows")
    await expect(phone.received).to_have_count(1)
    await phone.types("buttons")
    await expect(phone.received).to_have_count(2)
    await aof.fault(error=131026)
    await phone.types("refused")
    await expect(phone.notes).to_have_count(1)
    await aof.fault(fail_later=131047, duplicate=1)
    await phone.types("failed")
    await expect(phone.notes).to_have_count(2)


@SIZES
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
async def test_axe_finds_nothing(aof, echo, browser, axe, language, scheme, size):
    async with opened(browser, aof.simulator.url, language=language, scheme=scheme, size=size) as screen:
        assert await screen.violations() == []
        await furnish(aof, echo, screen, size)
        assert await screen.violations() == []
        await screen.phone(ON_CALL).element.locator("[aria-haspopup=dialog]").click()
        assert await screen.violations() == []
        await screen.page.keyboard.press("Escape")
        if size is PHONE:
            await screen.page.locator(".tabs button").last.click()
        await screen.wire.last.locator("summary").click()
        await expect(screen.wire.last.locator(".json").first).to_be_visible()
        assert await screen.violations() == []


@SIZES
@pytest.mark.parametrize("language", ["en", "ar"])
async def test_targets_are_large_and_nothing_hangs_over_the_edge(aof, echo, browser, language, size):
    async with opened(browser, aof.simulator.url, language=language, size=size) as screen:
        await furnish(aof, echo, screen, size)
        for tab in ("first", "last") if size is PHONE else ("",):
            if tab:
                await getattr(screen.page.locator(".tabs button"), tab).click()
            assert await screen.page.evaluate(NAMES_AND_SIZES) == []
            assert await screen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


async def test_a_narrow_screen_shows_one_at_a_time_and_counts_what_is_unread(aof, browser):
    async with opened(browser, aof.simulator.url, size=PHONE) as screen:
        one, other, wire = screen.phone(ON_CALL), screen.phone(LEAD), screen.page.locator("#side")
        tabs = screen.page.locator(".tabs button")
        await expect(tabs).to_have_text(["On call", "Lead", "Wire"])
        await expect(one.element).to_be_visible()
        await expect(other.element).to_be_hidden()
        await expect(wire).to_be_hidden()
        await aof.lead.types("hello")
        await expect(tabs.nth(1)).to_have_text(re.compile("Lead.*1"))
        await tabs.nth(1).click()
        await expect(other.element).to_be_visible()
        await expect(one.element).to_be_hidden()
        await expect(other.received.locator(".state")).to_contain_text("read")
        await expect(tabs.nth(1)).to_have_text("Lead")
        await tabs.nth(2).click()
        await expect(wire).to_be_visible()
        await expect(tabs.nth(2)).to_have_attribute("aria-current", "true")


async def test_language_and_colours_are_switched_and_remembered(aof, browser):
    async with opened(browser, aof.simulator.url) as screen:
        page, phone = screen.page, screen.phone(ON_CALL)
        await phone.types("ping")
        await expect(phone.received).to_have_count(1)
        ground = "getComputedStyle(document.body).backgroundColor"
        light = await page.evaluate(ground)
        await screen.press("Colours: system")
        await screen.press("Colours: light")
        assert await page.evaluate(ground) != light
        await screen.press("العربية")
        await expect(page.locator("html")).to_have_attribute("dir", "rtl")
        # what was said stays as it was; what the page says of it is translated
        await expect(phone.received).to_contain_text("You said: ping")
        await expect(phone.received.locator(".state")).to_have_text("✓✓ قُرئت")
        await page.reload()
        await expect(page.locator("html")).to_have_attribute("dir", "rtl")
        await expect(page.locator("#theme")).to_have_text("الألوان: داكنة")
        assert await page.evaluate(ground) != light


async def test_an_empty_page_says_what_to_try(aof, browser):
    async with opened(browser, aof.simulator.url) as screen:
        phone = screen.phone(ON_CALL)
        await expect(screen.page.locator(".wire .first")).to_contain_text("Type “disk” on a phone")
        await phone.element.get_by_role("button", name="pods crashing in prod").click()
        await expect(phone.written).to_contain_text("pods crashing in prod")
        await expect(phone.received).to_contain_text("You said: pods crashing in prod")
        await expect(phone.element.locator(".first")).to_be_hidden()
        await expect(screen.page.locator(".wire .first")).to_be_hidden()


HOSTILE = (
    "<img src=x onerror=\"document.title='owned'\">",
    "<script>document.title='owned'</script>",
    "</p></li><iframe src=javascript:alert(1)></iframe>",
    "\u202egnp.exe \u2066 {{7*7}} ${7*7}",
    "*<b>bold</b>* `<i>code</i>` ```<u>block</u>```",
    "javascript:alert(1)",
)


async def test_hostile_names_and_texts_stay_inert(tmp_path, echo, browser):
    name = "\u202eLead <img src=x onerror=\"document.title='owned'\">"
    settings = Settings(phones=(PhoneSettings(name, ON_CALL), PhoneSettings("Lead", LEAD)))
    echo.answers = lambda turn: Response(
        text=turn.text, actions=tuple(Action(id=f"do:{n}", title=text[:20]) for n, text in enumerate(HOSTILE[:3]))
    )
    async with (
        world(tmp_path, agent=lambda _runner: echo, settings=settings) as aof,
        opened(browser, aof.simulator.url) as screen,
    ):
        page, phone = screen.page, screen.phone(ON_CALL)
        dialogs = []
        page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        await page.evaluate("window.before = document.querySelectorAll('script, img, iframe, b, i, u').length")
        for n, text in enumerate(HOSTILE, 1):
            await phone.types(text)
            await expect(phone.received).to_have_count(n)
        for item in await screen.wire.all():
            await item.locator("summary").click()
        await aof.fault(error={"code": 131026, "details": HOSTILE[0]})
        await phone.types("refused")
        await expect(phone.notes).to_contain_text(HOSTILE[0])
        assert "owned" not in await page.title()
        assert dialogs == []
        assert await page.evaluate("document.querySelectorAll('script, img, iframe, b, i, u').length - before") == 0
        text = await page.evaluate("document.body.textContent")
        assert "\u202e" not in text
        assert "[U+202E]gnp.exe" in text
        await expect(phone.element.locator("h2")).to_have_text(name.replace("\u202e", "[U+202E]"))


async def test_the_page_asks_for_nothing_from_elsewhere(aof, browser):
    async with opened(browser, aof.simulator.url) as screen:
        await screen.phone(ON_CALL).types("hello")
        await expect(screen.phone(ON_CALL).received).to_have_count(1)
        assert {urlsplit(url).netloc for url in screen.requests} == {urlsplit(aof.simulator.url).netloc}


async def test_the_policy_stops_a_script_that_would_get_in(aof, browser):
    async with opened(browser, aof.simulator.url) as screen:
        refused = await screen.page.evaluate(
            "() => { try { document.body.innerHTML = '<p>x</p>' } catch (error) { return error.name } }"
        )
        assert refused == "TypeError"
        added = (
            "() => { const s = document.createElement('script'); s.text = 'window.owned = 1'; document.body.append(s) }"
        )
        assert (
            await screen.page.evaluate(f"() => {{ try {{ ({added})() }} catch {{ }} return window.owned ?? 0 }}") == 0
        )
        assert any("Content Security Policy" in error or "TrustedHTML" in error for error in screen.errors)
        screen.errors.clear()


async def test_ten_thousand_messages_stay_a_page(aof, browser):
    from aof.simulator.bubbles import Bubble, Content

    transcript = aof.simulator.phone(ON_CALL).transcript
    for n in range(10_000):
        text = f"message {n}"
        transcript.add(
            Bubble(f"wamid.{n}", "out", Content("text", text), {"text": {"body": text}}, aof.clock.now(), "read")
        )
    async with opened(browser, aof.simulator.url) as screen:
        phone = screen.phone(ON_CALL)
        await expect(phone.messages.last).to_contain_text("message 9999")
        await expect(phone.messages).to_have_count(500)
        await phone.types("one more")
        await expect(phone.received).to_contain_text("You said: one more")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", '<p dir="ltr">plain</p>'),
        ("*b* _i_ ~s~", '<p dir="ltr"><strong>b</strong> <em>i</em> <s>s</s></p>'),
        ("*_both_*", '<p dir="ltr"><strong><em>both</em></strong></p>'),
        ("2*3*4", '<p dir="auto">2*3*4</p>'),  # marks within a word mean nothing
        ("* not bold *", '<ul dir="ltr"><li dir="ltr">not bold *</li></ul>'),
        ("snake_case_name", '<p dir="ltr">snake_case_name</p>'),
        ("*open", '<p dir="ltr">*open</p>'),
        ("**", '<p dir="auto">**</p>'),
        ("`a *b* c`", '<p dir="ltr"><code dir="ltr">a *b* c</code></p>'),
        ("```x\n*y*```", '<pre dir="ltr">x\n*y*</pre>'),
        ("> q\n> r", '<blockquote><p dir="ltr">q</p><p dir="ltr">r</p></blockquote>'),
        ("1. one", '<p dir="ltr" class="numbered">1. one</p>'),
        ("a\n\nb", '<p dir="ltr">a</p><p dir="auto"><br></p><p dir="ltr">b</p>'),
        ("- القرص\n- b", '<ul dir="rtl"><li dir="rtl">القرص</li><li dir="ltr">b</li></ul>'),
        ("✅ \u2066web-1\u2069 ممتلئ", '<p dir="rtl">✅ \u2066web-1\u2069 ممتلئ</p>'),  # an isolate decides nothing
        ("<b>&amp;</b>", '<p dir="ltr">&lt;b&gt;&amp;amp;&lt;/b&gt;</p>'),
    ],
)
async def test_marks_are_read_as_a_phone_reads_them(aof, browser, text, html):
    async with opened(browser, aof.simulator.url) as screen:
        shown = "async text => (await import('/_sim/markup.js')).formatted(text).map(node => node.outerHTML).join('')"
        assert await screen.page.evaluate(shown, text) == html


@pytest.mark.parametrize(("file", "least"), [("words.js", 50), ("telegram-words.js", 25)])
def test_every_sentence_of_the_page_is_in_both_languages(file, least):
    english, arabic = (FOLDER / file).read_text(encoding="utf-8").split("\n  ar: {")
    keys = [set(re.findall(r"^ {4,6}(\w+):", part, re.MULTILINE)) for part in (english, arabic)]
    assert keys[0] == keys[1]
    assert len(keys[0]) > least


async def test_the_page_is_shown_for_a_business_that_does_not_answer(aof, browser):
    settings = replace(Settings(), webhook_url="http://127.0.0.1:9/webhook")
    from aof.simulator import Simulator

    async with Simulator(settings) as simulator, opened(browser, simulator.url) as screen:
        await screen.phone(ON_CALL).types("hello")
        await expect(screen.page.locator(".target")).to_contain_text("1 not acknowledged yet")
        await expect(screen.wire.first).to_contain_text("no answer")
        await expect(screen.phone(ON_CALL).written.locator(".state")).to_have_text("✓ sent")
