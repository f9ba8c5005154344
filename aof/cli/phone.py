"""What a phone shows, in a terminal."""

from typing import Any

_TICKS = {"sent": "✓", "delivered": "✓✓", "read": "✓✓ read", "failed": "failed"}


def shown(message: dict[str, Any]) -> str:
    """One message of the simulator's control API as indented lines: what was written after `>`, what came after `<`."""
    mark = "<" if message["direction"] == "in" else ">"
    text = "\n".join(filter(None, (_file(message), str(message.get("text") or "")))) or f"[{message['type']}]"
    lines = [f"  {mark} {line}" if n == 0 else f"    {line}" for n, line in enumerate(text.splitlines() or [""])]
    if message.get("keyboard"):
        lines += ["    " + " ".join(f"[{key['text']}]" for key in row) for row in message["keyboard"]]
    elif message.get("buttons"):
        lines.append("    " + " ".join(f"[{button['title']}]" for button in message["buttons"]))
    if message.get("rows"):
        lines.append(f"    [{message['button_label']}]")
        lines += [f"      - {row['title']}{_described(row)}" for row in message["rows"]]
    # Telegram tells its bots nothing of what became of a message
    if message["direction"] == "in" and "chat_id" not in message:
        lines.append(f"    {_TICKS.get(message['status'], message['status'])}")
    return "\n".join(lines)


def _file(message: dict[str, Any]) -> str:
    """The name of the file that a message carries."""
    node = message.get("content", {}).get(message["type"])
    name = node.get("filename") if isinstance(node, dict) else None
    return f"[{message['type']}: {name}]" if name else ""


def _described(row: dict[str, Any]) -> str:
    return f": {row['description']}" if row.get("description") else ""
