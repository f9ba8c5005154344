"""The tools that run programs, with stand-ins for the programs."""

import json
import os
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aof.domain.risk import Risk
from aof.tools.base import CallRefused, Context, Plan, Scope
from aof.tools.classify import Tables
from aof.tools.programs import CommandTool, Settings, ShellTool, Verbs
from aof.tools.redaction import MASK, Redactor
from aof.tools.runner import Runner
from tests.unit.tools.stand_in import PYTHON, SHELL, write_program

SAYS_ITS_WORDS = "import json, sys; print(json.dumps(sys.argv[1:]))"
KUBECTL = f"""
import sys
words = sys.argv[1:]
if words == ["config", "current-context"]:
    print("kind-home")
elif words[:1] == ["--context"] and words[2:4] == ["config", "view"]:
    print("team-a https://10.0.0.1:6443", end="")
else:
    {SAYS_ITS_WORDS.replace("; ", chr(10) + "    ")}
"""
PROD = Context(
    name="production", kubecontext="prod", namespace="web", cluster="eu-1", allowed_namespaces=("web", "api")
)
TABLES = Tables.built_in()


class Bench:
    """Tools over a directory of stand-ins."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.environ: dict[str, str] = {}

    def program(self, name: str, body: str = SAYS_ITS_WORDS, interpreter: str = PYTHON) -> None:
        write_program(self.path, body, name=name, interpreter=interpreter)

    @property
    def runner(self) -> Runner:
        return Runner([self.path], self.environ, Redactor(["the known secret"]))

    def command(self, program: str, *verb: str, **said: Any) -> CommandTool:
        return CommandTool(program, verb, runner=self.runner, tables=TABLES, settings=Settings(**said))

    def shell(self, *programs: str, **said: Any) -> ShellTool:
        return ShellTool(programs or None, runner=self.runner, tables=TABLES, settings=Settings(**said))

    async def plan(self, command: str, context: Context | None = None, *, tool: str = "kubectl", **said: Any) -> Plan:
        scope = Scope(context=context or Context())
        return await self.command(tool, **said).plan({"command": command}, scope)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path / "bin")
    bench.program("kubectl", KUBECTL)
    return bench


# -- what is asked for is what is planned, and what is planned is what runs --------------------------------------------


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


# -- where it takes effect ---------------------------------------------------------------------------------------------


async def test_the_target_of_the_context_stands_right_behind_the_program(bench: Bench) -> None:
    plan = await bench.plan("get pods", PROD)
    assert plan.argv == ("kubectl", "--context", "prod", "-n", "web", "get", "pods")
    assert plan.target == {"context": "prod", "cluster": "eu-1", "namespace": "web"}
    bench.program("helm")
    plan = await bench.plan("list", PROD, tool="helm")
    assert plan.argv == ("helm", "--kube-context", "prod", "-n", "web", "list")


@pytest.mark.parametrize(
    ("command", "argv"),
    [
        ("get pods -n api", "kubectl --context prod get pods -n api"),
        ("-n api get pods", "kubectl --context prod -n api get pods"),
        ("get pods -napi", "kubectl --context prod get pods -napi"),
        ("get pods --namespace=api", "kubectl --context prod get pods --namespace=api"),
        ("--context prod -n api get pods", "kubectl --context prod -n api get pods"),
        ("get pods --context=prod -n=api", "kubectl get pods --context=prod -n=api"),
    ],
)
async def test_a_target_that_is_given_and_allowed_is_not_given_twice(bench: Bench, command: str, argv: str) -> None:
    plan = await bench.plan(command, PROD)
    assert plan.argv == tuple(argv.split())
    assert plan.target["namespace"] == "api"


@pytest.mark.parametrize(
    "command",
    [
        "get pods --context other",
        "get pods --context=other",
        "--context other get pods",
        "--context prod get pods --context other",
        "get pods --context",
        "get pods --context=",
        "get pods --kubeconfig=/etc/shadow",
        "get pods --kubeconfig /etc/shadow",
        "--kubeconfig=/etc/shadow get pods",
        "get pods --server https://evil",
        "get pods -s https://evil",
        "get pods --cluster other",
        "get pods --user admin",
        "get pods --as admin",
        "get pods --as_group=system:masters",
        "get pods -n kube-system",
        "get pods -nkube-system",
        "get pods -n=kube-system",
        "get pods --namespace kube-system",
        "get pods --namespace=kube-system",
        "-n kube-system get pods",
        "get pods -n web -n kube-system",
        "get pods -n web --namespace=kube-system",
        "get pods -n",
        "get pods -n ''",
        "get pods -n '../x'",
        "get pods -wn kube-system",
        "get pods -Rn kube-system",
        "get pods -A",
        "get pods --all-namespaces",
        "get pods --all-namespaces=true",
        "get pods -A=false",
        "get pods -n web -A",
        "get pods --selector -- -n kube-system",
        "get pods\t-n\tkube-system",
        "get pods '-n' 'kube-system'",
        "delete ns kube-system",
        "delete namespace/kube-system",
        "delete deploy,ns kube-system",
        "describe Namespaces kube-system",
        "create namespace other",
        "cp kube-system/pod:/etc/passwd /tmp/x",
    ],
)
async def test_no_command_leaves_the_context(bench: Bench, command: str) -> None:
    with pytest.raises(CallRefused, match=r"\w+ \w+"):
        await bench.plan(command, PROD)


@pytest.mark.parametrize(
    "command",
    ["list --kube-context other", "list --kubeconfig /x", "list -n kube-system", "list -A", "list --kube-token x"],
)
async def test_helm_does_not_leave_it_either(bench: Bench, command: str) -> None:
    bench.program("helm")
    with pytest.raises(CallRefused):
        await bench.plan(command, PROD, tool="helm")


@pytest.mark.parametrize("command", ["logs x -pn kube-system", "get pods -Rn kube-system", "logs x -pnkube-system"])
async def test_a_cluster_of_short_options_can_not_hide_a_namespace(bench: Bench, command: str) -> None:
    with pytest.raises(CallRefused, match="each short option as a word of its own"):
        await bench.plan(command, PROD)


async def test_a_namespace_that_could_be_the_value_of_another_option_does_not_count_as_given(bench: Bench) -> None:
    plan = await bench.plan("delete pods --field-selector -n api", PROD)
    assert plan.argv[:5] == ("kubectl", "--context", "prod", "-n", "api")


async def test_where_nothing_is_configured_a_look_goes_where_the_kubeconfig_points(bench: Bench) -> None:
    assert (await bench.plan("get pods")).argv == ("kubectl", "get", "pods")


async def test_where_nothing_is_configured_a_change_names_what_the_kubeconfig_points_to(bench: Bench) -> None:
    plan = await bench.plan("rollout restart deploy/api")
    assert plan.argv == ("kubectl", "--context", "kind-home", "-n", "team-a", "rollout", "restart", "deploy/api")
    assert plan.target == {"context": "kind-home", "namespace": "team-a", "server": "https://10.0.0.1:6443"}


async def test_a_change_of_the_current_context_changes_the_plan(bench: Bench) -> None:
    before = await bench.plan("delete pod x")
    bench.program("kubectl", KUBECTL.replace("kind-home", "kind-other").replace("10.0.0.1", "10.0.0.2"))
    after = await bench.plan("delete pod x")
    assert before.argv != after.argv
    assert before.target["server"] != after.target["server"]


@pytest.mark.parametrize(
    "body", ["import sys; sys.exit(1)", "print()", "print('a b')", "print('--all')", "print('x\\ny')"]
)
async def test_a_change_whose_cluster_is_not_known_is_refused(bench: Bench, body: str) -> None:
    bench.program("kubectl", body)
    with pytest.raises(CallRefused, match="which cluster is meant is not known; name a context"):
        await bench.plan("rollout restart deploy/api")
    (bench.path / "kubectl").unlink()
    bench.program("helm")
    with pytest.raises(CallRefused, match="which cluster is meant is not known; name a context"):
        await bench.plan("upgrade api ./chart", tool="helm")


async def test_a_kubeconfig_without_a_namespace_means_default(bench: Bench) -> None:
    bench.program("kubectl", KUBECTL.replace("team-a https", " https"))
    assert (await bench.plan("delete pod x")).target["namespace"] == "default"


async def test_a_namespace_that_is_itself_the_object_is_the_target(bench: Bench) -> None:
    assert (await bench.plan("delete ns payments")).target["namespace"] == "payments"


async def test_everything_everywhere_has_no_undo_and_says_so(bench: Bench) -> None:
    plan = await bench.plan("rollout restart deploy -A")
    assert plan.target["namespace"] == "*"
    assert plan.undo == ()


async def test_git_and_terraform_work_in_a_directory_that_is_named_and_nowhere_else(
    bench: Bench, tmp_path: Path
) -> None:
    for program in ("git", "terraform"):
        with pytest.raises(CallRefused, match="working_directory"):
            await bench.plan("status", tool=program)
    where = str(tmp_path)
    assert (await bench.plan("log -n 5", tool="git", working_directory=where)).target == {"directory": where}
    for command in ("-C /etc log", "--git-dir=/x log", "--namespace log push origin", "-c core.pager=id log"):
        with pytest.raises(CallRefused):
            await bench.plan(command, tool="git", working_directory=where)
    with pytest.raises(CallRefused):
        await bench.plan("-chdir=/etc plan", tool="terraform", working_directory=where)


async def test_aws_stays_with_the_profile_of_its_environment(bench: Bench) -> None:
    own = Context(name="p", environment={"AWS_PROFILE": "prod", "AWS_REGION": "eu-1"})
    plan = await bench.plan("ec2 describe-instances --profile prod", own, tool="aws")
    assert plan.target == {"profile": "prod", "region": "eu-1"}
    for option in ("--profile other", "--profile=other", "--prof other", "--region us-1", "--endpoint-url http://x"):
        with pytest.raises(CallRefused):
            await bench.plan(f"ec2 describe-instances {option}", own, tool="aws")


async def test_docker_is_not_led_to_another_machine(bench: Bench) -> None:
    for command in ("-H tcp://x ps", "--host=tcp://x ps", "--context other ps", "-c other ps", "--config /x ps"):
        with pytest.raises(CallRefused):
            await bench.plan(command, tool="docker")


DOCKER = f"""
import sys
words = sys.argv[1:]
if words == ["context", "show"]:
    print("colima")
elif words[:2] == ["context", "inspect"]:
    print("unix:///run/user/1000/" + words[-1] + ".sock")
else:
    {SAYS_ITS_WORDS.replace("; ", chr(10) + "    ")}
"""


async def test_a_change_by_docker_is_bound_to_its_context_and_endpoint(bench: Bench) -> None:
    bench.program("docker", DOCKER)
    tool = bench.command("docker")
    plan = await tool.plan({"command": "stop web"}, Scope())
    assert plan.argv == ("docker", "--context", "colima", "stop", "web")
    assert plan.target == {"docker": "colima", "endpoint": "unix:///run/user/1000/colima.sock"}
    assert plan.risk is Risk.DELETE
    assert plan.undo == ("docker", "--context", "colima", "start", "web")
    assert json.loads((await tool.perform(plan, Scope())).text) == ["--context", "colima", "stop", "web"]
    assert (await tool.plan({"command": "compose up -d"}, Scope())).argv[:3] == plan.argv[:3]


@pytest.mark.parametrize(("of", "other"), [("colima", "other"), ("unix:///run", "ssh://ops@build")])
async def test_what_docker_use_or_update_changed_changes_the_plan(bench: Bench, of: str, other: str) -> None:
    bench.program("docker", DOCKER)
    before = await bench.plan("restart web", tool="docker")
    bench.program("docker", DOCKER.replace(of, other))
    after = await bench.plan("restart web", tool="docker")
    assert before.target != after.target


async def test_a_look_by_docker_asks_nothing_first(bench: Bench) -> None:
    bench.program("docker", DOCKER)
    assert (await bench.plan("ps", tool="docker")).argv == ("docker", "ps")


async def test_a_host_of_the_configuration_is_the_target_of_docker(bench: Bench) -> None:
    bench.program("docker", "raise SystemExit(1)")
    plan = await bench.plan("stop web", Context(environment={"DOCKER_HOST": "ssh://ops@build"}), tool="docker")
    assert (plan.argv, plan.target) == (("docker", "stop", "web"), {"host": "ssh://ops@build"})


@pytest.mark.parametrize("body", ["raise SystemExit(1)", "print('two words')", "print('x')", "print()"])
async def test_a_change_by_docker_is_refused_where_its_context_is_not_known(bench: Bench, body: str) -> None:
    bench.program("docker", body)
    with pytest.raises(CallRefused, match="which docker is meant"):
        await bench.plan("stop web", tool="docker")


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


# -- what came of it ---------------------------------------------------------------------------------------------------


async def run(bench: Bench, command: str, **said: Any) -> tuple[str, bool, bool]:
    tool, scope = bench.command("kubectl", **said), Scope(context=PROD)
    result = await tool.perform(await tool.plan({"command": command}, scope), scope)
    return result.text, result.failed, result.is_unknown


async def test_both_outputs_and_the_exit_code_are_told(bench: Bench) -> None:
    bench.program("kubectl", "import sys; print('out the known secret'); print('err', file=sys.stderr); sys.exit(3)")
    assert await run(bench, "get pods") == (f"out {MASK}\nerr\nexit code 3", True, False)
    assert await run(bench, "delete pod x") == (f"out {MASK}\nerr\nexit code 3", True, False)


async def test_silence_is_told(bench: Bench) -> None:
    bench.program("kubectl", "")
    assert await run(bench, "get pods") == ("it printed nothing", False, False)


async def test_a_change_over_its_time_may_have_taken_effect_and_a_look_has_failed(bench: Bench) -> None:
    bench.program("kubectl", "echo working; exec /bin/sleep 600", interpreter=SHELL)
    assert await run(bench, "get pods", timeout_seconds=1.0) == ("working\ntimed out after 1 s", True, False)
    assert await run(bench, "delete pod x", timeout_seconds=1.0) == ("working\ntimed out after 1 s", True, True)


async def test_a_change_that_is_stopped_at_the_cap_may_have_taken_effect(bench: Bench) -> None:
    bench.program("kubectl", "import sys\nwhile True: sys.stdout.write('y\\n' * 5000)")
    text, failed, is_unknown = await run(bench, "delete pod x")
    assert text.endswith("cut: it printed more than 64 KB and was stopped there")
    assert (failed, is_unknown) == (True, True)
    assert (await run(bench, "get pods"))[1:] == (True, False)


async def test_a_change_that_a_signal_ended_may_have_taken_effect(bench: Bench) -> None:
    bench.program("kubectl", "import os; os.kill(os.getpid(), 9)")
    assert await run(bench, "delete pod x") == ("exit code -9", True, True)
    assert await run(bench, "get pods") == ("exit code -9", True, False)


async def test_a_program_that_never_started_has_surely_changed_nothing(bench: Bench) -> None:
    bench.program("kubectl", KUBECTL)
    assert await run(bench, "get pods", working_directory="/nowhere") == (
        "kubectl could not be started: No such file or directory", True, False
    )  # fmt: skip
    (bench.path / "kubectl").unlink()
    assert await run(bench, "delete pod x") == ("kubectl is not installed where the daemon runs", True, False)


async def test_a_program_has_the_variables_of_its_context_and_no_secret_of_the_daemon(bench: Bench) -> None:
    bench.program("kubectl", "import os; print('\\n'.join(f'{n} is {v}' for n, v in sorted(os.environ.items())))")
    bench.environ = {"HOME": "/h", "KUBECONFIG": "/daemon", "WHATSAPP_ACCESS_TOKEN": "EAAG", "OPENAI_API_KEY": "sk"}
    context = Context(name="p", kubeconfig="/context", namespace="web", cluster="eu", environment={"REGION": "eu-1"})
    tool = bench.command("kubectl", environment={"EXTRA": "1", "REGION": "of the agent"})
    scope = Scope(context=context)
    result = await tool.perform(await tool.plan({"command": "get pods"}, scope), scope)
    call, *others = result.text.splitlines()
    assert call.startswith("AOF_CALL is ")
    assert others == [
        "AOF_CLUSTER is eu", "AOF_CONTEXT is p", "AOF_NAMESPACE is web", "AWS_PAGER is cat", "EXTRA is 1",
        "GIT_PAGER is cat", "HOME is /h", "KUBECONFIG is /context", "LC_ALL is C.UTF-8", "MANPAGER is cat",
        "NO_COLOR is 1", "PAGER is cat", f"PATH is {bench.path}", "REGION is eu-1", "SYSTEMD_PAGER is cat",
        "TERM is dumb",
    ]  # fmt: skip
    assert os.environ.get("PATH") != str(bench.path)


async def test_git_never_waits_for_a_password(bench: Bench, tmp_path: Path) -> None:
    bench.program("git", "import os; print(os.environ['GIT_TERMINAL_PROMPT'])")
    tool = bench.command("git", working_directory=str(tmp_path), environment={"GIT_TERMINAL_PROMPT": "1"})
    assert (await tool.perform(await tool.plan({"command": "log"}, Scope()), Scope())).text == "0"


def test_a_model_is_told_what_to_write(bench: Bench) -> None:
    tool = bench.command("kubectl", "get")
    assert "kubectl get" in tool.description
    assert tool.parameters["required"] == ["command"]
    assert tool.parameters["additionalProperties"] is False
    assert set(tool.parameters["properties"]) == {"command", "reason"}
