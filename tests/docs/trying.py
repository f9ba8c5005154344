"""What it takes to try on this machine what a page says of another one."""

import socket
from collections.abc import Mapping


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def replaced(text: str, changes: Mapping[str, str]) -> str:
    """The text with each of these put in place of another, which has to be there."""
    for before, after in changes.items():
        assert before in text, before
        text = text.replace(before, after)
    return text
