"""Waiting for news of one conversation, for any number of waiters."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from aof.store.answers import Answers, AnswerTo


class Watch:
    """Wakes whoever waits for something in a conversation to end."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self.is_over = False
        """Nothing is worth waiting for any more: the daemon stops."""

    def ring(self, conversation: str) -> None:
        """Something there has ended: a turn, or a part's way."""
        for rung in self._waiting.get(conversation, ()):
            rung.set()

    def end(self) -> None:
        """Wake everybody, for good."""
        self.is_over = True
        for conversation in self._waiting:
            self.ring(conversation)

    async def settled(self, store: Answers, conversation: str, account: str, event_id: str) -> AnswerTo:
        """What an event of the conversation was answered with, once nothing more comes by itself."""
        with self.on(conversation) as rung:
            while True:
                rung.clear()
                found = await store.answer_to(account, event_id)
                if found is not None and found.is_settled:
                    return found
                await rung.wait()

    @contextmanager
    def on(self, conversation: str) -> Iterator[asyncio.Event]:
        """Set at every ring from here on; whoever waits clears it before they look."""
        rung = asyncio.Event()
        waiting = self._waiting.setdefault(conversation, set())
        waiting.add(rung)
        try:
            yield rung
        finally:
            waiting.discard(rung)
            if not waiting:
                self._waiting.pop(conversation, None)
