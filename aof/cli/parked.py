"""What operators read about closed windows and templates, at each of their commands."""

from typing import TYPE_CHECKING

from aof.cli.desk import NotDone, ago, whom
from aof.domain import window
from aof.domain.response import TemplatePart
from aof.domain.template import CLOSED
from aof.store.operators import Conversation, OutboxRow
from aof.store.windows import Nudge
from aof.texts.language import Language

if TYPE_CHECKING:
    from aof.daemon.desk import Desk

WINDOW = "window"
"""The gate of a platform that is only written to freely for a while."""


def is_window_open(desk: "Desk", account: str, found: Conversation) -> bool:
    """Whether somebody may be sent anything now."""
    return found.address.group or window.is_open(found.window_from, desk.platforms[account].window, desk.now())


async def who_has_to_write(desk: "Desk") -> list[str]:
    """A sentence for everybody to whom something is parked: since when, and what became of their nudge."""
    said, now, names = [], desk.now(), await desk.names()
    for one in await desk.store.closed_windows():
        to = whom(desk, one.account, one.address, names)
        parked = f"Parked for {to} until they write: {one.parked}, since {ago(one.since, now)}."
        said.append(f"{parked} {_of_nudge(one.nudge, desk, one.account)}")
    return said


async def refuse_closed_window(desk: "Desk", row: OutboxRow) -> None:
    """Say beforehand that a part would only be parked again.

    Raises:
        NotDone: Its person has to write first, and is asked already, or nothing is configured that asks them.
    """
    if row.gate != WINDOW or row.address.group:
        return
    alias = row.address.user_id or row.address.number or row.address.chat
    found = await desk.store.conversation_with(row.account, alias)
    if found is None or is_window_open(desk, row.account, found):
        return
    asked = [one for one in await desk.store.closed_windows() if one.conversation == found.conversation]
    if desk.platforms[row.account].nudge(Language.ENGLISH) is None or (asked and asked[0].nudge):
        raise NotDone(f"nothing was released: whoever message {row.seq} is for has to write first")


async def refuse_closed_template(desk: "Desk", account: str, part: TemplatePart) -> None:
    """Say beforehand that a template is not sent in its state.

    Raises:
        NotDone: It is in a state in which nothing of it is sent.
    """
    for known in await desk.store.templates(account=account, name=part.name):
        if known.language == part.language.replace("-", "_") and known.state in CLOSED:
            raise NotDone(
                f"the template {part.name} ({part.language}) is {known.state}: aof templates show {part.name}"
            )


def _of_nudge(nudge: Nudge | None, desk: "Desk", account: str) -> str:
    if nudge is None:
        return f"Nothing asks them to: write a template into spec.platforms.{_platform(desk, account)}.templates.nudge."
    match nudge.state:
        case "dead" | "failed":
            why = nudge.reason.rstrip(".")
            return f"The nudge failed ({why}); they have to write by themselves, or: aof outbox retry {nudge.seq}."
        case "held":
            return f"The nudge is held by the gate {nudge.gate}."
        case "queued" | "sending" | "uncertain":
            return "The nudge is on its way."
        case state:
            return f"The nudge is {state}."


def _platform(desk: "Desk", account: str) -> str:
    return desk.platforms[account].name if account in desk.platforms else account.partition(":")[0]
