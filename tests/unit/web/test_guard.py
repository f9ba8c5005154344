"""Where a request comes from, behind proxies that are trusted and others."""

from ipaddress import ip_network

import pytest
from aiohttp.test_utils import make_mocked_request

from aof.web.guard import Origins

PROXIES = [ip_network("10.0.0.0/8"), ip_network("::1/128")]


@pytest.mark.parametrize(
    ("trusted", "peer", "told", "origin"),
    [
        ([], "10.0.0.7", ["203.0.113.9"], "10.0.0.7"),  # nobody is trusted by default
        (PROXIES, "203.0.113.1", ["198.51.100.2"], "203.0.113.1"),  # a stranger's word on it is a claim
        (PROXIES, "10.0.0.7", ["203.0.113.9"], "203.0.113.9"),
        (PROXIES, "::1", ["203.0.113.9"], "203.0.113.9"),
        (PROXIES, "10.0.0.7", ["198.51.100.2, 203.0.113.9"], "203.0.113.9"),  # what stands before it was not ours
        (PROXIES, "10.0.0.7", ["203.0.113.9, 10.1.1.1"], "203.0.113.9"),  # two of ours in a row
        (PROXIES, "10.0.0.7", ["203.0.113.9", "10.1.1.1"], "203.0.113.9"),
        (PROXIES, "10.0.0.7", [], "10.0.0.7"),
        (PROXIES, "10.0.0.7", ["nonsense\x00"], "10.0.0.7"),
        (PROXIES, "10.0.0.7", ["", "unknown"], "10.0.0.7"),
    ],
)
def test_the_word_of_trusted_proxies_alone_is_taken(trusted: list, peer: str, told: list[str], origin: str) -> None:
    request = make_mocked_request("POST", "/", headers=[("X-Forwarded-For", one) for one in told])  # type: ignore[arg-type]
    request = request.clone(remote=peer)
    assert Origins(trusted).of(request) == origin
