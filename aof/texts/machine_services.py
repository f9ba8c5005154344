"""What the runbook agent says about the services of a machine and their journal."""

from collections.abc import Sequence
from datetime import datetime

from aof.texts.language import Language, isolated, said
from aof.texts.machine_words import clock, named

_LONGEST = 260
"""Characters of a unit's name."""


def none_failed(language: Language, *, running: int, host: str, at: datetime) -> str:
    where, when = named(language, host), clock(language, at)
    services = "1 service runs" if running == 1 else f"{running} services run"
    return said(
        language,
        en=f"No service has failed on {where} ({when}). {services}.",
        ar=f"لا توجد خدمة متعطلة على {where} ({when}). عدد الخدمات التي تعمل: {running}.",
    )


def some_failed(language: Language, count: int, *, host: str, at: datetime) -> str:
    """Above the lines of the units: failed, or restarted again and again."""
    where, when = named(language, host), clock(language, at)
    services = "1 service is" if count == 1 else f"{count} services are"
    return said(
        language,
        en=f"{services} in trouble on {where} ({when}):",
        ar=f"عدد الخدمات المتعطلة على {where} ({when}): {count}",
    )


def unit_line(language: Language, *, name: str, state: str) -> str:
    """`state` in systemd's own words."""
    return f"- {named(language, name, longest=_LONGEST)}: {named(language, state)}"


def running(language: Language, count: int) -> str:
    """Under the units in trouble."""
    services = "1 service runs" if count == 1 else f"{count} services run"
    return said(language, en=f"{services}.", ar=f"عدد الخدمات التي تعمل: {count}.")


def state_of(language: Language, *, unit: str, state: str, host: str, at: datetime) -> str:
    shown, how = named(language, unit, longest=_LONGEST), named(language, state)
    where, when = named(language, host), clock(language, at)
    return said(
        language,
        en=f"{shown} is {how} on {where} ({when}).",
        ar=f"حالة {shown} على {where} ({when}): {how}.",
    )


def no_such_unit(language: Language, *, unit: str, host: str, at: datetime) -> str:
    """systemd keeps in memory what runs, has failed, or is needed; the rest it does not list."""
    shown, where, when = named(language, unit, longest=_LONGEST), named(language, host), clock(language, at)
    return said(
        language,
        en=f"systemd on {where} has loaded no unit called {shown} ({when}): it is stopped, or does not exist.",
        ar=f"لم يحمّل systemd على {where} أي وحدة باسم {shown} ({when}): إما متوقفة وإما غير موجودة.",
    )


def journal_of(language: Language, *, unit: str) -> str:
    """Above the last lines."""
    shown = named(language, unit, longest=_LONGEST)
    return said(language, en=f"Last journal lines of {shown}:", ar=f"آخر سجلات {shown}:")


def no_entries(language: Language, *, unit: str, host: str, at: datetime) -> str:
    shown, where, when = named(language, unit, longest=_LONGEST), named(language, host), clock(language, at)
    return said(
        language,
        en=f"The journal of {where} holds no entries of {shown} ({when}).",
        ar=f"لا توجد في سجل {where} أي مدخلات لـ {shown} ({when}).",
    )


def no_journal(language: Language, *, host: str, at: datetime) -> str:
    where, when = named(language, host), clock(language, at)
    return said(
        language,
        en=f"There is no journal on {where} ({when}): journalctl found no journal files.",
        ar=f"لا يوجد سجل على {where} ({when}): لم يجد {isolated('journalctl')} أي ملفات سجل.",
    )


def nothing_visible(language: Language, *, unit: str, host: str, at: datetime) -> str:
    """Nothing to show, and perhaps only because of missing rights."""
    shown, where, when = named(language, unit, longest=_LONGEST), named(language, host), clock(language, at)
    return said(
        language,
        en=f"I am not permitted to see the whole journal of {where} ({when}), and see no entries of {shown}. "
        "The user I run as would have to be in the group systemd-journal.",
        ar=f"لا أملك صلاحية رؤية سجل {where} كاملًا ({when})، ولا أرى أي مدخلات لـ {shown}. "
        f"يلزم أن يكون المستخدم الذي أعمل به ضمن المجموعة {isolated('systemd-journal')}.",
    )


def partly_visible(language: Language) -> str:
    """Under lines that may not be all there are."""
    return said(
        language,
        en="I am not permitted to see the whole journal, so lines may be missing.",
        ar="لا أملك صلاحية رؤية السجل كاملًا، فقد تنقص أسطر.",
    )


def which_unit(language: Language, failed: Sequence[str]) -> str:
    """To a question about a journal that names no unit; `failed` are units in trouble."""
    example = said(language, en='"logs of nginx"', ar=f"«سجل {isolated('nginx')}»")
    listed = said(language, en=", ", ar="، ").join(named(language, unit, longest=_LONGEST) for unit in failed)
    return said(
        language,
        en=f"The journal of which service? Name it, as in {example}. "
        + (f"In trouble now: {listed}." if listed else "None has failed."),
        ar=f"سجل أي خدمة؟ سمِّها، مثل {example}. " + (f"المتعطلة الآن: {listed}." if listed else "لا توجد خدمة متعطلة."),
    )


def systemd_offline(language: Language, *, host: str, at: datetime) -> str:
    where, when = named(language, host), clock(language, at)
    return said(
        language,
        en=f"systemd does not run on {where} ({when}), so there are no services that it could tell of.",
        ar=f"لا يعمل systemd على {where} ({when})، فلا توجد خدمات يخبر عنها.",
    )


def journal_button(language: Language, unit: str) -> str:
    """The next step of a unit in trouble."""
    short = unit.removesuffix(".service")
    return said(language, en=f"Logs: {short}", ar=f"سجل {isolated(short)}")


def state_button(language: Language) -> str:
    return said(language, en="Service State", ar="حالة الخدمة")
