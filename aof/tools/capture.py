"""One program run to its end, in its own process group, with bounded output and a bounded time."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from io import FileIO

from aof.tools import strays

_GRACE_SECONDS = 1.0
"""Between TERM and KILL."""

_DRAIN_SECONDS = 1.0
"""For what stands in a pipe after its group was killed; only a program that left the group keeps it open longer."""


@dataclass(frozen=True, slots=True)
class Captured:
    """What a program left behind."""

    exit_code: int | None
    """None where we ended it."""
    stdout: bytes
    stderr: bytes
    stdout_cut: bool
    stderr_cut: bool
    timed_out: bool


async def capture(
    executable: str,
    args: Sequence[str],
    *,
    environ: Mapping[str, str],
    most_bytes: int,
    timeout_seconds: float,
    directory: str = "/",
    may_leave: bool = False,
) -> Captured:
    """Run `executable` with no input and with `environ` alone. Nothing of its group outlives the call.

    On Linux, nor does what left the group. With `may_leave` that stays where the program ended by itself: a command
    that restarts a service may start it so.

    `most_bytes` bounds each of the two outputs; the program is killed when it writes more.

    Raises:
        OSError: It could not be started.
    """
    full, call = asyncio.Event(), strays.mark()
    async with _piped(most_bytes, full) as out, _piped(most_bytes, full) as err:
        try:
            running = await asyncio.create_subprocess_exec(
                executable,
                *args,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out.inner_end.fileno(),
                stderr=err.inner_end.fileno(),
                cwd=directory,
                env={**environ, strays.VARIABLE: call},
                start_new_session=True,
            )
        finally:
            out.inner_end.close()
            err.inner_end.close()
        exit_code, timed_out = await _until_over(running, full, timeout_seconds, call, may_leave=may_leave)
        if not full.is_set():
            await asyncio.wait({out.ended, err.ended}, timeout=_DRAIN_SECONDS)
    ours = timed_out or full.is_set()
    return Captured(
        exit_code=None if ours else exit_code,
        stdout=bytes(out.read),
        stderr=bytes(err.read),
        stdout_cut=out.is_cut,
        stderr_cut=err.is_cut,
        timed_out=timed_out,
    )


async def _until_over(
    running: asyncio.subprocess.Process, full: asyncio.Event, timeout_seconds: float, call: str, *, may_leave: bool
) -> tuple[int, bool]:
    exited = asyncio.ensure_future(running.wait())
    filled = asyncio.ensure_future(full.wait())
    timed_out = by_itself = False
    try:
        done, _ = await asyncio.wait({exited, filled}, timeout=timeout_seconds, return_when=asyncio.FIRST_COMPLETED)
        by_itself = exited in done
        if not done:
            timed_out = True
            _signal_group(running.pid, signal.SIGTERM)
            await asyncio.wait({exited}, timeout=_GRACE_SECONDS)
    finally:
        # Also when the leader has exited by itself: a child of it may hold the pipe and live on
        _signal_group(running.pid, signal.SIGKILL)
        filled.cancel()
        exit_code = await asyncio.shield(_ended(exited, "" if may_leave and by_itself else call))
    return exit_code, timed_out


async def _ended(exited: asyncio.Future[int], call: str) -> int:
    exit_code = await exited
    # off the loop: it reads a file of every program that runs here
    if call:
        await asyncio.to_thread(strays.end_strays, call)
    return exit_code


def _signal_group(leader: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


@contextlib.asynccontextmanager
async def _piped(most_bytes: int, full: asyncio.Event) -> AsyncIterator["_Pipe"]:
    """A pipe of which neither end outlives the body, also where the other one of a program can't be opened."""
    outer_end, inner_end = os.pipe()
    with os.fdopen(inner_end, "wb", buffering=0) as theirs:
        pipe = _Pipe(most_bytes, full, theirs)
        # from here on our end is the transport's to close
        await asyncio.get_running_loop().connect_read_pipe(lambda: pipe, os.fdopen(outer_end, "rb", buffering=0))
        try:
            yield pipe
        finally:
            pipe.close()


class _Pipe(asyncio.Protocol):
    """Our end of a pipe. asyncio's own would keep us waiting for an end that a stray child never closes."""

    def __init__(self, most_bytes: int, full: asyncio.Event, inner_end: FileIO) -> None:
        self.read = bytearray()
        self.is_cut = False
        self.inner_end = inner_end
        self.ended = asyncio.get_running_loop().create_future()
        self._most_bytes = most_bytes
        self._full = full
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self.read += data[: self._most_bytes - len(self.read) + 1]
        if len(self.read) > self._most_bytes:
            del self.read[self._most_bytes :]
            self.is_cut = True
            self._full.set()
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
