"""What it takes to try on this machine what a page says of another one."""

from collections.abc import Mapping


def replaced(text: str, changes: Mapping[str, str]) -> str:
    """The text with each of these put in place of another, which has to be there."""
    for before, after in changes.items():
        assert before in text, before
        text = text.replace(before, after)
    return text
