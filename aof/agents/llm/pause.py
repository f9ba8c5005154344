"""A run that waits for people: what it goes on from, and what is made of their decisions."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError
from pydantic_ai import DeferredToolRequests, DeferredToolResults, ToolApproved, ToolDenied
from pydantic_ai.messages import ModelMessage

from aof.agents.base import Decision
from aof.agents.llm.fence import Fence, with_note
from aof.domain.errors import AgentError
from aof.logs import get
from aof.texts import agents as texts
from aof.texts.language import Language

log = get(__name__)

ANSWER_COMMAND = "answer-command"
"""The call of a command that stands in an answer."""
NOT_DECIDED = "nobody decided about it"


@dataclass(frozen=True, slots=True)
class Paused:
    """Everything that is needed to go on."""

    messages: list[ModelMessage]
    """What the model was shown and what it said, earlier turns first."""
    begins: int
    """Where in `messages` the turn begins."""
    commands: dict[str, str]
    """The command of each call, as it was shown."""
    requests: DeferredToolRequests | None = None
    """The open calls of the model; None: what waits is a command of its answer."""

    def json(self) -> str:
        return _FORM.dump_json(self, exclude_none=True).decode()


_FORM = TypeAdapter(Paused)


def read(state: str, language: Language, *, agent: str) -> Paused:
    """What was written by `json`.

    Raises:
        AgentError: Another version wrote it.
    """
    try:
        return _FORM.validate_json(state)
    except ValidationError as error:
        log.warning("pause_unreadable", agent=agent, reason=f"{error.error_count()} problems")
        raise AgentError(texts.cannot_go_on(language)) from error


def results(requests: DeferredToolRequests, decisions: Mapping[str, Decision], fence: Fence) -> DeferredToolResults:
    """An answer to every open call; one that nobody decided about is denied. The only place that makes any."""
    approvals = {call.tool_call_id: _verdict(decisions.get(call.tool_call_id), fence) for call in requests.approvals}
    return requests.build_results(approvals=approvals)


def _verdict(decision: Decision | None, fence: Fence) -> bool | ToolApproved | ToolDenied:
    if decision is None:
        return ToolDenied(NOT_DECIDED)
    # only the very value True lets a call run
    if decision.approved is not True:
        return ToolDenied(with_note(decision.reason or "denied", decision.note, fence))
    return True if decision.arguments is None else ToolApproved(override_args=dict(decision.arguments))
