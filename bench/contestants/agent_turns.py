"""`python -m bench.contestants.agent_turns FOLDER TURNS`: milliseconds of each turn of an agent whose model answers at
once, as JSON: without a tool, and with one look on the way.
"""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import uvloop
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from aof.agents.base import Answered, Turn
from aof.agents.llm import LLMSettings
from aof.agents.llm.agent import LLMAgent
from aof.domain.risk import Risk
from aof.texts.language import Language
from aof.tools.base import Toolbox
from bench.contestants.acting import Nothing, gate, scope

WARM = 20
SAID = "It is fine."
Model = Callable[[list[ModelMessage], AgentInfo], ModelResponse]


def answers(_messages: list[ModelMessage], _info: AgentInfo) -> ModelResponse:
    """At once, in words."""
    return ModelResponse(parts=[TextPart(SAID)])


def looks(messages: list[ModelMessage], _info: AgentInfo) -> ModelResponse:
    """At once, with one call first."""
    if any(isinstance(message, ModelResponse) for message in messages):
        return ModelResponse(parts=[TextPart(SAID)])
    return ModelResponse(parts=[ToolCallPart("read", {"command": "x"})])


KINDS: dict[str, Model] = {"answer": answers, "look": looks}


async def measure(folder: Path, turns: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    settings = LLMSettings(name="bench", provider="openai", model="instant", instructions="You look after the api.")
    async with gate(folder) as through:
        toolbox = Toolbox({"read": Nothing(Risk.READ), "write": Nothing(Risk.WRITE)})
        agents = {kind: LLMAgent(settings, toolbox, through, FunctionModel(model)) for kind, model in KINDS.items()}
        for n in range(WARM + turns):
            for kind, agent in agents.items():
                turn = Turn("how is the api?", None, Language.ENGLISH, datetime.now(UTC), scope=scope(n))
                began = perf_counter()
                reply = await agent.answer(turn)
                took = perf_counter() - began
                if not isinstance(reply, Answered) or reply.response.text != SAID:
                    raise RuntimeError(f"{kind}: {reply}")
                if n >= WARM:
                    found[kind].append(took * 1e3)
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(uvloop.run(measure(Path(sys.argv[1]), int(sys.argv[2])))))
