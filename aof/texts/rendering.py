"""The words that stand beside choices."""

from aof.texts.language import Language, said


def more(language: Language) -> str:
    """The choice that asks for the rest of a long answer."""
    return said(language, en="More", ar="المزيد")


def choose(language: Language) -> str:
    """The button that opens a list of choices."""
    return said(language, en="Choose", ar="اختر")


def choose_below(language: Language) -> str:
    """Above buttons or rows that came without a text of their own."""
    return said(language, en="Choose:", ar="اختر:")


def answer_with_a_number(language: Language) -> str:
    """Above choices that are shown as numbered lines."""
    return said(language, en="Answer with a number:", ar="أجب برقم:")
