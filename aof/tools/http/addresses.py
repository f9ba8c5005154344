"""Which addresses may be connected to: public ones, and networks that were named."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp.abc import AbstractResolver, ResolveResult

from aof.tools.http.words import HttpFailed, HttpRefused

Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""From a host and a port to the addresses of the host.

Raises:
    OSError: There are none.
"""

_PRIVATE: dict[Network, str] = {
    ip_network("127.0.0.0/8"): "loopback",
    ip_network("::1/128"): "loopback",
    ip_network("10.0.0.0/8"): "private",
    ip_network("172.16.0.0/12"): "private",
    ip_network("192.168.0.0/16"): "private",
    ip_network("fc00::/7"): "private",
    ip_network("100.64.0.0/10"): "shared by a provider (CGNAT)",
}
"""What `allow_private: true` opens."""

# https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry
_SPECIAL: dict[Network, str] = {
    ip_network("0.0.0.0/8"): "unspecified",
    ip_network("169.254.0.0/16"): "link-local",
    ip_network("192.0.0.0/24"): "reserved",
    ip_network("192.0.2.0/24"): "for documentation",
    ip_network("192.88.99.0/24"): "a 6to4 relay",
    ip_network("198.18.0.0/15"): "for benchmarks",
    ip_network("198.51.100.0/24"): "for documentation",
    ip_network("203.0.113.0/24"): "for documentation",
    ip_network("224.0.0.0/4"): "multicast",
    ip_network("240.0.0.0/4"): "reserved",
    # Azure's channel to its machines has a public address:
    # https://learn.microsoft.com/en-us/azure/virtual-network/what-is-ip-address-168-63-129-16
    ip_network("168.63.129.16/32"): "a cloud's own",
    ip_network("::/128"): "unspecified",
    ip_network("fe80::/10"): "link-local",
    ip_network("ff00::/8"): "multicast",
    ip_network("2001::/23"): "reserved",
    ip_network("2001:db8::/32"): "for documentation",
    ip_network("3fff::/20"): "for documentation",
}

_EMBEDDING: dict[IPv6Network, tuple[str, int]] = {
    IPv6Network("::ffff:0:0/96"): ("IPv4-mapped", 0),
    IPv6Network("::ffff:0:0:0/96"): ("IPv4-translated", 0),
    IPv6Network("64:ff9b::/96"): ("NAT64", 0),
    IPv6Network("64:ff9b:1::/48"): ("NAT64", 0),
    IPv6Network("2002::/16"): ("6to4", 80),
    IPv6Network("::/96"): ("IPv4-compatible", 0),
}
"""IPv6 that leads to an IPv4 address, with the place of that: so many bits from the right."""

_PUBLIC_IPV6 = IPv6Network("2000::/3")


class Addresses:
    """Which addresses may be connected to."""

    def __init__(self, allow_private: bool | Sequence[Network]) -> None:  # noqa: FBT001 -- as it is configured
        named = allow_private if not isinstance(allow_private, bool) else _PRIVATE if allow_private else ()
        self._named = tuple(named)

    def refusal(self, address: str) -> str:
        """What kind of address it is that may not be connected to; empty where it may."""
        try:
            return self._refusal(ip_address(address))
        except ValueError:
            return "not an address"

    def _refusal(self, address: IPv4Address | IPv6Address) -> str:
        is_named = any(address in network for network in self._named)
        if isinstance(address, IPv6Address) and not address.is_loopback and not address.is_unspecified:
            for embedding, (kind, bits) in _EMBEDDING.items():
                if address in embedding:
                    inner = IPv4Address(int(address) >> bits & 0xFFFFFFFF)
                    return self._refusal(inner) if is_named else kind
        if is_named:
            return ""
        for network, kind in (_PRIVATE | _SPECIAL).items():
            if address in network:
                return kind
        is_public = isinstance(address, IPv4Address) or address in _PUBLIC_IPV6
        return "" if is_public else "reserved"

    async def checked(self, host: str, port: int, resolve: Resolve) -> tuple[str, ...]:
        """The addresses of a host, each of which may be connected to.

        Raises:
            HttpRefused: One of them may not be.
            HttpFailed: There are none.
        """
        found: tuple[str, ...]
        try:
            found = (str(ip_address(host)),)
        except ValueError:
            try:
                found = tuple(await resolve(host, port))
            except (OSError, UnicodeError) as error:
                raise HttpFailed(f"{host} has no address", was_sent=False) from error
        if not found:
            raise HttpFailed(f"{host} has no address", was_sent=False)
        for address in found:
            if kind := self.refusal(address):
                raise HttpRefused(f"{host} leads to an address that is {kind}; name its network to allow it")
        return found


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class Pinned(AbstractResolver):
    """Knows the checked addresses of one host, and asks nobody."""

    def __init__(self, host: str, addresses: Sequence[str]) -> None:
        self._host = host
        self._addresses = frozenset(addresses)
        self._results = [_result(host, address) for address in addresses]

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        if host != self._host:
            raise OSError(f"{host} was not checked")
        return [ResolveResult(**{**result, "port": port}) for result in self._results]

    def socket(self, address: tuple[object, ...]) -> socket.socket:
        """A socket for one of the addresses alone: the last gate, also where no name is looked up.

        Raises:
            HttpRefused: It is for another one.
        """
        family, kind, proto, _, where = address
        if str(where[0]) not in self._addresses:  # type: ignore[index]  # an address of its family
            raise HttpRefused("an address that was not checked was about to be connected to")
        return socket.socket(family, kind, proto)  # type: ignore[arg-type]  # as the socket module wrote them

    async def close(self) -> None: ...


def _result(host: str, address: str) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=host, host=address, port=0, family=family, proto=0, flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    )
