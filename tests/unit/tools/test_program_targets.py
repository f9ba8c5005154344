"""Where a command takes effect: written into the command, and bound to its approval."""

import json
from pathlib import Path

import pytest

from aof.domain.risk import Risk
from aof.tools.base import CallRefused, Context, Scope
from tests.unit.tools.program_bench import DOCKER, KUBECTL, PROD, Bench


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
