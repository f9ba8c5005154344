"""What travels may have any shape: the page shows it all the same."""

from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from playwright.async_api import expect

from tests.browser.screen import opened
from tests.browser.test_trouble import send
from tests.e2e.world import ON_CALL


@asynccontextmanager
async def business(answer):
    """A webhook that refuses everything with this JSON."""

    async def refuse(_request):
        return web.json_response(answer, status=401)

    app = web.Application()
    app.router.add_route("*", "/", refuse)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"error": "bad signature"}, "bad signature"),
        ({"error": {"message": 7}}, "HTTP 401"),
        ({"error": {"message": {"a": 1}, "error_data": {"details": "words"}}}, "words"),
        ({"error": {"message": "short", "error_data": "a text"}}, "short"),
        (["no", "object"], "HTTP 401"),
        (None, "HTTP 401"),
    ],
)
async def test_a_business_may_refuse_in_words_of_its_own(aof, browser, answer, said):
    async with business(answer) as url, opened(browser, aof.simulator.url) as screen:
        aof.simulator.webhook_url = url
        await screen.phone(ON_CALL).types("hello")
        await expect(screen.wire.filter(has_text="message (text)").first.locator(".refusal")).to_have_text(said)


@pytest.mark.parametrize(
    "body",
    [
        {"entry": 5},
        {"entry": [None, 1, {"changes": "x"}, {"changes": [None, {"value": None}, {"value": {"messages": {"a": 1}}}]}]},
        {"entry": [{"changes": [{"value": {"messages": [None, 1], "statuses": [None, {"errors": 3}]}}]}]},
    ],
)
async def test_a_webhook_of_any_shape_is_shown(aof, browser, body):
    async with opened(browser, aof.simulator.url) as screen:
        before = await screen.wire.count()
        async with aof.control.post("/_sim/webhooks", json=body) as response:
            assert response.status == 200
        await expect(screen.wire).to_have_count(before + 1)
        await expect(screen.wire.last).to_contain_text("webhook")


@pytest.mark.parametrize(
    "node", [{"text": {"body": {"not": "a text"}}}, {"text": 1}, {"type": "interactive", "interactive": {"body": []}}]
)
async def test_a_refused_send_without_a_text_is_told_on_its_phone(aof, browser, node):
    async with opened(browser, aof.simulator.url) as screen:
        assert await send(aof, ON_CALL, **node) == 400
        await expect(screen.phone(ON_CALL).notes).to_have_count(1)
        await expect(screen.phone(ON_CALL).notes).to_contain_text("Refused by the platform:")
