"""A bot written with aiogram, whose models are strict about all that Telegram answers.

As `ptb_bot`, and with drafts and rich messages, which python-telegram-bot does not know.
"""

import asyncio
import json
import sys
from typing import Any

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.filters import Command, CommandObject
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputRichMessage,
    Message,
    MessageReactionUpdated,
    ReactionTypeEmoji,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

URL, TOKEN, PORT = sys.argv[1], sys.argv[2], int(sys.argv[3])
KEYS = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Approve", callback_data="a:1", style="success")]]
)
RICH = "# Disk\n\n| host | use |\n|---|--:|\n| web-3 | **97** |\n\n- a\n- b"
SECRET = "hush_hush_hush_42"

dispatcher = Dispatcher()


def say(**seen: Any) -> None:
    sys.stdout.write(json.dumps(seen) + "\n")
    sys.stdout.flush()


@dispatcher.message(Command("start"))
async def start(message: Message, command: CommandObject) -> None:
    said = (command.args or "").split()
    say(command=said, who=message.from_user.full_name, language=message.from_user.language_code)
    await message.reply("<b>Hello</b> 🔥 &amp; <code>x</code>", parse_mode="HTML", reply_markup=KEYS)


@dispatcher.callback_query()
async def pressed(query: CallbackQuery) -> None:
    say(pressed=query.data, on=query.message.html_text)
    await query.answer("On it")
    edited = await query.message.edit_text("<i>Approved</i>", parse_mode="HTML")
    say(edited=edited.html_text)
    try:
        await query.message.edit_text("<i>Approved</i>", parse_mode="HTML")
    except TelegramBadRequest as refused:
        say(refused=refused.message.removeprefix("Bad Request: ").capitalize())


@dispatcher.message(F.document)
async def document(message: Message, bot: Bot) -> None:
    content = (await bot.download(message.document)).read()
    say(downloaded=content.decode(), caption=message.caption)
    sent = await message.reply_document(BufferedInputFile(content.upper(), "loud.txt"), caption="back")
    say(sent=sent.document.file_name, size=sent.document.file_size)


@dispatcher.edited_message()
async def edited(message: Message) -> None:
    say(changed=message.text)


@dispatcher.message_reaction()
async def reaction(changed: MessageReactionUpdated, bot: Bot) -> None:
    say(reaction=[one.emoji for one in changed.new_reaction])
    await bot.set_message_reaction(changed.chat.id, changed.message_id, [ReactionTypeEmoji(emoji="👀")])


@dispatcher.message(Command("flood"))
async def flood(message: Message) -> None:
    sent = 0
    try:
        while sent < 50:
            await message.answer(f"message {sent}")
            sent += 1
    except TelegramRetryAfter as refused:
        say(sent=sent, retry_after=refused.retry_after)


@dispatcher.message(Command("write"))
async def write_to(message: Message, command: CommandObject, bot: Bot) -> None:
    try:
        await bot.send_message(int(command.args), "hello?")
    except TelegramForbiddenError as refused:
        say(forbidden=refused.message)


@dispatcher.message(Command("topic"))
async def topic(message: Message) -> None:
    say(topic=message.message_thread_id, chat=message.chat.type, forum=message.chat.is_forum)
    await message.answer("in the topic")


@dispatcher.message(Command("rich"))
async def rich(message: Message, bot: Bot) -> None:
    await bot.send_message_draft(message.chat.id, draft_id=7, text="looking", can_stop=True)
    sent = await bot.send_rich_message(message.chat.id, InputRichMessage(markdown=RICH))
    say(rich=[block.type for block in sent.rich_message.blocks])


@dispatcher.message(Command("chat"))
async def chat(message: Message, bot: Bot) -> None:
    found = await bot.get_chat(message.chat.id)
    member = await bot.get_chat_member(message.chat.id, bot.id)
    say(chat=found.title, status=member.status)


class Receiver:
    """How updates come."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.polling: asyncio.Task[None] | None = None
        self.runner: web.AppRunner | None = None

    async def begin(self, mode: str) -> None:
        await self.end()
        updates = [*dispatcher.resolve_used_update_types(), "stopped_message_generation"]
        if mode == "polling":
            await self.bot.delete_webhook()
            self.polling = asyncio.create_task(
                dispatcher.start_polling(
                    self.bot, polling_timeout=5, handle_signals=False, allowed_updates=updates, close_bot_session=False
                )
            )
            return
        app = web.Application()
        SimpleRequestHandler(dispatcher, self.bot, secret_token=SECRET).register(app, path="/hook")
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", PORT).start()
        url = f"http://127.0.0.1:{PORT}/hook"
        await self.bot.set_webhook(url, secret_token=SECRET, allowed_updates=updates)
        info = await self.bot.get_webhook_info()
        say(webhook=info.url, pending=info.pending_update_count)

    async def end(self) -> None:
        if self.polling is not None:
            await dispatcher.stop_polling()
            await self.polling
            self.polling = None
        if self.runner is not None:
            await self.runner.cleanup()
            self.runner = None


async def main() -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(URL))
    async with Bot(TOKEN, session=session) as bot:
        await bot.set_my_commands([BotCommand(command="start", description="Begin")], language_code="en")
        say(commands=[command.command for command in await bot.get_my_commands(language_code="en")])
        receiver = Receiver(bot)
        while mode := (await asyncio.to_thread(sys.stdin.readline)).strip():
            await receiver.begin(mode)
            say(mode=mode, me=(await bot.me()).username)
        await receiver.end()


asyncio.run(main())
