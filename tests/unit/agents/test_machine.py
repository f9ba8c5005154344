import os
import socket
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import psutil
import pytest

from aof.agents.runbook.machine import ThisMachine


@pytest.fixture
def machine() -> ThisMachine:
    return ThisMachine()


def mounts(monkeypatch: pytest.MonkeyPatch, *listed: tuple[str, str]) -> None:
    parts = [SimpleNamespace(device="/dev/x", mountpoint=mount, fstype=kind, opts="rw") for mount, kind in listed]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: parts)


def sized(monkeypatch: pytest.MonkeyPatch, **blocks: int) -> None:
    def statvfs(mount: str) -> SimpleNamespace:
        if mount not in blocks:
            raise PermissionError(13, "Permission denied")
        return SimpleNamespace(f_blocks=blocks[mount], f_frsize=4096, f_bfree=50, f_files=200, f_ffree=20)

    monkeypatch.setattr(os, "statvfs", statvfs)
    monkeypatch.setattr(psutil, "disk_usage", lambda _: SimpleNamespace(percent=50.0, free=204_800))


def test_the_root_is_read_as_psutil_reads_it(machine: ThisMachine) -> None:
    root = next((disk for disk in machine.disks() if disk.mount == "/"), None)
    if root is None:
        pytest.skip("this machine's root is on no local filesystem")
    usage = psutil.disk_usage("/")
    assert root.used_percent == pytest.approx(usage.percent, abs=1)
    assert root.free_bytes == pytest.approx(usage.free, rel=0.05)


def test_memory_load_and_boot_time_are_psutils_own(machine: ThisMachine) -> None:
    memory, load = machine.memory(), machine.load()
    assert memory.total_bytes == psutil.virtual_memory().total
    assert 0 < memory.available_bytes <= memory.total_bytes
    assert memory.swap_total_bytes == psutil.swap_memory().total
    assert load.cores == psutil.cpu_count()
    assert load.averages == pytest.approx(psutil.getloadavg(), abs=2)
    assert abs(machine.booted_at() - datetime.fromtimestamp(psutil.boot_time(), UTC)) <= timedelta(seconds=1)
    assert machine.host() == socket.gethostname()


@pytest.mark.parametrize("measured", [False, True])
def test_this_very_program_is_among_the_running_ones(machine: ThisMachine, measured: bool) -> None:
    own = next(program for program in machine.programs(measured=measured) if program.pid == os.getpid())
    assert own.name == psutil.Process().name()
    assert own.memory_bytes == pytest.approx(psutil.Process().memory_info().rss, rel=0.5)


def test_a_filesystem_mounted_twice_is_one(machine: ThisMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts(monkeypatch, ("/etc/hosts", "ext4"), ("/", "overlay"), ("/data", "xfs"), ("/var/lib/x/merged", "overlay"))
    sized(monkeypatch, **{"/": 100, "/etc/hosts": 100, "/var/lib/x/merged": 100, "/data": 900})
    assert [disk.mount for disk in machine.disks()] == ["/", "/data"]
    assert [disk.inodes_percent for disk in machine.disks()] == [90.0, 90.0]


def test_what_keeps_no_files_of_this_machine_is_left_out(machine: ThisMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = ("tmpfs", "proc", "squashfs", "iso9660", "nfs4", "cifs", "fuse.sshfs", "devtmpfs", "autofs")
    mounts(monkeypatch, *((f"/{kind}", kind) for kind in kinds))
    sized(monkeypatch, **{f"/{kind}": 100 for kind in kinds})
    assert machine.disks() == []


def test_a_mount_that_may_not_be_looked_at_hides_no_other(
    machine: ThisMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts(monkeypatch, ("/", "ext4"), ("/secret", "ext4"))
    sized(monkeypatch, **{"/": 100})
    assert [disk.mount for disk in machine.disks()] == ["/"]


def test_a_name_that_tells_more_than_a_name_is_cut_to_the_kernels_own(
    machine: ThisMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psutil.Process, "name", lambda _: "postgres: app password=hunter2")
    assert {program.name for program in machine.programs(measured=False)} == {"postgres: app p"}
