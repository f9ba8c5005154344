"""Phone numbers as Meta writes them."""

import re

_NUMBER = re.compile(r"\+?([0-9]{7,15})")  # E.164 ends at 15 digits


def number_of(text: str | None) -> str | None:
    """Meta's writing of a phone number (digits, country code first) as E.164; None for anything else."""
    found = _NUMBER.fullmatch(text) if text else None
    return f"+{found.group(1)}" if found else None
