"""Requests to servers on this machine: what is sent, and how an answer is shown."""

import asyncio
import gzip
import json
import shutil
import ssl
import subprocess
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from aof.tools.http import HttpClient, HttpFailed, HttpRefused, HttpSettings
from aof.tools.http.client import _read
from tests.conftest import absent
from tests.unit.tools.http.servers import HOME, Names, client, ok, serving


async def test_a_question_goes_to_the_host_with_its_token_and_comes_back_as_text() -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({"up": 1}, headers={"Set-Cookie": "a=b", "ETag": '"x"', "Server": "secret version"})

    async with serving(answer) as server:
        asking = client(
            f"http://metrics.example:{server.port}/api", token=SecretStr("planted-token"), headers={"X-Scope": "ops"}
        )
        found = await asking.request("GET", "v1/query", query={"query": 'up{job="a b"}'})
    assert (found.status, found.text, found.cut, found.redirected_to) == (200, '{"up": 1}', False, "")
    assert set(found.headers) == {"content-type", "date", "etag"}
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.query["query"]) == ("GET", "/api/v1/query", 'up{job="a b"}')
    assert asked.headers["Host"] == f"metrics.example:{server.port}"
    assert asked.headers["Authorization"] == "Bearer planted-token"
    assert (asked.headers["X-Scope"], asked.headers["User-Agent"]) == ("ops", "aof")
    assert server.bodies == [b""]


async def test_what_changes_something_has_to_be_allowed() -> None:
    async with serving(ok) as server:
        for method in ("POST", "DELETE", "get", "TRACE", "CONNECT", "GET\r\nX: y", ""):
            with pytest.raises(HttpRefused, match="is not allowed here"):
                await client(server.url).request(method, "/")
        assert server.asked == []
        writing = client(server.url, allowed_methods=("POST", "PUT"))
        await writing.request("POST", "/silences", body={"comment": "ü"})
        await writing.request("PUT", "/note", body="ü")
        with pytest.raises(HttpRefused):
            await writing.request("GET", "/")
    assert [json.loads(server.bodies[0]), server.bodies[1].decode()] == [{"comment": "ü"}, "ü"]
    types = [asked.headers["Content-Type"] for asked in server.asked]
    assert types == ["application/json", "text/plain; charset=utf-8"]


async def test_a_body_has_its_limit_and_reading_has_none() -> None:
    async with serving(ok) as server:
        writing = client(server.url, allowed_methods=("POST", "GET"), most_bytes=10)
        with pytest.raises(HttpRefused, match="larger than 10 bytes"):
            await writing.request("POST", "/", body="a" * 11)
        with pytest.raises(HttpRefused, match="GET has no body"):
            await writing.request("GET", "/", body="a")
    assert server.asked == []


async def test_head_has_an_answer_without_a_text() -> None:
    async with serving(ok) as server:
        found = await client(server.url).request("HEAD", "/")
    assert (found.status, found.text, found.cut) == (200, "", False)


async def test_an_answer_is_cleaned_and_holds_no_secret() -> None:
    async def answer(request: web.Request) -> web.Response:
        said = f"\x1b[31mred\x1b[0m {request.headers['Authorization']} {request.headers['X-Api-Key']} daemon-secret"
        return web.Response(text=said, headers={"X-Request-Id": "planted-token"})

    async with serving(answer) as server:
        settings = HttpSettings(
            server.url, allow_private=HOME, token=SecretStr("planted-token"), headers={"X-Api-Key": "planted-key"}
        )
        asking = HttpClient(settings, lambda text: text.replace("daemon-secret", "•••"))
        found = await asking.request("GET", "/")
    assert "planted" not in found.text + str(found.headers)
    assert "daemon-secret" not in found.text
    assert found.text.startswith("red ")
    assert found.headers["x-request-id"] == "•••"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain; charset=iso-8859-1", "grün".encode("latin-1")),
        ('text/plain; charset="UTF-8"', "grün".encode()),
        ("text/plain; charset=utf-16", "grün".encode("utf-16")),
        ("text/plain", "grün".encode()),
    ],
)
async def test_an_answer_is_read_in_its_own_letters(content_type: str, body: bytes) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Type": content_type})

    async with serving(answer) as server:
        assert (await client(server.url).request("GET", "/")).text == "grün"


@pytest.mark.parametrize("charset", ["base64", "utf-7", "rot13", "no-such", "iso-8859-99"])
async def test_a_charset_that_is_none_breaks_nothing(charset: str) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=b"aGk=", headers={"Content-Type": f"text/plain; charset={charset}"})

    async with serving(answer) as server:
        assert (await client(server.url).request("GET", "/")).text == "aGk="


# -- limits ---------------------------------------------------------------------------------------------------------


async def test_an_endless_answer_is_cut_and_its_connection_closed() -> None:
    closed = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"line\n" * 1000)
        except ConnectionError:
            closed.set()
            raise

    async with serving(answer) as server:
        found = await client(server.url, most_bytes=10_000).request("GET", "/")
        assert found.cut
        assert found.text == "line\n" * 2000
        await asyncio.wait_for(closed.wait(), 10)


async def test_a_packed_answer_is_unpacked_and_a_bomb_ends_at_the_limit() -> None:
    packed = {"/fine": gzip.compress(b"fine\n"), "/bomb": gzip.compress(b"line\n" * 20_000_000, 9)}

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=packed[request.path], headers={"Content-Encoding": "gzip"})

    async with serving(answer) as server:
        asking = client(server.url, most_bytes=1_000_000)
        assert (await asking.request("GET", "/fine")).text == "fine\n"
        bomb = await asking.request("GET", "/bomb")
    assert len(packed["/bomb"]) < 1_000_000
    assert (bomb.cut, len(bomb.text)) == (True, 1_000_000)


@pytest.mark.parametrize("piece", [1, 100, 100_000])
async def test_however_a_bomb_arrives_no_more_than_the_limit_is_unpacked(piece: int) -> None:
    packed = gzip.compress(b"a" * 10_000_000, 9)

    class Content:
        async def iter_any(self) -> AsyncIterator[bytes]:
            for first in range(0, len(packed), piece):
                yield packed[first : first + piece]

    response: Any = SimpleNamespace(headers={"Content-Encoding": "gzip"}, content=Content())
    assert await _read(response, 100_000) == (b"a" * 100_000, True)


async def test_what_unpacks_to_nothing_ends_at_the_limit_too() -> None:
    packing = zlib.compressobj(wbits=31)
    nothing = packing.flush(zlib.Z_FULL_FLUSH)
    read = 0

    class Content:
        async def iter_any(self) -> AsyncIterator[bytes]:
            nonlocal read
            for _ in range(1000):
                read += len(nothing)
                yield nothing

    response: Any = SimpleNamespace(headers={"Content-Encoding": "gzip"}, content=Content())
    assert await _read(response, 500) == (b"", True)
    assert read <= 500 + len(nothing)


@pytest.mark.parametrize(
    "body",
    [gzip.compress(b"fine\n" * 9)[:-12], gzip.compress(b"fine\n") * 2, gzip.compress(b"fine\n") + b"rest", b"no gzip"],
    ids=["torn", "twice", "with a rest", "none"],
)
async def test_an_answer_that_is_packed_wrong_counts_as_cut(body: bytes) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Encoding": "gzip"})

    async with serving(answer) as server:
        assert (await client(server.url).request("GET", "/")).cut


async def test_packing_that_was_not_asked_for_is_refused() -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=b"x", headers={"Content-Encoding": "br"})

    async with serving(answer) as server:
        with pytest.raises(HttpFailed, match="packed"):
            await client(server.url).request("GET", "/")
    assert server.asked[0].headers["Accept-Encoding"] == "gzip"


async def test_the_time_ends_for_the_whole_of_it() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b".")
                await asyncio.sleep(0.01)  # each byte comes soon, and only the whole of it takes for ever
        except ConnectionError:
            return response

    async with serving(answer) as server:
        with pytest.raises(HttpFailed, match=r"no whole answer came within 0\.3 s") as failed:
            await client(server.url, timeout_seconds=0.3).request("GET", "/")
    assert failed.value.was_sent


async def test_a_name_that_is_never_found_ends_before_anything_is_sent() -> None:
    async def never(_host: str, _port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    settings = HttpSettings("http://metrics.example", timeout_seconds=0.05)
    with pytest.raises(HttpFailed) as failed:
        await HttpClient(settings, str, resolve=never).request("GET", "/")
    assert not failed.value.was_sent


async def test_whether_a_request_may_have_arrived_is_told() -> None:
    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with serving(answer) as server:
        with pytest.raises(HttpFailed) as failed:
            await client(server.url, allowed_methods=("POST",)).request("POST", "/", body="restart")
        assert failed.value.was_sent
        url = server.url
    with pytest.raises(HttpFailed, match="nobody can be reached") as failed:
        await client(url).request("GET", "/")
    assert not failed.value.was_sent


async def test_what_speaks_no_http_is_told_without_its_words() -> None:
    async def speak(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH planted\r\n")
        writer.close()

    listening = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        with pytest.raises(HttpFailed, match="no HTTP") as failed:
            await client(f"http://127.0.0.1:{port}").request("GET", "/")
    assert "planted" not in str(failed.value)


# -- what is left out -----------------------------------------------------------------------------------------------


async def test_no_proxy_and_no_password_of_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login planted password planted\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    async with serving(ok) as server, serving(ok) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        await client(server.url).request("GET", "/")
        assert len(server.asked) == 1
        assert proxy.asked == []
    assert "Authorization" not in server.asked[0].headers


async def test_no_cookie_is_kept() -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/":
            return web.Response(status=302, headers={"Location": "/next", "Set-Cookie": "session=planted; Path=/"})
        return web.Response(headers={"Set-Cookie": "session=planted; Path=/"})

    async with serving(answer) as server:
        # aiohttp's own jar keeps none of an address, but of a name
        asking = client(f"http://metrics.example:{server.port}")
        for _ in range(2):
            await asking.request("GET", "/")
    assert [asked.headers.get("Cookie") for asked in server.asked] == [None] * 4


# -- TLS ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of metrics.example, believed by nobody but who is told to."""
    if shutil.which("openssl") is None:
        absent("nginx", "openssl is not installed")
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", str(file), "-out", f"{file}.crt", "-days", "2", "-subj", "/CN=metrics.example"),
            *("-addext", "subjectAltName=DNS:metrics.example"),
        ],
        check=True,
        capture_output=True,
    )
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())
    return file


async def test_a_certificate_has_to_be_believed_and_of_the_host(certificate: Path) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    trust = ssl.create_default_context(cafile=str(certificate))

    async def ask(host: str, believed: ssl.SSLContext | None) -> Any:
        settings = HttpSettings(f"https://{host}:{server.port}", allow_private=HOME, token=SecretStr("planted"))
        return await HttpClient(settings, str, resolve=Names(["127.0.0.1"]), trust=believed).request("GET", "/")

    async with serving(ok, tls=tls) as server:
        assert (await ask("metrics.example", trust)).text == "fine"
        for host, believed in (("metrics.example", None), ("other.example", trust)):
            with pytest.raises(HttpFailed, match="certificate is not believed") as failed:
                await ask(host, believed)
            assert not failed.value.was_sent
        assert len(server.asked) == 1
