"""What the runbook agent says about the people who are logged in on a machine."""

from datetime import datetime

from aof.texts.language import Language, isolated, said
from aof.texts.machine_words import clock, day_and_clock, named


def logged_in(language: Language, people: int, *, sessions: int, host: str, at: datetime) -> str:
    """Above the lines; one person may have several log-ins."""
    where, when = named(language, host), clock(language, at)
    subject = "1 user is" if people == 1 else f"{people} users are"
    times = "" if sessions == people else f" {sessions} times"
    return said(
        language,
        en=f"{subject} logged in{times} on {where} ({when}):",
        ar=f"المستخدمون الحاليون على {where} ({when}): {people}"
        + ("" if sessions == people else f"، وعدد الجلسات {sessions}"),
    )


def line(language: Language, *, user: str, terminal: str, origin: str, since: datetime | None) -> str:
    """One log-in; what isn't known is left out."""
    words = [named(language, terminal)] if terminal else []
    if origin:
        source = named(language, origin)
        words.append(said(language, en=f"from {source}", ar=f"من {source}"))
    if since is not None:
        start = day_and_clock(language, since)
        words.append(said(language, en=f"since {start}", ar=f"منذ {start}"))
    if not words:
        return f"- {named(language, user)}"
    return f"- {named(language, user)}: {said(language, en=', ', ar='، ').join(words)}"


def nobody(language: Language, *, host: str, at: datetime) -> str:
    where, when = named(language, host), clock(language, at)
    return said(
        language, en=f"Nobody is logged in on {where} ({when}).", ar=f"لا يوجد مستخدم مسجّل على {where} ({when})."
    )


def nobody_on_record(language: Language, *, host: str, at: datetime) -> str:
    """Nobody is found where only systemd-logind would know."""
    where, when = named(language, host), clock(language, at)
    return said(
        language,
        en=f"I find nobody logged in on {where} ({when}). It keeps no utmp record, so I would only see those that "
        "systemd-logind knows of.",
        ar=f"لا أجد مستخدمًا مسجّلًا على {where} ({when}). لا يحتفظ بسجل {isolated('utmp')}، "
        f"فلا أرى إلا من يعرفهم {isolated('systemd-logind')}.",
    )


def no_record(language: Language, *, host: str, at: datetime) -> str:
    """Nothing to read it from."""
    where, when = named(language, host), clock(language, at)
    return said(
        language,
        en=f"I can't tell who is logged in on {where} ({when}): it keeps no utmp record, "
        "and the program who is not where spec.tools.path looks.",
        ar=f"لا أعرف من المسجّل على {where} ({when}): لا يحتفظ بسجل {isolated('utmp')}، "
        f"والبرنامج {isolated('who')} ليس حيث يبحث {isolated('spec.tools.path')}.",
    )
