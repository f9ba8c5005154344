"""What a run may take of its model, and what it took."""

import json
from collections.abc import Iterable

from pydantic_ai import RunContext
from pydantic_ai.capabilities import AbstractCapability
from pydantic_ai.exceptions import UsageLimitExceeded
from pydantic_ai.messages import ModelMessage, ModelResponse, ToolCallPart
from pydantic_ai.models import ModelRequestContext
from pydantic_ai.usage import RunUsage, UsageLimits

from aof.agents.base import Allowance, ModelAnswer
from aof.agents.llm.settings import LLMSettings
from aof.agents.llm.toolset import Run
from aof.domain.budget import Quantity

_BYTES_A_TOKEN = 5
"""Of text in UTF-8, at most about; what a request takes is not underrated where it is code or a small language."""


def limits(settings: LLMSettings, allowance: Allowance) -> UsageLimits:
    """Of one run: the agent's own, and what is left of budgets."""
    if allowance.tokens == 0:
        # what people approved runs, and then the model would be asked
        return UsageLimits(request_limit=0)
    return UsageLimits(
        request_limit=settings.max_iterations,
        tool_calls_limit=_less(settings.tool_calls_limit, allowance.tool_calls),
        total_tokens_limit=_less(settings.total_tokens_limit, allowance.tokens),
    )


def write_down(allowance: Allowance, usage: RunUsage, messages: Iterable[ModelMessage]) -> None:
    """Keep what a run took, whether it came to its end or not."""
    answers = [
        ModelAnswer(message.model_name or "", message.usage.input_tokens, message.usage.output_tokens)
        for message in messages
        if isinstance(message, ModelResponse)
    ]
    # what was answered and thrown away, such as an answer that made a fallback take over
    input_tokens = usage.input_tokens - sum(one.input_tokens for one in answers)
    output_tokens = usage.output_tokens - sum(one.output_tokens for one in answers)
    if input_tokens > 0 or output_tokens > 0:
        answers.append(ModelAnswer("", max(0, input_tokens), max(0, output_tokens)))
    allowance.answers += answers
    allowance.tool_calls_made += usage.tool_calls
    allowance.is_measured &= not usage.unmeasured_requests


def ran_short(settings: LLMSettings, run: Run, allowance: Allowance, usage: RunUsage) -> Quantity | None:
    """What a run that stopped at a limit was given too little of; None: it stopped at a limit of its own."""
    tokens = limits(settings, allowance).total_tokens_limit
    short: Quantity = "tool_calls"
    if allowance.tokens == 0 or run.lacks_tokens or (tokens is not None and usage.total_tokens > tokens):
        short = "tokens"
    elif usage.requests >= settings.max_iterations:
        return None
    return short if short in allowance.short else None


class WithinTokens(AbstractCapability[Run]):
    """Asks no model for an answer that would certainly go past the limit of tokens.

    The library looks at the limit once an answer is there, when it is paid for.
    """

    async def before_model_request(
        self, ctx: RunContext[Run], request_context: ModelRequestContext
    ) -> ModelRequestContext:
        limit = ctx.usage_limits.total_tokens_limit if ctx.usage_limits else None
        if limit is not None and ctx.usage.total_tokens + _at_least(ctx, request_context) > limit:
            ctx.deps.lacks_tokens = True
            raise UsageLimitExceeded(f"the next request would exceed {limit} tokens")
        return request_context


def _at_least(ctx: RunContext[Run], request: ModelRequestContext) -> int:
    """Tokens that a request takes, if not more."""
    last = next((message for message in reversed(ctx.messages) if isinstance(message, ModelResponse)), None)
    # it holds the last one and its answer
    again = last.usage.total_tokens if last is not None and last.run_id == ctx.run_id else 0
    texts = [request.model_request_parameters.instruction_parts or (), *(message.parts for message in request.messages)]
    size = sum(len(_text(part).encode()) for parts in texts for part in parts)
    tools = request.model_request_parameters.function_tools
    size += sum(len(json.dumps(tool.parameters_json_schema)) + len(tool.description or "") for tool in tools)
    return max(again, size // _BYTES_A_TOKEN)


def _text(part: object) -> str:
    if isinstance(part, ToolCallPart):
        return part.args_as_json_str()
    content = getattr(part, "content", "")
    return content if isinstance(content, str) else ""


def _less(own: int | None, given: int | None) -> int | None:
    return min((limit for limit in (own, given) if limit is not None), default=None)
