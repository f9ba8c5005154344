"""What an operator's ToolClassification files add to the tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aof.domain.risk import Risk, highest
from aof.tools.classify.table import Option, Options, Program, Takes, Verb

# As a regular expression \b never matches between a blank and a dash
_START_OF_WORD = re.compile(r"(?<!\\)((?:\\\\)*)\\b(?=-)")


@dataclass(frozen=True, slots=True)
class Patterns:
    """Regular expressions over whole commands, with what the operator wrote."""

    by_risk: Mapping[Risk, tuple[tuple[str, re.Pattern[str]], ...]]

    @classmethod
    def of(cls, written: Mapping[Risk, Sequence[str]]) -> "Patterns":
        """
        Raises:
            ValueError: One is no regular expression.
        """
        return cls({risk: tuple((line, _compiled(risk, line)) for line in lines) for risk, lines in written.items()})

    def with_more(self, written: Mapping[Risk, Sequence[str]]) -> "Patterns":
        """These, then those."""
        more = Patterns.of(written)
        risks = {*self.by_risk, *more.by_risk}
        return Patterns({risk: (*self.by_risk.get(risk, ()), *more.by_risk.get(risk, ())) for risk in risks})

    def found(self, risk: Risk, text: str) -> Iterator[str]:
        """Those that match somewhere in the text."""
        for line, pattern in self.by_risk.get(risk, ()):
            if pattern.search(text):
                yield f"fits {line}"


def extended(program: Program | None, name: str, phrases: Mapping[Risk, Sequence[str]]) -> Program:
    """A table with an operator's phrases; of a phrase that stands in two lists, the riskier one counts.

    A phrase of one word also stands for the front of a hyphenated one: `delete` for `delete-cluster`, and where the
    program has no other table or names services first, `delete` for `cache delete-cluster`.

    Raises:
        ValueError: A phrase is no row of whole words.
    """
    found = program or Program(name, {})
    names_alike = program is None or any(verb.has_fronts and verb.path[0] == "*" for verb in program.verbs.values())
    for risk in Risk:
        for phrase in phrases.get(risk, ()):
            words = phrase.split()
            if not words or "*" in phrase:
                raise ValueError(f"{phrase!r} in {risk} of {name} is no row of whole words: `get` stands for get-… too")
            path = tuple(word for word in words if not word.startswith("-"))
            options = [word for word in words if word.startswith("-")]
            if options:
                found = _with_options(found, path, options, risk)
            else:
                found = _with_verb(found, path, risk, names_alike=names_alike, has_services=program is not None)
    return found


def _with_verb(
    program: Program, path: tuple[str, ...], risk: Risk, *, names_alike: bool, has_services: bool
) -> Program:
    is_change = risk.rank >= Risk.WRITE.rank
    fronts = len(path) == 1 and (is_change or names_alike)
    verbs = {**program.verbs, path: _verb(program, path, risk, fronts=fronts)}
    # What stands before a read may be a verb that is not known
    if fronts and names_alike and (is_change or has_services):
        verbs["*", *path] = _verb(program, ("*", *path), risk, fronts=True)
    return replace(program, verbs=verbs)


def _verb(program: Program, path: tuple[str, ...], risk: Risk, *, fronts: bool) -> Verb:
    """With all else that the table says about such words, and no lower than it may be."""
    before = program.verb(path)
    if before is None or before.is_group:
        return Verb(path, risk, has_fronts=fronts)
    least = Risk.WRITE if before.risk is Risk.DANGEROUS else before.least
    fronts = fronts or (before.path == path and before.has_fronts)
    return replace(before, path=path, risk=highest(risk, least), least=least, has_fronts=fronts)


def _with_options(program: Program, path: tuple[str, ...], names: Sequence[str], risk: Risk) -> Program:
    """An option that is new is known only behind its verb: before it, the verb could be its value."""
    verbs = dict(program.verbs)
    if path and path not in verbs:
        before = program.verb(path)
        verbs[path] = _verb(program, path, before.risk if before else Risk.WRITE, fronts=False)
    concerned = [path] if path else list(verbs)
    for each in concerned:
        verbs[each] = replace(
            verbs[each], options={**verbs[each].options, **_raised(program, verbs[each], names, risk)}
        )
    return replace(program, verbs=verbs)


def _raised(program: Program, verb: Verb, names: Sequence[str], risk: Risk) -> Options:
    found: dict[str, Option] = {}
    for name in names:
        before = verb.options.get(name) or program.options.get(name)
        if before is None:
            found[name] = Option((name,), Takes.ATTACHED, risk, why=name)
        else:
            option = replace(before, risk=highest(before.risk, risk))
            found |= dict.fromkeys(before.names, option)
    return found


def _compiled(risk: Risk, line: str) -> re.Pattern[str]:
    try:
        return re.compile(_START_OF_WORD.sub(r"\1(?<!\\S)", line))
    except re.error as error:
        raise ValueError(f"{line!r} in {risk} is no regular expression: {error}") from error
