"""Answers about what connects this machine with others: interfaces, listening ports, people who are logged in."""

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime

from aof.agents.runbook.connections import Interface, Listener, Session
from aof.agents.runbook.machine import Machine
from aof.agents.runbook.programs import ProgramFailed, called
from aof.agents.runbook.setting import Setting
from aof.domain.response import Response, Status
from aof.texts import machine_network as texts
from aof.texts import machine_users
from aof.texts.machine_words import more
from aof.tools.runner import Outcome, Runner

_INTERFACES = 10
_PORTS = 20
_SESSIONS = 10

# "root  pts/0  2026-11-22 12:04 (10.0.0.5)"; in front of the terminal Debian 13 names the service, as "sshd pts/0"
_WHO = re.compile(
    r"(?P<user>\S+)\s+(?P<terminal>\S+(?:\s++\S+)*?)\s++"
    r"(?:(?P<since>\d{4}-\d\d-\d\d \d\d:\d\d)|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d)"
    r"(?:\s+\((?P<host>[^)]*)\))?"
)


class Network:
    """Blocking readings are taken in a thread. All methods raise OSError where the system refuses one."""

    def __init__(self, machine: Machine, runner: Runner, setting: Setting) -> None:
        self._machine = machine
        self._runner = runner
        self._setting = setting
        self._language, self._host, self._at = setting.language, setting.host, setting.at

    async def network(self) -> Response:
        """Interfaces that are up first. Errors are counted since then, so they say nothing of now: no judgement."""
        found = await asyncio.to_thread(self._machine.interfaces)
        reachable = [each for each in found if each.is_up and each.addresses]
        if not found:
            text = texts.no_interfaces(self._language, host=self._host, at=self._at)
            return Response(text=text, status=Status.WARNING)
        fact = texts.interfaces(
            self._language, up=sum(each.is_up for each in found), total=len(found), host=self._host, at=self._at
        )
        ordered = sorted(found, key=_by_use)
        lines = [self._interface(each) for each in ordered[:_INTERFACES]]
        if len(ordered) > _INTERFACES:
            lines.append(more(self._language, len(ordered) - _INTERFACES))
        status = Status.OK if reachable else Status.WARNING
        return Response(text="\n\n".join([fact, "\n".join(lines)]), status=status)

    async def ports(self) -> Response:
        """A fact without a judgement, those open to others first."""
        reading = await asyncio.to_thread(self._machine.listeners)
        if not reading.found:
            return Response(text=texts.no_ports(self._language, host=self._host, at=self._at))
        everywhere = len({each.port for each in reading.found if each.is_everywhere})
        ports = len({each.port for each in reading.found})
        fact = texts.ports(self._language, ports, everywhere=everywhere, host=self._host, at=self._at)
        ordered = sorted(reading.found, key=lambda each: (_reach(each), each.port, each.program or ""))
        lines = [self._listener(each) for each in ordered[:_PORTS]]
        if len(ordered) > _PORTS:
            lines.append(more(self._language, len(ordered) - _PORTS))
        parts = [fact, "\n".join(lines)]
        if reading.unseen:
            parts.append(texts.unseen_programs(self._language, reading.unseen))
        return Response(text="\n\n".join(parts))

    async def users(self) -> Response:
        """A fact without a judgement. Where the system keeps no utmp, `who` may know from systemd-logind."""
        found = await asyncio.to_thread(self._machine.sessions)
        if found is not None:
            return self._users(found)
        outcome = await called(self._runner, "who")
        if outcome.missing:
            text = machine_users.no_record(self._language, host=self._host, at=self._at)
            return Response(text=text, status=Status.FAILED)
        try:
            found = _read_who(outcome)
        except ProgramFailed as failed:
            return Response(text=failed.answer(self._setting), status=Status.FAILED)
        if not found:
            text = machine_users.nobody_on_record(self._language, host=self._host, at=self._at)
            return Response(text=text, status=Status.NOTE)
        return self._users(found)

    def _users(self, found: Sequence[Session]) -> Response:
        if not found:
            return Response(text=machine_users.nobody(self._language, host=self._host, at=self._at))
        people = len({each.user for each in found})
        fact = machine_users.logged_in(self._language, people, sessions=len(found), host=self._host, at=self._at)
        lines = [self._session(each) for each in found[:_SESSIONS]]
        if len(found) > _SESSIONS:
            lines.append(more(self._language, len(found) - _SESSIONS))
        return Response(text="\n\n".join([fact, "\n".join(lines)]))

    def _interface(self, each: Interface) -> str:
        return texts.interface_line(
            self._language,
            name=each.name,
            is_up=each.is_up,
            addresses=each.addresses,
            received_bytes=each.received_bytes,
            sent_bytes=each.sent_bytes,
            errors=each.errors,
            drops=each.drops,
        )

    def _listener(self, each: Listener) -> str:
        addresses = () if each.is_everywhere else each.addresses
        return texts.port_line(self._language, port=each.port, program=each.program, addresses=addresses)

    def _session(self, each: Session) -> str:
        since = each.since.astimezone(self._at.tzinfo) if each.since else None
        return machine_users.line(self._language, user=each.user, terminal=each.terminal, origin=each.host, since=since)


def _by_use(each: Interface) -> tuple[bool, bool, int, str]:
    return (not each.is_up, not each.addresses, -(each.received_bytes + each.sent_bytes), each.name)


def _reach(each: Listener) -> int:
    return 0 if each.is_everywhere else 2 if each.is_local else 1


def _read_who(outcome: Outcome) -> list[Session]:
    if not outcome.succeeded:
        raise ProgramFailed(outcome)
    found = []
    for line in filter(str.strip, outcome.stdout.split("\n")):
        row = _WHO.fullmatch(line.strip())
        if row is None:
            raise ProgramFailed(outcome)
        # It prints the time of the machine's own zone
        since = datetime.fromisoformat(row["since"]).astimezone() if row["since"] else None
        found.append(Session(row["user"], row["terminal"], row["host"] or "", since))
    return found
