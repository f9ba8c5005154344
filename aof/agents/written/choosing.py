"""Which runbook a text starts; rather asks than guesses, since a runbook may change something."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aof.agents.runbook.intent import Intent
from aof.agents.runbook.matching import AHEAD, LIKE_ENOUGH, NEAR, claims, plain, ranked
from aof.agents.written.phrase import Phrase
from aof.agents.written.runbook import Runbook

MOST_CHARACTERS = 1000
"""Of a text that may start something. None is cut: half a name is another name."""

MOST_NEAR = 3

_TYPED = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)=(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One runbook, beyond doubt, with what was typed for its inputs."""

    runbook: Runbook
    typed: tuple[tuple[str, str], ...]
    """Name and value, unchecked; a name may be there twice."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What it may have been, the likeliest first."""

    near: tuple[Runbook | Intent, ...]


@dataclass(frozen=True, slots=True)
class _Heard:
    """A text as one runbook takes it."""

    runbook: Runbook
    typed: tuple[tuple[str, str], ...]
    rest: tuple[str, ...]
    """The words that are no `name=value` of its inputs."""

    def chosen(self, values: Mapping[str, str]) -> Chosen:
        return Chosen(self.runbook, (*values.items(), *self.typed))


@dataclass(frozen=True, slots=True)
class _Exact:
    chosen: Chosen
    is_literal: bool
    """By words alone."""


class Choosing:
    """Over all runbooks and all that is built in, so that neither takes what is the other's."""

    def __init__(self, runbooks: Iterable[Runbook]) -> None:
        self._phrases = [(runbook, tuple(map(Phrase, _wordings(runbook)))) for runbook in runbooks]

    def read(self, text: str) -> Chosen | Doubt | None:
        """None: no runbook comes into question."""
        if len(text) > MOST_CHARACTERS:
            return None
        words = text.split()
        if not words or not self._phrases or claims(text):
            return None
        heard = [(_heard(runbook, words), phrases) for runbook, phrases in self._phrases]
        exact = [found for each, phrases in heard for found in _exactly(each, phrases)]
        # words are more than a place that takes any word
        exact = [found for found in exact if found.is_literal] or exact
        if exact:
            return exact[0].chosen if len(exact) == 1 else Doubt(tuple(one.chosen.runbook for one in exact)[:MOST_NEAR])
        scores = sorted(((_likeness(*one), at) for at, one in enumerate(heard)), reverse=True)
        built_in = ranked(text)
        best, at = scores[0]
        each, phrases = heard[at]
        others = [score for score, _ in scores[1:2]] + [score for score, _ in built_in[:1]]
        nearly = next((found for phrase in phrases if (found := phrase.nearly(each.rest)) is not None), None)
        if best >= LIKE_ENOUGH and best - max(others, default=0.0) >= AHEAD and nearly is not None:
            return each.chosen(nearly)
        return _doubt([(score, heard[at][0].runbook) for score, at in scores], built_in)


def _wordings(runbook: Runbook) -> list[str]:
    return [*dict.fromkeys((*(said for listed in runbook.phrases.values() for said in listed), runbook.name))]


def _heard(runbook: Runbook, words: Sequence[str]) -> _Heard:
    typed, rest = [], []
    for word in words:
        match = _TYPED.fullmatch(word)
        if match and runbook.input(match[1].casefold()) is not None:
            typed.append((match[1].casefold(), match[2]))
        else:
            rest.append(word)
    return _Heard(runbook, tuple(typed), tuple(rest))


def _exactly(heard: _Heard, phrases: Sequence[Phrase]) -> Iterator[_Exact]:
    """The best of its wordings, if any."""
    for phrase in sorted(phrases, key=lambda one: one.has_places):
        values = phrase.exactly(heard.rest)
        if values is not None:
            yield _Exact(heard.chosen(values), not phrase.has_places)
            return


def _likeness(heard: _Heard, phrases: Sequence[Phrase]) -> float:
    return max(_likeness_of(phrase, heard.rest) for phrase in phrases)


def _likeness_of(phrase: Phrase, rest: Sequence[str]) -> float:
    # a value's own letters say nothing about likeness
    values = set((phrase.nearly(rest) or {}).values()) if phrase.has_places else set()
    line = plain(" ".join(word for word in rest if not any(value in word for value in values)))
    return phrase.likeness(line, line.split()) if line else 0.0


def _doubt(runbooks: list[tuple[float, Runbook]], intents: list[tuple[float, Intent]]) -> Doubt | None:
    near = [(score, one) for score, one in runbooks if score >= NEAR]
    if not near:
        return None
    best_intent = intents[0][0] if intents else 0.0
    if best_intent >= LIKE_ENOUGH and best_intent - near[0][0] >= AHEAD:
        # what is built in answers it, as it would without runbooks
        return None
    both: list[tuple[float, Runbook | Intent]] = [*near, *((score, one) for score, one in intents if score >= NEAR)]
    both.sort(key=lambda pair: -pair[0])
    return Doubt(tuple(one for _, one in both)[:MOST_NEAR])
