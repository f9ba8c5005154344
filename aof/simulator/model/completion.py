"""An answer in OpenAI's shapes, whole and in pieces."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aof.simulator.model.script import Call, Said

PIECE = 4
"""Characters of a token; also what a stream carries at once. OpenAI's rule of thumb for English."""


def tokens(text: str) -> int:
    return math.ceil(len(text) / PIECE)


def pieces(text: str) -> list[str]:
    return [text[start : start + PIECE] for start in range(0, len(text), PIECE)]


def prompt_tokens(body: Mapping[str, Any]) -> int:
    """What a request costs: its messages and its tools as they are written."""
    return sum(tokens(json.dumps(body[key], ensure_ascii=False)) for key in ("messages", "tools") if body.get(key))


@dataclass(frozen=True, slots=True)
class _WrittenCall:
    id: str
    name: str
    arguments: str


class Completion:
    """One answer to one request, cut where the request's limit of tokens cuts it."""

    def __init__(self, said: Said, body: Mapping[str, Any], *, number: int, created: int) -> None:
        self.id = f"chatcmpl-{number:08d}"
        self._created = created
        self._model = body["model"]
        self._prompt_tokens = prompt_tokens(body)
        self._with_usage = bool((body.get("stream_options") or {}).get("include_usage"))
        limit = body.get("max_completion_tokens") or body.get("max_tokens")
        budget = _Budget(math.inf if limit is None else limit)
        self._text = None if said.text is None else budget.spend(said.text)
        self._calls = _written(said.calls, budget, number)
        self._tokens = budget.spent
        self._finish = "length" if budget.cut else "tool_calls" if self._calls else "stop"

    def whole(self) -> dict[str, Any]:
        """The body of an answer that is not streamed."""
        message: dict[str, Any] = {"role": "assistant", "content": self._text, "refusal": None, "annotations": []}
        if self._calls:
            message["tool_calls"] = [
                {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
                for call in self._calls
            ]
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self._finish}
        return self._around("chat.completion", [choice]) | {"usage": self._usage()}

    def chunks(self) -> Iterator[dict[str, Any]]:
        """The same, as a stream carries it."""
        yield self._chunk({"role": "assistant", "content": None if self._text is None else "", "refusal": None})
        for piece in pieces(self._text or ""):
            yield self._chunk({"content": piece})
        for index, call in enumerate(self._calls):
            yield self._chunk(
                {
                    "tool_calls": [
                        {
                            "index": index,
                            "id": call.id,
                            "type": "function",
                            "function": {"name": call.name, "arguments": ""},
                        }
                    ]
                }
            )
            for piece in pieces(call.arguments):
                yield self._chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
        yield self._chunk({}, self._finish)
        if self._with_usage:
            yield self._around("chat.completion.chunk", []) | {"usage": self._usage()}

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        chunk = self._around("chat.completion.chunk", [choice])
        return chunk | {"usage": None} if self._with_usage else chunk

    def _around(self, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": kind,
            "created": self._created,
            "model": self._model,
            "choices": choices,
            "service_tier": "default",
            "system_fingerprint": "fp_scripted",
        }

    def _usage(self) -> dict[str, Any]:
        return {
            "prompt_tokens": self._prompt_tokens,
            "completion_tokens": self._tokens,
            "total_tokens": self._prompt_tokens + self._tokens,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": 0,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        }


class _Budget:
    """Tokens that are left for the answer."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self.spent = 0
        self.cut = False

    def spend(self, text: str) -> str:
        """As much of it as may still be said."""
        within = pieces(text)
        if self.spent + len(within) > self._limit:
            self.cut = True
            within = within[: int(self._limit) - self.spent]
        self.spent += len(within)
        return "".join(within)


def _written(calls: Sequence[Call], budget: _Budget, number: int) -> list[_WrittenCall]:
    """The calls with their ids; as with OpenAI, the one that the limit falls into is left half written."""
    written: list[_WrittenCall] = []
    for index, call in enumerate(calls):
        if budget.cut:
            break
        written.append(_WrittenCall(f"call_{number:08d}_{index}", call.tool, budget.spend(call.written)))
    return written
