"""What helps a message that did not leave or did not arrive."""

from collections.abc import Mapping
from typing import Literal

from aof.domain.delivery import Remedy
from aof.platforms.base import AnyPlatform
from aof.store.reading import TROUBLE, Delivery
from aof.web.operator.words import Words


def remedy(words: Words, platforms: Mapping[str, AnyPlatform], delivery: Delivery) -> str:
    """One sentence; empty where nothing has to be done."""
    row = delivery.row
    if row.state == "held":
        return words.what_opens(row.gate) or words.do_held()
    if row.state == "uncertain":
        return words.do_wait()
    if row.state == "queued":
        return words.do_rate() if delivery.deferrals or row.reason else ""
    if row.state not in TROUBLE or delivery.is_buried:
        return ""
    return str(getattr(words, f"do_{_remedy(platforms, delivery)}")())


def _remedy(platforms: Mapping[str, AnyPlatform], delivery: Delivery) -> Remedy:
    if delivery.row.shut_out:
        return "shut_out"
    platform = platforms.get(delivery.row.account)
    return platform.remedy(delivery.row.code) if platform is not None else "unknown"


def step_for(platforms: Mapping[str, AnyPlatform], delivery: Delivery) -> Literal["retry", "bury", ""]:
    """The one step that helps what did not arrive; empty where somebody has to look first."""
    match _remedy(platforms, delivery):
        case "unreachable" | "marketing":
            return "bury"
        case "again" | "template" | "test_number":
            return "retry"
        case _:
            return ""


def reason_of(delivery: Delivery) -> str:
    """The platform's code and words; the code once."""
    row = delivery.row
    return f"{row.code}: {row.reason}" if row.code and str(row.code) not in row.reason else row.reason


def shown_state(delivery: Delivery) -> str:
    """The state as a reader knows it: one that waits for its next attempt is not one that waits its turn."""
    row = delivery.row
    if delivery.is_buried:
        return "buried"
    return "deferred" if row.state == "queued" and (delivery.deferrals or row.reason) else row.state
