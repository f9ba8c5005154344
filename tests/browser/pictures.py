"""Takes the pictures of the documentation from a running demo: `make pictures`. Needs chromium and its fonts."""

import asyncio
import logging
import shutil
import sys
from pathlib import Path

from playwright.async_api import expect

from aof import logs
from aof.cli import cast
from aof.cli.stage import running
from tests.browser.screen import PHONE, Screen, browser_at, opened
from tests.e2e.world import LEAD, ON_CALL

FOLDER = Path(__file__).parents[2] / "docs" / "images"
WIDE = {"width": 1440, "height": 900}


async def story(screen: Screen, *, arabic: bool) -> None:
    """A question answered, a button tapped, a send refused: what the page is for, at one look."""
    phone, lead = screen.phone(ON_CALL), screen.phone(LEAD)
    await lead.types("disk" if arabic else "القرص")
    await expect(lead.received).to_have_count(1)
    await phone.types("القرص" if arabic else "disk")
    await expect(phone.received).to_have_count(1)
    await phone.received.locator(".choice").last.click()
    await expect(phone.received).to_have_count(2)
    await expect(phone.received.last.locator(".state.read")).to_be_visible()
    request = screen.wire.filter(has_text="POST").last
    await request.locator("summary").click()
    await request.scroll_into_view_if_needed()
    await screen.page.mouse.move(0, 0)


async def approval(screen: Screen) -> None:
    """A command that changes something, asked for in one chat and on a card in another."""
    phone, lead = screen.phone(str(cast.ON_CALL.user_id)), screen.phone(str(cast.LEAD.user_id))
    await phone.types("api is slow")
    await phone.choice("Restart").click()
    await expect(lead.choice("Approve")).to_be_visible()
    await expect(phone.received).to_have_count(2)
    await screen.page.mouse.move(0, 0)


async def take(executable: str) -> None:
    """Every picture, each from a demo of its own."""
    for name, language, scheme, size in (
        ("phone-page", "en", "light", WIDE),
        ("phone-page-dark", "en", "dark", WIDE),
        ("phone-page-arabic", "ar", "light", WIDE),
        ("phone-page-narrow", "en", "light", PHONE),
    ):
        async with (
            running(level=logging.CRITICAL) as demo,
            browser_at(executable) as browser,
            opened(browser, demo.stage.url, language=language, scheme=scheme, size=size) as screen,  # type: ignore[arg-type]  # from a table
        ):
            if size is WIDE:
                await story(screen, arabic=language == "ar")
            else:
                phone = screen.phone(ON_CALL)
                await phone.types("القرص" if language == "ar" else "disk")
                await expect(phone.received.locator(".state.read")).to_be_visible()
            await screen.page.screenshot(path=FOLDER / f"{name}.png")
    async with (
        running(level=logging.CRITICAL, acts=True, platforms=("telegram",)) as demo,
        browser_at(executable) as browser,
        opened(browser, demo.stage.url, size=WIDE) as screen,
    ):
        await approval(screen)
        await screen.page.screenshot(path=FOLDER / "phone-page-telegram.png")


def main() -> None:
    executable = shutil.which("chromium")
    if executable is None:
        sys.exit("No chromium here; Debian has it as chromium, with fonts-noto-core and fonts-noto-color-emoji.")
    FOLDER.mkdir(exist_ok=True)
    logs.set_up(lambda text: text, level=logging.CRITICAL)
    asyncio.run(take(executable))


if __name__ == "__main__":
    main()
