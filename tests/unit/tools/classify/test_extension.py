"""What an operator's files add to the tables, and what they can't."""

import pytest

from aof.domain.risk import Risk
from aof.tools.classify import Tables, split
from aof.tools.classify.programs import BUILT_IN
from aof.tools.classify.table import Program

TABLES = Tables.built_in()


def said(tables: Tables, line: str) -> str:
    found = tables.classify(split(line))
    return "refused" if found.refused else found.risk


MINE = TABLES.extended(
    {
        "redis-cli": {
            Risk.READ: ["info", "get", "cluster info", "slowlog get", "scan --count"],
            Risk.WRITE: ["set", "get --save"],
            Risk.DELETE: ["flushall", "del"],
            Risk.DANGEROUS: ["debug", "--eval"],
        },
        "kubectl": {
            Risk.READ: ["neat", "rollout restart", "exec", "delete pod"],
            Risk.WRITE: ["config set-context", "get pods --show-labels"],
            Risk.DELETE: ["scale"],
            Risk.DANGEROUS: ["delete node", "--dry-run"],
        },
        "aws": {Risk.READ: ["ping", "eks describe-update"], Risk.WRITE: ["describe"], Risk.DELETE: ["reap"]},
        "sudo": {Risk.READ: ["id"]},
        "/bin/x": {Risk.READ: ["id"]},
    },
    {
        Risk.DANGEROUS: [r"\b--wipe\b", r"\bprod-db\b"],
        Risk.DELETE: [r"\bremove\b"],
        Risk.WRITE: [r"\bput\b"],
        Risk.SENSITIVE: [r"\bdump\b"],
        Risk.READ: [r"^mongo (show|put|remove|dump)\b"],
    },
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # A program without a table gets one of verbs
        ("redis-cli info", "read"),
        ("redis-cli get x", "read"),
        ("redis-cli cluster info", "read"),
        ("redis-cli get-all", "read"),
        ("redis-cli get-and-del", "write"),
        ("redis-cli get-then-delete", "delete"),
        ("redis-cli info --section x", "write"),
        ("redis-cli -h x info", "write"),
        ("redis-cli -h info flushall", "delete"),
        ("redis-cli frobnicate", "write"),
        ("redis-cli FLUSHALL", "delete"),
        ("redis-cli flushall", "delete"),
        ("redis-cli cache del-x", "delete"),
        ("redis-cli cache get-x", "write"),
        ("redis-cli del get-x", "delete"),
        ("redis-cli debug sleep", "dangerous"),
        ("redis-cli get x --eval y", "dangerous"),
        ("redis-cli get x --save", "write"),
        ("redis-cli scan --count=5", "write"),
        ("redis-cli slowlog get", "read"),
        ("redis-cli slowlog reset", "write"),
        # Verbs of a built-in table are added and overridden
        ("kubectl neat", "read"),
        ("kubectl neat-x", "write"),
        ("kubectl rollout restart deploy/x", "read"),
        ("kubectl rollout undo deploy/x", "write"),
        ("kubectl scale deploy/x", "delete"),
        ("kubectl get pods --show-labels", "write"),
        ("kubectl get deploy --show-labels", "read"),
        ("kubectl get pods -o yaml", "sensitive"),
        ("kubectl get pods,secrets", "sensitive"),
        ("kubectl delete node x", "dangerous"),
        ("kubectl delete pod x", "read"),
        ("kubectl delete pod x --all", "dangerous"),
        ("kubectl delete pods x", "delete"),
        ("kubectl apply -f x --dry-run", "dangerous"),
        # What was dangerous is a write at least
        ("kubectl exec x", "write"),
        ("kubectl config set-context x", "write"),
        ("aws ping", "read"),
        ("aws ec2 ping-x", "read"),
        ("aws ec2 describe-instances", "write"),
        ("aws ec2 reap-instances", "delete"),
        ("aws ec2 get-x", "read"),
        ("aws eks describe-update --name x", "read"),
        # What is refused stays so
        ("sudo id", "refused"),
        ("/bin/x id", "refused"),
        ("kubectl get pods --kubeconfig=x", "refused"),
        # Patterns, for programs without a table
        ("mongo show", "read"),
        ("mongo dump", "sensitive"),
        ("mongo put x", "write"),
        ("mongo remove put", "delete"),
        ("mongo stop", "dangerous"),
        ("mongo show --wipe", "dangerous"),
        ("mongo show x--wipe", "read"),
        # and the dangerous ones for all
        ("kubectl get pods --wipe", "dangerous"),
        ("kubectl get pods -n prod-db", "dangerous"),
        ("docker logs 'rm -rf x'", "dangerous"),
    ],
)
def test_files_extend_the_tables(line: str, expected: str) -> None:
    assert said(MINE, line) == expected, MINE.classify(split(line))


def test_the_tables_themselves_stay_as_they_are() -> None:
    assert MINE.knows("redis-cli")
    assert not TABLES.knows("redis-cli")
    assert said(TABLES, "kubectl rollout restart deploy/x") == "write"
    assert said(TABLES, "docker logs prod-db") == "read"


def test_of_two_lists_the_riskier_counts() -> None:
    tables = TABLES.extended({"x": {Risk.DELETE: ["go"], Risk.READ: ["go"]}}, {})
    assert said(tables, "x go") == "delete"


def test_two_files_do_not_do_in_steps_what_one_can_not() -> None:
    once = TABLES.extended({"kubectl": {Risk.WRITE: ["exec"]}}, {})
    twice = once.extended({"kubectl": {Risk.READ: ["exec", "exec api", "exec --stdin"]}}, {})
    assert said(once, "kubectl exec api") == said(twice, "kubectl exec api") == said(twice, "kubectl exec") == "write"


def test_a_phrase_with_an_option_lowers_nothing() -> None:
    tables = TABLES.extended({"kubectl": {Risk.READ: ["delete pod --now", "delete --all", "get pods --raw"]}}, {})
    assert said(tables, "kubectl delete pod x --now") == "delete"
    assert said(tables, "kubectl delete pods --all") == "dangerous"
    assert said(tables, "kubectl get pods --raw /x") == "refused"


def test_an_option_of_a_phrase_is_not_known_before_its_verb() -> None:
    tables = TABLES.extended({"x": {Risk.READ: ["logs", "logs --tail"], Risk.DELETE: ["drop"]}}, {})
    assert said(tables, "x logs --tail=5 y") == "read"
    assert said(tables, "x --tail logs drop") == "delete"
    assert said(tables, "x --tail logs y") == "write"


def test_a_bad_pattern_is_told() -> None:
    with pytest.raises(ValueError, match=r"^'a\(' in write is no regular expression: missing \), "):
        TABLES.extended({}, {Risk.WRITE: ["a("]})


@pytest.mark.parametrize("phrase", ["", " ", "*", "describe*", "ec2 *"])
def test_a_bad_phrase_is_told(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"in read of aws is no row of whole words: `get` stands for get-… too$"):
        TABLES.extended({"aws": {Risk.READ: [phrase]}}, {})


@pytest.mark.parametrize(
    ("pattern", "line", "fits"),
    [
        (r"\b--force\b", "x --force", True),
        (r"\b--force\b", "--force", True),
        (r"\b--force\b", "x y--force", False),
        (r"\b-f\b", "x -f", True),
        (r"\b-f\b", "x a-f", False),
        (r"\\b--x", "x --x", False),
        (r"x\b y", "x y", True),
    ],
)
def test_a_boundary_before_a_dash_is_the_start_of_a_word(pattern: str, line: str, *, fits: bool) -> None:
    tables = TABLES.extended({}, {Risk.READ: [pattern]})
    assert (tables.classify(["prog", *line.split()]).risk is Risk.READ) == fits


@pytest.mark.parametrize("program", BUILT_IN, ids=lambda program: program.name)
def test_an_empty_file_changes_nothing(program: Program) -> None:
    tables = TABLES.extended({program.name: {}}, {})
    for path in program.verbs:
        argv = [program.name, *path, "x"]
        assert tables.classify(argv) == TABLES.classify(argv)
