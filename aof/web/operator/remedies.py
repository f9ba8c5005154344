"""What helps a message that did not leave or did not arrive."""

from typing import Literal

from aof.store.reading import TROUBLE, Delivery
from aof.texts.gates import opens
from aof.web.operator.words import Words

_RATE = frozenset({4, 613, 80007, 130429, 131016, 131056, 131057, 133004, 2494100})
_UNREACHABLE = frozenset({130403, 130497, 131020, 131021, 131026, 131041, 131062, 137000})
_MARKETING = frozenset({130472, 131049, 131050})
_ACCOUNT = frozenset({0, 3, 10, 33, 190, 368, 131005, 131031, 131037, 131042, 131045, 131048})
_TEMPLATES = range(132000, 132019)
_WINDOW, _TEST_NUMBER = 131047, 131030


def remedy(words: Words, delivery: Delivery) -> str:
    """One sentence; empty where nothing has to be done."""
    row = delivery.row
    if row.state == "held":
        return opens(words.language, row.gate) or words.do_held()
    if row.state == "uncertain":
        return words.do_wait()
    if row.state == "queued":
        return words.do_rate() if delivery.deferrals or row.reason else ""
    if row.state not in TROUBLE or delivery.is_buried:
        return ""
    return str(getattr(words, f"do_{_kind(row.code)}")())


def _kind(code: int) -> str:
    kinds = {"rate": _RATE, "unreachable": _UNREACHABLE, "marketing": _MARKETING, "template": _TEMPLATES}
    if code == _WINDOW:
        return "window"
    if code == _TEST_NUMBER:
        return "test_number"
    if code and code in _ACCOUNT:
        return "account"
    return next((kind for kind, codes in kinds.items() if code in codes), "else")


def step_for(delivery: Delivery) -> Literal["retry", "bury", ""]:
    """The one step that helps what did not arrive; empty where somebody has to look first."""
    kind = _kind(delivery.row.code)
    if kind in ("unreachable", "marketing"):
        return "bury"
    return "retry" if kind in ("template", "test_number", "rate") else ""


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
