"""The page's own files, served by their names."""

import hashlib
from importlib.resources import files

from aiohttp import web

from aof.web.operator.visit import PREFIX

TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FOLDER = files("aof.web.operator") / "static"
_FILES = {
    entry.name: entry.read_bytes()
    for entry in sorted(_FOLDER.iterdir(), key=lambda entry: entry.name)
    if entry.name.rpartition(".")[2] in TYPES
}

ASSETS = {
    name: f"{PREFIX}/static/{name}?{hashlib.sha256(content).hexdigest()[:12]}" for name, content in _FILES.items()
}
"""Where each file is; the address changes with what is in it."""


async def asset(request: web.Request) -> web.Response:
    """One file, which a browser may keep for ever."""
    name = request.match_info["name"]
    if name not in _FILES:
        raise web.HTTPNotFound
    return web.Response(
        body=_FILES[name],
        content_type=TYPES[name.rpartition(".")[2]],
        charset="utf-8",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )
