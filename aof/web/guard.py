"""Who may ask the operators' port, and where a request comes from."""

import hmac
import ipaddress
from collections.abc import Collection, Sequence
from ipaddress import IPv4Network, IPv6Network

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from aof.web.answers import error

_OPEN = frozenset({"/health"})
"""What a balancer may ask without a token: that the process lives."""


def bearer(token: str, *, not_below: Sequence[str] = (), pages: Collection[web.Application] = ()) -> Middleware:
    """Refuse every request that does not show the token, compared in constant time.

    Args:
        not_below: Beginnings of the paths of routes that have a guard of their own, which this token does not open.
        pages: Applications that have a guard of their own.
    """

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        # by the route that was found, not by what was written in the address
        resource = request.match_info.route.resource
        if resource is not None and resource.canonical.startswith(tuple(not_below)):
            return await handler(request)
        if any(app in pages for app in request.match_info.apps):
            return await handler(request)
        shown = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if request.path in _OPEN or hmac.compare_digest(shown, f"Bearer {token}".encode()):
            return await handler(request)
        return error(401, "this port needs a token", **{"WWW-Authenticate": "Bearer"})

    return guarded


class Origins:
    """Tells where requests come from.

    Args:
        trusted: Proxies whose word on it is taken. A header of anybody else is no more than a claim.
    """

    def __init__(self, trusted: Sequence[IPv4Network | IPv6Network] = ()) -> None:
        self._trusted = tuple(trusted)

    def of(self, request: web.BaseRequest) -> str:
        """The last address before the proxies that are trusted; "" where the connection has none."""
        address = request.remote or ""
        told = [one.strip() for line in request.headers.getall("X-Forwarded-For", []) for one in line.split(",")]
        while told and self._is_trusted(address):
            claimed = told.pop()
            if not _is_address(claimed):
                break
            address = claimed
        return address

    def _is_trusted(self, address: str) -> bool:
        if not _is_address(address):
            return False
        return any(ipaddress.ip_address(address) in network for network in self._trusted)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
