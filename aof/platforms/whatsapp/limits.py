"""What WhatsApp's Cloud API takes, measured and documented."""

from datetime import timedelta

from aof.domain.limits import ChoiceLimits, Limit, PlatformLimits, Unit
from aof.platforms.base import Rates

_DOCS = "https://developers.facebook.com/documentation/business-messaging/whatsapp"
_TEXT = f"{_DOCS}/messages/text-messages"
_BUTTONS = f"{_DOCS}/messages/interactive-reply-buttons-messages"
_LIST = f"{_DOCS}/messages/interactive-list-messages"
_OPENAPI = "Meta's OpenAPI v23.0, BodyObject.maxLength; the list page says 4096, the lower number is safe under both"

# Nobody published whether Meta counts an astral character once or twice: counted as two it fits under either rule.
_UNIT = Unit.UTF16

LIMITS = PlatformLimits(
    text=Limit(4096, _UNIT, _TEXT),
    body=Limit(1024, _UNIT, _OPENAPI),
    buttons=ChoiceLimits(most=3, id=Limit(256, _UNIT, _BUTTONS), title=Limit(20, _UNIT, _BUTTONS)),
    rows=ChoiceLimits(
        most=10,  # of all sections together
        id=Limit(200, _UNIT, _LIST),
        title=Limit(24, _UNIT, _LIST),
        description=Limit(72, _UNIT, _LIST),
    ),
    list_label=Limit(20, _UNIT, _LIST),
    document=Limit(100 * 1024 * 1024, Unit.BYTES, f"{_DOCS}/business-phone-numbers/media"),
)

OPAQUE_ID = Limit(512, _UNIT, f"{_DOCS}/messages/send-messages, biz_opaque_callback_data")
"""The part id that travels with a message and comes back with its receipts."""

RATES = Rates(per_second=70, pair_burst=45, pair_refill=timedelta(seconds=6), counts_what_comes_in=True)
"""Meta allows a number 80 a second and counts what comes in too, for which an eighth is left. To one person it lends a
burst from the quota to come. Source: https://developers.facebook.com/docs/whatsapp/cloud-api/overview."""

WINDOW = timedelta(hours=24)
"""How long after a person last wrote free text is taken. Source:
https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-messages, customer service windows."""

TYPING_LASTS = timedelta(seconds=25)
"""Meta takes the typing indicator away by itself after that. Source: Meta's page on typing indicators."""
