"""A bot written with python-telegram-bot; it says on its output what it was told and what became of its requests.

Runs in an environment of its own: `python ptb_bot.py URL TOKEN PORT`. Each line of its input is a mode to go on in,
`polling` or `webhook`; an empty line ends it.
"""

import asyncio
import json
import sys
from typing import Any

from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, ReactionTypeEmoji, Update
from telegram.error import BadRequest, Forbidden, RetryAfter
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    MessageReactionHandler,
    filters,
)

URL, TOKEN, PORT = sys.argv[1], sys.argv[2], int(sys.argv[3])
KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("Approve", callback_data="a:1")]])


def say(**seen: Any) -> None:
    sys.stdout.write(json.dumps(seen) + "\n")
    sys.stdout.flush()


async def start(update: Update, context: Any) -> None:
    say(command=context.args, who=update.effective_user.full_name, language=update.effective_user.language_code)
    await update.message.reply_html("<b>Hello</b> 🔥 &amp; <code>x</code>", reply_markup=KEYS, do_quote=True)


async def pressed(update: Update, context: Any) -> None:
    query = update.callback_query
    say(pressed=query.data, on=query.message.text_html)
    await query.answer("On it")
    edited = await query.edit_message_text("<i>Approved</i>", parse_mode="HTML")
    say(edited=edited.text_html)
    try:
        await query.edit_message_text("<i>Approved</i>", parse_mode="HTML")
    except BadRequest as refused:
        say(refused=refused.message)


async def document(update: Update, context: Any) -> None:
    file = await update.message.document.get_file()
    content = bytes(await file.download_as_bytearray())
    say(downloaded=content.decode(), caption=update.message.caption)
    sent = await update.message.reply_document(content.upper(), filename="loud.txt", caption="back")
    say(sent=sent.document.file_name, size=sent.document.file_size)


async def edited(update: Update, context: Any) -> None:
    say(changed=update.edited_message.text)


async def reaction(update: Update, context: Any) -> None:
    changed = update.message_reaction
    say(reaction=[one.emoji for one in changed.new_reaction])
    await context.bot.set_message_reaction(changed.chat.id, changed.message_id, ReactionTypeEmoji("👀"))


async def flood(update: Update, context: Any) -> None:
    sent = 0
    try:
        while sent < 50:
            await context.bot.send_message(update.effective_chat.id, f"message {sent}")
            sent += 1
    except RetryAfter as refused:
        say(sent=sent, retry_after=refused.retry_after)


async def write_to(update: Update, context: Any) -> None:
    try:
        await context.bot.send_message(int(context.args[0]), "hello?")
    except Forbidden as refused:
        say(forbidden=refused.message)


async def topic(update: Update, context: Any) -> None:
    message = update.message
    say(topic=message.message_thread_id, chat=message.chat.type, forum=message.chat.is_forum)
    await message.reply_text("in the topic")


async def begin(application: Any, mode: str) -> None:
    if mode == "polling":
        await application.updater.start_polling(timeout=5, allowed_updates=Update.ALL_TYPES)
        return
    await application.updater.start_webhook(
        listen="127.0.0.1",
        port=PORT,
        url_path="hook",
        webhook_url=f"http://127.0.0.1:{PORT}/hook",
        secret_token="hush_hush_hush_42",
        allowed_updates=Update.ALL_TYPES,
    )
    info = await application.bot.get_webhook_info()
    say(webhook=info.url, pending=info.pending_update_count)


async def main() -> None:
    application = Application.builder().token(TOKEN).base_url(f"{URL}/bot").base_file_url(f"{URL}/file/bot").build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CommandHandler("flood", flood))
    application.add_handler(CommandHandler("write", write_to))
    application.add_handler(CommandHandler("topic", topic))
    application.add_handler(CallbackQueryHandler(pressed))
    application.add_handler(MessageReactionHandler(reaction))
    application.add_handler(MessageHandler(filters.Document.ALL, document))
    application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, edited))
    async with application:
        await application.start()
        await application.bot.set_my_commands([BotCommand("start", "Begin")], language_code="en")
        say(commands=[command.command for command in await application.bot.get_my_commands(language_code="en")])
        while mode := (await asyncio.to_thread(sys.stdin.readline)).strip():
            if application.updater.running:
                await application.updater.stop()
            await begin(application, mode)
            say(mode=mode, me=application.bot.username)
        if application.updater.running:
            await application.updater.stop()
        await application.stop()


asyncio.run(main())
