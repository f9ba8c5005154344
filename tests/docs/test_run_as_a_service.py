"""The unit of the page, judged by systemd's own tools, and the promises it makes about the daemon."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aof.daemon.running import GRACE_SECONDS
from tests.docs.pages.source import ROOT
from tests.docs.reading import blocks, file_of

PAGE = ROOT / "docs" / "guides" / "run-as-a-service.md"
UNIT = file_of(PAGE, "aof.service")
INSTALLED = "/opt/aof/bin/aof"

PORTS_SECONDS = 2 * 2.0
"""Both ports let open requests end for two seconds."""

MOST_EXPOSED = 25
"""Of 100, by `systemd-analyze security`; reading `/proc` and the network is what the daemon
is there for."""


def _unit() -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, strict=True)
    read.optionxform = str
    read.read_string(UNIT)
    return read


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit on this machine, where the program has another place."""
    program = tmp_path / "aof"
    program.write_text(f"#!/bin/sh\nexec {sys.executable} -m aof\n", encoding="utf-8")
    program.chmod(0o755)
    file = tmp_path / "aof.service"
    assert UNIT.count(INSTALLED) == 1
    file.write_text(UNIT.replace(INSTALLED, str(program)), encoding="utf-8")
    return file


def _analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SYSTEMD_PAGER": ""},
    )


def test_systemd_finds_nothing_wrong_with_it(systemd_analyze: str, unit: Path) -> None:
    ended = _analyze("verify", "--man=no", str(unit))
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_systemd_would_find_a_word_that_it_does_not_know(systemd_analyze: str, unit: Path) -> None:
    unit.write_text(unit.read_text(encoding="utf-8").replace("ProtectHome=yes", "ProtectHouse=yes"), encoding="utf-8")
    assert "ProtectHouse" in _analyze("verify", "--man=no", str(unit)).stderr


def test_it_may_do_little(systemd_analyze: str, unit: Path) -> None:
    ended = _analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", str(unit))
    assert ended.returncode == 0, ended.stdout


def test_it_has_the_time_that_the_daemon_takes_to_end() -> None:
    given = float(_unit()["Service"]["TimeoutStopSec"])
    assert given > 2 * GRACE_SECONDS + PORTS_SECONDS


def test_only_what_may_be_better_next_time_is_started_again() -> None:
    service = _unit()["Service"]
    assert service["Restart"] == "on-failure"
    assert service["RestartPreventExitStatus"] == "2"


def test_what_people_ask_about_is_not_hidden() -> None:
    assert not {"ProcSubset", "ProtectProc", "PrivateUsers", "PrivateNetwork"} & set(_unit()["Service"])


def test_its_paths_are_those_of_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for path in ("/etc/aof/daemon.yaml", "/etc/aof/secrets.env", "/var/lib/aof", INSTALLED):
        assert path in UNIT
        assert page.count(path) > UNIT.count(path)


def test_the_secrets_are_those_that_the_configuration_names() -> None:
    (config,) = [block.text for block in blocks(PAGE) if block.language == "yaml"]
    named = set(re.findall(r"_env: (\w+)", config))
    assert named
    assert set(re.findall(r"^(\w+)=", file_of(PAGE, "secrets.env"), re.MULTILINE)) == named


def test_the_program_that_is_installed_is_the_one_of_the_project() -> None:
    assert shutil.which("aof", path=str(Path(sys.executable).parent)) is not None
