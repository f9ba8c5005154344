"""Bodies of sends."""

from typing import Any

PHONE = "+15550001001"
LEAD = "+15550002002"


def message(kind: str, node: Any, to: str = PHONE, **more: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": to, "type": kind, kind: node} | more


def interactive(kind: str, action: Any, body: str = "Choose", **more: Any) -> dict[str, Any]:
    return message("interactive", {"type": kind, "body": {"text": body}, "action": action} | more)


def buttons(*titles: str, **more: Any) -> dict[str, Any]:
    replies = [{"type": "reply", "reply": {"id": f"b{n}", "title": title}} for n, title in enumerate(titles)]
    return interactive("button", {"buttons": replies}, **more)


def rows(*counts: int, **more: Any) -> dict[str, Any]:
    """A list with one section for each count of rows."""
    sections = [
        {"title": f"Section {s}", "rows": [{"id": f"r{s}.{r}", "title": f"Row {s}.{r}"} for r in range(count)]}
        for s, count in enumerate(counts)
    ]
    return interactive("list", {"button": "Options", "sections": sections}, **more)


def template(*parameters: str, name: str = "order_update", language: str = "en_US") -> dict[str, Any]:
    components = [{"type": "body", "parameters": [{"type": "text", "text": text} for text in parameters]}]
    return message("template", {"name": name, "language": {"code": language}, "components": components})


def nested(depth: int) -> Any:
    """An object in an object, so many deep."""
    node: Any = {}
    for _ in range(depth - 1):
        node = {"x": node}
    return node


def replaced(node, wrong):
    """The same body again and again, each time with one value at one place replaced."""
    if isinstance(node, dict):
        for key in node:
            yield node | {key: wrong}
            yield from (node | {key: changed} for changed in replaced(node[key], wrong))
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from ([*node[:index], changed, *node[index + 1 :]] for changed in [wrong, *replaced(item, wrong)])
