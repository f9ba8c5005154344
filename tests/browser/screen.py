"""The phone page in a real browser, and what a person does there."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Request, async_playwright, expect

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MILLISECONDS = 15_000
"""After this something that should show is not coming."""
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"

expect.set_options(timeout=PATIENCE_MILLISECONDS)


@asynccontextmanager
async def browser_at(executable: str) -> AsyncIterator[Browser]:
    """Debian's chromium without a window."""
    async with async_playwright() as playwright:
        # a container's root has no sandbox to give; the pages are our own
        browser = await playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


class PhoneOnPage:
    """One phone of the page."""

    def __init__(self, page: Page, number: str) -> None:
        self.element = page.locator(f"#phone-{number.removeprefix('+')}")
        self.messages = self.element.locator(".messages > li")
        self.received = self.element.locator(".message.in")
        self.written = self.element.locator(".message.out")
        self.notes = self.element.locator(".note")
        self.input = self.element.locator("textarea")

    async def types(self, text: str) -> None:
        await self.input.fill(text)
        await self.input.press("Enter")

    def choice(self, title: str) -> Locator:
        """A button under a message; the last of that title."""
        return self.element.locator(".choice").filter(has_text=re.compile(f"^(☰ )?{re.escape(title)}$")).last


@dataclass
class Screen:
    """A page that was opened, and everything that went wrong on it."""

    page: Page
    url: str
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def phone(self, number: str) -> PhoneOnPage:
        return PhoneOnPage(self.page, number)

    @property
    def wire(self) -> Locator:
        """The exchanges, oldest first."""
        return self.page.locator(".exchanges > li")

    async def press(self, name: str) -> None:
        """A switch or button outside the phones."""
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def violations(self) -> list[str]:
        """What axe-core finds, of any weight."""
        # an isolated world of the browser's own: the page's policy lets no foreign script in
        session = await self.page.context.new_cdp_session(self.page)
        tree = await session.send("Page.getFrameTree")
        world = await session.send("Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"]})
        expression = AXE.read_text(encoding="utf-8") + ";axe.run().then(found => JSON.stringify(found.violations))"
        answer: dict[str, Any] = await session.send(
            "Runtime.evaluate",
            {
                "expression": expression,
                "contextId": world["executionContextId"],
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        await session.detach()
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        import json

        return [
            f"{found['impact']} {found['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
            for found in json.loads(answer["result"]["value"])
            for node in found["nodes"]
        ]

    def note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not self._expected(message.text):
            self.errors.append(f"{message.type}: {message.text}")

    def note_request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _expected(self, text: str) -> bool:
        """A simulator that was stopped on purpose, and what it answers with 409, are told by the browser too."""
        return "net::ERR_" in text or "status of 409" in text


@asynccontextmanager
async def opened(
    browser: Browser,
    url: str,
    *,
    language: str = "en",
    scheme: Literal["light", "dark"] = "light",
    size: dict[str, int] | None = None,
) -> AsyncIterator[Screen]:
    """The phone page, connected; fails in the end if anything went wrong that nobody saw."""
    context = await browser.new_context(
        viewport=size or DESKTOP,  # type: ignore[arg-type]  # a TypedDict of the same shape
        locale=language,
        color_scheme=scheme,
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    page = await context.new_page()
    screen = Screen(page, url)
    page.on("console", screen.note_console)
    page.on("pageerror", lambda error: screen.errors.append(str(error)))
    page.on("request", screen.note_request)
    try:
        await page.goto(url)
        await expect(page.locator(".live.on")).to_be_visible()
        await expect(page.locator(".phone").first).to_be_attached()
        yield screen
        assert screen.errors == []
    finally:
        await context.close()
