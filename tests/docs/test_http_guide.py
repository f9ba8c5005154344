"""The page about programs: its client asks a real daemon that runs by the page's own file."""

import dataclasses

import yaml

from aof.clock import SystemClock
from aof.daemon import Daemon, read
from aof.platforms.http.parse import _KEYS, _Posted
from tests.docs.pages.source import ROOT
from tests.docs.reading import blocks, file_of
from tests.docs.trying import typed
from tests.e2e.agents import Echo

PAGE = ROOT / "docs" / "guides" / "http-platform.md"
SECRET = "secret-of-the-page"


async def test_the_client_of_the_page_gets_its_answer(tmp_path):
    block = next(block for block in blocks(PAGE) if block.language == "yaml")
    config = yaml.safe_load(block.text)
    config["spec"]["server"] = {"host": "127.0.0.1", "port": 0, "admin": {"port": 0}}
    (tmp_path / "daemon.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (tmp_path / "ask.py").write_text(file_of(PAGE, "ask.py"), encoding="utf-8")
    (command,) = next(block for block in blocks(PAGE) if block.language == "console").commands
    environ = {"HTTP_SECRET": SECRET}
    assembly = dataclasses.replace(read(tmp_path / "daemon.yaml", environ), agents={"runbook": lambda _: Echo()})
    async with Daemon(assembly, clock=SystemClock(), environ=environ) as daemon:
        said = await typed(tmp_path, f"export HTTP_SECRET={SECRET} AOF_URL=http://127.0.0.1:{daemon.port}\n{command}")
    assert said == "You said: how full is the disk\n"


def test_the_page_names_every_key_and_no_other():
    page = PAGE.read_text(encoding="utf-8")
    table = page[page.index("| Key | Meaning |") : page.index("Ids begin with")]
    keys = set(_Posted.model_fields)
    assert keys == {word for word in keys if f"`{word}`" in table or f"`{word}." in table}
    assert keys == set(_KEYS.replace(" and ", ", ").split(", "))
