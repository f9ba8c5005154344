"""A terminal, or a pipe in its place: lines in, parts out."""

import asyncio
import os
import sys
import threading
from typing import TextIO

from aof.domain.response import Choice, Part, Style, choices_of, text_of
from aof.formatting.characters import clean, one_line

_COLOURS: dict[Style, str] = {"plain": "\x1b[1m", "good": "\x1b[1;32m", "danger": "\x1b[1;31m"}
_DIM, _OFF = "\x1b[2m", "\x1b[0m"
_PROMPT = "> "
_MOST_BYTES = 65_536


class Keyboard:
    """Lines as they are typed."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        # a file can't be watched for lines; and a thread that reads past Python's buffer holds nothing up at the end
        threading.Thread(target=self._read, name="keyboard", daemon=True).start()

    async def line(self) -> str | None:
        """The next one without its end; None after the last."""
        return await self._lines.get()

    def end(self) -> None:
        """Take nothing more."""
        while not self._lines.empty():
            self._lines.get_nowait()
        self._lines.put_nowait(None)

    def _read(self) -> None:
        rest = b""
        while piece := self._piece():
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                self._put(line.decode("utf-8", "replace").rstrip("\r"))
        if rest:
            self._put(rest.decode("utf-8", "replace"))
        self._put(None)

    def _piece(self) -> bytes:
        try:
            return os.read(sys.stdin.fileno(), _MOST_BYTES)
        except OSError:  # the terminal is gone
            return b""

    def _put(self, line: str | None) -> None:
        try:
            self._loop.call_soon_threadsafe(self._lines.put_nowait, line)
        except RuntimeError:  # nobody listens any more
            return


class Screen:
    """What a person reads.

    Args:
        prompts: Whether somebody sits there, who is asked for the next line.
    """

    def __init__(self, out: TextIO, *, prompts: bool) -> None:
        self._out = out
        self.prompts = prompts
        self._colours = out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def greet(self, person: str, agent: str) -> None:
        if self.prompts:
            said = f"You are {one_line(person)}, and {agent} answers. Ctrl-C stops what runs, Ctrl-D ends."
            self._write(self._painted(said, _DIM) + "\n")
            self.prompt()

    def prompt(self) -> None:
        if self.prompts:
            self._write(_PROMPT)

    def end(self) -> None:
        if self.prompts:
            self._write("\n")

    def show(self, part: Part) -> None:
        """Print a part, and its choices with the numbers that press them."""
        lines = [clean(text_of(part)), *map(self._line, range(1, 1000), choices_of(part))]
        begins = "\r\x1b[K" if self.prompts and self._colours else ""
        self._write(begins + "\n".join(lines) + "\n")

    def _line(self, number: int, choice: Choice) -> str:
        title = self._painted(f"{number}. {one_line(choice.title)}", _COLOURS[choice.style])
        return f"  {title}" + (f"  {one_line(choice.description)}" if choice.description else "")

    def _painted(self, text: str, colour: str) -> str:
        return f"{colour}{text}{_OFF}" if self._colours else text

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
