"""Where the relative paths of a file start."""

from pathlib import Path

from pydantic import ValidationInfo

DIRECTORY = "directory"
"""The key of the validation context for the directory in which relative paths of the file start."""


def directory_of(validation: ValidationInfo) -> Path:
    """The directory of the file that is validated; the working directory where nothing says it."""
    given = (validation.context or {}).get(DIRECTORY)
    return given if isinstance(given, Path) else Path()
