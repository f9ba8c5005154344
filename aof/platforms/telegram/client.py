"""Requests to the Bot API. The address of each carries the bot's token, so no address leaves this module."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import aiohttp
from yarl import URL

from aof.domain.errors import PlatformError, SendDeferred, SendUncertain
from aof.platforms.session import MOST_ANSWER_BYTES, BeforeRequest, announce, beginning, patience, what_broke
from aof.platforms.telegram import answers, errors
from aof.platforms.telegram.config import TelegramConfig

MOST_UPDATES_BYTES = 32 * 1024 * 1024
"""Of a hundred updates at once, each with a rich message."""

_ADDS_NO_MESSAGE = frozenset({"sendChatAction", "sendMessageDraft"})


@dataclass(frozen=True, slots=True)
class File:
    """What goes with a request as a file."""

    parameter: str
    name: str
    mime_type: str
    content: bytes = field(repr=False)


class Client:
    """The Bot API as one bot sees it."""

    def __init__(self, config: TelegramConfig, http: aiohttp.ClientSession, *, seconds: float = 30) -> None:
        """`seconds` is how long a request without an answer is waited for; a third of it, one without a connection."""
        self.seconds = seconds
        self._config = config
        self._http = http

    async def call(
        self,
        method: str,
        params: Mapping[str, object] | None = None,
        *,
        file: File | None = None,
        seconds: float | None = None,
        before_request: BeforeRequest | None = None,
    ) -> Any:
        """The `result` of one method. `before_request` as in `TriggerPlatform.send_part`.

        Raises:
            PlatformError: Of the class that its caller acts by. What adds no message to a chat is never uncertain.
        """
        repeatable = not method.startswith("send") or method in _ADDS_NO_MESSAGE
        body: Any = _json(params or {}) if file is None else _form(params or {}, file)
        headers = {"Content-Type": "application/json"} if file is None else {}
        before_request = await announce(self._http, before_request)
        broken: BaseException
        try:
            async with self._http.post(
                self._url("bot", method),
                data=body,
                headers=headers,
                allow_redirects=False,
                raise_for_status=False,
                timeout=patience(seconds or self.seconds),
                trace_request_ctx=before_request,
            ) as response:
                most = MOST_UPDATES_BYTES if method == "getUpdates" else MOST_ANSWER_BYTES
                answer = answers.read(response.status, await beginning(response, most))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            broken = error
        else:
            if answer.is_taken:
                return answer.said["result"]
            raise answers.error_of(answer, secrets=self._config.secrets, repeatable=repeatable)
        # out here, where no chained error takes the address along
        raise self._broken(broken, repeatable=repeatable)

    async def download(self, path: str, *, most_bytes: int) -> tuple[int, bytes]:
        """HTTP status and beginning of a file by the path that getFile gave.

        Raises:
            SendDeferred: The connection broke.
        """
        broken: BaseException
        try:
            async with self._http.get(
                self._url("file/bot", path),
                # a file as it is: what unpacks to something far larger is no file that somebody sent
                headers={"Accept-Encoding": "identity"},
                allow_redirects=False,
                raise_for_status=False,
                timeout=patience(self.seconds),
            ) as response:
                return response.status, await beginning(response, most_bytes)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            broken = error
        raise self._broken(broken, repeatable=True)

    def _url(self, before: str, after: str) -> URL:
        return URL(f"{self._config.api_url}/{before}{self._config.bot_token.get_secret_value()}/{after}")

    def _broken(self, error: BaseException, *, repeatable: bool) -> PlatformError:
        """What an error of the wire stands for, without its words where those are somebody else's."""
        details = answers.redacted(what_broke(error), self._config.secrets)
        if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
            return SendDeferred(
                "Telegram can't be reached", backoff=errors.UNREACHABLE, scope="number", details=details
            )
        reason = "the connection to Telegram broke, or stayed silent"
        return (
            SendDeferred(reason, backoff=errors.OUTAGE, details=details)
            if repeatable
            else SendUncertain(reason, details=details)
        )


def _json(params: Mapping[str, object]) -> bytes:
    # half a surrogate pair would break the whole request
    return json.dumps(params, ensure_ascii=False).encode("utf-8", "replace")


def _form(params: Mapping[str, object], file: File) -> aiohttp.FormData:
    # Telegram shows a quoted name as it was quoted
    form = aiohttp.FormData(quote_fields=False)
    for name, value in params.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        form.add_field(name, text.encode("utf-8", "replace").decode())
    named = "".join(each for each in file.name if each.isprintable() and each not in '"\\/') or "file"
    form.add_field(file.parameter, BytesIO(file.content), filename=named, content_type=file.mime_type)
    return form
