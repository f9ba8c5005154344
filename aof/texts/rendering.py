"""The words that stand beside choices."""

from aof.texts.language import Language, isolated, said


def more(language: Language) -> str:
    """The choice that asks for the rest of a long answer."""
    return said(language, en="More", ar="المزيد")


def choose(language: Language) -> str:
    """The button that opens a list of choices."""
    return said(language, en="Choose", ar="اختر")


def choose_below(language: Language) -> str:
    """Above buttons or rows that came without a text of their own."""
    return said(language, en="Choose:", ar="اختر:")


def goes_on_in(language: Language, file: str) -> str:
    """Under the beginning of a long answer; the file follows."""
    return said(language, en=f"All of it is in {file}, below.", ar=f"الجواب كاملًا في {isolated(file)} أدناه.")


def cut_short(language: Language) -> str:
    """Under an answer, or at the end of a file, that was far too long."""
    return said(language, en="The rest was too long and was cut.", ar="الباقي أطول مما يمكن إرساله فاختُصر.")


def answer_with_a_number(language: Language) -> str:
    """Above choices that are shown as numbered lines."""
    return said(language, en="Answer with a number:", ar="أجب برقم:")
