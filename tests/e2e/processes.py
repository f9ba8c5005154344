"""Daemons that are real processes and start at once: forked from one that has imported everything, and does nothing."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

_STARTS = """
import json, os, sys
import aof.cli, aof.cli.audit, aof.agents.llm.agent, aof.daemon.running, pydantic_ai.models.openai
from aof.store.sqlite import SQLiteStore
for line in sys.stdin:
    wanted = json.loads(line)
    if "wait" in wanted:
        print(os.waitstatus_to_exitcode(os.waitpid(wanted["wait"], 0)[1]), flush=True)
        continue
    if (pid := os.fork()) == 0:
        log = os.open(wanted["log"], os.O_WRONLY)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.environ.update(wanted["environ"])
        sys.argv = ["aof", *wanted["words"]]
        exec(wanted["code"])
        aof.cli.app()
    print(pid, flush=True)
"""


class Forked:
    """One `aof` that was started."""

    def __init__(self, pid: int, log: IO[bytes], wait: Any) -> None:
        self.pid = pid
        self.exit_code: int | None = None
        self._log = log
        self._wait = wait

    def log_until(self, event: str) -> None:
        """Read its log up to an event; blocks."""
        seen = []
        while line := self._log.readline():
            seen.append(line)
            if f'"{event}"'.encode() in line:
                return
        raise AssertionError(b"".join(seen).decode())

    def end(self, number: signal.Signals) -> int:
        """Send it a signal and wait until it is gone."""
        os.kill(self.pid, number)
        return self.ended()

    def ended(self) -> int:
        """Wait until it is gone; its exit code, or the negative number of the signal. Blocks."""
        if self.exit_code is None:
            self.exit_code = self._wait(self.pid)
        return self.exit_code

    def said(self) -> str:
        """What is left of its log, once it is gone."""
        return self._log.read().decode()

    def close(self) -> None:
        if self.exit_code is None:
            self.end(signal.SIGKILL)
        self._log.close()


class Starter:
    """The process that all others are forked from."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _STARTS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def start(self, fifo: Path, words: Sequence[str], environ: Mapping[str, str], code: str = "") -> Forked:
        """`aof` with these words, once `code` was executed in it; what it says goes through a new pipe."""
        fifo.unlink(missing_ok=True)
        os.mkfifo(fifo)
        wanted = {"log": str(fifo), "words": list(words), "environ": dict(environ), "code": code}
        pid = int(self._asked(wanted))
        return Forked(pid, fifo.open("rb"), lambda pid: int(self._asked({"wait": pid})))

    def _asked(self, wanted: Mapping[str, Any]) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


@contextmanager
def starter() -> Iterator[Starter]:
    made = Starter()
    try:
        yield made
    finally:
        made.close()
