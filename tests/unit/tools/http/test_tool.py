"""The tool over the client: what is shown is what is sent, and what can't be known is said to be unknown."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import web

from aof.domain.risk import Risk
from aof.tools.base import CallRefused, Plan, Result, Scope
from aof.tools.http import HttpSettings, HttpTool
from tests.unit.tools.http.servers import HOME, Names, Server, ok, serving

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def tool(base_url: str, **changed: Any) -> HttpTool:
    own = {name: changed.pop(name) for name in ("token_env", "variables", "resolve") if name in changed}
    settings = {"allow_private": HOME, "allowed_methods": METHODS, "timeout_seconds": 10.0, **changed}
    return HttpTool(HttpSettings(base_url, **settings), str, **{"resolve": Names(["127.0.0.1"]), **own})


async def done(made: HttpTool, **arguments: Any) -> tuple[Plan, Result]:
    plan = await made.plan(arguments, Scope())
    return plan, await made.perform(plan, Scope())


def asked(server: Server) -> str:
    request = server.asked[-1]
    return f"{request.method} {server.url}{request.raw_path}"


async def test_an_answer_is_its_status_and_its_text() -> None:
    async with serving(ok) as server:
        plan, result = await done(tool(f"{server.url}/api"), method="get", path="health", query={"deep": "yes & more"})
    assert result == Result("HTTP 200 OK\nfine")
    assert plan.argv == ("GET", f"{server.url}/api/health?deep=yes%20%26%20more")
    assert asked(server) == " ".join(plan.argv)
    assert (plan.risk, plan.target) == (Risk.READ, {"host": f"127.0.0.1:{server.port}"})


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("", {}),
        ("/", {}),
        ("ä/%C3%A4", {"ö": "ü"}),
        ("x;y=1", {"a": "1", "b": "?&=#"}),
        ("q?x=1", {"y": "2"}),
    ],
)
async def test_what_is_shown_is_what_is_asked(path: str, query: dict[str, str]) -> None:
    async with serving(ok) as server:
        made = tool(f"{server.url}/api")
        plan, result = await done(made, method="GET", path=path, query=query)
    assert not result.failed
    assert asked(server) == " ".join(plan.argv)
    assert plan.argv[1].isascii()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"b": 1, "a": {"d": "Grüße", "c": [1, None]}}, "application/json"),
        ({}, "application/json"),
        ("plain words, مرحبا", "text/plain; charset=utf-8"),
        ("", "text/plain; charset=utf-8"),
    ],
)
async def test_the_whole_body_is_shown_and_sent(body: object, kind: str) -> None:
    async with serving(ok) as server:
        plan, result = await done(tool(server.url), method="POST", path="x", body=body)
    assert not result.failed
    assert plan.argv[2] == "--body"
    assert server.bodies == [plan.argv[3].encode()]
    assert server.asked[0].headers["Content-Type"] == kind
    assert body == (json.loads(plan.argv[3]) if isinstance(body, dict) else plan.argv[3])


async def test_the_order_of_keys_changes_nothing_that_is_shown() -> None:
    made = tool("http://127.0.0.1:1")
    first, second = [
        await made.plan({"method": "PUT", "path": "x", "body": body}, Scope())
        for body in ({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"d": 3, "c": 2}, "a": 1})
    ]
    assert first.argv == second.argv


@pytest.mark.parametrize(
    ("method", "risk"), [("HEAD", Risk.READ), ("PATCH", Risk.WRITE), ("DELETE", Risk.DELETE), ("OPTIONS", Risk.WRITE)]
)
async def test_the_method_says_how_grave_it_is(method: str, risk: Risk) -> None:
    made = tool("http://127.0.0.1:1", allowed_methods=(*METHODS, "OPTIONS"))
    assert (await made.plan({"method": method, "path": "x"}, Scope())).risk is risk


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"method": "POST", "path": "x"}, "method has to be one of GET, HEAD"),
        ({"method": "GET", "path": "//elsewhere/x"}, "another host"),
        ({"method": "GET", "path": "../x"}, "leads upwards"),
        ({"method": "GET", "path": "a b"}, "a blank"),
        ({"method": "GET", "path": "x", "body": "y"}, "GET has no body"),
        ({"method": "GET", "path": "x", "query": {"a": 1}}, "query has to be an object of texts"),
        ({"method": "GET", "path": "x", "query": "a=1"}, "query has to be an object of texts"),
        ({"method": "GET", "path": "x", "headers": {}}, "there is no argument headers"),
        ({"method": "GET"}, "path has to be a text"),
    ],
)
async def test_what_can_not_be_asked_is_refused(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(CallRefused, match=said):
        await tool("http://127.0.0.1:1/api", allowed_methods=("GET", "HEAD")).plan(arguments, Scope())


@pytest.mark.parametrize(
    ("body", "said"),
    [(7, "a text or an object"), ({"x": float("nan")}, "no JSON"), ("x" * 70_000, "longer than 65,536 characters")],
)
async def test_a_body_that_can_not_be_sent_is_refused(body: object, said: str) -> None:
    with pytest.raises(CallRefused, match=said):
        await tool("http://127.0.0.1:1").plan({"method": "POST", "path": "x", "body": body}, Scope())


@pytest.mark.parametrize(
    ("method", "status", "failed", "unknown"),
    [
        ("GET", 404, True, False), ("GET", 500, True, False), ("POST", 201, False, False), ("POST", 303, False, False),
        ("POST", 307, True, False), ("POST", 409, True, False), ("POST", 500, True, True), ("DELETE", 504, True, True),
    ],
)  # fmt: skip
async def test_the_status_says_whether_it_was_done(method: str, status: int, failed: bool, unknown: bool) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text="because", headers={"Location": "/elsewhere"})

    async with serving(answer) as server:
        _, result = await done(tool(server.url), method=method, path="x")
    assert (result.failed, result.is_unknown) == (failed, unknown)
    assert result.text.startswith(f"HTTP {status} ")
    assert len(server.asked) == 1


@pytest.mark.parametrize(("method", "unknown"), [("GET", False), ("POST", True)])
async def test_a_connection_that_breaks_in_between_leaves_a_change_unknown(method: str, unknown: bool) -> None:
    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async with serving(answer) as server:
        _, result = await done(tool(server.url), method=method, path="x")
    assert (result.failed, result.is_unknown) == (True, unknown)
    assert "the request may have arrived" in result.text


async def test_a_silent_server_leaves_a_change_unknown() -> None:
    release = asyncio.Event()

    async def answer(_: web.Request) -> web.Response:
        await release.wait()
        return web.Response()

    async with serving(answer) as server:
        _, result = await done(tool(server.url, timeout_seconds=0.2), method="POST", path="x")
        release.set()
    assert (result.failed, result.is_unknown) == (True, True)


async def test_an_answer_packed_in_a_strange_way_leaves_a_change_unknown() -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="x", headers={"Content-Encoding": "br"})

    async with serving(answer) as server:
        _, result = await done(tool(server.url), method="POST", path="x")
    assert (result.failed, result.is_unknown) == (True, True)


async def test_where_nobody_listens_nothing_was_sent() -> None:
    async with serving(ok) as server:
        url = server.url
    _, result = await done(tool(url), method="POST", path="x")
    assert (result.failed, result.is_unknown) == (True, False)
    assert result.text.endswith("nothing was sent")


async def test_a_private_address_that_was_not_named_is_never_connected_to() -> None:
    async with serving(ok) as server:
        made = tool(f"http://grafana.example:{server.port}", allow_private=False)
        _, result = await done(made, method="POST", path="x")
    assert (result.failed, result.is_unknown, server.asked) == (True, False, [])
    assert result.text.startswith("not sent: ")


async def test_a_token_that_was_changed_counts_at_once_and_is_never_shown() -> None:
    async def echo(request: web.Request) -> web.Response:
        return web.Response(text=request.headers["Authorization"].removeprefix("Bearer "))

    variables = {"TOKEN": "first-token"}
    async with serving(echo) as server:
        made = tool(server.url, token_env="TOKEN", variables=variables)
        _, first = await done(made, method="GET", path="x")
        variables["TOKEN"] = "second-token"
        _, second = await done(made, method="GET", path="x")
        plan = await made.plan({"method": "GET", "path": "x"}, Scope())
        del variables["TOKEN"]
        with pytest.raises(CallRefused, match="the variable TOKEN, which holds its token, is not set"):
            await made.plan({"method": "GET", "path": "x"}, Scope())
        late = await made.perform(plan, Scope())
    sent = [request.headers["Authorization"] for request in server.asked]
    assert sent == ["Bearer first-token", "Bearer second-token"]
    assert first.text == second.text == "HTTP 200 OK\n•••"
    assert late.failed


async def test_a_long_answer_says_that_it_was_cut() -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="line\n" * 1000)

    async with serving(answer) as server:
        _, result = await done(tool(server.url, most_bytes=1000), method="GET", path="x")
    assert len(result.text) < 1100
    assert result.text.endswith("[cut: there is more]")
