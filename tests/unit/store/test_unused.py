"""A turn that uses neither approvals nor memory asks nothing of the disk for them but what comes with its lease."""

import re
from pathlib import Path

from aof.store.sqlite import SQLiteStore
from tests.contract.store.home import answer, message, text

UNUSED = re.compile(r"\b(run|approval|vote|step|memory|expectation|switch|preference|budget|reservation)\b(?! =)")
"""Tables; `i.state IN ('new', 'running')` and the like name none."""


async def test_a_plain_turn_is_as_many_statements_as_before(tmp_path: Path) -> None:
    store = await SQLiteStore.open(tmp_path / "aof.db")
    seen: list[str] = []
    await answer(store, message("known"), text("x"))
    await store._writer.do(lambda connection: connection.set_trace_callback(seen.append))
    await answer(store, message("a"), text("x"))
    await store._writer.do(lambda connection: connection.set_trace_callback(None))
    await store.close()
    asked = [re.sub(r"'[^']*'", "''", statement) for statement in seen if "SAVEPOINT" not in statement]
    assert any("INTO outbox" in statement for statement in asked)
    (only,) = [statement for statement in asked if UNUSED.search(statement)]
    assert "LEFT JOIN preference" in only
    assert "LEFT JOIN expectation" in only
