"""What the runbook agent says about the machine it runs on. First the fact, then the machine and the time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from aof.texts.language import Language, said
from aof.texts.machine_words import clock, day_and_clock, named, percent, size, span, whole


def disk_first(language: Language, *, mount: str, used_percent: float, free_bytes: int, host: str, at: datetime) -> str:
    """The fullest filesystem."""
    path, used, free = named(language, mount), percent(language, used_percent), size(language, free_bytes)
    where, when = named(language, host), clock(language, at)
    return said(
        language,
        en=f"{path} is {used} full on {where} ({when}). {free} are free.",
        ar=f"القرص {path} ممتلئ بنسبة {used} على {where} ({when}). المساحة الحرة {free}.",
    )


def disk_line(language: Language, *, mount: str, used_percent: float, free_bytes: int) -> str:
    """One of the other filesystems."""
    path, used, free = named(language, mount), percent(language, used_percent), size(language, free_bytes)
    return said(language, en=f"- {path}: {used} full, {free} free", ar=f"- {path}: ممتلئ {used}، الحر {free}")


def disk_inodes(language: Language, *, mount: str, used_percent: float) -> str:
    """Files can run out before bytes do."""
    path, used = named(language, mount), percent(language, used_percent)
    return said(
        language,
        en=f"{path} has used {used} of its inodes; at 100 % no new file can be made, whatever is free.",
        ar=f"استُهلك {used} من عُقد inodes في {path}؛ عند 100٪ لا يمكن إنشاء ملف جديد مهما كانت المساحة الحرة.",
    )


def no_disks(language: Language, *, host: str, at: datetime) -> str:
    """Nothing but memory and network mounts."""
    where, when = named(language, host), clock(language, at)
    return said(
        language,
        en=f"I see no local filesystem on {where} ({when}).",
        ar=f"لا أرى أي نظام ملفات محلي على {where} ({when}).",
    )


def memory(
    language: Language, *, used_percent: float, available_bytes: int, total_bytes: int, host: str, at: datetime
) -> str:
    """What programs can still get."""
    used, free, total = percent(language, used_percent), size(language, available_bytes), size(language, total_bytes)
    where, when = named(language, host), clock(language, at)
    return said(
        language,
        en=f"{used} of memory is in use on {where} ({when}). {free} of {total} are available.",
        ar=f"الذاكرة مستخدمة بنسبة {used} على {where} ({when}). المتاح {free} من {total}.",
    )


def swap(language: Language, *, used_bytes: int, total_bytes: int) -> str:
    used, total = size(language, used_bytes), size(language, total_bytes)
    if not total_bytes:
        return said(language, en="There is no swap.", ar="لا توجد ذاكرة تبديل.")
    return said(language, en=f"Swap: {used} of {total} in use.", ar=f"ذاكرة التبديل: {used} من {total} مستخدمة.")


def largest(language: Language, programs: Sequence[tuple[str, int, int]]) -> str:
    """Programs as name, number and bytes, the largest first."""
    lines = "\n".join(f"- {_program(language, name, pid)}: {size(language, bytes_)}" for name, pid, bytes_ in programs)
    return said(language, en=f"Largest:\n\n{lines}", ar=f"الأكبر:\n\n{lines}")


def load(
    language: Language,
    *,
    averages: tuple[float, float, float],
    cores: int,
    per_core: float,
    host: str,
    at: datetime,
) -> str:
    """Averages over 1, 5 and 15 minutes; `per_core` is that of 5 minutes."""
    one, five, fifteen = (whole(language, f"{average:.2f}") for average in averages)
    each, where, when = whole(language, f"{per_core:.2f}"), named(language, host), clock(language, at)
    return said(
        language,
        en=f"Load is {one} on {where} ({when}), {five} over 5 min, {fifteen} over 15 min.\n"
        f"That is {each} per core over 5 min, with {_cores(language, cores)}.",
        ar=f"الحِمل {one} على {where} ({when})، و {five} خلال 5 دقائق، و {fifteen} خلال 15 دقيقة.\n"
        f"أي {each} لكل نواة خلال 5 دقائق، و{_cores(language, cores)}.",
    )


def uptime(language: Language, *, up: timedelta, since: datetime, host: str, at: datetime) -> str:
    where, when = named(language, host), clock(language, at)
    length, start = span(language, up), day_and_clock(language, since)
    return said(
        language,
        en=f"{where} has been up for {length}, since {start} (now {when}).",
        ar=f"يعمل {where} منذ {length}، أي منذ {start} (الآن {when}).",
    )


def busiest_first(language: Language, *, host: str, at: datetime, seconds: float) -> str:
    """Above the programs; percentages are of one core."""
    where, when = named(language, host), clock(language, at)
    return said(
        language,
        en=f"Busiest on {where} ({when}), measured over {seconds:g} s; 100 % is one core:",
        ar=f"الأكثر انشغالًا على {where} ({when})، بقياس مدته {seconds:g} ثانية؛ 100٪ تعني نواة واحدة:",
    )


def busiest_line(language: Language, *, name: str, pid: int, cpu_percent: float, memory_bytes: int) -> str:
    program, amount = _program(language, name, pid), size(language, memory_bytes)
    busy = said(language, en=f"{cpu_percent:.0f} %", ar=f"{cpu_percent:.0f}٪")
    return said(language, en=f"- {program}: {busy} CPU, {amount}", ar=f"- {program}: المعالج {busy}، الذاكرة {amount}")


def cannot_read(language: Language, *, host: str, reason: str) -> str:
    """The system refused a reading."""
    where, why = named(language, host), named(language, reason)
    return said(language, en=f"I can't read that on {where}: {why}.", ar=f"لا أستطيع قراءة ذلك على {where}: {why}.")


def _program(language: Language, name: str, pid: int) -> str:
    return named(language, f"{name} (pid {pid})", longest=40)


def _cores(language: Language, cores: int) -> str:
    return said(language, en=f"{cores} core" if cores == 1 else f"{cores} cores", ar=f"عدد الأنوية {cores}")
