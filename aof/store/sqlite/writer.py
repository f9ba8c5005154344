"""The one thread that writes. Concurrent operations share a transaction and its one fsync.

What stands in the queue is drained into one BEGIN IMMEDIATE … COMMIT, each operation under a savepoint, so that one
that fails does not fail its neighbours. When the transaction itself is lost (disk full, I/O error, lock lost), every
operation of the batch fails with StoreBusy and the thread goes on.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Generic, TypeVar

from aof.domain.errors import AofError, StoreBusy, StoreError

ResultT = TypeVar("ResultT")
Operation = Callable[[sqlite3.Connection], ResultT]

ArgumentT = TypeVar("ArgumentT")
Together = Callable[[sqlite3.Connection, Sequence[ArgumentT]], Sequence[ResultT | None]]
"""Does several operations at once; None stands for those that it leaves, untouched, to be run one by one."""

MOST_PER_COMMIT = 512
"""Operations that share one transaction."""
DEADLINE_SECONDS = 10.0
"""No caller waits longer for the disk; a webhook then answers 503 and is repeated."""

_OF_ONE_OPERATION = (
    sqlite3.OperationalError,
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
)
"""What one operation can have caused; anything else, such as a malformed file, is everybody's."""


@dataclass(slots=True, eq=False)
class _Request(Generic[ResultT]):
    operation: Operation[ResultT]
    answer: asyncio.Future[ResultT]
    together: tuple["Together[Any, ResultT]", Any] | None = None
    given_up: bool = False
    result: Any = None
    error: BaseException | None = field(default=None)


class Writer:
    """Runs operations on its own connection in its own thread.

    Args:
        connection: Used by nobody else from now on; closed by `close`.
        on_death: Called in the event loop when the thread ends by a fault of ours.
        on_commit: Called in the thread with the seconds that each transaction took.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        on_death: Callable[[BaseException], None],
        on_commit: Callable[[float], None] = lambda _: None,
    ) -> None:
        self._connection = connection
        self._on_commit = on_commit
        self._on_death = on_death
        self._queue: queue.SimpleQueue[_Request[Any] | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._dead: BaseException | None = None
        self._closed = False
        self._batch: list[_Request[Any]] = []
        self._thread = threading.Thread(target=self._run, name="aof-store-writer", daemon=True)
        self._thread.start()

    async def do(
        self,
        operation: Operation[ResultT],
        *,
        together: tuple[Together[Any, ResultT], Any] | None = None,
        within_seconds: float = DEADLINE_SECONDS,
    ) -> ResultT:
        """Run an operation; when this returns, its transaction is on disk.

        Args:
            together: What may do it at once with others of the same transaction, and the argument to do it with.

        Raises:
            StoreBusy: It was not kept, or not within the deadline.
            AofError: What the operation itself raised; it left nothing behind.
        """
        if self._dead is not None or self._closed:
            raise StoreBusy("the store is closed")
        request: _Request[ResultT] = _Request(operation, self._loop.create_future(), together)
        self._queue.put(request)
        # a handle, since asyncio.timeout takes longer than all else here
        deadline = self._loop.call_later(within_seconds, _give_up, request.answer, within_seconds)
        try:
            return await request.answer
        finally:
            deadline.cancel()
            request.given_up = True

    async def close(self) -> None:
        """Finish what stands in the queue, then close the connection."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        try:
            while self._turn():
                pass
        except BaseException as error:  # noqa: BLE001 -- nobody may wait for a thread that is gone: the daemon is told
            self._dead = error
            self._tell(self._on_death, error)
            self._tell(_answer, self._abandoned(error))
        finally:
            self._connection.close()

    def _abandoned(self, error: BaseException) -> list[_Request[Any]]:
        """What waits for a thread that ends: it hears so at once."""
        abandoned = self._batch
        while not self._queue.empty():
            request = self._queue.get_nowait()
            if request is not None:
                abandoned.append(request)
        for request in abandoned:
            request.error = StoreBusy(f"the store has stopped: {error!r}")
            request.error.__cause__ = error
        return abandoned

    def _turn(self) -> bool:
        first = self._queue.get()
        batch = self._batch = []
        ends = first is None
        if first is not None:
            batch.append(first)
        while not ends and len(batch) < MOST_PER_COMMIT:
            try:
                request = self._queue.get_nowait()
            except queue.Empty:
                break
            if request is None:
                ends = True
            else:
                batch.append(request)
        if batch:
            self._commit([request for request in batch if not request.given_up])
            self._tell(_answer, batch)
        return not ends

    def _commit(self, batch: list[_Request[Any]]) -> None:
        connection, began = self._connection, monotonic()
        try:
            connection.execute("BEGIN IMMEDIATE")
            for request in self._left_alone(batch):
                self._run_one(request)
            connection.execute("COMMIT")
            self._on_commit(monotonic() - began)
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            for request in batch:
                request.error = StoreBusy(f"the store can't write: {error}")
                request.error.__cause__ = error

    def _left_alone(self, batch: list[_Request[Any]]) -> list[_Request[Any]]:
        """Run at once what can be; return the others. A fault in it is nobody's: then all are run one by one."""
        groups: dict[Together[Any, Any], list[tuple[_Request[Any], Any]]] = {}
        for request in batch:
            if request.together is not None:
                together, argument = request.together
                groups.setdefault(together, []).append((request, argument))
        done: set[int] = set()
        for together, members in groups.items():
            at_once = _at_once(together, members)
            self._run_one(at_once)
            for (request, _), result in zip(members, at_once.result or (), strict=False):
                if at_once.error is None and result is not None:
                    request.result = result
                    done.add(id(request))
        return [request for request in batch if id(request) not in done]

    def _run_one(self, request: _Request[Any]) -> None:
        connection = self._connection
        connection.execute("SAVEPOINT operation")
        try:
            request.result = request.operation(connection)
        except AofError as error:
            request.error = error
        except sqlite3.Error as error:
            if not connection.in_transaction or not isinstance(error, _OF_ONE_OPERATION):
                raise
            busy = isinstance(error, sqlite3.OperationalError)
            request.error = (StoreBusy if busy else StoreError)(f"the store refused: {error}")
            request.error.__cause__ = error
        except Exception as error:  # noqa: BLE001 -- a fault in one operation is its caller's, not its neighbours'
            request.error = error
        if request.error is not None:
            connection.execute("ROLLBACK TO operation")
        connection.execute("RELEASE operation")

    def _tell(self, call: Callable[[Any], None], argument: object) -> None:
        try:
            self._loop.call_soon_threadsafe(call, argument)
        except RuntimeError:
            # The loop is closed: nobody is left who waits.
            return


def _at_once(together: Together[Any, Any], members: list[tuple[_Request[Any], Any]]) -> _Request[Any]:
    arguments = [argument for _, argument in members]
    return _Request(lambda connection: together(connection, arguments), members[0][0].answer)


def _give_up(answer: asyncio.Future[Any], after_seconds: float) -> None:
    if not answer.done():
        answer.set_exception(StoreBusy(f"the disk did not answer within {after_seconds:g} s"))


def _answer(batch: list[_Request[Any]]) -> None:
    for request in batch:
        if request.answer.done():
            continue
        if request.error is not None:
            request.answer.set_exception(request.error)
        else:
            request.answer.set_result(request.result)
