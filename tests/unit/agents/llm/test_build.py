"""From settings to an agent, or to a reason that says what mends it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from pydantic_ai.models.fallback import FallbackModel
from pydantic_ai.models.ollama import OllamaModel
from pydantic_ai.models.openai import OpenAIChatModel

from aof.agents.base import Agent, Describes
from aof.agents.llm import CannotBuild, Fallback, OutputForm, build
from aof.agents.llm.providers import model_of
from aof.agents.llm.retrying import Retrying
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


BUILD = """
import sys
missing, provider = sys.argv[1:]
if missing:
    sys.modules[missing] = None
from aof.agents.llm import CannotBuild, LLMSettings, build
from aof.tools.base import Toolbox
keys = ("OPENAI", "ANTHROPIC", "GOOGLE", "GROQ", "AZURE_OPENAI")
environment = {f"{key}_API_KEY": "k" for key in keys} | {"AWS_BEARER_TOKEN_BEDROCK": "k"}
try:
    build(LLMSettings("ops", provider, "m", base_url="http://127.0.0.1:9", api_version="1", region="eu-west-1"),
          Toolbox(), None, environment=environment)
except CannotBuild as error:
    print(error.reason)
print(*(name for name in ("anthropic", "boto3", "google.genai", "groq", "openai") if sys.modules.get(name)))
"""
PACKAGES = {
    "openai": "openai",
    "anthropic": "anthropic",
    "google": "google.genai",
    "groq": "groq",
    "bedrock": "boto3",
}


def built_apart(provider: str, *, missing: str = "") -> list[str]:
    """The lines of a program that builds an agent of this provider: its reason not to, and what it imported."""
    argv = [sys.executable, "-c", BUILD, missing, provider]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("provider", PACKAGES)
def test_of_the_vendors_packages_only_the_one_that_is_used_is_imported(provider: str) -> None:
    assert built_apart(provider) == [PACKAGES[provider]]


@pytest.mark.parametrize("provider", PACKAGES)
def test_a_missing_extra_is_named_by_its_command(provider: str) -> None:
    reason, imported = built_apart(provider, missing=PACKAGES[provider])
    extra = "llm" if PACKAGES[provider] == "openai" else provider
    assert reason == f"the package of {provider} is not installed; pip install 'aof[{extra}]' installs it"
    assert imported == ""


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
    assert isinstance(model, Retrying)
    assert isinstance(model.wrapped, OpenAIChatModel)
    assert model.base_url == "http://127.0.0.1:8000/v1/"


def test_ollama_is_found_where_it_listens_by_itself() -> None:
    model = model_of(World.settings(provider="ollama"), {})
    assert isinstance(model, Retrying)
    assert isinstance(model.wrapped, OllamaModel)
    assert model.base_url == "http://localhost:11434/v1/"


V1 = "https://x.openai.azure.com/openai/v1/"


def test_azure_needs_its_address_and_its_version() -> None:
    key = {"AZURE_OPENAI_API_KEY": "k"}
    assert "AZURE_OPENAI_ENDPOINT" in reason(key, provider="azure")
    assert "OPENAI_API_VERSION" in reason(key, provider="azure", base_url="https://x.openai.azure.com")
    assert "remove one" in reason(key, provider="azure", base_url=V1, api_version="2024-10-21")
    model = model_of(World.settings(provider="azure"), {**key, "AZURE_OPENAI_ENDPOINT": V1, "OPENAI_API_VERSION": "1"})
    assert isinstance(model, Retrying)
    assert isinstance(model.wrapped, OpenAIChatModel)


def test_bedrock_needs_its_region_and_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "AWS_REGION" in reason(provider="bedrock")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert "AWS_SECRET_ACCESS_KEY" in reason(provider="bedrock", region="eu-west-1")
    assert "no-such-profile" in reason({"AWS_PROFILE": "no-such-profile"}, provider="bedrock", region="eu-west-1")


def test_fallbacks_stand_behind_the_model() -> None:
    settings = World.settings(fallbacks=(Fallback("ollama", "small"),))
    model = model_of(settings, {"OPENAI_API_KEY": "k"})
    assert isinstance(model, FallbackModel)
    assert [one.model_name for one in model.models] == ["scripted", "small"]


def test_a_fallback_that_cannot_be_had_is_left_out() -> None:
    model = model_of(World.settings(provider="ollama", fallbacks=(Fallback("openai", "m"),)), {})
    assert isinstance(model, Retrying)


def test_a_form_that_is_no_schema_is_a_reason() -> None:
    assert "output_schema" in reason({"OPENAI_API_KEY": "k"}, output=OutputForm({"type": "nonsense"}))


def test_settings_show_no_key() -> None:
    settings = World.settings(api_key=SecretStr("planted"))
    assert "planted" not in repr(settings)
