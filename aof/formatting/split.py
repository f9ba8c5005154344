"""Cut a converted text where a reader would."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

import regex

from aof.domain.limits import Limit, Unit
from aof.formatting.markup import Markup, shown
from aof.formatting.spans import Span, addresses_in, spans_of, spans_under
from aof.formatting.tags import Tagged

_GRAPHEME = regex.compile(r"\X")
_PARAGRAPH = regex.compile(r"\n[^\S\n]*\n")
_LINE = regex.compile(r"\n")
# Each run of signs is tried once, from its first sign: "......" without a blank behind it would take its square
_SENTENCE = regex.compile(
    r"(?<![.!?؟۔…؛。！？])(?<!^\s*\d{1,9})[.!?؟۔…؛。！？]++[)\]}\"'»”’*_~`\u2069]*+(?=\s)"
    r"|(?<![。！？])[。！？]++(?![)\]}\"'»”’」』*_~`\u2069。！？])",
    regex.MULTILINE,
)
_WORD = regex.compile(r"\s+")
_BLANKS = regex.compile(r"(?>\s*\n)|(?:[^\S\n](?![\p{M}\u200d]))*")
_LONE_BULLET = regex.compile(r"\s*(?:[-◦☐☑>]|\d{1,9}\.)\s*")
_FENCE = "```"

_PLACES = (_PARAGRAPH, _LINE, _SENTENCE, _WORD)
_LONGEST_MARK = 4096
"""Code points beyond the limit in which the end of a mark is looked for: a WhatsApp text has no longer line."""

Fits = Callable[[int], bool]


def split(text: str, limit: Limit, *, markup: Markup = Markup.WHATSAPP) -> list[str]:
    """Pieces of an already converted text, all their marks closed, none empty; no piece for a blank text.

    The limit has room for some graphemes and the marks around them (40 are enough). Where it has not, marks are
    left open sooner than a piece is too long.
    """
    pieces = []
    while shown(text, markup).strip():
        piece, text = cut(text, limit, markup)
        pieces.append(piece)
    return pieces


def cut(text: str, limit: Limit, markup: Markup) -> tuple[str, str]:
    """The first piece, and what follows: a text of its own, in which the marks that were open are opened again.

    The piece is the longest that ends at a paragraph in the last third of the room; else at a line, a sentence, a
    word; else at one of these before the last third; else between two graphemes.
    """
    text = text.strip("\n").rstrip()
    if limit.allows(shown(text, markup)):
        return text, ""
    place = _beginning(text, limit.most + _LONGEST_MARK, markup)
    sizes = _sizes(place.text[: limit.most + 1], limit.unit)
    furthest = sum(size <= limit.most for size in sizes) - 1

    def fits(position: int) -> bool:
        return sizes[position] + limit.size(place.closers(position)) <= limit.most

    found = place.last(furthest * 2 // 3, furthest, fits) or place.last(1, furthest, fits)
    found = found or place.any_grapheme(range(furthest, 0, -1), fits)
    if found:
        return place.parted(found)
    # Marks that leave no room, or a grapheme that is longer than a message
    return place.torn(max(furthest, 1))


def cut_before_end(text: str, head: Limit, end: Limit, markup: Markup) -> tuple[str, str]:
    """The text in two: the second as long as `end` allows where a reader would cut, the first within `head`."""
    text = text.strip("\n").rstrip()
    place = _beginning(text, len(text), markup)
    sizes = _sizes(place.text, end.unit)
    first = sum(sizes[-1] - size > end.most for size in sizes)

    def fits(position: int) -> bool:
        before, after = place.parted(position)
        return end.allows(shown(after, markup)) and head.allows(shown(before, markup))

    found = place.first(first, first + end.most // 3, fits) or place.first(first, len(place.text) - 1, fits)
    found = found or place.any_grapheme(range(max(first, 1), len(place.text)), fits)
    return place.parted(found) if found else cut(text, end, markup)


def _beginning(text: str, looked_at: int, markup: Markup) -> "_Beginning":
    if markup is Markup.TELEGRAM:
        return _TaggedBeginning(Tagged.read(text) or Tagged(text, ()))
    line_end = text.find("\n", looked_at)
    seen = text if line_end < 0 or looked_at >= len(text) else text[:looked_at]
    opened_in_sight = seen.count(_FENCE) % 2 and _FENCE in text[len(seen) :]
    return _Beginning(text, seen, spans_of(f"{seen}\n{_FENCE}" if opened_in_sight else seen, markup))


class _Beginning:
    """The places in a text's first code points where it can be cut."""

    def __init__(self, text: str, seen: str, spans: Sequence[Span]) -> None:
        self.text = text
        """As it is shown."""
        self._seen = seen
        self._spans = spans
        self._starts_at = len(text) - len(text.lstrip())

    def last(self, low: int, high: int, fits: Fits) -> int:
        """The last place between the two, by the best kind there is; 0 where there is none."""
        return self._by_kind(low, high, fits, lambda places: reversed(list(places)))

    def first(self, low: int, high: int, fits: Fits) -> int:
        """The first place between the two, by the best kind there is; 0 where there is none."""
        return self._by_kind(low, high, fits, lambda places: places)

    def _by_kind(self, low: int, high: int, fits: Fits, order: Callable[[Iterator[int]], Iterable[int]]) -> int:
        for kind in _PLACES:
            for position in order(self._places(kind, low, high)):
                if self._allows(position, kind) and fits(position):
                    return position
        return 0

    def any_grapheme(self, positions: Iterable[int], fits: Fits) -> int:
        """The first of these positions between two graphemes, sooner outside of a URL; 0 where there is none."""
        addresses = addresses_in(self._seen)
        inside: list[int] = []
        for position in positions:
            if any(start < position < end for start, end in addresses):
                inside.append(position)
            elif self._allows(position, _GRAPHEME) and fits(position):
                return position
        return next((p for p in inside if self._allows(p, _GRAPHEME) and fits(p)), 0)

    def _places(self, kind: "regex.Pattern[str]", low: int, high: int) -> Iterator[int]:
        for match in kind.finditer(self._seen):
            position = match.end() if kind is _SENTENCE else match.start()
            if position > high:
                return
            if position >= low:
                yield position

    def _allows(self, position: int, kind: "regex.Pattern[str]") -> bool:
        if position <= self._starts_at or position not in self._graphemes:
            return False
        if kind is _PARAGRAPH and any(span.is_code_block for span in self._open_at(position)):
            return False
        if kind is _WORD and _LONE_BULLET.fullmatch(self.text, self.text.rfind("\n", 0, position) + 1, position):
            return False
        if any(span.forbids(position, self._seen) for span in self._spans):
            return False
        # What is left must become shorter, or there would be no end of pieces
        return len(self.openers(position)) < self._next(position)

    @cached_property
    def _graphemes(self) -> "range | set[int]":
        if self._seen.isascii():
            return range(len(self._seen) + 1)
        return {match.start() for match in _GRAPHEME.finditer(self._seen)}

    def _open_at(self, position: int) -> list[Span]:
        return [span for span in self._spans if span.is_open_at(position)]

    def openers(self, position: int) -> str:
        return "".join(span.opener for span in self._open_at(position))

    def closers(self, position: int) -> str:
        return "".join(span.closer for span in reversed(self._open_at(position)))

    def _next(self, position: int) -> int:
        """Where the text goes on: past the blanks, but with the indentation of its line."""
        blanks = _BLANKS.match(self.text, position)
        return blanks.end() if blanks else position

    def parted(self, position: int) -> tuple[str, str]:
        """The text cut here."""
        end = len(self.text[:position].rstrip())
        head = self._written(0, end) + self.closers(position)
        return head, self.openers(position) + self._written(self._next(position), len(self.text))

    def torn(self, position: int) -> tuple[str, str]:
        """The text cut here without regard for anything in it."""
        return self._written(0, position), self._written(position, len(self.text))

    def _written(self, start: int, end: int) -> str:
        return self.text[start:end]


class _TaggedBeginning(_Beginning):
    """The same of a text whose tags are none of its signs."""

    def __init__(self, tagged: Tagged) -> None:
        super().__init__(tagged.text, tagged.text, spans_under(tagged))
        self._tagged = tagged

    def _written(self, start: int, end: int) -> str:
        return self._tagged.between(start, end)


def _sizes(text: str, unit: Unit) -> Sequence[int]:
    """The size of each beginning of the text, from none to all of it."""
    if text.isascii() or unit is Unit.CODE_POINTS:
        return range(len(text) + 1)
    return list(accumulate((unit.size(sign) for sign in text), initial=0))
