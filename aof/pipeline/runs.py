"""The turns that are being answered now, so that a person can stop their own."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from aof.domain.linked import Linked
from aof.domain.message import ButtonPress, InboundMessage, Sender, Spoken
from aof.store.base import EventLease


@dataclass(slots=True, eq=False)
class Run:
    """One turn under way."""

    lease: EventLease
    task: asyncio.Task[None]
    began_at: datetime
    cancelled_by: str | None = None
    """The event id of the command that stopped it."""
    refused: bool = False
    """Whoever asked was sent away meanwhile."""
    answered: bool = False
    """Its answer is being written down: too late to stop it."""


class Runs:
    """All turns under way; lives in memory, since a turn does."""

    def __init__(self, linked: Linked | None = None) -> None:
        self._linked = linked or Linked()
        self._running: dict[int, Run] = {}
        self._stopped: OrderedDict[tuple[str, str], str] = OrderedDict()

    def __len__(self) -> int:
        return len(self._running)

    def begin(self, run: Run) -> None:
        self._running[run.lease.seq] = run

    def end(self, run: Run) -> None:
        self._running.pop(run.lease.seq, None)

    def of(self, lease: EventLease) -> Run | None:
        return self._running.get(lease.seq)

    def conversations(self) -> list[str]:
        return [run.lease.conversation for run in self._running.values()]

    def tasks(self) -> list[asyncio.Task[None]]:
        return [run.task for run in self._running.values()]

    def of_sender(self, event: Spoken) -> list[Run]:
        """What the sender of an event has running, in whatever chat and on whichever of their accounts."""
        return [run for run in self._running.values() if self._is_of(event, run.lease.event)]

    def _is_of(self, event: Spoken, other: Spoken) -> bool:
        person = self._linked.key(event.platform, event.sender)
        if person and person == self._linked.key(other.platform, other.sender):
            return True
        return event.account == other.account and _same(event.sender, other.sender)

    def cancel(self, command: InboundMessage) -> None:
        """Stop, in a moment, what the command's sender started in this chat; nobody else's."""
        for run in self._running.values():
            event = run.lease.event
            same_place = (event.account, event.group, event.thread) == (command.account, command.group, command.thread)
            same_chat = same_place and (not event.group or event.chat_id == command.chat_id)
            if same_chat and _same(event.sender, command.sender):
                # a task that is cancelled before its first step never takes it, and nobody would write down its end
                asyncio.get_running_loop().call_soon(self._stop, run, command)

    def _stop(self, run: Run, command: InboundMessage) -> None:
        if run.cancelled_by is not None or run.answered:
            return
        run.cancelled_by = command.event_id
        self._stopped[command.account, command.event_id] = question(run.lease.event)
        while len(self._stopped) > 1_000:
            self._stopped.popitem(last=False)
        run.task.cancel()

    def stopped_by(self, command: InboundMessage) -> str | None:
        """The question whose run this command stopped."""
        return self._stopped.pop((command.account, command.event_id), None)


def _same(one: Sender, other: Sender) -> bool:
    if one.user_id and other.user_id:
        return one.user_id == other.user_id
    return bool(one.number) and one.number == other.number


def question(event: Spoken) -> str:
    """What was asked, in at most 60 characters."""
    said = ""
    if isinstance(event, ButtonPress | InboundMessage):
        said = event.title if isinstance(event, ButtonPress) else event.text
    first = said.strip().partition("\n")[0]
    return first if len(first) <= 60 else first[:59] + "…"
