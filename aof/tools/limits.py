"""What a program may use up, set by the system's own prlimit: it becomes the program, so nothing stands in between.

`preexec_fn` would run Python between fork and exec, which can hang where there are threads.
"""

import math
import os
from collections.abc import Sequence
from pathlib import Path

PRLIMIT = Path("/usr/bin/prlimit")

_MOST_MEMORY = 2 * 1024**3
"""Bytes of writable memory. Not of address space: programs in Go reserve far more of that than they use."""
_MOST_WRITTEN = 1024**3
"""Bytes of any one file."""
_MOST_FILES = 1024


def limited(
    executable: str, args: Sequence[str], *, timeout_seconds: float, prlimit: Path = PRLIMIT
) -> tuple[str, tuple[str, ...]]:
    """The call with its limits in front; unchanged where this machine has no prlimit."""
    if not os.access(prlimit, os.X_OK):
        return executable, tuple(args)
    # The wall clock is watched elsewhere; this ends one that left its group
    cpu_seconds = math.ceil(timeout_seconds) * (os.cpu_count() or 1)
    limits = (
        "--core=0",
        f"--cpu={cpu_seconds}",
        f"--data={_MOST_MEMORY}",
        f"--fsize={_MOST_WRITTEN}",
        f"--nofile={_MOST_FILES}",
    )
    return str(prlimit), (*limits, "--", executable, *args)
