"""Text, location and reaction."""

import re

from aof.simulator.validate.report import Node

TEXT_MOST = 4096

_BASE = "[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]"
_PIECE = f"{_BASE}\ufe0f?[\U0001f3fb-\U0001f3ff]?[\U000e0020-\U000e007f]*"
ONE_EMOJI = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_PIECE}(?:\u200d{_PIECE})*")


def check_text(text: Node) -> None:
    text.only("body", "preview_url")
    text.flag("preview_url")
    body = text.text("body")
    if body is None:
        return
    size = text.report.size(body)
    if size > TEXT_MOST:
        text.report.param(f"Param {text.at('body')} must be at most {TEXT_MOST} characters long.")  # captured
    elif size < 1:
        text.report.param(f"Param {text.at('body')} must be at least 1 characters long.")  # synthetic


def check_location(location: Node) -> None:
    for key, most in (("latitude", 90.0), ("longitude", 180.0)):
        value = location.value.get(key)
        if value is None:
            location.report.missing(location.at(key))
        elif (degrees := _degrees(value)) is None or not -most <= degrees <= most:
            location.report.value(f"{key.capitalize()} is not valid.")  # synthetic
    location.text("name", required=False)
    location.text("address", required=False)


def _degrees(value: object) -> float | None:
    """Meta's own examples have numbers and strings."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def check_reaction(reaction: Node) -> None:
    reaction.only("message_id", "emoji")
    reaction.text("message_id")
    emoji = reaction.text("emoji")
    if emoji and not ONE_EMOJI.fullmatch(emoji):
        reaction.report.value("Reaction emoji is not valid.")  # synthetic
