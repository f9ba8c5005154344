"""A page that leads somewhere step by step, as those who type it meet it."""

import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.docs.reading import Block, blocks, file_of
from tests.docs.trying import replaced, typed
from tests.e2e.world import SECONDS


@dataclass(frozen=True, slots=True)
class Steps:
    """One page."""

    page: Path

    def commands(self, section: int) -> list[list[str]]:
        """The commands of each block of a section."""
        return [block.commands for block in self._blocks(section, "console")]

    def shown(self, section: int) -> list[str]:
        """What the page says that a phone shows."""
        return [plain(block.text) for block in self._blocks(section, "text")]

    def write(self, folder: Path, file: str, changes: dict[str, str] | None = None) -> None:
        """Put one of its files there, with other words in it."""
        (folder / file).write_text(replaced(file_of(self.page, file), changes or {}), encoding="utf-8")

    def _blocks(self, section: int, language: str) -> list[Block]:
        text = self.page.read_text(encoding="utf-8").partition(f"## {section}. ")[2].partition("\n## ")[0]
        return [block for block in blocks(self.page) if block.language == language and block.text in text]


def plain(text: str) -> str:
    """Without what differs from run to run, and the marks of a block of code."""
    text = re.sub(r"\d+ is gone, pid \d+", "1 is gone, pid 2", re.sub(r"Fingerprint: [0-9a-f]{12}", "", text))
    return "\n".join(line for line in text.splitlines() if line.strip(" `"))


def as_on_the_page(message: dict[str, Any]) -> str:
    """A message as a page shows it."""
    titles = " ".join(f"[{button['title']}]" for button in message["buttons"] or ())
    return plain(f"{message['text']}\n{titles}")


async def newest(folder: Path, look: str, wanted: int) -> dict[str, Any]:
    """The message that a phone shows last, once the daemon has sent so many."""
    after, found = 0, list[dict[str, Any]]()
    async with asyncio.timeout(SECONDS):
        while len(found) < wanted:
            page = json.loads(await typed(folder, look.replace("after=1&", f"after={after}&")))
            for message in page["messages"]:
                after = message["seq"]
                found += [message] if message["direction"] == "in" else []
    return found[-1]


def is_running(pid: str) -> bool:
    """Whether there is such a process, and not only what is left of it."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
