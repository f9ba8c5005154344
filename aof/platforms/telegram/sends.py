"""What goes out to Telegram: parts, what is shown while they are made, and the menu."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import monotonic
from typing import Any, Literal

from aof.domain.errors import PlatformError, RecipientUnreachable, SendDeferred, SendRefused, SendUncertain
from aof.domain.message import Address, ButtonPress, Media
from aof.domain.response import EditPart, Part, ReactionPart
from aof.platforms.base import Fetched, MenuCommand
from aof.platforms.fields import whole
from aof.platforms.session import BeforeRequest
from aof.platforms.telegram import media as media_api
from aof.platforms.telegram.client import Client
from aof.platforms.telegram.errors import OUTAGE, MessageGone, NotModified, PressTooOld, ReplyGone
from aof.platforms.telegram.limits import COMMAND_DESCRIPTION, MOST_COMMANDS
from aof.platforms.telegram.payloads import Form, forms, place
from aof.platforms.telegram.progress import Progress
from aof.platforms.telegram.quiet import QuietChats
from aof.texts.language import Language

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_PRESS = "callback:"
_MOST_CHATS = 10_000
"""Chats that are remembered to show rich messages."""


class Sends:
    """Everything that one bot sends."""

    def __init__(self, client: Client, *, rich: Literal["auto", "on", "off"]) -> None:
        self._client = client
        self._rich = rich
        self._rich_chats: set[str] = set()
        self._quiet = QuietChats()
        self._progress = Progress(client, self._quiet)

    async def send_part(
        self,
        to: Address,
        part: Part,
        *,
        part_id: str,
        reply_to: str | None = None,
        before_request: BeforeRequest | None = None,
    ) -> str:
        """As `TriggerPlatform.send_part`. What is refused for how it is written is said more simply, and what was to
        stand in place of a message that is gone comes as a new one."""
        ways = forms(to, part, reply_to=reply_to, rich=self.can_rich(to.chat))
        try:
            result = await self._first_taken(ways, before_request)
        except NotModified:
            result = True
        except PlatformError as error:
            self._quiet.note(to.chat, error)
            raise
        number = whole(result.get("message_id")) if isinstance(result, dict) else 0
        if number:
            return f"{to.chat}:{number}"
        if isinstance(part, EditPart | ReactionPart):
            return part.message_id
        raise SendUncertain("Telegram took a message and did not name it")

    async def show_typing(self, to: Address, message_id: str) -> None:
        """As `ShowsTyping.show_typing`."""
        if to.chat in self._quiet:
            return
        try:
            await self._client.call("sendChatAction", {**place(to), "action": "typing"})
        except PlatformError as error:
            self._quiet.note(to.chat, error)
            raise

    async def answer_press(self, press: ButtonPress) -> None:
        """As `AnswersPresses.answer_press`."""
        if not press.event_id.startswith(_PRESS):
            return
        with suppress(PressTooOld):
            await self._client.call("answerCallbackQuery", {"callback_query_id": press.event_id.removeprefix(_PRESS)})

    async def show_progress(self, to: Address, run: int, text: str, shown: str | None) -> str | None:
        """As `ShowsProgress.show_progress`."""
        return await self._progress.show(to, run, text, shown)

    async def hide_progress(self, to: Address, shown: str) -> None:
        """As `ShowsProgress.hide_progress`."""
        await self._progress.hide(to, shown)

    async def publish_menu(self, commands: Mapping[Language, Sequence[MenuCommand]]) -> None:
        """As `PublishesMenu.publish_menu`; English is shown to whoever has a language that is not among them."""
        for language, listed in commands.items():
            of = {
                "scope": {"type": "default"},
                "language_code": "" if language is Language.ENGLISH else language.value,
            }
            menu = [
                {"command": each.name, "description": COMMAND_DESCRIPTION.cut(each.description) or each.name}
                for each in listed
                # one name that Telegram has no room for would cost the whole menu
                if _COMMAND.fullmatch(each.name)
            ]
            if menu:
                await self._client.call("setMyCommands", {"commands": menu[:MOST_COMMANDS], **of})
            else:
                await self._client.call("deleteMyCommands", of)

    async def fetch_media(self, media: Media, *, most_bytes: int) -> Fetched:
        """As `FetchesMedia.fetch_media`."""
        return await media_api.fetch(self._client, media, most_bytes=most_bytes)

    def can_rich(self, chat: str) -> bool:
        """Whether a rich message is sent to this chat where a part has a source."""
        return self._rich == "on" or (self._rich == "auto" and chat in self._rich_chats)

    def saw_rich(self, chat: str) -> None:
        """Remember that an app of this chat shows rich messages."""
        if len(self._rich_chats) >= _MOST_CHATS:
            self._rich_chats.clear()
        self._rich_chats.add(chat)

    async def _first_taken(self, ways: Sequence[Form], before_request: BeforeRequest | None) -> Any:
        """The result of the first way that Telegram takes."""
        began = monotonic()
        while True:
            way = ways[0]
            try:
                return await self._client.call(way.method, way.params, file=way.file, before_request=before_request)
            except SendRefused as error:
                ways = _after(ways, error)
            if monotonic() - began > self._client.seconds:
                # whoever leased the part waits for one request and a little more
                raise SendDeferred("Telegram answers too slowly for a second request", backoff=OUTAGE)
            # a refused request did nothing: the part is still being sent, for the first time
            before_request = None


def _after(ways: Sequence[Form], error: SendRefused) -> Sequence[Form]:
    """The ways that are left after a refusal; the refusal itself where none is."""
    if isinstance(error, ReplyGone) and "reply_parameters" in ways[0].params:
        return [way.unanchored() for way in ways]
    if isinstance(error, MessageGone) and (anew := [way for way in ways if way.method != ways[0].method]):
        return anew
    gives_way = ways[0].gives_way
    if gives_way is None or not isinstance(error, gives_way) or isinstance(error, RecipientUnreachable):
        raise error
    return ways[1:]
