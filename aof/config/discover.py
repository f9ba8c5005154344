"""The YAML files of a directory."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from aof.config.daemon import DirectoryConfig
from aof.config.document import LONGEST_FILE_BYTES

MOST_FILES = 1000
"""Of one directory. Whoever has more has named the wrong one, and reading on would take the daemon's start with it."""


_SUFFIXES = (".yaml", ".yml")
_SAYS_SO = re.compile(rb"^kind:\s*[\"']?DaemonConfig\b", re.MULTILINE)


def daemon_files(directory: Path) -> list[Path]:
    """The files of a directory that hold a DaemonConfig; daemon.yaml alone where it exists."""
    if (usual := directory / "daemon.yaml").exists():
        return [usual]
    files = sorted(file for file in directory.iterdir() if file.suffix in _SUFFIXES and file.is_file())
    return [file for file in files if _says_so(file)]


def _says_so(file: Path) -> bool:
    try:
        with file.open("rb") as written:
            return _SAYS_SO.search(written.read(LONGEST_FILE_BYTES)) is not None
    except OSError:  # which is told when it is read as one
        return True


def yaml_files(section: DirectoryConfig) -> list[Path]:
    """The files that end in .yaml or .yml, sorted; what is hidden is skipped, and no directory is entered twice.

    Raises:
        OSError: A directory can't be read.
        ValueError: There are more than `MOST_FILES`.
    """
    files: list[Path] = []
    for file in _walked(section.directory, recursive=section.recursive):
        files.append(file)
        if len(files) > MOST_FILES:
            raise ValueError(f"holds more than {MOST_FILES} files")
    return sorted(files)


def _walked(directory: Path, *, recursive: bool) -> Iterator[Path]:
    entered: set[tuple[int, int]] = set()

    def fail(error: OSError) -> None:
        raise error

    for place, inner, names in os.walk(directory, onerror=fail, followlinks=True):
        here = Path(place)
        status = here.stat()
        known = (status.st_dev, status.st_ino) in entered
        entered.add((status.st_dev, status.st_ino))
        inner[:] = [] if known or not recursive else sorted(name for name in inner if not name.startswith("."))
        for name in () if known else names:
            if name.endswith(_SUFFIXES) and not name.startswith(".") and _is_no_pipe(here / name):
                yield here / name


def _is_no_pipe(file: Path) -> bool:
    # to open a pipe would wait for whoever writes to it
    try:
        return stat.S_ISREG(file.stat().st_mode)
    except OSError:  # which is told when it is read
        return True
