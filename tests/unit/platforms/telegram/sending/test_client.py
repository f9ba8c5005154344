"""One call, one request, and the token nowhere but in its address; with real sockets where the connection counts."""

import asyncio
import json
import logging
import re
import socket
import traceback
from collections.abc import Awaitable, Callable
from typing import Any, cast

import aiohttp
import pytest
from aioresponses import aioresponses as WireOfAnswers  # noqa: N812 -- the package names a class like itself

from aof.domain.errors import (
    AccountStopped,
    PlatformError,
    RecipientUnreachable,
    SendDeferred,
    SendHeld,
    SendRefused,
    SendUncertain,
)
from aof.platforms.telegram.client import File
from tests.unit.platforms.sockets import Serve, read_request
from tests.unit.platforms.telegram.sending.conftest import API_URL, SECRET, TOKEN, WEBHOOK_SECRET, Connect

ANY = re.compile(r".*")


async def failure(calling: Awaitable[object], caplog: pytest.LogCaptureFixture | None = None) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        await calling
    error: BaseException | None = caught.value
    shown = "".join(traceback.format_exception(caught.value)) + (caplog.text if caplog else "")
    while error is not None:
        # also what a log would show that follows the chain by itself
        shown += repr(error) + str(error) + str(vars(error))
        error = error.__cause__ or error.__context__
    for secret in (TOKEN, SECRET, WEBHOOK_SECRET):
        assert secret not in shown
    return caught.value


async def test_a_call_is_one_request_and_gives_the_result(connect: Connect, wire: WireOfAnswers) -> None:
    wire.post(f"{API_URL}/bot{TOKEN}/sendMessage", payload={"ok": True, "result": {"message_id": 7}})
    result = await connect().call("sendMessage", {"chat_id": 5, "text": "قرص \ud83d 😀"})
    assert result == {"message_id": 7}
    ((call,),) = wire.requests.values()
    assert json.loads(call.kwargs["data"]) == {"chat_id": 5, "text": "قرص ? 😀"}
    assert call.kwargs["headers"] == {"Content-Type": "application/json"}
    assert call.kwargs["allow_redirects"] is False


async def test_a_false_result_is_a_result(connect: Connect, wire: WireOfAnswers) -> None:
    wire.post(ANY, payload={"ok": True, "result": []})
    assert await connect().call("getUpdates") == []


async def test_an_absurd_number_costs_no_other_update(connect: Connect, wire: WireOfAnswers) -> None:
    wire.post(ANY, body='{"ok":true,"result":[{"update_id":1,"x":%s},{"update_id":2,"x":NaN}]}' % ("9" * 5000))
    result = await connect().call("getUpdates")
    assert [update["update_id"] for update in result] == [1, 2]


@pytest.mark.parametrize(
    ("code", "error"),
    [(400, SendRefused), (401, AccountStopped), (403, RecipientUnreachable), (429, SendDeferred), (500, SendUncertain)],
)
async def test_a_refusal_is_classed_and_keeps_no_secret(
    connect: Connect, wire: WireOfAnswers, code: int, error: type[PlatformError]
) -> None:
    words = f"about {TOKEN} and {WEBHOOK_SECRET}"
    wire.post(ANY, status=code, payload={"ok": False, "error_code": code, "description": words})
    caught = await failure(connect().call("sendMessage"))
    assert (type(caught), caught.code, caught.details) == (error, code, "about *** and ***")


@pytest.mark.parametrize(
    ("cause", "of_a_send", "of_another"),
    [
        (aiohttp.ConnectionTimeoutError(f"no connection to {TOKEN}"), SendDeferred, SendDeferred),
        (aiohttp.SocketTimeoutError("no answer"), SendUncertain, SendDeferred),
        (TimeoutError(), SendUncertain, SendDeferred),
        (aiohttp.ServerDisconnectedError(), SendUncertain, SendDeferred),
        (aiohttp.ClientOSError(104, "reset"), SendUncertain, SendDeferred),
        (aiohttp.ClientPayloadError("cut"), SendUncertain, SendDeferred),
        (aiohttp.ClientError(f"POST {API_URL}/bot{TOKEN}/sendMessage"), SendUncertain, SendDeferred),
        (ConnectionResetError(), SendUncertain, SendDeferred),
    ],
)
@pytest.mark.parametrize("method", ["sendMessage", "sendDocument", "editMessageText", "sendChatAction", "getUpdates"])
async def test_only_a_message_whose_request_was_written_is_uncertain(
    connect: Connect,
    wire: WireOfAnswers,
    method: str,
    cause: Exception,
    of_a_send: type[PlatformError],
    of_another: type[PlatformError],
) -> None:
    wire.post(ANY, exception=cause)
    caught = await failure(connect().call(method))
    assert type(caught) is (of_a_send if method in {"sendMessage", "sendDocument"} else of_another)
    assert type(cause).__name__ in caught.details


async def test_being_cancelled_is_passed_on(connect: Connect, wire: WireOfAnswers) -> None:
    wire.post(ANY, exception=cast("Exception", asyncio.CancelledError()))
    with pytest.raises(asyncio.CancelledError):
        await connect().call("sendMessage")


# --- real sockets


def answering(answer: bytes, seen: list[bytes]) -> Callable[..., Awaitable[None]]:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await read_request(reader))
        writer.write(answer)
        await writer.drain()

    return talk


async def test_a_closed_port_is_surely_no_send(connect: Connect) -> None:
    with socket.socket() as bound:  # bound and not listening: nobody else can take the port meanwhile
        bound.bind(("127.0.0.1", 0))
        client = connect(api_url=f"http://127.0.0.1:{bound.getsockname()[1]}")
        caught = await failure(client.call("sendMessage"))
    assert isinstance(caught, SendDeferred)
    assert caught.scope == "number"


@pytest.mark.parametrize(
    "answer", [b"", b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"ok":true,"result":{"me', b"SSH-2.0\r\n"]
)
async def test_a_cut_or_foreign_answer_is_uncertain_and_leaks_nothing(
    connect: Connect, serve: Serve, caplog: pytest.LogCaptureFixture, answer: bytes
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[bytes] = []
    client = connect(api_url=await serve(answering(answer, seen)))
    assert isinstance(await failure(client.call("sendMessage"), caplog), SendUncertain)
    assert len(seen) == 1
    assert TOKEN.encode() in seen[0]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(connect: Connect, serve: Serve, status: int) -> None:
    followed: list[bytes] = []
    target = await serve(answering(b"", followed))
    redirect = f"HTTP/1.1 {status} Moved\r\nLocation: {target}/x\r\nContent-Length: 0\r\n\r\n".encode()
    caught = await failure(connect(api_url=await serve(answering(redirect, []))).call("sendMessage"))
    assert isinstance(caught, SendDeferred)
    assert followed == []


async def test_silence_after_the_request_is_uncertain(connect: Connect, serve: Serve) -> None:
    done = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        await done.wait()

    client = connect(api_url=await serve(silent), seconds=0.2)
    try:
        assert isinstance(await failure(client.call("sendMessage")), SendUncertain)
    finally:
        done.set()


async def test_an_endless_answer_is_cut(connect: Connect, serve: Serve) -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        try:
            while True:
                writer.write(b" " * 65536)
                await writer.drain()
        except ConnectionError:
            return

    caught = await failure(connect(api_url=await serve(endless)).call("sendMessage"))
    assert (type(caught), caught.details) == (SendUncertain, "HTTP 200")  # and no time-out


async def test_what_is_raised_before_the_request_ends_it_unwritten(connect: Connect, serve: Serve) -> None:
    seen: list[bytes] = []
    client = connect(api_url=await serve(answering(b"", seen)))

    async def closed() -> None:
        raise SendHeld("consent", "no")

    with pytest.raises(SendHeld):
        await client.call("sendMessage", before_request=closed)
    assert seen == []


async def test_a_file_goes_as_a_form_with_its_name_as_it_is(connect: Connect, serve: Serve) -> None:
    seen: list[bytes] = []
    body = b'{"ok":true,"result":{"message_id":7}}'
    client = connect(
        api_url=await serve(answering(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body), seen))
    )
    params: dict[str, Any] = {"chat_id": -5, "caption": "a \ud83d b", "reply_parameters": {"message_id": 1}}
    file = File("document", 'تقرير "x"\r\n/1.txt', "text/plain", b"disk 81 %")
    assert await client.call("sendDocument", params, file=file) == {"message_id": 7}
    (written,) = seen
    for piece in (
        b'name="chat_id"\r\n\r\n-5\r\n',
        b'name="caption"\r\n\r\na ? b\r\n',
        b'{"message_id": 1}',
        'name="document"; filename="تقرير x1.txt"'.encode(),
        b"\r\n\r\ndisk 81 %\r\n",
    ):
        assert piece in written
    assert b"disk" not in repr(file).encode()
