"""Where the database of a measurement may lie: on a disk, never in memory."""

from pathlib import Path

import pytest

from bench.machine import NotOnDisk, file_system, pragmas

DISK = "21 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
MEMORY = "30 21 0:25 / /tmp rw,nosuid - tmpfs tmpfs rw,size=1024k\n"
SPACED = "31 21 0:26 / /with\\040space rw - ramfs ramfs rw\n"
OVERLAY = "40 1 0:30 / / rw - overlay overlay rw,lowerdir=/l,upperdir=%s,workdir=/w\n"
OVER_DISK = OVERLAY % "/var/upper" + "41 40 8:1 / /var rw - xfs /dev/sda rw\n"
OVER_MEMORY = OVERLAY % "/run/upper" + "41 40 0:9 / /run rw - tmpfs tmpfs rw\n"
UNSEEN = OVERLAY % "/var/lib/upper"
MOUNTED_OVER = "33 21 254:1 / /data rw - ext4 /dev/vdb rw\n34 21 0:27 / /data rw - tmpfs t rw\n"


@pytest.mark.parametrize(
    ("mountinfo", "path", "kind"),
    [
        (DISK, "/srv/bench", "ext4"),
        (DISK + MEMORY, "/tmpfiles", "ext4"),  # begins with the same letters and lies elsewhere
        (DISK + MEMORY + "32 30 8:1 / /tmp/disk rw - xfs /dev/sda rw\n", "/tmp/disk/x", "xfs"),
        (OVER_DISK, "/srv", "overlay over xfs"),
        (UNSEEN, "/srv", "overlay"),  # in a container its upper layer can't be seen
    ],
)
def test_a_file_system_is_that_of_the_deepest_mount(mountinfo: str, path: str, kind: str) -> None:
    assert file_system(Path(path), mountinfo) == kind


@pytest.mark.parametrize(
    ("mountinfo", "path"),
    [
        (DISK + MEMORY, "/tmp"),
        (DISK + MEMORY, "/tmp/bench/deep"),
        (DISK + SPACED, "/with space/x"),
        (DISK + MOUNTED_OVER, "/data"),
        (OVER_MEMORY, "/srv"),
    ],
)
def test_what_lies_in_memory_is_refused(mountinfo: str, path: str) -> None:
    with pytest.raises(NotOnDisk, match="a commit costs nothing there"):
        file_system(Path(path), mountinfo)


def test_the_pragmas_are_those_of_the_daemons_own_connection(tmp_path: Path) -> None:
    assert pragmas(tmp_path) == {"journal_mode": "wal", "synchronous": "FULL"}
    assert list(tmp_path.iterdir()) == []
