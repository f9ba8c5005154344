"""Whatever stands in a file, it is read or refused with a sentence."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aof.domain.errors import ConfigError

READY_MADE = [
    (Path(__file__).parents[3] / "config" / name).read_text(encoding="utf-8")
    for name in ("agents/dockhand.yaml", "triggers/on-call.yaml", "daemon-team.yaml")
]
BITS = st.sampled_from(
    ["{", "}", "[", "]", ": ", "- ", "&a ", "*a", "!x ", "${A}", "${", "null", "\n", "  ", "---\n", "'", "#"]
)
TEXT = st.one_of(BITS, st.text(st.characters(codec="utf-8"), max_size=20))


def _told(reads, text: str, **environ: str) -> None:
    files = reads(text, environ=environ)
    told = ""
    try:
        files.raise_errors()
    except ConfigError as refused:
        told = str(refused)
    assert all(line.startswith(("crew/a.yaml", "daemon.yaml")) for line in told.splitlines())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(whole=st.sampled_from(READY_MADE), text=TEXT, place=st.integers(0, 900), length=st.integers(0, 30))
def test_a_piece_of_a_file_may_be_anything(reads, whole, text, place, length):
    _told(reads, whole[:place] + text + whole[place + length :])


@pytest.mark.parametrize("value", ["x", "[x]", "{x: y}", "null", "${NOWHERE}", "!x y", "[{x: y}]"])
@pytest.mark.parametrize(
    "text",
    [
        "kind: Agent\nmetadata: @\nspec: {model: 'openai:x'}\n",
        "kind: Agent\nmetadata: {name: @}\nspec: {model: 'openai:x'}\n",
        "kind: Agent\nmetadata: {name: a}\nspec: @\n",
        "kind: Trigger\nmetadata: @\nspec: @\n",
        "kind: DaemonConfig\nspec: @\n",
        "kind: @\n",
        "name: @\nmodel: @\n",
        *(
            f"kind: Agent\nmetadata: {{name: a}}\nspec:\n  model: openai:x\n  {key}: @\n"
            for key in (
                "llm",
                "instructions",
                "env",
                "tools",
                "memory",
                "mcp_servers",
                "output_schema",
                "tool_restrictions",
            )
        ),
        "kind: Agent\nmetadata: {name: a}\nspec: {model: @}\n",
        *(
            f"kind: Trigger\nmetadata: {{name: a}}\nspec:\n  type: WhatsApp\n  {key}: @\n"
            for key in ("commands", "config", "enabled", "default_agent")
        ),
        "kind: Trigger\nmetadata: {name: a}\nspec: {type: @, commands: {x: @}, config: {users: @, patterns: @}}\n",
    ],
)
def test_anything_may_stand_in_the_place_of_a_value(reads, text, value):
    _told(reads, text.replace("@", value))


@pytest.mark.parametrize("value", ["x", "[x]", "{x: y}", "null", "!x y", "[{x: y}]"])
@pytest.mark.parametrize(
    "key", ["server", "store", "platforms", "agents", "triggers", "people", "delivery", "tools", "runtime"]
)
def test_anything_may_stand_in_the_place_of_a_section(loads, base, key, value):
    told = "daemon.yaml"
    try:
        loads(f"{base.replace('  platforms:', '  platformz:') if key == 'platforms' else base}  {key}: {value}\n")
    except ConfigError as refused:
        told = str(refused)
    assert told.startswith("daemon.yaml")
