"""A request as whoever answers it would read it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool gave back, and what it had been asked for."""

    tool: str
    arguments: str
    """JSON, as the model wrote it."""
    content: str

    def argument(self, name: str) -> Any:
        """One argument of the call; `None` if it has no such argument."""
        try:
            arguments = json.loads(self.arguments)
        except ValueError:
            return None
        return arguments.get(name) if isinstance(arguments, dict) else None


class Conversation:
    """Reads the body of a request that was found to be valid."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.messages: list[Mapping[str, Any]] = body["messages"]
        self.tools = [str(tool["function"]["name"]) for tool in body.get("tools") or ()]
        """The names of the tools on offer."""

    @property
    def user_texts(self) -> list[str]:
        """What the person wrote, oldest first."""
        return [text_of(message) for message in self.messages if message["role"] == "user"]

    @property
    def last_user_text(self) -> str:
        texts = self.user_texts
        return texts[-1] if texts else ""

    @property
    def turns(self) -> int:
        """How often the model has answered already."""
        return sum(message["role"] == "assistant" for message in self.messages)

    @property
    def results(self) -> list[Result]:
        """Every result there is, oldest first."""
        return _results(self.messages)

    @property
    def last_results(self) -> list[Result]:
        """The results that the conversation ends with; none if it ends with something else."""
        begins = len(self.messages)
        while begins and self.messages[begins - 1]["role"] == "tool":
            begins -= 1
        return _results(self.messages[begins - 1 :]) if begins < len(self.messages) else []


def text_of(message: Mapping[str, Any]) -> str:
    """The text of a message; parts that are not text are left out."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    return "".join(part["text"] for part in content or () if part["type"] == "text")


def _results(messages: list[Mapping[str, Any]]) -> list[Result]:
    calls: dict[str, Mapping[str, Any]] = {}
    found = []
    for message in messages:
        calls.update({call["id"]: call["function"] for call in message.get("tool_calls") or ()})
        if message["role"] == "tool":
            call = calls[message["tool_call_id"]]
            found.append(Result(call["name"], call["arguments"], text_of(message)))
    return found
