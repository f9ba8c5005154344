"""Files that commands write, which overwrite nothing."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from aof.cli.desk import NotDone


@contextmanager
def exported(to: str, encoding: str = "ascii") -> Iterator[IO[str]]:
    """Where an export goes: a new file for its owner alone, or `-` for the terminal.

    Raises:
        NotDone: The file exists, or could not be finished; then it is taken away again.
    """
    if to == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    try:
        made = os.fdopen(
            os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w", encoding=encoding, newline=""
        )
    except FileExistsError:
        raise NotDone(f"{to} exists already; an export overwrites nothing") from None
    except OSError as error:
        raise NotDone(f"{to} can't be written: {error.strerror}") from error
    try:
        with made:
            yield made
    except BaseException as error:
        Path(to).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise NotDone(f"{to} can't be written: {error.strerror}") from error
        raise
