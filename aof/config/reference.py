"""The page of all keys, written from the models."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from aof.config import later
from aof.config.agent import AgentConfig
from aof.config.classification import ClassificationConfig
from aof.config.context import ContextConfig
from aof.config.daemon import DaemonConfig
from aof.config.docstrings import words_on
from aof.config.example import absent, as_yaml, env_keys, written_key
from aof.config.model import keys_of
from aof.config.runbook import RunbookConfig
from aof.config.shape import Shape, shape_of
from aof.config.trigger import TriggerConfig

_HEAD = """\
# Configuration

Every key of every file, written from the models by `make docs`. `aof check` checks a file, and `aof schema` prints the
same as JSON Schema for editors.

Keys may be written as `snake_case`, `camelCase` or `kebab-case`. Any text may hold `${NAME}` or `${NAME:-a default}`,
except for prompts, which stay as they are. A key that says "or `…_env`" may hold the name of a variable instead.
"""
_WORDS: Mapping[type, str] = {bool: "true or false", int: "whole number", float: "number"}


def reference(platforms: Mapping[str, type[BaseModel]]) -> str:
    """The text of docs/reference/configuration.md."""
    kinds: dict[str, type[BaseModel]] = {
        "DaemonConfig": DaemonConfig,
        "Agent": AgentConfig,
        "Trigger": TriggerConfig,
        "Context": ContextConfig,
        "Runbook": RunbookConfig,
        "ToolClassification": ClassificationConfig,
    }
    lines = [_HEAD]
    for kind, model in kinds.items():
        lines += [f"## {kind}", "", _words(model.__doc__), ""]
        lines += _section(model, "", kind, platforms)
    return "\n".join(lines)


def _section(model: type[BaseModel], place: str, kind: str, platforms: Mapping[str, type[BaseModel]]) -> Iterator[str]:
    if place:
        yield from (f"### {kind}: `{place}`", "", _words(model.__doc__), "")
    yield from ("| Key | Type | Default | Meaning |", "|---|---|---|---|")
    inner: list[tuple[type[BaseModel], str]] = []
    written = words_on(model)
    for name, about in keys_of(model).items():
        key = written_key(name, about)
        at = f"{place}.{key}" if place else key
        shape = shape_of(about.annotation)
        yield _row(key, about, shape, model, written[name])
        item = shape_of(shape.item).section
        if name == "platforms":
            inner += [(settings, f"{at}.{platform}") for platform, settings in platforms.items()]
        elif shape.section:
            inner.append((shape.section, at))
        elif item:
            inner.append((item, f"{at}[]" if shape.many else f"{at}.*"))
    yield ""
    yield from _remarks(model, place, kind)
    for section, at in inner:
        yield from _section(section, at, kind, platforms)


def _row(key: str, about: FieldInfo, shape: Shape, model: type[BaseModel], written: str) -> str:
    means = absent(about)
    value = about.get_default(call_default_factory=True)
    if means:
        default = f"absent: {means}"
    elif about.is_required():
        default = "needed"
    else:
        default = "" if value is None or shape.section else f"`{as_yaml(value)}`"
    shown = f"`{key}` or `{key}_env`" if key in env_keys(model) else f"`{key}`"
    section = shape.section or shape_of(shape.item).section
    meaning = _words(written or (section.__doc__ if section else ""))
    return f"| {shown} | {_type(about.annotation, shape)}{_bounds(about)} | {default} | {meaning} |".replace(
        "`None`", ""
    )


def _bounds(about: FieldInfo) -> str:
    least = next((mark.ge for mark in about.metadata if hasattr(mark, "ge")), None)
    most = next((mark.le for mark in about.metadata if hasattr(mark, "le")), None)
    if least is None or most is None:
        return "" if least is None and most is None else f", {f'from {least}' if most is None else f'to {most}'}"
    return f", {least} to {most}"


def _type(annotation: Any, shape: Shape) -> str:
    if shape.words:
        return " or ".join(f"`{word}`" for word in shape.words)
    if shape.many:
        return "true, false or list" if shape.switch else "list"
    if shape.section and shape.text:
        return "text or keys"
    if shape.section:
        return "keys"
    if shape.switch:
        return "true or false"
    if shape.text:
        return "text"
    return next((word for kind, word in _WORDS.items() if kind.__name__ in str(annotation)), "keys")


def _remarks(model: type[BaseModel], place: str, kind: str) -> Iterator[str]:
    other: Mapping[str, str] = getattr(model, "other_names", {})
    if other:
        said = ", ".join(f"`{name}` is `{key}`" for name, key in sorted(other.items()))
        yield from (f"Other names: {said}.", "")
    if unread := getattr(model, "without_effect", None):
        yield from (f"Read without an effect, with a warning: {_listed(unread)}.", "")
    steps = tuple(place.split(".")) if place else ()
    if not_yet := later.keys_at(kind, steps):
        yield from (f"Not supported yet, and refused by name: {_listed(not_yet)}.", "")


def _listed(keys: Any) -> str:
    return ", ".join(f"`{key}`" for key in sorted(keys))


def _words(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")
