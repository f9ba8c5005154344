"""Nothing outside of the allowed directories is read, listed, found or written, whatever a path says."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from aof.domain.risk import Risk
from aof.tools.base import CallRefused, Result, Scope
from aof.tools.file_tools import FILE_TOOLS
from aof.tools.files import Roots
from aof.tools.redaction import MASK, Redactor
from aof.tools.runner import Runner

SCOPE = Scope()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "allowed"
    (root / "deep" / "er").mkdir(parents=True)
    (root / "a.log").write_text("first\nsecond\n")
    (root / "deep" / "b.log").write_text("password=hunter2 \x1b[31mred\x1b[0m the known secret\n")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "shadow").write_text("root:x")
    (root / "link").symlink_to(tmp_path / "outside" / "shadow")
    (root / "door").symlink_to(tmp_path / "outside")
    (root / "self").symlink_to(root / "deep")
    return root


async def call(root: Path, tool: str, most_bytes: int = 1000, **arguments: Any) -> Result:
    runner = Runner([], {}, Redactor(["the known secret"]))
    made = FILE_TOOLS[tool](Roots.of([str(root)]), runner, most_bytes=most_bytes)
    plan = await made.plan(arguments, SCOPE)
    assert plan.argv[:2] == (tool, plan.arguments["path"])
    assert plan.target == {"directory": str(root)}
    return await made.perform(plan, SCOPE)


async def test_a_file_is_read_by_its_whole_or_its_short_path(root: Path) -> None:
    for path in (str(root / "a.log"), "a.log", "./a.log"):
        assert await call(root, "read_file", path=path) == Result("first\nsecond\n")


async def test_what_stands_in_a_file_is_cleaned_and_redacted(root: Path) -> None:
    assert (await call(root, "read_file", path="deep/b.log")).text == f"password={MASK} red {MASK}\n"


async def test_a_long_file_is_cut_and_says_so(root: Path) -> None:
    (root / "long").write_text("0123456\n" * 1000)
    result = await call(root, "read_file", path="long", most_bytes=100)
    assert result.text == "0123456\n" * 12 + "\ncut: it is longer than 100 bytes"


async def test_names_are_listed_and_links_are_not_followed(root: Path) -> None:
    (root / "line\nbreak").touch()
    assert (await call(root, "list_directory", path=".")).text.split("\n") == [
        "a.log  13 bytes",
        "deep/",
        "door (a link, not followed)",
        "line",
        "break  0 bytes",
        "link (a link, not followed)",
        "self (a link, not followed)",
    ]


async def test_files_are_found_by_their_names_and_not_behind_links(root: Path) -> None:
    assert (await call(root, "search_files", path=".", pattern="*.log")).text == "a.log\ndeep/b.log"
    assert (await call(root, "search_files", path=".", pattern="*shadow*")).text == "nothing fits"
    assert (await call(root, "search_files", path="deep", pattern="e?")).text == "er"


async def test_a_search_has_an_end(root: Path) -> None:
    for number in range(600):
        (root / "deep" / "er" / f"{number}.txt").touch()
    found = (await call(root, "search_files", path=".", pattern="*.txt")).text.splitlines()
    assert (len(found), found[-1]) == (501, "cut: only the first 500 are told")


async def test_a_file_is_written_whole_and_keeps_its_rights(root: Path) -> None:
    (root / "a.log").chmod(0o640)
    result = await call(root, "write_file", path="a.log", content="new\n")
    assert result == Result(f"written: 4 bytes to {root / 'a.log'}")
    assert (root / "a.log").read_text() == "new\n"
    assert (root / "a.log").stat().st_mode & 0o777 == 0o640
    await call(root, "write_file", path="deep/er/new", content="ü")
    assert (root / "deep/er/new").read_bytes() == "ü".encode()
    assert [entry.name for entry in (root / "deep" / "er").iterdir()] == ["new"]


@pytest.mark.parametrize("tool", ["read_file", "list_directory", "search_files", "write_file"])
@pytest.mark.parametrize(
    "path",
    [
        "../outside/shadow",
        "deep/../../outside/shadow",
        "/etc/shadow",
        "/",
        "",
        "a\0b",
        "a\nb",
        "..",
        "/etc/../etc",
        "~/x",
    ],
)
async def test_a_path_that_leads_out_is_refused(root: Path, tool: str, path: str) -> None:
    more = {"search_files": {"pattern": "*"}, "write_file": {"content": "x"}}.get(tool, {})
    if path == "~/x":  # no shell: a directory of that name, which is not there
        assert (await call(root, tool, path=path, **more)).failed
        return
    with pytest.raises(CallRefused):
        await call(root, tool, path=path, **more)


async def test_a_root_is_no_prefix_of_a_name(root: Path) -> None:
    (root.parent / "allowed-other").mkdir()
    with pytest.raises(CallRefused):
        await call(root, "list_directory", path=str(root.parent / "allowed-other"))


@pytest.mark.parametrize("path", ["link", "door/shadow", "self/b.log", "door", "self"])
@pytest.mark.parametrize("tool", ["read_file", "list_directory", "search_files", "write_file"])
async def test_a_link_is_never_followed(root: Path, tool: str, path: str) -> None:
    more = {"search_files": {"pattern": "*"}, "write_file": {"content": "x"}}.get(tool, {})
    result = await call(root, tool, path=path, **more)
    assert result.failed
    assert "root:x" not in result.text
    assert (root.parent / "outside" / "shadow").read_text() == "root:x"
    assert (root / "link").is_symlink()


async def test_a_link_that_is_put_in_place_after_the_plan_is_not_followed(root: Path) -> None:
    runner = Runner([], {}, Redactor())
    made = FILE_TOOLS["write_file"](Roots.of([str(root)]), runner)
    plan = await made.plan({"path": "deep/b.log", "content": "x"}, SCOPE)
    (root / "deep").rename(root / "moved")
    (root / "deep").symlink_to(root.parent / "outside")
    assert (await made.perform(plan, SCOPE)).failed
    assert [entry.name for entry in (root.parent / "outside").iterdir()] == ["shadow"]


async def test_a_pipe_and_a_device_are_no_files(root: Path) -> None:
    os.mkfifo(root / "pipe")
    for tool, more in (("read_file", {}), ("write_file", {"content": "x"})):
        assert await call(root, tool, path="pipe", **more) == Result(f"{root / 'pipe'} is not a file", failed=True)


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("read_file", {}),
        ("read_file", {"path": 3}),
        ("read_file", {"path": "a.log", "follow": True}),
        ("search_files", {"path": "."}),
        ("search_files", {"path": ".", "pattern": ""}),
        ("search_files", {"path": ".", "pattern": "x" * 201}),
        ("write_file", {"path": "a.log"}),
        ("write_file", {"path": ".", "content": "x"}),
        ("write_file", {"path": "a.log", "content": "x" * 1001}),
        ("write_file", {"path": "a.log", "content": "ü" * 501}),
        ("write_file", {"path": "a.log", "content": "a\0b"}),
        ("write_file", {"path": "a.log", "content": "\ud800"}),
    ],
)
async def test_odd_arguments_are_refused(root: Path, tool: str, arguments: Mapping[str, Any]) -> None:
    with pytest.raises(CallRefused, match=r"\w+ \w+"):
        await call(root, tool, **arguments)
    assert (root / "a.log").read_text() == "first\nsecond\n"


async def test_reading_is_sensitive_and_writing_shows_all_that_is_written(root: Path) -> None:
    tools = {name: made(Roots.of([str(root)]), Runner([], {}, Redactor())) for name, made in FILE_TOOLS.items()}
    assert (await tools["read_file"].plan({"path": "a.log"}, SCOPE)).risk is Risk.SENSITIVE
    plan = await tools["write_file"].plan({"path": "a.log", "content": "all\nof it", "reason": "a  fix"}, SCOPE)
    assert (plan.risk, plan.why, plan.reason) == (Risk.WRITE, "replaces a file", "a fix")
    assert plan.argv == ("write_file", str(root / "a.log"), "all\nof it")
    assert (await tools["write_file"].plan({"path": "new", "content": ""}, SCOPE)).why == "a new file"


async def test_what_is_not_there_is_told(root: Path) -> None:
    assert await call(root, "read_file", path="none") == Result(f"{root / 'none'} is not there", failed=True)
    assert (await call(root, "write_file", path="none/x", content="x")).failed
    assert not (root / "none").exists()
