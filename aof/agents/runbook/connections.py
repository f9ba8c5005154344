"""Readings of what connects this machine with others: interfaces, listening ports, people who are logged in."""

import ipaddress
import socket
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from aof.agents.runbook.program_names import plain_name

_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 -- compared with, not listened on

# Debian 13 keeps none any more: psutil.users() is empty there, whoever is logged in
_UTMP = Path("/run/utmp")


@dataclass(frozen=True, slots=True)
class Interface:
    """One network interface; counts run since it came up."""

    name: str
    is_up: bool
    """It is switched on and has a link."""
    addresses: tuple[str, ...]
    """IPv4 first; without those that only the local link knows."""
    received_bytes: int
    sent_bytes: int
    errors: int
    drops: int


@dataclass(frozen=True, slots=True)
class Listener:
    """One program on one port, however many sockets it has for it."""

    port: int
    program: str | None
    """None where it belongs to somebody else, and we may not see whom."""
    addresses: tuple[str, ...]

    @property
    def is_everywhere(self) -> bool:
        """It listens on all addresses of the machine."""
        return any(address in _EVERYWHERE for address in self.addresses)

    @property
    def is_local(self) -> bool:
        """Only this machine itself can reach it."""
        return all(ipaddress.ip_address(_unscoped(address)).is_loopback for address in self.addresses)


@dataclass(frozen=True, slots=True)
class Listeners:
    """Those of TCP."""

    found: tuple[Listener, ...]
    unseen: int
    """Of how many the program could not be seen."""


@dataclass(frozen=True, slots=True)
class Session:
    """One log-in."""

    user: str
    terminal: str
    """Empty where it has none."""
    host: str
    """Where from; empty for this machine itself."""
    since: datetime | None
    """Aware; None where it isn't known."""


def interfaces() -> list[Interface]:
    states, counts, addresses = psutil.net_if_stats(), psutil.net_io_counters(pernic=True), psutil.net_if_addrs()
    found = []
    for name, state in states.items():
        own = [each.address for each in addresses.get(name, ()) if each.family in (socket.AF_INET, socket.AF_INET6)]
        if "loopback" in state.flags.split(",") or name in ("lo", "lo0"):
            continue
        count = counts.get(name)
        found.append(
            Interface(
                name,
                state.isup,
                tuple(sorted(filter(_is_known_beyond_the_link, own), key=lambda address: ":" in address)),
                count.bytes_recv if count else 0,
                count.bytes_sent if count else 0,
                count.errin + count.errout if count else 0,
                count.dropin + count.dropout if count else 0,
            )
        )
    return found


def listeners() -> Listeners:
    """Raises OSError where the system shows sockets to privileged users only."""
    try:
        sockets = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied as error:
        raise PermissionError(13, "Permission denied") from error
    names: dict[int, str | None] = {}
    grouped: defaultdict[tuple[int, str | None], set[str]] = defaultdict(set)
    for each in sockets:
        if each.status != psutil.CONN_LISTEN or not each.laddr:
            continue
        if each.pid is not None and each.pid not in names:
            names[each.pid] = _program(each.pid)
        program = None if each.pid is None else names[each.pid]
        grouped[each.laddr.port, program].add(each.laddr.ip)
    found = tuple(
        Listener(port, program, tuple(sorted(addresses, key=lambda address: (":" in address, address))))
        for (port, program), addresses in grouped.items()
    )
    return Listeners(found, sum(each.program is None for each in found))


def sessions() -> list[Session] | None:
    """None where the system keeps no record of log-ins."""
    if psutil.LINUX and not _UTMP.exists():
        return None
    return [
        Session(each.name, each.terminal or "", each.host or "", datetime.fromtimestamp(each.started, UTC))
        for each in psutil.users()
    ]


def _program(pid: int) -> str | None:
    try:
        return plain_name(psutil.Process(pid).name())
    except psutil.Error:
        return None


def _is_known_beyond_the_link(address: str) -> bool:
    return not ipaddress.ip_address(_unscoped(address)).is_link_local


def _unscoped(address: str) -> str:
    # fe80::1%eth0
    return address.partition("%")[0]
