"""How keys and words are spelled, and what a misspelled one was meant to be."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LEAST_LIKENESS = 65
"""Per cent. Two letters of a short key may be wrong; beyond that a suggestion misleads more than it helps."""


def canonical(key: str) -> str:
    """`defaultAgent` and `default-agent` as `default_agent`; a key that begins with a capital stays as it is."""
    return key if key[:1].isupper() else _HUMP.sub("_", key).replace("-", "_").lower()


def folded(word: str) -> str:
    """A word of a fixed choice without what does not count in it: case, `-` and `_`."""
    return word.replace("-", "").replace("_", "").casefold()


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant, None where none is near."""
    found = process.extractOne(word, sorted(known), scorer=fuzz.ratio, processor=folded, score_cutoff=_LEAST_LIKENESS)
    return found[0] if found else None
