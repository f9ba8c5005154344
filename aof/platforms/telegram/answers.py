"""Telegram's answer to a request, read: a result, or the error it stands for."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aof.domain.errors import ChatMovedAway, PlatformError, SendDeferred, SendUncertain
from aof.platforms import redaction
from aof.platforms.fields import parse_json, whole
from aof.platforms.telegram import errors
from aof.platforms.telegram.errors import Verdict

_LONGEST_WAIT = timedelta(days=30)
"""Telegram has asked for hours. A longer one is a mistake, and too large a number no duration at all."""
_TOKEN = re.compile(r"[0-9]{5,20}(?::|%3[aA])[A-Za-z0-9_-]{20,}")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `said` is empty where the body is no JSON object."""

    status: int
    said: Mapping[str, Any]

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300 and self.said.get("ok") is True and "result" in self.said

    @property
    def code(self) -> int:
        """Telegram's own, which it also gives as the HTTP status; 0 where the answer is none of Telegram's."""
        return whole(self.said.get("error_code")) if self.said.get("ok") is False else 0

    @property
    def description(self) -> str:
        text = self.said.get("description")
        return text if isinstance(text, str) else ""

    def parameter(self, name: str) -> int:
        parameters = self.said.get("parameters")
        return whole(parameters.get(name)) if isinstance(parameters, dict) else 0


def read(status: int, body: bytes) -> Answer:
    """The answer in a body, whatever it holds."""
    try:
        value = parse_json(body.decode("utf-8", "replace").strip())
    except (ValueError, RecursionError):
        value = None
    return Answer(status, value if isinstance(value, dict) else {})


def error_of(answer: Answer, *, secrets: Collection[str] = (), repeatable: bool = False) -> PlatformError:
    """The error that an answer stands for, with Telegram's own words and wait.

    Args:
        secrets: Taken out of every text that is kept.
        repeatable: Doing it a second time harms nobody, so that nothing is uncertain about it.
    """
    verdict = _verdict(answer)
    if repeatable and verdict.error is SendUncertain:
        verdict = errors.REPEATED
    details = redacted(answer.description, secrets) or f"HTTP {answer.status}"
    if verdict.error is ChatMovedAway:
        moved_to = str(answer.parameter("migrate_to_chat_id"))
        return ChatMovedAway(verdict.meaning, new_chat=moved_to, code=answer.code, details=details)
    if verdict.error is SendDeferred:
        wait = _wait(answer)
        backoff = errors.TOLD if wait else verdict.backoff or errors.OUTAGE
        return SendDeferred(
            verdict.meaning, backoff=backoff, wait=wait, scope=verdict.scope, code=answer.code, details=details
        )
    return verdict.error(verdict.meaning, code=answer.code, details=details)


def redacted(text: str, secrets: Collection[str]) -> str:
    """`text` for an operator, also without what looks like a bot's token."""
    return redaction.redacted(text, secrets, _TOKEN)


def _verdict(answer: Answer) -> Verdict:
    code = answer.code
    if not code:
        return _by_status(answer)
    if answer.parameter("migrate_to_chat_id"):
        return errors.MOVED
    said = answer.description.lower()
    for piece, verdict in errors.WORDS.get(code, ()):
        if piece in said:
            return verdict
    if code in errors.CODES:
        return errors.CODES[code]
    if answer.parameter("retry_after") > 0:
        return errors.ASKED_TO_WAIT
    return errors.BROKEN_ANSWER if code >= 500 else errors.UNKNOWN_REFUSAL


def _by_status(answer: Answer) -> Verdict:
    status = answer.status
    if status >= 500 or status == 408:
        return errors.BROKEN_ANSWER
    if 200 <= status < 300 or answer.said.get("ok") is True:
        return errors.UNREADABLE_ANSWER
    if status in {413, 429}:
        # the web server before the Bot API answers these by itself
        return errors.CODES[status]
    return errors.NOT_TELEGRAM


def _wait(answer: Answer) -> timedelta | None:
    seconds = min(answer.parameter("retry_after"), _LONGEST_WAIT // timedelta(seconds=1))
    return timedelta(seconds=seconds) if seconds > 0 else None
