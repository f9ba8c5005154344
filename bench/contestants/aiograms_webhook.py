"""`python aiograms_webhook.py PORT API`: aiogram's webhook as its own documentation sets it up, in its own environment.

On uvloop, since it is the faster loop. What is taken is handled by a callback that does nothing; the 200 does not wait
for it, as is aiogram's way.
"""

import asyncio
import sys

import uvloop
from aiogram import Bot, Dispatcher, types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

TOKEN = "7000000001:token-of-the-bench-0123456789"  # noqa: S105 -- as in bench/updates.py, which this environment can't import
SECRET = "secret-of-the-bench"  # noqa: S105 -- as there


async def serve(port: int, api: str) -> None:
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(api)))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def take(_: types.Message) -> None:
        pass

    @dispatcher.startup()
    async def told(bot: Bot) -> None:
        await bot.set_webhook(f"http://127.0.0.1:{port}/webhook", secret_token=SECRET)

    app = web.Application()
    SimpleRequestHandler(dispatcher=dispatcher, bot=bot, secret_token=SECRET).register(app, path="/webhook")
    setup_application(app, dispatcher, bot=bot)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), sys.argv[2]))
