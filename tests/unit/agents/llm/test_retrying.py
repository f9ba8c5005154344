"""How often, after what and after how long a model is asked again, and what it is not sent."""

import asyncio
from typing import Any

import pytest
from pydantic import SecretStr
from pydantic_ai.exceptions import ModelAPIError, ModelHTTPError, ModelQuotaExceededError, ModelRateLimitError
from pydantic_ai.messages import ModelRequest, ModelResponse
from pydantic_ai.models import ModelRequestParameters

from aof.agents.llm.providers import model_of
from aof.agents.llm.retrying import Retrying
from aof.agents.llm.settings import Provider
from aof.agents.llm.taken import untaken
from tests.unit.agents.llm.world import Scripted, World, words

SAMPLING = {"temperature", "top_p", "presence_penalty", "frequency_penalty"}


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses, which take no time."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return pauses


def busy(retry_after: float | None = None) -> Any:
    def answer(messages: object) -> ModelResponse:
        raise ModelRateLimitError("scripted", "busy", retry_after=retry_after)

    return answer


def refuses(error: ModelAPIError) -> Any:
    def answer(messages: object) -> ModelResponse:
        raise error

    return answer


async def asked(scripted: Scripted, **settings: Any) -> ModelResponse:
    values: dict[str, Any] = {"attempts": 4, "first_pause_seconds": 1.0, "longest_pause_seconds": 3.0}
    model = Retrying(scripted.model, **{**values, **settings})
    return await model.request([ModelRequest.user_text_prompt("?")], None, ModelRequestParameters())


async def test_a_pause_is_twice_the_one_before_it_up_to_the_longest(slept: list[float]) -> None:
    scripted = Scripted(busy(), busy(), busy(), words("fine"))
    await asked(scripted)
    assert slept == [1.0, 2.0, 3.0]
    assert len(scripted.shown) == 4


async def test_what_a_vendor_asks_for_is_waited_exactly(slept: list[float]) -> None:
    await asked(Scripted(busy(0.25), busy(0), busy(2.5), words("fine")))
    assert slept == [0.25, 0, 2.5]


async def test_a_vendor_that_wants_to_be_left_alone_for_long_is(slept: list[float]) -> None:
    scripted = Scripted(busy(3.5))
    with pytest.raises(ModelRateLimitError):
        await asked(scripted)
    assert (slept, len(scripted.shown)) == ([], 1)


@pytest.mark.parametrize(
    "error", [ModelQuotaExceededError("m", "spent"), ModelHTTPError(404, "m"), ModelAPIError("m", "no output")]
)
async def test_what_does_not_pass_is_not_asked_again(slept: list[float], error: ModelAPIError) -> None:
    scripted = Scripted(refuses(error))
    with pytest.raises(type(error)):
        await asked(scripted)
    assert (slept, len(scripted.shown)) == ([], 1)


@pytest.mark.parametrize(
    ("provider", "model", "takes_sampling"),
    [
        ("openai", "gpt-4o", True),
        ("openai", "gpt-5.1", True),
        ("openai", "gpt-5", False),
        ("openai-responses", "o3", False),
        ("azure", "o3", False),
        ("anthropic", "claude-sonnet-4-6", True),
        ("anthropic", "claude-sonnet-5-5", False),
        ("bedrock", "amazon.nova-pro-v1:0", True),
        ("bedrock", "anthropic.claude-sonnet-5-5", False),
        ("google", "gemini-2.5-flash", True),
        ("groq", "llama-3.3-70b-versatile", True),
        ("ollama", "llama3:8b", True),
    ],
)
def test_a_model_that_refuses_sampling_is_not_sent_it(provider: Provider, model: str, takes_sampling: bool) -> None:
    settings = World.settings(
        provider=provider, model=model, base_url="http://127.0.0.1:9/v1", api_key=SecretStr("k"), region="eu-west-1"
    )
    made = model_of(settings, {})
    assert isinstance(made, Retrying)
    assert (untaken(made.wrapped) >= SAMPLING) is not takes_sampling
