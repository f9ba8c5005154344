"""Commands that an answer asks approval for in its text: `requires_approval: true` and `command: "…"`.

The text is never run: the command is taken out of it, and asked for like any other call.
"""

import json
import re

_WANTS = re.compile(r"^[\s>*-]*[\"'`]?requires_approval[\"'`]?\s*:\s*[\"'`]?true\b", re.IGNORECASE | re.MULTILINE)
_COMMAND = re.compile(r"^[\s>*-]*[\"'`]?command[\"'`]?[ \t]*:[ \t]*(?P<value>\S[^\n]*)$", re.IGNORECASE | re.MULTILINE)
_LINE = re.compile(
    r"^[\s>*-]*[\"'`]?(?:requires_approval|command)[\"'`]?[ \t]*:[^\n]*\n?", re.IGNORECASE | re.MULTILINE
)
_LEFT_OVER = re.compile(r"^```\w*\s*\{?\s*\}?\s*```[ \t]*\n?|^\{\s*\}[ \t]*$|^\s*-{3,}[ \t]*$", re.MULTILINE)


def command_request(text: str) -> str | None:
    """The command that the text asks approval for; None where it asks for none, or names more than one."""
    if not _WANTS.search(text):
        return None
    commands = {_unquoted(found["value"].strip()) for found in _COMMAND.finditer(text)}
    return commands.pop() or None if len(commands) == 1 else None


def without_request(text: str) -> str:
    """What the text says beside the convention's two lines."""
    return _LEFT_OVER.sub("", _LINE.sub("", text)).strip()


def _unquoted(value: str) -> str:
    """The value by YAML's rules for quotes; where a quote inside was not escaped, up to the last one of the line."""
    value = value.rstrip(",").rstrip()
    quote = value[0]
    if quote not in "\"'`":
        return value
    end = value.rfind(quote)
    if end == 0:
        return value[1:].strip()
    inside = value[1:end]
    if quote == '"':
        try:
            return str(json.loads(f'"{inside}"', strict=False)).strip()
        except ValueError:
            return inside.replace('\\"', '"').strip()
    return (inside.replace("''", "'") if quote == "'" else inside).strip()
