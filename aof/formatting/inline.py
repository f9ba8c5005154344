"""A paragraph's inside: runs of characters with styles, and how a platform writes them."""

from collections.abc import Sequence
from typing import ClassVar, Final, Protocol
from urllib.parse import unquote

import regex
from markdown_it.token import Token

# Bits of a style; an enum.Flag would cost more than all the rest of a conversion.
# CODE and VERBATIM (an address, which no mark may touch) stand alone.
NO_STYLE: Final = 0
BOLD: Final = 1
ITALIC: Final = 2
STRIKE: Final = 4
CODE: Final = 8
VERBATIM: Final = 16
# Stands alone too: the run's text is the address of a link that begins here, or empty where it ends
LINK: Final = 32

Run = tuple[str, int]
Line = list[Run]


class Marks(Protocol):
    """How one platform writes styles. One implementation for each platform."""

    bullets: ClassVar[tuple[str, str]]
    """Before the items of a list, and of a list in a list."""
    has_links: ClassVar[bool]
    """Whether words can be links; else their addresses stand behind them."""

    def line(self, runs: Line) -> str:
        """One line, with no mark left open at its end."""

    def block(self, code: str, language: str) -> str:
        """Code of one or more lines, in a language that may be unknown."""

    def quote(self, lines: Sequence[str]) -> list[str]:
        """Lines that were written already, quoted."""

    def is_block(self, line: str) -> bool:
        """Whether a line that was written already is one that nothing may indent, such as code."""

    def verbatim(self, text: str) -> str:
        """Text of any lines that is shown as it is, as far as the platform needs anything for that."""

    def kept(self, text: str) -> str:
        """What was converted already, or says so."""

    def table(self, rows: Sequence[Sequence[str]]) -> str | None:
        """Header and rows in columns, or None where the platform has nothing to line them up with."""


_STYLES = {"strong_open": BOLD, "em_open": ITALIC, "s_open": STRIKE}
# `<pod>` and `<none>` are words of our trade; only what HTML knows is a tag
_TAG = regex.compile(
    r"""</?(?P<name>
    a|abbr|address|article|aside|audio|b|bdi|bdo|big|blockquote|body|br|button|caption|center|cite|code|col|colgroup|dd
    |del|details|dfn|div|dl|dt|em|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins
    |kbd|label|li|link|main|mark|meta|nav|ol|p|pre|q|s|samp|script|section|small|span|strike|strong|style|sub|summary
    |sup|svg|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var|video
    )(?=[\s/>])""",
    regex.IGNORECASE | regex.VERBOSE,
)
_ADDRESS = regex.compile(r"https?://[^\s<>\u2066-\u2069]*[^\s<>\u2066-\u2069.,;:!?)\]}'\"*_~`،؛؟…]", regex.IGNORECASE)
LINKED = regex.compile(r"(?:https?|mailto|tel):", regex.IGNORECASE)
"""How an address begins that words may lead to."""
_UNSAFE_IN_ADDRESS = str.maketrans({"(": "%28", ")": "%29", "*": "%2A", "~": "%7E", "`": "%60", "'": "%27"})


def runs(tokens: Sequence[Token], style: int = NO_STYLE, *, has_links: bool = False) -> list[Line]:
    """The lines of an inline token's children, every character under `style` besides its own.

    `has_links` leaves the addresses of links to the marks.
    """
    return _Reader(style, has_links=has_links).read(tokens)


def plain(lines: Sequence[Line]) -> str:
    """The characters alone, lines joined by a blank."""
    return " ".join("".join(text for text, style in line if style != LINK).strip() for line in lines).strip()


class _Reader:
    def __init__(self, style: int, *, has_links: bool) -> None:
        self._style = style
        self._has_links = has_links
        self._outer: list[int] = []
        self._lines: list[Line] = [[]]
        self._links: list[tuple[str, int, int]] = []

    def read(self, tokens: Sequence[Token]) -> list[Line]:
        for token in tokens:
            self._take(token)
        return self._lines

    def _take(self, token: Token) -> None:
        match token.type:
            case "text" | "text_special":
                self._write(token.content)
            case "softbreak" | "hardbreak":
                self._lines.append([])
            case "code_inline":
                self._lines[-1].append((token.content, CODE))
            case "html_inline":
                self._html(token.content)
            case "link_open":
                self._links.append((str(token.attrs.get("href", "")), len(self._lines) - 1, len(self._lines[-1])))
            case "link_close":
                self._close_link()
            case "image":
                self._image(token)
            case opener if opener in _STYLES:
                self._outer.append(self._style)
                self._style |= _STYLES[opener]
            case "strong_close" | "em_close" | "s_close":
                self._style = self._outer.pop()
            case _:
                self._write(token.content)

    def _write(self, text: str) -> None:
        if "://" not in text:
            self._lines[-1].append((text, self._style))
            return
        end = 0
        for address in _ADDRESS.finditer(text):
            self._lines[-1] += [(text[end : address.start()], self._style), (address.group(), VERBATIM)]
            end = address.end()
        self._lines[-1].append((text[end:], self._style))

    def _html(self, markup: str) -> None:
        tag = _TAG.match(markup)
        if tag is None:
            self._write("" if markup.startswith(("<!", "<?")) else markup)
        elif tag["name"].lower() == "br":
            self._lines.append([])

    def _close_link(self) -> None:
        address, line, index = self._links.pop()
        shown = [*self._lines[line][index:]]
        for later in self._lines[line + 1 :]:
            shown += [(" ", NO_STYLE), *later]
        label = "".join(text for text, _ in shown).strip()
        if label and label in (
            address,
            unquote(address),
            address.removeprefix("mailto:"),
            address.removeprefix("tel:"),
        ):
            del self._lines[line + 1 :]
            self._lines[line][index:] = [(label, VERBATIM)]
        elif not label:
            self._lines[-1].append((address, VERBATIM))
        elif self._has_links and LINKED.match(address):
            for number in range(line, len(self._lines)):
                start = index if number == line else 0
                self._lines[number][start:] = [(address, LINK), *self._lines[number][start:], ("", LINK)]
        elif address and not address.startswith("#"):
            self._lines[-1] += _bracketed(address)

    def _image(self, token: Token) -> None:
        address = str(token.attrs.get("src", ""))
        label = token.content.strip()
        if label:
            self._write(f"{label}: " if address else label)
        self._lines[-1].append((address, VERBATIM))


def _bracketed(address: str) -> Line:
    return [(" (", NO_STYLE), (address.translate(_UNSAFE_IN_ADDRESS), VERBATIM), (")", NO_STYLE)]
