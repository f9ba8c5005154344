"""What commands say is so: by the word of the running daemon, of nobody else, and nothing that a stranger chose to be
called does more than stand there."""

from pathlib import Path

from aof.simulator import PhoneSettings, Settings
from tests.e2e.agents import Echo
from tests.e2e.cli import done, not_done, operator
from tests.e2e.test_who_may_talk import CODE, PAIRING, PHONES, _let_in
from tests.e2e.world import LEAD, ON_CALL, World, world

OLA = [{"name": "Ola", "whatsapp": [ON_CALL]}]
CLOSED = {"allow_everyone": True, "hold_on_loopback": True, "allow_live_send": False}
GUARDED = {"host": "127.0.0.1", "port": 0, "admin": {"port": 0, "token_env": "ADMIN_TOKEN"}}
TOKEN = {"ADMIN_TOKEN": "a-token-of-the-admin"}


async def _states(aof: World, *states: str) -> bool:
    return [state for (state,) in aof.rows("SELECT state FROM outbox ORDER BY seq")] == list(states)


async def test_a_gate_that_the_daemons_own_environment_opened_is_not_called_closed(tmp_path: Path, echo: Echo) -> None:
    whatsapp = {"allow_everyone": True, "hold_on_loopback": True}
    environ = {"WHATSAPP_ALLOW_LIVE_SEND": "true"}
    async with world(tmp_path, agent=lambda _: echo, whatsapp=whatsapp, environ=environ) as aof:
        await aof.on_call.types("one")
        assert (await aof.on_call.next())["text"] == "You said: one"
        for words in (("status",), ("outbox", "list")):
            assert "Nothing leaves" not in (await done(aof, *words)).out


async def test_a_gate_that_is_open_in_the_file_alone_is_not_called_open(tmp_path: Path, echo: Echo) -> None:
    async with world(tmp_path, agent=lambda _: echo, whatsapp=CLOSED) as aof:
        await aof.on_call.types("one")
        await aof.until(lambda: _states(aof, "held"))
        aof.config = aof.config.replace('"allow_live_send": false', '"allow_live_send": true')
        (aof.folder / "daemon.yaml").write_text(aof.config)
        assert "allow_live_send is false" in await not_done(aof, "outbox", "release", "1")
        assert "allow_live_send is false" in (await done(aof, "outbox", "list")).out
        assert await _states(aof, "held")


async def test_nothing_is_released_while_the_daemon_can_not_be_asked(tmp_path: Path, echo: Echo) -> None:
    async with world(tmp_path, agent=lambda _: echo, whatsapp=CLOSED, environ=TOKEN, server=GUARDED) as aof:
        await aof.on_call.types("one")
        await aof.until(lambda: _states(aof, "held"))
        refused = await not_done(aof, "outbox", "release", "1")
        assert "wants the token" in refused
        assert "wants the token" in (await done(aof, "status")).out
        assert "wants the token" in (await done(aof, "status", ADMIN_TOKEN="another-token-of-16")).out
        assert "is ready" in (await done(aof, "status", **TOKEN)).out


async def test_release_is_refused_for_whoever_the_access_gate_still_holds(tmp_path: Path, echo: Echo) -> None:
    async with world(tmp_path, agent=lambda _: echo, whatsapp={"allow_everyone": True}, people=OLA) as aof:
        await aof.fault(expired_token=1)
        await aof.on_call.types("one")
        await aof.until(lambda: _is_stopped(aof))
        await done(aof, "people", "suspend", "Ola")
        await done(aof, "outbox", "resume")
        await aof.until(lambda: _states(aof, "held"))
        assert "may not talk here" in await not_done(aof, "outbox", "release", "--gate", "access")
        await done(aof, "people", "resume", "Ola")
        await done(aof, "outbox", "release", "--gate", "access")
        assert (await aof.on_call.next())["text"] == "You said: one"


async def _is_stopped(aof: World) -> bool:
    return bool(await aof.store.stopped())


async def test_what_was_not_done_of_several_is_said(aof: World) -> None:
    await aof.fault(error={"code": 131009, "times": 1})
    await aof.on_call.types("ahoy")
    await aof.until(lambda: _states(aof, "dead"))
    said = await done(aof, "outbox", "retry", "1", "7", "9")
    assert said.out == "Queued again: 1. The other 2: neither dead nor failed.\n"


async def test_a_pairing_that_counts_for_nothing_is_said_to(tmp_path: Path, echo: Echo) -> None:
    async with world(tmp_path, agent=lambda _: echo, settings=PHONES, whatsapp=PAIRING, people=OLA) as aof:
        await _let_in(aof, aof.on_call)
        aof.config = aof.config.replace('"allow_live_send": false', f'"allowed_numbers": ["{ON_CALL}"]')
        await aof.restart()
        assert "It has no effect now" in (await done(aof, "pair", "revoke", ON_CALL)).out
        await aof.on_call.types("still here")
        assert (await aof.on_call.next())["text"] == "You said: still here"


async def test_a_strangers_name_is_nothing_that_a_terminal_obeys_and_breaks_no_json(tmp_path: Path, echo: Echo) -> None:
    eve = "\x1b]0;owned\x07\x1b[2K\rOla is let in.\x1b[8m\u009b2J"
    phones = (PhoneSettings(eve, ON_CALL), PhoneSettings("-----BEGIN RSA PRIVATE KEY-----", LEAD))
    async with world(tmp_path, agent=lambda _: echo, settings=Settings(phones=phones), whatsapp=PAIRING) as aof:
        codes = []
        for phone in (aof.on_call, aof.lead):
            await phone.types("let me in")
            found = CODE.search((await phone.next())["text"])
            assert found
            codes.append(found.group())
        assert len((await done(aof, "pair", "list", "--json")).json) == 2
        for words in (("pair", "list"), ("pair", "list", "--json"), ("pair", "approve", codes[0])):
            out = (await done(aof, *words)).out
            assert all(sign.isprintable() or sign == "\n" for sign in out)


async def test_a_name_is_one_persons_and_an_empty_word_nobodys(tmp_path: Path, echo: Echo) -> None:
    async with world(tmp_path, agent=lambda _: echo, settings=PHONES, whatsapp=PAIRING) as aof:
        await _let_in(aof, aof.on_call)
        await aof.lead.types("let me in")
        found = CODE.search((await aof.lead.next())["text"])
        assert found
        await done(aof, "pair", "approve", found.group(), "--name", "Sam")
        assert (await operator(aof, "pair", "revoke", "")).code == 2
        assert (await operator(aof, "pair", "approve", " ")).code == 2
        assert (await operator(aof, "send", "--to", "", "to nobody")).code == 2
        assert "nothing to send" in await not_done(aof, "send", "--to", ON_CALL, "\x01")
        assert aof.rows("SELECT count(*) FROM outbox WHERE cause = 'operator'") == [(0,)]
        for words in (("outbox", "retry", str(2**64)), ("pair", "revoke", "\udcff")):
            assert (await operator(aof, *words)).code == 2
        assert {row["state"] for row in (await done(aof, "pair", "list", "--json")).json} == {"approved"}
        await aof.phone("US.444").types("let me in")
        found = CODE.search((await aof.phone("US.444").next())["text"])
        assert found
        assert "somebody is called Sam" in await not_done(aof, "pair", "approve", found.group(), "--name", "Sam")
        await done(aof, "pair", "revoke", "Sam")
        await done(aof, "pair", "approve", "+1 (555) 000-2002", "--name", "Margaret")
        await done(aof, "pair", "revoke", "Margaret")
        await done(aof, "pair", "approve", "Margaret")
        tries = {row["tries_left"] for row in (await done(aof, "pair", "list", "--json")).json if row["is_open"]}
        assert tries == {5}, "a name is no wrong code, also where it could be one"
