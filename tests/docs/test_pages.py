"""The generated pages are what the code says, wherever and however they are written."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs import reading
from tests.docs.pages import PAGES, ROOT
from tests.docs.pages.cli import HEAD, entries
from tests.docs.pages.markdown import GENERATED


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_what_the_code_says(name: str) -> None:
    file = ROOT / name
    assert file.exists(), f"{name} is missing: run make docs"
    assert file.read_bytes() == PAGES[name]().encode(), f"{name} is not what the code says: run make docs"


@pytest.mark.parametrize("name", [name for name in PAGES if name.endswith(".md")])
def test_a_generated_page_says_so_in_its_first_line(name: str) -> None:
    assert PAGES[name]().partition("\n")[0] == GENERATED


def test_no_page_claims_to_be_generated_and_is_not() -> None:
    claiming = {
        str(page.relative_to(ROOT))
        for page in (ROOT / "docs").rglob("*.md")
        if page.read_text(encoding="utf-8").startswith(GENERATED)
    }
    assert claiming <= set(PAGES)


def test_make_writes_the_pages_and_the_makefile_says_so() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "-m tests.docs.pages" in makefile
    assert re.search(r"^# make docs ", makefile, re.MULTILINE)


def test_the_pages_do_not_depend_on_the_terminal_or_the_machine(tmp_path: Path) -> None:
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
        "COLUMNS": "31",
        "TERM": "dumb",
        "LANG": "C",
        "TZ": "Asia/Riyadh",
        "NO_COLOR": "1",
        "AOF_CONFIG": "/elsewhere/daemon.yaml",
        "WHATSAPP_PHONE_NUMBER_ID": "4711",
        "WHATSAPP_ACCESS_TOKEN": "another-token",
    }
    program = (
        "import sys\n"
        "from tests.docs.pages import PAGES\n"
        "sys.stdout.buffer.write(chr(0).join(page() for page in PAGES.values()).encode())"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environ, check=True, capture_output=True)
    assert ended.stdout.decode().split("\0") == [page() for page in PAGES.values()]


def test_every_command_and_option_is_on_the_page() -> None:
    page = PAGES["docs/reference/cli.md"]()
    commands = entries()
    assert len(commands) > 20
    for entry in commands[1:]:
        assert f"# `aof {entry.path}`\n" in page
        assert f"\n{entry.text}\n" in page, entry.path
        section = page.partition(f"# `aof {entry.path}`\n")[2].partition("\n### ")[0]
        for option in entry.params("option"):
            assert all(name in section for name in option.opts), (entry.path, option.opts)


@pytest.mark.parametrize("code", [0, 1, 2])
def test_every_exit_code_is_explained(code: int) -> None:
    assert f"\n| {code} | " in HEAD


@pytest.mark.parametrize("page", reading.PAGES, ids=reading.name)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    paths = {entry.path for entry in entries()}
    groups = {entry.path for entry in entries() if entry.is_group}
    for words in re.findall(r"`aof ([a-z][a-z ]*)", page.read_text(encoding="utf-8")):
        first, *more = words.split()
        assert (f"{first} {more[0]}" if first in groups and more else first) in paths, words


@pytest.mark.parametrize("page", reading.PAGES, ids=reading.name)
def test_every_option_that_a_page_names_beside_a_command_exists(page: Path) -> None:
    options = {
        entry.path: {name for option in entry.params("option") for name in option.opts} | {"--help", "--version"}
        for entry in entries()
    }
    for said in re.findall(r"`aof ([a-z][^`]*--[^`]*)`", page.read_text(encoding="utf-8")):
        words = said.split()
        path = max((" ".join(words[:n]) for n in (1, 2) if " ".join(words[:n]) in options), key=len)
        named = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert named <= options[path], said
