"""The pages about WhatsApp say what the adapter does."""

import re
from typing import get_args

import pytest

from aof.domain.delivery import STATE_OF_RECEIPT
from aof.domain.message import InboundEvent
from aof.domain.response import Status
from aof.formatting.render import SIGNS
from aof.pipeline.commands import ALIASES
from aof.platforms.whatsapp.limits import LIMITS, RATES
from aof.platforms.whatsapp.parse.messages import _READERS
from aof.platforms.whatsapp.versions import DEFAULT
from tests.docs.pages.source import ROOT

REFERENCE = (ROOT / "docs/reference/whatsapp-integration.md").read_text(encoding="utf-8")
CONCEPT = (ROOT / "docs/concepts/whatsapp-integration.md").read_text(encoding="utf-8")

OF_OTHER_PLATFORMS = {"chat_moved", "reachability"}
"""Kinds of events that Meta's webhooks can't tell of."""


def _first_cells(heading: str, page: str = REFERENCE) -> set[str]:
    """The words of code in the first column of the first table under a heading."""
    section = page.partition(f"{heading}\n")[2].partition("\n#")[0]
    cells = re.findall(r"^\| (.*?) \| ", section, re.MULTILINE)
    return {word for cell in cells for word in re.findall(r"`(\w+)`", cell)}


def test_every_kind_of_event_is_there() -> None:
    union, *_ = get_args(InboundEvent)
    kinds = {kind.model_fields["kind"].default for kind in get_args(union)}
    assert _first_cells("## What comes in") == kinds - OF_OTHER_PLATFORMS


def test_every_type_of_message_is_there() -> None:
    assert _first_cells("### Types of messages") == set(_READERS)


def test_every_receipt_leads_to_the_state_of_the_code() -> None:
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| \*(\w+)\*", REFERENCE.partition("## Receipts\n")[2], re.MULTILINE)
    told = {word: state for words, state in rows for word in re.findall(r"\w+", words)}
    assert told == {receipt: str(state) for receipt, state in STATE_OF_RECEIPT.items()}


@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_sign(status: Status) -> None:
    assert SIGNS[status] in CONCEPT
    assert re.search(rf"^\| \w+ \| {SIGNS[status]} \|$", REFERENCE, re.MULTILINE)


@pytest.mark.parametrize("word", sorted(set(ALIASES.values())))
def test_every_command_is_named(word: str) -> None:
    assert f"`/{word}`" in REFERENCE or f"`/{word} " in REFERENCE


def test_numbers_are_those_of_the_code() -> None:
    assert LIMITS.buttons is not None
    assert LIMITS.rows is not None
    assert f"| {LIMITS.buttons.most} buttons, {LIMITS.buttons.title.most} characters each |" in CONCEPT
    assert f"| {LIMITS.rows.most} rows in the whole message" in CONCEPT
    assert f"titles of {LIMITS.rows.title.most} characters" in CONCEPT
    assert f"| {LIMITS.text.most:,} characters; {LIMITS.body.most:,} beside buttons or rows |" in CONCEPT
    assert (
        f"Up to {LIMITS.buttons.most} choices whose whole titles fit {LIMITS.buttons.title.most} characters"
        in REFERENCE
    )
    assert f"| {LIMITS.body.most:,} characters, else {LIMITS.text.most:,} |" in REFERENCE
    assert f"The version is `{DEFAULT}`" in REFERENCE
    rates = f"{RATES.per_second} messages a second for the number", f"{RATES.pair_burst} at once to one person"
    assert all(rate in REFERENCE for rate in rates)
    assert f"then one in {RATES.pair_refill.total_seconds():g} seconds" in REFERENCE
