"""What the pages quote of the daemon is what the daemon says."""

import ast
import re
from functools import cache

import pytest

from aof.platforms.whatsapp.errors import CODES
from tests.docs.pages.log_events import events
from tests.docs.pages.source import ROOT, modules

PAGE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")

NAMED = (
    *("verify", "No messages arrive", "Invalid signature", "131047", "429", "Nothing leaves", "503", "190", "131030"),
    *("131026", "131049", "pairing code", "Two answers", "Silence", "port is taken", "store", "clock"),
)
"""What people search for."""

OUR_WORDS = re.compile(r"`([^`]+)`")

OTHERS = frozenset(
    {
        # SQLite's own words, which stand behind ours
        *("database or disk is full", "database is locked"),
        # the form of a line, which tests of the configuration hold
        "file:line: key: problem",
    }
)
"""Quotes that are put together by others, or while the daemon runs."""


@cache
def _sayings() -> tuple[str, ...]:
    """Every text that the code holds, with `…` where something is put in."""
    # some names of events are put together while the daemon runs
    found = {event.name for event in events()}
    for tree in modules().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                found.add("".join(str(v.value) if isinstance(v, ast.Constant) else "…" for v in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return tuple(" ".join(text.split()) for text in found)


def _sections() -> dict[str, str]:
    return dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n?)*)", PAGE, re.MULTILINE))


def _quotes() -> list[tuple[str, str]]:
    """What is said to be seen: the words of code of the paragraph that begins with "You see", and of the column "It
    says" of a table."""
    found = []
    for title, body in _sections().items():
        for paragraph in re.findall(r"^\*\*You see\*\*(.*?)\n\n", body, re.MULTILINE | re.DOTALL):
            found += [(title, quote) for quote in OUR_WORDS.findall(" ".join(paragraph.split()))]
        for table in re.findall(r"^\| It says \|.*\n\|.*\n((?:\|.*\n)+)", body, re.MULTILINE):
            found += [(title, quote) for row in table.splitlines() for quote in OUR_WORDS.findall(row.split(" | ")[0])]
    return found


def _is_said(quote: str) -> bool:
    pieces = [re.escape(piece) for piece in quote.split("…")]
    pattern = re.compile(".*?".join(pieces))
    return any(pattern.search(saying) for saying in _sayings())


def _is_elsewhere(quote: str) -> bool:
    """A command, a path of ours, a key or a metric: other tests hold those."""
    return bool(re.fullmatch(r"aof [a-z ]+|/[a-z]+|aof_[a-z_]+|daemon\.yaml|--\w+", quote))


@pytest.mark.parametrize(("title", "quote"), _quotes(), ids=lambda text: text[:40])
def test_what_is_seen_is_said_somewhere(title: str, quote: str) -> None:
    assert quote in OTHERS or _is_elsewhere(quote) or _is_said(quote), f"{title}: nobody says {quote!r}"


def test_a_quote_that_nobody_says_is_found() -> None:
    assert _is_said("can't listen on …:…: …")
    assert not _is_said("can't listen to …")
    assert len(_quotes()) > 80


def test_every_quote_holds_enough_to_be_found() -> None:
    for title, quote in _quotes():
        assert max(len(piece) for piece in quote.split("…")) >= 5, (title, quote)


@pytest.mark.parametrize("title", _sections())
def test_every_symptom_says_what_is_seen(title: str) -> None:
    assert _sections()[title].count("**You see**") == 1


@pytest.mark.parametrize("words", NAMED)
def test_what_people_search_for_is_a_heading(words: str) -> None:
    assert any(words in title for title in _sections())


def test_every_code_that_is_named_is_in_the_table() -> None:
    for code in re.findall(r"\b(1[0-9]{5}|80007)\b", PAGE):
        assert int(code) in CODES, code
