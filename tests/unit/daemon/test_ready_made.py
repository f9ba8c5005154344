"""The files that come with the program: each loads, and an admin who breaks the example is told how to mend it."""

import re
from pathlib import Path

import pytest

from aof.daemon import read
from aof.domain.errors import ConfigError

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "daemon.yaml.example"
ENVIRON = {
    "WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
    "WHATSAPP_ACCESS_TOKEN": "a-token",
    "WHATSAPP_VERIFY_TOKEN": "a-word",
    "WHATSAPP_APP_SECRET": "a-secret",
    "WHATSAPP_TOKEN": "another-token",
    "AOF_ADMIN_TOKEN": "sixteen-letters!",
}

BROKEN = [
    ("    port: 8080 ", "    prot: 8080 "),
    ("      port: 8081 ", "      port: 80810 "),
    ("      host: 127.0.0.1 ", "      host: 192.0.2.1 "),
    ("    keep_ids_days: 30", "    keep_ids_days: 3"),
    ("    url: sqlite:///aof.db ", "    url: postgres://db/aof "),
    ("      enabled: true ", "      enabled: maybe "),
    ("      access_token_env: WHATSAPP_ACCESS_TOKEN ", "      access_token_env: ${WHATSAPP_ACCESS_TOKEN} "),
    ("      long_text: split", "      long_text: splt"),
    ("      # allow_live_send: true", "      allow_live_send: yes"),
    ("  # agents: ", "  fleets: {} "),
    ("    uncertain_wait_seconds: 10 ", "    uncertain_wait_seconds: soon "),
    ("    default_agent: runbook ", "    default_agent: runbok "),
    ("    max_tasks_per_user: 3 ", "    max-tasks-per-user: 3\n    max_tasks_per_user: 3 "),
]


@pytest.mark.parametrize("file", sorted((ROOT / "config").glob("daemon-*.yaml")), ids=lambda file: file.name)
def test_a_daemon_file_loads_without_a_warning(file: Path) -> None:
    assert read(file, ENVIRON).warnings == ()


def test_every_resource_is_named_by_a_daemon_file() -> None:
    assembly = read(ROOT / "config" / "daemon-team.yaml", ENVIRON)
    files = (assembly.agent_files, assembly.contexts, assembly.runbooks)
    resources = (*assembly.triggers, *assembly.classifications, *(one for kind in files for one in kind.values()))
    named = {Path(one.file).resolve() for one in resources}
    assert named == {file for file in (ROOT / "config").rglob("*.yaml") if file.parent.name != "config"}


def _mended(lines: list[str], problem: str) -> None:
    """Do to the lines what one problem says, and nothing else."""
    found = re.match(r".*?daemon\.yaml:(\d+): ([\w.]+): (.*)", problem)
    assert found, problem
    at, key, said = int(found[1]) - 1, found[2].rpartition(".")[2], found[3]
    line = lines[at]
    indent = line[: len(line) - len(line.lstrip())]
    if "Remove it." in said or "Keep one of them." in said:
        lines[at] = ""
    elif meant := re.search(r'no such key\. Did you mean "(.+)"', said):
        lines[at] = line.replace(key, meant[1])
    elif meant := re.search(r'Did you mean "(.+)"', said):
        lines[at] = f"{indent}{key}: {meant[1]}"
    elif more := re.search(r"Write (token_env: \w+),", said):
        lines[at] = f"{line}\n{indent}  {more[1]}"
    elif "Write digits" in said:
        lines[at] = f"{indent}{key}: 5"
    elif value := re.search(r"Write (?:for example )?([\w:/.]+?)(?:,|\.$| or )", said):
        lines[at] = f"{indent}{key}: {value[1]}"
    else:
        raise AssertionError(said)


def test_an_example_that_is_broken_in_many_ways_is_mended_by_what_is_told_alone(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for whole, broken in BROKEN:
        assert text.count(whole) == 1, whole
        text = text.replace(whole, broken)
    file = tmp_path / "daemon.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        read(file, ENVIRON)
    told = str(refused.value).splitlines()
    assert len(told) == len(BROKEN), told
    lines = text.splitlines()
    for problem in reversed(told):
        _mended(lines, problem)
    file.write_text("\n".join(lines), encoding="utf-8")
    assert read(file, ENVIRON).warnings == ()


@pytest.mark.parametrize(("whole", "broken"), BROKEN)
def test_one_thing_that_is_broken_is_one_problem(tmp_path: Path, whole: str, broken: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace(whole, broken)
    file = tmp_path / "daemon.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        read(file, ENVIRON)
    (problem,) = str(refused.value).splitlines()
    lines = text.splitlines()
    _mended(lines, problem)
    file.write_text("\n".join(lines), encoding="utf-8")
    assert read(file, ENVIRON).warnings == ()
