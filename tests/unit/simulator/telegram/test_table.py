"""Our own table of the Bot API says what the machine-readable description says."""

import json
import re
from typing import Any

import pytest

from aof.simulator.telegram.rules import ACTIONS, BUTTON_KINDS, REACTIONS, STYLES
from aof.simulator.telegram.table import FIELDS, OPAQUE, PARAMETERS, TYPED, Field
from aof.simulator.telegram.updates import KINDS, ONLY_WHEN_ASKED
from tests.conftest import SHARED, absent

RANGE = re.compile(
    r"(?:(?P<least>\d+)-|(?P<at_most>[Aa]t most ))(?P<most>\d+) (?P<unit>characters|bytes|identifiers|commands)"
)
VALUES = re.compile(r"(\d+)-(\d+)(?= are accepted|\. Defaults to 40)")


@pytest.fixture(scope="module")
def spec() -> Any:
    found = SHARED / "specs" / "telegram-bot-api-10.3.json"
    if not found.is_file():
        absent("samples", f"no {found}; set AOF_TEST_SHARED to the folder that holds specs/")
    return json.loads(found.read_text(encoding="utf-8"))


def limit_of(description: str) -> tuple[int, int] | None:
    """The range that the description of a field speaks of."""
    if found := VALUES.search(description):
        return int(found[1]), int(found[2])
    found = RANGE.search(description)
    return (int(found["least"] or 0), int(found["most"])) if found else None


def differences(ours: dict[str, Field], theirs: list[Any]) -> list[str]:
    known = {field["name"]: field for field in theirs}
    found = [f"{name} is in one only" for name in set(known) ^ set(ours)]
    for name in set(known) & set(ours):
        mine, field = ours[name], known[name]
        if mine.types != tuple(field["types"]) or mine.required != field["required"]:
            found.append(f"{name}: {field['types']}, required: {field['required']}")
        limit = (mine.limit.least, mine.limit.most) if mine.limit else None
        if limit != limit_of(field["description"]):
            found.append(f"{name}: {limit}, but {field['description']}")
        if mine.limit and mine.limit.unit in {"bytes", "parsed"}:
            assert {"bytes": "bytes", "parsed": "after entit"}[mine.limit.unit] in field["description"]
    return found


def test_each_method_has_the_parameters_of_the_description(spec: Any) -> None:
    assert len(PARAMETERS) >= 30
    found = {name: differences(ours, spec["methods"][name].get("fields", [])) for name, ours in PARAMETERS.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_each_object_has_the_fields_of_the_description(spec: Any) -> None:
    found = {name: differences(ours, spec["types"][name].get("fields", [])) for name, ours in FIELDS.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_every_type_that_is_mentioned_is_known() -> None:
    plain = {"String", "Integer", "Boolean", "InputFile", *FIELDS, *OPAQUE, *TYPED}
    fields = [field for table in (PARAMETERS, FIELDS) for ours in table.values() for field in ours.values()]
    mentioned = {kind.replace("Array of ", "") for field in fields for kind in field.types}
    assert mentioned - plain == set()
    assert (OPAQUE | set(TYPED)) - mentioned == set()


def test_shapes_told_apart_by_type_are_those_of_the_description(spec: Any) -> None:
    for name, shapes in TYPED.items():
        assert set(shapes.values()) == set(spec["types"][name]["subtypes"])
        for kind, shape in shapes.items():
            described = next(field for field in spec["types"][shape]["fields"] if field["name"] == "type")
            assert re.search(rf"(always|must be) \W*{kind}\W*$", described["description"])


def test_lists_that_stand_in_prose_are_those_of_the_description(spec: Any) -> None:
    emoji = spec["types"]["ReactionTypeEmoji"]["fields"][1]["description"]
    assert set(re.findall('"([^"]+)"', emoji)) == REACTIONS
    actions = next(f for f in spec["methods"]["sendChatAction"]["fields"] if f["name"] == "action")["description"]
    assert set(re.findall(r"\b(?:typing|[a-z]+_[a-z_]+)\b", actions)) == ACTIONS
    button = {field["name"]: field["description"] for field in spec["types"]["InlineKeyboardButton"]["fields"]}
    assert set(re.findall('"([a-z]+)"', button["style"])) == STYLES
    assert set(button) - {"text", "style", "icon_custom_emoji_id"} == set(BUTTON_KINDS)
    assert [field["name"] for field in spec["types"]["Update"]["fields"]][1:] == list(KINDS)
    asked = next(f for f in spec["methods"]["getUpdates"]["fields"] if f["name"] == "allowed_updates")["description"]
    assert all(kind in asked for kind in ONLY_WHEN_ASKED)
