"""What the sentences about machines and clusters are made of: sizes, moments, other people's words."""

import re
from datetime import datetime, timedelta

from aof.texts.language import Language, isolated, said

_MARKS = re.compile(r"[`*_<>&~|]|[\\\[\]$]")
_BRACKETS = frozenset("\\[]$")
_BLANKS = re.compile(r"\s+")
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_NO_LETTERS = re.compile(r"[\ud800-\udfff]")
"""How Python keeps bytes of no encoding; no phone could be sent them."""
_TICKS = re.compile(r"`{3,}")

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


def named(language: Language, name: str, *, longest: int = 120) -> str:
    """A name that somebody else chose, inside a sentence: on one line, with no mark at work, kept in one piece."""
    line = _HIDDEN.sub("", _BLANKS.sub(" ", _NO_LETTERS.sub("\ufffd", name))).strip()
    line = line if len(line) <= longest else line[: longest - 1] + "…"
    escaped = _MARKS.sub(_escaped, line)
    return said(language, en=escaped, ar=isolated(escaped))


def fenced(text: str) -> str:
    """Other people's lines as a block; a fence among them can't end it."""
    inside = _TICKS.sub(lambda ticks: "'" * len(ticks.group()), text).strip("\n")
    return f"```\n{inside}\n```"


def whole(language: Language, text: str) -> str:
    """A number or a moment in one piece; it holds no mark."""
    return said(language, en=text, ar=isolated(text))


def size(language: Language, size_bytes: float) -> str:
    """In units of 1,024, as `df -h` and `free -h` count, with two or three digits."""
    amount, unit = float(size_bytes), 0
    while amount >= 1023.5 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    number = f"{amount:.1f}" if amount < 9.95 and unit else f"{amount:.0f}"
    return whole(language, f"{number} {_UNITS[unit]}")


def percent(language: Language, of_hundred: float) -> str:
    """Without digits after the point; only nothing is 0 and only all is 100."""
    number = round(of_hundred)
    if number == 0 and of_hundred > 0:
        return said(language, en="less than 1 %", ar="أقل من 1٪")
    if number >= 100 and of_hundred < 100:
        number = 99
    return said(language, en=f"{number} %", ar=f"{number}٪")


def clock(language: Language, moment: datetime) -> str:
    """The time of day with the zone's name: 12:04 UTC."""
    return whole(language, f"{moment:%H:%M %Z}")


def day_and_clock(language: Language, moment: datetime) -> str:
    """The date too: 2026-11-22 12:04 UTC."""
    return whole(language, f"{moment:%Y-%m-%d %H:%M %Z}")


def span(language: Language, length: timedelta) -> str:
    """The two largest units of a stretch of time."""
    minutes = max(0, int(length.total_seconds())) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return said(language, en=f"{days} d {hours} h", ar=f"{days} يوم و {hours} ساعة")
    if hours:
        return said(language, en=f"{hours} h {minutes} min", ar=f"{hours} ساعة و {minutes} دقيقة")
    return said(language, en=f"{minutes} min", ar=f"{minutes} دقيقة")


def place(language: Language, host: str, moment: datetime) -> str:
    """Where an answer comes from, and when, for one whose fact names neither."""
    where, when = named(language, host), clock(language, moment)
    return said(language, en=f"On {where} ({when}).", ar=f"على {where} ({when}).")


def more(language: Language, count: int) -> str:
    """Under the lines that are shown, when there are others."""
    return said(language, en=f"- …and {count} more", ar=f"- …وغيرها {count}")


def _escaped(match: re.Match[str]) -> str:
    mark = match.group()
    # A backslash before a bracket opens a formula in what models write; the numbers of characters mean nothing else
    return f"&#{ord(mark)};" if mark in _BRACKETS else f"\\{mark}"
