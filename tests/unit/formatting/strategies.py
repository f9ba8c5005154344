"""Responses and limits for properties, and what to compare of a text."""

from dataclasses import dataclass

import regex
from hypothesis import strategies as st

from aof.domain.limits import ChoiceLimits, Limit, PlatformLimits, Unit
from aof.domain.response import Action, Part, Response, Status, choices_of
from aof.formatting.markup import Markup
from tests.unit.formatting.telegram_html import read_html

FAMILY = "👩‍👩‍👧‍👦"
FLAG = "🇪🇬"

_ENGLISH = ["disk", "memory", "pods", "crashing", "restart", "api", "web", "full", "node", "load", "prod"]
_ARABIC = ["القرص", "ممتلئ", "الذاكرة", "خادم", "إعادة", "يشغل"]
_OTHERS = ["straße", "naïve", "部署", "서버", "e\u0301tat"]
_LETTERS = regex.compile(r"\p{L}[\p{L}\p{M}]*")
_INVISIBLE = str.maketrans("", "", "\u2060\u200b")


def words(text: str) -> list[str]:
    """The words of a text; marks, numbers and signs are none."""
    return _LETTERS.findall(text.translate(_INVISIBLE))


def seen(converted: str, markup: Markup) -> str:
    """What a reader sees of a converted text; Telegram's HTML must be well-formed for that."""
    return read_html(converted).text if markup is Markup.TELEGRAM else converted


@dataclass(frozen=True)
class Written:
    """CommonMark, and the words it shows in order."""

    text: str
    words: list[str]


_word = st.sampled_from([*_ENGLISH, *_ARABIC, *_OTHERS])
_phrase = st.lists(_word, min_size=1, max_size=6)


_WRAPPINGS = [
    *["{}"] * 6,
    *["**{}**", "*{}*", "***{}***", "~~{}~~", "`{}`", "**a *{}* b**"],
    *["{} 🎉", f"{FAMILY} {{}}", "\u2068{}\u2069"],
]


@st.composite
def _inline(draw: st.DrawFn) -> Written:
    shown = draw(_phrase)
    text = " ".join(shown)
    wrapped = draw(st.sampled_from(_WRAPPINGS))
    before, after = wrapped.split("{}")
    return Written(wrapped.format(text), words(before) + words(text) + words(after))


@st.composite
def _sentence(draw: st.DrawFn) -> Written:
    parts = draw(st.lists(_inline(), min_size=1, max_size=8))
    end = draw(st.sampled_from([".", "!", "؟", ":", ""]))
    return Written(" ".join(part.text for part in parts) + end, [word for part in parts for word in part.words])


@st.composite
def _block(draw: st.DrawFn) -> Written:
    lines = draw(st.lists(_sentence(), min_size=1, max_size=5))
    shown = [word for line in lines for word in line.words]
    texts = [line.text for line in lines]
    match draw(st.sampled_from(["paragraph", "paragraph", "heading", "bullets", "numbers", "nested", "quote", "code"])):
        case "heading":
            return Written(f"## {texts[0]}", lines[0].words)
        case "bullets":
            return Written("\n".join(f"- {text}" for text in texts), shown)
        case "numbers":
            return Written("\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1)), shown)
        case "nested":
            return Written("\n".join(f"{'  ' * level}- {text}" for level, text in enumerate(texts)), shown)
        case "quote":
            return Written("\n".join(f"> {text}" for text in texts), shown)
        case "code":
            code = [" ".join(draw(_phrase)) for _ in texts]
            return Written("\n".join(["```text", *(f"  {line}" for line in code), "```"]), words(" ".join(code)))
        case _:
            return Written("\n".join(texts), shown)


@st.composite
def documents(draw: st.DrawFn, *, most_blocks: int = 8, min_blocks: int = 1) -> Written:
    """CommonMark with every kind of block, in several scripts."""
    blocks = draw(st.lists(_block(), min_size=min_blocks, max_size=most_blocks))
    return Written("\n\n".join(block.text for block in blocks), [word for block in blocks for word in block.words])


def titles() -> st.SearchStrategy[str]:
    """Short and long ones, equal ones, ones with nothing to see, and ones that try to spill."""
    plain = st.lists(_word, min_size=1, max_size=12).map(" ".join)
    long = ["x" * 20, "x" * 21, "x" * 24, "x" * 25, FAMILY * 4]
    odd = st.sampled_from([*long, "\u200b", " ", "a\nb", "\u202eevil", "\u2068open", "*b*"])
    return plain | odd | st.text(min_size=1, max_size=90)


def actions(*, most: int = 14) -> st.SearchStrategy[tuple[Action, ...]]:
    """Up to `most` actions, some with the same id, with ids that no platform takes, or that look like tokens."""
    odd = st.sampled_from(["logs", " logs", "~" + "0" * 20, "menu:more", "a" * 300, "appr:1:yes"])
    ids = odd | st.text(min_size=1, max_size=70)
    descriptions = st.just("") | titles()
    one = st.builds(Action, id=ids, title=titles(), description=descriptions)
    return st.lists(one, max_size=most).map(tuple)


@st.composite
def responses(draw: st.DrawFn, *, most_blocks: int = 8) -> Response:
    """Any response of a few hundred to a few thousand characters."""
    text = draw(documents(most_blocks=most_blocks)).text if draw(st.booleans()) else draw(st.text(max_size=300))
    return Response(text=text, status=draw(st.none() | st.sampled_from(Status)), actions=draw(actions()))


def limits(least: int, most: int, unit: st.SearchStrategy[Unit] | None = None) -> st.SearchStrategy[Limit]:
    """A limit of any unit, or of those given."""
    return st.builds(
        Limit,
        most=st.integers(least, most),
        unit=st.sampled_from(Unit) if unit is None else unit,
        source=st.just("a test"),
    )


@st.composite
def platform_limits(draw: st.DrawFn) -> PlatformLimits:
    """A platform with or without buttons and rows, as small as one can be."""
    unit = st.just(draw(st.sampled_from(Unit)))
    text = draw(limits(150, 1000, unit))

    def choice_limits(most: int, *, described: bool) -> ChoiceLimits:
        return ChoiceLimits(
            most=draw(st.integers(1, most)),
            id=draw(limits(8, 100, unit)),
            title=draw(limits(8, 40, unit)),
            description=draw(limits(20, 100, unit)) if described else None,
        )

    return PlatformLimits(
        text=text,
        body=draw(limits(60, text.most, unit)),
        buttons=choice_limits(4, described=False) if draw(st.booleans()) else None,
        rows=choice_limits(12, described=draw(st.booleans())) if draw(st.booleans()) else None,
        list_label=draw(limits(8, 20, unit)) if draw(st.booleans()) else None,
    )


def text_of(part: Part) -> str:
    """The text of a part that has one."""
    text = getattr(part, "text", None)
    assert isinstance(text, str)
    return text


def shown_text(part: Part) -> str:
    """A part's text without the numbered lines under it."""
    text = text_of(part)
    return text[: text.rindex("Answer with a number:")] if choices_of(part) and part.type == "text" else text
