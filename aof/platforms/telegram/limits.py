"""What Telegram's Bot API takes, documented and known."""

from datetime import timedelta

from aof.domain.limits import ChoiceLimits, Limit, PlatformLimits, Unit
from aof.platforms.base import Rates

_API = "https://core.telegram.org/bots/api"
_MESSAGE = f"{_API}#sendmessage, characters after entities parsing, which Telegram counts in UTF-16 units"
_BUTTON = f"{_API}#inlinekeyboardbutton"

LIMITS = PlatformLimits(
    text=Limit(4096, Unit.UTF16, _MESSAGE),
    body=Limit(4096, Unit.UTF16, _MESSAGE),
    buttons=ChoiceLimits(
        most=100,  # no page names it; both well-known libraries keep to it
        id=Limit(64, Unit.BYTES, f"{_BUTTON}, callback_data"),
        title=Limit(64, Unit.UTF16, "our own choice: no limit is documented, and a phone cuts what is much longer"),
    ),
    rows=None,
    list_label=None,
    document=Limit(50 * 1024 * 1024, Unit.BYTES, f"{_API}#senddocument"),
)

BUTTONS_A_ROW = 8
"""No page names it; Telegram refuses more."""

RICH = Limit(32_768, Unit.CODE_POINTS, f"{_API}#inputrichmessage")
"""The CommonMark of a rich message."""
CAPTION = Limit(1024, Unit.UTF16, f"{_API}#senddocument, caption")
COMMAND_DESCRIPTION = Limit(256, Unit.UTF16, f"{_API}#botcommand")
MOST_COMMANDS = 100
"""In a menu. Source: https://core.telegram.org/bots/api#setmycommands."""
MOST_DOWNLOAD_BYTES = 20 * 1024 * 1024
"""Of a file that somebody sent. Source: https://core.telegram.org/bots/api#getfile."""

RATES = Rates(
    per_second=30,
    pair_burst=3,
    pair_refill=timedelta(seconds=1),
    group_burst=20,
    group_refill=timedelta(seconds=3),
)
"""30 a second in all, one a second to one person with short bursts, 20 a minute to one group; what changes a message
counts as one. Source: https://core.telegram.org/bots/faq, how to avoid hitting limits."""

TYPING_LASTS = timedelta(seconds=5)
"""Or until a message arrives. Source: https://core.telegram.org/bots/api#sendchataction."""
PROGRESS_EVERY = timedelta(seconds=1.5)
"""Of drafts, which only a chat of two has; known from use, no page names a rate for them."""
PROGRESS_EVERY_IN_GROUPS = timedelta(seconds=4)
"""Of a message that is changed: below the group's rate, so that room for the answer is left."""
