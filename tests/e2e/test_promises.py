"""What the daemon promises to people and operators, each promise seen from outside."""

import asyncio
import itertools
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from aof.agents.base import Turn
from aof.daemon import running
from aof.domain.response import Action, Response
from aof.simulator import PhoneSettings, Settings
from aof.simulator.settings import GroupSettings
from tests.e2e.agents import Echo
from tests.e2e.wire import ACCEPTED, SPOKEN, ask, deliver, holding, logged, message, opened, signature
from tests.e2e.world import CREDENTIALS, LEAD, ON_CALL, World, world
from tests.unit.platforms.whatsapp.webhooks import OUR_NUMBER, change, item, webhook


def _twelve(turn: Turn) -> Response:
    if turn.press is None:
        return Response(text="Which?", actions=tuple(Action(id=f"pick:{n}", title=f"Choice {n}") for n in range(1, 13)))
    return Response(text=f"picked {turn.press.action_id}")


async def _is(aof: World, sql: str, *rows: tuple[Any, ...]) -> bool:
    return aof.rows(sql) == list(rows)


async def _messages_sent(aof: World) -> list[dict[str, Any]]:
    return [each["body"] for each in await aof.sends() if "status" not in each["body"]]


async def test_a_receipt_is_applied_while_a_turn_of_its_conversation_runs(aof: World, echo: Echo) -> None:
    let_go = asyncio.Event()

    async def slow(turn: Turn) -> Response:
        if turn.text == "slow":
            await let_go.wait()
        return Response(text=turn.text)

    echo.answers = slow
    await aof.fault(hold_receipts=True)
    await aof.on_call.types("quick")
    await aof.on_call.next()
    await aof.on_call.types("slow")
    await aof.until(lambda: _is(aof, "SELECT state FROM inbox", ("done",), ("running",)))
    await aof.fault()
    await aof.until(lambda: _is(aof, "SELECT state FROM outbox", ("delivered",)))
    assert aof.rows("SELECT state FROM inbox") == [("done",), ("running",)]
    let_go.set()
    assert (await aof.on_call.next())["text"] == "slow"


async def test_a_failed_delivery_says_so_in_the_log_by_its_code_and_not_by_its_number(aof: World) -> None:
    with logged() as log:
        await aof.fault(fail_later={"code": 131026, "times": 1})
        await aof.on_call.types(SPOKEN)
        await aof.until(lambda: _is(aof, "SELECT state FROM outbox", ("failed",)))
        # the receipt is told of once it is on disk
        await aof.lead.types(SPOKEN)
        await aof.lead.next()
    (line,) = log.of("part_failed")
    ((part,),) = aof.rows("SELECT part FROM outbox WHERE state = 'failed'")
    assert (line["part"], line["code"], line["level"]) == (part, 131026, "warning")


async def test_ten_copies_of_a_webhook_at_once_are_accepted_and_answered_once(aof: World, echo: Echo) -> None:
    await opened(aof)
    answers = await asyncio.gather(*(deliver(aof, holding(message())) for _ in range(10)))
    assert {(answer.status, str(answer.body)) for answer in answers} == {(200, str(ACCEPTED[1]))}
    assert (await aof.on_call.next())["text"] == f"You said: {SPOKEN}"
    await aof.idle()
    assert len(await aof.on_call.shown()) == 2
    assert len(echo.turns) == 2


async def test_order_survives_restarts_and_a_turn_that_is_given_back_costs_no_attempt(
    aof: World, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "GRACE_SECONDS", 0)
    began, let_go = asyncio.Queue[None](), asyncio.Event()

    async def slow(turn: Turn) -> Response:
        began.put_nowait(None)
        await let_go.wait()
        return Response(text=turn.text)

    echo.answers = slow
    for text in ("first", "second", "third"):
        await aof.on_call.types(text)
    for _ in range(5):  # more often than a turn is tried before it is buried
        await began.get()
        await aof.until(lambda: _is(aof, "SELECT count(*) FROM inbox", (3,)))
        await aof.restart()
    await began.get()
    assert aof.rows("SELECT attempts FROM inbox WHERE state = 'running'") == [(1,)]
    let_go.set()
    assert [(await aof.on_call.next())["text"] for _ in range(3)] == ["first", "second", "third"]


async def test_a_message_that_took_the_daemon_down_three_times_is_buried_with_a_word(
    aof: World, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "GRACE_SECONDS", 0)
    began = echo.never_ends()
    await aof.on_call.types("poison")
    await began.wait()
    path = aof.store.path
    await aof.stop()
    with closing(sqlite3.connect(path, isolation_level=None)) as crashed:
        # what a third crash during its turn leaves behind
        crashed.execute("UPDATE inbox SET state = 'running', attempts = 3")
        crashed.execute("UPDATE conversation SET owner = 'a dead one', lease_until = 0")
    await aof.start()
    assert "could not answer" in (await aof.on_call.next())["text"]
    assert aof.rows("SELECT state, outcome FROM inbox") == [("dead", "buried")]
    assert len(echo.turns) == 1


async def test_a_send_found_open_at_start_waits_a_minute_for_its_receipt_and_is_then_sent_once_more(
    aof: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "GRACE_SECONDS", 0)
    await aof.fault(timeout_after_accept=1, withhold_receipts=True)
    await aof.on_call.types("ahoy")
    await aof.on_call.next()
    await aof.stop()
    stopped = aof.clock.now().timestamp()
    await aof.start()
    await aof.until(lambda: _is(aof, "SELECT state FROM outbox", ("uncertain",)))
    assert aof.rows("SELECT not_before FROM outbox")[0][0] >= stopped + 60
    aof.clock.advance(61)
    await aof.until(lambda: _is(aof, "SELECT state, repeated FROM outbox", ("sent", 1)))
    assert len(await aof.on_call.shown()) == 2


async def test_what_was_said_is_erased_in_its_time_and_its_repeat_is_still_known(tmp_path: Path, echo: Echo) -> None:
    async with world(tmp_path, agent=lambda _: echo, store={"keep_days": 1}) as aof:
        await opened(aof)
        assert (await deliver(aof, holding(message()))).status == 200
        assert (await aof.on_call.next())["text"] == f"You said: {SPOKEN}"
        await aof.until(lambda: _is(aof, "SELECT DISTINCT state FROM outbox", ("delivered",)))
        aof.clock.advance(2 * 86_400)
        erased = (
            "SELECT (SELECT count(*) FROM inbox WHERE payload IS NOT NULL), (SELECT count(*) FROM turn),"
            " (SELECT count(*) FROM outbox), (SELECT count(*) FROM inbox)"
        )
        await aof.until(lambda: _is(aof, erased, (0, 0, 0, 2)))
        assert (await deliver(aof, holding(message()))).status == 200
        assert len(echo.turns) == 2
        aof.clock.advance(31 * 86_400)
        await aof.until(lambda: _is(aof, "SELECT count(*) FROM inbox", (0,)))
        assert await aof.store.check() == []


async def test_ids_are_remembered_for_as_long_as_the_file_says(tmp_path: Path, echo: Echo) -> None:
    async with world(tmp_path, agent=lambda _: echo, store={"keep_days": 1, "keep_ids_days": 7}) as aof:
        await aof.on_call.types("ahoy")
        await aof.until(lambda: _is(aof, "SELECT DISTINCT state FROM outbox", ("delivered",)))
        aof.clock.advance(8 * 86_400)
        await aof.until(lambda: _is(aof, "SELECT count(*) FROM inbox", (0,)))


async def test_both_ports_say_that_the_daemon_lives_and_is_ready(aof: World) -> None:
    assert aof.daemon is not None
    for port in (aof.daemon.port, aof.daemon.admin_port):
        async with aof.control.get(f"http://127.0.0.1:{port}/health") as response:
            body = await response.json()
            assert response.status == 200
            assert list(body) == ["status", "timestamp"]
            assert body["status"] == "healthy"
            assert datetime.fromisoformat(body["timestamp"]).utcoffset() is not None
        async with aof.control.get(f"http://127.0.0.1:{port}/ready") as response:
            assert response.status == 200
            assert (await response.json())["status"] == "ready"
    async with aof.control.post(f"http://127.0.0.1:{aof.daemon.admin_port}/webhook/whatsapp", data=b"") as response:
        assert response.status == 404, "webhooks arrive at the public port only"


async def test_each_event_leaves_one_canonical_line_that_quotes_nobody(aof: World) -> None:
    with logged() as log:
        await opened(aof)
        await aof.idle()
        await aof.lead.types(f"another {SPOKEN}")
        await aof.lead.next()
        await aof.idle()
    first, second = log.of("event_answered")
    assert first.keys() >= {"waited_seconds", "seconds", "timestamp", "level"}
    told = ("outcome", "platform", "kind", "agent", "route", "attempt", "parts")
    for line in (first, second):
        assert [line[key] for key in told] == ["answered", "whatsapp", "message", "runbook", "default_agent", 1, 1]
    assert first["conversation"] != second["conversation"]


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("disk?", "en"),
        ("كم المساحة", "ar"),
        ("كم مساحة disk في web-1", "ar"),  # technical words are Latin in an Arabic sentence
        ("👍 42", "ar"),  # nothing to tell it by, so the configured one
    ],
)
async def test_an_answer_is_in_the_script_it_was_asked_in(tmp_path: Path, echo: Echo, said: str, language: str) -> None:
    async with world(tmp_path, agent=lambda _: echo, runtime={"language": "ar"}) as aof:
        await aof.on_call.types(said)
        await aof.on_call.next()
        assert echo.turns[-1].language == language


async def test_in_a_group_a_bare_number_is_a_choice_for_its_sender_and_text_for_others(
    tmp_path: Path, echo: Echo
) -> None:
    echo.answers = _twelve
    groups = (GroupSettings("GroupOfTwo", (ON_CALL, LEAD)),)
    async with world(tmp_path, agent=lambda _: echo, settings=Settings(groups=groups)) as aof:
        said = {"type": "text", "group_id": "GroupOfTwo"}
        await aof.on_call.sends(text={"body": "menu"}, **said)
        assert "12. Choice 12" in (await aof.lead.next())["text"]
        await aof.lead.sends(text={"body": "11"}, **said)
        await aof.until(lambda: _is(aof, "SELECT count(*) FROM inbox WHERE state = 'done'", (2,)))
        assert (echo.turns[-1].text, echo.turns[-1].press) == ("11", None)
        # the answer to that was numbered, too, and is for whoever asked it
        await aof.lead.sends(text={"body": "12"}, **said)
        await aof.until(lambda: _is(aof, "SELECT count(*) FROM inbox WHERE state = 'done'", (3,)))
        assert echo.turns[-1].press is not None
        assert echo.turns[-1].press.action_id == "pick:12"


async def test_with_truncate_a_long_answer_is_one_message_and_the_rest_stands_behind_more(
    tmp_path: Path, echo: Echo
) -> None:
    words = [f"word{n}" for n in range(1300)]
    echo.answers = lambda _turn: Response(text=" ".join(words))
    whatsapp = {"long_text": "truncate", "allow_everyone": True}
    async with world(tmp_path, agent=lambda _: echo, whatsapp=whatsapp) as aof:
        await aof.on_call.types("everything")
        shown = await aof.on_call.next()
        seen = shown["text"].split()
        await aof.idle()
        assert len(await aof.on_call.shown()) == 1
        while shown["buttons"]:
            await aof.on_call.presses(shown, "More")
            shown = await aof.on_call.next()
            seen += shown["text"].split()
        assert seen == words
        assert len(echo.turns) == 1


async def test_while_the_app_secret_is_changed_webhooks_signed_with_either_are_taken(
    tmp_path: Path, echo: Echo
) -> None:
    whatsapp = {"app_secret": None, "app_secret_env": ["WHATSAPP_APP_SECRET", "FORMER"], "allow_everyone": True}
    former = {"FORMER": "former-secret"}
    async with world(tmp_path, agent=lambda _: echo, whatsapp=whatsapp, environ=former) as aof:
        await opened(aof)
        body = str(holding(message())).replace("'", '"').encode()
        for secret, status in (("former-secret", 200), (CREDENTIALS["WHATSAPP_APP_SECRET"], 200), ("neither", 401)):
            headers = {"X-Hub-Signature-256": signature(body, secret)}
            assert (await ask(aof, data=body, headers=headers)).status == status
        assert (await aof.on_call.next())["text"] == f"You said: {SPOKEN}"


async def test_somebody_without_a_number_is_answered_by_their_user_id(tmp_path: Path, echo: Echo) -> None:
    hidden = PhoneSettings("Hidden", "+15550003003", user_id="US.777", hides_number=True)
    whatsapp = {"allowed_users": ["US.777"]}
    settings = Settings(phones=(hidden, *Settings().phones))
    async with world(tmp_path, agent=lambda _: echo, settings=settings, whatsapp=whatsapp) as aof:
        await aof.phone("US.777").types("ahoy")
        assert (await aof.phone("US.777").next())["text"] == "You said: ahoy"
        (body,) = await _messages_sent(aof)
        assert body["recipient"] == "US.777"
        assert "to" not in body


async def test_who_changes_their_number_goes_on_where_they_were_and_old_choices_work(
    tmp_path: Path, echo: Echo
) -> None:
    new = "+15550009009"
    settings = Settings(phones=(*Settings().phones, PhoneSettings("New", new)))
    async with world(tmp_path, agent=lambda _: echo, settings=settings) as aof:
        echo.answers = lambda turn: Response(
            text=f"got {turn.text}", actions=(Action(id="go:on", title="Go on"),) if turn.text == "buttons" else ()
        )
        await aof.on_call.types("buttons")
        button = (await aof.on_call.next())["buttons"][0]["id"]
        echo.answers = _twelve
        await aof.on_call.types("menu")
        await aof.on_call.next()
        changed = {"type": "user_changed_number", "wa_id": new.removeprefix("+"), "body": "changed"}
        await aof.on_call.sends(type="system", system=changed)
        await aof.until(lambda: _is(aof, "SELECT outcome FROM inbox WHERE kind = 'identity'", ("moved",)))
        await aof.phone(new).sends(
            type="interactive",
            interactive={"type": "button_reply", "button_reply": {"id": button, "title": "Go on"}},
        )
        assert (await aof.phone(new).next())["text"] == "picked go:on"
        await aof.phone(new).types("11")
        assert (await aof.phone(new).next())["text"] == "picked pick:11"
        assert aof.rows("SELECT count(*) FROM conversation") == [(1,)]


async def test_another_numbers_events_and_our_own_words_are_kept_and_never_answered(aof: World, echo: Echo) -> None:
    await opened(aof)
    await aof.idle()
    elsewhere = {"display_phone_number": "15550000000", "phone_number_id": "1"}
    ours = item("text", {"body": SPOKEN}, id_="wamid.echo", from_=OUR_NUMBER)
    theirs = item("text", {"body": SPOKEN}, id_="wamid.elsewhere", from_=ON_CALL.removeprefix("+"))
    for changes in (
        [change(metadata=elsewhere, messages=[theirs])],
        [change(messages=[ours])],
        [change("smb_message_echoes", message_echoes=[ours])],
        [change("history", history=[{"threads": [{"id": "1", "messages": [theirs]}]}])],
        [change("standby", messages=[theirs])],
    ):
        answer = await deliver(aof, webhook(changes))
        assert (answer.status, answer.body) == ACCEPTED
    kept = {about for (about,) in aof.rows("SELECT about FROM notice")}
    assert kept == {"other_number", "echo", "smb_message_echoes", "history", "standby"}
    await aof.idle()
    assert len(echo.turns) == len(await _messages_sent(aof)) == 1
    assert aof.rows("SELECT count(*) FROM inbox") == [(1,)]


async def test_a_picture_gets_one_kind_sentence_however_often_it_is_repeated(aof: World, echo: Echo) -> None:
    await opened(aof)
    picture = item("image", {"id": "1", "mime_type": "image/png"}, id_="wamid.image", from_=ON_CALL.removeprefix("+"))
    for _ in range(3):
        assert (await deliver(aof, holding(picture))).status == 200
    assert "I can't read pictures yet" in (await aof.on_call.next())["text"]
    await aof.idle()
    assert len(await aof.on_call.shown()) == 2
    assert len(echo.turns) == 1


async def test_typing_marks_the_question_as_read_and_never_goes_out_before_the_answer(aof: World, echo: Echo) -> None:
    let_go = asyncio.Event()

    async def slow(_turn: Turn) -> Response:
        await let_go.wait()
        return Response(text="done")

    echo.answers = slow
    asked = await aof.on_call.types("long")
    for times in range(1, 4):
        aof.clock.advance(1 if times == 1 else 19)
        wire = await aof.wire_until(lambda wire, times=times: len(_typing(wire)) >= times)
    assert {(each["body"]["status"], each["body"]["message_id"]) for each in _typing(wire)} == {("read", asked)}
    at = [datetime.fromisoformat(each["at"]) for each in _typing(wire)]
    assert all((later - earlier).total_seconds() < 25 for earlier, later in itertools.pairwise(at))
    (question,) = [each for each in await aof.on_call.messages() if each["direction"] == "out"]
    assert question["status"] == "read"
    let_go.set()
    assert (await aof.on_call.next())["text"] == "done"


def _typing(wire: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in wire if each["kind"] == "request" and "typing_indicator" in each["body"]]


async def test_what_is_too_much_for_one_chat_is_refused_kindly_and_nothing_else(tmp_path: Path, echo: Echo) -> None:
    let_go = asyncio.Event()

    async def slow(turn: Turn) -> Response:
        await let_go.wait()
        return Response(text=turn.text)

    echo.answers = slow
    async with world(tmp_path, agent=lambda _: echo, runtime={"max_waiting_per_conversation": 2}) as aof:
        for n in range(5):
            await aof.on_call.types(f"question {n}")
        await aof.until(lambda: _is(aof, "SELECT count(*) FROM inbox", (5,)))
        let_go.set()
        texts = [(await aof.on_call.next())["text"] for _ in range(3)]
        await aof.idle()
        # every message is billed: a burst is refused once
        assert len(await aof.on_call.shown()) == 3
        await aof.on_call.types("question 5")
        assert (await aof.on_call.next())["text"] == "question 5"
    assert texts[:2] == ["question 0", "question 1"]
    assert "Too many of your messages are waiting" in texts[2]
