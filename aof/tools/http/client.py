"""The client: one connection for one request, to addresses that were checked before."""

import asyncio
import json
import re
import ssl
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from aof.tools.cleaning import clean, decoded
from aof.tools.http.addresses import Addresses, Pinned, Resolve, resolve
from aof.tools.http.place import Place, Query
from aof.tools.http.settings import PLAIN_HEADERS, HttpSettings
from aof.tools.http.words import HttpAnswer, HttpFailed, HttpRefused
from aof.tools.redaction import Redactor

Body = Mapping[str, object] | Sequence[object] | str
"""A text as it is, anything else as JSON."""

MOST_REDIRECTS = 3

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_READING = frozenset({"GET", "HEAD"})
_SHOWN_HEADERS = ("content-type", "date", "etag", "last-modified", "link", "retry-after", "x-request-id")
_CHARSET = re.compile(
    r"charset=\"?(us-ascii|iso-8859-(?:[1-9]|1[013-6])|windows-125[0-8]|utf-16(?:le|be)?)(?![\w-])", re.IGNORECASE
)
"""Those that are not UTF-8. Python knows many more, and some of them are no letters."""


@dataclass(frozen=True, slots=True)
class _Raw:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool


class HttpClient:
    """Asks one server. No proxy of the environment is used, no cookie is kept, no redirect leads elsewhere."""

    def __init__(
        self,
        settings: HttpSettings,
        redact: Callable[[str], str],
        *,
        resolve: Resolve = resolve,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """
        Args:
            settings: Which server, and what may be asked of it.
            redact: Takes the secrets of the daemon out of an answer; those of the settings are taken out here.
            resolve: How a host's addresses are looked up, once for each request.
            trust: Which certificates are believed; the system's where it is None.
        """
        self._settings = settings
        self._place = Place.of(settings.base_url)
        self._addresses = Addresses(settings.allow_private)
        self._resolve = resolve
        self._trust = trust
        own = [value for name, value in settings.headers.items() if name.lower() not in PLAIN_HEADERS]
        own += [settings.token.get_secret_value()] if settings.token is not None else []
        self._redact = redact
        self._mask_own = Redactor(own)

    async def request(
        self, method: str, path_or_url: str, *, query: Query | None = None, body: Body | None = None
    ) -> HttpAnswer:
        """Ask once; redirects of GET and HEAD are followed within the place of `base_url`.

        A path lies below that of `base_url`, with or without a slash before it; a whole URL has to lie there.

        Raises:
            HttpRefused: The request, an address or a redirect is not allowed.
            HttpFailed: There is no answer.
        """
        if method not in self._settings.allowed_methods:
            raise HttpRefused(
                f"{method if method.isascii() and method.isalpha() else 'this method'} is not allowed here"
            )
        payload, headers = self._written(method, body)
        url = self._place.url(path_or_url, query)
        connected = asyncio.Event()
        try:
            async with asyncio.timeout(self._settings.timeout_seconds):
                raw, came_from = await self._followed(method, url, headers, payload, connected)
        except TimeoutError as error:
            said = f"no whole answer came within {self._settings.timeout_seconds:g} s"
            raise HttpFailed(said, was_sent=connected.is_set()) from error
        return await asyncio.to_thread(self._answer, raw, str(came_from) if came_from != url else "")

    def _written(self, method: str, body: Body | None) -> tuple[bytes | None, CIMultiDict[str]]:
        headers = CIMultiDict({"User-Agent": "aof", "Accept": "*/*", **self._settings.headers})
        headers["Accept-Encoding"] = "gzip"
        if self._settings.token is not None:
            headers["Authorization"] = f"Bearer {self._settings.token.get_secret_value()}"
        if body is None:
            return None, headers
        if method in _READING:
            raise HttpRefused(f"{method} has no body")
        is_text = isinstance(body, str)
        payload = (body if isinstance(body, str) else json.dumps(body)).encode("utf-8", "replace")
        if len(payload) > self._settings.most_bytes:
            raise HttpRefused(f"its body is larger than {self._settings.most_bytes} bytes")
        headers.setdefault("Content-Type", "text/plain; charset=utf-8" if is_text else "application/json")
        return payload, headers

    async def _followed(
        self, method: str, url: URL, headers: CIMultiDict[str], payload: bytes | None, connected: asyncio.Event
    ) -> tuple[_Raw, URL]:
        for hop in range(MOST_REDIRECTS + 1):
            raw = await self._once(method, url, headers, payload, connected)
            location = raw.headers.get("Location")
            # what changes something is never sent a second time
            if raw.status not in _REDIRECTS or location is None or method not in _READING:
                return raw, url
            if hop < MOST_REDIRECTS:
                url = self._place.redirected(url, location)
        raise HttpRefused(f"it redirects more than {MOST_REDIRECTS} times")

    async def _once(
        self, method: str, url: URL, headers: CIMultiDict[str], payload: bytes | None, connected: asyncio.Event
    ) -> _Raw:
        addresses = await self._addresses.checked(self._place.host, self._place.port, self._resolve)
        pinned = Pinned(self._place.host, addresses)
        connector = aiohttp.TCPConnector(
            resolver=pinned, use_dns_cache=False, socket_factory=pinned.socket, ssl=self._trust or True,
            force_close=True, limit=1,
        )  # fmt: skip
        watch = aiohttp.TraceConfig()

        async def connect(_session: aiohttp.ClientSession, _context: SimpleNamespace, _params: object) -> None:
            connected.set()

        watch.on_connection_create_end.append(connect)
        try:
            async with (
                aiohttp.ClientSession(
                    connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, auto_decompress=False,
                    timeout=aiohttp.ClientTimeout(total=None), trace_configs=[watch],
                ) as session,
                session.request(method, url, headers=headers, data=payload, allow_redirects=False) as response,
            ):  # fmt: skip
                body, cut = await _read(response, self._settings.most_bytes)
                return _Raw(response.status, response.headers, body, cut)
        except aiohttp.ClientConnectorCertificateError as error:
            raise HttpFailed("its certificate is not believed", was_sent=False) from error
        except aiohttp.ClientSSLError as error:
            raise HttpFailed("no TLS connection can be made there", was_sent=False) from error
        except aiohttp.ClientConnectorError as error:
            raise HttpFailed("nobody can be reached there", was_sent=False) from error
        except (aiohttp.ClientError, OSError) as error:
            # aiohttp's own words can quote what was sent
            said = "its answer is no HTTP, or ended in between"
            raise HttpFailed(said, was_sent=connected.is_set()) from error

    def _shown(self, text: str) -> str:
        return self._redact(self._mask_own(text))

    def _answer(self, raw: _Raw, redirected_to: str) -> HttpAnswer:
        charset = _CHARSET.search(raw.headers.get("Content-Type", ""))
        body = raw.body.decode(charset[1], "replace").encode() if charset else raw.body
        shown = {name: raw.headers[name] for name in _SHOWN_HEADERS if name in raw.headers}
        return HttpAnswer(
            status=raw.status,
            headers={name: self._shown(clean(value)) for name, value in shown.items()},
            text=self._shown(decoded(body, cut=raw.cut)),
            cut=raw.cut,
            redirected_to=self._shown(redirected_to),
        )


async def _read(response: aiohttp.ClientResponse, most_bytes: int) -> tuple[bytes, bool]:
    """At most so many bytes, as they come and unpacked; and whether that is not all."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip"}:
        raise HttpFailed("its answer is packed in a way that was not asked for", was_sent=True)
    unpacking = zlib.decompressobj(wbits=31) if encoding != "identity" else None
    body = bytearray()
    came = 0
    async for chunk in response.content.iter_any():
        came += len(chunk)
        try:
            body += unpacking.decompress(chunk, most_bytes - len(body) + 1) if unpacking is not None else chunk
        except zlib.error:
            return bytes(body), True
        if len(body) > most_bytes or came > most_bytes:
            del body[most_bytes:]
            return bytes(body), True
    is_torn = unpacking is not None and came > 0 and (not unpacking.eof or bool(unpacking.unused_data))
    return bytes(body), is_torn
