"""Answers about the services of this machine: which have failed, how one is, and what its journal says."""

from enum import StrEnum

from aof.agents.runbook.excerpt import excerpt
from aof.agents.runbook.programs import ProgramFailed
from aof.agents.runbook.setting import Setting
from aof.agents.runbook.systemd import Journal, Systemd, Unit, is_offline
from aof.agents.runbook.unit_names import unit_in
from aof.domain.response import Action, Response, Status
from aof.texts import machine_services as texts
from aof.texts import machine_talk
from aof.texts.machine_words import more, place
from aof.tools.commands import fits

_LISTED = 10
_BUTTONS = 3
"""The most that WhatsApp shows under a message at once."""


class Look(StrEnum):
    """What to show of a unit; `<look>:<unit>` is a button's id."""

    STATE = "service"
    JOURNAL = "journal"

    def at(self, unit: str) -> str:
        return f"{self}:{unit}"


def read_look(action_id: str) -> tuple[Look, str] | None:
    """What an id asks for; None where it is no such id, or where its value can't be the name of a unit."""
    first, _, unit = action_id.partition(":")
    return (Look(first), unit) if first in set(Look) and fits("unit", unit) else None


class Services:
    """Never raises for what systemctl and journalctl do: a failure is an answer too."""

    def __init__(self, systemd: Systemd, setting: Setting) -> None:
        self._systemd = systemd
        self._setting = setting
        self._language, self._host, self._at = setting.language, setting.host, setting.at

    async def services(self, text: str) -> Response:
        """To a question about all services, or about one that the text names."""
        unit = unit_in(text, host=self._host)
        try:
            return await self._overview() if unit is None else await self._state(unit)
        except ProgramFailed as failed:
            return self._failure(failed, "memory", "top")

    async def journal(self, text: str) -> Response:
        """To a question about the journal; where the text names no unit, with those that could be meant."""
        unit = unit_in(text, host=self._host)
        if unit is not None:
            return await self.pressed(Look.JOURNAL, unit)
        try:
            troubled = [unit.name for unit in _troubled(await self._systemd.services()) if fits("unit", unit.name)]
        except ProgramFailed as failed:
            return self._failure(failed, "services", "containers")
        lines = [texts.which_unit(self._language, troubled[:_LISTED]), self._place()]
        steps = [self._step(Look.JOURNAL, unit, title=unit) for unit in troubled[:_BUTTONS]]
        return Response(
            text="\n\n".join(lines), status=Status.NOTE, actions=tuple(steps) or self._setting.offered("services")
        )

    async def pressed(self, look: Look, unit: str) -> Response:
        """To a tap, with a unit's full name."""
        try:
            if look is Look.STATE:
                return await self._state(unit)
            return self._lines(unit, await self._systemd.journal(unit))
        except ProgramFailed as failed:
            return self._failure(failed, "services")

    async def _overview(self) -> Response:
        units = await self._systemd.services()
        troubled = _troubled(units)
        running = sum(unit.is_running for unit in units)
        if not troubled:
            text = texts.none_failed(self._language, running=running, host=self._host, at=self._at)
            actions = (*self._setting.offered("journal", "top"), self._setting.again("ask:services"))
            return Response(text=text, status=Status.OK, actions=actions)
        lines = [texts.unit_line(self._language, name=unit.name, state=unit.state) for unit in troubled[:_LISTED]]
        if len(troubled) > _LISTED:
            lines.append(more(self._language, len(troubled) - _LISTED))
        text = "\n\n".join(
            [
                texts.some_failed(self._language, len(troubled), host=self._host, at=self._at),
                "\n".join(lines),
                texts.running(self._language, running),
            ]
        )
        steps = [
            self._step(Look.JOURNAL, unit.name, title=texts.journal_button(self._language, unit.name))
            for unit in troubled
            if fits("unit", unit.name)
        ]
        return Response(
            text=text, status=Status.WARNING, actions=tuple(steps[:_BUTTONS]) or (self._setting.again("ask:services"),)
        )

    async def _state(self, name: str) -> Response:
        unit = await self._systemd.unit(name)
        if unit is None:
            text = texts.no_such_unit(self._language, unit=name, host=self._host, at=self._at)
            return Response(
                text=text, status=Status.NOTE, actions=(self._journal_of(name), *self._setting.offered("services"))
            )
        text = texts.state_of(self._language, unit=name, state=unit.state, host=self._host, at=self._at)
        status = Status.WARNING if _is_troubled(unit) else Status.OK if unit.active == "active" else Status.NOTE
        actions = (self._journal_of(name), self._setting.again(Look.STATE.at(name)), *self._setting.offered("services"))
        return Response(text=text, status=status, actions=actions)

    def _lines(self, unit: str, journal: Journal) -> Response:
        actions = (
            self._setting.again(Look.JOURNAL.at(unit)),
            Action(id=Look.STATE.at(unit), title=texts.state_button(self._language)),
            *self._setting.offered("services"),
        )
        if not journal.lines:
            if journal.has_no_files:
                text = texts.no_journal(self._language, host=self._host, at=self._at)
            elif journal.is_partial:
                text = texts.nothing_visible(self._language, unit=unit, host=self._host, at=self._at)
            else:
                text = texts.no_entries(self._language, unit=unit, host=self._host, at=self._at)
            return Response(text=text, status=Status.NOTE, actions=actions)
        heading = texts.journal_of(self._language, unit=unit)
        block = excerpt(self._language, journal.lines, newest=True, cut=journal.cut, program="journalctl")
        lines = [f"{heading}\n{block}"]
        if journal.is_partial:
            lines.append(texts.partly_visible(self._language))
        return Response(text="\n\n".join([*lines, self._place()]), actions=actions)

    def _failure(self, failed: ProgramFailed, *next_topics: str) -> Response:
        text = (
            texts.systemd_offline(self._language, host=self._host, at=self._at)
            if is_offline(failed)
            else failed.answer(self._setting)
        )
        return Response(text=text, status=Status.FAILED, actions=self._setting.offered(*next_topics))

    def _place(self) -> str:
        return place(self._language, self._host, self._at)

    def _step(self, look: Look, unit: str, *, title: str) -> Action:
        return Action(id=look.at(unit), title=title)

    def _journal_of(self, unit: str) -> Action:
        return self._step(Look.JOURNAL, unit, title=machine_talk.view_logs(self._language))


def _troubled(units: list[Unit]) -> list[Unit]:
    """The failed ones first, each group by name."""
    return sorted(filter(_is_troubled, units), key=lambda unit: (not unit.has_failed, unit.name))


def _is_troubled(unit: Unit) -> bool:
    return unit.has_failed or unit.keeps_restarting
