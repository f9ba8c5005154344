"""What a program left running behind its group, as `setsid` and daemons do: found by a mark in its environment.

On Linux, for programs of the same user. One that starts others with an environment of their own hides them; the limit
on their time of the processor ends those. Elsewhere nothing is looked for.
"""

import contextlib
import os
import secrets
import signal
import time
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "AOF_CALL"
"""Which call a program belongs to."""

_PROC = Path("/proc")
_ROUNDS = 100
_PAUSE_SECONDS = 0.005


def mark() -> str:
    """For one call; nothing else has it."""
    return secrets.token_hex(8)


def end_strays(call: str) -> int:
    """Kill whatever carries the mark, and what that starts meanwhile; return how many there were.

    It gives up after half a second on what the system does not let end.
    """
    ended: set[int] = set()
    for _ in range(_ROUNDS):
        found = set(_kill_marked(f"{VARIABLE}={call}".encode()))
        if not found:
            break
        ended |= found
        time.sleep(_PAUSE_SECONDS)
    return len(ended)


def _kill_marked(marked: bytes) -> Iterator[int]:
    if not _PROC.joinpath("self", "environ").exists():
        return
    for program in _PROC.iterdir():
        if program.name.isdigit() and marked in _environment(program):
            with contextlib.suppress(OSError):
                _kill(program, marked)
                yield int(program.name)


def _kill(program: Path, marked: bytes) -> None:
    held = os.pidfd_open(int(program.name))
    try:
        # the number may have gone to another program since
        if marked in _environment(program):
            signal.pidfd_send_signal(held, signal.SIGKILL)
    finally:
        os.close(held)


def _environment(program: Path) -> list[bytes]:
    """Empty for one that has ended, or is another user's."""
    try:
        return program.joinpath("environ").read_bytes().split(b"\0")
    except OSError:
        return []
