"""Meta's answer to a request, read: an id, or the error it stands for."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import Any, assert_never

from aof.domain.errors import (
    AccountStopped,
    OptedOut,
    PlatformError,
    SendDeferred,
    SendRefused,
    SendUncertain,
    WindowClosed,
)
from aof.platforms import redaction
from aof.platforms.base import NO_HEADERS
from aof.platforms.fields import Node, node_at, nodes_at, text_at, whole_at
from aof.platforms.whatsapp import errors
from aof.platforms.whatsapp.errors import Outcome, Verdict
from aof.platforms.whatsapp.parse.statuses import details

_TOKEN = re.compile(r"\bEAA[A-Za-z0-9]{16,}")  # how Meta's access tokens begin
_OBJECT = re.compile(r"Object with ID '([^']*)'")
_LONGEST_WAIT = timedelta(days=1)
"""No wait of Meta's is longer; a larger number is a mistake that would park a part for good."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    error: Node
    """Meta's `error` object; empty when there is none that can be read."""

    @property
    def code(self) -> int | None:
        """Meta's number; None where it gave none, for 0 is a code of its own."""
        code = self.error.get("code")
        return whole_at(self.error, "code") or (0 if code == 0 and not isinstance(code, bool) else None)

    @property
    def words(self) -> list[str]:
        told = [text_at(self.error, "message"), details(self.error), text_at(self.error, "error_user_msg")]
        return [word for word in dict.fromkeys(told) if word]


def message_id(body: bytes) -> str | None:
    """The id under which Meta accepted a message; None when the body names none."""
    for each in nodes_at(_object(body), "messages"):
        if found := text_at(each, "id"):
            return found
    return None


def classify(
    status: int,
    body: bytes,
    headers: Mapping[str, str] = NO_HEADERS,
    *,
    phone_number_id: str = "",
    secrets: Collection[str] = (),
) -> PlatformError:
    """The error that an answer stands for, with Meta's own words and wait.

    Args:
        status: The HTTP status; one of 200 here means that the body named no message.
        body: As received; HTML, cut or empty bodies are classed by the status.
        headers: Read for `Retry-After` (seconds) and `X-Business-Use-Case-Usage` (minutes).
        phone_number_id: Tells "our number is unknown" from "something in this message is unknown".
        secrets: Taken out of every text that is kept; Meta has echoed tokens in messages.
    """
    answer = _Answer(status, node_at(_object(body), "error"))
    verdict = _verdict(answer, phone_number_id)
    details = redacted("; ".join(answer.words), secrets) or (f"HTTP {status}" if status else "")
    return _error(verdict, answer.code or 0, details, _wait(headers, verdict))


def redacted(text: str, secrets: Collection[str]) -> str:
    """`text` for an operator, also without what looks like a token of Meta's."""
    return redaction.redacted(text, secrets, _TOKEN)


def _verdict(answer: _Answer, phone_number_id: str) -> Verdict:
    if 200 <= answer.status < 300:
        return errors.BROKEN_ANSWER
    if answer.code is not None:
        found = _about_us(answer, phone_number_id) or errors.CODES.get(answer.code)
        if found:
            return found
    if answer.status >= 500 or answer.status == 408:
        return errors.BROKEN_ANSWER
    if answer.status == 429:
        return errors.THROTTLED
    if not answer.error:
        return errors.NOT_META
    if answer.status == 401:
        return errors.TOKEN
    return errors.TRANSIENT if answer.error.get("is_transient") is True else errors.UNKNOWN_REFUSAL


def _about_us(answer: _Answer, phone_number_id: str) -> Verdict | None:
    """What makes an invalid parameter a matter of the account: every other part would meet it too."""
    if answer.code != 100:
        return None
    said = text_at(answer.error, "message")
    if "appsecret_proof" in said:
        return errors.PROOF
    if whole_at(answer.error, "error_subcode") == 33:
        named = _OBJECT.search(said)
        if named is None or named.group(1) == phone_number_id:
            return errors.NO_SUCH_NUMBER
    return None


def _error(verdict: Verdict, code: int, details: str, wait: timedelta | None) -> PlatformError:
    match verdict.outcome:
        case Outcome.REFUSED:
            return SendRefused(verdict.meaning, code=code, details=details)
        case Outcome.WINDOW:
            return WindowClosed(verdict.meaning, code=code, details=details)
        case Outcome.OPTED_OUT:
            return OptedOut(verdict.meaning, code=code, details=details)
        case Outcome.STOPPED:
            return AccountStopped(verdict.meaning, code=code, details=details)
        case Outcome.UNCERTAIN:
            return SendUncertain(verdict.meaning, code=code, details=details)
        case Outcome.DEFERRED:
            return SendDeferred(
                verdict.meaning,
                backoff=verdict.backoff or errors.OUTAGE,
                wait=wait,
                scope=verdict.scope,
                code=code,
                details=details,
            )
        case _:
            assert_never(verdict.outcome)


def _wait(headers: Mapping[str, str], verdict: Verdict) -> timedelta | None:
    lowered = {name.lower(): value for name, value in headers.items()}
    waits = [timedelta(seconds=_seconds(lowered.get("retry-after", "")))]
    if verdict.scope == "number":
        # the header tells of the whole account, which is no reason to keep one person waiting
        usages = _object(lowered.get("x-business-use-case-usage", "").encode("utf-8", "surrogatepass"))
        for usage in chain.from_iterable(nodes_at(usages, account) for account in usages):
            minutes = min(whole_at(usage, "estimated_time_to_regain_access"), _LONGEST_WAIT // timedelta(minutes=1))
            waits.append(timedelta(minutes=minutes))
    longest = min(max(waits), _LONGEST_WAIT)
    return longest if longest > timedelta(0) else None


def _seconds(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text.strip()) else 0


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
