"""Lets only this machine's own programs and pages use the control API."""

import ipaddress
import logging
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

log = logging.getLogger(__name__)


class NoSuchPhone(web.HTTPNotFound):
    """A 404 with words of its own."""


class NotAllowed(Exception):
    """The message says why."""


def is_loopback(host: str | None) -> bool:
    """Whether a name or address, without a port, means this machine and nothing else."""
    if host is None:
        return False
    if host.lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def check_caller(request: web.Request) -> None:
    """Raises:
    NotAllowed: The caller is on another machine; the Host header names another (a web page whose name was pointed
        here); or a page of another origin asks.
    """
    if not is_loopback(request.remote):
        raise NotAllowed("The control API answers to this machine only.")
    host = request.headers.get("Host", "")
    if not is_loopback(_host_name(f"//{host}")):
        raise NotAllowed("The Host header must be a loopback name, such as 127.0.0.1 or localhost.")
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{host}":
        raise NotAllowed("Pages of another origin may not use the control API.")
    if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
        raise NotAllowed("Pages of another origin may not use the control API.")


def _host_name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Checks the caller, and turns whatever goes wrong into `{"error": …}`."""
    try:
        check_caller(request)
        return await handler(request)
    except NotAllowed as refused:
        return web.json_response({"error": str(refused)}, status=403)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as refused:
        words = (
            refused.text if isinstance(refused, NoSuchPhone) else "There is no such path here, or not with this method."
        )
        return web.json_response({"error": words}, status=refused.status)
    except web.HTTPException as refused:
        return web.json_response({"error": refused.text or refused.reason}, status=refused.status)
    except Exception:  # a page must never be shown a traceback
        log.exception("simulator_control_failed")
        return web.json_response({"error": "The simulator failed; its log says why."}, status=500)


async def to_the_page(request: web.Request) -> web.StreamResponse:
    """Leads from the root to the phone page."""

    async def found(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "/_sim/"})

    return await guarded(request, found)
