"""Walks an argument list by the table of its program: what is an option, what its value, what the verb.

An option that is not in the table ends the trust: it may take the next word or not, so from there on every word counts
that could be a verb.
"""

import re
from collections.abc import Iterator, Sequence

from aof.domain.risk import Risk, highest
from aof.tools.classify.table import Option, Options, PassesOn, Program, Takes, Walked
from aof.tools.classify.verdict import Classified, refusal

_NUMBER = re.compile(r"[+-]?\d+|all", re.ASCII)

# strconv.ParseBool of Go
_OFF = frozenset({"0", "f", "F", "false", "False", "FALSE"})

_PARAMETER = re.compile(r"--[a-z0-9][a-z0-9-]*")

# A value that the program reads from a file or an address, and sends on; or, after a first value, a file it writes
_FETCHED = re.compile(r"(?:fileb?|https?)://.*", re.DOTALL | re.IGNORECASE)
_PATH = re.compile(r"-|[/.~].*|.*\.\w{1,8}", re.DOTALL)


class Walk:
    """One argument list, without its program, being walked."""

    def __init__(self, program: Program, words: Sequence[str]) -> None:
        self.findings: list[Classified] = []
        self.is_trusted = True
        self._program = program
        self._words = words
        self._at = 0
        self._verb = program.verbs.get(())
        self._groups: Options = {}
        self._operands: list[str] = []
        self._values: list[tuple[Option, str]] = []
        self._early: list[tuple[str, str | None]] = []
        self._has_ended = False
        self._walk()
        self._judge_early()

    @property
    def walked(self) -> Walked:
        """The verb, the words and the options."""
        return Walked(self._verb, tuple(self._operands), tuple(self._values))

    def _walk(self) -> None:
        while self._at < len(self._words):
            word = self._words[self._at]
            self._at += 1
            if self._has_ended or word == "-" or not word.startswith("-"):
                self._operand(word)
            elif word == "--":
                self._has_ended = True
            else:
                self._option(word)
            if self.is_trusted and self._belongs_to_another():
                break

    def _belongs_to_another(self) -> bool:
        verb = self._verb
        if verb is None or verb.passes_on is PassesOn.NOTHING:
            return False
        after_operand = verb.passes_on is PassesOn.AFTER_OPERAND and len(self._operands) > len(verb.path)
        return self._has_ended or after_operand

    def _operand(self, word: str) -> None:
        self._operands.append(word)
        if not self.is_trusted:
            self._count_as_verb(word)
        elif (verb := self._program.verb(self._operands)) is not None:
            self._verb = verb
            if verb.is_group:
                self._groups = verb.options

    def _count_as_verb(self, word: str) -> None:
        if (risk := self._program.risk_of_word(word)) is not None:
            self.findings.append(Classified(highest(Risk.WRITE, risk), word))

    def _option(self, word: str) -> None:
        if self._program.has_words_for_options:
            name, has_value, value = f"-{word.lstrip('-')}".partition("=")
            self._one(name, value if has_value else None)
        elif word.startswith("--"):
            name, has_value, value = word.partition("=")
            # kubectl reads _ as -
            self._one(name.replace("_", "-"), value if has_value else None)
        else:
            self._cluster(word)

    def _cluster(self, word: str) -> None:
        """`-nprod`, `-n=prod`, `-fu nginx`."""
        for at, letter in enumerate(word[1:], start=1):
            name, rest = f"-{letter}", word[at + 1 :]
            option = self._find(name)
            if option is not None and (option.takes is not Takes.NOTHING or rest.startswith("=")):
                self._one(name, rest.removeprefix("=") if rest else None)
                return
            self._one(name, None)

    def _one(self, name: str, value: str | None) -> None:
        option = self._find(name)
        if option is None:
            self._unknown(name, value)
            return
        is_early = self._program.permutes and not self._operands and name not in self._program.options
        if value is None and (value := self._next(option)) is not None:
            if value.startswith("-") and not _NUMBER.fullmatch(value):
                self._distrust(f"{name} is followed by {value}")
            # Without trust the word may as well be an option or a verb
            self._at += self.is_trusted
        if option.takes is Takes.NOTHING and value in _OFF:
            return
        if is_early:
            self._early.append((name, value))
            return
        self._values.append((option, value or ""))
        self.findings += self._judged(option, name, value)

    def _judge_early(self) -> None:
        """Options that stood before the verb they belong to; without a verb, the gravest of all of that name."""
        if not self._operands:
            self._verb = self._program.verbs.get(self._program.bare)
        for name, value in self._early:
            known = self._verb.options.get(name) if self._verb and self.is_trusted else None
            if known is None:
                self._distrust(f"option {name} is not in the table")
            for option in [known] if known else self._program.options_named(name):
                self._values.append((option, value or ""))
                self.findings += self._judged(option, name, value)

    def _next(self, option: Option) -> str | None:
        """The next word where it is the option's value."""
        following = self._words[self._at] if self._at < len(self._words) else None
        if following is None or option.takes in {Takes.NOTHING, Takes.ATTACHED}:
            return None
        return following if option.takes is Takes.NEXT or _NUMBER.fullmatch(following) else None

    def _judged(self, option: Option, name: str, value: str | None) -> Iterator[Classified]:
        if option.refused:
            yield self._refusal(name, f"{name}: {option.refused}")
        if option.only and value is not None and value not in option.only:
            *others, last = option.only
            yield self._refusal(name, f"{name} takes only {', '.join(others)} or {last}")
        if option.risk is not Risk.READ:
            yield Classified(option.risk, option.why or name)

    def _refusal(self, name: str, sentence: str) -> Classified:
        # With the trust gone, the option may be one of the program that the verb starts
        if self._verb and self._verb.passes_on is not PassesOn.NOTHING and not self.is_trusted:
            return Classified(Risk.DANGEROUS, name)
        return refusal(name, sentence)

    def _unknown(self, name: str, value: str | None) -> None:
        if self._verb and self._verb.takes_any_parameters and self.is_trusted and _PARAMETER.fullmatch(name):
            self._parameter(value)
        else:
            self._distrust(f"option {name} is not in the table")
        if self._verb is None or self._verb.is_group:
            for option in self._program.options_named(name):
                self.findings += self._judged(option, name, self._next(option) if value is None else value)
        for option in self._similar(name):
            self.findings += self._judged(option, option.names[-1], None)

    def _distrust(self, why: str) -> None:
        self.is_trusted = False
        self.findings.append(Classified(Risk.WRITE, why))

    def _parameter(self, attached: str | None) -> None:
        """Its values are all words up to the next option."""
        values = [] if attached is None else [attached]
        while self._at < len(self._words) and not self._words[self._at].startswith("--"):
            values.append(self._words[self._at])
            self._at += 1
        for at, value in enumerate(values):
            if _FETCHED.fullmatch(value):
                self.findings.append(Classified(Risk.DANGEROUS, f"sends on {value.partition('://')[0]}://"))
            elif at and _PATH.fullmatch(value):
                self.findings.append(Classified(Risk.WRITE, "writes a file"))

    def _similar(self, name: str) -> list[Option]:
        """Many programs take the front of a long name for the name."""
        if len(name) < 3 or not (name.startswith("--") or self._program.has_words_for_options):
            return []
        return [option for scope in self._scopes() for known, option in scope.items() if known.startswith(name)]

    def _find(self, name: str) -> Option | None:
        for scope in self._scopes():
            if name in scope:
                return scope[name]
        if self._program.permutes and not self._operands:
            return next(iter(self._program.options_named(name)), None)
        return None

    def _scopes(self) -> tuple[Options, ...]:
        own: Options = self._verb.options if self._verb else {}
        programs: Options = {} if self._program.options_lead and self._operands else self._program.options
        return own, self._groups, programs
