"""Which runbook a text starts; rather asks than guesses, since a runbook may change something."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aof.agents.runbook.intent import Intent
from aof.agents.runbook.matching import (
    AHEAD,
    LIKE_ENOUGH,
    NEAR,
    WORD_EXTRA,
    Demand,
    Matched,
    claims,
    is_like,
    known_words,
    plain,
    ranked,
    read,
)
from aof.agents.written.phrase import Phrase
from aof.agents.written.runbook import Runbook

MOST_CHARACTERS = 600
"""Of a text that may start something. None is cut: half a name is another name."""

MOST_NEAR = 3

_TYPED = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)=(.*)", re.DOTALL)


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
class _Entry:
    """A runbook with what is looked for in a text."""

    runbook: Runbook
    phrases: tuple[Phrase, ...]
    """Those of words alone first."""
    words: frozenset[str]
    """That belong to this runbook and nothing else: they count extra, as those of an intent do."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """A text as one runbook takes it."""

    entry: _Entry
    typed: tuple[tuple[str, str], ...]
    rest: tuple[str, ...]
    """The words that are no `name=value` of its inputs."""

    def exactly(self) -> tuple[Phrase, Chosen] | None:
        fits = ((phrase, phrase.exactly(self.rest)) for phrase in self.entry.phrases)
        return next(((phrase, self._chosen(values)) for phrase, values in fits if values is not None), None)

    def nearly(self) -> Chosen | None:
        fits = (phrase.nearly(self.rest) for phrase in self.entry.phrases)
        return next((self._chosen(values) for values in fits if values is not None), None)

    def likeness(self) -> float:
        said = plain(" ".join(self.rest)).split()
        extra = WORD_EXTRA if any(is_like(word, own) for word in said for own in self.entry.words) else 0.0
        return max(phrase.likeness(self.rest) for phrase in self.entry.phrases) + extra

    def _chosen(self, values: Mapping[str, str]) -> Chosen:
        return Chosen(self.entry.runbook, (*values.items(), *self.typed))


class Choosing:
    """Over all runbooks and all that is built in, so that neither takes what is the other's."""

    def __init__(self, runbooks: Iterable[Runbook]) -> None:
        listed = [(runbook, _phrases(runbook)) for runbook in runbooks]
        words = [{word for phrase in phrases for word in phrase.own} for _, phrases in listed]
        counts = Counter(word for own in words for word in own)
        self._entries = [
            _Entry(runbook, phrases, frozenset(word for word in own - known_words() if counts[word] == 1))
            for (runbook, phrases), own in zip(listed, words, strict=True)
        ]

    def read(self, text: str) -> Chosen | Doubt | None:
        """None: no runbook comes into question."""
        words = text.split()
        if not words or not self._entries or len(text) > MOST_CHARACTERS or claims(text):
            return None
        heard = [_heard(entry, words) for entry in self._entries]
        return _exact(heard) or _near(heard, text)


def _exact(heard: Sequence[_Heard]) -> Chosen | Doubt | None:
    found = [each for one in heard if (each := one.exactly()) is not None]
    # words are more than a place that takes any word
    found = [each for each in found if not each[0].has_places] or found
    if len(found) > 1:
        return Doubt(tuple(chosen.runbook for _, chosen in found)[:MOST_NEAR])
    return found[0][1] if found else None


def _near(heard: Sequence[_Heard], text: str) -> Chosen | Doubt | None:
    scores = sorted(((one.likeness(), at) for at, one in enumerate(heard)), reverse=True)
    intents, reading = ranked(text), read(text)
    best, at = scores[0]
    # a request for a change is nothing that an intent could answer
    rivals = [score for score, _ in (*scores[1:2], *(() if isinstance(reading, Demand) else intents[:1]))]
    chosen = heard[at].nearly()
    if best >= LIKE_ENOUGH and best - max(rivals, default=0.0) >= AHEAD and chosen is not None:
        return chosen
    if best < NEAR or (isinstance(reading, Matched) and (best < LIKE_ENOUGH or intents[0][0] - best >= AHEAD)):
        # what is built in answers it, as it would without runbooks
        return None
    near: list[tuple[float, Runbook | Intent]] = [
        *((score, heard[at].entry.runbook) for score, at in scores if score >= NEAR),
        *((score, intent) for score, intent in intents if score >= NEAR),
    ]
    near.sort(key=lambda pair: -pair[0])
    return Doubt(tuple(one for _, one in near)[:MOST_NEAR])


def _phrases(runbook: Runbook) -> tuple[Phrase, ...]:
    """Its name is one of them, for its command."""
    wordings = dict.fromkeys((*(said for listed in runbook.phrases.values() for said in listed), runbook.name))
    return tuple(sorted(map(Phrase, wordings), key=lambda phrase: phrase.has_places))


def _heard(entry: _Entry, words: Sequence[str]) -> _Heard:
    typed, rest = [], []
    for word in words:
        match = _TYPED.fullmatch(word)
        known = entry.runbook.input(match[1]) if match else None
        if match and known is not None:
            typed.append((known.name, match[2]))
        else:
            rest.append(word)
    return _Heard(entry, tuple(typed), tuple(rest))
