"""What leaves, how often, and what the ledger says when the platform refuses, stays silent, or lies about nothing."""

from pathlib import Path
from typing import Any

import pytest

from aof.domain.response import Action, Response
from aof.platforms.whatsapp import WhatsAppPlatform
from tests.e2e.agents import Echo
from tests.e2e.world import LEAD, World, world

Row = tuple[Any, ...]


async def _states(aof: World, *states: str) -> bool:
    return [row[0] for row in aof.rows("SELECT state FROM outbox ORDER BY seq")] == list(states)


async def test_a_failed_receipt_keeps_metas_code_and_details(aof: World) -> None:
    await aof.fault(fail_later={"code": 131026, "times": 1})
    await aof.on_call.types("ahoy")
    await aof.until(lambda: _states(aof, "failed"))
    ((code, error),) = aof.rows("SELECT code, error FROM outbox")
    assert code == 131026
    assert "undeliverable" in error.lower()
    assert await aof.on_call.shown() == []


@pytest.mark.parametrize("fault", ["cut_after_accept", "timeout_after_accept"])
async def test_a_send_without_an_answer_is_settled_by_its_receipt(
    aof: World, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WhatsAppPlatform, "request_timeout_seconds", 0.5)
    await aof.fault(**{fault: 1})
    await aof.on_call.types("ahoy")
    await aof.until(lambda: _states(aof, "delivered"))
    assert len(await aof.on_call.shown()) == 1
    assert aof.rows("SELECT repeated FROM outbox") == [(0,)]


async def test_without_a_receipt_it_is_sent_once_more_and_marked(aof: World) -> None:
    await aof.fault(cut_after_accept=1, withhold_receipts=True)
    await aof.on_call.types("ahoy")
    await aof.until(lambda: _states(aof, "uncertain"))
    aof.clock.advance(9)
    assert len(await aof.on_call.shown()) == 1
    aof.clock.advance(2)
    await aof.until(lambda: _states(aof, "sent"))
    assert len(await aof.on_call.shown()) == 2
    assert aof.rows("SELECT repeated, uncertain FROM outbox") == [(1, 1)]


async def test_a_second_send_without_an_answer_goes_to_the_operator(aof: World) -> None:
    await aof.fault(cut_after_accept=2, withhold_receipts=True)
    await aof.on_call.types("ahoy")
    await aof.until(lambda: _states(aof, "uncertain"))
    aof.clock.advance(11)
    await aof.until(lambda: _uncertain(aof, 2))
    aof.clock.advance(11)
    await aof.until(lambda: _states(aof, "held"))
    assert aof.rows("SELECT gate FROM outbox") == [("operator",)]
    # the next answer is not kept waiting behind it
    await aof.fault()
    await aof.on_call.types("again")
    await aof.until(lambda: _states(aof, "held", "delivered"))


async def _uncertain(aof: World, times: int) -> bool:
    return aof.rows("SELECT state, uncertain FROM outbox") == [("uncertain", times)]


async def test_ask_operator_holds_what_was_never_answered(tmp_path: Path, echo: Echo) -> None:
    async with world(tmp_path, agent=lambda _: echo, delivery={"uncertain": "ask_operator"}) as aof:
        await aof.fault(cut_after_accept=1, withhold_receipts=True)
        await aof.on_call.types("ahoy")
        await aof.until(lambda: _states(aof, "uncertain"))
        aof.clock.advance(11)
        await aof.until(lambda: _states(aof, "held"))
        assert len(await aof.on_call.shown()) == 1


async def test_a_late_receipt_still_settles_what_the_operator_holds(tmp_path: Path, echo: Echo) -> None:
    async with world(tmp_path, agent=lambda _: echo, delivery={"uncertain": "ask_operator"}) as aof:
        await aof.fault(cut_after_accept=1, hold_receipts=True)
        await aof.on_call.types("ahoy")
        await aof.until(lambda: _states(aof, "uncertain"))
        aof.clock.advance(11)
        await aof.until(lambda: _states(aof, "held"))
        await aof.fault()
        await aof.until(lambda: _states(aof, "delivered"))


async def test_a_receipt_is_waited_for_as_long_as_the_file_says(tmp_path: Path, echo: Echo) -> None:
    async with world(tmp_path, agent=lambda _: echo, delivery={"uncertain_wait_seconds": 3000}) as aof:
        await aof.fault(**{"502": 1})
        await aof.on_call.types("ahoy")
        await aof.until(lambda: _states(aof, "uncertain"))
        aof.clock.advance(2900)
        await aof.lead.types("meanwhile")
        await aof.lead.next()
        await aof.until(lambda: _states(aof, "uncertain", "delivered"))
        aof.clock.advance(101)
        await aof.until(lambda: _states(aof, "delivered", "delivered"))


async def test_an_html_502_counts_as_maybe_sent(aof: World) -> None:
    await aof.fault(**{"502": 1})
    await aof.on_call.types("ahoy")
    await aof.until(lambda: _states(aof, "uncertain"))
    aof.clock.advance(11)
    await aof.until(lambda: _states(aof, "delivered"))
    assert len(await aof.on_call.shown()) == 1


async def test_a_throttled_number_waits_and_then_goes_on_in_order(aof: World) -> None:
    await aof.fault(**{"429": 1})
    await aof.on_call.types("one")
    await aof.until(lambda: _deferred(aof))
    await aof.lead.types("two")
    assert aof.rows("SELECT code FROM outbox WHERE deferrals > 0") == [(130429,)]
    aof.clock.advance(3)
    assert (await aof.on_call.next())["text"] == "You said: one"
    assert (await aof.lead.next())["text"] == "You said: two"
    await aof.until(lambda: _states(aof, "delivered", "delivered"))
    told = aof.rows("SELECT code, error, deferrals FROM outbox ORDER BY seq")
    assert told == [(0, None, 1), (0, None, 0)], "what has arrived tells of no trouble"


async def _deferred(aof: World) -> bool:
    return bool(aof.rows("SELECT 1 FROM outbox WHERE state = 'queued' AND deferrals > 0"))


async def test_a_throttled_pair_delays_nobody_else(aof: World) -> None:
    await aof.fault(error={"code": 131056, "times": 1})
    await aof.on_call.types("one")
    await aof.until(lambda: _deferred(aof))
    await aof.lead.types("two")
    assert (await aof.lead.next())["text"] == "You said: two"
    aof.clock.advance(2)
    assert (await aof.on_call.next())["text"] == "You said: one"


async def test_we_stay_below_the_pair_rate_by_ourselves(aof: World, echo: Echo) -> None:
    for n in range(50):
        await aof.on_call.types(f"question {n}")
    for n in range(45):
        assert (await aof.on_call.next())["text"] == f"You said: question {n}"
    for n in range(45, 50):
        aof.clock.advance(6)
        assert (await aof.on_call.next())["text"] == f"You said: question {n}"
    assert {send["status"] for send in await aof.sends()} == {200}


@pytest.mark.parametrize("code", [190, 368, 131031])
async def test_a_stopped_account_keeps_its_parts_and_says_so(aof: World, code: int) -> None:
    await aof.fault(error={"code": code, "times": 1})
    await aof.on_call.types("ahoy")
    await aof.until(lambda: _refused_with(aof, code))
    status, said = await aof.ready()
    assert (status, said["status"]) == (503, "not ready")
    assert str(code) in str(said["reasons"])
    async with aof.control.get(f"{aof.url}/ready") as response:
        # the reasons are not for whoever reaches the webhooks' port
        assert (response.status, await response.json()) == (503, {"status": "not ready"})
    await aof.on_call.types("still there?")
    await aof.until(lambda: _states(aof, "queued", "queued"))
    assert await aof.on_call.shown() == []
    await aof.restart()
    assert (await aof.on_call.next())["text"] == "You said: ahoy"
    assert (await aof.on_call.next())["text"] == "You said: still there?"
    async with aof.control.get(f"{aof.url}/ready") as response:
        assert response.status == 200


async def _refused_with(aof: World, code: int) -> bool:
    return aof.rows("SELECT state, code FROM outbox") == [("queued", code)]


async def test_a_refused_part_is_buried_with_metas_words(aof: World) -> None:
    await aof.fault(error={"code": 131009, "times": 1, "details": "Button title length invalid."})
    await aof.on_call.types("ahoy")
    await aof.until(lambda: _states(aof, "dead"))
    ((code, error),) = aof.rows("SELECT code, error FROM outbox")
    assert code == 131009
    assert "Button title length invalid." in error


async def test_an_unreachable_platform_costs_time_and_no_message(tmp_path: Path, echo: Echo) -> None:
    async with world(tmp_path, agent=lambda _: echo) as aof:
        address = aof.simulator.url
        aof.config = aof.config.replace(address, "http://127.0.0.1:9")  # discard: nothing listens there
        await aof.restart()
        await aof.on_call.types("ahoy")
        await aof.until(lambda: _deferred(aof))
        await aof.stop()
        aof.clock.advance(7200)
        aof.config = aof.config.replace("http://127.0.0.1:9", address)
        await aof.start()
        assert (await aof.on_call.next())["text"] == "You said: ahoy"
        assert len(echo.turns) == 1


async def test_behind_the_closed_gate_the_wire_sees_not_one_request(tmp_path: Path, echo: Echo) -> None:
    echo.answers = lambda turn: Response(text=f"got {turn.text}", actions=(Action(id="a", title="Act"),))
    async with world(
        tmp_path, agent=lambda _: echo, whatsapp={"hold_on_loopback": True, "allow_everyone": True}
    ) as aof:
        await aof.on_call.types("ahoy")
        await aof.lead.sends(type="image", image={"id": "1", "mime_type": "image/png"})
        await aof.on_call.types("/help")
        await aof.until(lambda: _states(aof, "held", "held", "held"))
        assert await aof.sends() == []
        assert {row[0] for row in aof.rows("SELECT gate FROM outbox")} == {"live_send"}
        status, said = await aof.ready()
        assert status == 200
        assert "allow_live_send" in str(said["notes"])
        # opening the gate lets nothing out by itself
        aof.config = aof.config.replace('"hold_on_loopback": true', '"hold_on_loopback": false')
        await aof.restart()
        await aof.on_call.types("now?")
        assert (await aof.on_call.next())["text"] == "got now?"
        await aof.until(lambda: _states(aof, "held", "held", "held", "delivered"))


async def test_webhooks_repeated_reordered_and_batched_give_one_answer_each(aof: World) -> None:
    await aof.fault(duplicate=3, batch=4, reorder=True)
    for n in range(8):
        await (aof.on_call if n % 2 else aof.lead).types(f"question {n}")
    aof.clock.advance(2)
    seen = [(await phone.next())["text"] for phone in (aof.on_call, aof.lead) for _ in range(4)]
    assert sorted(seen) == [f"You said: question {n}" for n in range(8)]
    aof.clock.advance(60)
    await aof.idle()
    assert len(await aof.on_call.shown()) + len(await aof.lead.shown()) == 8


async def test_an_acknowledgement_that_gets_lost_answers_nobody_twice(aof: World) -> None:
    await aof.fault(drop_ack=2)
    await aof.on_call.types("ahoy")
    assert (await aof.on_call.next())["text"] == "You said: ahoy"
    aof.clock.advance(30)
    wire = await aof.wire_until(lambda seen: sum(e["kind"] == "webhook" and e["attempt"] > 1 for e in seen) >= 1)
    assert wire
    await aof.idle()
    assert len(await aof.on_call.shown()) == 1


async def test_strangers_get_silence(tmp_path: Path, echo: Echo) -> None:
    async with world(tmp_path, agent=lambda _: echo, whatsapp={"allowed_numbers": [LEAD]}) as aof:
        await aof.on_call.types("let me in")
        await aof.on_call.types("/help")
        await aof.lead.types("ahoy")
        assert (await aof.lead.next())["text"] == "You said: ahoy"
        await aof.idle()
        assert await aof.on_call.shown() == []
        assert [turn.text for turn in echo.turns] == ["ahoy"]


async def test_what_was_queued_when_the_daemon_stopped_is_answered_when_it_is_back(aof: World) -> None:
    await aof.stop()
    for n in range(5):
        await aof.on_call.types(f"question {n}")
    await aof.start()
    aof.clock.advance(30)  # the platform's next try
    assert [(await aof.on_call.next())["text"] for _ in range(5)] == [f"You said: question {n}" for n in range(5)]
