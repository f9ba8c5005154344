"""What an agent gets of a program that printed secrets: the whole way through a tool."""

import json
from pathlib import Path

import pytest

from aof.tools.base import Result, Scope
from aof.tools.classify import Tables
from aof.tools.commands import MOST_BYTES
from aof.tools.programs import CommandTool, Settings
from aof.tools.redaction import MASK, Redactor
from aof.tools.runner import Runner
from tests.unit.tools.stand_in import write_program

SECRET = {"apiVersion": "v1", "kind": "Secret", "data": {"password": "aHVudGVyMg=="}, "metadata": {"name": "db"}}


async def result_of(path: Path, printed: str, command: str, *, errors: str = "", ends: int = 0) -> Result:
    write_program(path, f"import sys\nsys.stdout.write({printed!r})\nsys.stderr.write({errors!r})\nsys.exit({ends})")
    tool = CommandTool("kubectl", runner=Runner([path], {}, Redactor()), tables=Tables.built_in(), settings=Settings())
    return await tool.perform(await tool.plan({"command": command}, Scope()), Scope())


async def test_values_are_masked(tmp_path: Path) -> None:
    result = await result_of(tmp_path, json.dumps(SECRET), "get secret db -o json")
    assert json.loads(result.text) == SECRET | {"data": {"password": MASK}}


async def test_a_document_longer_than_is_shown_is_masked_first_and_then_cut(tmp_path: Path) -> None:
    many = {"apiVersion": "v1", "kind": "List", "items": [SECRET] * 2000}
    result = await result_of(tmp_path, json.dumps(many), "get secrets -o json")
    assert "aHVudGVy" not in result.text
    assert MASK in result.text
    assert len(result.text.encode()) < MOST_BYTES + 100
    assert result.text.endswith("cut: it printed more than 64 KB")
    assert not result.failed


@pytest.mark.parametrize("torn", [json.dumps(SECRET)[:-3], json.dumps(SECRET) * 20_000], ids=["torn", "endless"])
async def test_a_document_that_is_not_whole_is_not_shown(tmp_path: Path, torn: str) -> None:
    result = await result_of(tmp_path, torn, "get secret db -o json")
    assert result.text.startswith("not shown: ")
    assert "aHVudGVy" not in result.text


async def test_answers_on_standard_error_are_not_shown(tmp_path: Path) -> None:
    result = await result_of(tmp_path, "", "get secret db -v 9", errors="Response Body: aHVudGVyMg==")
    assert "aHVudGVy" not in result.text
    assert "leave -v out" in result.text


async def test_an_error_is_told(tmp_path: Path) -> None:
    result = await result_of(tmp_path, "", "get secret db -o json", errors='secrets "db" not found', ends=1)
    assert result.text == 'secrets "db" not found\nexit code 1'


async def test_what_a_document_had_escaped_is_cleaned_too(tmp_path: Path) -> None:
    noted = SECRET | {"metadata": {"name": "a\u202eb\x1b[31mc"}}
    result = await result_of(tmp_path, json.dumps(noted), "get secret db -o json")
    assert json.loads(result.text)["metadata"]["name"].startswith("ab")
    assert "\u202e" not in result.text
