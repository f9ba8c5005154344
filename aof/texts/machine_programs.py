"""What the runbook agent says of a program that gave no answer."""

from aof.texts.language import Language, isolated, said
from aof.texts.machine_words import named


def missing(language: Language, *, program: str, host: str) -> str:
    where = named(language, host)
    return said(
        language,
        en=f"{program} is not installed on {where}, or not where spec.tools.path looks.",
        ar=f"البرنامج {isolated(program)} غير مثبّت على {where}، أو ليس حيث يبحث {isolated('spec.tools.path')}.",
    )


def timed_out(language: Language, *, program: str, host: str, seconds: float) -> str:
    where = named(language, host)
    return said(
        language,
        en=f"{program} on {where} gave no answer within {seconds:.0f} s, so I ended it.",
        ar=f"لم يجب {isolated(program)} على {where} خلال {seconds:.0f} ثانية فأنهيته.",
    )


def too_much(language: Language, *, program: str, host: str) -> str:
    where = named(language, host)
    return said(
        language,
        en=f"{program} on {where} printed more than I read (64 KiB), so I ended it.",
        ar=f"طبع {isolated(program)} على {where} أكثر مما أقرأ ({isolated('64 KiB')}) فأنهيته.",
    )


def unreadable(language: Language, *, program: str, host: str) -> str:
    where = named(language, host)
    return said(
        language,
        en=f"{program} on {where} printed something I can't read.",
        ar=f"طبع {isolated(program)} على {where} ما لا أستطيع قراءته.",
    )


def failed(language: Language, *, program: str, host: str, exit_code: int | None) -> str:
    """Above what the program said, where it said something."""
    where = named(language, host)
    if exit_code is None:
        return said(language, en=f"{program} on {where} did not start.", ar=f"لم يبدأ {isolated(program)} على {where}.")
    return said(
        language,
        en=f"{program} on {where} failed (exit {exit_code}).",
        ar=f"فشل {isolated(program)} على {where} (رمز الخروج {exit_code}).",
    )


def cut_to(language: Language, *, shown: int, lines: int, newest: bool) -> str:
    """Under a block that shows only some of the lines."""
    return said(
        language,
        en=f"Cut: the {'last' if newest else 'first'} {shown} of {lines} lines.",
        ar=f"مقتطع: {'آخر' if newest else 'أول'} {shown} من {lines} سطر.",
    )


def cut_at_the_cap(language: Language, *, program: str) -> str:
    """Under a block of which not even the agent saw the end."""
    return said(
        language,
        en=f"Cut: {program} wrote more than I read (64 KiB), so the end is missing.",
        ar=f"مقتطع: كتب {isolated(program)} أكثر مما أقرأ ({isolated('64 KiB')})، فالنهاية ناقصة.",
    )
