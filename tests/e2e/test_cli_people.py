"""`aof pair`, `people`, `inbox`, `store`: who is let in, what could not be read, and the file itself."""

import json
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from aof.agents.base import Turn
from aof.domain.response import Response
from aof.texts import chat
from aof.texts.language import Language
from tests.e2e.agents import Echo
from tests.e2e.cli import done, not_done, operator
from tests.e2e.wire import deliver
from tests.e2e.world import LEAD, ON_CALL, World, world

CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")


@pytest.fixture
async def pairing(tmp_path: Path, echo: Echo) -> AsyncIterator[World]:
    people = [{"name": "Lead", "whatsapp": LEAD, "roles": ["lead"], "language": "ar"}]
    async with world(tmp_path, agent=lambda _: echo, whatsapp={"allow_live_send": False}, people=people) as aof:
        yield aof


async def _code(aof: World) -> str:
    await aof.on_call.types("let me in")
    found = CODE.search((await aof.on_call.next())["text"])
    assert found
    return found.group()


async def test_a_stranger_is_let_in_talks_is_sent_away_and_let_in_again(pairing: World, echo: Echo) -> None:
    aof = pairing
    assert (await done(aof, "pair", "list")).out == "Nobody has asked.\n"
    code = await _code(aof)
    listed = await done(aof, "pair", "list")
    assert "asks" in listed.out
    assert code not in listed.out
    wrong = await not_done(aof, "pair", "approve", "2222-2222")
    assert "no open code is like that. After 4 more wrong ones" in wrong
    for left in ("3 more wrong ones", "2 more wrong ones", "1 more wrong one"):
        assert f"After {left} nobody" in await not_done(aof, "pair", "approve", "2222-2222")
    assert "it is empty" in (await operator(aof, "pair", "approve", code, "--name", " ")).err
    assert "Asking to be let in: 1." in (await done(aof, "status")).out
    assert "somebody called Lead" in await not_done(aof, "pair", "approve", code, "--name", "Lead")
    assert (await done(aof, "pair", "approve", code.lower(), "--name", "Ola")).out == f"Ola ({ON_CALL}) is let in.\n"
    await aof.on_call.types("anything")
    assert (await aof.on_call.next())["text"] == "You said: anything"
    assert {part["to"] for part in (await done(aof, "outbox", "list", "--all", "--json")).json["parts"]} == {"Ola"}

    assert (await done(aof, "pair", "revoke", "Ola")).out == f"Ola ({ON_CALL}) is sent away.\n"
    await aof.on_call.types("still there?")
    await aof.until(lambda: _all_done(aof, 3))
    assert [turn.text for turn in echo.turns] == ["anything"]
    assert "nobody called Ola was let in" in await not_done(aof, "pair", "revoke", "Ola")

    assert "nobody has an open code" in await not_done(aof, "pair", "approve", "2222-2222")
    (again,) = (await done(aof, "pair", "approve", "Ola", "--json")).json["let_in"]
    assert (again["name"], again["state"]) == ("Ola", "approved")
    await aof.on_call.types("again")
    assert (await aof.on_call.next())["text"] == "You said: again"
    (row,) = (await done(aof, "pair", "list", "--json")).json
    assert (row["name"], row["number"], row["state"]) == ("Ola", ON_CALL, "approved")
    assert row.keys() == {
        *("account", "number", "user_id", "called", "name", "state", "is_open", "tries_left"),
        *("asked_at", "expires_at", "decided_at"),
    }


async def test_whoever_shows_an_invitation_first_is_let_in_and_a_wrong_one_tells_nothing(
    pairing: World, echo: Echo
) -> None:
    aof = pairing
    said = (await done(aof, "people", "invite", "Ola", "--hours", "2")).out
    found = re.search(r"whatsapp:\d+: send it /start ([A-Za-z0-9_-]{22})\n", said)
    assert found
    assert said.startswith("Whoever shows this first is let in as Ola, until ")
    code = found.group(1)
    await aof.on_call.types(f"/start {code[:-1]}{'x' if code[-1] != 'x' else 'y'}")
    guessed = (await aof.on_call.next())["text"]
    await aof.on_call.types(f"/start {code}")
    welcome = (await aof.on_call.next())["text"]
    assert "You are let in, as Ola." in welcome
    assert "/help" in welcome
    await aof.lead.types(f"/start {code}")
    replayed = (await aof.lead.next())["text"]
    told = [chat.stranger(language, "", 60) for language in (Language.ENGLISH, Language.ARABIC)]
    assert [CODE.sub("", text) for text in (guessed, replayed)] == told
    await aof.on_call.types("anything")
    assert (await aof.on_call.next())["text"] == "You said: anything"
    assert [turn.text for turn in echo.turns] == ["anything"]
    (row,) = [row for row in (await done(aof, "pair", "list", "--json")).json if row["state"] == "approved"]
    assert (row["name"], row["number"]) == ("Ola", ON_CALL)
    assert "somebody called Lead" in await not_done(aof, "people", "invite", "Lead")
    assert "somebody is called Ola already" in await not_done(aof, "people", "invite", "Ola")
    trail = str(aof.rows("SELECT kind, facts FROM audit LEFT JOIN audit_words USING (seq)"))
    assert "person_invited" in trail
    assert code not in trail


async def test_an_invitation_is_a_link_to_the_bot_once_its_name_is_known(tmp_path: Path, echo: Echo) -> None:
    bot = {"bot_token": "7000:secret-of-the-test", "api_url": "http://127.0.0.1:9"}
    async with world(tmp_path, agent=lambda _: echo, platforms={"telegram": bot}) as aof:
        first = (await done(aof, "people", "invite", "Ola")).out
        assert "  telegram:7000: send it /start " in first
        assert "whatsapp:" not in first, "everybody may talk there"
        await aof.store.keep_invite_link("telegram:7000", "https://t.me/opsbot?start={code}")
        said = (await done(aof, "people", "invite", "Ola", "--json")).json
        assert said["links"] == {"telegram:7000": f"https://t.me/opsbot?start={said['code']}"}


async def _all_done(aof: World, many: int) -> bool:
    return aof.rows("SELECT count(*) FROM inbox WHERE state = 'done'") == [(many,)]


async def test_people_are_listed_suspended_and_resumed_by_name(pairing: World, echo: Echo) -> None:
    aof = pairing
    await done(aof, "pair", "approve", await _code(aof), "--name", "Ola")
    listed = (await done(aof, "people", "list")).out
    assert re.search(r"Lead +\S*2002 +lead +ar +configuration", listed)
    assert re.search(r"Ola +\S*1001 +pairing", listed)
    await done(aof, "people", "suspend", "Ola")
    assert "suspended already" in await not_done(aof, "people", "suspend", "Ola")
    assert "nobody is called Olla; known: Lead, Ola" in await not_done(aof, "people", "suspend", "Olla")
    await aof.on_call.types("anything")
    await aof.until(lambda: _all_done(aof, 2))
    assert echo.turns == []
    found = {person["name"]: person["suspended"] for person in (await done(aof, "people", "list", "--json")).json}
    assert found == {"Lead": False, "Ola": True}
    assert (await done(aof, "people", "resume", "Ola", "--json")).json == {"name": "Ola", "suspended": False}
    assert "Ola is not suspended" in await not_done(aof, "people", "resume", "Ola")
    await aof.on_call.types("again")
    assert (await aof.on_call.next())["text"] == "You said: again"


async def test_a_person_is_answered_in_their_own_language(tmp_path: Path, echo: Echo) -> None:
    people = [{"name": "Lead", "whatsapp": LEAD, "language": "ar"}]
    async with world(tmp_path, agent=lambda _: echo, people=people) as aof:
        await aof.lead.types("disk")
        await aof.lead.next()
        await aof.on_call.types("disk")
        await aof.on_call.next()
        assert [turn.language for turn in echo.turns] == ["ar", "en"]


async def test_what_could_not_be_read_is_shown_and_taken_up_again(aof: World) -> None:
    item = {"from": ON_CALL.removeprefix("+"), "id": "wamid.later", "type": "text", "text": {"body": "ahoy"}}
    await aof.on_call.types("first")
    await aof.on_call.next()
    await deliver(aof, b"{broken")
    unknown = {**item, "timestamp": str(int(aof.clock.now().timestamp()))}
    await aof.store._writer.do(
        lambda connection: connection.execute(
            "INSERT INTO quarantine (account, event_id, reason, raw, received_at) VALUES (?, 'u', 'a new type', ?, 1)",
            ("whatsapp:106540352242922", json.dumps(unknown).encode()),
        )
    )
    listed = (await done(aof, "inbox", "quarantined")).out
    assert "a new type" in listed
    assert "no JSON" in listed
    rows = {row["why"]: row["id"] for row in (await done(aof, "inbox", "quarantined", "--json")).json}
    broken, readable = next(rows[why] for why in rows if "JSON" in why), rows["a new type"]
    assert "{broken" in (await done(aof, "inbox", "show", broken)).out
    assert "still can't be read" in await not_done(aof, "inbox", "replay", broken)
    nothing = json.dumps({"object": "whatsapp_business_account", "entry": []})
    await aof.store._writer.do(
        lambda connection: connection.execute(
            "INSERT INTO quarantine (account, event_id, reason, raw, received_at) VALUES (?, 'n', 'nothing', ?, 2)",
            ("whatsapp:106540352242922", nothing.encode()),
        )
    )
    for words in (("show", ""), ("replay", "")):
        assert (await operator(aof, "inbox", *words)).code == 2, "an empty word is no row"
    (empty,) = [
        row["id"] for row in (await done(aof, "inbox", "quarantined", "--json")).json if row["why"] == "nothing"
    ]
    assert "nothing in" in await not_done(aof, "inbox", "replay", empty)
    assert "entry" in (await done(aof, "inbox", "show", empty)).out
    assert (await done(aof, "inbox", "replay", readable)).out == f"{readable} is taken up again.\n"
    assert (await aof.on_call.next())["text"] == "You said: ahoy"
    assert f"there is no {readable}" in await not_done(aof, "inbox", "replay", readable)


async def test_a_buried_message_is_answered_once_its_cause_is_mended(aof: World, echo: Echo) -> None:
    def poison(_turn: Turn) -> Response:
        raise RuntimeError("a bug")

    echo.answers = poison
    await aof.on_call.types("poison")
    for attempts in (1, 2):
        await aof.until(lambda attempts=attempts: _deferred(aof, attempts))
        aof.clock.advance(60)
    assert "could not answer" in (await aof.on_call.next())["text"]
    echo.answers = None
    assert "buried: RuntimeError" in (await done(aof, "inbox", "quarantined")).out
    assert (await done(aof, "inbox", "replay", "e1", "--json")).json == {"id": "e1", "replayed": "anew"}
    assert (await aof.on_call.next())["text"] == "You said: poison"
    assert (await done(aof, "inbox", "quarantined")).out == "Everything could be read and answered.\n"


async def _deferred(aof: World, attempts: int) -> bool:
    return bool(aof.rows("SELECT 1 FROM inbox WHERE outcome = 'deferred' AND attempts = ?", attempts))


async def test_the_store_is_checked_measured_and_copied_beside_the_daemon(aof: World, tmp_path: Path) -> None:
    await aof.on_call.types("ahoy")
    await aof.on_call.next()
    await aof.idle()
    assert "is whole, and so is its audit chain" in (await done(aof, "store", "check")).out
    sizes = (await done(aof, "store", "size", "--json")).json
    assert (sizes["inbox"], sizes["outbox"]) == (1, 1)
    assert "MiB in" in (await done(aof, "store", "size")).out
    copy = tmp_path / "copy.db"
    assert "Copied to" in (await done(aof, "store", "backup", str(copy))).out
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM outbox").fetchone() == (1,)
    assert "exists already" in await not_done(aof, "store", "backup", str(copy))
    other = str(tmp_path / "other.db")
    assert (await done(aof, "store", "backup", other, "--json")).json["file"] == other
    await aof.store._writer.do(
        lambda connection: connection.execute("UPDATE audit SET digest = 'forged' WHERE seq = 1")
    )
    assert "audit chain is broken at row 1" in await not_done(aof, "store", "check")
