"""The languages the daemon speaks, and how it tells which one was spoken to it."""

import re
from enum import StrEnum


class Language(StrEnum):
    """ISO 639-1."""

    ENGLISH = "en"
    ARABIC = "ar"


def named(tag: str) -> Language | None:
    """The language of a BCP 47 tag (`en`, `ar-EG`); None for one that the daemon does not speak."""
    primary = tag.partition("-")[0].lower()
    return Language(primary) if primary in set(Language) else None


_COMMAND = re.compile(r"\s*/[A-Za-z]\S*")
"""A command is Latin in every language."""
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")
_TWO_LATIN = re.compile("[a-z][^a-z]*[a-z]")


def spoken(text: str) -> Language | None:
    """The language of a text by its letters; None where it has too few to tell (a number, an emoji, a name)."""
    text = _COMMAND.sub("", text, count=1) if _COMMAND.match(text) else text
    if _ARABIC.search(text):
        # "disk في web-1": technical words are Latin in an Arabic sentence, hardly ever the other way round
        return Language.ARABIC
    return Language.ENGLISH if _TWO_LATIN.search(text.lower()) else None


def isolated(text: str) -> str:
    """An identifier, path or number kept in one piece, left to right, inside a right-to-left sentence."""
    return f"\u2066{text}\u2069"


def said(language: Language, *, en: str, ar: str) -> str:
    """The one of two wordings that fits."""
    return ar if language is Language.ARABIC else en
