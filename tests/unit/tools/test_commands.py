import pytest

from aof.domain.risk import Risk
from aof.tools.base import CallRefused
from aof.tools.classify import Tables
from aof.tools.commands import COMMANDS, Command, find, fits

UNITS = "--full --plain --no-legend --no-pager"
JOURNAL = "--lines=40 --no-pager --no-hostname --output=short-iso"
PS = "[{{json .Names}},{{json .Status}}]"
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
        f"systemctl list-units --type=service {UNITS}",
        f"systemctl list-units --all {UNITS} nginx.service",
        f"systemctl list-units --all {UNITS} postgresql@15-main.service",
        f"journalctl --unit=nginx.service {JOURNAL}",
        f"journalctl --unit=foo\\x2dbar.timer {JOURNAL}",
        "who",
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
        ["systemctl", "restart", "nginx.service"],
        ["systemctl", "stop", "nginx.service"],
        ["systemctl", "edit", "nginx.service"],
        ["systemctl", "show", "nginx.service"],
        ["systemctl", "cat", "nginx.service"],
        ["systemctl", "-H", "root@elsewhere", *f"list-units --type=service {UNITS}".split()],
        ["systemctl", "--root=/x", "list-units", "--type=service", *UNITS.split()],
        ["systemctl", *f"list-units --all {UNITS} *.service".split()],
        ["systemctl", *f"list-units --all {UNITS} --host=x.service".split()],
        ["systemctl", *f"list-units --all {UNITS} a.service b.service".split()],
        ["systemctl", "list-units", "--type=service"],
        ["journalctl", "-fu", "nginx.service"],
        ["journalctl", "--unit=nginx.service"],
        ["journalctl", "--unit=nginx.service", "--follow", *JOURNAL.split()],
        ["journalctl", "--unit=nginx.service", *JOURNAL.split(), "--follow"],
        ["journalctl", "--vacuum-size=1"],
        ["journalctl", "--vacuum-time=1s", *JOURNAL.split()],
        ["journalctl", "--rotate"],
        ["journalctl", "--flush"],
        ["journalctl", "--directory=/etc", *JOURNAL.split()],
        ["journalctl", "--file=/etc/shadow", *JOURNAL.split()],
        ["journalctl", "--cursor-file=/tmp/x", *JOURNAL.split()],
        ["journalctl", *JOURNAL.split()],
        ["ss", "-K"],
        ["ss", "-Hltnp"],
        ["docker", "-H", "tcp://elsewhere", "ps", "--all", "--format", PS],
        ["docker", "--host=tcp://elsewhere", "ps", "--all", "--format", PS],
        ["docker", "--context", "elsewhere", "ps", "--all", "--format", PS],
        ["docker", "ps"],
        ["docker", "ps", "--all", "--format", "{{json .}}"],
        ["docker", "ps", "--all", "--format", "[{{json .Command}}]"],
        ["docker", "inspect", "web"],
        ["docker", "rm", "web"],
        ["docker", "exec", "web", "sh"],
        ["docker", "logs", "--follow", "web"],
        ["docker", "system", "prune"],
        ["who", "/etc/shadow"],
        ["who", "-a"],
        ["du", "-x", "/"],
    ],
)
def test_a_call_that_is_not_in_the_table_is_refused(argv: list[str]) -> None:
    with pytest.raises(CallRefused):
        find(argv[0], argv[1:])


@pytest.mark.parametrize(
    "pod",
    ["-x", "--all", "", "A", "a/b", "a b", "a;b", "$(id)", "a\n", "x" * 254, "../etc", "a-", "ａ", "deploy/api", "a,b"],
)
def test_what_is_no_name_of_a_pod_never_becomes_an_argument(pod: str) -> None:
    with pytest.raises(CallRefused):
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
        ("unit", "nginx.service", True),
        ("unit", "user@1000.service", True),
        ("unit", "_x.timer", True),
        ("unit", "nginx", False),
        ("unit", "-.mount", False),
    ],
)
def test_values_fit_the_patterns_of_their_kind(name: str, value: str, expected: bool) -> None:
    assert fits(name, value) is expected


@pytest.mark.parametrize(
    "unit",
    [
        "nginx",
        "-x.service",
        "--vacuum-size=1.service",
        "*.service",
        "nginx?.service",
        "[a-z].service",
        "a b.service",
        "a/b.service",
        "../etc.service",
        "a.service\n",
        "a.service --follow",
        "a;b.service",
        "$(id).service",
        ".service",
        "x" * 250 + ".service",
        "ａ.service",
        "a.exe",
        "",
    ],
)
def test_what_is_no_name_of_a_unit_never_becomes_an_argument(unit: str) -> None:
    with pytest.raises(CallRefused):
        find("journalctl", [f"--unit={unit}", *JOURNAL.split()])
    with pytest.raises(CallRefused):
        find("systemctl", ["list-units", "--all", *UNITS.split(), unit])


def test_docker_is_asked_for_names_and_states_and_never_for_command_lines_or_labels() -> None:
    assert find("docker", ["ps", "--all", "--format", PS]).words[-1] == PS
    assert [command.words for command in COMMANDS if command.program == "docker"] == [("ps", "--all", "--format", PS)]


def test_every_command_of_the_table_only_looks() -> None:
    verbs = {(command.program, *command.words[:1]) for command in COMMANDS}
    assert verbs == {
        ("kubectl", "config"),
        ("kubectl", "get"),
        ("kubectl", "logs"),
        ("kubectl", "describe"),
        ("systemctl", "list-units"),
        ("journalctl", "--unit={unit}"),
        ("docker", "ps"),
        ("who",),
    }
    waiting = {"-f", "--follow", "-w", "--watch", "--wait"}
    assert not any(waiting & set(command.words) for command in COMMANDS)
    assert not any(
        "secret" in word or "exec" in word or "raw" in word for command in COMMANDS for word in command.words
    )


VALUES = {"namespace": "prod", "container": "web", "pod": "api-1.x", "context": "gke_a_b", "unit": "nginx.service"}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join((command.program, *command.words)))
def test_every_command_of_the_table_classifies_as_a_look(command: Command) -> None:
    words = tuple(word if "{{" in word else word.format(**VALUES) for word in command.words)
    assert command.admits(command.program, words)
    judged = Tables.built_in().classify((command.program, *words))
    assert not judged.refused
    assert judged.risk in {Risk.READ, Risk.SENSITIVE}
