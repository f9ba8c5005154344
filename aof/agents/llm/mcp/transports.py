"""How a server is spoken to: over the pipes of a program, or over HTTP."""

from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, TextIO

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.sse import sse_client
from mcp.client.stdio import DEFAULT_INHERITED_ENV_VARS, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import Implementation

from aof import __version__
from aof.agents.llm.mcp.settings import McpSettings
from aof.agents.llm.mcp.starting import CannotStart, environment, without, words_of

_CONNECT_SECONDS = 10.0
_SILENCE_SECONDS = 300.0
"""How long a stream of events may say nothing; calls have a limit of their own."""


def client_of(
    settings: McpSettings, *, path: tuple[Path, ...], home: str, variables: Mapping[str, str], errlog: TextIO
) -> Client:
    """A client that is not connected yet.

    Raises:
        CannotStart: Its file does not say enough.
    """
    transport = _transport(settings, path, home, variables, errlog)
    # without callbacks a server can ask us neither for a model's words nor for a person's
    return Client(transport, cache=None, client_info=Implementation(name="aof", version=__version__))


def _transport(
    settings: McpSettings, path: tuple[Path, ...], home: str, variables: Mapping[str, str], errlog: TextIO
) -> AbstractAsyncContextManager[Any]:
    kind = settings.transport or ("http" if settings.url else "stdio")
    if kind == "stdio":
        env = environment(settings.env, path, home)
        inherited = [name for name in DEFAULT_INHERITED_ENV_VARS if name not in env]
        program, *args = without(inherited, words_of(settings.command, settings.args, path))
        return stdio_client(StdioServerParameters(command=program, args=args, env=env, cwd="/"), errlog)
    if not settings.url:
        raise CannotStart(f"its transport is {kind}, and it has no url")
    if not settings.url.startswith(("http://", "https://")):
        raise CannotStart("its url is no address of a server; write it like https://mcp.example.com/mcp")
    if settings.token_env and not variables.get(settings.token_env):
        raise CannotStart(f"the variable {settings.token_env}, which holds its token, is not set")
    if kind == "sse":
        return sse_client(settings.url, httpx_client_factory=_factory(settings, variables))
    return _streamable(settings, variables)


@asynccontextmanager
async def _streamable(settings: McpSettings, variables: Mapping[str, str]) -> AsyncGenerator[Any, None]:
    async with (
        _factory(settings, variables)() as http,
        streamable_http_client(settings.url, http_client=http) as streams,
    ):
        yield streams


def _factory(settings: McpSettings, variables: Mapping[str, str]) -> Callable[..., httpx2.AsyncClient]:
    def made(**_: object) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            headers=dict(settings.headers),
            auth=_Bearer(settings.token_env, variables) if settings.token_env else None,
            timeout=httpx2.Timeout(_CONNECT_SECONDS, read=_SILENCE_SECONDS),
            # no proxy and no netrc of the daemon's environment
            trust_env=False,
        )

    return made


class _Bearer(httpx2.Auth):
    """The token as it is now, so that one that was changed counts at once."""

    def __init__(self, variable: str, variables: Mapping[str, str]) -> None:
        self._variable = variable
        self._variables = variables

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._variables.get(self._variable, '')}"
        yield request
