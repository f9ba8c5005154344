"""With the tools that the daemon gives, and programs that really run."""

import signal
from dataclasses import replace
from pathlib import Path

import pytest

from aof.agents.written.runbook import Runbook, Step
from aof.agents.written.step_tool import programs
from aof.domain.response import Status
from aof.tools.classify import Tables
from aof.tools.redaction import Redactor
from aof.tools.runner import Runner
from tests.unit.agents.written.house import House, response, waiting
from tests.unit.agents.written.shelf import RESTART, SCALE
from tests.unit.tools.stand_in import SHELL, write_program

KUBECTL = """
echo "$*" >>"$(dirname "$0")/calls"
case "$*" in
    *current-context*) echo kind ;;
    *"config view"*) echo "shop https://192.0.2.7:6443" ;;
    *history*) exit 3 ;;
    *status*) echo "deployment successfully rolled out" ;;
    *crash*) kill -9 $$ ;;
    *) echo ran ;;
esac
"""


class Cluster(House):
    def __init__(self, folder: Path, *runbooks: Runbook, writes: str = "ask") -> None:
        super().__init__(*runbooks, writes=writes)
        write_program(folder, KUBECTL, interpreter=SHELL)
        self.folder = folder
        self.tool_for = programs(Runner([folder, Path("/bin"), Path("/usr/bin")], {}, Redactor()), Tables.built_in())

    @property
    def calls(self) -> list[str]:
        """Without the questions where it is."""
        lines = (self.folder / "calls").read_text(encoding="utf-8").splitlines()
        return [line for line in lines if " config view " not in f" {line} " and "current-context" not in line]


async def test_from_a_phrase_to_the_end(tmp_path: Path) -> None:
    house = Cluster(tmp_path, RESTART, SCALE)
    waits = waiting(await house.ask("restart the api in staging"))
    (asked,) = waits.asks
    assert asked.proposal.argv == (
        "kubectl", "--context", "kind", "-n", "staging", "rollout", "restart", "deploy/api",
    )  # fmt: skip
    assert asked.proposal.undo[:3] == ("kubectl", "--context", "kind")
    assert asked.proposal.undo[3:] == ("-n", "staging", "rollout", "undo", "deploy/api")
    assert asked.proposal.reason == "restarts the api of staging"
    said = response(await house.decide(waits))
    assert said.status is Status.OK
    assert house.calls == [
        "-n staging get deploy api",
        "--context kind -n staging rollout restart deploy/api",
        "-n staging rollout status deploy/api",
    ]


@pytest.mark.parametrize(("expected", "status"), [(0, Status.FAILED), (3, Status.OK), (4, Status.FAILED)])
async def test_the_exit_of_a_program(tmp_path: Path, expected: int, status: Status) -> None:
    step = Step("look", ("kubectl", "rollout", "history", "deploy/api"), expect_exit=expected)
    said = response(await Cluster(tmp_path, Runbook("look-back", steps=(step,))).ask("/look-back"))
    assert said.status is status
    assert "(exit 3)" in said.text


async def test_a_change_that_a_signal_ended_is_unknown(tmp_path: Path) -> None:
    steps = (
        Step("one", ("kubectl", "rollout", "restart", "deploy/crash"), goes_on_after_failure=True,
             expect_exit=-signal.SIGKILL),
        Step("two", ("kubectl", "get", "pods")),
    )  # fmt: skip
    said = response(await Cluster(tmp_path, Runbook("break-it", steps=steps), writes="run").ask("/break-it"))
    assert "❓ one" in said.text
    assert "⏸ two" in said.text


@pytest.mark.parametrize("program", ["sh", "bash", "env", "python3", "xargs", "sudo", "/bin/ls", "./ls"])
async def test_what_starts_other_programs_is_never_a_step(tmp_path: Path, program: str) -> None:
    house = Cluster(tmp_path, Runbook("any", steps=(Step("one", (program, "x")),)), writes="run")
    said = response(await house.ask("/any"))
    assert said.status is Status.FAILED
    assert "⏸ one" in said.text


async def test_a_value_is_one_word_to_the_program_too(tmp_path: Path) -> None:
    any_word = replace(SCALE.inputs[0], pattern=r"[^-].*")
    house = Cluster(tmp_path, replace(SCALE, inputs=(any_word, SCALE.inputs[1])))
    waits = waiting(await house.press("runbook:scale-api?deploy=a%20%24(id)%3B%20%27b%22&replicas=2"))
    assert waits.asks[0].proposal.argv[-2:] == ("deploy/a $(id); 'b\"", "--replicas=2")
