"""What a program printed, as text that can be shown: no escape sequences, nothing invisible."""

import re
import unicodedata

# CSI (colours, cursor), OSC and the other strings up to BEL or ST, then two-character escapes
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SUSPECT = re.compile(r"[^\n\t -~]")

# Letters by their category, blanks by sight
_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")

_MOST_OF_A_SECRET = 512
"""Characters; the longest token we know of, so a cut through one leaves none of it."""


def decoded(raw: bytes, *, cut: bool) -> str:
    """The text of `raw`; of a `cut` output without its last, torn line, which could hold half a secret."""
    text = clean(raw.decode("utf-8", "replace"))
    if not cut:
        return text
    whole, end, _ = text.rpartition("\n")
    return whole + end if end else text[:-_MOST_OF_A_SECRET]


def clean(text: str) -> str:
    """Without ANSI sequences, control, direction and zero-width characters; every line end is a newline."""
    text = _LINE_ENDS.sub("\n", _ESCAPES.sub("", text))
    return _SUSPECT.sub(_shown, text)


def _shown(match: re.Match[str]) -> str:
    sign = match.group()
    # Cc control, Cf direction and zero width, Cs lone surrogates, Co and Cn have no meaning we could show
    hidden = unicodedata.category(sign)[0] == "C" or sign in _INVISIBLE_LETTERS
    return "" if hidden else sign
