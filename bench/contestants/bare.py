"""`python -m bench.contestants.bare PORT`: an aiohttp handler on uvloop that verifies and parses, and no more."""

import asyncio
import hashlib
import hmac
import json
import sys

import uvloop
from aiohttp import web

from bench.webhooks import SECRET

_KEY = SECRET.encode()


async def deliver(request: web.Request) -> web.Response:
    body = await request.read()
    expected = f"sha256={hmac.new(_KEY, body, hashlib.sha256).hexdigest()}"
    if not hmac.compare_digest(expected, request.headers.get("X-Hub-Signature-256", "")):
        return web.Response(status=401)
    json.loads(body)
    return web.json_response({"status": "accepted"})


async def serve(port: int) -> None:
    app = web.Application()
    app.router.add_post("/webhook", deliver)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
