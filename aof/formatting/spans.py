"""Stretches of converted text that a piece may not leave open at its end."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from aof.formatting.markup import Markup
from aof.formatting.tags import Tagged

_FENCE = "```"
_LETTER = r"\p{L}\p{N}\p{M}"


def _pair_of(mark: str) -> "regex.Pattern[str]":
    opening = rf"(?<![{_LETTER}{mark}]){mark}(?=[^\s\u2060{mark}])"
    return regex.compile(rf"{opening}[^\n]*?(?<=\S){mark}(?![{_LETTER}\u2060{mark}])")


_MARKED = {"*": _pair_of(r"\*"), "_": _pair_of("_"), "~": _pair_of("~")}
_CODE = regex.compile(r"(?<!`)`[^`\n]+`(?!`)")
_QUOTE = regex.compile(r"^> (?=\S)[^\n]*", regex.MULTILINE)
_ISOLATE = regex.compile(r"[\u2066-\u2069\u202a-\u202c\n]")
_ENDS_EMBEDDING, _ENDS_ISOLATE = "\u202c", "\u2069"
_ADDRESS = regex.compile(r"(?:https?://|www\.)[^\s\u2066-\u2069]+", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """Text between an opener and a closer, both part of it."""

    start: int
    end: int
    opener: str
    closer: str
    is_code_block: bool = False

    def is_open_at(self, position: int) -> bool:
        """Whether a cut here needs the closer before and the opener after it."""
        return self.start < position < self.end

    def forbids(self, position: int, text: str) -> bool:
        """Whether a cut here would part a mark, or part it from what it marks."""
        if not self.is_open_at(position):
            return False
        opened, closed = self.start + len(self.opener.strip()), self.end - len(self.closer.strip())
        return not text[opened:position].strip() or not text[position:closed].strip()


def spans_of(text: str, markup: Markup) -> list[Span]:
    """The spans from the outermost to the innermost; what is opened and never closed is no span."""
    found = [] if markup is Markup.PLAIN else list(_fences(text))
    code = [*found]
    if markup is not Markup.PLAIN:
        found += _outside(code, (_span(m, "`", "`") for m in _CODE.finditer(text)))
        literal = [*found, *(Span(m.start(), m.end(), "", "") for m in _ADDRESS.finditer(text))]
        for mark, pattern in _MARKED.items():
            found += _outside(literal, (_span(m, mark, mark) for m in pattern.finditer(text)), may_enclose=True)
    found += _outside(code, (Span(m.start(), m.end(), "> ", "") for m in _QUOTE.finditer(text)), may_enclose=True)
    found += _isolates(text)
    found.sort(key=lambda span: (span.start, -span.end))
    return _nested(found)


def spans_under(tagged: Tagged) -> list[Span]:
    """The same of what a text with tags shows. The tags are no signs in it, so nothing opens or closes them."""
    under = [Span(tag.start, tag.end, "", "", is_code_block=tag.opener.startswith("<pre")) for tag in tagged.tags]
    return sorted([*under, *_isolates(tagged.text)], key=lambda span: (span.start, -span.end))


def addresses_in(text: str) -> list[tuple[int, int]]:
    """Where URLs stand, which must not be parted."""
    return [match.span() for match in _ADDRESS.finditer(text)]


def _span(match: "regex.Match[str]", opener: str, closer: str) -> Span:
    return Span(match.start(), match.end(), opener, closer)


def _fences(text: str) -> Iterator[Span]:
    start = text.find(_FENCE)
    while start >= 0:
        end = text.find(_FENCE, start + len(_FENCE))
        if end < 0:
            return
        on_lines = "\n" in text[start:end]
        opener, closer = (f"{_FENCE}\n", f"\n{_FENCE}") if on_lines else (_FENCE, _FENCE)
        yield Span(start, end + len(_FENCE), opener, closer, is_code_block=True)
        start = text.find(_FENCE, end + len(_FENCE))


def _outside(taken: list[Span], candidates: Iterator[Span], *, may_enclose: bool = False) -> list[Span]:
    """Those candidates whose ends lie in no taken span."""
    # looked up and not compared one by one: a text may hold a thousand of each
    inside = {position for span in taken for position in range(span.start, span.end)}
    starts = sorted(span.start for span in taken)
    return [
        span
        for span in candidates
        if span.start not in inside
        and span.end - 1 not in inside
        and (may_enclose or bisect_right(starts, span.start) == bisect_left(starts, span.end))
    ]


def _isolates(text: str) -> Iterator[Span]:
    opened: list[tuple[str, int]] = []
    for match in _ISOLATE.finditer(text):
        sign = match.group()
        if sign == "\n":
            opened.clear()
        elif sign not in (_ENDS_EMBEDDING, _ENDS_ISOLATE):
            opened.append((sign, match.start()))
        elif opened and (opened[-1][0] in "\u2066\u2067\u2068") == (sign == _ENDS_ISOLATE):
            opener, start = opened.pop()
            yield Span(start, match.end(), opener, sign)


def _nested(spans: list[Span]) -> list[Span]:
    """The spans without those that begin inside another and end outside of it."""
    kept: list[Span] = []
    around: list[Span] = []
    for span in spans:
        while around and around[-1].end <= span.start:
            around.pop()
        if not around or span.end <= around[-1].end:
            kept.append(span)
            around.append(span)
    return kept
