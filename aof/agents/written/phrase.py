"""One wording that starts a runbook, laid beside what was typed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from aof.agents.runbook.matching import LONGEST, is_like, plain, weighed
from aof.agents.runbook.small_words import COMMON, FILLERS
from aof.agents.written.runbook import PLACE

QUIET = FILLERS | {"the", "a", "an", "my", "our", "thanks", "thank", "شكرا"}
"""Words that may be left out or added without asking for something else."""

_AROUND_A_VALUE = ".,!?؟،؛\"'“”"


_A_VALUE = 4.0
"""What each value takes off a likeness; more than what one has to be ahead by."""


@dataclass(frozen=True)
class Phrase:
    """Words, and places for values among them."""

    text: str

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Literal words in plain form, places as they are written."""
        parts = (part if PLACE.fullmatch(part) else plain(part) for part in self.text.split())
        return tuple(word for part in parts for word in ([part] if PLACE.fullmatch(part) else part.split()))

    @cached_property
    def literal(self) -> str:
        """Without its places."""
        return " ".join(token for token in self.tokens if not PLACE.fullmatch(token))

    @cached_property
    def own(self) -> tuple[str, ...]:
        """The words that tell it from other requests; all of them, where it has only common ones."""
        words = self.literal.split()
        return tuple(word for word in words if word not in COMMON) or tuple(words)

    @property
    def has_places(self) -> bool:
        return len(self.literal.split()) < len(self.tokens)

    def exactly(self, typed: Sequence[str]) -> Mapping[str, str] | None:
        """The values, where exactly this was typed."""
        if not self.has_places:
            return {} if plain(" ".join(typed)) == self.literal else None
        return self._laid(typed, lambda word, token: plain(word) == token, strict=True)

    def nearly(self, typed: Sequence[str]) -> Mapping[str, str] | None:
        """The values, where nothing was typed that is not of this phrase, and all that tells it from others was.

        A slip in a word and words that say nothing are let pass: a name, a "not" or a "who" never is.
        """
        if self.has_places:
            values = self._laid(typed, lambda word, token: is_like(plain(word), token), strict=False)
            if values is not None:
                return values
        words = plain(" ".join(typed)).split()
        said = all(any(is_like(word, own) for word in words) for own in self.own)
        known = self.literal.split()
        return {} if said and all(word in QUIET or any(is_like(word, one) for one in known) for word in words) else None

    def likeness(self, typed: Sequence[str]) -> float:
        """0 to 100, as intents are measured. A value's own letters say nothing about likeness, and words are more than
        a place that takes any word."""
        values = set((self.nearly(typed) or {}).values()) if self.has_places else set()
        words = plain(" ".join(word for word in typed if not any(value in word for value in values))).split()
        return self._likeness(_spoken(words), words) - _A_VALUE * len(values) if words else 0.0

    def _likeness(self, line: str, words: Sequence[str]) -> float:
        if len(words) == 1 and " " not in self.literal:
            return fuzz.ratio(line, self.literal)
        said = sum(any(is_like(word, own) for word in words) for own in self.own)
        return fuzz.WRatio(line[:LONGEST], _spoken(self.literal.split())) * weighed(said, len(self.own))

    def _laid(
        self, typed: Sequence[str], fits: Callable[[str, str], bool], *, strict: bool
    ) -> Mapping[str, str] | None:
        """Both from left to right; each place takes one word as it was typed."""
        dead: set[tuple[int, int]] = set()

        def lay(at: int, begin: int, values: dict[str, str]) -> dict[str, str] | None:
            if (at, begin) in dead:
                return None
            if at == len(self.tokens) and begin == len(typed):
                return values
            found = None
            if at < len(self.tokens) and begin < len(typed):
                found = self._taken(self.tokens[at], typed[begin], values, fits)
                found = None if found is None else lay(at + 1, begin + 1, found)
            if found is None and not strict:
                if begin < len(typed) and plain(typed[begin]) in QUIET:
                    found = lay(at, begin + 1, values)
                if found is None and self._may_be_left_out(at):
                    found = lay(at + 1, begin, values)
            if found is None:
                dead.add((at, begin))
            return found

        return lay(0, 0, {})

    def _may_be_left_out(self, at: int) -> bool:
        """What stands before a place says what the value is: "in staging", not "tomorrow"."""
        following = self.tokens[at + 1 : at + 2]
        return at < len(self.tokens) and self.tokens[at] in COMMON and not any(map(PLACE.fullmatch, following))

    def _taken(
        self, token: str, word: str, values: dict[str, str], fits: Callable[[str, str], bool]
    ) -> dict[str, str] | None:
        place = PLACE.fullmatch(token)
        if place is None:
            return values if fits(word, token) else None
        value = word.strip(_AROUND_A_VALUE)
        if not value or "=" in value or plain(word) in QUIET or values.get(place[1], value) != value:
            return None
        return {**values, place[1]: value}


def _spoken(words: Sequence[str]) -> str:
    """Without the words that say nothing, where others are left."""
    return " ".join([word for word in words if word not in QUIET] or words)
