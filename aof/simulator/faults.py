"""Faults that can be switched on, each until it is switched off or for a number of times.

`429`: times
    the send is refused with HTTP 429 and code 130429
`500`: times
    the send is refused with HTTP 500 and code 131000
`502`: times
    a proxy answers the send with an HTML page
`error`: code, or `{"code", "times", "status", "details"}`
    the send is refused with that code and its HTTP status
`fail_later`: code, or `{"code", "times", "details"}`
    the send is accepted; a `failed` status with that code follows
`expired_token`: times
    any Graph request is refused with 401, code 190, subcode 463
`timeout_after_accept`: times
    the send is accepted and shown on the phone, but no answer comes until the client gives up
`cut_after_accept`: times
    the send is accepted and shown on the phone, then the connection is cut without an answer
`slow_seconds`: seconds, or `{"seconds", "times"}`
    the send is accepted and shown, the answer comes that much later
`drop_ack`: times
    our 200 for a webhook counts as lost: the webhook is repeated
`duplicate`: copies, or `{"copies", "times"}`
    a webhook is posted that many times more
`batch`: size, or `{"size", "times"}`
    that many updates travel in one webhook, over several entries and changes
`reorder`: times
    updates are collected for a second and posted in another order
`withhold_receipts`: times
    statuses are never sent
`hold_receipts`: `true`
    statuses are kept, and sent when it is switched off

*times* is `true` (until switched off), a whole number, or `{"times": n}`.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from aof.simulator.catalogue import CODES


@dataclass(frozen=True, slots=True)
class Kinds:
    """Which faults there are on one platform."""

    amounts: Mapping[str, str | None]
    """Every fault, and what its amount is called where it has one."""
    more: Mapping[str, frozenset[str]]
    """What else can be said of one: `status`, `details`."""
    most: Mapping[str, int]
    """The highest amount, by what it is called."""
    codes: Collection[int] | None = None
    """Codes whose HTTP status is known; `None`: a code is one."""


WHATSAPP = Kinds(
    amounts={
        "429": None,
        "500": None,
        "502": None,
        "error": "code",
        "fail_later": "code",
        "expired_token": None,
        "timeout_after_accept": None,
        "cut_after_accept": None,
        "slow_seconds": "seconds",
        "drop_ack": None,
        "duplicate": "copies",
        "batch": "size",
        "reorder": None,
        "withhold_receipts": None,
        "hold_receipts": None,
    },
    more={"error": frozenset({"status", "details"}), "fail_later": frozenset({"details"})},
    most={"copies": 100, "size": 1000, "seconds": 86_400, "code": 10_000_000},
    codes=CODES,
)


class WrongFault(ValueError):
    """The message says what was wrong and what can be written."""


@dataclass(slots=True)
class Fault:
    """One fault that is on."""

    name: str
    times: int | None = None
    """How often it will still strike; `None`: until it is switched off."""
    amount: float = 0
    status: int | None = None
    details: str | None = None
    key: str | None = None
    """What its amount is called."""

    def shown(self) -> Any:
        """As it could be written to switch it on."""
        key = self.key
        if key is None:
            return True if self.times is None else self.times
        parts = {key: self.amount, "times": self.times, "status": self.status, "details": self.details}
        found = {name: value for name, value in parts.items() if value is not None}
        return self.amount if len(found) == 1 else found


class Faults:
    """Which faults are on. `changed` is called whenever that changes."""

    def __init__(self, kinds: Kinds = WHATSAPP) -> None:
        self._kinds = kinds
        self._on: dict[str, Fault] = {}
        self.changed: Callable[[], None] = lambda: None

    def set(self, asked: Mapping[str, Any]) -> None:
        """Switch on exactly these and all others off.

        Raises:
            WrongFault: A name or value makes no sense; nothing has been changed.
        """
        faults = (_parsed(self._kinds, name, value) for name, value in asked.items())
        self._on = {fault.name: fault for fault in faults if fault is not None}
        self.changed()

    def shown(self) -> dict[str, Any]:
        return {name: fault.shown() for name, fault in self._on.items()}

    def on(self, name: str) -> Fault | None:
        """The fault, without using it up."""
        return self._on.get(name)

    def take(self, name: str) -> Fault | None:
        """The fault, if it strikes now; one of its times is used up."""
        fault = self._on.get(name)
        if fault is None or fault.times is None:
            return fault
        fault.times -= 1
        if fault.times == 0:
            del self._on[name]
            self.changed()
        return fault


def _parsed(kinds: Kinds, name: str, value: Any) -> Fault | None:
    if name not in kinds.amounts:
        raise WrongFault(f"There is no fault {name[:100]!r}. The faults are: {', '.join(kinds.amounts)}.")
    key = kinds.amounts[name]
    if value is None or value is False or value == 0:
        return None
    if isinstance(value, dict):
        return _from_object(kinds, name, key, value)
    if key is None:
        return Fault(name, None if value is True else _whole(name, "times", value))
    return _checked(kinds, Fault(name, amount=_amount(kinds, name, key, value), key=key))


def _from_object(kinds: Kinds, name: str, key: str | None, value: dict[str, Any]) -> Fault:
    allowed = {"times"} | ({key} if key else set()) | kinds.more.get(name, frozenset())
    if unknown := set(value) - allowed:
        raise WrongFault(
            f"{name}: unknown {', '.join(sorted(unknown))[:200]}. Known are: {', '.join(sorted(allowed))}."
        )
    times = value.get("times")
    details = value.get("details")
    if details is not None and not isinstance(details, str):
        raise WrongFault(f"{name}: details is a text.")
    fault = Fault(
        name,
        None if times is None else _whole(name, "times", times),
        _amount(kinds, name, key, value.get(key)) if key else 0,
        _whole(name, "status", value["status"]) if "status" in value else None,
        details,
        key,
    )
    return _checked(kinds, fault)


def _checked(kinds: Kinds, fault: Fault) -> Fault:
    if fault.status is not None and not 400 <= fault.status <= 599:
        raise WrongFault(f"{fault.name}: status is an HTTP status from 400 to 599.")
    if fault.name == "error":
        if kinds.codes is None and not 400 <= fault.amount <= 599:
            raise WrongFault("error: code is an HTTP status from 400 to 599.")
        if kinds.codes is not None and fault.status is None and fault.amount not in kinds.codes:
            raise WrongFault(f"error: code {fault.amount} is not in the table of codes; say its HTTP status as well.")
    return fault


def _whole(name: str, key: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1_000_000:
        raise WrongFault(f"{name}: {key} is a whole number from 1 to 1000000.")
    return value


def _amount(kinds: Kinds, name: str, key: str, value: Any) -> float:
    least = 0 if key in {"code", "seconds"} else 1
    whole = key != "seconds"
    if (
        isinstance(value, bool)
        or not isinstance(value, int if whole else int | float)
        or not least <= value <= kinds.most[key]
    ):
        raise WrongFault(f"{name}: {key} is a {'whole ' if whole else ''}number from {least} to {kinds.most[key]}.")
    return value
