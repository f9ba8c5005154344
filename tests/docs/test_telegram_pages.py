"""The page about Telegram says what the adapter does."""

import ast
import re
from typing import get_args

from aof.domain.message import ButtonPress as Press
from aof.domain.message import ChatMoved, InboundMessage, Notice, Reachability, Reaction, Unreadable
from aof.platforms.telegram import TelegramConfig, TelegramPlatform
from aof.platforms.telegram.limits import LIMITS, MOST_DOWNLOAD_BYTES
from aof.platforms.telegram.parse import READ
from aof.platforms.telegram.parse.contents import CONTENTS
from aof.platforms.telegram.reactions import ALLOWED
from tests.docs.pages.source import ROOT, modules

PAGE = (ROOT / "docs/reference/telegram-integration.md").read_text(encoding="utf-8")

EVENTS = (InboundMessage, Press, Reaction, Reachability, ChatMoved, Notice, Unreadable)
"""What the adapter makes; the others are of platforms that tell more."""


def _first_cells(heading: str) -> set[str]:
    """The words of code in the first column of the first table under a heading."""
    section = PAGE.partition(f"{heading}\n")[2].partition("\n#")[0]
    cells = re.findall(r"^\| (.*?) \| ", section, re.MULTILINE)
    return {word for cell in cells for word in re.findall(r"`(\w+)`", cell)}


def _methods() -> set[str]:
    """Every method of the Bot API that the adapter names."""
    rooms = [tree for name, tree in modules().items() if name.startswith("aof.platforms.telegram")]
    texts = {
        node.value
        for tree in rooms
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {text for text in texts if re.fullmatch(r"(get|set|send|edit|delete|answer)[A-Z][A-Za-z]+", text)}


def test_every_kind_of_event_is_there() -> None:
    assert _first_cells("## What comes in") == {kind.model_fields["kind"].default for kind in EVENTS}
    rooms = "".join(ast.unparse(tree) for name, tree in modules().items() if "telegram.parse" in name)
    made = {kind.__name__ for kind in EVENTS}
    assert {name for name in made if f"{name}(**" in rooms} == made


def test_every_kind_of_update_and_of_content_is_there() -> None:
    assert _first_cells("### Kinds of update") == set(READ)
    assert _first_cells("### What a message holds") == CONTENTS | {"text", "rich_message"}


def test_every_method_that_is_called_is_there_and_no_other() -> None:
    section = PAGE.partition("## What goes out\n")[2].partition("\n## ")[0]
    told = set(re.findall(r"`((?:get|set|send|edit|delete|answer)[A-Z]\w+)`", section))
    files = {"sendPhoto", "sendVideo", "sendAudio", "sendVoice", "sendSticker"}  # named by what they send
    assert told == _methods() | files


def test_words_and_numbers_are_those_of_the_code() -> None:
    assert f"`{TelegramPlatform.signature_header}`" in PAGE
    assert all(f"`mode: {mode}`" in PAGE for mode in get_args(TelegramConfig.model_fields["mode"].annotation))
    assert f"the nearest of the {len(ALLOWED)} that" in PAGE
    assert f"{MOST_DOWNLOAD_BYTES // 1024 // 1024} MB at most" in PAGE
    assert LIMITS.buttons is not None
    assert f"Buttons carry at most {LIMITS.buttons.id.most} bytes" in PAGE
