"""The page for operators in a real browser: signed in, acted on, live, and for everybody."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from aof.domain.response import Response
from tests.browser.screen import DESKTOP, PATIENCE_MILLISECONDS, PHONE, Screen
from tests.e2e.acting import BOSS, Doer, acting, asked
from tests.e2e.flow import CONTACT, ENGLISH, added, flowing
from tests.e2e.operator_page import ADMIN, PAGE, TOKENS, paged
from tests.e2e.world import LEAD, World

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
GATED = {"hold_on_loopback": True, "allow_everyone": True}
SECTIONS = (
    "",
    "conversations",
    "deliveries",
    "approvals",
    "drafts",
    "consent",
    "people",
    "quarantine",
    "numbers",
    "log",
    "status",
)
AWAY = ("error: htmx:afterRequest", "error: htmx:sendError")
"""What htmx says of a request that met no server."""
SMALL = """() => [...document.querySelectorAll("button, input:not([type=hidden]), summary, a.button, a.chip, nav a")]
    .filter(node => node.checkVisibility())
    .map(node => [node.outerHTML.slice(0, 120), node.getBoundingClientRect()])
    .filter(([, box]) => box.width < 44 || box.height < 44)
    .map(([html, box]) => `${html} ${box.width} × ${box.height}`)"""


@asynccontextmanager
async def at_page(
    aof: World,
    browser: Browser,
    *,
    language: str = "en",
    scheme: Any = "light",
    size: Any = None,
    token: str = ADMIN,
    scripts: bool = True,
) -> AsyncIterator[Screen]:
    """Somebody who has signed in; fails in the end if anything went wrong that nobody saw."""
    assert aof.daemon is not None
    url = f"http://127.0.0.1:{aof.daemon.admin_port}/operator"
    context = await browser.new_context(
        viewport=size or DESKTOP, locale=language, color_scheme=scheme, timezone_id="UTC", reduced_motion="reduce",
        java_script_enabled=scripts,
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    page = await context.new_page()
    screen = Screen(page, url)
    page.on("console", screen.note_console)
    page.on("pageerror", lambda error: screen.errors.append(str(error)))
    page.on("request", screen.note_request)
    try:
        await page.goto(url)
        await page.fill("#token", token)
        await page.press("#token", "Enter")
        await expect(page.locator("#sections")).to_be_visible()
        if scripts:
            await expect(page.locator(".live.on")).to_be_visible()
        yield screen
        assert screen.errors == []
        assert {re.sub(r"^(http://[^/]+/operator).*", r"\1", address) for address in screen.requests} == {url}
    finally:
        await context.close()


@pytest.fixture
def doer() -> Doer:
    return Doer()


@asynccontextmanager
async def furnished(folder: Path, doer: Doer) -> AsyncIterator[World]:
    """A question, a part that was refused, something unreadable."""
    page: dict[str, Any] = {"operator": {"page": PAGE}, "environ": TOKENS}
    async with acting(folder, doer, greeted=(LEAD, BOSS), **page) as aof:
        await asked(aof)
        await aof.phone(BOSS).next()
        await aof.fault(error=131026)
        await aof.lead.types("/status")
        await aof.until(lambda: _any(aof, "dead"))
        await aof.fault(error=None)
        await aof.store.quarantine("whatsapp:106540352242922", b"{not json", "no JSON", now=aof.clock.now())
        yield aof


async def _any(aof: World, state: str) -> bool:
    return bool(aof.rows("SELECT 1 FROM outbox WHERE state = ?", state))


@SIZES
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
async def test_axe_finds_nothing_and_every_target_is_large(tmp_path, doer, browser, axe, language, scheme, size):
    async with (
        furnished(tmp_path, doer) as aof,
        at_page(aof, browser, language=language, scheme=scheme, size=size) as screen,
    ):
        page = screen.page
        await expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
        places = list(SECTIONS)
        await page.goto(f"{screen.url}/conversations")
        places.append(str(await page.locator(".row a").first.get_attribute("href")).removeprefix("/operator/"))
        (row,) = await aof.store.open_approvals()
        ((seq,), *_) = aof.rows("SELECT seq FROM outbox WHERE state = 'dead'")
        places += [f"approvals/{row.id}", f"deliveries/{seq}"]
        for place in places:
            await page.goto(f"{screen.url}/{place}")
            assert await screen.violations() == [], place
            assert await page.evaluate(SMALL) == [], place
            assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, place
        await page.locator(".settings summary").click()
        assert await screen.violations() == []
        assert await page.evaluate(SMALL) == []


@SIZES
@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_draft_is_rewritten_and_approved(tmp_path, browser, axe, language, size):
    people = [{"name": "Omar", "role": "operator", "token_env": "AOF_PAGE_BOSS"}]
    flow: dict[str, Any] = {"operator": {"page": {"people": people}}, "environ": TOKENS}
    async with (
        flowing(tmp_path, **flow) as aof,
        at_page(aof, browser, language=language, scheme="dark", size=size) as screen,
    ):
        await added(aof, ENGLISH)
        page = screen.page
        await page.goto(f"{screen.url}/drafts")
        assert await screen.violations() == []
        await page.locator(".need .button").click()
        await page.locator("button[value=draft]").click()
        await expect(page.locator(".flash.ok")).to_be_visible()
        await page.fill("#text", "Shall we talk on Monday?")
        await page.locator("button[value=rewrite]").click()
        await expect(page.locator(".bubble .said")).to_have_text("Shall we talk on Monday?")
        assert await screen.violations() == []
        assert await page.evaluate(SMALL) == []
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        await page.locator("button[value=approve]").click()
        assert (await aof.phone(CONTACT).next())["text"] == "Shall we talk on Monday?"
        await expect(page.locator("#became .state")).to_have_class("state s-delivered")


async def test_a_failure_arrives_while_somebody_looks(tmp_path, echo, browser):
    async with paged(tmp_path, agent=lambda _: echo) as aof, at_page(aof, browser) as screen:
        await expect(screen.page.locator("#needs")).to_contain_text("Nothing needs a person now.")
        await aof.fault(error=131030)
        await aof.on_call.types("ahoy")
        await expect(screen.page.locator("#needs .need")).to_contain_text("Did not arrive: Amina")
        await expect(screen.page.locator("#needs .need")).to_contain_text("Add the number under API Setup")
        await expect(screen.page.locator("#sections .count")).to_have_text("1")
        await aof.fault(error=None)
        await screen.press("Send again")
        await expect(screen.page.locator(".flash.ok")).to_contain_text("On its way again: 1.")
        assert (await aof.on_call.next())["text"] == "You said: ahoy"
        await expect(screen.page.locator("#delivery > p .state")).to_have_text("delivered")
        await expect(screen.page.locator("#sections .count")).to_have_count(0)


async def test_a_held_part_is_released(tmp_path, echo, browser):
    async with paged(tmp_path, agent=lambda _: echo, whatsapp=GATED) as aof:
        await aof.on_call.types("ahoy")
        await aof.until(lambda: _any(aof, "held"))
        async with at_page(aof, browser) as screen:
            await expect(screen.page.locator("#needs .need")).to_contain_text("1 held by live_send")
        aof.config = aof.config.replace('"hold_on_loopback": true', '"hold_on_loopback": true, "allow_live_send": true')
        await aof.restart()
        async with at_page(aof, browser) as screen:
            await screen.press("Release all")
            await expect(screen.page.locator(".flash.ok")).to_contain_text("Released: 1.")
            assert (await aof.on_call.next())["text"] == "You said: ahoy"
            await screen.page.goto(screen.url)
            await expect(screen.page.locator("#needs")).to_contain_text("Nothing needs a person now.")


async def test_a_command_is_decided_by_keyboard_in_arabic(tmp_path, doer, browser):
    async with furnished(tmp_path, doer) as aof, at_page(aof, browser, language="ar", size=PHONE) as screen:
        page = screen.page
        link = page.get_by_role("link", name=re.compile("انظر وقرّر")).first
        await link.focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("pre.command")).to_have_text("lever restart api")
        await page.locator("#note").focus()
        await page.keyboard.type("بطيء")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator(".flash.ok")).to_contain_text("تمت الموافقة")
        await expect(page.locator("#result pre")).to_contain_text("pulled restart api")
        await expect(page.locator("dl.facts")).to_contain_text("بطيء")
        assert doer.levers.pulled == [("lever", "restart", "api")]


async def test_what_somebody_types_is_not_taken_from_them(tmp_path, echo, browser):
    async with paged(tmp_path, agent=lambda _: echo) as aof, at_page(aof, browser) as screen:
        page = screen.page
        await page.goto(f"{screen.url}/people")
        await expect(page.locator(".live.on")).to_be_visible()
        await page.fill("#code", "2222-2222")
        await page.fill("#name", "Lina")
        async with page.expect_response(lambda answer: answer.url.endswith("/operator/people")):
            await aof.on_call.types("ahoy")
        await expect(page.locator("#code")).to_have_value("2222-2222")
        await page.press("#name", "Enter")
        await expect(page.locator(".flash.bad")).to_be_visible()
        await expect(page.locator("#code")).to_have_value("2222-2222")
        await expect(page.locator("#name")).to_have_value("Lina")
        screen.errors = [error for error in screen.errors if "409" not in error]


async def test_without_scripts_everything_can_be_read_and_done(tmp_path, doer, browser):
    async with furnished(tmp_path, doer) as aof, at_page(aof, browser, scripts=False) as screen:
        page = screen.page
        await expect(page.locator("#live")).to_have_text("not live: reload to see what is new")
        await expect(page.locator("#needs .need")).to_have_count(3)
        await page.get_by_role("link", name=re.compile("Look and decide")).click()
        await page.get_by_role("button", name="Deny").click()
        await expect(page.locator(".flash.ok")).to_have_text("Denied. Nothing runs.")
        await page.goto(f"{screen.url}/conversations?q=Amina")
        await expect(page.locator(".who")).to_have_text("Amina")
        assert doer.levers.pulled == []


async def test_the_stream_says_when_it_is_down_and_comes_back(tmp_path, echo, browser):
    async with paged(tmp_path, agent=lambda _: echo) as aof:
        assert aof.daemon is not None
        port = aof.daemon.admin_port
        async with at_page(aof, browser) as screen:
            await aof.stop()
            await expect(screen.page.locator("#live")).to_have_text("reconnecting")
            aof.config = aof.config.replace('"admin": {\n        "port": 0', f'"admin": {{\n        "port": {port}')
            await aof.start()
            await expect(screen.page.locator(".live.on")).to_have_text("live")
            # what the page asked while nobody was there, it asks again
            screen.errors[:] = [error for error in screen.errors if not error.startswith(AWAY)]


async def test_hostile_names_and_texts_stay_inert(tmp_path, echo, browser):
    hostile = "<img src=x onerror=\"document.title='owned'\"> \u202egnp.exe"
    echo.answers = lambda turn: Response(text=turn.text)
    async with paged(tmp_path, agent=lambda _: echo) as aof, at_page(aof, browser) as screen:
        page = screen.page
        await aof.on_call.types(hostile)
        await aof.on_call.next()
        await aof.fault(error={"code": 131026, "details": hostile})
        await aof.on_call.types(hostile)
        await expect(page.locator("#needs .need")).to_contain_text("<img src=x")
        await page.goto(f"{screen.url}/conversations")
        await page.locator(".row a").click()
        await expect(page.locator(".message.in .said").first).to_contain_text("<img src=x onerror=")
        await expect(page.locator(".message.in .said").first).to_contain_text("[U+202E]gnp.exe")
        assert await page.locator("main img, main script").count() == 0
        assert "owned" not in await page.title()
        assert "\u202e" not in await page.evaluate("document.body.textContent")


async def test_nothing_is_left_in_the_browsers_storage(tmp_path, echo, browser):
    async with paged(tmp_path, agent=lambda _: echo) as aof, at_page(aof, browser) as screen:
        for place in SECTIONS:
            await screen.page.goto(f"{screen.url}/{place}")
        kept = await screen.page.evaluate("[{...localStorage}, {...sessionStorage}, document.cookie]")
        # htmx remembers where somebody is
        assert kept == [{}, {"htmx-current-path-for-history": "/operator/status"}, ""]
