"""What the documentation says is so."""

import re
from pathlib import Path

import pytest

from aof.daemon import read
from aof.simulator import control, faults
from tests.docs.pages.cli import entries

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])


def _blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def test_the_configuration_in_the_readme_can_be_used(tmp_path: Path) -> None:
    (block,) = _blocks(ROOT / "README.md", "yaml")
    file = tmp_path / "daemon.yaml"
    file.write_text(block, encoding="utf-8")
    environ = {
        "WHATSAPP_PHONE_NUMBER_ID": "1",
        "WHATSAPP_ACCESS_TOKEN": "token",
        "WHATSAPP_VERIFY_TOKEN": "verify",
        "WHATSAPP_APP_SECRET": "secret",
    }
    assembly = read(file, environ)
    assert assembly.warnings == ()
    assert list(assembly.platforms) == ["whatsapp"]


def test_every_command_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    commands = [line[2:] for block in _blocks(ROOT / "README.md", "console") for line in block.splitlines()]
    assert commands
    programs = {entry.path for entry in entries()}
    for command in commands:
        program, word, *_ = command.split()
        assert (program == "make" and word in targets) or (program == ".venv/bin/aof" and word in programs), command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), target


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8")))
    assert listed == {page.name for page in folder.glob("0*.md")}


def test_the_simulator_page_is_what_the_code_says() -> None:
    assert control.__doc__ is not None
    assert faults.__doc__ is not None
    page = (ROOT / "docs" / "reference" / "simulator-api.md").read_text(encoding="utf-8")
    assert control.__doc__.strip() in page
    assert faults.__doc__.strip() in page
