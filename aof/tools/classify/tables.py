"""Which class a call has: the tables of programs, patterns for the others, and what an operator adds to both."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Self

from aof.domain.risk import Risk, highest
from aof.tools.classify.extension import Patterns, extended
from aof.tools.classify.programs import BUILT_IN
from aof.tools.classify.split import control
from aof.tools.classify.starters import starts_others
from aof.tools.classify.table import Program, Verb, Walked
from aof.tools.classify.verdict import Classified, refusal, worst
from aof.tools.classify.walk import Walk

NOT_RECOGNISED = "not recognised"

_DANGEROUS = (
    r"(?<!\S)rm\s+(?:-\S+\s+)*-\w*[rRf]",
    r"(?<!\S)--privileged(?![^\s=])",
    r"\bdocker\.sock\b",
    r":\(\)\s*\{",
)

_JOINING = frozenset({"and", "or", "then"})
_REMOVING = frozenset({"delete", "destroy", "drop", "erase", "kill", "purge", "remove", "terminate", "wipe"})


class Tables:
    """The classes of all programs that are known, and the patterns for those that are not."""

    def __init__(self, programs: Mapping[str, Program], patterns: Patterns) -> None:
        self._programs = dict(programs)
        self._patterns = patterns

    @classmethod
    def built_in(cls) -> Self:
        """Without any file."""
        return cls({program.name: program for program in BUILT_IN}, Patterns.of({Risk.DANGEROUS: _DANGEROUS}))

    def extended(
        self, tools: Mapping[str, Mapping[Risk, Sequence[str]]], generic: Mapping[Risk, Sequence[str]]
    ) -> "Tables":
        """With the verbs, phrases and patterns of a ToolClassification on top; its verbs win over those that are here.

        It can't do two things: what is refused stays so, and a verb that is dangerous here is a write at least.

        Raises:
            ValueError: A pattern is no regular expression, or a phrase no row of whole words.
        """
        programs = dict(self._programs)
        for name, phrases in tools.items():
            programs[name] = extended(programs.get(name), name, phrases)
        return Tables(programs, self._patterns.with_more(generic))

    def knows(self, program: str) -> bool:
        """Whether there is a table for it."""
        return program in self._programs

    def classify(self, argv: Sequence[str]) -> Classified:
        """How much a call may do; never raises."""
        if (refused := _refused(argv)) is not None:
            return refused
        text = " ".join(argv)
        program = self._programs.get(argv[0])
        found = self._by_patterns(text) if program is None else _by_table(program, argv[1:])
        return worst(found, [Classified(Risk.DANGEROUS, said) for said in self._patterns.found(Risk.DANGEROUS, text)])

    def _by_patterns(self, text: str) -> Classified:
        for risk in (Risk.DELETE, Risk.WRITE, Risk.SENSITIVE, Risk.READ):
            if said := next(iter(self._patterns.found(risk, text)), ""):
                return Classified(risk, said)
        return Classified(Risk.DANGEROUS, "a program without a table")


def _refused(argv: Sequence[str]) -> Classified | None:
    if not argv or not argv[0].strip():
        return refusal("empty", "there is no command")
    if (found := control(argv)) is not None:
        return refusal("control character", f"the command holds the control character {found}: leave it out")
    program = argv[0]
    if "/" in program or "\\" in program:
        return refusal("path", "a program is named without its path")
    if starts_others(program):
        return refusal(program, f"{program} starts other programs: name the program itself")
    return None


def _by_table(program: Program, words: Sequence[str]) -> Classified:
    walk = Walk(program, words)
    walked = walk.walked
    first, *others = [_by_verb(program, walked), *walk.findings, *_by_words(program, walked)]
    found = worst(first, others)
    return found if found.refused else worst(found, _by_place(program, walked, found.risk))


def _by_verb(program: Program, walked: Walked) -> Classified:
    verb = walked.verb
    if verb is None and not walked.words:
        return Classified(Risk.READ, program.name)
    if verb is None or verb.is_group:
        found = [risk for word in walked.words if (risk := program.risk_of_word(word)) is not None]
        return Classified(highest(Risk.WRITE, *found), NOT_RECOGNISED)
    return Classified(verb.risk, _said(verb, walked) or program.name)


def _said(verb: Verb, walked: Walked) -> str:
    return " ".join(walked.words[: len(verb.path)])


def _by_words(program: Program, walked: Walked) -> Iterator[Classified]:
    if walked.verb:
        for shape in walked.verb.shapes:
            for operand in walked.operands:
                if shape.pattern.fullmatch(operand):
                    yield Classified(shape.risk, shape.why)
        if walked.verb.has_fronts:
            yield from _by_parts(walked.words[len(walked.verb.path) - 1])
    if program.judge:
        yield from program.judge(walked)


def _by_parts(word: str) -> Iterator[Classified]:
    """`get-and-delete` begins as a read, and is none."""
    for part in word.split("-")[1:]:
        if part in _REMOVING:
            yield Classified(Risk.DELETE, part)
        elif part in _JOINING:
            yield Classified(Risk.WRITE, NOT_RECOGNISED)


def _by_place(program: Program, walked: Walked, risk: Risk) -> Iterator[Classified]:
    """Changes in a protected namespace, or of it."""
    if risk.rank < Risk.WRITE.rank:
        return
    named = [value for option, value in walked.values if option.is_place]
    named += [piece for operand in walked.operands for piece in operand.replace("/", ",").split(",")]
    for name in named:
        if name in program.protected:
            yield Classified(Risk.DANGEROUS, f"namespace {name}")
