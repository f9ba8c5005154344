"""What a file allows of programs, and which tools it makes of them."""

from pathlib import Path

import pytest

from aof.domain.risk import Risk
from aof.tools.base import CallRefused, Context, Scope
from aof.tools.programs import Verbs
from tests.unit.tools.program_bench import PROD, Bench

# -- what a file allows ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verbs", "command", "passes"),
    [
        (Verbs(allowed=("get", "rollout status")), "get pods", True),
        (Verbs(allowed=("get", "rollout status")), "-n web get pods", True),
        (Verbs(allowed=("get", "rollout status")), "rollout status deploy/x", True),
        (Verbs(allowed=("get", "rollout status")), "rollout restart deploy/x", False),
        (Verbs(allowed=("get", "rollout status")), "rollout -n status restart deploy/x", False),
        (Verbs(allowed=("get", "rollout status")), "rollout --foo status restart deploy/x", False),
        (Verbs(allowed=("get", "rollout status")), "--cache-dir get delete pod x", False),
        (Verbs(allowed=("get", "rollout status")), "gett pods", False),
        (Verbs(allowed=("get",)), "get-and-delete pods", False),
        (Verbs(allowed=()), "get pods", False),
        (Verbs(blocked=("delete", "rollout undo")), "get pods", True),
        (Verbs(blocked=("delete", "rollout undo")), "delete pod x", False),
        (Verbs(blocked=("delete", "rollout undo")), "-n web delete pod x", False),
        (Verbs(blocked=("delete", "rollout undo")), "--cache-dir get delete pod x", False),
        (Verbs(blocked=("delete", "rollout undo")), "rollout undo deploy/x", False),
        (Verbs(blocked=("delete", "rollout undo")), "rollout --to-revision 3 undo deploy/x", False),
        (Verbs(blocked=("delete", "rollout undo")), "rollout restart deploy/x", True),
        (Verbs(allowed=("get", "delete"), blocked=("delete",)), "delete pod x", False),
    ],
)
async def test_restrictions_go_by_the_verb_and_blocked_wins(
    bench: Bench, verbs: Verbs, command: str, passes: bool
) -> None:
    own, shell = bench.command("kubectl", verbs={"kubectl": verbs}), bench.shell(verbs={"kubectl": verbs})
    for tool, written in ((own, command), (shell, f"kubectl {command}")):
        if passes:
            assert (await tool.plan({"command": written}, Scope())).argv[0] == "kubectl"
        else:
            with pytest.raises(CallRefused, match="tool_restrictions"):
                await tool.plan({"command": written}, Scope())


async def test_a_blocked_verb_is_blocked_under_its_other_names(bench: Bench) -> None:
    for command in ("uninstall api", "delete api", "del api", "un api"):
        for blocked in ("uninstall", "delete"):
            with pytest.raises(CallRefused, match="tool_restrictions"):
                await bench.plan(command, tool="helm", verbs={"helm": Verbs(blocked=(blocked,))})
    with pytest.raises(CallRefused, match="tool_restrictions"):
        await bench.plan("container rm web", tool="docker", verbs={"docker": Verbs(blocked=("rm",))})


async def test_services_of_aws_stand_before_the_verb(bench: Bench) -> None:
    verbs = {"aws": Verbs(allowed=("describe", "s3 ls"), blocked=("delete",))}
    assert (await bench.plan("ec2 describe-instances", tool="aws", verbs=verbs)).risk is Risk.READ
    assert (await bench.plan("s3 ls", tool="aws", verbs=verbs)).risk is Risk.READ
    for command in ("s3 rm s3://x/y", "elasticache delete-cache-cluster --id x", "ec2 run-instances"):
        with pytest.raises(CallRefused, match="tool_restrictions"):
            await bench.plan(command, tool="aws", verbs=verbs)


@pytest.mark.parametrize(
    ("context", "command", "passes"),
    [
        (Context(allowed_commands=("kubectl",)), "kubectl get pods", True),
        (Context(allowed_commands=("kube", "helm")), "kubectl get pods", False),
        (Context(allowed_commands=("kubectl get",)), "kubectl get pods", True),
        (Context(allowed_commands=("kubectl get",)), "kubectl delete pod x", False),
        (Context(allowed_commands=()), "kubectl get pods", False),
        (Context(blocked_commands=("kubectl",)), "kubectl get pods", False),
        (Context(blocked_commands=("kubectl delete",)), "kubectl delete pod x", False),
        (Context(blocked_commands=("kubectl delete",)), "kubectl get pods", True),
        (Context(allowed_commands=("kubectl",), blocked_commands=("kubectl",)), "kubectl get pods", False),
    ],
)
async def test_a_context_says_which_commands_run_in_it(
    bench: Bench, context: Context, command: str, passes: bool
) -> None:
    for tool in (bench.command("kubectl"), bench.shell()):
        if passes:
            assert (await tool.plan({"command": command}, Scope(context=context))).argv[0] == "kubectl"
        else:
            with pytest.raises(CallRefused):
                await tool.plan({"command": command}, Scope(context=context))


# -- shells and single verbs -------------------------------------------------------------------------------------------


async def test_a_shell_takes_the_whole_first_word(bench: Bench) -> None:
    shell = bench.shell("kubectl", "helm")
    assert (await shell.plan({"command": "kubectl get pods"}, Scope())).argv == ("kubectl", "get", "pods")
    for command in (
        "kubect get pods",
        "kubectl2 get pods",
        "/usr/bin/kubectl get pods",
        "docker ps",
        "KUBECTL get pods",
    ):
        with pytest.raises(CallRefused):
            await shell.plan({"command": command}, Scope())


async def test_a_shell_without_a_list_runs_what_has_a_table(bench: Bench) -> None:
    shell = bench.shell()
    assert (await shell.plan({"command": "df -h"}, Scope())).risk is Risk.READ
    for command in ("redis-cli FLUSHALL", "sh -c id", "env", "curl http://x"):
        with pytest.raises(CallRefused):
            await shell.plan({"command": command}, Scope())


@pytest.mark.parametrize("program", ["sh", "bash", "env", "sudo", "xargs", "find", "awk", "python3"])
async def test_a_shell_never_runs_what_starts_other_programs_though_it_is_listed(bench: Bench, program: str) -> None:
    with pytest.raises(CallRefused):
        await bench.shell(program, "kubectl").plan({"command": f"{program} -c id"}, Scope())


async def test_a_listed_program_without_a_table_is_dangerous(bench: Bench) -> None:
    plan = await bench.shell("redis-cli").plan({"command": "redis-cli FLUSHALL"}, Scope())
    assert plan.risk is Risk.DANGEROUS


async def test_a_verb_in_the_name_is_the_only_one(bench: Bench) -> None:
    tool = bench.command("kubectl", "get")
    assert tool.name == "kubectl_get"
    for command in ("pods", "get pods", "kubectl get pods"):
        assert (await tool.plan({"command": command}, Scope())).argv == ("kubectl", "get", "pods")
    plan = await tool.plan({"command": "delete pod x"}, Scope())
    assert plan.argv == ("kubectl", "get", "delete", "pod", "x")
    with pytest.raises(CallRefused):
        await tool.plan({"command": "-n x delete pod y"}, Scope(context=PROD))


async def test_a_verb_may_do_without_more_words(bench: Bench, tmp_path: Path) -> None:
    tool = bench.command("git", "status", working_directory=str(tmp_path))
    assert (await tool.plan({"command": ""}, Scope())).argv == ("git", "status")
