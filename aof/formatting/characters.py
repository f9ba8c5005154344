"""Characters that would spill out of the place they were written in, or that no platform can carry."""

import regex

_LINE_ENDS = regex.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNWANTED = regex.compile(r"[\x00-\x08\x1b\x1f\x0e-\x1a\x7f-\x9f\u202d\u202e\ufdd0-\ufdef\ufffe\uffff]")
_TERMINAL = regex.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)|[@-Z^_])")
_SURROGATES = regex.compile(r"[\ud800-\udfff]")
_BIDI = regex.compile(r"[\u202a-\u202c\u2066-\u2069\n]")
_BLANKS = regex.compile(r"\s+")
_VISIBLE = regex.compile(r"[^\s\p{C}\u115f\u1160\u3164\uffa0]")

_EMBEDDINGS = "\u202a\u202b"
_END_OF_EMBEDDING = "\u202c"
_ISOLATES = "\u2066\u2067\u2068"
_END_OF_ISOLATE = "\u2069"


def clean(text: str) -> str:
    """The text with "\\n" for every line end and without control characters or a terminal's colours.

    Direction overrides go: they make a text read as another one, and no language needs them. Embeddings and isolates
    stay where they are closed on the same line. RLM, LRM and ALM stay. A lone surrogate becomes U+FFFD.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", text)
    text = _UNWANTED.sub("", _TERMINAL.sub("", text))
    return balanced(_SURROGATES.sub("\ufffd", text))


def balanced(text: str) -> str:
    """The text without the embeddings and isolates that its lines leave open, or close without having opened them."""
    stray: set[int] = set()
    opened: list[tuple[str, int]] = []
    isolates = 0
    for match in _BIDI.finditer(text):
        sign, position = match.group(), match.start()
        if sign == "\n":
            stray.update(place for _, place in opened)
            opened.clear()
            isolates = 0
        elif sign in _EMBEDDINGS or sign in _ISOLATES:
            opened.append((sign, position))
            isolates += sign in _ISOLATES
        elif sign == _END_OF_EMBEDDING and opened and opened[-1][0] in _EMBEDDINGS:
            opened.pop()
        elif sign == _END_OF_ISOLATE and isolates:
            # The end of an isolate ends the embeddings inside it too
            while (inner := opened.pop())[0] in _EMBEDDINGS:
                stray.add(inner[1])
            isolates -= 1
        else:
            stray.add(position)
    stray.update(place for _, place in opened)
    return "".join(sign for position, sign in enumerate(text) if position not in stray) if stray else text


def one_line(text: str) -> str:
    """The text as a title can show it: clean, on one line, no blanks around or doubled, possibly empty."""
    line = balanced(_BLANKS.sub(" ", clean(text)).strip())
    return line if shows_something(line) else ""


def shows_something(text: str) -> bool:
    """Whether a reader would see any character of it."""
    return _VISIBLE.search(text) is not None
