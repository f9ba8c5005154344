"""What is remembered of a turn, and how much of earlier turns a model is shown."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    RetryPromptPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

from aof.agents.llm.fence import shortened
from aof.agents.llm.files import without_files
from aof.logs import get

log = get(__name__)

MOST_OF_A_RESULT = 2_000
"""Characters of a tool's result that are remembered after its turn."""


def written(messages: Iterable[ModelMessage]) -> str:
    """The messages of one turn as they are remembered; without our instructions, which every turn has anew."""
    kept = [_kept(message) for message in messages]
    return ModelMessagesTypeAdapter.dump_json(kept, exclude_none=True).decode()


def to_go_on_from(messages: Iterable[ModelMessage]) -> list[ModelMessage]:
    """The messages without files, to be taken up again with the instructions of that time."""
    return [
        message
        if isinstance(message, ModelResponse)
        else replace(message, parts=[_without_files(part) for part in message.parts], instructions=None)
        for message in messages
    ]


def closed(messages: Sequence[ModelMessage], sentence: str) -> list[ModelMessage]:
    """What was asked in a turn and what was said to it at last; of its calls nothing."""
    return [*_questions(messages), ModelResponse(parts=[TextPart(sentence)])]


def recalled(history: Iterable[str], most: int, *, agent: str) -> list[ModelMessage]:
    """The newest turns that have at most so many messages together.

    A turn that is too long itself is shown as its question and its answer.
    """
    shown: list[ModelMessage] = []
    for text in reversed(tuple(history)):
        turn = _read(text, agent)
        for form in (turn, _short(turn)):
            if form and len(shown) + len(form) <= most and not _open_calls(form):
                shown[:0] = form
                break
        else:
            if turn:
                break
    return shown


def said(messages: Sequence[ModelMessage]) -> str:
    """The last words of the model; empty where there are none."""
    for message in reversed(messages):
        if isinstance(message, ModelResponse) and (text := _words(message)):
            return text
    return ""


def last_words(messages: Sequence[ModelMessage]) -> str:
    """What the model said in its last answer, beside its calls."""
    responses = [message for message in messages if isinstance(message, ModelResponse)]
    return _words(responses[-1]) if responses else ""


def _words(message: ModelResponse) -> str:
    return "\n\n".join(part.content.strip() for part in message.parts if isinstance(part, TextPart)).strip()


def _kept(message: ModelMessage) -> ModelMessage:
    if isinstance(message, ModelResponse):
        return message
    return replace(message, parts=[_short_part(part) for part in message.parts], instructions=None)


def _short_part(part: Any) -> Any:
    if isinstance(part, ToolReturnPart) and isinstance(part.content, str):
        return replace(part, content=shortened(part.content, MOST_OF_A_RESULT))
    return _without_files(part)


def _without_files(part: Any) -> Any:
    return without_files(part) if isinstance(part, UserPromptPart) else part


def _read(text: str, agent: str) -> list[ModelMessage]:
    try:
        return ModelMessagesTypeAdapter.validate_json(text)
    except ValidationError as error:
        log.warning("memory_unreadable", agent=agent, reason=f"{error.error_count()} problems")
        return []


def _questions(messages: Iterable[ModelMessage]) -> list[ModelMessage]:
    prompts = [
        part
        for message in messages
        if isinstance(message, ModelRequest)
        for part in message.parts
        if isinstance(part, UserPromptPart)
    ]
    return [ModelRequest(parts=prompts)] if prompts else []


def _short(turn: Sequence[ModelMessage]) -> list[ModelMessage]:
    question, answer = _questions(turn), said(turn)
    return [*question, ModelResponse(parts=[TextPart(answer)])] if question and answer else []


def _open_calls(messages: Iterable[ModelMessage]) -> set[str]:
    """Calls without a result: a vendor refuses a history that has one."""
    calls: set[str] = set()
    returns: set[str] = set()
    for message in messages:
        for part in message.parts:
            if isinstance(part, ToolCallPart):
                calls.add(part.tool_call_id)
            elif isinstance(part, ToolReturnPart | RetryPromptPart) and part.tool_call_id:
                returns.add(part.tool_call_id)
    return calls - returns
