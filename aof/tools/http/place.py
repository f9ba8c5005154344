"""Where a request may go: to one host and port, below one path. What names another place is refused."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit

from yarl import URL

from aof.tools.http.words import HttpRefused

Query = Mapping[str, str | Sequence[str]]

MOST_CHARACTERS = 4096
"""Of a path or URL with its query; servers refuse longer ones."""

_PORTS = {"http": 80, "https": 443}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_BROKEN_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PATH_SIGNS = "/%:!$&'()*+,;=~-._@"
_QUERY_SIGNS = _PATH_SIGNS + "?"


@dataclass(frozen=True, slots=True)
class Place:
    """A scheme, host and port, and the path below which everything lies."""

    scheme: str
    host: str
    """In ASCII and small letters; an IPv6 address without its brackets."""
    port: int
    path: str
    """Without a slash at its end; empty for the whole host."""

    @classmethod
    def of(cls, base_url: str) -> "Place":
        """The place that a base URL names.

        Raises:
            HttpRefused: It names none.
        """
        scheme, host, port, path, query = _parts(base_url)
        if query:
            raise HttpRefused("base_url has a query")
        if not _is_host(host) or not port:
            raise HttpRefused("base_url names no host")
        _check_path(path)
        return cls(scheme, host, port, quote(path, safe=_PATH_SIGNS).rstrip("/"))

    def url(self, path_or_url: str, query: Query | None = None) -> URL:
        """Where a request goes: below the path of this place, or to a whole URL that lies there.

        Raises:
            HttpRefused: It is another place.
        """
        _check_signs(path_or_url)
        if _SCHEME.match(path_or_url):
            return self._within(path_or_url, query)
        if path_or_url.startswith("//"):
            raise HttpRefused("it names another host")
        path, _, own_query = path_or_url.partition("?")
        if "@" in path:
            raise HttpRefused("its path holds @; write %40")
        joined = f"{self.path}/{path.removeprefix('/')}" if path else self.path
        return self._built(joined or "/", own_query, query)

    def redirected(self, current: URL, location: str) -> URL:
        """Where a redirect leads.

        Raises:
            HttpRefused: It leads out of this place.
        """
        asked = location.partition("#")[0]
        try:
            _check_signs(asked)
            return self._within(asked if _SCHEME.match(asked) else urljoin(str(current), asked), None)
        except HttpRefused as error:
            raise HttpRefused(f"it redirects where it must not go: {error}") from error

    def _within(self, whole: str, query: Query | None) -> URL:
        scheme, host, port, path, own_query = _parts(whole)
        if host != self.host:
            raise HttpRefused("it names another host")
        if scheme != self.scheme:
            raise HttpRefused(f"it wants {scheme} in place of {self.scheme}")
        if port != self.port:
            raise HttpRefused("it names another port")
        quoted = quote(path, safe=_PATH_SIGNS)
        if quoted != self.path and not quoted.startswith(f"{self.path}/"):
            raise HttpRefused("it lies outside the path of base_url")
        return self._built(path or "/", own_query, query)

    def _built(self, path: str, own_query: str, query: Query | None) -> URL:
        """Host and port are always ours, however a URL may be read."""
        _check_path(path)
        pairs = [own_query] if own_query else []
        pairs += [urlencode(query, doseq=True, quote_via=quote)] if query else []
        asked = f"?{quote('&'.join(pairs), safe=_QUERY_SIGNS)}" if pairs else ""
        whole = f"{self.scheme}://{_authority(self.scheme, self.host, self.port)}{quote(path, safe=_PATH_SIGNS)}{asked}"
        if len(whole) > MOST_CHARACTERS:
            raise HttpRefused(f"it is longer than {MOST_CHARACTERS} characters")
        return URL(whole, encoded=True)


def shown_url(url: str) -> str:
    """A URL in ASCII, with nothing left out.

    Raises:
        HttpRefused: It is none, or holds a user name.
    """
    scheme, host, port, path, query = _parts(url)
    asked = f"?{quote(query, safe=_QUERY_SIGNS)}" if query else ""
    return f"{scheme}://{_authority(scheme, host, port)}{quote(path, safe=_PATH_SIGNS) or '/'}{asked}"


def _parts(whole: str) -> tuple[str, str, int, str, str]:
    """Scheme, host, port, path and query of a URL."""
    _check_signs(whole)
    try:
        split = urlsplit(whole)
        port, host = split.port, split.hostname or ""
        if split.scheme not in _PORTS:
            raise HttpRefused("only http and https are spoken")
        if "@" in split.netloc:
            raise HttpRefused("it holds a user name")
        if split.fragment or not host or "%" in host:
            raise HttpRefused("it is no URL of a server")
        # IDNA, so that one host has one spelling
        normal = (URL.build(scheme="http", host=host).raw_host or "").lower()
    except ValueError as error:
        raise HttpRefused("it is no URL of a server") from error
    return split.scheme, normal, _PORTS[split.scheme] if port is None else port, split.path, split.query


def _is_host(host: str) -> bool:
    try:
        return str(ip_address(host)) == host
    except ValueError:
        # 2130706433, 0x7f.1 and 127.1 are addresses to some resolvers
        return len(host) <= 253 and bool(_HOST.fullmatch(host)) and not _NUMERIC.fullmatch(host.rpartition(".")[2])


def _authority(scheme: str, host: str, port: int) -> str:
    bracketed = f"[{host}]" if ":" in host else host
    return bracketed if port == _PORTS[scheme] else f"{bracketed}:{port}"


def _check_signs(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise HttpRefused(f"it is longer than {MOST_CHARACTERS} characters")
    if _UNSAFE.search(text) or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise HttpRefused("it holds a blank, a backslash or a sign that can't be seen")
    if _BROKEN_PERCENT.search(text):
        raise HttpRefused("it holds a % that stands for nothing")


def _check_path(path: str) -> None:
    """No piece of it leads upwards or is empty, however often a server takes % signs out."""
    decoded, before = path, ""
    while decoded != before:
        decoded, before = unquote(decoded), decoded
    if _UNSAFE.search(decoded.replace(" ", "")):
        raise HttpRefused("its path holds a backslash or a sign that can't be seen")
    pieces = decoded.removeprefix("/").split("/")
    # some servers take what stands behind ; off a piece first
    if any(piece.partition(";")[0] in {".", ".."} for piece in pieces) or "" in pieces[:-1]:
        raise HttpRefused("its path leads upwards, or has an empty piece")
