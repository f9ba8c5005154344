"""What holds for every command, however it is written."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.domain.risk import Risk
from aof.tools.classify import Classified, Tables
from aof.tools.classify.programs import BUILT_IN
from aof.tools.classify.starters import STARTERS
from aof.tools.classify.table import Program, Takes

TABLES = Tables.built_in()
WITH_VERBS = [program for program in BUILT_IN if () not in program.verbs]

VOCABULARY = sorted(
    {word for program in BUILT_IN for path in program.verbs for word in path if word != "*"}
    | {name for program in BUILT_IN for name in program.options}
    | {name for program in BUILT_IN for verb in program.verbs.values() for name in verb.options}
    | {program.name for program in BUILT_IN}
    | {
        "--",
        "-",
        "=",
        "pods",
        "secrets",
        "x",
        "kube-system",
        "-n=prod",
        "--output=json",
        "prod",
        "-abc",
        "a/b",
        "file:///x",
    }
)
WORDS = st.one_of(st.sampled_from(VOCABULARY), st.text(max_size=6))


@given(st.lists(WORDS, max_size=8))
def test_any_list_of_words_has_a_class(argv: list[str]) -> None:
    found = TABLES.classify(argv)
    assert isinstance(found, Classified)
    assert found.why


@given(st.sampled_from([program.name for program in BUILT_IN]), st.lists(WORDS, max_size=8))
def test_any_call_of_a_known_program_has_a_class(program: str, words: list[str]) -> None:
    assert isinstance(TABLES.classify([program, *words]), Classified)


@st.composite
def calls(draw: st.DrawFn) -> tuple[Program, list[list[str]], list[str]]:
    """A program, options of it (each with its value), and a verb that is no read with an operand."""
    program = draw(st.sampled_from(WITH_VERBS))
    changing = [verb for verb in program.verbs.values() if verb.risk.rank >= Risk.WRITE.rank and not verb.is_group]
    verb = draw(st.sampled_from(changing))
    known = {option.names: option for option in program.options.values() if not option.refused}
    chosen = draw(st.lists(st.sampled_from(sorted(known)), max_size=3))
    values = st.sampled_from(["x", "get", "status", "ls", "list", "prod", "describe-instances"])
    options = [[names[-1], *([draw(values)] if known[names].takes is Takes.NEXT else [])] for names in chosen]
    words = [draw(st.sampled_from(["s3api", "ec2", "link"])) if word == "*" else word for word in verb.path]
    return program, options, [*words, "x"]


@given(calls(), st.data())
def test_where_options_stand_makes_no_read_of_a_change(
    call: tuple[Program, list[list[str]], list[str]], data: st.DataObject
) -> None:
    program, options, words = call
    pieces = [*options, *([word] for word in words)]
    for option in options:
        # Anywhere between the words, which keep their order
        pieces.remove(option)
        pieces.insert(data.draw(st.integers(0, len(pieces))), option)
    argv = [program.name, *chain.from_iterable(pieces)]
    assert TABLES.classify(argv).risk.rank >= Risk.WRITE.rank, argv


UNKNOWN = st.sampled_from(["--zzz", "--zzz=get", "-Z", "-Zget", "--zzz=--", "---", "--z-z", "-Ω", "--zzz=false"])


@given(calls(), UNKNOWN, st.data())
def test_an_unknown_option_makes_no_read_of_a_change(
    call: tuple[Program, list[list[str]], list[str]], unknown: str, data: st.DataObject
) -> None:
    program, options, words = call
    argv = [*chain.from_iterable(options), *words]
    argv.insert(data.draw(st.integers(0, len(argv))), unknown)
    assert TABLES.classify([program.name, *argv]).risk.rank >= Risk.WRITE.rank, argv


@pytest.mark.parametrize("program", BUILT_IN, ids=lambda program: program.name)
@given(st.data())
def test_an_unknown_option_makes_a_read_a_write(program: Program, data: st.DataObject) -> None:
    reads = [verb for verb in program.verbs.values() if verb.risk is Risk.READ and not verb.takes_any_parameters]
    if not reads:
        return
    verb = data.draw(st.sampled_from(reads))
    argv = ["link" if word == "*" else word for word in verb.path]
    argv.insert(data.draw(st.integers(0, len(argv))), data.draw(st.sampled_from(["--zzz", "--zzz=1", "-Ω"])))
    assert TABLES.classify([program.name, *argv]).risk.rank >= Risk.WRITE.rank, argv


PHRASES = st.dictionaries(
    st.sampled_from(Risk),
    st.lists(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3).map(" ".join), max_size=4),
)
REFUSED = [
    ["kubectl", "--kubeconfig", "/x", "get", "pods"],
    ["kubectl", "get", "--raw", "/api"],
    ["docker", "-H", "tcp://x", "ps"],
    ["git", "-c", "core.pager=id", "log"],
    ["journalctl", "-fu", "nginx"],
    ["helm", "upgrade", "x", "y", "--post-renderer", "z"],
    ["sudo", "kubectl"],
    ["/bin/kubectl", "get"],
    ["aws", "ec2", "describe-instances", "--endpoint-url", "http://x"],
    [],
]


@given(st.sampled_from(REFUSED), PHRASES, st.dictionaries(st.sampled_from(Risk), st.just([".*"])), st.data())
def test_no_file_allows_what_is_refused(
    argv: list[str], phrases: dict[Risk, list[str]], patterns: dict[Risk, list[str]], data: st.DataObject
) -> None:
    program = argv[0] if argv else "sh"
    options = [word for word in argv if word.startswith("-")]
    mine = {
        risk: [*lines, *data.draw(st.lists(st.sampled_from(options or ["x"]), max_size=2))]
        for risk, lines in phrases.items()
    }
    assert TABLES.extended({program: mine}, patterns).classify(argv).refused


DANGEROUS = [
    (program.name, verb.path)
    for program in BUILT_IN
    for verb in program.verbs.values()
    if verb.risk is Risk.DANGEROUS and "*" not in verb.path
]


@given(st.sampled_from(DANGEROUS), PHRASES, PHRASES)
def test_no_file_makes_a_read_of_what_is_dangerous(
    dangerous: tuple[str, tuple[str, ...]], first: dict[Risk, list[str]], second: dict[Risk, list[str]]
) -> None:
    program, path = dangerous
    words = " ".join(path)
    mine = {**second, Risk.READ: [*second.get(Risk.READ, []), words, path[0], f"{words} x", f"{words} --x"]}
    tables = TABLES.extended({program: first}, {}).extended({program: mine}, {}).extended({program: mine}, {})
    assert tables.classify([program, *path, "x"]).risk.rank >= Risk.WRITE.rank


@pytest.mark.parametrize("name", sorted(STARTERS))
def test_a_program_that_starts_others_is_refused_with_any_words(name: str) -> None:
    assert TABLES.classify([name, "--version"]).refused
