"""Runs the commands of the table and those of plans, and gives back text that can be shown."""

import asyncio
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aof.tools.base import CallRefused
from aof.tools.capture import Captured, capture
from aof.tools.classify.starters import starts_others
from aof.tools.cleaning import clean, decoded
from aof.tools.commands import MOST_BYTES, find
from aof.tools.limits import limited
from aof.tools.masking import Mask, Withheld, mask_for
from aof.tools.redaction import Redactor

_BARE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}")
_FIXED = {
    "LC_ALL": "C.UTF-8",
    "TERM": "dumb",
    "NO_COLOR": "1",
    **dict.fromkeys(("PAGER", "GIT_PAGER", "SYSTEMD_PAGER", "MANPAGER", "AWS_PAGER"), "cat"),
}
NAMES_A_SECRET = re.compile(r"secret|token|passw|pwd|_key|credential|dsn|connection_string", re.IGNORECASE)
"""Variables whose values are masked in what a program prints."""

_TORN = "not shown: it did not come whole, so its secret values could not be masked; ask for fewer objects"
_NOT_SHOWN = "what stands on standard error is not shown: it may hold whole answers; leave -v out"


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
    """It wrote more than is shown."""
    timed_out: bool = False
    missing: bool = False
    """No such program on the path."""
    not_started: bool = False
    """The system would not start it; `stderr` says why."""
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
        self.redact = redact

    async def run(self, program: str, *args: str, timeout_seconds: float = 15.0) -> Outcome:
        """Run one command to its end, or to its time-out.

        Raises:
            CallRefused: The call has no shape of the table.
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
                environ=self._clean_environ(self.variables(command.environment)),
                most_bytes=command.most_bytes,
                timeout_seconds=timeout_seconds,
            )
        except OSError as error:
            return Outcome(argv, None, "", error.strerror or type(error).__name__, not_started=True)
        # 16 MB of JSON take longer than the loop may stand still
        # no mask: of these commands only the description of a pod has variables, hidden where it is made an answer
        return await asyncio.to_thread(self._outcome, argv, captured, self.redact, None, is_json=command.is_json)

    async def execute(
        self,
        argv: Sequence[str],
        *,
        environment: Mapping[str, str],
        directory: str = "",
        timeout_seconds: float = 60.0,
        most_bytes: int = MOST_BYTES,
        is_masked: bool = True,
        may_leave: bool = False,
    ) -> Outcome:
        """Run what a plan says, which was judged before; it has limits on memory, time and files besides.

        Args:
            environment: Added to the clean one; it can't change the path, the pagers or the terminal. Values whose
                names say that they are secrets are masked in what comes back.
            directory: Where it starts; empty: `/`.
            is_masked: False: for an answer that is read here and shown to nobody.
            may_leave: What left its group goes on where the program ended by itself.

        Raises:
            CallRefused: The program's name is a path, or one that is never a tool.
        """
        program, *args = argv
        if not may_run(program):
            raise CallRefused(f"{clean(program)[:64]} is not a program that may run here")
        executable = self._executable(program)
        if executable is None:
            return Outcome(tuple(argv), None, "", "", missing=True)
        mask = mask_for(argv) if is_masked else None
        command, words = limited(str(executable), args, timeout_seconds=timeout_seconds)
        try:
            captured = await capture(
                command,
                words,
                environ=self._clean_environ(environment),
                most_bytes=max(most_bytes, mask.most_bytes) if mask is not None else most_bytes,
                timeout_seconds=timeout_seconds,
                directory=directory or "/",
                may_leave=may_leave,
            )
        except (OSError, ValueError) as error:  # ValueError: a NUL, which no system call takes
            reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
            return Outcome(tuple(argv), None, "", reason, not_started=True)
        given = Redactor(value for name, value in environment.items() if NAMES_A_SECRET.search(name))
        return await asyncio.to_thread(
            self._outcome, tuple(argv), captured, lambda text: self.redact(given(text)), mask
        )

    def variables(self, names: Sequence[str]) -> dict[str, str]:
        """Those of the daemon's own variables that a program is meant to have."""
        return {name: self._environ[name] for name in names if self._environ.get(name)}

    def shown(self, raw: bytes, *, cut: bool = False) -> str:
        """Bytes from elsewhere, cleaned and redacted as the output of a program is."""
        return self.redact(decoded(raw, cut=cut))

    def _outcome(
        self,
        argv: tuple[str, ...],
        captured: Captured,
        redact: Callable[[str], str],
        mask: Mask | None,
        *,
        is_json: bool = False,
    ) -> Outcome:
        whole = not captured.stdout_cut and not captured.timed_out
        document = _document(captured.stdout) if is_json and whole else None
        stdout, is_cut = ("", False) if document is not None else _shown(captured, mask, redact)
        errors = decoded(captured.stderr, cut=captured.stderr_cut)
        if mask is not None and mask.hides_errors and errors.strip():
            errors = _NOT_SHOWN
        return Outcome(
            argv=argv,
            exit_code=captured.exit_code,
            stdout=stdout,
            stderr=redact(errors),
            cut=is_cut or captured.stdout_cut or captured.stderr_cut,
            timed_out=captured.timed_out,
            document=document,
        )

    def _executable(self, program: str) -> Path | None:
        for directory in self.path:
            candidate = directory / program
            if candidate.is_file() and os.access(candidate, os.X_OK):
                return candidate
        return None

    def _clean_environ(self, added: Mapping[str, str]) -> dict[str, str]:
        path = os.pathsep.join(str(directory) for directory in self.path)
        return {"HOME": self._environ.get("HOME", "/"), **added, **_FIXED, "PATH": path}


def may_run(program: str) -> bool:
    """Whether it is a bare name, and none that starts other programs."""
    return _BARE_NAME.fullmatch(program) is not None and not starts_others(program)


def _shown(captured: Captured, mask: Mask | None, redact: Callable[[str], str]) -> tuple[str, bool]:
    """The standard output without secrets, and whether it is longer than that."""
    text = decoded(captured.stdout, cut=captured.stdout_cut)
    if mask is not None:
        if mask.needs_whole and (captured.stdout_cut or captured.timed_out) and text.strip():
            return _TORN, False
        try:
            # what a document had escaped may be a control character now
            text = clean(mask.text(text))
        except Withheld as error:
            return str(error), False
    raw = redact(text).encode()
    is_long = len(raw) > MOST_BYTES
    return decoded(raw[:MOST_BYTES], cut=is_long), is_long


def _document(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
