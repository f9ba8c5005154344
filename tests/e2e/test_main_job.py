"""A phone asks, the daemon answers: what the phone shows, and what the ledger says."""

import asyncio

import pytest

from aof.agents.base import Turn
from aof.domain.errors import AgentError
from aof.domain.response import Action, Response, Status
from tests.e2e.agents import Echo
from tests.e2e.world import World


async def test_a_question_is_answered_and_its_delivery_is_known(aof: World) -> None:
    await aof.on_call.types("is anybody there?")
    assert (await aof.on_call.next())["text"] == "You said: is anybody there?"

    async def delivered() -> bool:
        return (await aof.store.counts()).parts == {"delivered": 1}

    await aof.until(delivered)
    assert await aof.store.check() == []


async def test_buttons_work_when_tapped_and_only_as_taps(aof: World, echo: Echo) -> None:
    echo.answers = lambda turn: Response(
        text=f"got {turn.text}, press {turn.press is not None}",
        status=Status.OK,
        actions=(Action(id="go:on", title="Go on"),),
    )
    await aof.on_call.types("ahoy")
    first = await aof.on_call.next()
    assert [button["title"] for button in first["buttons"]] == ["Go on"]
    await aof.on_call.presses(first, "Go on")
    assert (await aof.on_call.next())["text"] == "✅ got button:go:on, press True"
    await aof.on_call.types("button:go:on")
    assert (await aof.on_call.next())["text"] == "✅ got button:go:on, press False"


async def test_a_list_choice_reaches_the_agent_as_list(aof: World, echo: Echo) -> None:
    rows = tuple(Action(id=f"env:{n}", title=f"Environment {n}") for n in range(5))
    echo.answers = lambda turn: Response(text=f"got {turn.text}", actions=rows)
    await aof.on_call.types("which environments?")
    await aof.on_call.presses(await aof.on_call.next(), "Environment 3")
    assert (await aof.on_call.next())["text"] == "got list:env:3"


def _twelve(turn: Turn) -> Response:
    if turn.press is None:
        return Response(text="Which?", actions=tuple(Action(id=f"pick:{n}", title=f"Choice {n}") for n in range(1, 13)))
    return Response(text=f"picked {turn.press.action_id}")


async def test_a_bare_number_answers_the_newest_numbered_message(aof: World, echo: Echo) -> None:
    echo.answers = _twelve
    await aof.on_call.types("menu")
    assert "12. Choice 12" in (await aof.on_call.next())["text"]
    await aof.on_call.types("11")
    assert (await aof.on_call.next())["text"] == "picked pick:11"


@pytest.mark.parametrize(
    ("number", "later_seconds", "why"),
    [
        ("13", 0, "no choice has it"),
        ("11", 31 * 60, "after thirty minutes it is text"),
        ("11 of them", 0, "not a bare number"),
    ],
)
async def test_what_is_no_choice_stays_text(
    aof: World, echo: Echo, number: str, later_seconds: float, why: str
) -> None:
    echo.answers = _twelve
    await aof.on_call.types("menu")
    await aof.on_call.next()
    await aof.idle()
    aof.clock.advance(later_seconds)
    await aof.on_call.types(number)
    await aof.on_call.next()
    assert echo.turns[-1].press is None, why
    assert echo.turns[-1].text == number


async def test_a_number_from_another_chat_picks_nothing(aof: World, echo: Echo) -> None:
    echo.answers = _twelve
    await aof.on_call.types("menu")
    await aof.on_call.next()
    await aof.lead.types("11")
    await aof.lead.next()
    assert echo.turns[-1].press is None


async def test_a_button_of_another_chat_is_refused_with_a_sentence(aof: World, echo: Echo) -> None:
    echo.answers = lambda _turn: Response(text="?", actions=(Action(id="a", title="Act"),))
    await aof.on_call.types("x")
    shown = await aof.on_call.next()
    await aof.lead.sends(
        type="interactive",
        interactive={"type": "button_reply", "button_reply": {"id": shown["buttons"][0]["id"], "title": "Act"}},
    )
    assert "no longer works" in (await aof.lead.next())["text"]
    assert len(echo.turns) == 1


async def test_reserved_actions_never_reach_an_agent(aof: World, echo: Echo) -> None:
    echo.answers = lambda _turn: Response(text="?", actions=(Action(id="appr:1:yes", title="Approve"),))
    await aof.on_call.types("x")
    await aof.on_call.presses(await aof.on_call.next(), "Approve")
    assert "no longer works" in (await aof.on_call.next())["text"]
    assert len(echo.turns) == 1


async def test_the_rest_of_a_long_answer_comes_after_more(aof: World, echo: Echo) -> None:
    words = [f"word{n}" for n in range(1300)]
    # beside a choice the third message has less room than one of text alone
    echo.answers = lambda _turn: Response(text=" ".join(words), actions=(Action(id="go:on", title="Go on"),))
    await aof.on_call.types("everything")
    seen: list[str] = []
    while True:
        message = await aof.on_call.next()
        seen += message["text"].split()
        if seen[-1] == words[-1]:
            break
        if message["buttons"]:
            await aof.on_call.presses(message, "More")
    assert seen == words
    assert len(await aof.on_call.shown()) > 3
    assert len(echo.turns) == 1


async def test_order_is_kept_in_a_chat_while_a_slow_one_delays_nobody(aof: World, echo: Echo) -> None:
    let_go = asyncio.Event()

    async def slow(turn: Turn) -> Response:
        if turn.text == "slow":
            await let_go.wait()
        return Response(text=turn.text)

    echo.answers = slow
    for text in ("slow", "second", "third"):
        await aof.on_call.types(text)
    await aof.lead.types("quick")
    assert (await aof.lead.next())["text"] == "quick"
    let_go.set()
    assert [(await aof.on_call.next())["text"] for _ in range(3)] == ["slow", "second", "third"]


async def test_cancel_stops_my_own_run_and_says_what_it_was(aof: World, echo: Echo) -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def forever(_turn: Turn) -> Response:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        raise AssertionError

    echo.answers = forever
    await aof.on_call.types("find the cause")
    await began.wait()
    await aof.on_call.types("/stop")
    assert (await aof.on_call.next())["text"] == '✅ Stopped: "find the cause".'
    assert ended.is_set()
    await aof.on_call.types("/cancel")
    assert "Nothing of yours" in (await aof.on_call.next())["text"]


async def test_cancel_stops_nobody_elses_run(aof: World, echo: Echo) -> None:
    let_go = asyncio.Event()

    async def slow(turn: Turn) -> Response:
        await let_go.wait()
        return Response(text=turn.text)

    echo.answers = slow
    await aof.on_call.types("mine")
    await aof.until(lambda: _running(aof))
    await aof.lead.types("/cancel")
    assert "Nothing of yours" in (await aof.lead.next())["text"]
    let_go.set()
    assert (await aof.on_call.next())["text"] == "mine"


async def _running(world: World) -> bool:
    return bool(world.rows("SELECT 1 FROM inbox WHERE state = 'running'"))


async def test_commands_answer_without_the_agent(aof: World, echo: Echo) -> None:
    await aof.on_call.types("/STATUS please")
    assert "aof " in (await aof.on_call.next())["text"]
    await aof.on_call.types("/staus")
    assert "Did you mean /status?" in (await aof.on_call.next())["text"]
    await aof.on_call.types("/help")
    assert "/cancel" in (await aof.on_call.next())["text"]
    assert echo.turns == []


async def test_an_agents_apology_is_what_the_person_reads(aof: World, echo: Echo) -> None:
    def apologise(_turn: Turn) -> Response:
        raise AgentError("The cluster does not answer.")

    echo.answers = apologise
    await aof.on_call.types("pods")
    assert (await aof.on_call.next())["text"] == "❌ The cluster does not answer."


async def test_a_poison_message_is_buried_with_a_word_and_the_next_one_answered(aof: World, echo: Echo) -> None:
    def poison(turn: Turn) -> Response:
        if turn.text == "poison":
            raise RuntimeError("a bug")
        return Response(text=turn.text)

    echo.answers = poison
    await aof.on_call.types("poison")
    await aof.on_call.types("after")
    for attempts in (1, 2):  # each attempt waits longer than the one before
        await aof.until(lambda attempts=attempts: _deferred(aof, attempts))
        aof.clock.advance(60)
    assert "could not answer" in (await aof.on_call.next())["text"]
    assert (await aof.on_call.next())["text"] == "after"
    assert [turn.text for turn in echo.turns] == ["poison", "poison", "poison", "after"]
    assert aof.rows("SELECT state, attempts FROM inbox WHERE outcome = 'buried'") == [("dead", 3)]


async def _deferred(world: World, attempts: int) -> bool:
    return bool(
        world.rows("SELECT 1 FROM inbox WHERE state = 'new' AND outcome = 'deferred' AND attempts = ?", attempts)
    )


async def test_a_run_beyond_its_deadline_is_stopped_and_said(aof: World, echo: Echo) -> None:
    began = echo.never_ends()
    await aof.on_call.types("everything about everything")
    await began.wait()
    aof.clock.advance(121)
    assert (await aof.on_call.next())["text"] == "ℹ️ Still working (2 min). /cancel stops it."
    aof.clock.advance(180)
    assert "longer than 300 s" in (await aof.on_call.next())["text"]


async def test_typing_is_shown_and_renewed_during_a_long_answer(aof: World, echo: Echo) -> None:
    began, let_go = asyncio.Event(), asyncio.Event()

    async def slow(_turn: Turn) -> Response:
        began.set()
        await let_go.wait()
        return Response(text="done")

    echo.answers = slow
    await aof.on_call.types("long")
    await began.wait()
    aof.clock.advance(1.1)
    await _typing_requests(aof, 1)
    for times in (2, 3):
        aof.clock.advance(21)
        await _typing_requests(aof, times)
    let_go.set()
    assert (await aof.on_call.next())["text"] == "done"


async def _typing_requests(world: World, times: int) -> None:
    await world.wire_until(lambda wire: sum("typing_indicator" in str(exchange["body"]) for exchange in wire) >= times)


@pytest.mark.parametrize(("asked", "said"), [("/help", "Commands:"), ("مساعدة من فضلك /x", "You said")])
async def test_the_language_is_the_one_that_was_spoken(aof: World, asked: str, said: str) -> None:
    await aof.on_call.types(asked)
    assert said in (await aof.on_call.next())["text"]


async def test_arabic_is_answered_in_arabic_also_after_a_tap_that_has_no_letters(aof: World, echo: Echo) -> None:
    await aof.on_call.types("كيف الحال")
    await aof.on_call.next()
    assert echo.turns[-1].language == "ar"
    await aof.on_call.types("/مساعدة")
    assert "الأوامر" in (await aof.on_call.next())["text"]
    await aof.on_call.types("/123")
    assert "لا يوجد أمر" in (await aof.on_call.next())["text"]


async def test_an_answer_without_end_keeps_nobody_else_waiting(aof: World, echo: Echo) -> None:
    echo.answers = lambda _turn: Response(text="word " * 400_000)
    await aof.on_call.types("flood")
    await aof.lead.types("/status")
    assert "aof " in (await aof.lead.next())["text"]
    assert (await aof.on_call.next())["text"].endswith("All of it is in answer.txt, below.")
    assert (await aof.on_call.next())["type"] == "document"
    await aof.idle()
    assert len(await aof.on_call.shown()) == 2


@pytest.mark.parametrize("text", ["", "   ", "`" * 500, "<!-- nothing -->"])
async def test_an_answer_without_visible_text_is_not_silence(aof: World, echo: Echo, text: str) -> None:
    echo.answers = lambda _turn: Response(text=text)
    await aof.on_call.types("anything?")
    assert (await aof.on_call.next())["text"] == "ℹ️ The answer to that was empty."
