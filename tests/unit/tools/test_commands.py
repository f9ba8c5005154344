import pytest

from aof.tools.commands import COMMANDS, CommandRefused, find, fits

WAIT = "--request-timeout=10s"
OF_API = "--field-selector=involvedObject.kind=Pod,involvedObject.name=api"


@pytest.mark.parametrize(
    "argv",
    [
        "kubectl config current-context",
        "kubectl config get-contexts -o name",
        f"kubectl get pods --all-namespaces -o json {WAIT}",
        f"kubectl get pods --all-namespaces -o json {WAIT} --context arn:aws:eks:eu-1:12:cluster/prod",
        f"kubectl get pods --namespace prod -o json {WAIT} --context gke_proj_zone_name",
        f"kubectl logs api-1.x --namespace prod --tail=40 {WAIT}",
        f"kubectl logs api --namespace prod --tail=40 {WAIT} --container web --previous --context kind",
        f"kubectl describe pod api --namespace prod {WAIT}",
        f"kubectl get events --namespace prod {OF_API} --sort-by=.lastTimestamp {WAIT}",
    ],
)
def test_a_call_of_the_table_is_found(argv: str) -> None:
    program, *args = argv.split()
    assert find(program, args).program == program


@pytest.mark.parametrize(
    "argv",
    [
        ["kubectl", "delete", "pod", "x"],
        ["kubectl", "--cache-dir", "get", "delete", "pod", "x"],
        ["kubectl", "get", "secrets"],
        ["kubectl", "get", "pods", "-o", "go-template-file=/etc/shadow"],
        ["kubectl", "config", "view", "--raw"],
        ["kubectl", "exec", "x", "--", "sh"],
        ["kubectl"],
        ["kubectl", "config", "current-context", "--kubeconfig=/x"],
        ["sh", "-c", "kubectl config current-context"],
        ["/usr/bin/kubectl", "config", "current-context"],
        ["../kubectl", "config", "current-context"],
        ["kubectl config", "current-context"],
        ["kubectl", "config", "current-context\n"],
        ["kubectl", "config", "current-context\x00"],
    ],
)
def test_a_call_that_is_not_in_the_table_is_refused(argv: list[str]) -> None:
    with pytest.raises(CommandRefused):
        find(argv[0], argv[1:])


@pytest.mark.parametrize(
    "pod",
    ["-x", "--all", "", "A", "a/b", "a b", "a;b", "$(id)", "a\n", "x" * 254, "../etc", "a-", "ａ", "deploy/api", "a,b"],
)
def test_what_is_no_name_of_a_pod_never_becomes_an_argument(pod: str) -> None:
    with pytest.raises(CommandRefused):
        find("kubectl", ["describe", "pod", pod, "--namespace", "prod", WAIT])


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("namespace", "prod", True),
        ("namespace", "a" * 63, True),
        ("namespace", "a" * 64, False),
        ("namespace", "a.b", False),
        ("namespace", "-a", False),
        ("pod", "a.b", True),
        ("pod", "a" * 253, True),
        ("context", "kubernetes-admin@kubernetes", True),
        ("context", "--token=x", False),
        ("context", "a b", False),
        ("context", "", False),
    ],
)
def test_values_fit_the_patterns_of_their_kind(name: str, value: str, expected: bool) -> None:
    assert fits(name, value) is expected


def test_every_command_of_the_table_only_looks() -> None:
    assert {command.program for command in COMMANDS} == {"kubectl"}
    verbs = {command.words[0] for command in COMMANDS}
    assert verbs == {"config", "get", "logs", "describe"}
    assert not any(
        "secret" in word or "exec" in word or "raw" in word for command in COMMANDS for word in command.words
    )
