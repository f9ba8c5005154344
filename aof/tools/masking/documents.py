"""JSON and YAML with their secrets masked, in the form they were printed in."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from aof.tools.masking.leaves import Path, Rules, Tree, masks, replaced
from aof.tools.masking.withheld import Withheld, unreadable
from aof.tools.redaction import MASK

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_SOURCE = re.compile(r"# Source: [\w./@+-]{1,200}")
_MANIFESTS = frozenset({"manifest"})


def masked_document(text: str, rules: Rules, *, what: str = "it") -> str:
    """A JSON or YAML document, or several behind each other.

    Raises:
        Withheld: It is neither.
    """
    if not text.strip():
        return text
    if text.lstrip().startswith(("{", "[")):
        return _json(text, rules, what)
    return masked_yaml(text, rules, what=what)


def _json(text: str, rules: Rules, what: str) -> str:
    decoder = json.JSONDecoder()
    found: list[str] = []
    at = 0
    try:
        while at < len(text):
            if text[at].isspace():
                at += 1
                continue
            tree, at = decoder.raw_decode(text, at)
            found.append(json.dumps(_with_manifests(replaced(tree, rules), rules), indent=4, ensure_ascii=False))
    except (ValueError, RecursionError):
        raise unreadable(what) from None
    return "\n".join(found) + "\n"


def _with_manifests(tree: Any, rules: Rules) -> Any:
    """With the YAML that helm puts into its JSON."""
    match tree:
        case dict():
            return {
                key: _manifest(value, rules)
                if key in _MANIFESTS and isinstance(value, str)
                else _with_manifests(value, rules)
                for key, value in tree.items()
            }
        case list():
            return [_with_manifests(item, rules) for item in tree]
        case _:
            return tree


def _manifest(text: str, rules: Rules) -> str:
    try:
        return masked_yaml(text, rules)
    except Withheld:
        return MASK


def masked_yaml(text: str, rules: Rules, *, what: str = "it") -> str:
    """YAML documents; of their comments only those stay that name a template.

    Raises:
        Withheld: It is none, or has aliases.
    """
    sources = [match[0] for match in _SOURCE.finditer(text)]
    try:
        nodes = [node for node in yaml.compose_all(text, _LOADER) if node is not None]
        for node in nodes:
            _mask(node, rules, what)
        shown = yaml.serialize_all(
            nodes, Dumper=_DUMPER, allow_unicode=True, width=1_000_000, explicit_start=len(nodes) > 1
        )
    except (yaml.YAMLError, RecursionError, ValueError):
        raise unreadable(what) from None
    if len(sources) == len(nodes) and len(nodes) > 1:
        parts = re.split(r"^---[ \t]*\n", shown, flags=re.MULTILINE)[1:]
        if len(parts) == len(sources):
            return "".join(f"---\n{source}\n{part}" for source, part in zip(sources, parts, strict=True))
    return str(shown)


def _mask(root: Node, rules: Rules, what: str) -> None:
    places: dict[Path, ScalarNode] = {}
    tree = _tree(root, (), places, set(), what)
    found = dict(masks(tree, rules))
    for path, node in places.items():
        manifest = path and path[-1] in _MANIFESTS and path not in found
        masked = _manifest(node.value, rules) if manifest else found.get(path)
        if masked is not None:
            node.value, node.tag = masked, "tag:yaml.org,2002:str"
            # a block would tell that it had many lines
            node.style = node.style if node.style in {"'", '"', "|"} and masked != MASK else None


def _tree(node: Node, path: Path, places: dict[Path, ScalarNode], seen: set[int], what: str) -> Tree:
    if id(node) in seen:
        # an alias: what is masked in one place would have to be in the other
        raise unreadable(what)
    seen.add(id(node))
    match node:
        case MappingNode():
            return dict(_entries(node, path, places, seen, what))
        case SequenceNode():
            return [_tree(item, (*path, at), places, seen, what) for at, item in enumerate(node.value)]
        case ScalarNode():
            places[path] = node
            return _scalar(node)
        case _:
            raise unreadable(what)


def _entries(
    node: MappingNode, path: Path, places: dict[Path, ScalarNode], seen: set[int], what: str
) -> Iterator[tuple[str, Tree]]:
    names: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, ScalarNode) or key.value in names:
            raise unreadable(what)
        names.add(key.value)
        yield key.value, _tree(value, (*path, key.value), places, seen, what)


def _scalar(node: ScalarNode) -> Tree:
    match node.tag:
        case "tag:yaml.org,2002:null":
            return None
        case "tag:yaml.org,2002:bool":
            return True
        case _:
            return str(node.value)
