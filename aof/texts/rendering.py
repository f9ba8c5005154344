"""The words that stand beside choices."""

from aof.texts.language import Language


def more(language: Language) -> str:
    """The choice that asks for the rest of a long answer."""
    return "المزيد" if language is Language.ARABIC else "More"


def choose(language: Language) -> str:
    """The button that opens a list of choices."""
    return "اختر" if language is Language.ARABIC else "Choose"


def choose_below(language: Language) -> str:
    """Above buttons or rows that came without a text of their own."""
    return "اختر:" if language is Language.ARABIC else "Choose:"


def answer_with_a_number(language: Language) -> str:
    """Above choices that are shown as numbered lines."""
    return "أجب برقم:" if language is Language.ARABIC else "Answer with a number:"
