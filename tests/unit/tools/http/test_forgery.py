"""What others published as server-side request forgery, tried on the client.

CVE-2026-28451 and CVE-2026-27488: a URL that somebody else wrote is fetched, and leads to the inside: by its name, by
an address in another spelling, by a redirect, by a name that has changed its address in between.
"""

import socket
from collections.abc import AsyncIterator, Sequence

import pytest
from aiohttp import web
from pydantic import SecretStr

from aof.tools.http import HttpClient, HttpRefused, HttpSettings
from tests.unit.tools.http.servers import HOME, Names, Server, client, ok, serving

METADATA = "169.254.169.254"


@pytest.fixture
async def inside() -> AsyncIterator[Server]:
    """A server that nobody may reach."""
    async with serving(ok) as server:
        yield server
        assert server.asked == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", METADATA, "10.0.0.1", "100.64.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"],
)
async def test_a_name_that_leads_inside_is_refused(inside: Server, address: str) -> None:
    asking = client(f"http://metrics.example:{inside.port}", [address], allow_private=False, token=SecretStr("planted"))
    with pytest.raises(HttpRefused, match=r"metrics\.example leads to an address that is"):
        await asking.request("GET", "/")


async def test_a_name_with_one_address_inside_is_refused_whole(inside: Server) -> None:
    asking = client(f"http://metrics.example:{inside.port}", ["8.8.8.8", "127.0.0.1"], allow_private=False)
    with pytest.raises(HttpRefused, match="loopback"):
        await asking.request("GET", "/")


async def test_a_literal_address_inside_is_refused(inside: Server) -> None:
    for host in ("127.0.0.1", "[::1]", METADATA, "[::ffff:7f00:1]"):
        with pytest.raises(HttpRefused):
            await client(f"http://{host}:{inside.port}", allow_private=False).request("GET", "/")


async def test_a_url_of_a_model_reaches_no_other_server(inside: Server) -> None:
    async with serving(ok) as server:
        asking = client(f"{server.url}/api", token=SecretStr("planted"))
        for asked in (
            *(inside.url, f"//127.0.0.1:{inside.port}/", f"http://127.0.0.1:{server.port}@127.0.0.1:{inside.port}/api"),
            *(f"@127.0.0.1:{inside.port}", f"\\\\127.0.0.1:{inside.port}", f"/\\127.0.0.1:{inside.port}/"),
            *(f"http://{METADATA}/latest/meta-data", f"http://localhost:{server.port}/api", "../admin", "%2e%2e/admin"),
        ):
            with pytest.raises(HttpRefused):
                await asking.request("GET", asked)
        assert server.asked == []


async def test_a_name_is_looked_up_once_and_what_was_checked_is_what_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rebinding: the second answer of the name is inside. Nobody asks a second time, and the system is not asked."""

    def asked_the_system(*_args: object, **_options: object) -> list[object]:
        raise AssertionError("the system was asked for an address")

    async with serving(ok) as server:
        names = Names(["127.0.0.1"], [METADATA])
        settings = HttpSettings(f"http://metrics.example:{server.port}", allow_private=HOME)
        asking = HttpClient(settings, str, resolve=names)
        monkeypatch.setattr(socket, "getaddrinfo", asked_the_system)
        assert (await asking.request("GET", "/")).text == "fine"
        assert names.asked == [("metrics.example", server.port)]
        with pytest.raises(HttpRefused, match="link-local"):
            await asking.request("GET", "/")
        assert len(names.asked) == len(server.asked) + 1 == 2


async def test_a_name_that_has_moved_inside_before_a_redirect_is_refused() -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/next"})

    async with serving(answer) as server:
        asking = client(f"http://metrics.example:{server.port}", ["127.0.0.1"], [METADATA], token=SecretStr("planted"))
        with pytest.raises(HttpRefused, match="link-local"):
            await asking.request("GET", "/")
        assert [asked.path for asked in server.asked] == ["/"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_server_is_refused_and_no_token_goes_there(inside: Server, status: int) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": request.query["to"]})

    async with serving(answer) as server:
        asking = client(server.url, token=SecretStr("planted"))
        for to in (
            *(f"{inside.url}/", f"//127.0.0.1:{inside.port}/", f"http://localhost:{inside.port}/"),
            *(f"http://{METADATA}/latest", f"http://127.0.0.1:{server.port}@127.0.0.1:{inside.port}/", "file:///etc/passwd"),
            *(f"http://[::ffff:127.0.0.1]:{inside.port}/", f"http://2130706433:{inside.port}/", "http:///", "gopher://x/_"),
        ):  # fmt: skip
            with pytest.raises(HttpRefused, match="it redirects where it must not go: "):
                await asking.request("GET", "/", query={"to": to})


async def test_a_redirect_on_the_same_server_is_followed_three_times() -> None:
    async def answer(request: web.Request) -> web.Response:
        left = int(request.query["left"])
        if not left:
            return web.Response(text="there")
        return web.Response(status=302, headers={"Location": f"/{left}?left={left - 1}"})

    async with serving(answer) as server:
        asking = client(server.url, token=SecretStr("planted"))
        found = await asking.request("GET", "/", query={"left": "3"})
        assert (found.text, found.redirected_to) == ("there", f"{server.url}/1?left=0")
        assert [asked.headers["Authorization"] for asked in server.asked] == ["Bearer planted"] * 4
        server.asked.clear()
        with pytest.raises(HttpRefused, match="more than 3 times"):
            await asking.request("GET", "/", query={"left": "4"})
        assert len(server.asked) == 4


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("status", [302, 307, 308])
async def test_what_changes_something_is_never_sent_a_second_time(method: str, status: int) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": "/again"})

    async with serving(answer) as server:
        found = await client(server.url, allowed_methods=(method,)).request(method, "/")
        assert (found.status, found.redirected_to) == (status, "")
        assert [asked.path for asked in server.asked] == ["/"]


async def test_each_address_that_is_connected_to_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last gate, where aiohttp would connect to what nobody has checked."""
    async with serving(ok) as server:
        asking = client(server.url)

        async def other(_host: str, _port: int, _resolve: object) -> Sequence[str]:
            return ["127.0.0.2"]

        monkeypatch.setattr(asking._addresses, "checked", other)
        with pytest.raises(HttpRefused, match="not checked"):
            await asking.request("GET", "/")
        assert server.asked == []
