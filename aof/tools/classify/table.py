"""What a table of a program is made of, and the short forms in which tables are written."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from aof.domain.risk import Risk
from aof.tools.classify.verdict import Classified


class Takes(Enum):
    """Where the value of an option stands."""

    NOTHING = auto()
    """`--all`; `--all=false` where the program reads it."""
    NEXT = auto()
    """`-nprod`, `-n=prod`, `-n prod`, `--namespace=prod`, `--namespace prod`."""
    ATTACHED = auto()
    """`--color` and `--color=never`, but the next word is no part of it."""
    NUMBER = auto()
    """As attached, and the next word where it is a number or `all`: `-n 50`."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option, under all its names."""

    names: tuple[str, ...]
    takes: Takes
    risk: Risk = Risk.READ
    """It raises the call to this class."""
    why: str = ""
    refused: str = ""
    """Not empty: a call with it never runs."""
    only: tuple[str, ...] = ()
    """Other values than these are refused; empty: any value."""
    is_place: bool = False
    """Its value is a namespace, and some of those are protected."""


class PassesOn(Enum):
    """Which words of a call belong to another program."""

    NOTHING = auto()
    AFTER_DASHES = auto()
    """`kubectl exec api -- rm x`."""
    AFTER_OPERAND = auto()
    """`docker run alpine rm x`; after `--` too."""


Options = Mapping[str, Option]
"""By each of the names."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Operands of this form raise the call."""

    pattern: re.Pattern[str]
    risk: Risk
    why: str


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb path, with what may stand beside it."""

    path: tuple[str, ...]
    """`*` stands for any one word."""
    risk: Risk
    least: Risk = Risk.READ
    """No file of an operator makes it less."""
    options: Options = field(default_factory=dict)
    """Those it is allowed, beside the program's own."""
    shapes: tuple[Shape, ...] = ()
    has_fronts: bool = False
    """Its last word also stands for the front of a hyphenated one: `delete` for `delete-cache-cluster`."""
    is_group: bool = False
    """Only a part of longer paths, with options of its own."""
    passes_on: PassesOn = PassesOn.NOTHING
    takes_any_parameters: bool = False
    """Options that are in no table are parameters of the verb: with the verb known, they can't change what it is."""


@dataclass(frozen=True, slots=True)
class Walked:
    """An argument list, split by the table of its program."""

    verb: Verb | None
    words: tuple[str, ...]
    """All that are no option and no value of one."""
    values: tuple[tuple[Option, str], ...]
    """Each option found, with its value."""

    @property
    def operands(self) -> tuple[str, ...]:
        """Those after the verb."""
        return self.words[len(self.verb.path) :] if self.verb else self.words

    def given(self, name: str) -> list[str]:
        """The values of an option, by any of its names."""
        return [value for option, value in self.values if name in option.names]


@dataclass(frozen=True, slots=True)
class Program:
    """The table of one program."""

    name: str
    verbs: Mapping[tuple[str, ...], Verb]
    """The empty path is a program that has no verbs."""
    options: Options = field(default_factory=dict)
    has_words_for_options: bool = False
    """`-auto-approve` is one option, not a cluster of letters."""
    abbreviates: bool = False
    """It takes the front of a verb for the verb: `ip a` for `ip address`."""
    permutes: bool = False
    """The options of a verb may stand before it."""
    options_lead: bool = False
    """Its own options stand before the verb only: `git log -c` is another -c."""
    bare: tuple[str, ...] = ()
    """The verb that it is without one."""
    protected: frozenset[str] = frozenset()
    """Namespaces in which every change is dangerous."""
    judge: Callable[[Walked], Iterable[Classified]] | None = None
    """What no table can say."""

    def verb(self, operands: Sequence[str]) -> Verb | None:
        """The longest path that these begin with, not counting `*`; of equals the riskier."""
        found = [verb for verb in self.verbs.values() if self._leads(verb, operands)]
        return max(found, key=self._weight, default=None)

    def _weight(self, verb: Verb) -> tuple[int, int]:
        # Where s is the front of show and set, no word says more than the other
        length = len(verb.path) if self.abbreviates else len(verb.path) - verb.path.count("*")
        return length, verb.risk.rank

    def options_named(self, name: str) -> list[Option]:
        """The options of this name, of the program and of all its verbs."""
        scopes = (self.options, *(verb.options for verb in self.verbs.values()))
        return list(dict.fromkeys(scope[name] for scope in scopes if name in scope))

    def risk_of_word(self, word: str) -> Risk | None:
        """The highest class of any verb that ends in this word, in either case; None where it is no verb."""
        word = word.lower()
        found = [verb.risk for verb in self.verbs.values() if verb.path and self._ends_in(verb, word)]
        return max(found, key=lambda risk: risk.rank, default=None)

    def _ends_in(self, verb: Verb, word: str) -> bool:
        last = verb.path[-1]
        return (
            word == last
            or (self.abbreviates and bool(word) and last.startswith(word))
            or (verb.has_fronts and _is_front(last, word))
        )

    def _leads(self, verb: Verb, operands: Sequence[str]) -> bool:
        if len(operands) < len(verb.path):
            return False
        last = len(verb.path) - 1
        return all(
            expected in ("*", word)
            or (self.abbreviates and bool(word) and expected.startswith(word))
            or (at == last and verb.has_fronts and _is_front(expected, word))
            for at, (expected, word) in enumerate(zip(verb.path, operands, strict=False))
        )


def _is_front(verb: str, word: str) -> bool:
    return word.startswith(f"{verb}-")


def options(
    *written: str,
    risk: Risk = Risk.READ,
    why: str = "",
    refused: str = "",
    only: Sequence[str] = (),
    place: bool = False,
) -> dict[str, Option]:
    """Options as `-n --namespace=`: all names of one, then `=` for a value, `[=]` for one that is only attached, `[#]`
    for one that may also be a number in the next word."""
    found: dict[str, Option] = {}
    for line in written:
        names, takes = _ending(line)
        option = Option(tuple(names.split()), takes, risk, why, refused, tuple(only), place)
        found |= dict.fromkeys(option.names, option)
    return found


def verbs(
    risk: Risk,
    *written: str,
    options: Options | None = None,
    shapes: Sequence[Shape] = (),
    fronts: bool = False,
    group: bool = False,
    passes_on: PassesOn = PassesOn.NOTHING,
    any_parameters: bool = False,
) -> dict[tuple[str, ...], Verb]:
    """Verbs of one class that take the same options."""
    paths = [tuple(line.split()) for line in written]
    return {
        path: Verb(path, risk, Risk.READ, options or {}, tuple(shapes), fronts, group, passes_on, any_parameters)
        for path in paths
    }


def shape(pattern: str, risk: Risk, why: str) -> Shape:
    """Operands that match the pattern as a whole."""
    return Shape(re.compile(pattern, re.DOTALL), risk, why)


def _ending(line: str) -> tuple[str, Takes]:
    for ending, takes in (("[=]", Takes.ATTACHED), ("[#]", Takes.NUMBER), ("=", Takes.NEXT)):
        if line.endswith(ending):
            return line.removesuffix(ending), takes
    return line, Takes.NOTHING
