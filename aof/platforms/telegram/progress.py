"""What a long run is doing: a draft in a chat of two, in a group a message that is changed and taken away."""

from contextlib import suppress

from aof.domain.errors import PlatformError, SendDeferred, SendUncertain
from aof.domain.message import Address
from aof.platforms.fields import whole
from aof.platforms.telegram.client import Client
from aof.platforms.telegram.errors import MessageGone, NotModified
from aof.platforms.telegram.limits import LIMITS
from aof.platforms.telegram.payloads import message_at, place, plain_text
from aof.platforms.telegram.quiet import QuietChats

_FAILURES = 3
"""In a row, until a run's drafts are given up; a single one may be an accident of the network."""
_MOST_RUNS = 1000
"""Runs whose failures are remembered."""


class Progress:
    """See `ShowsProgress`."""

    def __init__(self, client: Client, quiet: QuietChats) -> None:
        self._client = client
        self._quiet = quiet
        self._failures: dict[int, int] = {}

    async def show(self, to: Address, run: int, text: str, shown: str | None) -> str | None:
        """Show `text` in place of what was shown before; while the chat is to be quiet, that stays."""
        if to.chat in self._quiet:
            return shown
        text = LIMITS.text.cut(text)
        try:
            if shown is not None:
                return await self._change(to, text, shown)
            if to.group:
                return await self._begin(to, text)
            await self._draft(to, run, text)
        except PlatformError as error:
            self._quiet.note(to.chat, error)
            raise
        return None

    async def hide(self, to: Address, shown: str) -> None:
        """Take a message away; one that is gone already is no trouble."""
        try:
            with suppress(MessageGone):
                await self._client.call("deleteMessage", message_at(to, shown))
        except PlatformError as error:
            self._quiet.note(to.chat, error)
            raise

    async def _draft(self, to: Address, run: int, text: str) -> None:
        if self._failures.get(run, 0) >= _FAILURES:
            return
        params = {**place(to), "draft_id": run, "text": text, "can_stop": True}
        try:
            await self._client.call("sendMessageDraft", params)
        except PlatformError as error:
            if not isinstance(error, SendDeferred) or error.wait is None:
                self._count_failure(run)
            raise
        self._failures.pop(run, None)

    def _count_failure(self, run: int) -> None:
        self._failures[run] = self._failures.get(run, 0) + 1
        if len(self._failures) > _MOST_RUNS:
            # the oldest is the likeliest to have ended
            del self._failures[next(iter(self._failures))]

    async def _begin(self, to: Address, text: str) -> str:
        answer = await self._client.call("sendMessage", plain_text(to, text))
        number = whole(answer.get("message_id")) if isinstance(answer, dict) else 0
        if not number:
            raise SendUncertain("Telegram took a message and did not name it")
        return f"{to.chat}:{number}"

    async def _change(self, to: Address, text: str, shown: str) -> str:
        params = {**message_at(to, shown), "text": text, "link_preview_options": {"is_disabled": True}}
        with suppress(NotModified):
            await self._client.call("editMessageText", params)
        return shown
