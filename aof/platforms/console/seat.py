"""What somebody types at a terminal, and what they read there."""

import asyncio
import itertools
import json
import uuid
from collections.abc import Callable, Sequence

from aof.domain.response import Choice, Part, choices_of

ACCOUNT = "console:terminal"

Show = Callable[[Part], None]


class Seat:
    """A person and their terminal.

    Args:
        person: What they go by.
        show: Prints a part.
    """

    def __init__(self, person: str, show: Show) -> None:
        self.person = person
        self._show = show
        self._typed: asyncio.Queue[bytes] = asyncio.Queue()
        self._numbers = itertools.count(1)
        self._offered: Sequence[Choice] = ()

    @property
    def conversation(self) -> str:
        """As the store names it."""
        return f"{ACCOUNT}/{self.person}"

    def type(self, line: str) -> str:
        """Say something, or press what stands under this number in the last offer; return the event's id."""
        id_ = uuid.uuid4().hex
        choice = self._choice(line.strip())
        said = {"text": line} if choice is None else {"press": {"id": choice.id, "title": choice.title}}
        self._typed.put_nowait(json.dumps({"id": id_, **said}).encode())
        return id_

    async def next(self) -> tuple[int, bytes]:
        """What was typed next, with its number."""
        return next(self._numbers), await self._typed.get()

    def show(self, part: Part) -> None:
        """Let the person read a part."""
        self._offered = choices_of(part) or self._offered
        self._show(part)

    def _choice(self, written: str) -> Choice | None:
        if not (written.isascii() and written.isdecimal() and len(written) < 4):
            return None
        number = int(written)
        return self._offered[number - 1] if 1 <= number <= len(self._offered) else None
