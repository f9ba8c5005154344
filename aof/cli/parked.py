"""What operators read about closed windows and templates, at each of their commands."""

from typing import TYPE_CHECKING

from aof.cli.desk import ago
from aof.pipeline.desk.outbox import whom
from aof.store.windows import Nudge

if TYPE_CHECKING:
    from aof.daemon.desk import Desk


async def who_has_to_write(desk: "Desk") -> list[str]:
    """A sentence for everybody to whom something is parked: since when, and what became of their nudge."""
    said, now, names = [], desk.now(), await desk.names()
    for one in await desk.store.closed_windows():
        to = whom(desk, one.account, one.address, names)
        parked = f"Parked for {to} until they write: {one.parked}, since {ago(one.since, now)}."
        said.append(f"{parked} {_of_nudge(one.nudge, desk, one.account)}")
    return said


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
