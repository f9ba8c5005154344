"""The example file: every key of the models with its default and one comment, written from the models themselves."""

import re
import textwrap
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from aof.config.daemon import DaemonConfig
from aof.config.docstrings import words_on
from aof.config.model import Absent
from aof.config.shape import shape_of

_MAIN = "whatsapp"
_HEAD = """\
# Every key of a daemon's configuration with its default. Copy it to daemon.yaml, export the variables it names
# (WHATSAPP_…), then: aof check daemon.yaml && aof serve --config daemon.yaml
# Any text may hold ${NAME} or ${NAME:-text for when it is not set}. A key that is commented out means something by
# its absence, which its comment says.
"""
_COLUMNS = (34, 64)
"""Where comments begin: the first that the key leaves free."""
_WIDTH = 120
_SENTENCE_ENDS = re.compile(r"(?<=\.)\s+(?=[A-Z`])")


def example(platforms: Mapping[str, type[BaseModel]]) -> str:
    """The text of daemon.yaml.example."""
    return _HEAD + "".join(f"{line}\n" for line in _section(DaemonConfig, "", platforms))


def sentence(written: str, about: FieldInfo) -> str:
    """The first sentence below a field, or on the section that it holds, without its point."""
    section = shape_of(about.annotation).section
    words = written or (section.__doc__ if section else None) or ""
    return " ".join(_SENTENCE_ENDS.split(words.strip())[0].split()).rstrip(".")


def absent(about: FieldInfo) -> str | None:
    """What follows where the key is absent, if that says something of its own."""
    return next((mark.means for mark in about.metadata if isinstance(mark, Absent)), None)


def written_key(name: str, about: FieldInfo) -> str:
    """A key as it stands in a file."""
    return "apiVersion" if name == "api_version" and "aof.dev" in str(about.default) else about.alias or name


def as_yaml(value: object) -> str:
    """A default, on one line."""
    text = yaml.safe_dump(_plain(value), default_flow_style=True, allow_unicode=True, width=10_000)
    return text.removesuffix("\n").removesuffix("\n...")


def env_keys(model: type[BaseModel]) -> frozenset[str]:
    """The keys that may be given as the name of a variable."""
    return getattr(model, "env_keys", frozenset())


def _section(
    model: type[BaseModel],
    lead: str,
    platforms: Mapping[str, type[BaseModel]],
    prefix: str = "",
    shown: Mapping[str, object] = MappingProxyType({}),
    *,
    base: int = 0,
) -> Iterator[str]:
    """The keys of a section.

    Args:
        prefix: Of the variables that hold its credentials.
        shown: Values in place of the defaults.
        base: Signs of a comment before each of its keys, also before those whose absence says nothing.
    """
    written = words_on(model)
    for name, about in model.model_fields.items():
        if "platforms" in model.model_fields:
            yield ""
        said = sentence(written[about.alias or name], about)
        if name == "platforms":
            yield from _commented(lead, "platforms:", said)
            yield from _platforms(f"{lead}  ", platforms)
            continue
        means = absent(about)
        said = f"{said}; absent: {means}" if means else said
        hidden = "# " if means and lead.count("#") == base else ""
        key = written_key(name, about)
        shape = shape_of(about.annotation)
        inner = shape_of(shape.item).section if shape.many else shape.section
        if inner and (means or not shape.many):
            yield from _commented(lead, f"{hidden}{key}:", said)
            below = f"{lead}{hidden}  "
            given = _first(about)
            values = given if isinstance(given, Mapping) else {}
            if shape.many:
                yield from _entry(inner, below)
            else:
                yield from _section(inner, below, platforms, shown=values, base=base)
        elif name in env_keys(model):
            yield from _commented(lead, f"{hidden}{key}_env: {_first(about) if means else prefix + name.upper()}", said)
        else:
            value = _first(about) if means else shown.get(name, about.get_default(call_default_factory=True))
            yield from _commented(lead, f"{hidden}{key}: {as_yaml(value)}", said)


def _platforms(lead: str, platforms: Mapping[str, type[BaseModel]]) -> Iterator[str]:
    """The main one as it is used, the others commented out: a copied file asks for the credentials of one alone."""
    for name in sorted(platforms, key=lambda name: (name != _MAIN, name)):
        about = (platforms[name].__doc__ or "").strip().split("\n")[0].rstrip(".")
        hidden = "" if name == _MAIN else "# "
        yield from _commented(lead, f"{hidden}{name}:", f"{about}; absent: it is not used" if hidden else about)
        yield from _section(platforms[name], f"{lead}{hidden}  ", {}, f"{name.upper()}_", base=len(hidden) // 2)


def _entry(model: type[BaseModel], lead: str) -> Iterator[str]:
    """One entry of a list, each key with its example."""
    written = words_on(model)
    for number, (name, about) in enumerate(model.model_fields.items()):
        yield from _commented(
            f"{lead}{'  ' if number else '- '}", f"{name}: {as_yaml(_first(about))}", sentence(written[name], about)
        )


def _commented(lead: str, text: str, comment: str) -> Iterator[str]:
    line = lead + text
    column = next((column for column in _COLUMNS if len(line) < column), 0)
    if column and column + 2 + len(comment) <= _WIDTH:
        yield f"{line.ljust(column)}# {comment}"
    else:
        yield from (f"{lead}# {part}" for part in textwrap.wrap(comment, _WIDTH - len(lead) - 2))
        yield line


def _first(about: FieldInfo) -> object:
    return (about.examples or [None])[0]


def _plain(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, PurePath) else value
