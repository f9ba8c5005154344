"""Every log event has a name, a sentence, and fields that give nobody away."""

import ast
import re
from typing import get_args

import pytest

from aof.store.results import PartResult
from tests.docs.pages.log_events import EXPANDED, FIELDS, LEVELS, Event, events, lines, read
from tests.docs.pages.log_words import WORDS
from tests.docs.pages.source import calls, constant

NEVER = frozenset(
    {
        *("text", "texts", "body", "said", "title", "caption", "question", "answer", "message", "payload", "raw"),
        *("number", "numbers", "phone", "phones", "wa_id", "user_id", "sender", "recipient", "chat", "chat_id"),
        *("name", "names", "called", "person", "who", "to", "address", "alias"),
        *("token", "secret", "password", "credential", "authorization", "signature", "headers", "api_key"),
        *("access_token", "verify_token", "app_secret", "pairing_code"),
    }
)
"""Words for what people say, for who they are, and for secrets."""


@pytest.mark.parametrize("event", events(), ids=lambda event: event.name)
def test_texts_numbers_and_tokens_are_never_fields(event: Event) -> None:
    assert not NEVER & set(event.fields)


def test_a_conversation_is_logged_as_its_keyed_hash() -> None:
    logged = [line.values["conversation"] for line in lines() if "conversation" in line.values]
    assert logged
    assert {ast.unparse(value.func) if isinstance(value, ast.Call) else "" for value in logged} == {"fingerprint"}


def test_every_event_has_a_sentence_and_every_sentence_an_event() -> None:
    names = {event.name for event in events()}
    without, idle = names - set(WORDS), set(WORDS) - names
    assert not without, f"write a sentence in tests/docs/pages/log_words.py for {sorted(without)}"
    assert not idle, f"nothing logs {sorted(idle)} any more"


@pytest.mark.parametrize("name", WORDS)
def test_a_sentence_is_short(name: str) -> None:
    assert WORDS[name].endswith(".")
    assert len(WORDS[name]) <= 120


@pytest.mark.parametrize("event", events(), ids=lambda event: event.name)
def test_a_name_is_words_and_its_words_are_known_before_the_daemon_runs(event: Event) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", event.name), f"expand {event.name} in EXPANDED"


@pytest.mark.parametrize("pattern", EXPANDED)
def test_an_expanded_name_has_the_levels_and_fields_of_the_code(pattern: str) -> None:
    (line,) = [line for line in lines() if line.event == pattern]
    assert {level for level, _ in EXPANDED[pattern].values()} == line.levels
    assert {field for _, more in EXPANDED[pattern].values() for field in more} <= set(line.fields)


def test_a_part_ends_in_one_event_for_each_result() -> None:
    assert set(EXPANDED["part_{outcome}"]) == {f"part_{result.__name__.lower()}" for result in get_args(PartResult)}


def test_no_field_of_a_result_is_left_out() -> None:
    """The fields behind `**` of the deliverer's line are given to one result at least."""
    (line,) = [line for line in lines() if line.event == "part_{outcome}"]
    more = {field for _, fields in EXPANDED[line.event].values() for field in fields}
    assert set(line.fields) - set(line.values) == more


def test_no_logger_is_overlooked() -> None:
    """Whatever is called like a logger's method with a word first is one of the lines that were found."""
    found = {line.event for line in lines()}
    for name, call in calls("aof"):
        if name.rpartition(".")[2] in LEVELS and "." in name and call.args and (word := constant(call.args[0])):
            assert word in found, f"{name}({word!r})"


def test_every_form_of_logging_is_read() -> None:
    module = ast.parse(
        """
log = get(__name__)
log.info("module_loaded", size=1)

def refuse(reason, **more):
    log.warning("caller_refused", reason=reason, **more)

refuse("why", bytes=2)

def settle(is_fine):
    fields = {"code": 3} if is_fine else {}
    logged = log.debug if is_fine else log.error
    logged(f"thing_{is_fine}", part=4, **fields, **({"wait": 5} if is_fine else {}))

    def inner():
        logs.get(__name__).exception("inner_broken")
        log.critical("inner_ended", exc_info=True)
"""
    )
    assert {(line.event, line.levels, line.fields) for line in read("some.module", module)} == {
        ("module_loaded", frozenset({"info"}), ("size",)),
        ("caller_refused", frozenset({"warning"}), ("reason", "bytes")),
        ("thing_{is_fine}", frozenset({"debug", "error"}), ("part", "code", "wait")),
        ("inner_broken", frozenset({"error"}), ("exception",)),
        ("inner_ended", frozenset({"critical"}), ("exception",)),
    }


def test_explained_fields_exist() -> None:
    assert set(FIELDS) <= {field for event in events() for field in event.fields}
