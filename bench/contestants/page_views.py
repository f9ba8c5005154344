"""The page for operators over 10,000 conversations: from a request to the answer's last byte, in milliseconds."""

import asyncio
import json
import logging
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import aiohttp
import uvloop

from aof import logs
from aof.daemon import Daemon, read

CONVERSATIONS, LINES, FAILED = 10_000, 4, 300
ACCOUNT = "whatsapp:106540352242922"
TOKEN = "token-of-the-bench-0001"  # noqa: S105 -- of the bench
CONFIG: dict[str, Any] = {
    "apiVersion": "aof.dev/v1",
    "kind": "DaemonConfig",
    "spec": {
        "server": {"host": "127.0.0.1", "port": 0, "admin": {"port": 0}},
        "platforms": {
            "whatsapp": {
                "phone_number_id": "106540352242922",
                "access_token_env": "BENCH_TOKEN",
                "verify_token_env": "BENCH_TOKEN",
                "app_secret_env": "BENCH_TOKEN",
                "api_url": "http://127.0.0.1:9",
            }
        },
        "people": [{"name": "Bench", "whatsapp": "+4915112345678"}],
        "operator": {"page": {"people": [{"name": "Bench", "role": "admin", "token_env": "BENCH_TOKEN"}]}},
    },
}


INBOX = """
INSERT INTO inbox (account, event_id, conversation, kind, sender, payload, received_at, state, not_before)
VALUES (?, ?, ?, 'message', ?, ?, ?, 'done', 0)
"""
OUTBOX = """
INSERT INTO outbox (conversation, account, part, cause, body, not_before, message_id, created_at, settled_at, state,
    code, error)
VALUES (?1, ?2, ?3, 'reply', ?4, 0, ?5, ?6, ?6, ?7, ?8, ?9)
"""
READ, DEAD = ("read", 0, None), ("dead", 131026, "The recipient can't be reached.")


def fill(connection: sqlite3.Connection, conversations: int, now: float) -> None:
    """So many people, with so many lines of each and an answer to every line; the newest of some never arrived."""
    people = [(f"{ACCOUNT}/+49151{1_000_000 + n}", f"+49151{1_000_000 + n}", now - n) for n in range(conversations)]
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO conversation (conversation, account, chat, number, grouped, heard_at, created_at)"
        " VALUES (?1, ?4, ?2, ?2, 0, ?3, ?3)",
        [(*person, ACCOUNT) for person in people],
    )
    connection.executemany(
        "INSERT INTO address (account, alias, conversation) VALUES (?, ?, ?)",
        [(ACCOUNT, number, name) for name, number, _ in people],
    )
    for line in range(LINES):
        payload = json.dumps({"kind": "message", "sender": {"name": "Somebody"}, "text": "disk"})
        body = json.dumps({"type": "text", "text": f"*Line {line}* of an answer about the disk of web-1"})
        for n, (name, number, at) in enumerate(people):
            seq = connection.execute(INBOX, (ACCOUNT, f"wamid.{line}.{n}", name, number, payload, at)).lastrowid
            connection.execute("INSERT INTO turn VALUES (?, ?, 'person', 'disk on web-1', ?)", (name, seq, at))
            outcome = DEAD if line == LINES - 1 and n < FAILED else READ
            ids = (f"bench:{seq}:0", body, f"wamid.out.{line}.{n}")
            connection.execute(OUTBOX, (name, ACCOUNT, *ids, at, *outcome))
    connection.execute("COMMIT")


async def measure(folder: Path, times: int) -> dict[str, list[float]]:
    file = folder / "daemon.yaml"
    file.write_text(json.dumps(CONFIG))
    environ = {"PATH": "/usr/bin:/bin", "BENCH_TOKEN": TOKEN}
    assembly = read(file, environ)
    logs.set_up(assembly.redact, level=logging.CRITICAL)
    async with Daemon(assembly, environ=environ) as daemon:
        await asyncio.to_thread(_fill, folder / "aof.db", datetime.now(UTC).timestamp())
        return await _asked(f"http://127.0.0.1:{daemon.admin_port}", times)


def _fill(path: Path, now: float) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        fill(connection, CONVERSATIONS, now)


async def _asked(url: str, times: int) -> dict[str, list[float]]:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(url, cookie_jar=jar) as browser:
        headers = {"Origin": url, "Sec-Fetch-Site": "same-origin"}
        async with browser.post(
            "/operator/sign-in", data={"token": TOKEN}, headers=headers, allow_redirects=False
        ) as said:
            if said.status != 303:
                raise RuntimeError(await said.text())
        async with browser.get("/operator/conversations") as said:
            key = (await said.text()).partition("/operator/conversations?below=")[2][:12]
        paths = {
            "front": "/operator/",
            "list": "/operator/conversations",
            "further": f"/operator/conversations?below={key}",
            "search": "/operator/conversations?q=disk",
            "transcript": f"/operator/conversations/{key}",
            "trouble": "/operator/deliveries?state=trouble",
        }
        found: dict[str, list[float]] = {name: [] for name in paths}
        for n in range(times + 1):
            for name, path in paths.items():
                began = perf_counter()
                async with browser.get(path) as said:
                    await said.read()
                    if said.status != 200:
                        raise RuntimeError(f"{path}: {said.status}")
                if n:  # the first one loads templates
                    found[name].append((perf_counter() - began) * 1e3)
        return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(uvloop.run(measure(Path(sys.argv[1]), int(sys.argv[2])))))
