"""Runs the commands of the table, and gives back text that can be shown."""

import asyncio
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aof.tools.capture import Captured, capture
from aof.tools.cleaning import decoded
from aof.tools.commands import MOST_BYTES, Command, find


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one call."""

    argv: tuple[str, ...]
    exit_code: int | None
    """None where it did not run, or was ended by us."""
    stdout: str
    """Cleaned and redacted; empty where `document` holds it."""
    stderr: str
    """Cleaned and redacted; for a program that could not be started, why."""
    cut: bool = False
    """It wrote more than the cap, and was ended there."""
    timed_out: bool = False
    missing: bool = False
    """No such program on the path."""
    document: object = field(default=None, repr=False)
    """The JSON that a document command printed, None where it is none. NOT redacted: take typed fields from it only."""

    @property
    def succeeded(self) -> bool:
        """It ran to its end and said so."""
        return self.exit_code == 0


class Runner:
    """Argument lists from a fixed table, on a fixed path, in a clean environment; never a shell."""

    def __init__(self, path: Sequence[Path], environ: Mapping[str, str], redact: Callable[[str], str]) -> None:
        """
        Args:
            path: Where bare program names are looked up, in this order.
            environ: The daemon's own environment; a program gets HOME and the variables its command lists.
            redact: Takes secrets out of whatever a program printed.
        """
        self.path = tuple(path)
        self._environ = environ
        self._redact = redact

    async def run(self, program: str, *args: str, timeout_seconds: float = 15.0) -> Outcome:
        """Run one command to its end, or to its time-out.

        Raises:
            CommandRefused: The call has no shape of the table.
        """
        command = find(program, args)
        argv = (program, *args)
        executable = self._executable(program)
        if executable is None:
            return Outcome(argv, None, "", "", missing=True)
        try:
            captured = await capture(
                str(executable),
                args,
                environ=self._clean_environ(command),
                most_bytes=command.most_bytes,
                timeout_seconds=timeout_seconds,
            )
        except OSError as error:
            return Outcome(argv, None, "", error.strerror or type(error).__name__)
        # 16 MB of JSON take longer than the loop may stand still
        return await asyncio.to_thread(self._outcome, argv, command, captured)

    def _outcome(self, argv: tuple[str, ...], command: Command, captured: Captured) -> Outcome:
        whole = not captured.stdout_cut and not captured.timed_out
        document = _document(captured.stdout) if command.is_json and whole else None
        return Outcome(
            argv=argv,
            exit_code=captured.exit_code,
            stdout="" if document is not None else self._shown(captured.stdout, cut=captured.stdout_cut),
            stderr=self._shown(captured.stderr, cut=captured.stderr_cut),
            cut=captured.stdout_cut or captured.stderr_cut,
            timed_out=captured.timed_out,
            document=document,
        )

    def _shown(self, raw: bytes, *, cut: bool) -> str:
        return self._redact(decoded(raw[:MOST_BYTES], cut=cut or len(raw) > MOST_BYTES))

    def _executable(self, program: str) -> Path | None:
        for directory in self.path:
            candidate = directory / program
            if candidate.is_file() and os.access(candidate, os.X_OK):
                return candidate
        return None

    def _clean_environ(self, command: Command) -> dict[str, str]:
        listed = {name: self._environ[name] for name in command.environment if self._environ.get(name)}
        return {
            "PATH": os.pathsep.join(str(directory) for directory in self.path),
            "HOME": self._environ.get("HOME", "/"),
            "LC_ALL": "C.UTF-8",
            "TERM": "dumb",
            "NO_COLOR": "1",
            "PAGER": "cat",
            **listed,
        }


def _document(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
