"""What is asked for of a program is what is planned, and what is planned is what runs."""

import json
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aof.domain.risk import Risk
from aof.tools.base import CallRefused, Scope
from tests.unit.tools.program_bench import PROD, Bench


@pytest.mark.parametrize("command", ["get pods -o wide", "kubectl get pods -o wide", " kubectl\tget pods\n-o 'wide' "])
async def test_the_program_may_stand_in_front_or_not(bench: Bench, command: str) -> None:
    plan = await bench.plan(command)
    assert (plan.tool, plan.argv, plan.risk) == ("kubectl", ("kubectl", "get", "pods", "-o", "wide"), Risk.READ)


async def test_a_reason_is_kept_apart_from_the_command(bench: Bench) -> None:
    arguments = {"command": "get pods", "reason": "  to see\u202e\n whether\x1b[31m it   runs "}
    plan = await bench.command("kubectl").plan(arguments, Scope())
    assert plan.reason == "to see whether it runs"
    assert plan.argv == ("kubectl", "get", "pods")


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"command": ""},
        {"command": "  \n"},
        {"command": ["get", "pods"]},
        {"command": None},
        {"command": "get pods", "reason": 3},
        {"command": "get pods", "argv": ["delete", "pod", "x"]},
        {"command": "get " + "x" * 8000},
        {"command": "get pods\0"},
        {"command": "get pods \x1b[31m"},
        {"command": "get 'pods"},
        {"command": "get pods; rm -rf /"},
        {"command": "get pods | sh"},
        {"command": "get pods && id"},
        {"command": "get $(id)"},
        {"command": "get pods > /etc/passwd"},
    ],
)
async def test_what_is_no_plain_command_is_refused(bench: Bench, arguments: Mapping[str, Any]) -> None:
    with pytest.raises(CallRefused, match=r"\w+ \w+"):
        await bench.command("kubectl").plan(arguments, Scope())


WORDS = st.one_of(
    st.sampled_from(
        [
            "get",
            "pods",
            "delete",
            "-n",
            "web",
            "kube-system",
            "--context",
            "prod",
            "other",
            "--",
            "-A",
            "-nweb",
            "--kubeconfig=/x",
            "rollout",
            "restart",
            "deploy/api",
            "-o",
            "json",
            "--all",
            "-lapp=x",
            "--selector",
            "-n=api",
            "secret",
            "exec",
        ]
    ),
    st.text(max_size=12),
)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, max_size=6), quoted=st.booleans())
async def test_whatever_is_planned_stays_in_its_cluster_and_names_its_namespace(
    bench: Bench, words: list[str], quoted: bool
) -> None:
    command = " ".join("'" + word.replace("'", "'\\''") + "'" if quoted else word for word in words)
    try:
        plan = await bench.plan(command, PROD)
    except CallRefused:
        return
    head = plan.argv[: plan.argv.index("--")] if "--" in plan.argv else plan.argv
    assert ("--context", "prod") in pairwise(head)
    assert "other" not in [after for before, after in pairwise(head) if before == "--context"]
    assert plan.target["context"] == "prod"
    assert plan.target["namespace"] in {"web", "api"}
    assert ("-n", "kube-system") not in pairwise(head)


@pytest.mark.parametrize(
    "command",
    [
        "get pods", "get pods -n api -o wide", "rollout restart deploy/api", "delete pod 'a b'", "delete pod '$(id)'",
        "label pod x 'note=it'\"'\"'s; rm -rf /'", "annotate pod x 'a=ü\u00a0*'",
    ],
)  # fmt: skip
async def test_what_the_plan_shows_is_what_runs(bench: Bench, command: str) -> None:
    tool, scope = bench.command("kubectl"), Scope(context=PROD)
    plan = await tool.plan({"command": command}, scope)
    result = await tool.perform(plan, scope)
    assert ("kubectl", *json.loads(result.text)) == plan.argv
    assert not result.failed


async def test_a_plan_made_twice_is_the_same(bench: Bench) -> None:
    first, second = [await bench.plan("delete pod x") for _ in range(2)]
    assert first == second
