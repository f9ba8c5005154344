"""How much a request may do, and how it is shown."""

import pytest

from aof.domain.risk import Risk
from aof.tools.http import HttpRefused, request_line, risk_of


@pytest.mark.parametrize(
    ("method", "fixed", "chosen"),
    [
        ("GET", Risk.READ, Risk.SENSITIVE),
        ("head", Risk.READ, Risk.SENSITIVE),
        ("POST", Risk.WRITE, Risk.WRITE),
        ("PUT", Risk.WRITE, Risk.WRITE),
        ("patch", Risk.WRITE, Risk.WRITE),
        ("DELETE", Risk.DELETE, Risk.DELETE),
        ("OPTIONS", Risk.WRITE, Risk.WRITE),
        ("get-and-delete", Risk.WRITE, Risk.WRITE),
        ("GET ", Risk.WRITE, Risk.WRITE),
        ("", Risk.WRITE, Risk.WRITE),
    ],
)
def test_the_method_and_who_chose_the_host_decide(method: str, fixed: Risk, chosen: Risk) -> None:
    assert risk_of(method, False) is fixed
    assert risk_of(method, True) is chosen


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://grafana.example", "https://grafana.example/"),
        ("https://Grafana.Example:443/api?x=1&y=%20", "https://grafana.example/api?x=1&y=%20"),
        ("https://grаfana.example/x", "https://xn--grfana-4nf.example/x"),  # a Cyrillic а
        ("http://[::1]:9090/ü?ö", "http://[::1]:9090/%C3%BC?%C3%B6"),
    ],
)
def test_a_request_is_shown_in_letters_that_cannot_be_mistaken(url: str, shown: str) -> None:
    assert request_line("post", url) == ("POST", shown)


@pytest.mark.parametrize(
    "url", ["https://user:pass@h/", "h/x", "https://h/\u202egnp.exe", "https://h\\x", "ftp://h", ""]
)
def test_what_cannot_be_shown_whole_is_refused(url: str) -> None:
    with pytest.raises(HttpRefused):
        request_line("GET", url)
