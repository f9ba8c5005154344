"""Which addresses may be connected to."""

# ruff: noqa: S104 -- nothing is bound to

import socket
from ipaddress import ip_network

import pytest

from aof.tools.http import HttpFailed, HttpRefused
from aof.tools.http.addresses import Addresses, Pinned, resolve
from tests.unit.tools.http.servers import Names

REFUSED = [
    *("127.0.0.1", "127.8.9.10", "::1"),
    *("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd00:ec2::254"),
    *("100.64.0.1", "100.100.100.200", "100.127.255.255"),
    *("169.254.169.254", "169.254.170.2", "fe80::1", "fe80::1%eth0"),
    *("0.0.0.0", "0.1.2.3", "::"),
    *("224.0.0.1", "239.255.255.255", "ff02::1", "240.0.0.1", "255.255.255.255"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:8.8.8.8", "::ffff:0:7f00:1", "::127.0.0.1", "::8.8.8.8"),
    *("2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:808:808::1", "192.88.99.1"),
    *("64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a9fe:a9fe"),
    *("2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "3fff::1", "100::1", "5f00::1", "fec0::1"),
    *("192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "168.63.129.16"),
    *("", "localhost", "2130706433", "0x7f000001", "127.1", "0177.0.0.1", "8.8.8.8/32", "١٢٧.٠.٠.١"),
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "172.15.255.255", "100.63.255.255", "100.128.0.1", "2606:4700::1111"]
NEVER_BY_TRUE = [
    *("169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "255.255.255.255", "168.63.129.16", "192.0.0.192"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "::127.0.0.1"),
]


@pytest.mark.parametrize("address", REFUSED)
def test_only_public_addresses_may_be_connected_to(address: str) -> None:
    assert Addresses(False).refusal(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_ones_may(address: str) -> None:
    assert Addresses(False).refusal(address) == ""


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "10.1.2.3", "172.20.0.1", "192.168.0.1", "fd12::1", "100.64.0.1", "8.8.8.8"]
)
def test_private_ones_are_opened_together(address: str) -> None:
    assert Addresses(True).refusal(address) == ""


@pytest.mark.parametrize("address", NEVER_BY_TRUE)
def test_what_is_more_than_private_has_to_be_named(address: str) -> None:
    assert Addresses(True).refusal(address)


def test_a_named_network_opens_itself_alone() -> None:
    addresses = Addresses([ip_network("10.1.0.0/16"), ip_network("169.254.169.254/32"), ip_network("::1/128")])
    assert [addresses.refusal(a) for a in ("10.1.2.3", "169.254.169.254", "::1")] == ["", "", ""]
    assert all(addresses.refusal(a) for a in ("10.2.0.1", "169.254.169.253", "127.0.0.1", "::ffff:10.1.2.3"))


@pytest.mark.parametrize(
    ("network", "public", "private"),
    [
        ("64:ff9b::/96", "64:ff9b::808:808", "64:ff9b::7f00:1"),
        ("2002::/16", "2002:808:808::1", "2002:a9fe:a9fe::1"),
        ("::ffff:0:0/96", "::ffff:8.8.8.8", "::ffff:10.0.0.1"),
    ],
)
def test_behind_a_named_translation_the_inner_address_counts(network: str, public: str, private: str) -> None:
    addresses = Addresses([ip_network(network)])
    assert addresses.refusal(public) == ""
    assert addresses.refusal(private)
    inner = Addresses([ip_network(network), ip_network("10.0.0.0/8")])
    assert (inner.refusal("::ffff:10.0.0.1") == "") == (network == "::ffff:0:0/96")


async def test_one_address_that_is_refused_refuses_the_host() -> None:
    names = Names(["8.8.8.8", "10.0.0.1"])
    with pytest.raises(HttpRefused, match=r"metrics\.example leads to an address that is private"):
        await Addresses(False).checked("metrics.example", 443, names)
    assert await Addresses(True).checked("metrics.example", 443, names) == ("8.8.8.8", "10.0.0.1")


async def test_a_literal_address_is_checked_without_a_resolver() -> None:
    names = Names(["8.8.8.8"])
    with pytest.raises(HttpRefused):
        await Addresses(False).checked("169.254.169.254", 80, names)
    assert await Addresses(False).checked("1.1.1.1", 80, names) == ("1.1.1.1",)
    assert names.asked == []


async def test_a_host_without_an_address_is_no_refusal() -> None:
    async def nobody(_host: str, _port: int) -> list[str]:
        raise socket.gaierror("unknown")

    for names in (nobody, Names([])):
        with pytest.raises(HttpFailed, match="has no address") as failed:
            await Addresses(False).checked("metrics.example", 443, names)
        assert not failed.value.was_sent


async def test_the_systems_resolver_gives_each_address_once() -> None:
    assert await resolve("127.0.0.1", 80) == ["127.0.0.1"]


async def test_what_is_pinned_knows_one_host_and_opens_no_other_address() -> None:
    pinned = Pinned("metrics.example", ["127.0.0.1", "::1"])
    found = await pinned.resolve("metrics.example", 9090)
    assert [(result["host"], result["port"]) for result in found] == [("127.0.0.1", 9090), ("::1", 9090)]
    with pytest.raises(OSError, match="was not checked"):
        await pinned.resolve("evil.example", 9090)
    address = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
    pinned.socket((*address, ("127.0.0.1", 9090))).close()
    with pytest.raises(HttpRefused):
        pinned.socket((*address, ("127.0.0.2", 9090)))
