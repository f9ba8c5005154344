"""What models and logs write beyond CommonMark, as CommonMark: footnotes, formulas, and `[WARN]: text`."""

from collections import Counter
from collections.abc import Iterable, Iterator

import regex

_CODE = regex.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,}).*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=ticks)(?!`)",
    regex.MULTILINE | regex.DOTALL,
)
_NOTE = regex.compile(r"^ {0,3}\[\^(?P<name>[^\[\]\s]+)\]:[ \t]*(?P<note>.+(?:\n {2,}\S.*)*)\n?", regex.MULTILINE)
_REFERENCE = regex.compile(r"(?:(?<![ \t])[ \t]+)?\[\^(?P<name>[^\[\]\s]+)\](?!:)")
_DEFINITION = regex.compile(r"^ {0,3}(?P<label>\[[^\[\]]+\]):\s*(?P<address><?\S*)", regex.MULTILINE)
_LABEL = regex.compile(r"\[[^\[\]]+\]")
_ADDRESS = regex.compile(r"<?(?:[a-z][a-z0-9+.-]*:|[/#.])", regex.IGNORECASE)
# Each begins at the last opener before its end: else every opener would be followed to the end of the text
_FORMULA = regex.compile(
    r"\\\((?P<formula>(?:(?!\\\().)+?)\\\)|\\\[(?P<formula>(?:(?!\\\[).)+?)\\\]|\$\$(?P<formula>.+?)\$\$", regex.DOTALL
)
_SHAPES = (
    (regex.compile(r"\\(?:text|mathrm|mathbf|mathit|operatorname|mathsf|mathtt|boxed)\{([^{}]*)\}"), r"\1"),
    (regex.compile(r"\\sqrt\{([^{}]*)\}"), r"√(\1)"),
    (regex.compile(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}"), r"\1/\2"),
    (regex.compile(r"([\^_])\{([^{}]*)\}"), r"\1\2"),
)
_COMMAND = regex.compile(r"\\([a-zA-Z]+|[,;:!%$&#_{} ])")
_SIGNS = {
    "times": "×",
    "cdot": "·",
    "div": "÷",
    "pm": "±",
    "approx": "≈",
    "equiv": "≡",
    "infty": "∞",
    "in": "∈",
    "le": "≤",
    "leq": "≤",
    "ge": "≥",
    "geq": "≥",
    "ne": "≠",
    "neq": "≠",
    "to": "→",
    "rightarrow": "→",
    "Rightarrow": "⇒",
    "leftarrow": "←",
    "sum": "∑",
    "prod": "∏",
    "int": "∫",
    "partial": "∂",
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "Delta": "Δ",
    "epsilon": "ε",
    "lambda": "λ",
    "mu": "μ",
    "pi": "π",
    "sigma": "σ",
    "Sigma": "Σ",
    "tau": "τ",
    "theta": "θ",
    "omega": "ω",
    "Omega": "Ω",
    "ldots": "…",
    "dots": "…",
    "cdots": "…",
    "lfloor": "⌊",
    "rfloor": "⌋",
    "lceil": "⌈",
    "rceil": "⌉",
    "left": "",
    "right": "",
    "quad": " ",
    "qquad": " ",
    ",": " ",
    ";": " ",
    ":": " ",
    "!": "",
    " ": " ",
}
_ACTIVE = regex.compile(r"([*_`~<\[\]])")

_BRACKET = regex.compile(r"(?<!\\)\[")

_MOST_BRACKETS = 1000
"""Each may begin a link, and the parser looks for its end in all that follows; beyond these none is a link."""

Edit = tuple[int, int, str]
"""What stands between two positions becomes this."""


def common(text: str) -> str:
    """The text with footnotes at the place of their marks, formulas as plain signs, and every line that only looks
    like the definition of a link kept, where CommonMark would drop it. Code is left alone.
    """
    if "[^" in text:
        text = edited(text, _footnotes(without_code(text), text))
    if "]:" in text:
        text = edited(text, _lines_that_define_nothing(without_code(text)))
    if "\\(" in text or "\\[" in text or "$$" in text:
        found = _FORMULA.finditer(without_code(text))
        text = edited(text, ((m.start(), m.end(), _plain(m["formula"])) for m in found))
    if text.count("[") > _MOST_BRACKETS:
        brackets = _BRACKET.finditer(without_code(text))
        text = edited(text, ((m.start(), m.start(), "\\") for m in brackets))
    return text


def without_code(text: str) -> str:
    """A text of the same length in which each sign of code is a NUL."""
    return _CODE.sub(lambda code: "\0" * len(code.group()), text)


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits that don't overlap made in it."""
    written: list[str] = []
    end = 0
    for start, stop, instead in sorted(edits):
        written += [text[end:start], instead]
        end = stop
    return "".join([*written, text[end:]])


def _footnotes(outside_code: str, text: str) -> Iterator[Edit]:
    found = list(_NOTE.finditer(outside_code))
    notes = {note["name"]: note.span("note") for note in found}
    inside = {position for note in found for position in range(*note.span())}
    used: set[str] = set()
    for mark in _REFERENCE.finditer(outside_code):
        name = mark["name"]
        if name not in notes or mark.start() in inside:
            continue
        start, end = notes[name]
        yield mark.start(), mark.end(), "" if name in used else f" ({' '.join(text[start:end].split())})"
        used.add(name)
    for note in found:
        if note["name"] in used and note.span("note") == notes[note["name"]]:
            yield note.start(), note.end(), ""


def _lines_that_define_nothing(outside_code: str) -> Iterator[Edit]:
    times = Counter(label.casefold() for label in _LABEL.findall(outside_code))
    for line in _DEFINITION.finditer(outside_code):
        used = times[line["label"].casefold()] > 1
        if not used or not _ADDRESS.match(line["address"]):
            yield line.start("label"), line.start("label"), "\\"


def _plain(formula: str) -> str:
    for pattern, plain in _SHAPES:
        formula = pattern.sub(plain, formula)
    formula = _COMMAND.sub(lambda command: _SIGNS.get(command[1], command[1]), formula)
    # A formula's stars and underscores are no emphasis
    return _ACTIVE.sub(r"\\\1", formula.strip())
