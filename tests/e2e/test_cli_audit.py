"""`aof audit`: what is verified and exported beside a running daemon, and on another host."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.cli import done, not_done, operator
from tests.e2e.world import SECONDS, World


async def _story(aof: World) -> None:
    """Four rows: a turn with its part, and two decisions of an operator."""
    await aof.on_call.types("the disk of Ola is full")
    await aof.on_call.next()
    await aof.idle()
    await done(aof, "people", "suspend", "Ola")
    await done(aof, "people", "resume", "Ola")


async def _change(aof: World, statement: str) -> None:
    await aof.store._writer.do(lambda connection: connection.execute(statement))


async def _exported(aof: World, *words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (await done(aof, "audit", "export", *words)).out.splitlines()]


@pytest.fixture
async def told(aof: World) -> World:
    """A world in which something was done."""
    aof.config = aof.config.replace('"spec": {', '"spec": {"people": [{"name": "Ola", "whatsapp": "+15550001001"}],', 1)
    await aof.restart()
    await _story(aof)
    return aof


async def test_a_whole_chain_is_told_with_its_head(told: World) -> None:
    said = (await done(told, "audit", "verify")).out
    assert "The audit chain is whole from row 1 (" in said
    assert ": 4 rows, 2 of them with their facts in words.\n" in said
    machine = (await done(told, "audit", "verify", "--json")).json
    assert (machine["whole"], machine["rows"], machine["in_words"], machine["broken"]) == (True, 4, 2, None)
    assert machine["head"] in said
    (newest,) = told.rows("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
    assert machine["head"] == f"{newest[0]}:{newest[1]}"
    await done(told, "audit", "verify", "--expect", machine["head"])


async def test_an_export_holds_ids_digests_and_what_operators_did_in_words(told: World) -> None:
    rows = await _exported(told)
    assert [row["kind"] for row in rows] == ["turn_answered", "part_sent", "person_suspended", "person_resumed"]
    assert all(set(row) - {"facts"} == {"seq", "at", "kind", "subject", "digest", "prev", "hash"} for row in rows)
    assert [row.get("facts", {}).get("name") for row in rows] == [None, None, "Ola", "Ola"]
    assert [row["seq"] for row in rows] == [1, 2, 3, 4]
    assert all(row["at"].endswith("+00:00") for row in rows)
    assert "disk" not in json.dumps(rows), "of a turn it holds a digest alone"


async def test_an_export_is_narrowed_by_kind_time_and_row(told: World) -> None:
    assert [row["seq"] for row in await _exported(told, "--kind", "person_*", "-")] == [3, 4]
    assert [row["seq"] for row in await _exported(told, "--after", "3")] == [4]
    third = (await _exported(told))[2]["at"]
    assert [row["seq"] for row in await _exported(told, "--since", third)] == [3, 4]
    naive = third.removesuffix("+00:00")
    assert [row["seq"] for row in await _exported(told, "--until", naive)] == [1, 2]
    assert await _exported(told, "--until", "52w") == []
    assert "row 5 was never written, or was cut off" in await not_done(told, "audit", "export", "--after", "5")
    for words in (("--since", "yesterday"), ("--until", "999999w"), ("--kind", ""), ("",)):
        assert (await operator(told, "audit", "export", *words)).code == 2, words


async def test_an_export_is_verified_without_a_store_and_a_changed_line_is_named(told: World, tmp_path: Path) -> None:
    file, nowhere = tmp_path / "audit.jsonl", {"AOF_CONFIG": str(tmp_path / "none.yaml")}
    assert (await done(told, "audit", "export", str(file))).out.endswith(": 4 rows.\n")
    assert file.stat().st_mode & 0o777 == 0o600
    assert "exists already" in await not_done(told, "audit", "export", str(file))
    said = (await done(told, "audit", "verify", "--file", str(file), **nowhere)).out
    assert f"{file} is whole from row 1 (" in said
    assert "It proves nothing of what came behind row 4." in said

    lines = file.read_text().splitlines(keepends=True)
    for place, change, sentence in (
        (1, ("part_sent", "part_dead"), "row 2 ("),
        (2, ("Ola", "Eve"), "the facts of row 3 ("),
    ):
        changed = [*lines]
        changed[place] = lines[place].replace(*change)
        assert changed != lines
        file.write_text("".join(changed))
        assert sentence in await not_done(told, "audit", "verify", "--file", str(file), **nowhere)
    file.write_text("".join([lines[0], *lines[2:]]))
    assert "row 2 is missing behind row 1 (" in await not_done(told, "audit", "verify", "--file", str(file))
    assert "in its 1 gaps" in (await done(told, "audit", "verify", "--file", str(file), "--gaps")).out
    file.write_text("".join([*lines[:3], lines[3][:40]]))
    assert "line 4 is no row of an export" in await not_done(told, "audit", "verify", "--file", str(file))
    file.write_bytes(b"\xff\n")
    assert "line 1 is no row of an export" in await not_done(told, "audit", "verify", "--file", str(file))
    assert "can't be read" in await not_done(told, "audit", "verify", "--file", str(tmp_path / "none"))


async def test_a_part_of_an_export_proves_itself_and_says_so(told: World, tmp_path: Path) -> None:
    file = tmp_path / "part.jsonl"
    assert (await done(told, "audit", "export", str(file), "--after", "2", "--json")).json == {
        "file": str(file),
        "rows": 2,
    }
    said = (await done(told, "audit", "verify", "--file", str(file))).out
    assert "It proves nothing of what came before row 3, nor of what came behind row 4." in said
    file.write_text("")
    assert (await done(told, "audit", "verify", "--file", str(file))).out == f"{file} holds no row.\n"


async def test_a_changed_row_a_changed_word_and_a_cut_end_are_named_with_their_time(told: World) -> None:
    at = told.rows("SELECT strftime('%Y-%m-%dT%H:%M', at, 'unixepoch') FROM audit WHERE seq = 3")[0][0]
    await _change(told, "UPDATE audit_words SET facts = replace(facts, 'Ola', 'Eve') WHERE seq = 3")
    assert f"the facts of row 3 ({at}" in await not_done(told, "audit", "verify")
    assert "the facts beside row 3 of the audit chain were changed" in await not_done(told, "store", "check")
    await _change(told, "UPDATE audit_words SET facts = replace(facts, 'Eve', 'Ola') WHERE seq = 3")
    await done(told, "audit", "verify")

    await _change(told, "DELETE FROM audit_words WHERE seq = 4")
    await _change(told, "DELETE FROM audit WHERE seq = 4")
    assert f"the end was cut off: row 4 is missing behind row 3 ({at}" in await not_done(told, "audit", "verify")
    ended = await operator(told, "audit", "verify", "--json")
    assert ended.code == 1
    assert (ended.json["broken"]["row"], ended.json["broken"]["why"]) == (4, "cut")
    assert ended.json["broken"]["at"].startswith(at)

    await _change(told, "UPDATE audit SET subject = 'x' WHERE seq = 2")
    assert "row 2 (" in await not_done(told, "audit", "verify")


async def test_a_chain_written_anew_by_root_is_found_by_the_copy_elsewhere(told: World, tmp_path: Path) -> None:
    """Whoever may write the file can give every row a new hash, and leave the chain whole by itself."""
    elsewhere = tmp_path / "elsewhere.jsonl"
    await done(told, "audit", "export", str(elsewhere))
    head = (await done(told, "audit", "verify", "--json")).json["head"]
    await told.stop()
    program = (
        "import sqlite3, sys\n"
        "from aof.store.audit import START, hash_of\n"
        "connection = sqlite3.connect(sys.argv[1])\n"
        "connection.execute(\"UPDATE audit SET kind = 'part_dead' WHERE seq = 2\")\n"
        "prev = START\n"
        "for row in connection.execute('SELECT seq, at, kind, subject, digest FROM audit ORDER BY seq').fetchall():\n"
        "    anew = hash_of(*row, prev)\n"
        "    connection.execute('UPDATE audit SET prev = ?, hash = ? WHERE seq = ?', (prev, anew, row[0]))\n"
        "    prev = anew\n"
        "connection.commit()\n"
        "connection.close()\n"
    )
    store = json.loads((await done(told, "status", "--json")).out)["store"]
    ran = await asyncio.create_subprocess_exec(sys.executable, "-c", program, store)
    assert await ran.wait() == 0
    await done(told, "audit", "verify")
    assert "row 4 (" in await not_done(told, "audit", "verify", "--expect", head)
    await told.start()
    await done(told, "people", "suspend", "Ola")
    later = await done(told, "audit", "export", "--after", "4")
    elsewhere.write_text(elsewhere.read_text() + later.out)
    assert "row 5 (" in await not_done(told, "audit", "verify", "--file", str(elsewhere))


@pytest.mark.parametrize("words", [("--expect", "4"), ("--expect", f"4:{'G' * 64}"), ("--gaps",)])
async def test_what_verify_cannot_use_is_refused(aof: World, words: tuple[str, ...]) -> None:
    assert (await operator(aof, "audit", "verify", *words)).code == 2


async def test_a_large_chain_leaves_in_batches_and_a_closed_pipe_ends_it(aof: World) -> None:
    await _change(
        aof,
        "INSERT INTO audit (seq, at, kind, subject, digest, prev, hash) "
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) "
        "SELECT i, i, 'turn_answered', i, '', '', '' FROM n",
    )
    assert [row["seq"] for row in await _exported(aof)] == [*range(1, 2501)]
    reading, writing = os.pipe()
    os.close(reading)
    environ = {**os.environ, "AOF_CONFIG": str(aof.folder / "daemon.yaml")}
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "aof", "audit", "export", stdout=writing, stderr=asyncio.subprocess.PIPE, env=environ
    )
    os.close(writing)
    async with asyncio.timeout(SECONDS):
        _, err = await running.communicate()
    assert (running.returncode, err) == (1, b"")
