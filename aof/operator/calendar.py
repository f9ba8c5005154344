"""A meeting draft as an iCalendar file (RFC 5545): nobody is invited by it, and nothing is sent."""

from datetime import UTC, datetime, timedelta

from aof.formatting.characters import clean

_LINE_OCTETS = 75
"""RFC 5545, 3.1: longer lines are folded."""
_HOUR = 10
_LENGTH = timedelta(minutes=30)
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def proposed(now: datetime) -> datetime:
    """When a meeting is proposed for: ten o'clock UTC of the next working day, Monday to Thursday, on which offices are
    open in both languages' countries."""
    day = now.astimezone(UTC).replace(hour=_HOUR, minute=0, second=0, microsecond=0) + timedelta(days=1)
    while day.weekday() > 3:
        day += timedelta(days=1)
    return day


def meeting(uid: str, name: str, note: str, *, at: datetime, now: datetime) -> str:
    """The file. Its event is tentative and has no attendee, and keeps its uid however often it is made."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//aof//operator flow//EN",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(at)}",
        f"DTEND:{_moment(at + _LENGTH)}",
        f"SUMMARY:{_text(name)}",
        f"DESCRIPTION:{_text(note)}",
        "STATUS:TENTATIVE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    return clean(text).translate(_ESCAPES)


def _folded(line: str) -> str:
    """In pieces of at most 75 octets, none of which cuts a character."""
    pieces, room, piece = [], _LINE_OCTETS, ""
    for sign in line:
        size = len(sign.encode())
        if size > room:
            pieces.append(piece)
            # the blank that marks a continued line counts too
            piece, room = "", _LINE_OCTETS - 1
        piece += sign
        room -= size
    return "\r\n ".join([*pieces, piece])
