"""Programs ask agents by signed JSON: one address to post to, one to ask at, and nothing round the outbox."""

import asyncio
import json

from aof.agents.base import Turn
from aof.domain.response import Action, Response, TextPart
from tests.e2e.acting import Doer
from tests.e2e.agents import Echo
from tests.e2e.programs import ADA, BOB, Program, asking, held_open


async def test_an_event_is_acknowledged_with_an_address_and_answered_there(tmp_path, echo: Echo):
    async with asking(tmp_path, lambda _: echo) as aof:
        program = Program(aof)
        taken = await program.says("one", "kettle")
        assert taken.status == 202
        assert taken.headers["Location"] == taken.body["url"] == "/webhook/http/one?sender=ada"
        told = await program.asks(taken.body["url"], wait=60)
        assert (told.status, told.body["state"], told.body["outcome"]) == (200, "done", "answered")
        assert (told.body["id"], told.body["settled"], told.texts) == ("one", True, ["You said: kettle"])
        (part,) = told.body["parts"]
        assert (part["state"], part["type"], part["buttons"]) == ("sent", "text", [])
        assert aof.rows("SELECT part, state, message_id FROM outbox") == [(part["id"], "sent", part["id"])]


async def test_who_waits_gets_the_answer_at_once_and_who_repeats_the_same_one(tmp_path, echo: Echo):
    async with asking(tmp_path, lambda _: echo) as aof:
        program = Program(aof)
        first = await program.says("one", "kettle", wait=60)
        assert (first.status, first.texts) == (200, ["You said: kettle"])
        again = await program.says("one", "kettle", wait=60)
        assert (again.status, again.body) == (200, first.body)
        assert len(echo.turns) == 1
        other = await program.says("one", "something else", wait=60)
        assert (other.status, list(other.body)) == (409, ["error"])
        assert len(echo.turns) == 1


async def test_waiting_ends_with_its_time_and_with_the_daemon(tmp_path, echo: Echo):
    began, may_end = asyncio.Event(), asyncio.Event()

    async def slow(_turn: Turn) -> Response:
        began.set()
        await may_end.wait()
        return Response(text="late")

    echo.answers = slow
    async with asking(tmp_path, lambda _: echo) as aof:
        program = Program(aof)
        waiting = asyncio.create_task(program.says("one", "kettle", wait=60))
        await began.wait()
        await held_open(aof)
        aof.clock.advance(60)
        early = await waiting
        assert (early.status, early.body["state"], early.body["settled"], early.texts) == (202, "working", False, [])
        # what is held open when the daemon stops is answered, not cut off
        asked = asyncio.create_task(program.asks(early.body["url"], wait=60))
        await held_open(aof)
        stopping = asyncio.create_task(aof.stop())
        assert (await asked).status == 202
        may_end.set()
        await stopping


async def test_buttons_are_pressed_by_their_ids(tmp_path, echo: Echo):
    echo.answers = lambda turn: Response(
        text="**Pods**", actions=() if turn.press else (Action(id="logs", title="Logs"),)
    )
    async with asking(tmp_path, lambda _: echo) as aof:
        program = Program(aof)
        (part,) = (await program.says("one", "pods", wait=60)).body["parts"]
        (button,) = part["buttons"]
        assert (button["title"], button["style"]) == ("Logs", "plain")
        pressed = await program.says("two", press={"id": button["id"], "part": part["id"]}, wait=60)
        assert pressed.status == 200
        assert echo.turns[-1].press is not None
        assert echo.turns[-1].press.action_id == "logs"
        unknown = await program.says("three", press={"id": "never-shown"}, wait=60)
        assert len(echo.turns) == 2, unknown.body


async def test_a_conversation_is_shared_and_a_sender_has_one_of_their_own(tmp_path, echo: Echo):
    async with asking(tmp_path, lambda _: echo) as aof:
        program = Program(aof)
        for n, (who, where) in enumerate([(ADA, "ops"), (BOB, "ops"), (ADA, None), (BOB, None)]):
            told = await program.says(f"e{n}", "teapot", as_=who, wait=60, **({"conversation": where} if where else {}))
            assert told.status == 200
        assert aof.rows("SELECT conversation, grouped FROM conversation ORDER BY conversation") == [
            ("http:http/ada", 0),
            ("http:http/bob", 0),
            ("http:http/ops", 1),
        ]


async def test_the_language_is_the_one_that_the_program_names(tmp_path, echo: Echo):
    async with asking(tmp_path, lambda _: echo) as aof:
        program = Program(aof)
        arabic = await program.says("one", "/help", wait=60, language="ar-EG")
        english = await program.says("two", "/help", wait=60, language="en")
        assert "مساعدة" in arabic.texts[0] or not arabic.texts[0].isascii()
        assert "help" in english.texts[0].lower()
        assert (await program.says("three", "teapot", wait=60, language="fi")).status == 200


PEOPLE = [{"name": "Ada", "http": ADA}, {"name": "Bob", "http": [BOB], "roles": ["lead"]}]
CHANGES = {"safety": {"read_only": False}}


async def test_a_run_waits_for_people_and_its_answer_is_found_at_the_same_address(tmp_path, doer: Doer):
    approval = {"allowed_users": ["@lead"]}
    async with asking(tmp_path, lambda _: doer, http=CHANGES, people=PEOPLE, approval=approval) as aof:
        doer.gate = aof.daemon.acting.gate
        program = Program(aof)
        await program.says("who", "/status", as_=BOB, wait=60)
        paused = await program.says("one", "restart api", wait=60)
        assert (paused.status, paused.body["state"], paused.body["settled"]) == (202, "paused", True)
        assert doer.levers.pulled == []
        assert (await program.asks(paused.body["url"])).body == paused.body
        asked = asyncio.create_task(program.asks(paused.body["url"], wait=60))
        told = await program.asks("/webhook/http/senders/bob?after=")
        card = next(
            button["id"] for part in told.body["parts"] for button in part["buttons"] if button["title"] == "Approve"
        )
        pressed = await program.says("two", press={"id": card}, as_=BOB, wait=60)
        assert pressed.status == 200
        done = await asked
        assert (done.status, done.body["state"]) == (200, "done")
        assert "pulled restart api" in done.texts[-1]
        assert doer.levers.pulled == [("lever", "restart", "api")]


async def test_an_approver_who_asks_is_shown_their_own_card_with_its_buttons(tmp_path, doer: Doer):
    approval = {"allowed_users": ["http:ada"], "allow_self_approval": True}
    async with asking(tmp_path, lambda _: doer, http=CHANGES, people=PEOPLE, approval=approval) as aof:
        doer.gate = aof.daemon.acting.gate
        program = Program(aof)
        paused = await program.says("one", "restart api", wait=60)
        approve = next(
            button["id"] for part in paused.body["parts"] for button in part["buttons"] if button["title"] == "Approve"
        )
        await program.says("two", press={"id": approve}, wait=60)
        assert "pulled restart api" in (await program.asks(paused.body["url"], wait=60)).texts[-1]


async def test_what_a_gate_holds_is_not_shown(tmp_path, echo: Echo):
    async with asking(tmp_path, lambda _: echo, people=PEOPLE) as aof:

        async def cut_off(_turn: Turn) -> Response:
            await aof.store.suspend("Ada", by="test", now=aof.clock.now())
            return Response(text="a secret of the house")

        echo.answers = cut_off
        told = await Program(aof).says("one", "kettle", wait=60)
        (part,) = told.body["parts"]
        assert (part["state"], part["held_by"], part.get("text")) == ("held", "access", None)
        assert "secret" not in json.dumps(told.body)


async def test_what_was_acknowledged_is_answered_after_a_restart(tmp_path, echo: Echo):
    began = echo.never_ends()
    async with asking(tmp_path, lambda _: echo) as aof:
        program = Program(aof)
        taken = await program.says("one", "kettle")
        await began.wait()
        stopping = asyncio.create_task(aof.stop())
        for task in asyncio.all_tasks():
            if task.get_name().startswith("turn-"):
                task.cancel()
        await stopping
        echo.answers = None
        await aof.start()
        told = await program.asks(taken.body["url"], wait=60)
        assert (told.status, told.texts) == (200, ["You said: kettle"])


async def test_what_nobody_asked_for_is_found_by_its_sender_in_the_order_in_which_it_left(tmp_path, echo: Echo):
    async with asking(tmp_path, lambda _: echo) as aof:
        program, where = Program(aof), "http:http/ada"
        await program.says("one", "kettle", wait=60)
        first = await program.asks("/webhook/http/senders/ada")
        assert [(part["text"], part["answers"]) for part in first.body["parts"]] == [("You said: kettle", "one")]
        nothing = await program.asks(first.body["next"])
        assert (nothing.body["parts"], nothing.body["next"]) == ([], first.body["next"])
        waiting = asyncio.create_task(program.asks(first.body["next"], wait=60))
        await held_open(aof)
        await aof.store.send(where, [TextPart(text="one more")], by="test", now=aof.clock.now())
        second = await waiting
        assert [part["text"] for part in second.body["parts"]] == ["one more"]
        assert "answers" not in second.body["parts"][0]
        assert (await program.asks("/webhook/http/senders/bob")).body["parts"] == []


async def test_a_stranger_is_refused_and_told_nothing(tmp_path, echo: Echo):
    async with asking(tmp_path, lambda _: echo) as aof:
        told = await Program(aof).says("one", "kettle", as_="mallory", wait=60)
        assert (told.status, told.body["outcome"], told.body["parts"]) == (200, "refused", [])
        assert echo.turns == []
