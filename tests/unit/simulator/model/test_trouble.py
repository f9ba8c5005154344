"""Faults, answers that are kept back, and clients that go away."""

import asyncio
import json
from urllib.parse import urlsplit

import aiohttp
import pytest

from aof.simulator.model import ModelServer, Said, Script
from aof.simulator.model.faults import KINDS, WrongFault
from tests.unit.simulator.model.asking import KEY, body, user

LONG = Script([], "x" * 400)


@pytest.mark.parametrize(
    ("kind", "status", "type_", "code"),
    [
        ("rate_limited", 429, "requests", "rate_limit_exceeded"),
        ("broken", 500, "server_error", None),
        ("unavailable", 503, "server_error", None),
        ("refused", 400, "invalid_request_error", "context_length_exceeded"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
async def test_a_fault_that_answers(serving, kind, status, type_, code, stream):
    said = []
    client = await serving(lambda asked: said.append(asked) or Said("x"))
    client.server.faults.add(kind)
    async with client.post(body(stream=stream)) as response:
        assert response.status == status
        assert response.headers.get("Retry-After") == ("1" if status == 429 else None)
        error = (await response.json())["error"]
    assert (error["type"], error["code"]) == (type_, code)
    assert said == []
    assert await client.status(body()) == 200
    assert [asked.status for asked in client.server.requests] == [status, 200]


async def test_faults_strike_in_their_order_and_only_what_would_be_answered(serving):
    client = await serving()
    faults = client.server.faults
    faults.add("rate_limited", seconds=20)
    faults.add("broken", times=2)
    assert await client.status(body(temperature=3)) == 400
    assert len(faults) == 3
    async with client.post(body()) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "20")
        assert "Please try again in 20s." in (await response.json())["error"]["message"]
    assert [await client.status(body()) for _ in range(3)] == [500, 500, 200]
    faults.add("unavailable", times=5)
    faults.clear()
    assert await client.status(body()) == 200


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        (("on_fire",), {}, f"The faults are: {', '.join(KINDS)}."),
        (("broken", 0), {}, "times is 1 or more"),
        (("slow",), {"seconds": -1}, "seconds 0 or more"),
        (("hang",), {"seconds": 3}, "hang has no seconds"),
    ],
)
async def test_a_fault_that_makes_no_sense(serving, arguments, options, words):
    faults = (await serving()).server.faults
    with pytest.raises(WrongFault, match=words):
        faults.add(*arguments, **options)
    assert len(faults) == 0


@pytest.mark.parametrize("stream", [False, True])
async def test_cut_before_the_answer(serving, stream):
    client = await serving()
    client.server.faults.add("cut_before_answer")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.status(body(stream=stream))
    assert client.server.requests[0].status is None
    assert await client.status(body()) == 200
    assert client.server.disconnects == 0


@pytest.mark.parametrize("stream", [False, True])
async def test_cut_within_the_answer(serving, stream):
    client = await serving(LONG)
    client.server.faults.add("cut_within_answer")
    async with client.post(body(stream=stream)) as response:
        assert response.status == 200
        first = await response.content.readany()
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()
    assert first.startswith(b"data: " if stream else b'{"id"')
    assert await client.status(body()) == 200
    assert client.server.disconnects == 0


async def test_a_client_that_gives_up_a_hanging_request_is_counted(serving):
    client = await serving()
    client.server.faults.add("hang")
    asking = asyncio.create_task(client.status(body()))
    await client.server.asked(1)
    assert client.server.disconnects == 0
    asking.cancel()
    await client.server.disconnected(1)
    assert client.server.disconnects == 1
    assert await client.status(body()) == 200


async def test_a_client_that_leaves_a_stream_is_counted(serving):
    client = await serving(LONG)
    held = client.server.hold(after=3)
    async with client.post(body(stream=True)) as response:
        await held.reached()
        assert response.status == 200
        response.close()
    await client.server.disconnected(1)
    held.release()
    assert await client.status(body()) == 200
    assert client.server.disconnects == 1


async def test_a_slow_stream_arrives_whole(serving):
    client = await serving()
    client.server.faults.add("slow", times=2, seconds=0.001)
    events = await client.events(body())
    assert "".join(event["choices"][0]["delta"].get("content", "") for event in events) == "Hello."
    assert (await client.said(body()))["content"] == "Hello."


@pytest.mark.parametrize("stream", [False, True])
async def test_a_client_that_leaves_a_slow_answer_is_counted(serving, stream):
    client = await serving()
    client.server.faults.add("slow", seconds=3600)
    asking = asyncio.create_task(client.status(body(stream=stream)))
    await client.server.asked(1)
    asking.cancel()
    await client.server.disconnected(1)


async def test_an_answer_is_kept_back_until_it_is_let_go(serving):
    client = await serving()
    held = client.server.hold()
    asking = asyncio.create_task(client.status(body(user("first"))))
    asked = await held.reached()
    assert asked.body["messages"] == [user("first")]
    assert asked.status is None
    assert await client.status(body(user("second"))) == 200  # one answer is held, not the server
    assert not asking.done()
    held.release()
    assert await asking == 200


async def test_a_stream_is_kept_back_within(serving):
    client = await serving(LONG)
    held = client.server.hold(after=2)
    async with client.post(body(stream=True)) as response:
        asked = await held.reached()
        assert asked.status == 200
        out = [await response.content.readuntil(b"\n\n") for _ in range(2)]
        assert json.loads(out[0].removeprefix(b"data: "))["choices"][0]["delta"]["role"] == "assistant"
        assert json.loads(out[1].removeprefix(b"data: "))["choices"][0]["delta"]["content"] == "xxxx"
        rest = asyncio.create_task(response.content.read())
        held.release()
        assert (await rest).endswith(b"data: [DONE]\n\n")


async def test_an_answer_may_be_released_before_anyone_asks(serving):
    client = await serving()
    client.server.hold().release()
    assert await client.status(body()) == 200


async def test_a_whole_answer_has_no_pieces_to_be_held_after(serving):
    client = await serving()
    held = client.server.hold(after=3)
    asking = asyncio.create_task(client.status(body()))
    assert (await held.reached()).status is None
    held.release()
    assert await asking == 200


async def test_requests_can_be_waited_for(serving):
    client = await serving()
    waiting = asyncio.create_task(client.server.asked(2))
    for text in ("one", "two", "three"):
        await client.status(body(user(text)))
    assert (await waiting).body["messages"] == [user("two")]
    assert (await client.server.asked(1)).body["messages"] == [user("one")]


async def test_whoever_gave_up_waiting_is_forgotten(serving):
    client = await serving()
    waiting = asyncio.create_task(client.server.asked(2))
    await client.status(body())
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert client.server._came._waiting == []
    assert await client.status(body()) == 200


@pytest.mark.parametrize("trouble", ["hang", "held", "held within", "slow"])
async def test_a_stop_ends_every_request_and_is_no_disconnect_of_a_client(trouble, monkeypatch):
    monkeypatch.setattr("aof.simulator.model.server.STOP_SECONDS", 3600)  # it waits for none of them
    server = ModelServer(LONG)
    async with aiohttp.ClientSession(headers=KEY) as http:
        await server.start()
        if trouble in {"hang", "slow"}:
            server.faults.add(trouble, seconds=3600 if trouble == "slow" else None)
        else:
            held = server.hold(after=2 if trouble == "held within" else None)

        async def ask() -> None:
            async with http.post(f"{server.url}/chat/completions", json=body(stream=True)) as response:
                await response.read()

        asking = asyncio.create_task(ask())
        await server.asked(1)
        if trouble.startswith("held"):
            await held.reached()
        await server.stop()
        with pytest.raises(aiohttp.ClientError):
            await asking
        assert server.disconnects == 0


async def test_it_can_come_back_where_it_was():
    server = ModelServer(Script([], "Hello."))
    async with aiohttp.ClientSession(headers=KEY) as http:
        await server.start()
        port = urlsplit(server.url).port
        assert port is not None
        await server.stop()
        with pytest.raises(aiohttp.ClientConnectorError):
            await http.get(f"{server.url}/models")
        await server.start(port=port)
        async with http.get(f"{server.url}/models") as response:
            assert response.status == 200
        await server.stop()


async def test_a_port_that_is_taken_leaves_nothing_behind(serving):
    taken = urlsplit((await serving()).server.url).port
    other = ModelServer(Script([]))
    with pytest.raises(OSError, match="address already in use"):
        await other.start(port=taken)
