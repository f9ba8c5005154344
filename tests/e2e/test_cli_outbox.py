"""`aof outbox`, `send`, `status`: what an operator reads and does about what left and what did not."""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.agents import Echo
from tests.e2e.cli import done, not_done, operator
from tests.e2e.world import LEAD, ON_CALL, World, world

CLOSED = {"allow_everyone": True, "hold_on_loopback": True, "allow_live_send": False}


@pytest.fixture
async def gated(tmp_path: Path, echo: Echo) -> AsyncIterator[World]:
    """A world whose gate is closed."""
    async with world(
        tmp_path, agent=lambda _: echo, whatsapp=CLOSED, people=[{"name": "Ola", "whatsapp": ON_CALL}]
    ) as aof:
        yield aof


def _opened(aof: World) -> None:
    aof.config = aof.config.replace('"allow_live_send": false', '"allow_live_send": true')


async def _states(aof: World, *states: str) -> bool:
    return [state for (state,) in aof.rows("SELECT state FROM outbox ORDER BY seq")] == list(states)


async def test_the_gate_from_closed_to_open_as_an_operator_sees_it(gated: World) -> None:
    aof = gated
    await aof.on_call.types("one")
    await aof.lead.types("two")
    await aof.until(lambda: _states(aof, "held", "held"))

    listed = await done(aof, "outbox", "list")
    reason = "spec.platforms.whatsapp.allow_live_send is false; set it to true to send"
    assert f"Nothing leaves for whatsapp:106540352242922: {reason}." in listed.out
    assert "live_send" in listed.out
    assert "Ola" in listed.out
    assert LEAD not in listed.out, "a list shows no whole number"
    assert f"{LEAD[:2]}•••{LEAD[-4:]}" in listed.out
    machine = (await done(aof, "outbox", "list", "--json")).json
    assert [(part["state"], part["gate"]) for part in machine["parts"]] == [("held", "live_send")] * 2
    assert reason in machine["why_nothing_leaves"][0]
    first = str(machine["parts"][0]["id"])

    refused = await not_done(aof, "outbox", "release", first)
    assert reason in refused
    assert await _states(aof, "held", "held")

    _opened(aof)
    (aof.folder / "daemon.yaml").write_text(aof.config)
    assert reason in await not_done(aof, "outbox", "release", first), "the running daemon does not know yet"
    assert await _states(aof, "held", "held")

    await aof.restart()
    await aof.lead.types("three")
    assert (await aof.lead.next())["text"] == "You said: three"
    assert await aof.on_call.shown() == [], "when it opens nothing held leaves by itself"

    assert "Held for whatsapp:106540352242922 from when its gate was closed: 2." in (await done(aof, "status")).out
    assert (await done(aof, "outbox", "release", first)).out == "Released: 1.\n"
    assert (await aof.on_call.next())["text"] == "You said: one"
    assert "nothing of that is held" in await not_done(aof, "outbox", "release", first)
    assert (await done(aof, "outbox", "release", "--gate", "live_send", "--json")).json == {"released": 1}
    assert (await aof.lead.next())["text"] == "You said: two"
    for asked, said in (
        ((), "Nothing waits, is held or failed."),
        (("--state", "held"), "Nothing is held."),
        (("--state", "dead", "--state", "failed"), "Nothing is dead or failed."),
        (("--gate", "live_sent"), "Nothing is held by a gate called live_sent."),
    ):
        assert (await done(aof, "outbox", "list", *asked)).out == f"{said}\n"


async def test_release_wants_either_ids_or_a_gate(gated: World) -> None:
    for words in ((), ("1", "--gate", "live_send")):
        said = await operator(gated, "outbox", "release", *words)
        assert said.code == 2
        assert "one of the two" in said.err


async def test_a_message_is_shown_in_full_to_who_asks_for_it(aof: World, echo: Echo) -> None:
    await aof.fault(error={"code": 131009, "times": 1})
    await aof.on_call.types("say \x1b[31mred")
    await aof.until(lambda: _states(aof, "dead"))
    shown = (await done(aof, "outbox", "show", "1")).out
    assert ON_CALL in shown
    assert "131009" in shown
    assert "You said: say" in shown
    assert "\x1b" not in shown
    machine = (await done(aof, "outbox", "show", "1", "--json")).json
    assert (machine["state"], machine["code"], machine["address"]["number"]) == ("dead", 131009, ON_CALL)
    (listed,) = (await done(aof, "outbox", "list", "--json")).json["parts"]
    assert listed.items() <= machine.items()
    assert "there is no message 99" in await not_done(aof, "outbox", "show", "99")


async def test_what_was_refused_is_sent_once_more(aof: World) -> None:
    await aof.fault(error={"code": 131009, "times": 1})
    await aof.on_call.types("ahoy")
    await aof.until(lambda: _states(aof, "dead"))
    assert (await done(aof, "outbox", "retry", "1")).out == "Queued again: 1.\n"
    assert (await aof.on_call.next())["text"] == "You said: ahoy"
    assert "none of these is dead or failed" in await not_done(aof, "outbox", "retry", "1")


async def test_a_stopped_account_is_told_and_resumed(aof: World) -> None:
    assert "no account is stopped" in await not_done(aof, "outbox", "resume")
    await aof.fault(expired_token=1)
    await aof.on_call.types("ahoy")
    await aof.until(lambda: _stopped(aof))
    listed = (await done(aof, "outbox", "list")).out
    assert "Nothing leaves for whatsapp:106540352242922: The access token has ended" in listed
    assert "aof outbox resume" in listed
    assert "whatsapp:2 is not stopped" in await not_done(aof, "outbox", "resume", "whatsapp:2")
    assert (await done(aof, "outbox", "resume")).out == "whatsapp:106540352242922 sends again.\n"
    assert (await aof.on_call.next())["text"] == "You said: ahoy"


async def _stopped(aof: World) -> bool:
    return bool(aof.rows("SELECT 1 FROM stopped"))


async def test_an_operator_writes_to_somebody_by_name_number_or_not_at_all(tmp_path: Path, echo: Echo) -> None:
    whatsapp = {"allowed_numbers": [ON_CALL, LEAD]}
    people = [{"name": "Ola", "whatsapp": ON_CALL}]
    async with world(tmp_path, agent=lambda _: echo, whatsapp=whatsapp, people=people) as aof:
        never = await not_done(aof, "send", "--to", LEAD, "the disk is being looked at")
        assert "has never written" in never
        assert "aof people list has the names" in await not_done(aof, "send", "--to", "Olla", "hello")
        await aof.on_call.types("ahoy")
        await aof.on_call.next()
        assert "has no country code" in await not_done(aof, "send", "--to", "0555 000 1001", "to nobody")
        for to in ("Ola", ON_CALL, "+1 (555) 000-1001", "001 555 000 1001"):
            said = await done(aof, "send", "--to", to, f"**for** {to}")
            assert said.out.startswith("Queued for ")
            assert (await aof.on_call.next())["text"].startswith("*for* ")
        assert aof.rows("SELECT DISTINCT cause FROM outbox WHERE seq > 1") == [("operator",)]
        assert "nothing to send" in await not_done(aof, "send", "--to", "Ola", "  ")
        assert "shorten it" in await not_done(aof, "send", "--to", "Ola", "word " * 12_000)
        await aof.store.suspend("Ola", by="test", now=aof.clock.now())
        assert "may not talk here" in await not_done(aof, "send", "--to", "Ola", "hello")
        await aof.store.resume_person("Ola", by="test", now=aof.clock.now())
        with_shell = aof.store._writer
        await with_shell.do(
            lambda connection: connection.execute("UPDATE conversation SET spoke_at = spoke_at - 86400")
        )
        assert "After 24 h" in await not_done(aof, "send", "--to", "Ola", "hello")


async def test_status_says_in_one_place_how_it_is(gated: World) -> None:
    aof = gated
    await aof.on_call.types("one")
    await aof.until(lambda: _states(aof, "held"))
    said = (await done(aof, "status")).out
    assert "A daemon runs and is ready." in said
    assert "allow_live_send" in said
    assert "held" in said
    assert "everybody may talk" in said
    machine = (await done(aof, "status", "--json")).json
    assert (machine["daemon"], machine["outbox"], machine["suspended"]) == ("answers", {"held": 1}, [])
    await aof.stop()
    assert "No daemon runs on this store." in (await done(aof, "status")).out
    assert "no daemon runs" in (await done(aof, "outbox", "list")).out


async def test_without_a_store_or_with_a_wrong_file_a_command_says_so(aof: World, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    fresh = json.loads(aof.config)
    (elsewhere / "daemon.yaml").write_text(json.dumps(fresh))
    missing = await operator(aof, "outbox", "list", "--config", str(elsewhere / "daemon.yaml"))
    assert (missing.code, missing.out) == (1, "")
    assert "there is no store at" in missing.err
    fresh["spec"]["servr"] = {}
    (elsewhere / "daemon.yaml").write_text(json.dumps(fresh))
    wrong = await operator(aof, "outbox", "list", "--config", str(elsewhere / "daemon.yaml"))
    assert wrong.code == 2
    assert 'Did you mean "server"?' in wrong.err
    assert (await operator(aof, "outbox", "nothing")).code == 2


async def test_what_helps_is_said_where_somebody_lets_nothing_through(tmp_path: Path, echo: Echo) -> None:
    async with world(tmp_path, agent=lambda _: echo) as aof:
        await aof.on_call.types("one")
        await aof.on_call.next()
        await aof.idle()
        (row,) = await aof.store.parts()
        with closing(sqlite3.connect(aof.store.path)) as past:
            past.execute("UPDATE outbox SET state = 'dead', code = 403, error = 'blocked', shut_out = 1")
            past.commit()
        helps = "They blocked the bot, or never started it. Once they write to it, send this again"
        assert f"{row.seq}: {helps}" in (await done(aof, "outbox", "list")).out
        assert helps in (await done(aof, "outbox", "show", str(row.seq))).out
        (part,) = (await done(aof, "outbox", "list", "--json")).json["parts"]
        assert part["helps"].startswith(helps)
