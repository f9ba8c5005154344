"""What is remembered of a turn, and how much of it the next one sees."""

import json

import pytest
from pydantic_ai.messages import ToolCallPart, ToolReturnPart, UserPromptPart

from aof.agents.base import Answered
from aof.tools.base import Result
from tests.unit.agents.llm.world import Scripted, World, calls, parts, said, words


async def remembered(world: World, text: str, *answers: object) -> str:
    reply = await world.agent(Scripted(*answers).model).answer(said(text))  # type: ignore[arg-type]
    assert isinstance(reply, Answered)
    return reply.remembered


async def shown(history: tuple[str, ...], most: int = 10) -> list[object]:
    model = Scripted(words("ok"))
    await World().agent(model.model, max_context_messages=most).answer(said("now", history=history))
    return list(model.shown[0])


async def test_a_turn_remembers_only_itself() -> None:
    world = World()
    first = await remembered(world, "one", words("1"))
    reply = await world.agent(Scripted(words("2")).model).answer(said("two", history=(first,)))
    assert isinstance(reply, Answered)
    assert "one" not in reply.remembered
    assert "Today is" not in reply.remembered
    assert [message["kind"] for message in json.loads(reply.remembered)] == ["request", "response"]


async def test_the_next_turn_sees_the_earlier_ones_in_order() -> None:
    world = World()
    history = tuple([await remembered(world, text, words(text.upper())) for text in ("a", "b")])
    prompts = [part.content for part in parts(await shown(history), UserPromptPart)]  # type: ignore[arg-type]
    assert prompts == ["a", "b", "now"]


async def test_a_long_result_is_shortened_and_stays_fenced() -> None:
    world = World()
    world.tool.outputs["get logs"] = Result("x" * 9_000)
    kept = json.loads(await remembered(world, "logs", calls("get logs"), words("Long.")))
    (content,) = [
        part["content"] for message in kept for part in message["parts"] if part["part_kind"] == "tool-return"
    ]
    assert len(content) == 2_000
    first, last = content.split("\n")[0], content.split("\n")[-1]
    assert last == f"</{first[1:].split(' ')[0]}>"
    assert "[cut]" in content


async def test_the_oldest_turns_go_first_and_whole() -> None:
    world = World()
    history = tuple([await remembered(world, f"q{n}", calls("get pods"), words(f"a{n}")) for n in range(4)])
    messages = await shown(history, most=9)
    prompts = [part.content for part in parts(messages, UserPromptPart)]  # type: ignore[arg-type]
    assert prompts == ["q2", "q3", "now"]
    assert len(messages) == 9


async def test_a_turn_that_is_too_long_is_its_question_and_its_answer() -> None:
    looks = [calls(f"get pods-{n}") for n in range(6)]
    history = (await remembered(World(), "dig", *looks, words("Found it.")),)
    messages = await shown(history, most=4)
    assert [part.content for part in parts(messages, UserPromptPart)] == ["dig", "now"]  # type: ignore[arg-type]
    assert "Found it." in str(messages)
    assert parts(messages, ToolCallPart) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("most", range(12))
async def test_no_call_is_ever_shown_without_its_result(most: int) -> None:
    world = World()
    turns = [[words("a")], [calls("get x", "get y"), words("b")], [calls("get z"), calls("get v"), words("c")]]
    history = tuple([await remembered(world, f"q{n}", *turn) for n, turn in enumerate(turns)])
    messages = await shown(history, most=most)
    made = [part.tool_call_id for part in parts(messages, ToolCallPart)]  # type: ignore[arg-type]
    returned = [part.tool_call_id for part in parts(messages, ToolReturnPart)]  # type: ignore[arg-type]
    assert made == returned
    assert len(messages) <= most + 1


@pytest.mark.parametrize(
    "broken", ["", "{}", "[{}]", "nonsense", '[{"kind": "request", "parts": [{"part_kind": "new"}]}]']
)
async def test_what_cannot_be_read_is_left_out(broken: str, caplog: pytest.LogCaptureFixture) -> None:
    good = await remembered(World(), "good", words("yes"))
    prompts = [part.content for part in parts(await shown((good, broken, good)), UserPromptPart)]  # type: ignore[arg-type]
    assert prompts == ["good", "good", "now"]


async def test_a_partial_answer_leaves_no_open_call() -> None:
    world, model = World(), Scripted(calls("get a", text="Looking."), calls("get b"))
    reply = await world.agent(model.model, max_iterations=2).answer(said("dig"))
    assert isinstance(reply, Answered)
    prompts = [part.content for part in parts(await shown((reply.remembered,)), UserPromptPart)]  # type: ignore[arg-type]
    assert prompts == ["dig", "now"]
    assert "tool-call" not in reply.remembered


async def test_a_turn_with_an_open_call_is_shown_without_it() -> None:
    kept = json.loads(await remembered(World(), "dig", calls("get a", text="Looking."), words("Found.")))
    torn = json.dumps([message for message in kept if message["parts"][0]["part_kind"] != "tool-return"])
    messages = await shown((torn,))
    assert [part.content for part in parts(messages, UserPromptPart)] == ["dig", "now"]  # type: ignore[arg-type]
    assert "Found." in str(messages)
    assert parts(messages, ToolCallPart) == []  # type: ignore[arg-type]
