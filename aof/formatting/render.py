"""A response becomes parts that a platform can show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import regex

from aof.domain.limits import Limit, PlatformLimits
from aof.domain.response import Action, ButtonsPart, Choice, Document, DocumentPart, Part, Response, Status, TextPart
from aof.formatting.characters import shows_something
from aof.formatting.choices import described
from aof.formatting.documents import folded
from aof.formatting.forms import Form, form_for
from aof.formatting.markup import Markup, as_it_is, convert, shown
from aof.formatting.source import items_of, source_of
from aof.formatting.split import cut, cut_before_end
from aof.texts import rendering
from aof.texts.language import Language

MOST_PARTS = 3
"""Messages of text that an answer may be unasked; what is left stands behind More."""

MORE_ACTION_ID = "menu:more"
"""The action of the choice that asks for the rest of a long answer."""

SIGNS: Mapping[Status, str] = {Status.OK: "✅", Status.FAILED: "❌", Status.WARNING: "⚠️", Status.NOTE: "ℹ️"}

_BEGINS_WITH_SIGN = regex.compile(r"[\s*_~>\p{Cf}]*[✅❌⚠ℹ]")
_BEGINS_A_BLOCK = {
    Markup.TELEGRAM: regex.compile(r"<pre>|<blockquote>|[•◦☐☑] |\d+\. |─"),
    Markup.WHATSAPP: regex.compile(r"```|[-◦☐☑>] |\d+\. |─"),
    Markup.PLAIN: regex.compile(r"```|[-◦☐☑>] |\d+\. |─"),
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A response as far as it is shown now."""

    parts: tuple[Part, ...]
    """In the order to send; none for a response that is empty."""
    rest: Response | None
    """What stands behind `more`: its rendering goes on where this text stopped, and offers the actions again."""
    more: Choice | None
    """The choice that asks for `rest`: the last one of the last part that is no document."""


@dataclass(frozen=True, slots=True)
class _Surface:
    """Where a response is shown."""

    limits: PlatformLimits
    markup: Markup
    language: Language
    most_parts: int
    said: str
    """The whole text as it is shown."""

    def allows(self, limit: Limit, text: str) -> bool:
        """Whether a converted text is within the limit."""
        return limit.allows(shown(text, self.markup))

    def form(self, actions: Sequence[Action], *, only_lines: bool = False) -> Form:
        return form_for(actions, self.limits, self.markup, self.language, said=self.said, only_lines=only_lines)


def render(
    response: Response,
    limits: PlatformLimits,
    markup: Markup,
    *,
    language: Language = Language.ENGLISH,
    long_text: Literal["split", "truncate"] = "split",
    most_parts: int = MOST_PARTS,
    with_source: bool = False,
) -> Rendered:
    """All parts of a response, or as many as one should send unasked and a More choice.

    `language` is for the words that stand beside choices. No action is ever dropped: those that fit no button and
    no row are numbered lines, and lines that fit no message stand behind More. The actions are on the last part
    shown, and again at the end of the rest. A response with no text to see, no status and no action has no parts.

    `long_text="truncate"` sends one part. A text is never longer than `limits.text` (at least 100), beside buttons or
    rows `limits.body`. Documents come last, each a part of its own beside `most_parts`. `with_source` gives what fits
    one part its CommonMark too, where that has a table or a heading.

    Raises:
        ValueError: `most_parts` is less than one.
    """
    if response.documents and limits.document is None:
        response = folded(response)
    files = tuple(_file(document) for document in response.documents)
    if most_parts < 1:
        raise ValueError(f"most_parts is {most_parts}; write 1 or more")
    text = _with_sign(convert(response.text, markup), response.status, markup)
    surface = _Surface(limits, markup, language, 1 if long_text == "truncate" else most_parts, shown(text, markup))
    if not text and not response.actions:
        return Rendered(files, None, None)
    rendered = _whole(text, response.actions, surface) or _beginning(text, response.actions, surface)
    if with_source and rendered.rest is None and len(rendered.parts) == 1:
        rendered = replace(rendered, parts=(_sourced(rendered.parts[0], response, surface),))
    return replace(rendered, parts=(*rendered.parts, *files))


def _sourced(part: Part, response: Response, surface: _Surface) -> Part:
    if not isinstance(part, ButtonsPart) and not (isinstance(part, TextPart) and not part.numbered):
        return part
    source = source_of(response.text)
    if not source:
        return part
    if response.status is not None and not _BEGINS_WITH_SIGN.match(source.lstrip("# ")):
        source = f"{SIGNS[response.status]}\n\n{source}"
    if isinstance(part, ButtonsPart) and surface.limits.rows is None:
        items = items_of(described(response.actions, surface.limits.body, surface.said))
        source = f"{source}\n\n{items}" if items else source
    return part.model_copy(update={"source": source})


def _file(document: Document) -> DocumentPart:
    return DocumentPart(name=document.name, mime_type=document.mime_type, text=document.text)


def _with_sign(text: str, status: Status | None, markup: Markup) -> str:
    seen = shown(text, markup)
    text = text if shows_something(seen) else ""
    if status is None or _BEGINS_WITH_SIGN.match(seen):
        return text
    between = "\n" if _BEGINS_A_BLOCK[markup].match(text) else " "
    return f"{SIGNS[status]}{between}{text}" if text else SIGNS[status]


def _whole(text: str, actions: tuple[Action, ...], surface: _Surface) -> Rendered | None:
    """Everything, if it takes no more parts than it may."""
    form = surface.form(actions)
    if text and form.is_crowded and not surface.allows(form.room, text):
        # Lines that leave a text no room follow it in a part of their own
        pieces, left = _pieces(text, surface, surface.limits.text, surface.most_parts - 1)
        pieces.append("")
    else:
        pieces, left = _pieces(text, surface, form.room, surface.most_parts)
    if left or not form.stands_alone or len(pieces) > surface.most_parts:
        return None
    return Rendered(_parts(pieces, form), None, None)


def _beginning(text: str, actions: tuple[Action, ...], surface: _Surface) -> Rendered:
    """As much as fits, and More."""
    more = Action(id=MORE_ACTION_ID, title=rendering.more(surface.language))
    count = _most_that_fit(actions, more, surface)
    form = surface.form([*actions[:count], more])
    pieces, left = _pieces(text, surface, form.room, surface.most_parts)
    if not left and count == len(actions):
        # Buttons had too little room for the text, and the lines that More turned them into have enough
        return Rendered(_parts(pieces, surface.form(actions, only_lines=True)), None, None)
    rest = Response(text=as_it_is(left), actions=actions) if left else Response(text="", actions=actions[count:])
    return Rendered(_parts(pieces, form), rest, form.choices[-1])


def _most_that_fit(actions: tuple[Action, ...], more: Action, surface: _Surface) -> int:
    """How many of the actions leave a text its room. At least one, so that More comes to an end."""
    if not surface.form([*actions, more]).is_crowded:
        return len(actions)
    fitting, crowded = min(1, len(actions)), len(actions)
    while fitting + 1 < crowded:
        middle = (fitting + crowded) // 2
        if surface.form([*actions[:middle], more]).is_crowded:
            crowded = middle
        else:
            fitting = middle
    return fitting


def _pieces(text: str, surface: _Surface, last: Limit, most: int) -> tuple[list[str], str]:
    """Up to `most` pieces, the last of them within `last`, and the text that is left."""
    pieces: list[str] = []
    limit, markup = surface.limits.text, surface.markup
    while text and not surface.allows(last, text):
        if len(pieces) >= most - 1:
            head, left = cut(text, last, markup) if most else ("", text)
            return [*pieces, head], left
        head, text = (
            cut_before_end(text, limit, last, markup) if surface.allows(limit, text) else cut(text, limit, markup)
        )
        pieces.append(head)
    return [*pieces, text], ""


def _parts(pieces: Sequence[str], form: Form) -> tuple[Part, ...]:
    *before, last = pieces
    return (*(TextPart(text=piece) for piece in before), form.part(last))
