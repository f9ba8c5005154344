"""Where a request may go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from aof.tools.http import HttpRefused
from aof.tools.http.place import MOST_CHARACTERS, Place

PLACE = Place.of("https://grafana.example/api")
WHOLE = Place.of("http://127.0.0.1:9090")


@pytest.mark.parametrize(
    ("base_url", "place"),
    [
        ("http://127.0.0.1:9090/", ("http", "127.0.0.1", 9090, "")),
        ("https://Grafana.Example/api/", ("https", "grafana.example", 443, "/api")),
        ("http://[::1]:80", ("http", "::1", 80, "")),
        ("https://münchen.example", ("https", "xn--mnchen-3ya.example", 443, "")),
        ("https://ｇrafana.example:8443", ("https", "grafana.example", 8443, "")),
    ],
)
def test_a_place_has_one_spelling(base_url: str, place: tuple[str, str, int, str]) -> None:
    found = Place.of(base_url)
    assert (found.scheme, found.host, found.port, found.path) == place


@pytest.mark.parametrize(
    "base_url",
    [
        *(
            "",
            "grafana.example",
            "//grafana.example",
            "ftp://h",
            "file:///etc/passwd",
            "http://",
            "https:///x",
            "unix:/x",
        ),
        *(
            "http://user@h",
            "http://user:pass@h",
            "http://@h",
            "http://h\\@evil",
            "http://h evil",
            "http://h\n",
            "http://h\t",
        ),
        *(
            "http://2130706433",
            "http://127.1",
            "http://0x7f.1",
            "http://0177.0.0.1",
            "http://1.2.3.4.5",
            "http://[::1%25lo]",
        ),
        *("http://h:0", "http://h:99999", "http://h:x", "http://h?x=1", "http://h#x", "http://h/a/../b", "http://h//a"),
        *("http://h.", "http://-h", "http://h..example", "http://%67rafana.example", "http://[::1", "http://h\u200b"),
        *("http://xn--\ud800", "http://" + "a." * 200 + "example"),
    ],
)
def test_what_names_no_place_is_refused(base_url: str) -> None:
    with pytest.raises(HttpRefused):
        Place.of(base_url)


@pytest.mark.parametrize(
    ("asked", "url"),
    [
        ("", "https://grafana.example/api"),
        ("/", "https://grafana.example/api/"),
        ("v1/x", "https://grafana.example/api/v1/x"),
        ("/v1/x?a=1&b=%20", "https://grafana.example/api/v1/x?a=1&b=%20"),
        ("group%2Fproject", "https://grafana.example/api/group%2Fproject"),
        ("ünï", "https://grafana.example/api/%C3%BCn%C3%AF"),
        ("a%20b#c", "https://grafana.example/api/a%20b%23c"),
        ("users/%40me", "https://grafana.example/api/users/%40me"),
        ("...", "https://grafana.example/api/..."),
        ("https://grafana.example/api", "https://grafana.example/api"),
        ("https://GRAFANA.example:443/api/x?y=z", "https://grafana.example/api/x?y=z"),
        ("https://ｇrafana.example/api/x", "https://grafana.example/api/x"),
    ],
)
def test_what_lies_below_the_place_may_be_asked(asked: str, url: str) -> None:
    assert str(PLACE.url(asked)) == url


@pytest.mark.parametrize(
    "asked",
    [
        # another host
        *("//evil.example", "///evil.example", "https://evil.example/api/x", "https://evil.example"),
        *("https://grafana.example.evil.example/api", "http://169.254.169.254/latest/meta-data", "https://[::1]/api"),
        *("https://grafana.example@evil.example/api", "https://evil.example#@grafana.example/api"),
        *("@evil.example", "/x@evil"),
        *("https://user:pass@grafana.example/api", "https://grafana.example:443@evil.example/api"),
        *("https://grafana.example./api", "https://grafana.example..evil/api"),
        # other schemes, ports and spellings that parsers disagree about
        *("http://grafana.example/api/x", "https://grafana.example:8443/api", "https://grafana.example:0/api"),
        "file:///etc/passwd",
        *("gopher://x/_", "javascript:1", "data:text/plain,x", "https:evil", "https:/evil", "https:///evil.example/api"),
        *("\\\\evil.example", "/\\evil.example", "https:\\\\evil.example", "https://evil.example\\@grafana.example/api"),
        "a\\..\\b",
        *("https://grafana.example\t/api", "\thttps://grafana.example/api", " //evil", "/\t/evil", "/\n/evil"),
        "v1\r\nHost: evil",
        *("https://grafana%2eexample/api", "https://grafana.example%00.evil/api", "https://grafana.example\u2044evil/api"),
        # out of the path
        *("..", "../x", "a/../../x", "a/..", "./x", "a/./b", "%2e%2e/x", "a/%2E%2e/b", "a/%252e%252e/b"),
        "%25252e%25252e/x",
        *("..%2f..%2fx", "a/..;/b", "..;x/y", "a%5c..%5cb", "%5c%5cevil", "a//b", "%2f%2fevil", "a/%2f/b"),
        *("https://grafana.example/other", "https://grafana.example/apix", "https://grafana.example/api/../x"),
        "https://grafana.example",
        # what can't be seen, or ends a line of the request
        *("a\x00b", "a%00b", "a%0d%0ab", "a%250ab", "a\u202eb", "a%E2%80%AEb", "a\u00a0b", "\ud800", "%zz", "%"),
        "a" * (MOST_CHARACTERS + 1),
    ],
)  # fmt: skip
def test_what_names_another_place_is_refused(asked: str) -> None:
    with pytest.raises(HttpRefused):
        PLACE.url(asked)


def test_a_query_is_added_and_written_so_that_nothing_in_it_is_a_part_of_the_url() -> None:
    asked = {"query": 'up{job="a"} @ #?&=/..//\n', "match": ["a b", "ü"]}
    url = PLACE.url("q?limit=1", asked)
    assert (url.host, url.path, url.fragment) == ("grafana.example", "/api/q", "")
    assert [*url.query.items()] == [("limit", "1"), ("query", asked["query"]), ("match", "a b"), ("match", "ü")]
    with pytest.raises(HttpRefused, match="longer"):
        PLACE.url("q", {"query": "a" * MOST_CHARACTERS})


@given(st.text(st.sampled_from("/\\.@:?#%&=;ae20f5c ~\t\n[]üh"), max_size=24) | st.text(max_size=24))
def test_whatever_is_asked_goes_to_the_place_or_nowhere(asked: str) -> None:
    for text in (asked, f"https://{asked}", f"https://grafana.example{asked}", f"https://grafana.example/api{asked}"):
        try:
            url = PLACE.url(text)
        except HttpRefused:
            continue
        again = URL(str(url))
        assert (again.scheme, again.host, again.port, again.user) == ("https", "grafana.example", 443, None)
        assert again.path == "/api" or again.path.startswith("/api/"), "also after dots are taken out"
        assert str(url).isascii()
        assert str(url).isprintable()


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/api/b", "https://grafana.example/api/b"),
        ("b?x=1#there", "https://grafana.example/api/b?x=1"),
        ("../api/b", "https://grafana.example/api/b"),
        ("https://grafana.example:443/api/b", "https://grafana.example/api/b"),
        ("//grafana.example/api/b", "https://grafana.example/api/b"),
        ("?page=2", "https://grafana.example/api/a?page=2"),
    ],
)
def test_a_redirect_within_the_place_is_one(location: str, leads_to: str) -> None:
    assert str(PLACE.redirected(PLACE.url("a"), location)) == leads_to


@pytest.mark.parametrize(
    "location",
    [
        *("http://grafana.example/api/b", "https://evil.example/api/b", "//evil.example/api", "/\\evil.example/api"),
        *(
            "https://grafana.example:8443/api",
            "https://grafana.example@evil.example/api",
            "http://169.254.169.254/latest",
        ),
        *(
            "https://[::ffff:127.0.0.1]/api",
            "https://2130706433/api",
            "file:///etc/passwd",
            "gopher://x",
            "/login",
            "../x",
            "/",
        ),
        *(
            "https:///evil.example/api",
            "\\\\evil.example",
            "/api/\r\nx",
            "https://user@grafana.example/api",
            "/api/%2e%2e/x",
        ),
    ],
)
def test_a_redirect_out_of_the_place_is_refused(location: str) -> None:
    with pytest.raises(HttpRefused):
        PLACE.redirected(PLACE.url("a"), location)


def test_https_is_never_left_for_http() -> None:
    with pytest.raises(HttpRefused, match="it wants http in place of https"):
        PLACE.redirected(PLACE.url("a"), "http://grafana.example:443/api/a")


def test_on_a_whole_host_every_path_may_be_asked() -> None:
    assert str(WHOLE.url("")) == "http://127.0.0.1:9090/"
    assert str(WHOLE.url("graph")) == "http://127.0.0.1:9090/graph"
    assert str(WHOLE.redirected(WHOLE.url(""), "/graph")) == "http://127.0.0.1:9090/graph"
    assert str(WHOLE.url("http://127.0.0.1:9090")) == "http://127.0.0.1:9090/"
    with pytest.raises(HttpRefused):
        WHOLE.url("http://127.0.0.1/")
    assert str(Place.of("http://[::1]:9090").url("x")) == "http://[::1]:9090/x"
