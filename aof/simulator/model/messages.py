"""What `messages` must be: known roles and parts, and every tool call answered before the conversation goes on."""

from typing import Any

from aof.simulator.model.errors import invalid
from aof.simulator.model.fields import a_list, a_name, a_text, an_object, missing, one_of, only, wrong_type

KEYS = {
    "developer": {"role", "content", "name"},
    "system": {"role", "content", "name"},
    "user": {"role", "content", "name"},
    "assistant": {"role", "content", "name", "refusal", "tool_calls", "audio"},
    "tool": {"role", "content", "tool_call_id"},
}
"""Every role, and what its message may hold. The old role `function` is not served."""

PARTS = {
    "developer": ("text",),
    "system": ("text",),
    "user": ("text", "image_url", "input_audio", "file"),
    "assistant": ("text", "refusal"),
    "tool": ("text",),
}
"""The types of content parts of each role."""


def check_messages(value: Any) -> None:
    """Refuse what OpenAI would refuse.

    Raises:
        Refused: With OpenAI's error.
    """
    open_calls: list[str] = []
    for index, item in enumerate(a_list(value, "messages")):
        where = f"messages[{index}]"
        message = an_object(item, where)
        role = one_of(message, "role", KEYS, where)
        if role == "tool":
            _answer(message, index, open_calls)
        elif open_calls:
            raise _unanswered(open_calls)
        only(message, KEYS[role], where)
        _content(message, role, where)
        if "name" in message:
            a_text(message, "name", where)
        if role == "assistant" and message.get("tool_calls") is not None:
            open_calls = _calls(message["tool_calls"], f"{where}.tool_calls")
    if open_calls:
        raise _unanswered(open_calls)


def _answer(message: dict[str, Any], index: int, open_calls: list[str]) -> None:
    """A tool message closes one open call."""
    call_id = a_text(message, "tool_call_id", f"messages[{index}]")
    if not open_calls:
        raise invalid(
            "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with "  # OpenAI's
            "'tool_calls'.",
            param=f"messages.[{index}].role",
        )
    if call_id not in open_calls:
        raise invalid(
            f"Invalid parameter: 'tool_call_id' of '{call_id}' not found in 'tool_calls' of previous message.",
            param=f"messages.[{index}].tool_call_id",
        )
    open_calls.remove(call_id)


def _unanswered(call_ids: list[str]) -> Exception:
    return invalid(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
        f"The following tool_call_ids did not have response messages: {', '.join(call_ids)}",
        param="messages",
    )


def _content(message: dict[str, Any], role: str, where: str) -> None:
    content = message.get("content")
    at = f"{where}.content"
    if content is None:
        if role == "assistant" and any(message.get(key) is not None for key in ("tool_calls", "refusal", "audio")):
            return
        if "content" not in message and role != "assistant":
            raise missing(at)
        raise invalid("Invalid value for 'content': expected a string, got null.", param=at.replace("[", ".["))
    if isinstance(content, str):
        return
    if not isinstance(content, list):
        raise wrong_type(at, "one of a string or array of objects", content)
    for number, item in enumerate(a_list(content, at)):
        part = an_object(item, f"{at}[{number}]")
        kind = one_of(part, "type", PARTS[role], f"{at}[{number}]")
        if kind in {"text", "refusal"}:
            a_text(part, kind, f"{at}[{number}]")
        elif kind not in part:
            raise missing(f"{at}[{number}].{kind}")
        else:
            an_object(part[kind], f"{at}[{number}].{kind}")


def _calls(value: Any, where: str) -> list[str]:
    """The ids of the tool calls of one message."""
    ids: list[str] = []
    for index, item in enumerate(a_list(value, where)):
        at = f"{where}[{index}]"
        call = an_object(item, at)
        only(call, {"id", "type", "function"}, at)
        one_of(call, "type", ("function",), at)
        if "function" not in call:
            raise missing(f"{at}.function")
        function = an_object(call["function"], f"{at}.function")
        only(function, {"name", "arguments"}, f"{at}.function")
        a_name(function, f"{at}.function")
        a_text(function, "arguments", f"{at}.function")
        call_id = a_text(call, "id", at)
        if call_id in ids:
            raise invalid(f"Duplicate value for 'id' of '{call_id}' in '{where}'.", param=f"{at}.id")  # synthetic
        ids.append(call_id)
    return ids
