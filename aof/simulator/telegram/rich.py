"""Rich messages: the Markdown that a bot sends, as the blocks that Telegram keeps."""

from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from aof.simulator.telegram.refusals import bad, unsupported

Json = dict[str, Any]
CHARACTERS_MOST = 32_768
BLOCKS_MOST = 500
DEPTH_MOST = 16
COLUMNS_MOST = 20
_SPANS = {"strong": "bold", "em": "italic", "s": "strikethrough"}

_markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def blocks_of(rich_message: Json, *, may_be_empty: bool = False) -> list[Json]:
    """What a message will hold.

    Raises:
        Refused: It is empty, too long, too deep, or written otherwise than in Markdown.
    """
    ways = [way for way in ("markdown", "html", "blocks") if way in rich_message]
    if len(ways) > 1 or (not ways and not may_be_empty):
        raise bad(
            "exactly one of the fields html, markdown and blocks must be used in InputRichMessage", "rich_message"
        )
    if ways and ways != ["markdown"]:
        raise unsupported(f"rich messages in {ways[0]}", "rich_message")
    written = rich_message.get("markdown", "")
    if len(written) > CHARACTERS_MOST:
        raise bad("rich message is too long", "rich_message")
    blocks = _blocks(SyntaxTreeNode(_markdown.parse(written)).children)
    if not blocks and not may_be_empty:
        raise bad("rich message is empty", "rich_message")
    count, depth = _measured(blocks)
    if count > BLOCKS_MOST:
        raise bad("rich message has too many blocks", "rich_message")
    if depth > DEPTH_MOST:
        raise bad("rich message is nested too deeply", "rich_message")
    return blocks


def text_of(blocks: Sequence[Json]) -> str:
    """All that can be read in it, a line for each block, row and item."""
    return "\n".join(_lines(blocks))


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> list[Json]:
    return [block for node in nodes if (block := _block(node)) is not None]


def _block(node: SyntaxTreeNode) -> Json | None:
    match node.type:
        case "heading":
            return {"type": "heading", "size": int(node.tag[1:]), "text": _inline(node)}
        case "paragraph":
            return {"type": "paragraph", "text": _inline(node)}
        case "fence" | "code_block":
            block: Json = {"type": "pre", "text": node.content.removesuffix("\n")}
            return block | ({"language": node.info.split()[0]} if node.info.strip() else {})
        case "hr":
            return {"type": "divider"}
        case "blockquote":
            return {"type": "blockquote", "blocks": _blocks(node.children)}
        case "bullet_list" | "ordered_list":
            first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
            return {"type": "list", "items": [_item(one, first, n) for n, one in enumerate(node.children)]}
        case "table":
            return {"type": "table", "cells": _cells(node), "is_bordered": True}
        case "html_block":
            return {"type": "paragraph", "text": node.content.strip()}
    return None


def _item(node: SyntaxTreeNode, first: int | None, number: int) -> Json:
    item: Json = {"label": "•", "blocks": _blocks(node.children)}
    if first is not None:
        item |= {"label": f"{first + number}.", "value": first + number}
    return item


def _cells(node: SyntaxTreeNode) -> list[list[Json]]:
    rows = [row for part in node.children for row in part.children]
    cells = [[_cell(cell) for cell in row.children] for row in rows]
    if any(len(row) > COLUMNS_MOST for row in cells):
        raise bad("table has too many columns", "rich_message")
    return cells


def _cell(node: SyntaxTreeNode) -> Json:
    style = str(node.attrs.get("style", ""))
    align = next((side for side in ("right", "center") if style.endswith(side)), "left")
    cell: Json = {"text": _inline(node), "align": align, "valign": "top"}
    return cell | ({"is_header": True} if node.tag == "th" else {})


def _inline(node: SyntaxTreeNode) -> Any:
    """A RichText: a text, or several pieces."""
    pieces = [piece for child in node.children for piece in _pieces(child) if piece]
    joined: list[Any] = []
    for piece in pieces:
        if joined and isinstance(piece, str) and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    if len(joined) == 1:
        return joined[0]
    return joined or ""


def _pieces(node: SyntaxTreeNode) -> Iterator[Any]:
    match node.type:
        case "inline":
            for child in node.children:
                yield from _pieces(child)
        case "strong" | "em" | "s":
            yield {"type": _SPANS[node.type], "text": _inline(node)}
        case "code_inline":
            yield {"type": "code", "text": node.content}
        case "link":
            yield {"type": "url", "text": _inline(node), "url": str(node.attrs["href"])}
        case "softbreak":
            yield " "
        case "hardbreak":
            yield "\n"
        case _:
            yield node.content


def _measured(blocks: Sequence[Json]) -> tuple[int, int]:
    """How many blocks, items and rows there are, and how deep they are nested."""
    count, depth = 0, 0
    for block in blocks:
        inner = [(len(block.get("cells", ())), 0), _measured(block.get("blocks", ()))]
        inner += [_measured(item["blocks"]) for item in block.get("items", ())]
        count += 1 + len(block.get("items", ())) + sum(one for one, _ in inner)
        depth = max(depth, 1 + max(one for _, one in inner))
    return count, depth


def _lines(blocks: Sequence[Json]) -> Iterator[str]:
    for block in blocks:
        if "text" in block:
            yield _plain(block["text"])
        yield from _lines(block.get("blocks", ()))
        for item in block.get("items", ()):
            first, *rest = list(_lines(item["blocks"])) or [""]
            yield f"{item['label']} {first}"
            yield from rest
        for row in block.get("cells", ()):
            yield " | ".join(_plain(cell["text"]) for cell in row)


def _plain(text: Any) -> str:
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(map(_plain, text))
    return _plain(text["text"])
