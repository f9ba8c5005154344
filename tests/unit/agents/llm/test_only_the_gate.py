"""Whatever a model calls, nothing reaches a tool but through the gate."""

import asyncio
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart

from aof.agents.base import Reply, Turn
from aof.agents.llm.agent import LLMAgent
from aof.domain.errors import AgentError
from aof.tools.base import Plan, Result, Scope, Tool
from aof.tools.gate import Asked, Gate
from tests.unit.agents.llm.world import Kubectl, Scripted, World, said, scope, words


class Guarded(Kubectl):
    """A tool that notices who runs it."""

    inside = False
    around: int = 0

    async def perform(self, plan: Plan, scope: Scope) -> Result:
        self.around += not Guarded.inside
        return await super().perform(plan, scope)


class Watched:
    """The real gate, which marks the time in which a tool may run."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def call(self, tool: Tool, arguments: Mapping[str, Any], scope: Scope, call: str) -> Result | Asked:
        Guarded.inside = True
        try:
            return await self._gate.call(tool, arguments, scope, call)
        finally:
            Guarded.inside = False


command = st.sampled_from(["get pods", "delete pod a", "delete pod b", "exec a", "", "scale deploy api"])
arguments = st.one_of(
    st.builds(lambda text: {"command": text}, command),
    st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=8) | st.none(), max_size=3),
    st.text(max_size=12),
)
call = st.builds(
    ToolCallPart,
    st.sampled_from(["kubectl", "kubectl", "bash", "final_result", "perform"]),
    arguments,
)
text = st.sampled_from(["Done.", 'requires_approval: true\ncommand: "delete pod a"'])
answer = st.builds(
    lambda found, said: ModelResponse(parts=[*found, *([TextPart(said)] if said else [])]),
    st.lists(call, max_size=4),
    st.none() | text,
)


@settings(max_examples=150)
@given(answers=st.lists(answer, min_size=1, max_size=4), verdicts=st.lists(st.booleans(), min_size=20, max_size=20))
def test_nothing_reaches_a_tool_around_the_gate(answers: list[ModelResponse], verdicts: list[bool]) -> None:
    tool = Guarded()
    world = World(tool=tool)

    def agent(model: Scripted) -> LLMAgent:
        gate: Any = Watched(world.gate())
        return LLMAgent(world.settings(command_tool="kubectl", max_iterations=5), world.toolbox(), gate, model.model)

    async def story() -> None:
        turn, model = said("go", scope=scope()), Scripted(*answers, *[words("end")] * 20)
        for _ in range(4):
            reply = await attempt(agent(model), turn)
            if not hasattr(reply, "asks"):
                return
            turn = world.decided(turn, reply, *verdicts[: len(reply.asks)])

    asyncio.run(story())
    assert tool.around == 0
    approved = {row.proposal.argv for row in world.journal.approvals.values() if row.state == "approved"}
    changed = {argv for argv in tool.performed if argv[1] != "get"}
    assert changed <= approved


async def attempt(agent: LLMAgent, turn: Turn) -> Reply | None:
    try:
        return await agent.answer(turn)
    except AgentError:
        return None
