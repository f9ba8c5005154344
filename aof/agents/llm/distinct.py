"""Every call of a conversation has an id of its own: the ledger goes by it, and some servers use one id again."""

from dataclasses import replace
from uuid import uuid4

from pydantic_ai import RunContext
from pydantic_ai.capabilities import AbstractCapability
from pydantic_ai.messages import ModelResponse, ModelResponsePart, ToolCallPart
from pydantic_ai.models import ModelRequestContext

from aof.agents.llm.toolset import Run


class DistinctCalls(AbstractCapability[Run]):
    """Gives a new id to a call whose own was there before."""

    async def after_model_request(
        self, ctx: RunContext[Run], *, request_context: ModelRequestContext, response: ModelResponse
    ) -> ModelResponse:
        earlier = [part for message in ctx.messages for part in message.parts]
        used = {part.tool_call_id for part in earlier if isinstance(part, ToolCallPart)}
        parts: list[ModelResponsePart] = []
        for part in response.parts:
            if not isinstance(part, ToolCallPart):
                parts.append(part)
                continue
            is_new = part.tool_call_id and part.tool_call_id not in used
            call = part if is_new else replace(part, tool_call_id=f"call_{uuid4().hex}")
            used.add(call.tool_call_id)
            parts.append(call)
        return replace(response, parts=parts)
