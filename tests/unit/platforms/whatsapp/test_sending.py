"""One part, one request, and what its outcome means; with real sockets where the connection is the point."""

import asyncio
import hashlib
import hmac
import json
import re
import socket
import traceback
from collections.abc import Awaitable
from typing import Any, cast

import aiohttp
import pytest
from aioresponses import aioresponses as WireOfAnswers  # noqa: N812 -- the package names a class like itself
from yarl import URL

from aof.domain.errors import (
    AccountStopped,
    PlatformError,
    SendDeferred,
    SendHeld,
    SendRefused,
    SendUncertain,
    WindowClosed,
)
from aof.domain.message import Address
from aof.domain.response import Response, TextPart
from aof.platforms.base import ShowsTyping
from aof.platforms.whatsapp import WhatsAppPlatform
from tests.unit.platforms.sockets import Serve, read_request
from tests.unit.platforms.whatsapp.conftest import API_URL, APP_SECRET, TOKEN, Connect
from tests.unit.platforms.whatsapp.webhooks import OUR_ID

TO = Address(chat="+16505551234", number="+16505551234")
PART = TextPart(text="disk")
ANY = re.compile(r".*")
ACCEPTED = {"messaging_product": "whatsapp", "contacts": [], "messages": [{"id": "wamid.accepted"}]}
PROOF = hmac.new(APP_SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()


async def send(platform: WhatsAppPlatform) -> str:
    return await platform.send_part(TO, PART, part_id="part-7", reply_to="wamid.asked")


async def failure(sending: Awaitable[object]) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        await sending
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + str(vars(caught.value))
    for secret in (TOKEN, APP_SECRET, PROOF):
        assert secret not in shown
    return caught.value


def requests(wire: WireOfAnswers) -> list[tuple[str, URL, dict[str, Any]]]:
    return [(method, url, call.kwargs) for (method, url), calls in wire.requests.items() for call in calls]


async def test_a_part_is_one_request_with_the_token_in_its_header_only(connect: Connect, wire: WireOfAnswers) -> None:
    wire.post(ANY, payload=ACCEPTED)
    assert await send(connect(api_version="v24.0")) == "wamid.accepted"
    ((method, url, sent),) = requests(wire)
    assert method == "POST"
    assert str(url) == f"{API_URL}/v24.0/{OUR_ID}/messages?appsecret_proof={PROOF}"
    assert sent["headers"] == {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    assert TOKEN not in str(url)
    assert TOKEN.encode() not in sent["data"]
    assert json.loads(sent["data"])["biz_opaque_callback_data"] == "part-7"
    assert sent["allow_redirects"] is False


async def test_the_newest_app_secret_proves_during_a_rotation(connect: Connect, wire: WireOfAnswers) -> None:
    wire.post(ANY, payload=ACCEPTED)
    await send(connect(app_secret=["the-new-one", "the-old-one"]))
    ((_, url, _),) = requests(wire)
    assert url.query["appsecret_proof"] == hmac.new(b"the-new-one", TOKEN.encode(), hashlib.sha256).hexdigest()


async def test_half_a_surrogate_pair_in_a_text_does_not_break_the_request(
    connect: Connect, wire: WireOfAnswers
) -> None:
    wire.post(ANY, payload=ACCEPTED)
    await connect().send_part(TO, TextPart(text="قرص \ud83d 😀"), part_id="p")
    ((_, _, sent),) = requests(wire)
    assert json.loads(sent["data"])["text"]["body"] == "قرص \ud83d 😀"


async def test_a_whole_response_is_rendered_and_sent_part_by_part(connect: Connect, wire: WireOfAnswers) -> None:
    wire.post(ANY, payload=ACCEPTED, repeat=True)
    assert await connect().send_response(TO, Response(text="**disk** 81 %")) == ["wamid.accepted"]
    ((_, _, sent),) = requests(wire)
    assert json.loads(sent["data"])["text"]["body"] == "*disk* 81 %"


async def test_a_long_response_is_one_part_if_the_config_says_truncate(connect: Connect, wire: WireOfAnswers) -> None:
    wire.post(ANY, payload=ACCEPTED, repeat=True)
    long = Response(text="disk " * 2000)
    assert len(await connect(long_text="truncate").send_response(TO, long)) == 1
    assert len(await connect(long_text="split").send_response(TO, long)) > 1


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, 131009, SendRefused),
        (400, 131047, WindowClosed),
        (400, 131056, SendDeferred),
        (401, 190, AccountStopped),
        (500, 131000, SendUncertain),
    ],
)
async def test_a_refusal_is_classed_by_its_code(
    connect: Connect, wire: WireOfAnswers, status: int, code: int, error: type[PlatformError]
) -> None:
    # Meta has echoed credentials in its words
    wire.post(ANY, status=status, payload={"error": {"code": code, "message": f"about {APP_SECRET}"}})
    caught = await failure(send(connect()))
    assert (type(caught), caught.code, caught.details) == (error, code, "about ***")
    assert len(requests(wire)) == 1


@pytest.mark.parametrize(("object_id", "error"), [(OUR_ID, AccountStopped), ("2762702990552401", SendRefused)])
async def test_an_unknown_file_does_not_stop_the_account(
    connect: Connect, wire: WireOfAnswers, object_id: str, error: type[PlatformError]
) -> None:
    words = f"Unsupported post request. Object with ID '{object_id}' does not exist"
    wire.post(ANY, status=400, payload={"error": {"code": 100, "error_subcode": 33, "message": words}})
    assert type(await failure(send(connect()))) is error


async def test_metas_wait_in_the_headers_is_kept(connect: Connect, wire: WireOfAnswers) -> None:
    wire.post(ANY, status=429, payload={"error": {"code": 130429}}, headers={"Retry-After": "7"})
    caught = await failure(send(connect()))
    assert isinstance(caught, SendDeferred)
    assert caught.wait is not None
    assert caught.wait.total_seconds() == 7


@pytest.mark.parametrize("body", ["", "<html>", "{}", '{"messages":[]}', '{"messages":[{"id":7}]}', "[" * 100_000])
async def test_an_acceptance_without_an_id_is_uncertain(connect: Connect, wire: WireOfAnswers, body: str) -> None:
    wire.post(ANY, status=200, body=body)
    assert isinstance(await failure(send(connect())), SendUncertain)


@pytest.mark.parametrize(
    ("cause", "error"),
    [
        (aiohttp.ConnectionTimeoutError("no connection"), SendDeferred),
        (aiohttp.SocketTimeoutError("no answer"), SendUncertain),
        (TimeoutError(), SendUncertain),
        (aiohttp.ServerDisconnectedError(), SendUncertain),
        (aiohttp.ClientOSError(104, "reset"), SendUncertain),
        (aiohttp.ClientPayloadError("cut"), SendUncertain),
        (ConnectionResetError(), SendUncertain),
    ],
)
async def test_only_a_connection_that_never_was_is_surely_no_send(
    connect: Connect, wire: WireOfAnswers, cause: Exception, error: type[PlatformError]
) -> None:
    wire.post(ANY, exception=cause)
    caught = await failure(send(connect()))
    assert type(caught) is error
    assert type(cause).__name__ in caught.details
    if isinstance(caught, SendDeferred):
        assert caught.scope == "number"


async def test_an_error_that_quotes_the_request_keeps_no_secret(connect: Connect, wire: WireOfAnswers) -> None:
    wire.post(ANY, exception=aiohttp.ClientError(f"Authorization: Bearer {TOKEN}, secret {APP_SECRET}"))
    assert isinstance(await failure(send(connect())), SendUncertain)


async def test_being_cancelled_is_passed_on(connect: Connect, wire: WireOfAnswers) -> None:
    wire.post(ANY, exception=cast("Exception", asyncio.CancelledError()))
    with pytest.raises(asyncio.CancelledError):
        await send(connect())


# --- the gate


@pytest.mark.parametrize(
    ("api_url", "allow", "hold", "held"),
    [
        ("https://graph.facebook.com", False, False, True),
        ("https://graph.facebook.com", True, False, False),
        ("https://graph.facebook.com", True, True, False),
        ("http://127.0.0.1:1", False, False, False),
        ("http://[::1]:1", False, False, False),
        ("http://127.0.0.1:1", False, True, True),
        ("http://127.0.0.1:1", True, True, False),
        ("https://127.0.0.1.example.org", False, False, True),
    ],
)
async def test_the_gate_is_closed_until_an_operator_opens_it(
    connect: Connect, wire: WireOfAnswers, api_url: str, allow: bool, hold: bool, held: bool
) -> None:
    wire.post(ANY, payload={**ACCEPTED, "success": True}, repeat=True)
    platform = connect(api_url=api_url, allow_live_send=allow, hold_on_loopback=hold)
    gate = platform.held_by()
    assert (gate is not None) is held
    await platform.show_typing(TO, "wamid.asked")
    if held:
        assert gate is not None
        assert (gate.gate, "allow_live_send" in gate.reason) == ("live_send", True)
        with pytest.raises(SendHeld):
            await send(platform)
        with pytest.raises(SendHeld):
            await platform.send_response(TO, Response(text="disk"))
        assert requests(wire) == []
    else:
        await send(platform)
        assert len(requests(wire)) == 2


# --- typing


async def test_typing_is_one_request(connect: Connect, wire: WireOfAnswers) -> None:
    wire.post(ANY, payload={"success": True}, repeat=True)
    platform = connect()
    assert isinstance(platform, ShowsTyping)
    await platform.show_typing(TO, "wamid.asked")
    ((_, _, sent),) = requests(wire)
    assert json.loads(sent["data"]) == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.asked",
        "typing_indicator": {"type": "text"},
    }


async def test_a_refused_indicator_tells_why(connect: Connect, wire: WireOfAnswers) -> None:
    wire.post(ANY, status=400, payload={"error": {"code": 131009, "message": "m"}}, repeat=True)
    assert isinstance(await failure(connect().show_typing(TO, "x")), SendRefused)


# --- real sockets


async def test_a_closed_port_is_surely_no_send(connect: Connect) -> None:
    with socket.socket() as bound:  # bound and not listening: nobody else can take the port meanwhile
        bound.bind(("127.0.0.1", 0))
        caught = await failure(send(connect(api_url=f"http://127.0.0.1:{bound.getsockname()[1]}")))
    assert isinstance(caught, SendDeferred)
    assert caught.scope == "number"


async def test_a_cut_after_the_request_is_uncertain(connect: Connect, serve: Serve) -> None:
    seen: list[bytes] = []

    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await read_request(reader))

    caught = await failure(send(connect(api_url=await serve(cut))))
    assert isinstance(caught, SendUncertain)
    assert len(seen) == 1


@pytest.mark.parametrize("status", [200, 400])
async def test_a_cut_within_the_answer_is_uncertain(connect: Connect, serve: Serve, status: int) -> None:
    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b'HTTP/1.1 %d X\r\nContent-Length: 500\r\n\r\n{"messages":[{"id"' % status)
        await writer.drain()

    assert isinstance(await failure(send(connect(api_url=await serve(half)))), SendUncertain)


async def test_silence_after_the_request_is_uncertain(connect: Connect, serve: Serve) -> None:
    done = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        await done.wait()

    platform = connect(api_url=await serve(silent))
    platform.request_timeout_seconds = 0.2
    try:
        assert isinstance(await failure(send(platform)), SendUncertain)
    finally:
        done.set()


async def test_a_redirect_is_not_followed(connect: Connect, serve: Serve) -> None:
    followed: list[bytes] = []

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        followed.append(await read_request(reader))

    target = await serve(elsewhere)

    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(f"HTTP/1.1 307 Moved\r\nLocation: {target}/x\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()

    assert isinstance(await failure(send(connect(api_url=await serve(redirect)))), SendDeferred)
    assert followed == []


async def test_an_endless_answer_is_cut_and_uncertain(connect: Connect, serve: Serve) -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        try:
            while True:
                writer.write(b" " * 65536)
                await writer.drain()
        except ConnectionError:
            return

    assert isinstance(await failure(send(connect(api_url=await serve(endless)))), SendUncertain)


async def test_an_answer_of_html_is_read_by_its_status(connect: Connect, serve: Serve) -> None:
    async def bad_gateway(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>")
        await writer.drain()

    caught = await failure(send(connect(api_url=await serve(bad_gateway))))
    assert isinstance(caught, SendUncertain)
    assert caught.details == "HTTP 502"
