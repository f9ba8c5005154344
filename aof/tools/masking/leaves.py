"""Which values of a document are secret: told by the kind of the object, the key, or what stands beside."""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aof.tools.redaction import MASK, NAMED_SO, Redactor

Tree = Any
"""Mappings, lists and scalars, as JSON has them."""
Path = tuple[str | int, ...]

_NAMED_SO = re.compile(
    rf"{NAMED_SO}|dsn|webhook|kubeconfig|htpasswd|dockercfg|dockerconfig|keystore|_key$|\.(?:key|pem|p12|pfx|jks)$"
    r"|^auth$|pass$",
    re.IGNORECASE,
)
_HOLDS_VARIABLES = re.compile(r"(?:^|[a-z_.-])env(?:ironment)?(?:s|_?vars?|_?variables)?$", re.IGNORECASE)
_APPLIED = re.compile(r"applied", re.IGNORECASE)
"""`kubectl.kubernetes.io/last-applied-configuration`, `objectset.rio.cattle.io/applied`: copies of the whole object."""
_OPTION = re.compile(rf"--?[\w-]*{NAMED_SO}[\w-]*", re.IGNORECASE)
_SECRET_FIELDS = frozenset({"data", "stringdata"})
_PAIRED = ("name", "key")


@dataclass(frozen=True, slots=True)
class Rules:
    """What differs from one kind of document to the next."""

    beneath: bool = False
    """A key that looks secret hides everything beneath it, as `credentials:` of a chart's values. Objects of Kubernetes
    have too many references (`secretKeyRef`) for that."""


def looks_secret(key: str) -> bool:
    """Whether a key says that its value is a secret."""
    return _NAMED_SO.search(key) is not None


def masks(tree: Tree, rules: Rules) -> Iterator[tuple[Path, str]]:
    """What stands in the place of which leaf."""
    yield from _below(tree, (), rules)


def _below(tree: Tree, path: Path, rules: Rules) -> Iterator[tuple[Path, str]]:
    match tree:
        case Mapping():
            yield from _mapping(tree, path, rules)
        case str():
            masked = _embedded(tree, rules)
            if masked != tree:
                yield path, masked
        case Sequence():
            for at, item in enumerate(tree):
                before = tree[at - 1] if at else None
                if isinstance(item, str) and isinstance(before, str) and _OPTION.fullmatch(before):
                    yield (*path, at), MASK
                else:
                    yield from _below(item, (*path, at), rules)


def _mapping(tree: Mapping[str, Tree], path: Path, rules: Rules) -> Iterator[tuple[Path, str]]:
    is_secret = "secret" in str(_folded(tree).get("kind") or "").lower()
    own = _own_values(tree) if is_secret else None
    is_pair = any(isinstance(tree.get(name), str) and looks_secret(str(tree[name])) for name in _PAIRED)
    for key, value in tree.items():
        here = (*path, key)
        if (is_secret and key.lower() in _SECRET_FIELDS) or (is_pair and key.lower() == "value"):
            yield from _every(value, here)
        elif key == "binaryData" or (key == "Data" and isinstance(value, str)):
            # of ConfigMaps and of docker's configs: in base64, where nothing else would see a secret
            yield from _every(value, here)
        elif is_secret and key == "items" and "kind" in tree and isinstance(value, list):
            yield from _below([_of_kind(item, tree["kind"]) for item in value], here, rules)
        elif _HOLDS_VARIABLES.search(key) and isinstance(value, Mapping | list):
            yield from _variables(value, here, rules)
        elif _APPLIED.search(key) and isinstance(value, str):
            yield here, _copy(value, rules)
        elif looks_secret(key) and (rules.beneath or not isinstance(value, Mapping)):
            yield from _below_secret(value, here, rules)
        elif own is None:
            yield from _below(value, here, rules)
        else:
            yield from _without(value, here, rules, own)


def _below_secret(value: Tree, path: Path, rules: Rules) -> Iterator[tuple[Path, str]]:
    """Switches stay, and so do lists of references, as `imagePullSecrets`."""
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, list) and not rules.beneath and any(isinstance(item, Mapping) for item in value):
        yield from _below(value, path, rules)
    else:
        yield from _every(value, path)


def _every(tree: Tree, path: Path) -> Iterator[tuple[Path, str]]:
    match tree:
        case Mapping():
            for key, value in tree.items():
                yield from _every(value, (*path, key))
        case list():
            for at, item in enumerate(tree):
                yield from _every(item, (*path, at))
        case _:
            yield path, MASK


def _variables(tree: Tree, path: Path, rules: Rules) -> Iterator[tuple[Path, str]]:
    """`[{name, value}]` of Kubernetes, `["NAME=value"]` of docker, `{NAME: value}` of charts and compose."""
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            here = (*path, key)
            if key in {"valueFrom", "name"}:
                yield from _below(value, here, rules)
            else:
                yield from _variables(value, here, rules) if isinstance(value, list) else _every(value, here)
    elif isinstance(tree, list):
        for at, item in enumerate(tree):
            here = (*path, at)
            if isinstance(item, str):
                name, has_value, _ = item.partition("=")
                yield here, f"{name}={MASK}" if has_value else item
            else:
                yield from _variables(item, here, rules)
    else:
        yield path, MASK


def _copy(text: str, rules: Rules) -> str:
    """Of an annotation that holds the whole object; one that is no JSON holds it in another form."""
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return MASK
    return json.dumps(replaced(tree, rules), ensure_ascii=False) if isinstance(tree, dict | list) else MASK


def _embedded(text: str, rules: Rules) -> str:
    """A leaf that is a JSON document itself."""
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return text
    found = dict(masks(tree, rules))
    return json.dumps(with_masks(tree, found), ensure_ascii=False) if found else text


def _own_values(tree: Mapping[str, Tree]) -> Redactor:
    """For whatever of a Secret repeats one of its own values."""
    found: list[str] = []
    for key, value in tree.items():
        if key.lower() in _SECRET_FIELDS and isinstance(value, Mapping):
            for one in value.values():
                found += _forms(str(one))
    return Redactor(found)


def _forms(value: str) -> Iterator[str]:
    yield value
    try:
        yield base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return


def _without(tree: Tree, path: Path, rules: Rules, own: Redactor) -> Iterator[tuple[Path, str]]:
    found = dict(_below(tree, path, rules))
    for here, text in _texts(tree, path):
        masked = own(found.get(here, text))
        if masked != text:
            found[here] = masked
    yield from found.items()


def _texts(tree: Tree, path: Path) -> Iterator[tuple[Path, str]]:
    match tree:
        case Mapping():
            for key, value in tree.items():
                yield from _texts(value, (*path, key))
        case str():
            yield path, tree
        case Sequence():
            for at, item in enumerate(tree):
                yield from _texts(item, (*path, at))


def _of_kind(item: Tree, kind: Tree) -> Tree:
    """The server leaves out the kind of what stands in a list of one kind."""
    return {"kind": kind, **item} if isinstance(item, Mapping) else item


def _folded(tree: Mapping[str, Tree]) -> dict[str, Tree]:
    return {key.lower(): value for key, value in tree.items()}


def replaced(tree: Tree, rules: Rules) -> Tree:
    """The document with its secrets masked."""
    return with_masks(tree, dict(masks(tree, rules)))


def with_masks(tree: Tree, found: Mapping[Path, str], path: Path = ()) -> Tree:
    """The document with some of its leaves replaced."""
    if path in found:
        return found[path]
    match tree:
        case Mapping():
            return {key: with_masks(value, found, (*path, key)) for key, value in tree.items()}
        case list():
            return [with_masks(item, found, (*path, at)) for at, item in enumerate(tree)]
        case _:
            return tree
