"""A person's file: two hops with the token, to Meta alone, and never more than is wanted."""

import base64
import hashlib
import re
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aioresponses import aioresponses as WireOfAnswers  # noqa: N812 -- the package names a class like itself

from aof.domain.errors import (
    AccountStopped,
    MediaTooLarge,
    MediaUnavailable,
    PlatformError,
    SendDeferred,
    SendHeld,
    SendRefused,
    SendUncertain,
)
from aof.domain.message import Address, Media
from aof.domain.response import DocumentPart
from aof.platforms.base import Fetched, FetchesMedia, UploadsMedia
from aof.platforms.whatsapp import WhatsAppPlatform
from aof.simulator import Settings, Simulator
from tests.unit.platforms.whatsapp.conftest import API_URL, APP_SECRET, TOKEN, VERIFY_TOKEN, Connect
from tests.unit.platforms.whatsapp.webhooks import OUR_ID

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
HASH = hashlib.sha256(PICTURE)
BASE64 = base64.b64encode(HASH.digest()).decode()
FILE = "1003383421387256"
DESCRIBED = re.compile(rf"{re.escape(API_URL)}/v\d+\.\d/{FILE}\?.*")
ADDRESS = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1003383421387256&hash=a%2Bb"


@pytest.fixture
async def meta() -> AsyncIterator[Simulator]:
    simulator = Simulator(
        Settings(phone_number_id=OUR_ID, access_token=TOKEN, app_secret=APP_SECRET, verify_token=VERIFY_TOKEN)
    )
    await simulator.start()
    yield simulator
    await simulator.stop()


def kept(meta: Simulator, mime_type: str = "image/png; note=x", **changes: Any) -> Media:
    """A file that Meta keeps, as a message tells of it."""
    stored = meta.media.store(PICTURE, mime_type, meta.clock.now())
    return Media(**{"kind": "image", "id": stored.id, "mime_type": mime_type, "sha256": BASE64, **changes})


async def fetched(platform: WhatsAppPlatform, media: Media, most_bytes: int = 1_000_000) -> Fetched:
    assert isinstance(platform, FetchesMedia)
    return await platform.fetch_media(media, most_bytes=most_bytes)


async def failure(fetching: Awaitable[object]) -> MediaUnavailable:
    with pytest.raises(MediaUnavailable) as caught:
        await fetching
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + str(vars(caught.value))
    assert TOKEN not in shown
    assert APP_SECRET not in shown
    return caught.value


async def test_a_file_is_had_with_its_type(meta: Simulator, connect: Connect) -> None:
    platform = connect(api_url=meta.url)
    assert await fetched(platform, kept(meta)) == Fetched(PICTURE, "image/png")
    described, content = meta.wire
    assert [each.method for each in (described, content)] == ["GET", "GET"]
    assert f"phone_number_id={OUR_ID}" in described.url
    assert "appsecret_proof=" in described.url
    assert "appsecret_proof=" not in content.url


async def test_a_printed_file_does_not_show_its_content(meta: Simulator, connect: Connect) -> None:
    assert "PNG" not in repr(await fetched(connect(api_url=meta.url), kept(meta)))


@pytest.mark.parametrize("room", [0, 1])
async def test_a_file_may_have_exactly_as_many_bytes(meta: Simulator, connect: Connect, room: int) -> None:
    media, platform = kept(meta), connect(api_url=meta.url)
    if room:
        assert (await fetched(platform, media, len(PICTURE))).content == PICTURE
    else:
        assert type(await failure(fetched(platform, media, len(PICTURE) - 1))) is MediaTooLarge
        # its size was known before anything of it was read
        assert len(list(meta.wire)) == 1


@pytest.mark.parametrize("written", [HASH.hexdigest(), HASH.hexdigest().upper(), BASE64, None])
async def test_a_hash_may_have_either_form_of_metas(meta: Simulator, connect: Connect, written: str | None) -> None:
    assert (await fetched(connect(api_url=meta.url), kept(meta, sha256=written))).content == PICTURE


@pytest.mark.parametrize("written", ["0" * 64, base64.b64encode(b"0" * 32).decode(), "abc", "é", BASE64[:-4]])
async def test_another_file_than_was_sent_is_not_taken(meta: Simulator, connect: Connect, written: str) -> None:
    error = await failure(fetched(connect(api_url=meta.url), kept(meta, sha256=written)))
    assert "hash" in error.reason


async def test_a_file_that_meta_does_not_have_is_unavailable(meta: Simulator, connect: Connect) -> None:
    error = await failure(fetched(connect(api_url=meta.url), Media(kind="image", id=FILE)))
    assert error.code == 100


async def test_an_ended_token_makes_a_file_unavailable(meta: Simulator, connect: Connect) -> None:
    media = kept(meta)
    assert (await failure(fetched(connect(api_url=meta.url, access_token="another"), media))).code == 190


@pytest.mark.parametrize(
    "media_id", [None, "", "../me", "..", "a/b", "a%2Fb", "a?b", "file:///etc/passwd", "\\\\host\\share", "x" * 129]
)
async def test_only_an_id_is_asked_for(connect: Connect, wire: WireOfAnswers, media_id: str | None) -> None:
    await failure(fetched(connect(), Media(kind="image", id=media_id)))
    assert wire.requests == {}


# --- faults on the wire


def describe(wire: WireOfAnswers, **changes: Any) -> None:
    node = {"url": ADDRESS, "mime_type": "image/png", "sha256": HASH.hexdigest(), "file_size": len(PICTURE)}
    wire.get(DESCRIBED, payload={**node, **changes})


ANY_FILE = Media(kind="image", id=FILE)


@pytest.mark.parametrize("host", ["lookaside.fbsbx.com", "mmg.whatsapp.net", "scontent.xx.fbcdn.net"])
async def test_metas_hosts_are_asked(connect: Connect, wire: WireOfAnswers, host: str) -> None:
    describe(wire, url=f"https://{host}/x")
    wire.get(f"https://{host}/x", body=PICTURE)
    assert (await fetched(connect(), ANY_FILE)).content == PICTURE


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com:8443/x",
        "https://user@lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com.example.org/x",
        "https://lookaside.fbsbx.com@example.org/x",
        "https://example.org/lookaside.fbsbx.com",
        "https://example.org\\@lookaside.fbsbx.com/x",
        "https://apps.fbsbx.com/x",
        "https://whatsapp.net/x",
        "https://notwhatsapp.net/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:127.0.0.1]/x",
        "http://127.0.0.1:18091/x",
        "https://127.0.0.1:18090/x",
        "http://localhost:18090/x",
        "https://[/x",
    ],
)
async def test_the_token_goes_nowhere_else(connect: Connect, wire: WireOfAnswers, url: str) -> None:
    describe(wire, url=url)
    wire.get(re.compile(r".*"), body=PICTURE, repeat=True)
    assert "address" in (await failure(fetched(connect(), ANY_FILE))).reason
    ((_, asked),) = wire.requests
    assert DESCRIBED.fullmatch(str(asked))


Serve = Callable[[Callable[[web.Request], Awaitable[web.Response]]], Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts a real server; gives its URL."""
    runners = []

    async def start(answer: Callable[[web.Request], Awaitable[web.Response]]) -> str:
        app = web.Application()
        app.router.add_get("/{path:.*}", answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    yield start
    for runner in runners:
        await runner.cleanup()


async def test_the_second_hop_asks_for_the_address_as_it_is_written(connect: Connect, serve: Serve) -> None:
    asked: list[str] = []

    async def graph(request: web.Request) -> web.Response:
        asked.append(request.raw_path)
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        if request.path.startswith("/file"):
            return web.Response(body=PICTURE)
        return web.json_response({"url": f"http://{request.host}/file/%2e?mid=1&hash=a%2Bb%2f+c&ext=1"})

    assert (await fetched(connect(api_url=await serve(graph)), ANY_FILE)).content == PICTURE
    assert asked[1] == "/file/%2e?mid=1&hash=a%2Bb%2f+c&ext=1"


async def test_no_redirect_is_followed(connect: Connect, serve: Serve) -> None:
    reached: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        reached.append(request.path_qs)
        return web.Response(body=PICTURE)

    target = await serve(elsewhere)

    async def graph(request: web.Request) -> web.Response:
        if request.path == "/file":
            raise web.HTTPFound(f"{target}/stolen")
        return web.json_response({"url": f"http://{request.host}/file", "mime_type": "image/png"})

    assert (await failure(fetched(connect(api_url=await serve(graph)), ANY_FILE))).details == "HTTP 302"
    assert reached == []


async def test_a_file_that_is_larger_than_meta_said_is_cut_off(connect: Connect, wire: WireOfAnswers) -> None:
    describe(wire, file_size=10)
    wire.get(ADDRESS, body=PICTURE)
    assert type(await failure(fetched(connect(), ANY_FILE, most_bytes=100))) is MediaTooLarge


@pytest.mark.parametrize("status", [404, 401, 500, 206])
async def test_what_stands_at_the_address_is_not_told(connect: Connect, wire: WireOfAnswers, status: int) -> None:
    describe(wire)
    wire.get(ADDRESS, status=status, body=f"<html>{TOKEN}</html>")
    assert (await failure(fetched(connect(), ANY_FILE))).details == f"HTTP {status}"


@pytest.mark.parametrize("body", ["", "[]", "null", "<html>", "[" * 100_000, "{}", '{"url": 7}'])
async def test_a_description_that_is_none_is_a_failure(connect: Connect, wire: WireOfAnswers, body: str) -> None:
    wire.get(DESCRIBED, body=body)
    await failure(fetched(connect(), ANY_FILE))


@pytest.mark.parametrize("hop", [1, 2])
@pytest.mark.parametrize(
    "cause",
    [
        TimeoutError(),
        aiohttp.ClientError(f"Bearer {TOKEN}"),
        aiohttp.ClientPayloadError(APP_SECRET),
        ConnectionResetError(),
    ],
    ids=lambda cause: type(cause).__name__,
)
async def test_a_broken_connection_is_a_failure(
    connect: Connect, wire: WireOfAnswers, hop: int, cause: Exception
) -> None:
    if hop == 2:
        describe(wire)
    wire.get(DESCRIBED if hop == 1 else ADDRESS, exception=cause)
    assert type(cause).__name__ in (await failure(fetched(connect(), ANY_FILE))).details


# --- what we send as a file

TO = Address(chat="+15550001001", number="+15550001001")
LOG = DocumentPart(name='قرص ÿ".txt', text="قرص 81 %\n\ud83d\n", caption="all of it")


async def sent(platform: WhatsAppPlatform, before: Callable[[], Awaitable[None]] | None = None) -> str:
    return await platform.send_part(TO, LOG, part_id="part-7", before_request=before)


async def write(meta: Simulator, http: aiohttp.ClientSession) -> None:
    url = f"{meta.url}/_sim/phones/{TO.number}/messages"
    async with http.post(url, json={"text": "hello"}) as response:
        assert response.status == 200


async def test_a_document_is_uploaded_and_then_shown(
    meta: Simulator, connect: Connect, http: aiohttp.ClientSession
) -> None:
    await write(meta, http)
    urls_at_begin: list[list[str]] = []

    async def begin() -> None:
        urls_at_begin.append([each.url.partition("?")[0].rpartition("/")[2] for each in meta.wire])

    platform = connect(api_url=meta.url)
    assert isinstance(platform, UploadsMedia)
    message_id = await sent(platform, begin)
    (seen,) = [bubble for bubble in meta.phone(str(TO.number)).transcript if bubble.id == message_id]
    node = seen.node["document"]
    assert (node["filename"], node["caption"]) == (LOG.name, LOG.caption)
    medium = meta.media.find(node["id"], meta.clock.now())
    assert medium is not None
    assert (medium.content.decode(), medium.mime_type) == ("قرص 81 %\n?\n", "text/plain")
    # the message alone counts as begun, and the upload came before it
    assert urls_at_begin == [["media"]]


UPLOAD, MESSAGES = re.compile(r".*/media\?.*"), re.compile(r".*/messages\?.*")


async def send_failure(sending: Awaitable[object]) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        await sending
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + str(vars(caught.value))
    assert TOKEN not in shown
    assert APP_SECRET not in shown
    return caught.value


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"exception": TimeoutError()}, SendDeferred),
        ({"exception": aiohttp.ServerDisconnectedError()}, SendDeferred),
        ({"exception": aiohttp.ConnectionTimeoutError(f"{TOKEN}")}, SendDeferred),
        ({"status": 502, "body": "<html>"}, SendDeferred),
        ({"status": 500, "payload": {"error": {"code": 131000, "message": TOKEN}}}, SendDeferred),
        ({"status": 200, "payload": {}}, SendDeferred),
        ({"status": 200, "body": "["}, SendDeferred),
        ({"status": 429, "payload": {"error": {"code": 130429}}}, SendDeferred),
        ({"status": 400, "payload": {"error": {"code": 100, "message": "Param file"}}}, SendRefused),
        ({"status": 401, "payload": {"error": {"code": 190}}}, AccountStopped),
    ],
)
async def test_an_upload_that_fails_or_is_unclear_sends_nothing(
    connect: Connect, wire: WireOfAnswers, answer: dict[str, Any], error: type[PlatformError]
) -> None:
    wire.post(UPLOAD, **answer)
    begun: list[None] = []

    async def begin() -> None:
        begun.append(None)

    assert type(await send_failure(sent(connect(), begin))) is error
    assert begun == []
    assert len(wire.requests) == 1


async def test_an_unclear_message_after_its_upload_is_uncertain(connect: Connect, wire: WireOfAnswers) -> None:
    wire.post(UPLOAD, payload={"id": "77"})
    wire.post(MESSAGES, exception=aiohttp.ServerDisconnectedError())
    assert type(await send_failure(sent(connect()))) is SendUncertain


async def test_nothing_is_uploaded_while_the_gate_is_closed(connect: Connect, wire: WireOfAnswers) -> None:
    platform = connect(api_url="https://graph.facebook.com", allow_live_send=False)
    for sending in (sent(platform), platform.upload("a.txt", "text/plain", b"a")):
        with pytest.raises(SendHeld):
            await sending
    assert wire.requests == {}
