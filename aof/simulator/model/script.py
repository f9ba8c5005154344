"""A table of rules in the place of a model."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aof.simulator.model.conversation import Conversation


@dataclass(frozen=True, slots=True)
class Call:
    """A tool that the model wants to have called."""

    tool: str
    arguments: Mapping[str, Any] | str
    """A string is sent as it is, so that it may be broken JSON."""
    invented: bool = False
    """The tool need not be on offer: models make names up."""

    @property
    def written(self) -> str:
        """The arguments as they are sent."""
        if isinstance(self.arguments, str):
            return self.arguments
        return json.dumps(self.arguments, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: text, calls, or calls after text."""

    text: str | None = None
    calls: Sequence[Call] = ()


Answer = Callable[[Mapping[str, Any]], Said]
"""Gives the answer to the body of a request."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What to say, and when. All conditions that are given must hold; patterns are searched for, case ignored.

    Without `result_of` and `result` a rule holds only where the person spoke last, so that it doesn't call a tool again
    for ever.
    """

    says: str | Said | Answer
    user: str | None = None
    """A pattern for the person's last text."""
    result_of: str | None = None
    """The conversation ends with a result of this tool, maybe among others."""
    result: str | None = None
    """A pattern for that result."""
    turn: int | None = None
    """How often the model has answered before."""

    def answer(self, body: Mapping[str, Any]) -> Said | None:
        """`None` if it doesn't hold."""
        if not self._holds(Conversation(body)):
            return None
        if isinstance(self.says, str):
            return Said(self.says)
        return self.says if isinstance(self.says, Said) else self.says(body)

    def _holds(self, conversation: Conversation) -> bool:
        if self.turn is not None and conversation.turns != self.turn:
            return False
        if self.user is not None and not _found(self.user, conversation.last_user_text):
            return False
        results = conversation.last_results
        if self.result_of is None and self.result is None:
            return not results
        return any(
            (self.result_of is None or result.tool == self.result_of)
            and (self.result is None or _found(self.result, result.content))
            for result in results
        )


class Script:
    """Rules, of which the first that holds answers, and what is said where none does."""

    def __init__(self, rules: Sequence[Rule], default: str | Said = "I have nothing to say to that.") -> None:
        self.rules = tuple(rules)
        self.default = Said(default) if isinstance(default, str) else default

    def __call__(self, body: Mapping[str, Any]) -> Said:
        for rule in self.rules:
            if (said := rule.answer(body)) is not None:
                return said
        return self.default


class WrongScript(Exception):
    """The script failed, or gave what no model could give to that request. The message says what."""


def said_to(body: Mapping[str, Any], answer: Answer) -> Said:
    """The answer, if a model that keeps to the request could have given it.

    Raises:
        WrongScript: It could not, or `answer` failed.
    """
    try:
        said = answer(body)
    except Exception as error:  # a script may fail in any way, and the test must hear of it
        raise WrongScript(f"{type(error).__name__}: {error}") from error
    if not isinstance(said, Said):
        raise WrongScript(f"It gives {said!r}, which is no Said.")
    if said.text is None and not said.calls:
        raise WrongScript("It has neither text nor calls.")
    called = [call.tool for call in said.calls]
    offered = Conversation(body).tools
    choice = body.get("tool_choice") or "auto"
    if unknown := [call.tool for call in said.calls if call.tool not in offered and not call.invented]:
        raise WrongScript(f"It calls {unknown[0]}, which is not on offer; these are: {', '.join(offered) or 'none'}.")
    if called and choice == "none":
        raise WrongScript(f"It calls {called[0]}, though tool_choice is none.")
    if not called and (isinstance(choice, dict) or choice == "required"):
        raise WrongScript("It calls no tool, though tool_choice asks for one.")
    if isinstance(choice, dict) and set(called) != {choice["function"]["name"]}:
        raise WrongScript(f"It calls {called[0]}, though tool_choice asks for {choice['function']['name']}.")
    if len(called) > 1 and body.get("parallel_tool_calls") is False:
        raise WrongScript("It calls more than one tool, though parallel_tool_calls is false.")
    return said


def _found(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None
