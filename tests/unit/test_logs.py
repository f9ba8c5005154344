"""What stands in the log, and what never does."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from aof import logs


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.configure(**before)


def set_up(stream: io.StringIO) -> None:
    logs.set_up(lambda text: text.replace("hunter2", "MASK"), stream=stream)


def test_a_line_is_json_that_begins_with_when_how_grave_and_what() -> None:
    out = io.StringIO()
    set_up(out)
    logs.get("aof.test").info("part_sent", part="a:1:0", attempt=1)
    (line,) = out.getvalue().splitlines()
    found = json.loads(line)
    assert list(found)[:3] == ["timestamp", "level", "event"]
    assert found["timestamp"].endswith("Z")
    assert (found["level"], found["event"], found["part"], found["attempt"]) == ("info", "part_sent", "a:1:0", 1)


def test_on_a_terminal_a_line_is_for_people() -> None:
    out = Terminal()
    set_up(out)
    logs.get("aof.test").info("part_sent", part="a:1:0")
    assert "part_sent" in out.getvalue()
    assert not out.getvalue().startswith("{")


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_a_secret_leaves_in_no_field_nesting_or_traceback(stream: type[io.StringIO]) -> None:
    out = stream()
    set_up(out)
    log = logs.get("aof.test")
    log.info("hunter2_happened", plain="hunter2", deep={"list": ["hunter2", ("hunter2",)]}, other=ValueError("hunter2"))
    try:
        int("hunter2")
    except ValueError:
        log.exception("agent_broken")
    logging.getLogger("somebody.else").warning("they say %s", "hunter2")
    assert out.getvalue().count("MASK") >= 6
    assert "hunter2" not in out.getvalue()


def test_what_is_below_the_level_is_neither_written_nor_looked_at() -> None:
    out, looked_at = io.StringIO(), list[str]()

    def redact(text: str) -> str:
        looked_at.append(text)
        return text

    logs.set_up(redact, stream=out)
    logs.get("aof.test").debug("webhook_accepted", platform="whatsapp")
    assert (out.getvalue(), looked_at) == ("", [])


def test_a_value_that_comes_again_is_looked_through_once_and_a_long_one_each_time() -> None:
    out, looked_at = io.StringIO(), list[str]()

    def redact(text: str) -> str:
        looked_at.append(text)
        return text.replace("hunter2", "MASK")

    logs.set_up(redact, stream=out)
    log = logs.get("aof.test")
    for _ in range(3):
        log.info("part_sent", outcome="hunter2", reason=f"hunter2 {'x' * 100}")
    assert looked_at.count("hunter2") == 1
    assert len([text for text in looked_at if len(text) > 100]) == 3
    assert out.getvalue().count("MASK") == 6
    assert "hunter2" not in out.getvalue()


def test_other_libraries_lines_are_json_too() -> None:
    out = io.StringIO()
    set_up(out)
    logging.getLogger("somebody.else").warning("a word", extra={"port": 1})
    found = json.loads(out.getvalue())
    assert (found["event"], found["level"], found["port"]) == ("a word", "warning", 1)


def test_a_conversation_is_the_same_within_one_store_and_another_in_the_next() -> None:
    number = "whatsapp:1/+15550001001"
    shown = logs.fingerprint(number, "store one")
    assert shown == logs.fingerprint(number, "store one")
    assert shown != logs.fingerprint(number, "store two")
    assert shown != logs.fingerprint(number + "0", "store one")
    assert "1001" not in shown
