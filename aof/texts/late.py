"""What is said about messages that waited too long to be run unasked."""

from collections.abc import Sequence
from datetime import timedelta

from aof.texts.language import Language, said
from aof.texts.machine_words import more, named, span

MOST_QUOTED = 10
LONGEST_QUOTE = 200


def run_title(language: Language) -> str:
    return said(language, en="Run", ar="تنفيذ")


def skip_title(language: Language) -> str:
    return said(language, en="Skip", ar="تجاوز")


def waited(language: Language, length: timedelta, quotes: Sequence[str]) -> str:
    """Quotes what waited, the oldest first and the longest for `length`; above the choice to run or to skip it."""
    longest = span(language, length)
    one = said(
        language,
        en=f"This message waited for {longest}, so I have not run it:",
        ar=f"انتظرت هذه الرسالة {longest}، لذلك لم أنفذها:",
    )
    several = said(
        language,
        en=f"These messages waited for up to {longest}, so I have run none of them:",
        ar=f"انتظرت هذه الرسائل مدة تصل إلى {longest}، لذلك لم أنفذ أيًّا منها:",
    )
    lines = [_quote(language, text) for text in quotes[:MOST_QUOTED]]
    if len(quotes) > MOST_QUOTED:
        lines.append(more(language, len(quotes) - MOST_QUOTED))
    listed = "\n".join(lines)
    return f"{one if len(quotes) == 1 else several}\n\n{listed}"


def running(language: Language, count: int) -> str:
    """After Run."""
    if count == 1:
        return said(language, en="I am running it now.", ar="أنفذها الآن.")
    return said(
        language, en=f"I am running all {count} now, in their order.", ar=f"أنفذ الرسائل الآن بترتيبها، وعددها {count}."
    )


def skipped(language: Language, count: int) -> str:
    """After Skip."""
    if count == 1:
        return said(language, en="Skipped. I have not run it.", ar="جرى تجاوزها ولم أنفذها.")
    return said(
        language,
        en=f"Skipped all {count}. I have run none of them.",
        ar=f"جرى تجاوز الرسائل كلها، وعددها {count}، ولم أنفذ أيًّا منها.",
    )


def nothing_waits(language: Language) -> str:
    """To a tap on Run or Skip when all of it is decided."""
    return said(language, en="Nothing of yours waits here any more.", ar="لم يعد شيء لك ينتظر هنا.")


def _quote(language: Language, text: str) -> str:
    quoted = named(language, text, longest=LONGEST_QUOTE)
    return said(language, en=f'- "{quoted}"', ar=f"- «{quoted}»")
