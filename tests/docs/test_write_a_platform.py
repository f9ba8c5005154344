"""The page for authors: its package is built, installed beside ours, tried by the suite, and talked through."""

import asyncio
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from tests.docs.pages.source import ROOT
from tests.docs.reading import file_of
from tests.e2e.world import SECONDS

PAGE = ROOT / "docs" / "guides" / "write-a-platform.md"
FILES = ("pyproject.toml", "aof_pigeon.py", "tests/test_pigeon.py", "daemon.yaml")
SECRET, TOKEN = "secret-of-the-pigeon", "token-of-the-pigeon"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the page, installed into a directory of its own without any network."""
    folder = tmp_path_factory.mktemp("pigeon")
    for name in FILES:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(file_of(PAGE, name), encoding="utf-8")
    words = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--no-build-isolation",
        "--target",
        "site",
        ".",
    ]
    _run(folder, *words)
    return folder


def _environ(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": os.pathsep.join((str(folder / "site"), str(ROOT))),
        "PIGEON_TOKEN": TOKEN,
        "PIGEON_SECRET": SECRET,
        "NO_COLOR": "1",
    }


def _run(folder: Path, *words: str, within: str = ".") -> str:
    ended = subprocess.run(
        [sys.executable, *words],
        cwd=folder / within,
        env=_environ(folder),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_the_package_passes_the_suite(house: Path):
    # only what is installed may be found, and not the file beside the tests
    (house / "elsewhere").mkdir()
    said = _run(house, "-m", "pytest", "-q", "-p", "no:cacheprovider", "../tests/test_pigeon.py", within="elsewhere")
    found = re.search(r"(\d+) passed", said)
    assert found is not None
    assert int(found[1]) > 40


def test_its_keys_are_checked_like_ours(house: Path):
    said = _run(house, "-m", "aof", "check", "daemon.yaml")
    assert "daemon.yaml" in said
    (house / "wrong.yaml").write_text(file_of(PAGE, "daemon.yaml").replace("token_env", "tokn_env"))
    ended = subprocess.run(
        [sys.executable, "-m", "aof", "check", "wrong.yaml"],
        cwd=house, env=_environ(house), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert 'Did you mean "token_env"?' in ended.stdout + ended.stderr


async def test_a_message_comes_in_by_it_and_is_answered_through_it(house: Path):
    taken: asyncio.Queue[tuple[str, dict[str, str]]] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        taken.put_nowait((request.headers["Authorization"], await request.json()))
        return web.json_response({}, status=201)

    app = web.Application()
    app.router.add_post("/messages", take)
    gateway = web.AppRunner(app)
    await gateway.setup()
    await web.TCPSite(gateway, "127.0.0.1", 0).start()
    config = file_of(PAGE, "daemon.yaml").replace(
        "https://gateway.example.org", f"http://127.0.0.1:{gateway.addresses[0][1]}"
    )
    config += "  server: {host: 127.0.0.1, port: 0, admin: {port: 0}}\n"
    (house / "here.yaml").write_text(config)
    daemon = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "aof", "serve", "--config", "here.yaml",
        cwd=house, env=_environ(house), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(2 * SECONDS):
            port = await _port(daemon)
            body = json.dumps({"id": "p-1", "from": "ada", "text": "uptime", "at": int(time.time())}).encode()
            signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
            async with aiohttp.ClientSession() as session:
                url, headers = f"http://127.0.0.1:{port}/webhook/pigeon", {"X-Pigeon-Signature": signature}
                async with session.post(url, data=body, headers=headers) as accepted:
                    assert accepted.status == 200
                async with session.post(url, data=body, headers={"X-Pigeon-Signature": "sha256=no"}) as refused:
                    assert refused.status == 401
            shown, message = await taken.get()
    finally:
        if daemon.returncode is None:
            daemon.terminate()
        await daemon.communicate()
        await gateway.cleanup()
    assert shown == f"Bearer {TOKEN}"
    assert (message["to"], "up" in message["text"]) == ("ada", True)
    assert re.search(r"^1\. ", message["text"], re.MULTILINE), "choices are numbered lines"


async def _port(daemon: asyncio.subprocess.Process) -> int:
    assert daemon.stderr is not None
    while line := await daemon.stderr.readline():
        said = json.loads(line)
        if said["event"] == "daemon_started":
            assert said["platforms"] == ["pigeon"]
            return int(said["port"])
    raise AssertionError("the daemon did not start")
