"""The stream that the phone page lives on, the page's files, and the field that a refusal is about."""

import asyncio
import json
import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse

from aof.simulator import Held, Simulator, page
from aof.simulator.events import MOST_AT_ONCE
from aof.simulator.telegram import TelegramSimulator
from aof.simulator.validate import problems
from tests.unit.simulator.bodies import LEAD, PHONE
from tests.unit.simulator.stage import PATIENCE_SECONDS, START, HandClock


class Stream:
    """Server-sent events, one after the other."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response
        self.last_id = ""

    async def next(self, name: str) -> dict:
        """The next event of that name; others are passed over."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                event, data = await self.any()
                if event == name:
                    return data

    async def any(self) -> tuple[str, dict]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            lines = []
            while (line := (await self.response.content.readline()).decode().rstrip("\n")) or not lines:
                lines.append(line)
                assert self.response.content.at_eof() is False, "the stream ended"
        fields = dict(line.split(": ", 1) for line in lines if line)
        self.last_id = fields.get("id", self.last_id)
        return fields["event"], json.loads(fields["data"])


@pytest.fixture
async def opened(client) -> AsyncIterator:
    """Opens streams that end with the test."""
    responses = []

    async def open_(last_id: str = "", simulator: Simulator | None = None) -> Stream:
        url = (simulator or client.simulator).url
        headers = {"Last-Event-ID": last_id} if last_id else {}
        response = await client.http.get(f"{url}/_sim/events", headers=headers)
        responses.append(response)
        assert response.status == 200
        assert response.content_type == "text/event-stream"
        return Stream(response)

    yield open_
    for response in responses:
        response.close()


async def test_a_new_reader_is_told_everything_so_far_in_the_order_of_time(client, clock, opened):
    await client.control("POST", "/phones/+15550001001/messages", {"text": "first"})
    clock.advance(1)
    await client.text(body="second")
    await client.settled()
    stream = await opened()
    assert await stream.any() == ("anew", {})
    name, state = await stream.any()
    assert name == "state"
    assert [phone["number"] for phone in state["phones"]] == ["+15550001001", "+15550002002"]
    assert state["clock"] == {"now": clock.now().isoformat(), "can_advance": True}
    told = []
    while [data["text"] for name, data in told if name == "message"] != ["first", "second"]:
        told.append(await stream.any())
    times = [data["at"] for _, data in told]
    assert times == sorted(times)
    assert told[0][0] == "message"
    assert told[1][0] == "exchange"
    assert {data["number"] for name, data in told if name == "message"} == {"+15550001001"}


async def test_a_new_reader_is_told_messages_in_the_order_in_which_the_phone_got_them(client, clock, opened):
    number = "+15550001001"
    await client.control("POST", f"/phones/{number}/messages", {"text": "first"})
    await client.control("POST", f"/phones/{number}/power", {"on": False})
    await client.text(body="waits")
    await client.settled()
    clock.advance(1)
    await client.control("PUT", "/faults", {"fail_later": 131026})
    await client.text(body="fails")
    await client.settled()
    await client.control("POST", f"/phones/{number}/power", {"on": True})
    stream = await opened()
    assert [(await stream.next("message"))["text"] for _ in range(3)] == ["first", "fails", "waits"]


async def test_what_happens_is_told_as_it_happens(client, opened):
    stream = await opened()
    await stream.next("state")
    await client.control("POST", "/phones/+15550002002/messages", {"text": "now"})
    told = await stream.next("message")
    assert (told["number"], told["text"], told["direction"]) == ("+15550002002", "now", "out")
    await client.control("PUT", "/faults", {"429": 2})
    while (state := await stream.next("state"))["faults"] != {"429": 2}:
        pass
    assert state["phones"][1]["window_open"] is True


async def test_a_reader_that_comes_back_is_told_only_what_is_newer(client, opened):
    stream = await opened()
    await client.control("POST", "/phones/+15550001001/messages", {"text": "before"})
    await stream.next("message")
    while (await stream.next("exchange"))["kind"] != "webhook":
        pass
    seen = stream.last_id
    stream.response.close()
    await client.control("POST", "/phones/+15550001001/messages", {"text": "meanwhile"})
    again = await opened(seen)
    assert (await again.any())[0] == "state"
    assert (await again.next("message"))["text"] == "meanwhile"


@pytest.mark.parametrize(
    "spoilt", ["", "x", "x.1.2.3", "{run}.1", "{run}.1.2.x", "{run}.-1.2.3", f"{{run}}.1.2.{'9' * 5000}"]
)
async def test_a_reader_of_another_run_begins_anew(client, opened, spoilt):
    await client.control("POST", "/phones/+15550001001/messages", {"text": "before"})
    stream = await opened()
    await stream.next("message")
    run = client.simulator._control._switches._events._run
    again = await opened(spoilt.replace("{run}", run))
    assert (await again.any())[0] == "anew"
    assert (await again.next("message"))["text"] == "before"


async def test_a_clock_that_jumps_is_told(client, clock, opened):
    stream = await opened()
    assert (await stream.next("state"))["clock"]["now"] == START.isoformat()
    await client.control("POST", "/clock/advance", {"seconds": 3600})
    while (state := await stream.next("state"))["clock"]["now"] == START.isoformat():
        pass
    assert state["clock"]["now"] == clock.now().isoformat()


async def test_of_a_long_past_only_the_newest_are_told(client, opened):
    for n in range(MOST_AT_ONCE + 1):
        client.simulator.network.write(
            client.simulator.phone("+15550001001"), {"type": "text", "text": {"body": str(n)}}
        )
    stream = await opened()
    assert (await stream.next("message"))["text"] == "1"


async def test_what_the_business_holds_is_told_to_its_phone(client, opened):
    held = [Held("+15550002002", "Restart?", "the gate is closed")]

    async def now() -> list[Held]:
        return held

    clock = HandClock()
    async with Simulator(clock=clock, advance=clock.advance, held=now) as simulator:
        stream = await opened(simulator=simulator)
        state = await stream.next("state")
        assert [phone["held"] for phone in state["phones"]] == [
            [],
            [{"number": "+15550002002", "text": "Restart?", "reason": "the gate is closed"}],
        ]
        held.clear()
        while (state := await stream.next("state"))["phones"][1]["held"]:
            pass


async def test_a_simulator_that_stops_lets_its_readers_go(client, opened):
    async with Simulator() as simulator:
        stream = await opened(simulator=simulator)
        await stream.next("state")
    async with asyncio.timeout(PATIENCE_SECONDS):
        await stream.response.content.read()


async def test_a_reader_that_leaves_is_forgotten(client, opened):
    stream = await opened()
    await stream.next("state")
    listeners = client.simulator.wire._listeners
    assert len(listeners) == 1
    stream.response.close()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while listeners:
            await client.control("POST", "/phones/+15550001001/messages", {"text": "x"})
            await asyncio.sleep(0)


# -- the page's files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", *page.FILES])
async def test_every_file_of_the_page_comes_with_the_policy(client, name):
    async with client.http.get(f"{client.simulator.url}/_sim/{name}") as response:
        assert response.status == 200
        assert response.headers["Content-Security-Policy"] == page.POLICY
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        text = await response.text()
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in text


async def test_the_front_door_leads_to_the_page(client):
    async with client.http.get(client.simulator.url, allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (302, "/_sim/")


async def test_another_simulator_is_served_beside_and_as_guarded(client, opened):
    other = TelegramSimulator()
    async with other, Simulator(beside={"telegram": other.control_app}) as simulator:
        state = await (await opened(simulator=simulator)).next("state")
        assert (state["platform"], state["beside"]) == ("whatsapp", ["/_sim/telegram"])
        (base,) = state["beside"]
        async with client.http.get(f"{simulator.url}{base}/phones") as response:
            assert (await response.json())["platform"] == "telegram"
        async with client.http.get(f"{simulator.url}{base}/", headers={"Host": "evil.example"}) as response:
            assert response.status == 403


@pytest.mark.parametrize("path", ["/", "/_sim/", "/_sim/app.js", "/_sim/events"])
@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}])
async def test_the_page_is_for_this_machine_only(client, path, headers):
    async with client.http.get(client.simulator.url + path, headers=headers, allow_redirects=False) as response:
        assert response.status == 403
        assert set(await response.json()) == {"error"}


@pytest.mark.parametrize("path", ["__init__.py", "..%2fgraph.py", "%2e%2e/graph.py", "index.html%00", "nothing.js"])
async def test_nothing_but_the_page_is_served(client, path):
    async with client.http.get(f"{client.simulator.url}/_sim/{path}") as response:
        assert response.status in {400, 404}
        assert "import" not in await response.text()


def test_every_file_that_the_page_names_is_there():
    source = "".join((page.FOLDER / name).read_text(encoding="utf-8") for name in page.FILES)
    named = set(re.findall(r"""(?:from "\./|href="|src=")([\w.-]+)""", source))
    assert named <= set(page.FILES)
    assert set(page.FILES) - named == {"index.html"}


# -- the field --------------------------------------------------------------------------------------------------------


def buttons(*titles: str, **more: object) -> dict:
    replies = [{"type": "reply", "reply": {"id": f"{n}", "title": title}} for n, title in enumerate(titles)]
    return {"type": "button", "body": {"text": "?"}, "action": {"buttons": replies}} | more


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"type": "text", "text": {"body": "x" * 4097}}, "text['body']"),
        ({"type": "text", "text": {"body": 1}}, "text['body']"),
        ({"type": "text", "text": {}}, "text['body']"),
        ({"type": "text"}, "text"),
        ({"type": "nothing"}, "type"),
        ({"type": "text", "text": {"body": "x"}, "to": "abc"}, "to"),
        ({"type": "text", "text": {"body": "x"}, "context": {}}, "context['message_id']"),
        (
            {"type": "interactive", "interactive": buttons("ok", "x" * 21)},
            "interactive['action']['buttons'][1]['reply']['title']",
        ),
        (
            {"type": "interactive", "interactive": buttons("a", "a")},
            "interactive['action']['buttons'][1]['reply']['title']",
        ),
        ({"type": "interactive", "interactive": buttons(*"abcd")}, "interactive['action']['buttons']"),
        (
            {"type": "interactive", "interactive": buttons("a", body={"text": "x" * 1025})},
            "interactive['body']['text']",
        ),
        (
            {"type": "interactive", "interactive": buttons("a", action={"buttons": [1]})},
            "interactive['action']['buttons'][0]",
        ),
        ({"type": "image", "image": {"id": "1", "odd": 1}}, "image['odd']"),
    ],
)
def test_a_refusal_says_which_field_it_is_about(body, field):
    found = problems({"messaging_product": "whatsapp", "to": PHONE, **body})
    assert found[0].field == field
    assert "field" not in json.dumps(found[0].body("trace"))


async def test_the_wire_carries_the_field_of_a_refusal(client):
    status, _ = await client.text(body="x" * 4097, to=LEAD)
    assert status == 400
    _, answer = await client.control("GET", "/wire")
    assert answer["exchanges"][-1]["field"] == "text['body']"
