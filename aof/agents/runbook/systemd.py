"""What is asked of systemd, each one read-only call, and what its tables say."""

import re
from dataclasses import dataclass

from aof.agents.runbook.programs import ProgramFailed, called
from aof.tools.commands import JOURNAL, UNITS
from aof.tools.runner import Outcome, Runner

# Debian 11 to 13: "System has not been booted with systemd as init system (PID 1). Can't operate."; in a chroot
# "Running in chroot, ignoring command 'list-units'", and that counts as done. A bus out of reach is something else.
_OFFLINE = re.compile(r"not been booted with systemd|running in chroot", re.IGNORECASE)

_ROW = re.compile(r"(?P<unit>\S+)\s+(?P<load>\S+)\s+(?P<active>[a-z-]+)\s+(?P<sub>[a-z-]+)(?:\s.*)?")

# Up to systemd 249 above the lines: "-- Journal begins at Sat … ends at … --" (246 and older "Logs begin at")
_HEADING = re.compile(r"-- (?:Journal begins|Logs begin) at .* --")
_NO_ENTRIES = re.compile(r"-- No entries --")
_NO_FILES = re.compile(r"No journal files were found")
_NOT_PERMITTED = re.compile(r"not seeing messages from|insufficient permissions|permission denied", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unit:
    """One line of `systemctl list-units`."""

    name: str
    load: str
    active: str
    sub: str

    @property
    def has_failed(self) -> bool:
        return self.active == "failed"

    @property
    def keeps_restarting(self) -> bool:
        """It ended badly and waits for its next start: systemd calls that "activating", not "failed"."""
        return "auto-restart" in self.sub

    @property
    def is_running(self) -> bool:
        return self.sub == "running"

    @property
    def state(self) -> str:
        """In systemd's own words, as in `active (running)`."""
        return f"{self.active} ({self.sub})"


@dataclass(frozen=True, slots=True)
class Journal:
    """The last lines of a unit."""

    lines: str
    """Cleaned and redacted; empty where there are none."""
    cut: bool
    has_no_files: bool
    """journalctl works, and there is no journal at all."""
    is_partial: bool
    """Not everything may be seen."""


class Systemd:
    """All methods raise ProgramFailed."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    async def services(self) -> list[Unit]:
        """Those that systemd has in memory: active, failed, or about to be."""
        return await self._units("--type=service", *UNITS)

    async def unit(self, name: str) -> Unit | None:
        """None where systemd has no such unit in memory, or can't find the file of one that others name."""
        listed = await self._units("--all", *UNITS, name)
        return next((unit for unit in listed if unit.name == name and unit.load != "not-found"), None)

    async def journal(self, unit: str) -> Journal:
        outcome = await called(self._runner, "journalctl", f"--unit={unit}", *JOURNAL)
        lines = [line for line in outcome.stdout.split("\n") if line.strip() and not _HEADING.fullmatch(line.strip())]
        if lines and _NO_ENTRIES.fullmatch(lines[-1].strip()):
            lines = []
        has_no_files = not lines and _NO_FILES.search(outcome.stderr) is not None
        is_partial = _NOT_PERMITTED.search(outcome.stderr) is not None
        # What was cut off is worth showing all the same; some versions fail where there is nothing to show
        if not outcome.succeeded and not (outcome.cut and lines):
            ended = outcome.exit_code is not None and not lines
            if not ended or not (has_no_files or is_partial):
                raise ProgramFailed(outcome)
        return Journal("\n".join(lines), outcome.cut, has_no_files, is_partial)

    async def _units(self, *args: str) -> list[Unit]:
        outcome = await called(self._runner, "systemctl", "list-units", *args)
        if not outcome.succeeded or _OFFLINE.search(outcome.stderr):
            raise ProgramFailed(outcome)
        return _units(outcome)


def is_offline(failed: ProgramFailed) -> bool:
    """systemctl works, and systemd isn't what runs this machine."""
    return failed.program == "systemctl" and _OFFLINE.search(failed.said) is not None


def _units(outcome: Outcome) -> list[Unit]:
    found = []
    for line in outcome.stdout.split("\n"):
        # systemd 245 and older mark some lines with a sign although --plain was asked for
        text = line.strip().lstrip("●*○×↻ ")
        if not text:
            continue
        row = _ROW.fullmatch(text)
        if row is None:
            raise ProgramFailed(outcome)
        # A unit that can't be asked for by its name is still counted, and never becomes a button
        found.append(Unit(row["unit"], row["load"], row["active"], row["sub"]))
    return found
