"""STOP, START and what they hold, as the phones see it, in both languages."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from aof.agents.base import Turn
from aof.domain.message import Sender
from aof.domain.response import Response, TextPart
from aof.simulator import Settings
from tests.e2e.acting import Doer, acting
from tests.e2e.agents import Echo
from tests.e2e.cli import not_done
from tests.e2e.world import LEAD, ON_CALL, World, world
from tests.unit.platforms.whatsapp.webhooks import change, webhook

ACCOUNT = f"whatsapp:{Settings().phone_number_id}"
LISTED = {"allowed_numbers": [ON_CALL]}
"""The other phone is a stranger's."""
OUT = "You will get no more notices here. START brings them back."
IN = "✅ You will get notices here. STOP ends them."
ARABIC_OUT = "لن تصلك إشعارات هنا بعد الآن. للعودة أرسل: اشتراك"
ARABIC_IN = "✅ ستصلك الإشعارات هنا. لإيقافها أرسل: إيقاف"
WORDS = [("STOP", OUT, "start", IN), ("إيقاف", ARABIC_OUT, "اشتراك", ARABIC_IN)]


async def stands(aof: World, number: str) -> str | None:
    found: str | None = (await aof.store.standing(ACCOUNT, Sender(number=number))).consent
    return found


async def says(aof: World, number: str, text: str) -> None:
    """Write something, and wait until all is said about it."""
    event = await aof.phone(number).types(text)

    async def answered() -> bool:
        return aof.rows("SELECT state FROM inbox WHERE event_id = ?", event) == [("done",)]

    await aof.until(answered)
    await aof.idle()


async def texts(aof: World, number: str) -> list[str]:
    return [message["text"] for message in await aof.phone(number).shown()]


async def wrote(aof: World, number: str, text: str) -> int:
    """A message of an operator; its row."""
    conversation = await aof.store.open_conversation(ACCOUNT, number, now=aof.clock.now())
    await aof.store.send(conversation, [TextPart(text=text)], by="ada", now=aof.clock.now())
    (row,) = aof.rows("SELECT max(seq) FROM outbox")
    return int(row[0])


async def held(aof: World) -> list[tuple[int, str]]:
    return [(row.seq, row.gate) for row in await aof.store.parts(states=("held",))]


@pytest.mark.parametrize(("stop", "out", "start", "back"), WORDS)
async def test_a_stranger_opts_out_and_back_and_is_told_each_once(
    tmp_path: Path, stop: str, out: str, start: str, back: str
) -> None:
    async with world(tmp_path, whatsapp=LISTED) as aof:
        for said in (stop, stop, "disk", start, start):
            await says(aof, LEAD, said)
        assert await texts(aof, LEAD) == [out, back]
        assert await stands(aof, LEAD) == "in"
        kinds = [row[0] for row in aof.rows("SELECT kind FROM audit WHERE kind LIKE 'consent%' ORDER BY seq")]
        assert kinds == ["consent_out", "consent_in"]


@pytest.mark.parametrize(("stop", "out", "start", "back"), WORDS)
async def test_who_may_talk_is_answered_as_before_and_written_to_no_more(
    aof: World, stop: str, out: str, start: str, back: str
) -> None:
    await says(aof, ON_CALL, "disk")
    await says(aof, ON_CALL, stop)
    first = await wrote(aof, ON_CALL, "a notice")
    await aof.idle()
    assert await held(aof) == [(first, "consent")]
    await says(aof, ON_CALL, stop)  # again, since they are not sure
    await says(aof, ON_CALL, "disk 2")
    assert await texts(aof, ON_CALL) == ["You said: disk", out, out, "You said: disk 2"]
    await says(aof, ON_CALL, start)
    assert (await texts(aof, ON_CALL))[-1] == back
    # what was held meanwhile is for an operator to decide about
    assert await held(aof) == [(first, "consent")]
    await aof.store.release([first], by="ada", now=aof.clock.now())
    await wrote(aof, ON_CALL, "another one")
    await aof.idle()
    assert (await texts(aof, ON_CALL))[-2:] == ["a notice", "another one"]


async def test_who_was_sent_away_is_heard_and_not_answered(tmp_path: Path) -> None:
    people = [{"name": "Ola", "whatsapp": [ON_CALL]}]
    async with world(tmp_path, people=people) as aof:
        await aof.store.suspend("Ola", by="ada", now=aof.clock.now())
        await says(aof, ON_CALL, "STOP")
        assert await stands(aof, ON_CALL) == "out"
        assert await texts(aof, ON_CALL) == []
        await aof.store.resume_person("Ola", by="ada", now=aof.clock.now())
        await says(aof, ON_CALL, "start")
        assert await texts(aof, ON_CALL) == [IN]


async def test_stop_ends_no_run_and_counts_while_one_runs(tmp_path: Path) -> None:
    going, may_end = asyncio.Event(), asyncio.Event()

    async def slowly(_turn: Turn) -> Response:
        going.set()
        await may_end.wait()
        return Response(text="the answer")

    echo = Echo()
    echo.answers = slowly
    async with world(tmp_path, agent=lambda _runner: echo) as aof:
        await aof.on_call.types("disk")
        await going.wait()
        await aof.on_call.types("stop")

        async def is_out() -> bool:
            return await stands(aof, ON_CALL) == "out"

        await aof.until(is_out)
        may_end.set()
        await aof.idle()
        assert await texts(aof, ON_CALL) == ["the answer", OUT]


async def test_a_first_start_is_a_hello_too(tmp_path: Path) -> None:
    async with world(tmp_path) as aof:
        await says(aof, ON_CALL, "start")
        (greeting,) = await texts(aof, ON_CALL)
        assert greeting.endswith("You will get notices here. STOP ends them.")
        assert "/help" in greeting or "help" in greeting
        await says(aof, ON_CALL, "start")
        assert (await texts(aof, ON_CALL))[-1] == greeting.removesuffix(
            "\n\nYou will get notices here. STOP ends them."
        )


async def test_a_stranger_who_may_pair_is_told_a_code_with_it(tmp_path: Path) -> None:
    async with world(tmp_path, whatsapp={"allow_live_send": False}) as aof:
        await says(aof, ON_CALL, "start")
        (told,) = await texts(aof, ON_CALL)
        assert "Give this code to its admin" in told
        assert told.endswith("You will get notices here. STOP ends them.")
        await says(aof, ON_CALL, "STOP")
        assert (await texts(aof, ON_CALL))[1:] == [OUT]


async def test_nobody_is_written_to_who_never_agreed(tmp_path: Path) -> None:
    async with world(tmp_path, whatsapp=LISTED) as aof:
        await wrote(aof, LEAD, "cold")
        await wrote(aof, ON_CALL, "cold, to somebody listed who never wrote")
        await aof.idle()
        assert [gate for _, gate in await held(aof)] == ["consent", "consent"]
        await says(aof, LEAD, "start")
        await wrote(aof, LEAD, "they agreed")
        await aof.idle()
        assert await texts(aof, LEAD) == [IN, "they agreed"]
        assert await texts(aof, ON_CALL) == []


async def test_aof_send_says_why_it_writes_to_nobody_who_opted_out(aof: World) -> None:
    await says(aof, ON_CALL, "stop")
    said = await not_done(aof, "send", "--to", ON_CALL, "hello")
    assert "has opted out; START from them opens it" in said


async def test_what_people_tell_whatsapp_about_marketing_counts(aof: World) -> None:
    for value, expected in (("stop", "out"), ("resume", None), ("stop", "out")):
        body = _preference(value, int(aof.clock.now().timestamp()))
        assert (await aof.webhook(json.dumps(body).encode()))[0] == 200
        assert await stands(aof, ON_CALL) == expected
        aof.clock.advance(5)
    await wrote(aof, ON_CALL, "an offer")
    await aof.idle()
    assert [gate for _, gate in await held(aof)] == ["consent"]


async def test_what_whatsapp_refuses_for_that_reason_is_their_word_and_is_not_sent_again(aof: World) -> None:
    await says(aof, ON_CALL, "disk")
    await aof.fault(error={"code": 131050, "times": 1})
    await wrote(aof, ON_CALL, "an offer")

    async def dead() -> int:
        return len(await aof.store.parts(states=("dead",)))

    await aof.until(dead)
    assert await stands(aof, ON_CALL) == "out"
    (row,) = await aof.store.parts(states=("dead",))
    await aof.store.retry([row.seq], by="ada", now=aof.clock.now())
    await aof.idle()
    assert await held(aof) == [(row.seq, "consent")]


async def test_what_fails_later_for_that_reason_is_their_word_too(aof: World) -> None:
    await says(aof, ON_CALL, "disk")
    await aof.fault(fail_later={"code": 131050, "times": 1})
    await wrote(aof, ON_CALL, "an offer")

    async def is_out() -> bool:
        return await stands(aof, ON_CALL) == "out"

    await aof.until(is_out)
    (row,) = await aof.store.contacts()
    assert (row.row.how, row.row.by) == ("refusal", "")


async def test_an_approver_who_opted_out_is_not_asked_and_not_named(tmp_path: Path, doer: Doer) -> None:
    async with acting(tmp_path, doer) as aof:
        await says(aof, LEAD, "stop")
        await aof.on_call.types("restart api")
        told = (await aof.on_call.next())["text"]
        assert told.startswith("Not run: `lever restart api`. Nobody but you could approve it.")
        assert told.splitlines()[0].endswith("Whoever sent STOP sends START.")
        await aof.idle()
        assert (await texts(aof, LEAD))[1:] == [OUT]
        await says(aof, LEAD, "start")
        await aof.on_call.types("restart api")
        assert "Omar" in (await aof.on_call.next())["text"]
        assert doer.levers.pulled == []


def _preference(value: str, at: int) -> Any:
    wa_id = ON_CALL.removeprefix("+")
    item = {"wa_id": wa_id, "category": "marketing_messages", "value": value, "detail": "User said", "timestamp": at}
    return webhook([change(field="user_preferences", contacts=[{"wa_id": wa_id}], user_preferences=[item])])
