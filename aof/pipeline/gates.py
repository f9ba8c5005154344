"""Every gate that a part passes on its way out, in one order, each with the words that an operator reads.

platform ─▶ live_send ─▶ access ─▶ consent ─▶ operator ─▶ the request; as it is about to be written, access and consent
once more
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from aof.domain.consent import BARRED
from aof.pipeline.admit import Access
from aof.platforms.base import AnyPlatform
from aof.store.base import PartLease, Standing
from aof.store.results import Dead, Held

SENT_AWAY = "whoever it is for may not talk here any more"


@dataclass(frozen=True, slots=True)
class Delivery:
    """`spec.delivery`."""

    uncertain: Literal["send_again", "ask_operator"] = "send_again"
    uncertain_wait: timedelta = timedelta(seconds=10)


class Gates:
    """What holds a part, before anything is asked of its platform."""

    def __init__(self, platforms: Mapping[str, AnyPlatform], access: Mapping[str, Access], delivery: Delivery) -> None:
        self._platforms = platforms
        self._access = access
        self._delivery = delivery

    def before(self, lease: PartLease, now: datetime) -> Held | Dead | None:
        """The first gate that is closed for a leased part."""
        platform = self._platforms.get(lease.account)
        if platform is None:
            return Held("no_platform", "the account it belongs to is not configured any more")
        if not (lease.address.chat or lease.address.number or lease.address.user_id):
            return Dead(0, "whoever it was for has given up their number, and no other address is known")
        if lease.until is not None and now >= lease.until:
            return Dead(0, "what it says was true for a while only, and that is over")
        if lease.question not in {"", "asked"}:
            doubt = "; it may be on the phone" if lease.uncertain else ""
            return Dead(0, f"the question that it asks is {lease.question}, so it was not sent{doubt}")
        if (gate := platform.held_by()) is not None:
            return Held(gate.gate, gate.reason)
        if (held := self.at_the_request(lease, lease.standing)) is not None:
            return held
        if lease.uncertain > 1:
            return Held("operator", "two requests for it were never answered; it may be on the phone")
        if lease.uncertain and self._delivery.uncertain == "ask_operator":
            return Held("operator", "its request was never answered; it may be on the phone")
        return None

    def at_the_request(self, lease: PartLease, standing: Standing) -> Held | None:
        """The gates that may have closed between the lease and the moment when the request is written."""
        closed = self._access[lease.account].closed(
            lease.recipient, standing, lease.cause, lease.heard_at, about=lease.about, group=lease.address.group
        )
        match closed:
            case None:
                return None
            case "sent_away":
                return Held("access", SENT_AWAY)
            case barred:
                return Held("consent", BARRED[barred])
