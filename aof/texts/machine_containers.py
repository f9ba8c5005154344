"""What the runbook agent says about the containers of a machine."""

from datetime import datetime

from aof.texts.language import Language, isolated, said
from aof.texts.machine_words import clock, named


def none_troubled(language: Language, *, running: int, total: int, host: str, at: datetime) -> str:
    """Above the lines of the containers; the others have ended well, or were never started."""
    where, when = named(language, host), clock(language, at)
    verb = "runs" if running == 1 else "run"
    return said(
        language,
        en=f"{running} of {total} containers {verb} on {where} ({when}); none is in trouble.",
        ar=f"عدد الحاويات العاملة {running} من {total} على {where} ({when})، ولا توجد حاوية متعطلة.",
    )


def some_troubled(language: Language, count: int, *, running: int, total: int, host: str, at: datetime) -> str:
    """Above the lines of the containers, those in trouble first."""
    where, when = named(language, host), clock(language, at)
    containers = "1 container is" if count == 1 else f"{count} containers are"
    verb = "runs" if running == 1 else "run"
    return said(
        language,
        en=f"{containers} in trouble on {where} ({when}); {running} of {total} {verb}:",
        ar=f"عدد الحاويات المتعطلة على {where} ({when}): {count}، والعاملة {running} من {total}:",
    )


def line(language: Language, *, name: str, status: str) -> str:
    """`status` in Docker's own words."""
    return f"- {named(language, name)}: {named(language, status)}"


def list_cut(language: Language) -> str:
    """Under a list that ended at the cap."""
    return said(
        language,
        en="docker listed more than I read (64 KiB), so some are missing.",
        ar=f"عدّد {isolated('docker')} أكثر مما أقرأ ({isolated('64 KiB')})، فبعضها ناقص.",
    )


def no_containers(language: Language, *, host: str, at: datetime) -> str:
    where, when = named(language, host), clock(language, at)
    return said(
        language,
        en=f"There are no containers on {where} ({when}), running or stopped.",
        ar=f"لا توجد حاويات على {where} ({when})، لا عاملة ولا متوقفة.",
    )


def no_daemon(language: Language, *, host: str, at: datetime) -> str:
    """docker is installed, and nothing answers it."""
    where, when = named(language, host), clock(language, at)
    return said(
        language,
        en=f"The Docker daemon does not run on {where} ({when}), so I see no containers.",
        ar=f"خدمة Docker لا تعمل على {where} ({when})، فلا أرى أي حاويات.",
    )


def not_permitted(language: Language, *, host: str, at: datetime) -> str:
    """The daemon's socket refuses the user that this daemon runs as."""
    where, when = named(language, host), clock(language, at)
    return said(
        language,
        en=f"I am not permitted to ask the Docker daemon on {where} ({when}): its socket refuses the user I run as.",
        ar=f"لا أملك صلاحية سؤال خدمة Docker على {where} ({when}): مقبسها يرفض المستخدم الذي أعمل به.",
    )
