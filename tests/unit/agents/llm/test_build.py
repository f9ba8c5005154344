"""From settings to an agent, or to a reason that says what mends it."""

import subprocess
import sys
from typing import Any

import pytest
from pydantic import SecretStr
from pydantic_ai.models.fallback import FallbackModel
from pydantic_ai.models.ollama import OllamaModel
from pydantic_ai.models.openai import OpenAIChatModel

from aof.agents.base import Agent, Describes
from aof.agents.llm import CannotBuild, Fallback, OutputForm, build
from aof.agents.llm.providers import model_of
from tests.unit.agents.llm.world import World


def made(environment: dict[str, str] | None = None, **settings: Any) -> Any:
    world = World()
    return build(world.settings(**settings), world.toolbox(), world.gate(), environment=environment or {})


def reason(environment: dict[str, str] | None = None, **settings: Any) -> str:
    with pytest.raises(CannotBuild) as raised:
        made(environment, **settings)
    assert not raised.value.reason.endswith(".")
    return raised.value.reason


def test_an_agent_is_what_the_pipeline_asks_for() -> None:
    agent: Agent = made({"OPENAI_API_KEY": "k"}, digest="d")
    assert agent.name == "ops"
    assert isinstance(agent, Describes)


@pytest.mark.parametrize("provider", ["openai", "azure"])
def test_a_missing_key_is_named_by_its_variable(provider: str) -> None:
    variable = {"openai": "OPENAI_API_KEY", "azure": "AZURE_OPENAI_API_KEY"}[provider]
    assert reason(provider=provider) == f"its key is missing; the variable {variable} holds it"


@pytest.mark.parametrize("provider", ["anthropic", "google", "groq", "bedrock"])
def test_a_missing_extra_is_named_by_its_command(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("anthropic", "google.genai", "groq", "boto3"):
        monkeypatch.setitem(sys.modules, package, None)
    for name in [name for name in sys.modules if name.startswith(f"pydantic_ai.models.{provider}")]:
        monkeypatch.delitem(sys.modules, name)
    told = reason({"AWS_DEFAULT_REGION": "eu-west-1"}, provider=provider, api_key=SecretStr("k"))
    assert told.endswith(f"pip install 'aof[{provider}]' installs it")


def test_without_any_library_the_reason_says_how_to_get_it() -> None:
    code = """
import sys
sys.modules["pydantic_ai"] = None
from aof.agents.llm import CannotBuild, LLMSettings, build
from aof.tools.base import Toolbox
try:
    build(LLMSettings("ops", "openai", "m"), Toolbox(), None, environment={})
except CannotBuild as error:
    print(error.reason)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "the package pydantic_ai is not installed; pip install 'aof[llm]' installs it"


def test_importing_the_room_imports_no_library_of_models() -> None:
    code = "import sys, aof.agents.llm; print([n for n in sys.modules if n in ('pydantic_ai', 'openai', 'mcp')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_server_of_ones_own_needs_no_key() -> None:
    model = model_of(World.settings(base_url="http://127.0.0.1:8000/v1"), {})
    assert isinstance(model, OpenAIChatModel)
    assert model.base_url == "http://127.0.0.1:8000/v1/"


def test_ollama_is_found_where_it_listens_by_itself() -> None:
    model = model_of(World.settings(provider="ollama"), {})
    assert isinstance(model, OllamaModel)
    assert model.base_url == "http://localhost:11434/v1/"


def test_azure_needs_its_address() -> None:
    assert "AZURE_OPENAI_ENDPOINT" in reason({"AZURE_OPENAI_API_KEY": "k"}, provider="azure")
    there = {"AZURE_OPENAI_API_KEY": "k", "AZURE_OPENAI_ENDPOINT": "https://x.openai.azure.com/openai/v1/"}
    assert isinstance(model_of(World.settings(provider="azure"), there), OpenAIChatModel)


def test_bedrock_needs_its_region() -> None:
    assert "AWS_DEFAULT_REGION" in reason(provider="bedrock")


def test_fallbacks_stand_behind_the_model() -> None:
    settings = World.settings(fallbacks=(Fallback("ollama", "small"),))
    model = model_of(settings, {"OPENAI_API_KEY": "k"})
    assert isinstance(model, FallbackModel)
    assert [one.model_name for one in model.models] == ["scripted", "small"]


def test_a_fallback_that_cannot_be_had_is_left_out() -> None:
    model = model_of(World.settings(provider="ollama", fallbacks=(Fallback("openai", "m"),)), {})
    assert isinstance(model, OllamaModel)


def test_a_form_that_is_no_schema_is_a_reason() -> None:
    assert "output_schema" in reason({"OPENAI_API_KEY": "k"}, output=OutputForm({"type": "nonsense"}))


def test_settings_show_no_key() -> None:
    settings = World.settings(api_key=SecretStr("planted"))
    assert "planted" not in repr(settings)
