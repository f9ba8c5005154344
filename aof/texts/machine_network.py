"""What the runbook agent says about network interfaces and listening ports."""

from collections.abc import Sequence
from datetime import datetime

from aof.texts.language import Language, said
from aof.texts.machine_words import clock, named, size, whole


def interfaces(language: Language, *, up: int, total: int, host: str, at: datetime) -> str:
    """Above the lines; the loopback is not among them."""
    where, when = named(language, host), clock(language, at)
    verb = "is" if up == 1 else "are"
    noun = "network interface" if total == 1 else "network interfaces"
    return said(
        language,
        en=f"{up} of {total} {noun} {verb} up on {where} ({when}):",
        ar=f"واجهات الشبكة العاملة على {where} ({when}): {up} من {total}",
    )


def interface_line(
    language: Language,
    *,
    name: str,
    is_up: bool,
    addresses: Sequence[str],
    received_bytes: int,
    sent_bytes: int,
    errors: int,
    drops: int,
) -> str:
    """Traffic and faults since the interface came up; faults only where there are any."""
    received, sent = size(language, received_bytes), size(language, sent_bytes)
    between = said(language, en=", ", ar="، ")
    listed = between.join(named(language, address) for address in addresses)
    words = [
        said(language, en="up" if is_up else "down", ar="تعمل" if is_up else "متوقفة"),
        listed or said(language, en="no address", ar="بلا عنوان"),
    ]
    if received_bytes or sent_bytes:
        words.append(said(language, en=f"in {received}, out {sent}", ar=f"الوارد {received}، الصادر {sent}"))
    if errors:
        words.append(said(language, en=f"errors {errors}", ar=f"أخطاء {errors}"))
    if drops:
        words.append(said(language, en=f"dropped {drops}", ar=f"حزم مهملة {drops}"))
    return f"- {named(language, name)}: {between.join(words)}"


def no_interfaces(language: Language, *, host: str, at: datetime) -> str:
    """Nothing but the loopback."""
    where, when = named(language, host), clock(language, at)
    return said(
        language,
        en=f"{where} has no network interface beside its loopback ({when}).",
        ar=f"لا توجد على {where} واجهة شبكة غير واجهة الاسترجاع ({when}).",
    )


def ports(language: Language, count: int, *, everywhere: int, host: str, at: datetime) -> str:
    """Above the lines; `everywhere` of them listen on all addresses."""
    where, when = named(language, host), clock(language, at)
    open_to_all = "none" if everywhere == 0 else str(everywhere)
    subject = "1 TCP port is" if count == 1 else f"{count} TCP ports are"
    return said(
        language,
        en=f"{subject} listening on {where} ({when}), {open_to_all} of them on all addresses:",
        ar=f"منافذ TCP المستمعة على {where} ({when}): {count}، منها على كل العناوين: {everywhere}",
    )


def port_line(language: Language, *, port: int, program: str | None, addresses: Sequence[str]) -> str:
    """One program on one port. No `addresses`: on all of them. No `program`: it can't be seen."""
    between = said(language, en=", ", ar="، ")
    where = between.join(named(language, address) for address in addresses) or said(
        language, en="all addresses", ar="كل العناوين"
    )
    who = named(language, program) if program else said(language, en="program not visible", ar="برنامج غير مرئي")
    return f"- {whole(language, str(port))}: {who}{between}{where}"


def unseen_programs(language: Language, count: int) -> str:
    """Under ports whose program is not shown."""
    return said(
        language,
        en=f"Without more rights I can't see the program of {count}: it belongs to another user or container.",
        ar=f"دون صلاحيات أوسع لا أرى البرنامج في {count} منها: فهو لمستخدم آخر أو حاوية أخرى.",
    )


def no_ports(language: Language, *, host: str, at: datetime) -> str:
    where, when = named(language, host), clock(language, at)
    return said(
        language,
        en=f"No TCP port is listening on {where} ({when}).",
        ar=f"لا يوجد منفذ TCP مستمع على {where} ({when}).",
    )
