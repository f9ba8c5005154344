"""Every key of agents and triggers, walked through the models: its typo is known, and its bounds are kept."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from aof.config.agent import AgentConfig, FlatAgent
from aof.config.classification import ClassificationConfig, ClassificationSpec
from aof.config.context import ContextConfig, ContextSpec
from aof.config.daemon import DaemonConfig, DaemonSpec, ServerConfig
from aof.config.example import written_key
from aof.config.model import keys_of
from aof.config.platform import PlatformConfig
from aof.config.runbook import RunbookConfig, RunbookSpec, RunbookStep
from aof.config.shape import shape_of
from aof.config.trigger import TriggerConfig, TriggerSpec

Path_ = tuple[str | int, ...]
"""The way to a section: a key, a key of a free mapping, or 0 for the entry of a list."""

ROOT = Path(__file__).parents[3]
READY_MADE = sorted((ROOT / "config").glob("*/*.yaml"))
FREE = frozenset({"kubectl", "systemctl", "docker", "deployctl", "unit", "copies"})
"""Keys of the ready-made files that may be any word: a tool, a program, an input."""
KEY = re.compile(r"^ *(?:- )?([A-Za-z_]+):", re.MULTILINE)


def _sections(model: type[BaseModel], path: Path_ = ()) -> Iterator[tuple[type[BaseModel], Path_]]:
    yield model, path
    for key, about in keys_of(model).items():
        shape = shape_of(about.annotation)
        item = shape_of(shape.item).section
        if shape.section:
            yield from _sections(shape.section, (*path, key))
        elif item:
            yield from _sections(item, (*path, key, 0 if shape.many else "whatsapp"))


def _document(kind: str, path: Path_, key: str, value: Any) -> str:
    whole: Any = {key: value}
    for step in reversed(path):
        whole = [whole] if step == 0 else {step: whole}
    return json.dumps({"kind": kind, **whole} if kind != "flat" else {"name": "x", "model": "y:z", **whole})


KINDS = [
    ("Agent", AgentConfig),
    ("flat", FlatAgent),
    ("Trigger", TriggerConfig),
    ("Context", ContextConfig),
    ("Runbook", RunbookConfig),
    ("ToolClassification", ClassificationConfig),
]
KEYS = [
    (kind, path, written_key(key, about))
    for kind, root in KINDS
    for model, path in _sections(root)
    for key, about in keys_of(model).items()
    if (path, key) != ((), "kind")
]
BOUNDS = [
    (kind, path, key, bound, beyond)
    for kind, root in KINDS
    for model, path in _sections(root)
    for key, about in keys_of(model).items()
    for bound, beyond in [
        (bound, bound + step)
        for name, step in (("ge", -1), ("le", 1))
        for bound in [getattr(mark, name) for mark in about.metadata if hasattr(mark, name)]
    ]
]


@pytest.mark.parametrize(("kind", "path", "key"), KEYS, ids=str)
def test_a_typo_is_known_for_what_was_meant(problems_beside, kind: str, path: Path_, key: str):
    told = problems_beside(_document(kind, path, f"{key}q", "x"))
    (mistyped,) = [line for line in told if f"{key}q: there is no such key." in line]
    assert f'Did you mean "{key}"?' in mistyped or key == "apiVersion"


@pytest.mark.parametrize(("kind", "path", "key", "bound", "beyond"), BOUNDS, ids=str)
def test_a_number_may_be_its_bound_and_nothing_beyond(
    problems_beside, kind: str, path: Path_, key: str, bound: float, beyond: float
):
    def refused(number: float) -> bool:
        told = problems_beside(_document(kind, path, key, number) + "\n---\nkind: AgentFleet\n")
        return any(f".{key}: is too" in line or f": {key}: is too" in line for line in told)

    assert (refused(bound), refused(beyond)) == (False, True)


@pytest.mark.parametrize("file", READY_MADE, ids=lambda file: file.name)
def test_a_typo_in_a_ready_made_file_is_known_for_what_was_meant(problems_beside, file: Path):
    text = file.read_text(encoding="utf-8")
    for found in KEY.finditer(text):
        key = found[1]
        if key in {"kind", *FREE}:  # a kind is refused by its own words
            continue
        told = problems_beside(f"{text[: found.start(1)]}{key}q{text[found.end(1) :]}")
        line = text.count("\n", 0, found.start(1)) + 1
        assert any(
            one.startswith(f"crew/a.yaml:{line}: ") and (f'Did you mean "{key}"?' in one or key == "apiVersion")
            for one in told
        ), (key, told)


@pytest.mark.parametrize(
    "section",
    [
        DaemonConfig,
        DaemonSpec,
        ServerConfig,
        TriggerSpec,
        ContextConfig,
        ContextSpec,
        RunbookSpec,
        RunbookStep,
        ClassificationSpec,
        PlatformConfig,
    ],
    ids=lambda one: one.__name__,
)
def test_a_section_that_is_absent_is_as_one_that_is_empty(section: type[BaseModel]) -> None:
    defaults = [about.default for about in section.model_fields.values() if isinstance(about.default, BaseModel)]
    assert defaults
    for default in defaults:
        assert default == type(default).model_validate({})
