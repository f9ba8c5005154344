"""What people read about runbooks out of files: which was meant, what is missing, and what became of each step."""

from collections.abc import Sequence

from aof.texts.calls import command
from aof.texts.language import Language, isolated, said
from aof.texts.machine_words import named

_SIGNS = {"done": "✅", "failed": "❌", "unknown": "❓", "withheld": "⏸"}


def typed(language: Language, text: str) -> str:
    """What is to be typed, as it is typed."""
    shown = f"`{text.replace('`', chr(39))}`"
    return said(language, en=shown, ar=isolated(shown)) if text.isascii() else shown


def did_you_mean(language: Language) -> str:
    """Above the runbooks that a text comes near to; none was started."""
    return said(
        language,
        en="I started nothing, as I am not sure what you mean. One of these?",
        ar="لم أبدأ شيئًا لأنني لست متأكدًا مما تقصده. أحد هذه؟",
    )


def no_such(language: Language) -> str:
    """A runbook is not there any more, or its inputs are others now."""
    return said(
        language,
        en="I don't know that runbook any more as it was then, so I did nothing.",
        ar="لم أعد أعرف دليل التشغيل كما كان حينها، فلم أفعل شيئًا.",
    )


def nothing_fits(language: Language) -> str:
    """To a request that would change something and that no runbook is written for."""
    return said(
        language,
        en="No runbook is written for that, so I changed nothing. I can show you these.",
        ar="لا يوجد دليل تشغيل لذلك، فلم أغيّر شيئًا. يمكنني عرض ما يلي.",
    )


def introduction(language: Language, *, host: str) -> str:
    """To a greeting, where there are runbooks."""
    where = named(language, host)
    return said(
        language,
        en=f"Hello. I answer questions about {where} and its cluster, and go through runbooks step by step.",
        ar=f"أهلًا. أجيب عن أسئلة حول {where} والعنقود المتصل به، وأنفّذ أدلة التشغيل خطوة بخطوة.",
    )


def about(language: Language) -> str:
    """In a menu of agents, where there are runbooks."""
    return said(
        language,
        en="looks at this machine and its cluster, and goes through runbooks",
        ar="ينظر في هذا الجهاز والعنقود المتصل به وينفّذ أدلة التشغيل",
    )


def what_i_know(language: Language) -> str:
    """Above all topics and runbooks, when a text fits none."""
    return said(language, en="I can do these.", ar="هذا ما أستطيع فعله.")


def which(language: Language, name: str, *, description: str, write: str) -> str:
    """Asks for one input."""
    stop = "" if description.endswith((".", "?", "!", "؟")) else "."
    shown, more = named(language, name), f" {_title(language, description)}{stop}" if description else ""
    return said(
        language,
        en=f"Which {shown}?{more} Write: {typed(language, write)}",
        ar=f"أي {shown}؟{more} اكتب: {typed(language, write)}",
    )


def not_a(language: Language, name: str, value: str) -> str:
    """What was given for an input can't stand there."""
    shown, given = named(language, name), named(language, value, longest=60)
    return said(language, en=f"“{given}” can't be the {shown}.", ar=f"«{given}» لا تصلح قيمة للمدخل {shown}.")


def given_twice(language: Language, name: str) -> str:
    shown = named(language, name)
    return said(language, en=f"There are two values for {shown}.", ar=f"للمدخل {shown} قيمتان.")


def allowed(language: Language, *, choices: Sequence[str], least: int | None, most: int | None) -> str:
    """What an input may be, where that can be said in a few words; empty where it can't."""
    if choices:
        listed = said(language, en=", ", ar="، ").join(named(language, choice) for choice in choices[:20])
        return said(language, en=f"It is one of {listed}.", ar=f"القيم الممكنة: {listed}.")
    if least is not None and most is not None:
        return said(
            language, en=f"It is a number from {least} to {most}.", ar=f"هو عدد من {least} إلى {most}."
        )  # fmt: skip
    if least is not None:
        return said(language, en=f"It is a number of {least} or more.", ar=f"هو عدد لا يقل عن {least}.")
    if most is not None:
        return said(language, en=f"It is a number of {most} or less.", ar=f"هو عدد لا يزيد على {most}.")
    return ""


def _title(language: Language, title: str) -> str:
    """A runbook's own words; in Arabic they are kept apart only where they are Latin."""
    return named(language if title.isascii() else Language.ENGLISH, title, longest=300)


def went_well(language: Language, title: str, *, steps: int) -> str:
    """Every step did what was expected of it."""
    shown = _title(language, title)
    count = "one step" if steps == 1 else f"{steps} steps"
    return said(language, en=f"{shown}: done, {count}.", ar=f"{shown}: تم، عدد الخطوات {steps}.")


def went_through(language: Language, title: str, *, failed: Sequence[str]) -> str:
    """It came to its end, though a step failed that may fail."""
    shown, listed = (
        _title(language, title),
        said(language, en=", ", ar="، ").join(named(language, one) for one in failed),
    )
    return said(
        language,
        en=f"{shown}: done, except for what failed: {listed}.",
        ar=f"{shown}: تم، ما عدا ما أخفق: {listed}.",
    )


def stopped(language: Language, title: str, *, step: str) -> str:
    """The rest was not run."""
    shown, where = _title(language, title), named(language, step)
    return said(language, en=f"{shown}: stopped at the step {where}.", ar=f"{shown}: توقّف عند الخطوة {where}.")


def changed(language: Language, title: str) -> str:
    """The file of a runbook is another one than when the run was paused."""
    shown = _title(language, title)
    return said(
        language,
        en=f"{shown} was changed while it waited, so I did not go on. Start it again.",
        ar=f"تغيّر {shown} أثناء الانتظار فلم أكمل. ابدأه من جديد.",
    )


def line(language: Language, state: str, *, step: str, argv: Sequence[str], how: str) -> str:
    """One step: what it ran, and how that went."""
    shown = command(argv).replace("`", "'")
    shown = f"`{shown if len(shown) <= 300 else shown[:299] + '…'}`"
    ran = said(language, en=shown, ar=isolated(shown))
    return f"{_SIGNS[state]} {named(language, step)}: {ran}{f' ({how})' if how else ''}"


def exited(language: Language, code: int) -> str:
    """How a program ended."""
    return said(language, en=f"exit {code}", ar=f"رمز الخروج {code}")


def lacks(language: Language, expected: str) -> str:
    """Before what a step printed, where that is not what it should be; plain text."""
    return said(language, en=f"expected in the output: {expected}", ar=f"المتوقع في الناتج: {expected}")


def failed(language: Language) -> str:
    return said(language, en="failed", ar="أخفق")


def not_run(language: Language, why: str) -> str:
    """A step that people or the rules kept from running."""
    shown = named(language, why, longest=200)
    return said(language, en=f"not run: {shown}", ar=f"لم يُنفَّذ: {shown}") if shown else withheld(language)


def withheld(language: Language) -> str:
    """A step behind the one that it stopped at."""
    return said(language, en="not run", ar="لم يُنفَّذ")


def unknown(language: Language) -> str:
    """A step that was begun and whose end nobody saw."""
    return said(
        language,
        en="it may or may not have taken effect; check before you repeat it",
        ar="ربما نُفِّذ وربما لا؛ تحقّق قبل أن تعيده",
    )
