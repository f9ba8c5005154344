import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from aof.agents.runbook import connections
from aof.agents.runbook.connections import Listener, Session

EVERYWHERE = "0.0.0.0"  # noqa: S104 -- what a listener says, not where a test listens


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def state(*, up: bool = True, flags: str = "up,broadcast,running") -> SimpleNamespace:
    return SimpleNamespace(isup=up, flags=flags)


def address(family: int, text: str) -> SimpleNamespace:
    return SimpleNamespace(family=family, address=text)


def test_interfaces_are_read_without_the_loopback_and_link_local_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        psutil,
        "net_if_stats",
        lambda: {"lo": state(flags="up,loopback,running"), "eth0": state(), "new0": state(up=False)},
    )
    counts = SimpleNamespace(bytes_recv=10, bytes_sent=20, errin=1, errout=2, dropin=3, dropout=4)
    monkeypatch.setattr(psutil, "net_io_counters", lambda **_: {"lo": counts, "eth0": counts})
    monkeypatch.setattr(
        psutil,
        "net_if_addrs",
        lambda: {
            "eth0": [
                address(socket.AF_INET6, "fd00::2"),
                address(socket.AF_INET6, "fe80::1%eth0"),
                address(socket.AF_INET, "192.0.2.2"),
                address(-1, "02:fc:00:00:00:01"),
            ]
        },
    )
    eth0, new0 = connections.interfaces()
    assert (eth0.name, eth0.is_up, eth0.addresses) == ("eth0", True, ("192.0.2.2", "fd00::2"))
    assert (eth0.received_bytes, eth0.sent_bytes, eth0.errors, eth0.drops) == (10, 20, 3, 7)
    # No counts and no addresses yet: it appeared between two readings
    assert (new0.name, new0.is_up, new0.addresses, new0.received_bytes) == ("new0", False, (), 0)


def test_a_port_that_this_very_program_listens_on_is_found(listening: socket.socket) -> None:
    port = listening.getsockname()[1]
    own = next(each for each in connections.listeners().found if each.port == port)
    assert own.program == psutil.Process().name()
    assert own.addresses == ("127.0.0.1",)
    assert own.is_local
    assert not own.is_everywhere


def connection(ip: str, port: int, pid: int | None, status: str = psutil.CONN_LISTEN) -> SimpleNamespace:
    return SimpleNamespace(laddr=SimpleNamespace(ip=ip, port=port), pid=pid, status=status)


def test_the_sockets_of_one_program_on_one_port_are_one_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    me = os.getpid()
    sockets = [
        connection("::", 80, me),
        connection(EVERYWHERE, 80, me),
        connection("192.0.2.2", 80, me, psutil.CONN_ESTABLISHED),
        connection("127.0.0.1", 81, None),
        connection("127.0.0.1", 82, 2**22 + 1),  # it has ended since
        SimpleNamespace(laddr=(), pid=None, status=psutil.CONN_LISTEN),
    ]
    monkeypatch.setattr(psutil, "net_connections", lambda **_: sockets)
    reading = connections.listeners()
    own = psutil.Process().name()
    assert reading.found == (
        Listener(80, own, (EVERYWHERE, "::")),
        Listener(81, None, ("127.0.0.1",)),
        Listener(82, None, ("127.0.0.1",)),
    )
    assert reading.unseen == 2
    assert reading.found[0].is_everywhere


def test_a_system_that_shows_no_sockets_to_us_is_an_os_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil, "net_connections", refuse)
    with pytest.raises(PermissionError):
        connections.listeners()


@pytest.mark.parametrize(
    ("addresses", "is_local"),
    [
        (("127.0.0.1",), True),
        (("127.0.0.53%lo",), True),
        (("::1",), True),
        (("127.0.0.1", "192.0.2.2"), False),
        (("fe80::1%eth0",), False),
    ],
)
def test_what_only_this_machine_can_reach_is_local(addresses: tuple[str, ...], is_local: bool) -> None:
    assert Listener(1, "x", addresses).is_local is is_local


def test_log_ins_are_read_from_utmp(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    utmp = tmp_path / "utmp"
    utmp.touch()
    monkeypatch.setattr(connections, "_UTMP", utmp)
    read = [SimpleNamespace(name="root", terminal=None, host=None, started=0.0, pid=1)]
    monkeypatch.setattr(psutil, "users", lambda: read)
    assert connections.sessions() == [Session("root", "", "", datetime(1970, 1, 1, tzinfo=UTC))]


def test_no_utmp_is_not_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(connections, "_UTMP", tmp_path / "utmp")
    monkeypatch.setattr(psutil, "LINUX", True)
    assert connections.sessions() is None
