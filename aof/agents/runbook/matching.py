"""Finds the intent of a text, by words first and then by likeness; rather asks than guesses."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from aof.agents.runbook.intent import Intent
from aof.agents.runbook.intents import BY_NAME, INTENTS
from aof.agents.runbook.small_words import CHANGING, CHANGING_PAIRS, COMMON, FILLERS, GREETINGS

LIKE_ENOUGH = 72.0
"""Of rapidfuzz's WRatio, 0 to 100: typos lie above, other requests below (measured over the table in the tests)."""

AHEAD = 3.0
"""How far the best intent must be ahead of the next one."""

NEAR = 55.0
"""From here on an intent is worth offering."""

WORD_EXTRA = 12.0
"""For a word that belongs to one intent only; more than the gap between "memory" and "what is eating memory"."""

_UNSAID = 0.4
"""How much of the score hangs on the phrase's own words: "how full is the moon" is like "how full is the disk"."""

LONGEST = 300
"""Characters that are looked at: a question is shorter, and likeness takes time by length."""

_SIGNS = re.compile(r"[^\w\s]+|_")
_HARAKAT = re.compile(r"[\u064b-\u065f\u0670\u0640]")
_SAME_LETTERS = str.maketrans("أإآٱىةؤئ", "اااا" + "يهوي")


@dataclass(frozen=True, slots=True)
class Matched:
    """One intent, beyond doubt."""

    intent: Intent


@dataclass(frozen=True, slots=True)
class Unsure:
    """Intents that it may have been, the likeliest first; possibly none."""

    near: tuple[Intent, ...]


@dataclass(frozen=True, slots=True)
class Greeting:
    """Somebody says hello."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Something would have to be changed, which no intent does."""

    near: tuple[Intent, ...]


Reading = Matched | Unsure | Greeting | Demand


def read(text: str) -> Reading:
    """What a text asks for."""
    # twice: one sign may become eighteen, as \ufdfa does
    words = plain(text[:LONGEST])[:LONGEST].split()
    if not words:
        return Unsure(())
    line = " ".join(words)
    if line in _greetings():
        return Greeting()
    if (intent := _by_word().get(line)) is not None:
        return Matched(intent)
    scores = _ranked(line, words)
    near = tuple(intent for score, intent in scores if score >= NEAR)[:3]
    if _demands(words):
        return Demand(near)
    (best, intent), (second, _) = scores[:2]
    if best >= LIKE_ENOUGH and best - second >= AHEAD:
        return Matched(intent)
    return Unsure(near)


def claims(text: str) -> bool:
    """Whether a text, to the letter, is one that this agent answers."""
    line = plain(text)
    return line in _greetings() or line in _by_word()


def ranked(text: str) -> list[tuple[float, Intent]]:
    """How much a text is like each intent, the likeliest first."""
    words = plain(text[:LONGEST])[:LONGEST].split()
    return _ranked(" ".join(words), words) if words else []


def plain(text: str) -> str:
    """Small letters and digits alone, Arabic ones without vowel signs and spelling variants."""
    text = _HARAKAT.sub("", unicodedata.normalize("NFKC", text).casefold()).translate(_SAME_LETTERS)
    return " ".join(_SIGNS.sub(" ", text).split())


def is_like(word: str, term: str) -> bool:
    """The same word but for one slip, where it is long enough for a slip to leave it recognisable."""
    if word == term:
        return True
    # Lengths first: they decide nearly always, and this runs for every word of every phrase
    if abs(len(word) - len(term)) > 1 or min(len(word), len(term)) < 4:
        return False
    slips = OSA.distance(word, term, score_cutoff=1)
    # "dsik" is disk, "desk" is not
    return slips <= 1 and (min(len(word), len(term)) > 4 or sorted(word) == sorted(term) or len(word) != len(term))


def _ranked(line: str, words: list[str]) -> list[tuple[float, Intent]]:
    return sorted(_scores(line, words), key=lambda pair: -pair[0])


def _scores(line: str, words: list[str]) -> list[tuple[float, Intent]]:
    said = frozenset(known for known in known_words() if any(is_like(word, known) for word in words))
    named = [intent for intent in INTENTS if not said.isdisjoint(_terms(intent.name).words)]
    outdone = frozenset(name for intent in named for name in intent.over)
    extra = {intent.name: WORD_EXTRA for intent in named}
    return [
        (0.0 if each.name in outdone else _likeness(line, words, said, each) + extra.get(each.name, 0.0), each)
        for each in INTENTS
    ]


def _likeness(line: str, words: list[str], said: frozenset[str], intent: Intent) -> float:
    terms = _terms(intent.name)
    likeness = max(fuzz.WRatio(line, phrase) * _said_share(said, own) for phrase, own in terms.phrases)
    if len(words) == 1:
        likeness = max(likeness, *(fuzz.ratio(line, word) for word in terms.words))
    return likeness


def _said_share(said: frozenset[str], own: tuple[str, ...]) -> float:
    return weighed(sum(word in said for word in own), len(own))


def weighed(said: int, of: int) -> float:
    """What part of a likeness counts, where so many of a phrase's own words were said."""
    return 1.0 - _UNSAID * (1 - said / of) if of else 1.0


def _demands(words: list[str]) -> bool:
    """Whether a request begins with a word that changes something, or goes on with one after "and"."""
    begins = True
    for word, following in zip(words, (*words[1:], ""), strict=True):
        if begins and (word in CHANGING or f"{word} {following}" in CHANGING_PAIRS):
            return True
        begins = word in FILLERS if begins else word in ("and", "then", "ثم")
    return False


@dataclass(frozen=True, slots=True)
class _Terms:
    words: tuple[str, ...]
    phrases: tuple[tuple[str, tuple[str, ...]], ...]
    """Each with its words that are not common ones."""


@cache
def _terms(name: str) -> _Terms:
    intent = BY_NAME[name]
    phrases = {plain(phrase) for listed in intent.phrases.values() for phrase in listed}
    return _Terms(
        tuple(sorted({plain(word) for listed in intent.words.values() for word in listed} | {intent.name})),
        tuple((phrase, tuple(word for word in phrase.split() if word not in COMMON)) for phrase in sorted(phrases)),
    )


@cache
def known_words() -> frozenset[str]:
    """All words of intents that a word of a text is compared with, each once."""
    terms = [_terms(intent.name) for intent in INTENTS]
    return frozenset(
        word for each in terms for listed in (each.words, *(own for _, own in each.phrases)) for word in listed
    )


@cache
def _by_word() -> dict[str, Intent]:
    return {
        line: intent
        for intent in INTENTS
        for line in (*_terms(intent.name).words, *(phrase for phrase, _ in _terms(intent.name).phrases))
    }


@cache
def _greetings() -> frozenset[str]:
    return frozenset(plain(greeting) for greeting in GREETINGS)
