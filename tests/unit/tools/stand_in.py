"""A program that stands in for kubectl, written for one test."""

import sys
from pathlib import Path

PYTHON = f"{sys.executable} -IS"
SHELL = "/bin/sh"
"""Starts in a few milliseconds, for where a time-out runs."""


def write_program(directory: Path, body: str, *, name: str = "kubectl", interpreter: str = PYTHON) -> Path:
    """An executable script."""
    directory.mkdir(parents=True, exist_ok=True)
    program = directory / name
    program.write_text(f"#!{interpreter}\n{body}\n", encoding="utf-8")
    program.chmod(0o755)
    return program
