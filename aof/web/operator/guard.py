"""What holds for every request of the page: where it comes from, who it is, and what its answer may do in a browser."""

from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from aof.config.daemon import AdminConfig, is_loopback
from aof.domain.errors import StoreError
from aof.logs import get
from aof.web.operator.visit import PREFIX

log = get(__name__)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Nothing from elsewhere, and nothing inline."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # with no-referrer a browser would send `Origin: null` with our own forms
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
MOST_FORM_BYTES = 64 * 1024
FORM = "application/x-www-form-urlencoded"

Page = Callable[[web.Request, int, str], web.StreamResponse]
"""An error as a page: the request, the status, the name of the sentence."""

_SENTENCES = {403: "may_not", 404: "not_found", 405: "not_found", 413: "not_from_here", 415: "not_from_here"}


class NotFromHere(web.HTTPForbidden):
    """A form that the page did not send."""


def is_from_here(request: web.BaseRequest, admin: AdminConfig) -> bool:
    """Whether the page itself sent a form, as far as a browser says; one that says nothing is refused."""
    site = request.headers.get("Sec-Fetch-Site")
    if site not in (None, "same-origin"):
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return site == "same-origin"
    return origin == (admin.public_url or _own(request, admin))


def _own(request: web.BaseRequest, admin: AdminConfig) -> str | None:
    """The origin of the page where no other is configured; None where the name is not ours but was pointed here."""
    try:
        host = urlsplit(f"//{request.host}").hostname
    except ValueError:
        return None
    if host is None or not (is_loopback(host) or host == admin.host.lower()):
        return None
    return f"http://{request.host}"


def guarded(admin: AdminConfig, page: Page) -> Middleware:
    """Check forms, answer what goes wrong with a page, and give every answer the same headers."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            if request.method not in ("GET", "HEAD"):
                _check_form(request, admin)
            answer = await handler(request)
        except web.HTTPException as refused:
            if refused.status < 400:
                refused.headers.update(HEADERS)
                raise
            name = "not_from_here" if isinstance(refused, NotFromHere) else _SENTENCES.get(refused.status, "not_found")
            answer = page(request, refused.status, name)
        except StoreError as busy:
            log.warning("store_refused", during="page", path=request.path, reason=str(busy))
            answer = page(request, 503, "store_busy")
        except Exception:  # the reader is told so; the traceback stays in the log
            log.exception("request_broken", path=request.path)
            answer = page(request, 500, "broken")
        if not answer.prepared:
            answer.headers.update(HEADERS)
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    return guard


def _check_form(request: web.Request, admin: AdminConfig) -> None:
    if not is_from_here(request, admin):
        log.warning("page_form_refused", path=request.path, origin=request.headers.get("Origin", ""))
        raise NotFromHere
    if request.content_type != FORM:
        raise web.HTTPUnsupportedMediaType
    if (request.content_length or MOST_FORM_BYTES + 1) > MOST_FORM_BYTES:
        raise web.HTTPRequestEntityTooLarge(MOST_FORM_BYTES, request.content_length or 0)


def path_back(given: str) -> str:
    """A path of the page that a form names, else its first screen."""
    is_ours = given.startswith(f"{PREFIX}/") and given.isascii() and given.isprintable()
    return given if is_ours and "\\" not in given and "//" not in given else f"{PREFIX}/"
