"""What every part is given: how long, how often, where."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.machine import Cores


@dataclass(frozen=True, slots=True)
class Bench:
    """One run of parts."""

    scratch: Path
    """On a disk."""
    cores: Cores
    quick: bool = False

    @property
    def rounds(self) -> int:
        return 2 if self.quick else 5

    @property
    def seconds(self) -> float:
        """How long the load of one round lasts, after a warm-up."""
        return 1.0 if self.quick else 3.0

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A directory for one server in one round, gone afterwards."""
        folder = Path(tempfile.mkdtemp(prefix="round-", dir=self.scratch))
        try:
            yield folder
        finally:
            shutil.rmtree(folder)

    @staticmethod
    def say(text: str) -> None:
        """What goes on, for whoever waits; the table alone goes to standard output."""
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
