"""What whoever asked reads while people have not decided, and of what they wrote."""

from collections.abc import Sequence
from datetime import timedelta

from aof.texts.approvals import left
from aof.texts.calls import block, quoted
from aof.texts.language import Language, isolated, said
from aof.texts.machine_words import named


def waiting_for(
    language: Language, argv: Sequence[str], who: Sequence[str], needed: int, span: timedelta, words: str
) -> str:
    """To whoever asked: who decides now, and how long they have."""
    names, time, cancel = ", ".join(named(language, one) for one in who), left(language, span), isolated("/cancel")
    before = f"{words}\n\n" if words else ""
    if needed > 1:
        return before + said(
            language,
            en=f"This needs {needed} approvals:\n\n{block(argv)}\n\nAsked: {names} ({time}). /cancel withdraws it.",
            ar=f"يحتاج هذا إلى {needed} موافقات:\n\n{block(argv)}\n\nسُئل: {names} ({time}). {cancel} للسحب.",
        )
    return before + said(
        language,
        en=f"This needs an approval:\n\n{block(argv)}\n\nAsked: {names} ({time}). /cancel withdraws it.",
        ar=f"يحتاج هذا إلى موافقة:\n\n{block(argv)}\n\nسُئل: {names} ({time}). {cancel} للسحب.",
    )


def asked_next(language: Language, who: Sequence[str], span: timedelta) -> str:
    """To whoever asked: who is asked after those who are asked now."""
    names, time = ", ".join(named(language, one) for one in who), left(language, span)
    return said(
        language,
        en=f"If nobody has decided in {time}, I ask {names} too.",
        ar=f"إن لم يُبتّ خلال {time} أسأل أيضًا: {names}.",
    )


def asked_too(language: Language, argv: Sequence[str], before: Sequence[str], who: Sequence[str]) -> str:
    """To whoever asked: nobody has decided, and others are asked as well."""
    names, asked = (", ".join(named(language, one) for one in some) for some in (who, before))
    return said(
        language,
        en=f"Nobody has decided yet. Asked: {asked}; now {names} too:\n\n{block(argv)}",
        ar=f"لم يُبتّ بعد. سُئل: {asked}، والآن أيضًا: {names}:\n\n{block(argv)}",
    )


def held_back(language: Language, commands: Sequence[Sequence[str]]) -> str:
    """To the first message that waits until people have decided."""
    shown, cancel = ", ".join(quoted(language, one) for one in commands), isolated("/cancel")
    return said(
        language,
        en=f"I answer this, and what you send next, once it is decided: {shown}. /cancel withdraws the question.",
        ar=f"أجيب عن هذا وعمّا تُرسله بعده حين يُبتّ في: {shown}. {cancel} للسحب.",
    )


def noted(language: Language, who: str, note: str) -> str:
    """To whoever asked: what somebody wrote along with their decision."""
    by, words = named(language, who), named(language, " ".join(note.split()))
    return said(language, en=f"{by} notes: “{words}”", ar=f"ملاحظة {by}: “{words}”")
