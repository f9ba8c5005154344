"""What is said around a closed window."""

from aof.texts.language import Language, said


def show_title(language: Language) -> str:
    """What a tap on a nudge means; its button has the words of the template."""
    return said(language, en="Show", ar="اعرض")


def nothing_waits(language: Language) -> str:
    """To a tap on a nudge when all that waited was shown, or was true for a while only."""
    return said(language, en="Nothing waits for you any more.", ar="لم يعد شيء ينتظرك.")
