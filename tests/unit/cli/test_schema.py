"""`aof schema`: what editors are told fits the files that the daemon takes, and nothing else."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from aof.cli import app

ROOT = Path(__file__).parents[3]
EXAMPLE = (ROOT / "daemon.yaml.example").read_text(encoding="utf-8")
WHOLE = re.sub(r"^( +)# ( *(?:- )?[a-z_]+:(?: |$))", r"\1\2", EXAMPLE, flags=re.MULTILINE)
FILES = sorted((ROOT / "config").rglob("*.yaml"))
GATE = (
    "kind: DaemonConfig\nspec: {platforms: {whatsapp: {phone_number_id: 1, access_token_env: X, verify_token_env: X, "
    "app_secret_env: [X, Y], allow_live_send:"
)
KEY = re.compile(r"^ *(?:- )?([A-Za-z_]+):", re.MULTILINE)


@cache
def _schema(kind: str) -> dict[str, Any]:
    run = CliRunner().invoke(app, ["schema", "--kind", kind])
    assert run.exit_code == 0
    schema: dict[str, Any] = json.loads(run.stdout)
    return schema


@cache
def _validator(kind: str) -> Draft202012Validator:
    schema = _schema(kind)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _misfits(text: str) -> list[str]:
    value = yaml.safe_load(text)
    return [f"{error.json_path}: {error.message}" for error in _validator(value["kind"]).iter_errors(value)]


@pytest.mark.parametrize("text", [EXAMPLE, WHOLE], ids=["as it is", "whole"])
def test_the_example_fits(text: str) -> None:
    assert _misfits(text) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_ready_made_file_fits(file: Path) -> None:
    assert _misfits(file.read_text(encoding="utf-8")) == []


FREE = frozenset({"kind", "kubectl", "deployctl", "where", "systemctl", "docker", "unit", "copies"})
"""Keys that a file chooses itself: names of programs and of inputs."""


@pytest.mark.parametrize(
    "text",
    [WHOLE, *(file.read_text(encoding="utf-8") for file in FILES)],
    ids=["example", *(file.name for file in FILES)],
)
def test_a_typo_in_any_key_does_not_fit(text: str) -> None:
    for found in KEY.finditer(text):
        # free mappings have no wrong keys, and without a kind there is no schema to fit
        if found[1] not in FREE:
            mistyped = f"{text[: found.start(1)]}{found[1]}q{text[found.end(1) :]}"
            assert _misfits(mistyped), found[1]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("kind: Agent\nmetadata: {name: a}\nspec: {llm: {provider: openai, model: gpt-4o}}", True),
        ("kind: Agent\nmetadata: {name: a}\nspec: {model_config: {top_p: 2}, model: 'openai:x'}", False),
        ("kind: Agent\nmetadata: {name: a}\nspec: {tags: [x], model: 'openai:x'}", True),
        ("kind: Agent\nmetadata: {name: a}\nspec: {}", True),  # where the daemon names a model
        ("kind: Agent\nmetadata: {name: a}", False),
        ("kind: Trigger\nmetadata: {name: a}\nspec: {type: WhatsApp, config: {allowed_users: [1]}}", True),
        ("kind: Trigger\nmetadata: {name: a}\nspec: {}", False),
        ("kind: DaemonConfig\nspec: {platforms: {}, server: {port: '${PORT}', host: '${HOST}'}}", True),
        ("kind: DaemonConfig\nspec: {platforms: {}, server: {port: 65536}}", False),
        ("kind: DaemonConfig\nspec: {platforms: {}, server: {port: http}}", False),
        (f"{GATE} true}}}}}}", True),
        (f"{GATE} 1}}}}}}", True),
        (f"{GATE} '0'}}}}}}", True),
        (f"{GATE} maybe}}}}}}", False),
        ("kind: DaemonConfig\nspec: {platforms: {telegram: {}}}", False),
        ("kind: DaemonConfig\nspec: {platforms: {whatsapp: {access_token_env: X}}}", False),
    ],
)
def test_what_the_daemon_takes_fits_and_nothing_else(text: str, fits: bool) -> None:
    assert (_misfits(text) == []) is fits


def test_a_flat_agent_fits() -> None:
    assert _validator("agent").is_valid({"name": "a", "model": "openai:x"})
    assert not _validator("agent").is_valid({"name": "a", "modl": "openai:x"})


def test_every_key_is_explained() -> None:
    for kind in ("DaemonConfig", "Agent", "Trigger"):
        for name, model in _schema(kind)["$defs"].items():
            assert "enum" in model or model["additionalProperties"] is False, name
            for key, about in model.get("properties", {}).items():
                assert about.get("description"), f"{name}.{key}"


def test_the_example_and_the_page_of_all_keys_are_printed() -> None:
    page = (ROOT / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8")
    assert CliRunner().invoke(app, ["schema", "--example"]).stdout == EXAMPLE
    assert page.endswith(CliRunner().invoke(app, ["schema", "--reference"]).stdout)


def test_a_kind_that_is_none_is_refused() -> None:
    assert CliRunner().invoke(app, ["schema", "--kind", "Gizmo"]).exit_code == 2
