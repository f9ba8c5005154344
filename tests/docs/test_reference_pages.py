"""The pages of errors and of limits leave nothing out, and explain nothing that is not there."""

import ast
import re
from datetime import timedelta
from importlib import import_module

import pytest

from aof.domain.errors import AofError
from aof.platforms.telegram import errors as telegram_errors
from aof.platforms.telegram import limits as telegram
from aof.platforms.whatsapp.errors import CODES, Outcome
from tests.docs.pages import errors, limits
from tests.docs.pages.source import modules

ERRORS, LIMITS = errors.page(), limits.page()

OF_THE_CODE = {"aof.pipeline.answer.LEASE", "aof.pipeline.deliver.OPEN_FACTOR", "aof.daemon.running.SWEEP_SECONDS"} | {
    "aof.daemon.running.SWEEP_BATCH",
    "aof.daemon.lag.LAG_SECONDS",
}
"""Numbers that limit nothing that somebody outside could meet."""


def test_every_class_of_error_is_on_the_page() -> None:
    assert set(re.findall(r"^\| (?:↳ )*`(\w+)`", ERRORS, re.MULTILINE)) >= {kind.__name__ for kind in errors.classes()}
    assert {kind.__name__ for kind in AofError.__subclasses__() if kind.__module__ == "aof.domain.errors"} <= {
        kind.__name__ for kind in errors.classes()
    }


@pytest.mark.parametrize("outcome", Outcome)
def test_every_code_is_on_the_page_under_what_is_done(outcome: Outcome) -> None:
    section = ERRORS.partition(f"### {errors.TITLES[outcome]}\n")[2].partition("\n### ")[0].partition("\n## ")[0]
    found: set[int] = set()
    for cell in re.findall(r"^\| (`\d.*?) \| ", section, re.MULTILINE):
        for first, last in re.findall(r"`(\d+)`(?:–`(\d+)`)?", cell):
            found |= set(range(int(first), int(last or first) + 1))
    assert found == {code for code, verdict in CODES.items() if verdict.outcome is outcome}


def test_every_code_of_telegrams_is_on_the_page() -> None:
    section = ERRORS.partition("## Telegram's codes\n")[2].partition("\n## ")[0]
    told = set(map(int, re.findall(r"`(\d{3})`", section)))
    assert told == {*telegram_errors.CODES, *telegram_errors.WORDS}
    for rows in telegram_errors.WORDS.values():
        assert all(f"*{piece}*" in section for piece, _ in rows)


def test_every_answer_of_a_port_is_explained() -> None:
    """A sentence without a meaning, or a meaning without a sentence: change tests/docs/pages/errors.py."""
    assert errors.said() == set(errors.ANSWERS)


def test_a_broken_file_is_told_in_the_form_that_the_page_names() -> None:
    lines = errors.problems().splitlines()
    assert len(lines) > 2
    for line in lines:
        assert re.fullmatch(r"daemon\.yaml:\d+: [\w.]+: [^.]+\. .+[.?]", line), line


def test_every_verdict_without_a_code_says_when_it_is_given() -> None:
    assert len(errors.codeless()) > 5
    assert all(when.endswith(".") for _, when in errors.codeless().values())


def test_the_limits_of_the_platform_are_all_there_with_their_sources() -> None:
    rows = list(limits.sizes())
    assert len(rows) == 12
    for what, most, _, meaning, source in rows:
        assert int(most) > 0
        assert meaning, what
        assert source.startswith(("https://", "Meta's OpenAPI")), what


def test_the_limits_of_telegram_are_all_there() -> None:
    rows = {what: most for what, most, *_ in limits.sizes(telegram.LIMITS)}
    assert set(rows) == {"text", "body", "buttons", "buttons.id", "buttons.title", "document"}
    section = LIMITS.partition("## What Telegram takes\n")[2].partition("\n## ")[0]
    named = {name for name in vars(telegram) if name.isupper() and name[0] != "_"} - {"LIMITS", "RATES"}
    assert named >= {"RICH", "TYPING_LASTS"}
    for name in named:
        assert f"\n| {name.lower().replace('_', ' ')} | " in section, f"{name} says nothing of itself"


def test_every_number_that_a_file_can_change_says_what_it_is() -> None:
    found = list(limits.configured())
    assert len(found) > 5
    assert all(meaning for _, _, meaning in found)


@pytest.mark.parametrize("module", limits.OWN_NAMES)
def test_every_number_of_a_room_with_limits_is_on_the_page(module: str) -> None:
    numbers = {
        f"{module}.{name}"
        for name, value in vars(import_module(module)).items()
        if name.isupper() and name[0] != "_" and isinstance(value, int | float | timedelta)
    }
    assigned = {name for name in numbers if re.search(rf"^{name.rpartition('.')[2]} = ", _text(module), re.MULTILINE)}
    assert assigned - OF_THE_CODE <= {name for name, _, _ in limits.own()}


def _text(module: str) -> str:
    return ast.unparse(modules()[module])
