"""Every gate that a part passes on its way out, in one order, each with the words that an operator reads.

platform ─▶ live_send ─▶ access ─▶ consent ─▶ operator ─▶ window ─▶ template ─▶ the request; as it is about to be
written, access, consent and window once more. What opens each of them says `aof.texts.gates`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from aof.domain import window
from aof.domain.consent import BARRED
from aof.domain.errors import WindowClosed
from aof.domain.response import Choice, TemplatePart
from aof.domain.template import CLOSED
from aof.pipeline.admit import Access
from aof.pipeline.press import WINDOW_SHOW
from aof.platforms.base import AnyPlatform
from aof.store.base import PartLease, Standing
from aof.store.results import Closed, Dead, Held
from aof.texts import windows as texts
from aof.texts.language import Language

SENT_AWAY = "whoever it is for may not talk here any more"


@dataclass(frozen=True, slots=True)
class Delivery:
    """`spec.delivery`."""

    uncertain: Literal["send_again", "ask_operator"] = "send_again"
    uncertain_wait: timedelta = timedelta(seconds=10)


class Gates:
    """What holds a part, before anything is asked of its platform."""

    def __init__(
        self,
        platforms: Mapping[str, AnyPlatform],
        access: Mapping[str, Access],
        delivery: Delivery,
        *,
        language: Language = Language.ENGLISH,
    ) -> None:
        self._platforms = platforms
        self._access = access
        self._delivery = delivery
        self._language = language

    def before(self, lease: PartLease, now: datetime) -> Held | Dead | None:
        """The first gate that is closed for a leased part."""
        platform = self._platforms.get(lease.account)
        if platform is None:
            return Held("platform", "the account it belongs to is not configured any more")
        if not (lease.address.chat or lease.address.number or lease.address.user_id):
            return Dead(0, "whoever it was for has given up their number, and no other address is known")
        if (over := _over(lease, now)) is not None:
            return over
        if (gate := platform.held_by()) is not None:
            return Held(gate.gate, gate.reason)
        if (held := self._contactable(lease, lease.standing)) is not None:
            return held
        if lease.uncertain > 1:
            return Held("operator", "two requests for it were never answered; it may be on the phone")
        if lease.uncertain and self._delivery.uncertain == "ask_operator":
            return Held("operator", "its request was never answered; it may be on the phone")
        if (held := self._window(lease, now)) is not None:
            return held
        if isinstance(lease.part, TemplatePart) and lease.template in CLOSED:
            return Held("template", f"the template {lease.part.name} ({lease.part.language}) is {lease.template}")
        return None

    def at_the_request(self, lease: PartLease, standing: Standing, now: datetime) -> Held | None:
        """The gates that may have closed between the lease and the moment when the request is written."""
        return self._contactable(lease, standing) or self._window(lease, now)

    def after_refusal(self, lease: PartLease, error: WindowClosed) -> Held | Dead:
        """What becomes of a part of which the platform says that the window is closed to it: parked, once."""
        if lease.refused or lease.address.group or isinstance(lease.part, TemplatePart):
            return Dead(error.code, str(error))
        return self._parked(lease, str(error), refused=True)

    def _contactable(self, lease: PartLease, standing: Standing) -> Held | None:
        closed = self._access[lease.account].closed(
            lease.recipient, standing, lease.cause, lease.heard_at, about=lease.about, group=lease.address.group_ids
        )
        match closed:
            case None:
                return None
            case "sent_away":
                return Held("access", SENT_AWAY)
            case barred:
                return Held("consent", BARRED[barred])

    def _window(self, lease: PartLease, now: datetime) -> Held | None:
        length = self._platforms[lease.account].window
        if (
            lease.address.group
            or isinstance(lease.part, TemplatePart)
            or window.is_open(lease.window_from, length, now)
        ):
            return None
        return self._parked(lease, "they have not written for a day")

    def _parked(self, lease: PartLease, why: str, *, refused: bool = False) -> Held:
        platform = self._platforms[lease.account]
        language = self._spoken_by(lease)
        nudge = platform.nudge(language)
        if nudge is None:
            key = f"spec.platforms.{platform.name}.templates.nudge"
            why = f"{why}, and no template asks them to: write one into {key}"
        else:
            shown = Choice(id=WINDOW_SHOW, title=texts.show_title(language), action_id=WINDOW_SHOW)
            nudge = nudge.model_copy(update={"buttons": (shown,)})
        return Held("window", why, Closed(nudge, refused=refused))

    def _spoken_by(self, lease: PartLease) -> Language:
        person = self._access[lease.account].people.find(lease.recipient)
        return (person.language if person else None) or lease.language or self._language


def _over(lease: PartLease, now: datetime) -> Dead | None:
    """Why nobody needs the part any more."""
    if lease.until is not None and now >= lease.until:
        return Dead(0, "what it says was true for a while only, and that is over")
    if lease.question not in {"", "asked"}:
        doubt = "; it may be on the phone" if lease.uncertain else ""
        return Dead(0, f"the question that it asks is {lease.question}, so it was not sent{doubt}")
    return None
