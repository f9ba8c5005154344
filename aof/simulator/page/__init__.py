"""The phone page: its files, and how they are served."""

from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FILES = {path.name: TYPES[path.suffix] for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""Nothing from elsewhere, nothing inline, and no text that could become markup."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


async def front(_: web.Request) -> web.Response:
    """The page itself."""
    return _served("index.html")


async def file(request: web.Request) -> web.Response:
    """One of its files, by name."""
    name = request.match_info["file"]
    if name not in FILES:
        raise web.HTTPNotFound
    return _served(name)


def _served(name: str) -> web.Response:
    content = (FOLDER / name).read_bytes()
    return web.Response(body=content, content_type=FILES[name], charset="utf-8", headers=HEADERS)
