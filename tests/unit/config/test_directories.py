"""Directories of resources: which files are found, and how the problems of all of them are told together."""

import os
from pathlib import Path

import pytest

from aof.config.files import KINDS
from aof.config.load import load, read_files
from aof.domain.errors import ConfigError
from tests.unit.config.conftest import BESIDE, PhonePlatform

AGENT = "kind: Agent\nmetadata: {{name: {0}}}\nspec: {{model: 'openai:gpt-4o'}}\n"
ENVIRON = {"ID": "10654", "TOKEN": "EAAG-a-token", "WORD": "a-verify-word", "SECRET": "0123456789abcdef"}
MODELS = {"whatsapp": PhonePlatform}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty crew beside a main file, in the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "crew").mkdir()
    (tmp_path / "daemon.yaml").write_text(BESIDE)
    return tmp_path


def _agents(main: str = "daemon.yaml") -> list[str]:
    files = read_files(Path(main), MODELS, ENVIRON)
    files.raise_errors()
    return [agent.name for agent in files.agents]


def _problems(main: str = "daemon.yaml") -> list[str]:
    with pytest.raises(ConfigError) as refused:
        load(Path(main), MODELS, ENVIRON)
    return str(refused.value).splitlines()


def test_files_are_found_below_and_what_is_hidden_is_not(house: Path):
    for name in ("b.yaml", "a.yml", "deep/er/c.yaml", ".hidden/d.yaml", ".e.yaml", "notes.txt"):
        file = house / "crew" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(AGENT.format(file.stem.strip(".")))
    (house / "crew" / "deep" / "loop").symlink_to(house / "crew")
    assert _agents() == ["a", "b", "c"]
    (house / "daemon.yaml").write_text(BESIDE.replace("{directory: crew}", "{directory: crew, recursive: false}"))
    assert _agents() == ["a", "b"]
    (house / "daemon.yaml").write_text(BESIDE.replace("{directory: crew}", "{directory: crew, enabled: false}"))
    assert _agents() == []


def test_a_directory_stands_beside_the_main_file_wherever_that_is_read_from(house: Path, monkeypatch):
    (house / "crew" / "a.yaml").write_text(AGENT.format("a") + "color: x\n")
    (house / "elsewhere").mkdir()
    monkeypatch.chdir(house / "elsewhere")
    (told,) = _problems("../daemon.yaml")
    assert told.startswith("../crew/a.yaml:4: color: ")


@pytest.mark.parametrize(
    ("directory", "said"),
    [
        ("crw", "there is no such directory. Make it, or name another one."),
        ("daemon.yaml", "is no directory. Name the directory that the files are in."),
    ],
)
def test_a_directory_that_is_none_is_told_where_it_is_named(house: Path, directory: str, said: str):
    (house / "daemon.yaml").write_text(BESIDE.replace("crew", directory))
    assert _problems() == [f"daemon.yaml:3: spec.agents.directory: {said}"]


def test_a_directory_of_too_many_files_is_not_read(house: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("aof.config.discover.MOST_FILES", 2)
    for name in "abc":
        (house / "crew" / f"{name}.yaml").write_text(AGENT.format(name))
    assert _problems() == [
        ("daemon.yaml:3: spec.agents.directory: holds more than 2 files. Name the directory that holds nothing else.")
    ]


def test_the_main_file_in_its_own_directory_is_passed_over(house: Path):
    (house / "daemon.yaml").write_text(BESIDE.replace("directory: crew", "directory: ./"))
    (house / "crew" / "a.yaml").write_text(AGENT.format("a"))
    assert _agents() == ["a"]


def test_one_directory_of_both_sections_is_read_once(house: Path):
    (house / "daemon.yaml").write_text(BESIDE.replace("  platforms", "  triggers: {directory: crew/}\n  platforms"))
    (house / "crew" / "a.yaml").write_text(AGENT.format("a"))
    assert _agents() == ["a"]


def test_resources_may_stand_in_the_main_file(house: Path):
    (house / "daemon.yaml").write_text(f"{AGENT.format('a')}---\n{BESIDE}---\nname: b\nmodel: openai:gpt-4o\n")
    assert _agents() == ["a", "b"]


def test_what_is_not_for_aof_is_passed_over_and_what_is_is_refused(house: Path):
    (house / "crew" / "a.yaml").write_text(
        "apiVersion: v1\nkind: Secret\n---\nkind: ConfigMap\n---\napiVersion: apps/v1\nkind: Deployment\n"
    )
    files = read_files(Path("daemon.yaml"), MODELS, ENVIRON)
    files.raise_errors()
    assert [str(warning) for warning in files.warnings] == [
        f"crew/a.yaml:{line}: kind: {kind} is not for aof, and passed over. Move it to another directory."
        for line, kind in ((2, "Secret"), (4, "ConfigMap"), (7, "Deployment"))
    ]
    (house / "crew" / "a.yaml").write_text(
        "kind: AgentFleet\n---\nkind: Agnt\n---\nkind: DaemonConfig\n---\n"
        "apiVersion: aof.dev/v1\nkind: Gizmo\n---\na: b\n"
    )
    assert _problems() == [
        "crew/a.yaml:1: kind: AgentFleet is not supported yet. Remove this document.",
        'crew/a.yaml:3: kind: there is no kind Agnt. Did you mean "Agent"?',
        ("crew/a.yaml:5: kind: a DaemonConfig does not belong among other resources. Move it out of this directory."),
        "crew/a.yaml:8: kind: Gizmo is not supported yet. Remove this document.",
        f"crew/a.yaml:10: kind: is missing. Write kind: and one of {', '.join(KINDS[1:])}.",
    ]


def test_a_document_that_is_no_yaml_hides_neither_those_before_nor_those_after(house: Path):
    (house / "crew" / "a.yaml").write_text(
        f"{AGENT.format('a')}color: x\n---\na: b: c\n---\nx: 'open\n---\n{AGENT.format('b')}color: y\n---\na: [b\n"
    )
    told = [line.split(": ")[:2] for line in _problems()]
    assert told == [
        ["crew/a.yaml:4", "color"],
        ["crew/a.yaml:6", "column 5"],
        ["crew/a.yaml:8", "column 4"],
        ["crew/a.yaml:13", "color"],
        ["crew/a.yaml:15", "column 4"],
    ]


def test_a_file_of_broken_documents_is_given_up_on(house: Path):
    (house / "crew" / "a.yaml").write_text("a: b: c\n---\n" * 1000)
    assert len(_problems()) == 20


def test_what_can_not_be_read_is_told_by_its_file(house: Path):
    (house / "crew" / "a.yaml").symlink_to(house / "nowhere")
    (house / "crew" / "b.yaml").write_bytes(b"\xff")
    os.mkfifo(house / "crew" / "c.yaml")  # which would be waited for
    assert [line.split(": ")[0] for line in _problems()] == ["crew/a.yaml", "crew/b.yaml:1"]
