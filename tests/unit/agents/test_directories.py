import asyncio
import os
import threading
from collections import Counter
from pathlib import Path

import pytest

from aof.agents.runbook import largest
from aof.agents.runbook.largest import Measured, measure
from aof.agents.runbook.machine import Disk
from aof.domain.response import Status
from aof.texts.language import Language
from tests.unit.agents.conftest import Ask, ids
from tests.unit.agents.stubs import GIB, StubMachine

MIB = 1024**2


def measured(root: str, **fields: object) -> Measured:
    sizes = Counter({root: 30 * GIB, f"{root}var": 20 * GIB, f"{root}var/lib": 15 * GIB, f"{root}usr": 4 * GIB})
    return Measured(root, sizes, **fields)  # type: ignore[arg-type]  # a test's own words


@pytest.fixture
def two_disks(machine: StubMachine) -> StubMachine:
    machine.disks_read = [Disk("/", 40.0, 80 * GIB, 5.0), Disk("/data", 91.0, 3 * GIB, None)]
    machine.measured_read = {"/": measured("/"), "/data": measured("/data")}
    return machine


async def test_the_largest_directory_comes_first(ask: Ask, machine: StubMachine) -> None:
    machine.measured_read = {"/": measured("/")}
    response = await ask("largest directories")
    assert response.text == (
        "/var is the largest directory of / on web-1 (12:04 UTC): 20 GiB of the 30 GiB I counted.\n\n"
        "- /var: 20 GiB\n- /var/lib: 15 GiB\n- /usr: 4.0 GiB"
    )
    assert response.status is Status.OK
    assert ids(response) == ["directories:/", "ask:disk"]


async def test_the_largest_directories_in_arabic(ask: Ask, machine: StubMachine) -> None:
    machine.measured_read = {"/": measured("/")}
    response = await ask("أكبر المجلدات", Language.ARABIC)
    assert response.text.startswith(
        "أكبر مجلد في \u2066/\u2069 على \u2066web-1\u2069 (\u206612:04 UTC\u2069) هو \u2066/var\u2069: "
    )
    assert "- \u2066/var/lib\u2069: \u206615 GiB\u2069" in response.text


async def test_without_a_mount_the_fullest_filesystem_is_looked_at(ask: Ask, two_disks: StubMachine) -> None:
    response = await ask("what is taking up the space")
    assert two_disks.walked == ["/data"]
    assert ids(response) == ["directories:/", "directories:/data", "ask:disk"]


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("largest directories on /", "/"),
        ("biggest folders in /data", "/data"),
        ("biggest folders in /data/", "/data"),
        ("biggest folders in /root", "/data"),  # no mount: where to look is not for a message to say
        ("biggest folders in /data/../root", "/data"),
        ("biggest folders in /etc/", "/data"),
    ],
)
async def test_only_a_mount_can_be_named(ask: Ask, two_disks: StubMachine, text: str, root: str) -> None:
    await ask(text)
    assert two_disks.walked == [root]


@pytest.mark.parametrize(("pressed", "root"), [("/", "/"), ("/data", "/data"), ("/root", "/data"), ("", "/data")])
async def test_a_button_can_name_a_mount_only(press: Ask, two_disks: StubMachine, pressed: str, root: str) -> None:
    await press(f"directories:{pressed}")
    assert two_disks.walked == [root]


async def test_without_local_filesystems_the_root_is_looked_at(ask: Ask, machine: StubMachine) -> None:
    machine.disks_read = []
    response = await ask("directories")
    assert machine.walked == ["/"]
    assert response.text == "I see no directories in / on web-1 (12:04 UTC). I counted 0 B there."


async def test_what_was_not_finished_or_not_readable_is_said(ask: Ask, machine: StubMachine) -> None:
    machine.measured_read = {"/": measured("/", is_whole=False, entries=700_000, unreadable=2)}
    response = await ask("directories")
    assert "- /var: at least 20 GiB" in response.text
    assert "I stopped before the end, after 700000 files and at most 10 s." in response.text
    assert response.text.endswith("I could not look into 2 directories, so what is inside is not counted.")
    assert response.status is Status.NOTE


async def test_a_root_that_the_system_refuses_is_a_sentence(ask: Ask, machine: StubMachine) -> None:
    machine.refuses = PermissionError(13, "Permission denied")
    response = await ask("directories")
    assert response.text == "I can't read that on web-1: Permission denied."
    assert response.actions


async def test_a_hostile_name_of_a_directory_is_text_and_nothing_else(ask: Ask, machine: StubMachine) -> None:
    machine.measured_read = {"/": Measured("/", Counter({"/": 2, "/\x1b[1m*x*\n\u202e`\udcff": 1}))}
    text = (await ask("directories")).text
    assert r"- /&#91;1m\*x\* \`�: 1 B" in text
    text.encode()


async def test_a_question_that_is_given_up_stops_the_walk(ask: Ask, machine: StubMachine, monkeypatch) -> None:
    begun, over = threading.Event(), threading.Event()

    def walk(root: str, stopped: threading.Event) -> Measured:
        begun.set()
        if stopped.wait(5):
            over.set()
        return Measured(root)

    monkeypatch.setattr(machine, "measured_directories", walk)
    asking = asyncio.ensure_future(ask("directories"))
    await asyncio.to_thread(begun.wait, 5)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await asyncio.to_thread(over.wait, 5)


def walked(root: Path, *, others: tuple[Path, ...] = ()) -> Measured:
    return measure(str(root), other_mounts=frozenset(map(str, others)), stopped=threading.Event())


def write(path: Path, size: int = MIB) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    return path


def test_what_lies_deeper_counts_for_the_directories_that_are_named(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b" / "c" / "d" / "file", 3 * MIB)
    write(tmp_path / "a" / "file")
    write(tmp_path / "z" / "file")
    found = walked(tmp_path)
    names = [path for path, _ in found.largest(10)]
    assert names == [str(tmp_path / "a"), str(tmp_path / "a" / "b"), str(tmp_path / "z")]
    assert found.sizes[str(tmp_path / "a")] == pytest.approx(4 * MIB, rel=0.1)
    assert found.sizes[str(tmp_path)] == pytest.approx(5 * MIB, rel=0.1)
    assert found.is_whole
    assert found.unreadable == 0
    assert [path for path, _ in found.largest(1)] == names[:1]


def test_a_file_with_several_links_counts_once(tmp_path: Path) -> None:
    first = write(tmp_path / "a" / "file")
    os.link(first, tmp_path / "a" / "again")
    assert walked(tmp_path).sizes[str(tmp_path)] == pytest.approx(MIB, rel=0.1)


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    write(tmp_path / "outside" / "file", 5 * MIB)
    (tmp_path / "inside" / "link").symlink_to(tmp_path / "outside")
    (tmp_path / "inside" / "loop").symlink_to(tmp_path / "inside")
    assert walked(tmp_path / "inside").sizes[str(tmp_path / "inside")] < MIB


def test_sparse_files_count_what_they_take_on_disk(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1024 * MIB)
    assert walked(tmp_path).sizes[str(tmp_path)] < MIB


def test_other_mounts_are_not_even_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "nfs" / "file")
    found = walked(tmp_path, others=(tmp_path / "nfs",))
    assert found.entries == 0
    assert found.sizes[str(tmp_path)] == 0


def test_a_directory_that_may_not_be_read_is_counted_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "open" / "file")
    write(tmp_path / "closed" / "file")
    real = os.scandir

    def scandir(path: str):
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = walked(tmp_path)
    assert found.unreadable == 1
    assert found.is_whole
    assert found.sizes[str(tmp_path / "open")] >= MIB


def test_a_root_that_can_not_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        walked(tmp_path / "nowhere")


def test_the_walk_ends_when_its_time_is_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a" / "file")
    monkeypatch.setattr(largest, "MOST_SECONDS", 0.0)
    assert not walked(tmp_path).is_whole


def test_the_walk_ends_after_so_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(40):
        write(tmp_path / f"d{number}" / "file", 1)
    monkeypatch.setattr(largest, "MOST_ENTRIES", 45)
    found = walked(tmp_path)
    assert not found.is_whole
    assert 45 <= found.entries < 80


def test_the_walk_ends_when_it_is_told_to(tmp_path: Path) -> None:
    stopped = threading.Event()
    stopped.set()
    assert not measure(str(tmp_path), other_mounts=frozenset(), stopped=stopped).is_whole


async def test_a_directory_of_no_encoding_is_shown_all_the_same(tmp_path: Path, ask: Ask, machine: StubMachine) -> None:
    os.mkdir(os.fsencode(tmp_path) + b"/\xff")  # noqa: PTH102 -- a name that pathlib has no letters for
    machine.measured_read = {"/": walked(tmp_path)}
    text = (await ask("directories")).text
    assert "/\ufffd: " in text
    text.encode()


async def test_a_mount_that_is_no_text_never_becomes_a_button(ask: Ask, machine: StubMachine) -> None:
    machine.disks_read = [Disk("/\udcff", 99.0, GIB, None), Disk("/x\u202e", 9.0, GIB, None), Disk("/", 5, GIB, None)]
    response = await ask("directories")
    assert machine.walked == ["/\udcff"]
    assert ids(response) == ["directories:/", "ask:directories", "ask:disk"]
