"""Structured logs: one line of JSON for a machine, a readable one on a terminal; secrets leave neither.

A log event is a past fact with fields. Texts, phone numbers and tokens are never fields; a conversation is logged as a
keyed hash.
"""

import hashlib
import logging
import re
import sys
from collections import deque
from collections.abc import Callable, Mapping, MutableMapping
from functools import lru_cache
from typing import Any, TextIO

import structlog
from structlog.typing import FilteringBoundLogger, Processor


class Recent:
    """The newest lines as they were written, secrets already taken out, for whoever looks at the log from a page."""

    def __init__(self, most: int, longest: int) -> None:
        self.last = 0
        """The number of the newest line, counted from 1."""
        self._lines: deque[tuple[int, dict[str, Any]]] = deque(maxlen=most)
        self._longest = longest

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """A step of the log's chain."""
        self.last += 1
        line = {key: self._cut(value) for key, value in event.items() if not key.startswith("_")}
        self._lines.append((self.last, line))
        return event

    def after(self, number: int) -> list[tuple[int, Mapping[str, Any]]]:
        """The lines behind a number that are still kept, the oldest first."""
        return [(at, line) for at, line in list(self._lines) if at > number]

    def _cut(self, value: Any) -> Any:
        return f"{value[: self._longest]}…" if isinstance(value, str) and len(value) > self._longest else value


RECENT = Recent(most=500, longest=2000)


def _console() -> Processor:
    # local variables hold what people wrote, and to lay them out takes seconds
    return structlog.dev.ConsoleRenderer(
        exception_formatter=structlog.dev.RichTracebackFormatter(show_locals=False, max_frames=20)
    )


def set_up(redact: Callable[[str], str], *, stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send all logs, other libraries' included, to `stream` (standard error), as JSON unless it is a terminal.

    Args:
        redact: Applied to every finished line's values, tracebacks included, as the last step.
    """
    out = stream or sys.stderr
    pretty = out.isatty()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.stdlib.ExtraAdder(),
        _redacting(redact),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _leading,
        RECENT,
    ]
    renderer: Processor = _console() if pretty else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        # a line that is below the level costs nothing: no field of it is looked at
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    writer = logging.StreamHandler(out)
    writer.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers = [writer]
    root.setLevel(level)
    # aiohttp's access lines hold addresses and paths with nothing that our own lines lack
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    # nor do lines about each request to a model
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)


def shows(level: int) -> bool:
    """Whether lines of this level are written: to be asked where one is made for every webhook."""
    return logging.getLogger().isEnabledFor(level)


def get(name: str) -> FilteringBoundLogger:
    """The logger of a module."""
    logger: FilteringBoundLogger = structlog.get_logger(name)
    return logger


def fingerprint(conversation: str, key: str) -> str:
    """A conversation as logs show it: the same within one store, and no way back to a number."""
    return hashlib.blake2s(conversation.encode(), key=key.encode()[:32], digest_size=6).hexdigest()


def _leading(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """When, how grave and what come first, for whoever reads a line."""
    return {key: event[key] for key in ("timestamp", "level", "event") if key in event} | dict(event)


# A terminal obeys them, and a line end in a value would look like a line of ours
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_CONTROLS_OF_A_TRACEBACK = re.compile(_CONTROLS.pattern.replace(r"\x00-\x1f", r"\x00-\x08\x0b-\x1f"))
_OF_MANY_LINES = frozenset({"exception", "stack"})
_HARMLESS = bool | int | float | None
_SHORT = 40
"""Characters of what is worth remembering once it was looked through."""


def _visible(text: str, *, many_lines: bool = False) -> str:
    controls = _CONTROLS_OF_A_TRACEBACK if many_lines else _CONTROLS
    return controls.sub(lambda found: ascii(found.group())[1:-1], text)


def _redacting(redact: Callable[[str], str]) -> Processor:
    # outcomes, names and codes come again with every line; a dozen patterns need not
    @lru_cache(maxsize=512)
    def known(short: str) -> str:
        return _visible(redact(short))

    def clean(value: object) -> object:
        if isinstance(value, str):
            return known(value) if len(value) <= _SHORT else _visible(redact(value))
        if isinstance(value, dict):
            return {key: clean(item) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [clean(item) for item in value]
        return value if isinstance(value, _HARMLESS) else _visible(redact(str(value)))

    def step(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for key in list(event):
            if key in _OF_MANY_LINES:
                event[key] = _visible(redact(str(event[key])), many_lines=True)
            elif not key.startswith("_"):
                event[key] = clean(event[key])
        return event

    return step
