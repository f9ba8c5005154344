"""What each error of Telegram's Bot API means for the part that met it, as data.

Telegram documents `error_code` and `parameters`, and calls its descriptions subject to change: what they begin with is
compared in lower case, and what no row knows is classed by its code. Sources:
https://core.telegram.org/bots/api#making-requests, and the texts of https://github.com/tdlib/telegram-bot-api.
"""

from dataclasses import dataclass
from datetime import timedelta

from aof.domain.delivery import Remedy
from aof.domain.errors import (
    AccountStopped,
    Backoff,
    ChatMovedAway,
    PlatformError,
    RecipientUnreachable,
    Scope,
    SendDeferred,
    SendRefused,
    SendUncertain,
)


class MarkupRefused(SendRefused):
    """The marks of a text can't be read; the same text without marks can."""


class NotModified(SendRefused):
    """A message already is what it was to become."""


class ReplyGone(SendRefused):
    """What is answered to is not there any more; the answer can stand by itself."""


class MessageGone(SendRefused):
    """The message that was to be changed or taken away is not there, or not ours."""


class PressTooOld(SendRefused):
    """Nobody waits for a word on this tap any more."""


class FileTooBig(SendRefused):
    """Telegram gives out no file of this size."""


class MethodUnknown(SendRefused):
    """This server of the Bot API is older than the method."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row of the table. `backoff` and `scope` count for a deferred part only."""

    error: type[PlatformError]
    meaning: str
    """For an operator: what happened and what to do, in a sentence."""
    backoff: Backoff | None = None
    scope: Scope = "recipient"


def _backoff(first_seconds: float, factor: float, longest_seconds: float) -> Backoff:
    return Backoff(timedelta(seconds=first_seconds), factor, timedelta(seconds=longest_seconds))


THROTTLED = _backoff(1, 2, 60)
OUTAGE = _backoff(5, 2, 300)
UNREACHABLE = _backoff(1, 2, 60)
_PROXY = _backoff(60, 2, 3600)
TOLD = _backoff(0, 1, 0)
"""Beside Telegram's own wait, which is kept exactly: a request within it makes it longer."""


def _refused(meaning: str) -> Verdict:
    return Verdict(SendRefused, meaning)


_NOBODY = Verdict(
    RecipientUnreachable, "Telegram knows no such chat for this bot; a person has to press Start before it may write."
)
_FILE = _refused("Telegram could not take the file; check its id or its link.")
_RIGHTS = _refused("The group does not let the bot do this; make it an administrator, or allow members to write.")
_TOPIC = _refused("The topic is closed or gone.")
_GONE = Verdict(MessageGone, "The message is gone, or can't be changed.")
_REPLY = Verdict(ReplyGone, "The message that is answered to is gone.")
_TOO_OLD = Verdict(PressTooOld, "The tap was answered too late.")

WORDS: dict[int, tuple[tuple[str, Verdict], ...]] = {
    400: (
        ("message is not modified", Verdict(NotModified, "The message already reads like this.")),
        ("replied not found", _REPLY),
        ("replied message not found", _REPLY),
        ("reply message not found", _REPLY),
        ("message to reply not found", _REPLY),
        ("entit", Verdict(MarkupRefused, "Telegram can't read the marks of the text.")),
        ("can't parse", Verdict(MarkupRefused, "Telegram can't read the marks of the text.")),
        ("query is too old", _TOO_OLD),
        ("query id is invalid", _TOO_OLD),
        ("query_id_invalid", _TOO_OLD),
        ("message to edit not found", _GONE),
        ("message can't be edited", _GONE),
        ("message to delete not found", _GONE),
        ("message can't be deleted", _GONE),
        ("message to react not found", _GONE),
        ("message_id_invalid", _GONE),
        ("thread not found", _TOPIC),
        ("topic_closed", _TOPIC),
        ("topic_deleted", _TOPIC),
        ("chat not found", _NOBODY),
        ("user not found", _NOBODY),
        ("peer_id_invalid", _NOBODY),
        ("user_is_blocked", _NOBODY),
        ("input_user_deactivated", _NOBODY),
        ("group chat was deactivated", _NOBODY),
        ("file is too big", Verdict(FileTooBig, "Telegram gives out no file of this size.")),
        ("wrong file", _FILE),
        ("wrong remote file", _FILE),
        ("http url content", _FILE),
        ("web page content", _FILE),
        ("too long", _refused("The text is longer than Telegram takes.")),
        ("text is empty", _refused("The text shows nothing.")),
        ("button_", _refused("Telegram does not take one of the buttons.")),
        ("reaction_", _refused("Telegram does not take this reaction here.")),
        ("not enough rights", _RIGHTS),
        ("have no rights", _RIGHTS),
        ("administrator rights", _RIGHTS),
        ("chat_write_forbidden", _RIGHTS),
        ("chat_admin_required", _RIGHTS),
    ),
    404: (("method not found", Verdict(MethodUnknown, "This server of the Bot API does not know the method.")),),
}
"""Pieces of descriptions, the first that fits counts."""

CODES: dict[int, Verdict] = {
    400: _refused("Telegram calls the request wrong."),
    401: Verdict(AccountStopped, "Telegram does not accept the bot's token; make a new one with @BotFather."),
    403: Verdict(RecipientUnreachable, "The person shut the bot out or never started it, or the group has removed it."),
    # a malformed token and a removed bot read like this
    404: Verdict(AccountStopped, "Telegram knows no bot with this token; copy it again from @BotFather."),
    # Only asking for updates meets it, and it ends with the other daemon: during a restart two of them overlap for a
    # moment, which is no reason to stop sending until somebody acts
    409: Verdict(
        SendDeferred,
        "Another daemon asks Telegram for this bot's updates, or a webhook is set; stop the other one.",
        OUTAGE,
        "number",
    ),
    413: _refused("The file is larger than Telegram takes."),
    420: Verdict(SendDeferred, "Too many requests about this chat in a short time.", THROTTLED),
    429: Verdict(SendDeferred, "Too many requests about this chat in a short time.", THROTTLED),
}

MOVED = Verdict(ChatMovedAway, "The group goes on under another id.")
"""`parameters.migrate_to_chat_id` is there."""
ASKED_TO_WAIT = Verdict(SendDeferred, "Telegram asks to wait.", OUTAGE)
"""`parameters.retry_after` beside a code that is not in the list."""
UNKNOWN_REFUSAL = _refused("Telegram refused the request with a code that is not in the list.")
BROKEN_ANSWER = Verdict(SendUncertain, "Telegram's side broke off; the message may have been accepted.")
"""HTTP 5xx or 408. Also "restart": it is answered for messages that were already on their way."""
UNREADABLE_ANSWER = Verdict(SendUncertain, "Telegram's answer can't be read; the message may have been accepted.")
"""HTTP 2xx, or an answer that says `ok` and shows nothing."""
NOT_TELEGRAM = Verdict(
    SendDeferred,
    "Something between here and Telegram answered in its place; check api_url and proxies.",
    _PROXY,
    "number",
)
"""HTTP 3xx or 4xx without Telegram's error."""
REPEATED = Verdict(SendDeferred, "Nobody knows whether Telegram did it; a second time harms nobody.", OUTAGE)
"""In place of an uncertain one, where the request adds no message."""

_REMEDIES: dict[int, Remedy] = {401: "account", 403: "unreachable", 404: "account", 420: "again", 429: "again"}


def remedy_of(code: int) -> Remedy:
    """What helps a part that ended with a code; 0 is a part that ended without one."""
    return _REMEDIES.get(code, "unknown")
