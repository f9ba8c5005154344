"""`python ptbs_webhook.py PORT API`: python-telegram-bot's webhook as its own documentation sets it up, in its own
environment.

On uvloop, since it is the faster loop. What is taken waits in memory for a callback that does nothing; the 200 does not
wait for it, as is the library's way.
"""

import asyncio
import sys

import uvloop
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

TOKEN = "7000000001:token-of-the-bench-0123456789"  # noqa: S105 -- as in bench/updates.py, which this environment can't import
SECRET = "secret-of-the-bench"  # noqa: S105 -- as there


async def take(_: Update, __: ContextTypes.DEFAULT_TYPE) -> None:
    pass


def main(port: int, api: str) -> None:
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    asyncio.set_event_loop(asyncio.new_event_loop())
    application = Application.builder().token(TOKEN).base_url(f"{api}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, take))
    application.run_webhook(
        listen="127.0.0.1",
        port=port,
        url_path="webhook",
        webhook_url=f"http://127.0.0.1:{port}/webhook",
        secret_token=SECRET,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
