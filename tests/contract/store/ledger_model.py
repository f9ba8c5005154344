"""The ledger of approvals as plain values: what a store has to agree with."""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from aof.domain.approval import Party
from aof.store.approvals import NewApproval
from aof.store.sqlite import SQLiteStore
from tests.contract.store.asking import EXPIRES

ResultT = TypeVar("ResultT")

PEOPLE = tuple(Party(key=key, name=key.title()) for key in ("ada", "ben", "cyd"))
USABLE_SECONDS = 300

index = st.integers(0, 10_000)
people = st.sampled_from(PEOPLE)
many = st.sampled_from([2, 3, 1])
"""Questions of one pause; with one alone nothing waits for another."""
seconds = st.sampled_from([1, 100, USABLE_SECONDS, EXPIRES])
verdicts = st.sampled_from(["approve", "approve", "approve", "deny"])
"""Most say yes: one denial ends a story."""


@dataclass
class Question:
    """An approval as the model knows it."""

    asked: NewApproval
    pause: int
    expires: float
    state: str = "asked"
    use_by: float = 0
    yes: list[str] = field(default_factory=list)
    no: list[str] = field(default_factory=list)

    @property
    def run(self) -> str:
        return self.asked.proposal.run

    @property
    def call(self) -> str:
        return self.asked.proposal.call

    @property
    def needed(self) -> int:
        return self.asked.proposal.approvers.needed


@dataclass
class Waiting:
    """A run as the model knows it."""

    state: str = "paused"
    pause: int = 1
    calls: int = 0


@dataclass
class Meanwhile:
    """A message that came in a run's chat while or after that waited, as the model knows it."""

    run: str
    state: str = "new"


class OnDisk(RuleBasedStateMachine):
    """A store in a folder of its own, and a loop to ask it from."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp(prefix="aof-ledger-"))
        self.path = self.folder / "0.db"
        self.store = self.run_(SQLiteStore.open(self.path))

    def run_(self, call: Coroutine[Any, Any, ResultT]) -> ResultT:
        return self.loop.run_until_complete(call)

    def teardown(self) -> None:
        self.run_(self.store.close())
        self.run_(self.loop.shutdown_default_executor())
        self.loop.close()
        shutil.rmtree(self.folder)
