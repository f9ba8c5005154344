"""Who may talk, as the phones see it: every way of saying it × every way of speaking."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from aof.agents.base import Turn
from aof.domain.pairing import MOST_A_DAY, as_typed
from aof.domain.response import Action, Response, TextPart
from aof.simulator import PhoneSettings, Settings
from aof.simulator.settings import GroupSettings
from tests.e2e.agents import Echo
from tests.e2e.wire import deliver, logged
from tests.e2e.world import LEAD, ON_CALL, Phone, World, world
from tests.unit.platforms.whatsapp.webhooks import change, webhook

CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")
PAIRING: Mapping[str, Any] = {"allow_live_send": False}
"""Neither list and no allow_everyone; towards this machine the gate stands open all the same."""
BOTH, HIDDEN = "+15550004004", "US.777"
PHONES = Settings(
    phones=(
        *Settings().phones,
        PhoneSettings("Both", BOTH, user_id="US.444"),
        PhoneSettings("Hidden", "+15550003003", user_id=HIDDEN, hides_number=True),
    )
)
PEOPLE = [{"name": "Ola", "whatsapp": [ON_CALL]}, {"name": "Hind", "whatsapp": [HIDDEN]}]

Expected = Literal["answered", "code", "silence"]


@dataclass(frozen=True)
class Row:
    """One way to say who may talk, and what becomes of whoever speaks on `phone`."""

    says: str
    expected: Expected
    whatsapp: Mapping[str, Any] = field(default_factory=lambda: PAIRING)
    phone: str = ON_CALL
    before: tuple[str, ...] = ()
    """What happens first: `pair`, `revoke`, `suspend NAME`, `resume NAME`; then a menu is shown if that is possible."""


LISTED = {"allowed_numbers": [ON_CALL]}
ROWS = [
    Row("absent: a stranger is told a code", "code"),
    Row("absent, and let in", "answered", before=("pair",)),
    Row("absent, let in by a user id that hides its number", "answered", phone=HIDDEN, before=("pair",)),
    Row("absent, let in and sent away", "silence", before=("pair", "revoke")),
    Row("absent, sent away and let in again", "answered", before=("pair", "revoke", "readmit")),
    Row("absent, let in and suspended", "silence", before=("pair", "suspend Ola")),
    Row("absent, suspended and resumed", "answered", before=("pair", "suspend Ola", "resume Ola")),
    Row("absent, another one was let in", "code", phone=LEAD, before=("pair",)),
    Row("an empty list of numbers", "silence", {"allowed_numbers": []}),
    Row("an empty list of user ids", "silence", {"allowed_users": []}),
    Row("an empty list beside a pairing", "silence", {"allowed_numbers": []}, before=("paired before",)),
    Row("a list with the number", "answered", LISTED),
    Row("a list with the number, which comes with a user id", "answered", {"allowed_numbers": [BOTH]}, BOTH),
    Row("a list with the number of somebody who hides it", "silence", {"allowed_numbers": ["+15550003003"]}, HIDDEN),
    Row("a list with the user id of somebody who hides their number", "answered", {"allowed_users": [HIDDEN]}, HIDDEN),
    Row("a list with a user id beside a number", "answered", {"allowed_users": ["US.444"]}, BOTH),
    Row("a list of user ids, and a number without one", "silence", {"allowed_users": ["US.444"]}),
    Row("a list with another's number", "silence", LISTED, LEAD),
    Row("a list beside a pairing", "silence", {"allowed_numbers": [LEAD]}, before=("paired before",)),
    Row("a list, suspended", "silence", LISTED, before=("suspend Ola",)),
    Row("a list, another one suspended", "answered", LISTED, before=("suspend Hind",)),
    Row("a list of user ids, suspended", "silence", {"allowed_users": [HIDDEN]}, HIDDEN, ("suspend Hind",)),
    Row("everyone", "answered", {"allow_everyone": True}, LEAD),
    Row("everyone, suspended", "silence", {"allow_everyone": True}, before=("suspend Ola",)),
    Row("everyone, resumed", "answered", {"allow_everyone": True}, before=("suspend Ola", "resume Ola")),
]


def _menu(turn: Turn) -> Response:
    many = 12 if turn.text == "numbers" else 2
    if turn.press is None and turn.text in ("buttons", "numbers"):
        return Response(text="?", actions=tuple(Action(id=f"go:{n}", title=f"Choice {n}") for n in range(1, many + 1)))
    return Response(text=f"heard {turn.press.action_id if turn.press else turn.text}")


async def _let_in(aof: World, phone: Phone) -> None:
    await phone.types("let me in")
    found = CODE.search((await phone.next())["text"])
    assert found
    code = as_typed(found.group())
    assert code
    approved = await aof.store.approve(code, "", by="test", now=aof.clock.now())
    assert approved is not None
    await aof.idle()


async def _happen(aof: World, event: str, phone: Phone) -> None:
    by: dict[str, Any] = {"by": "test", "now": aof.clock.now()}
    match event.split():
        case ["pair"]:
            await _let_in(aof, aof.phone(phone.number if phone.number != LEAD else ON_CALL))
        case ["revoke"]:
            assert await aof.store.revoke(phone.number, **by)
        case ["readmit"]:
            assert await aof.store.readmit(phone.number, "", **by)
        case ["suspend", name]:
            assert await aof.store.suspend(name, **by)
        case ["resume", name]:
            assert await aof.store.resume_person(name, **by)


async def _speak(phone: Phone, way: str, shown: dict[str, dict[str, Any]]) -> str:
    """Say something in one of three ways; return what an agent would have heard."""
    if way == "text":
        await phone.types("anything")
        return "heard anything"
    if way == "tap":
        if "buttons" in shown:
            await phone.presses(shown["buttons"], "Choice 2")
        else:
            reply = {"type": "button_reply", "button_reply": {"id": "go:2", "title": "Choice 2"}}
            await phone.sends(type="interactive", interactive=reply)
        return "heard go:2"
    await phone.types("2")
    return "heard go:2" if "numbers" in shown else "heard 2"


@pytest.mark.parametrize("way", ["text", "tap", "typed number"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.says)
async def test_who_may_talk(tmp_path: Path, echo: Echo, row: Row, way: str) -> None:
    echo.answers = _menu
    at_first = PAIRING if "paired before" in row.before else row.whatsapp
    async with world(tmp_path, agent=lambda _: echo, settings=PHONES, whatsapp=at_first, people=PEOPLE) as aof:
        phone = aof.phone(row.phone)
        if at_first is not row.whatsapp:
            await _let_in(aof, phone)
            aof.config = aof.config.replace('"allow_live_send": false', _as_json(row.whatsapp))
            await aof.restart()
        others = [event for event in row.before if event.split()[0] in ("revoke", "suspend")]
        first = row.before[: row.before.index(others[0])] if others else row.before
        for event in first:
            await _happen(aof, event, phone)
        shown: dict[str, dict[str, Any]] = {}
        may_see = row.expected == "answered" or bool(others)
        if may_see and way != "text":
            kind = "buttons" if way == "tap" else "numbers"
            await phone.types(kind)
            shown[kind] = await phone.next()
            await aof.idle()
        for event in row.before[len(first) :]:
            await _happen(aof, event, phone)
        before = len(echo.turns), len(await phone.shown())
        ((spoken,),) = aof.rows("SELECT count(*) FROM inbox")

        heard = await _speak(phone, way, shown)

        if row.expected == "answered":
            text = (await phone.next())["text"]
            assert text == heard or (way == "tap" and not shown)
            return
        if row.expected == "code":
            assert CODE.search((await phone.next())["text"])
        await aof.until(lambda: _answered(aof, spoken + 1))
        await aof.idle()
        assert len(echo.turns) == before[0]
        assert len(await phone.shown()) == before[1] + (row.expected == "code")


def _as_json(whatsapp: Mapping[str, Any]) -> str:
    import json

    return ", ".join(f'"{key}": {json.dumps(value)}' for key, value in whatsapp.items())


@pytest.fixture
async def pairing(tmp_path: Path, echo: Echo) -> Any:
    async with world(tmp_path, agent=lambda _: echo, settings=PHONES, whatsapp=PAIRING, people=PEOPLE) as aof:
        yield aof


async def test_whoever_answers_an_operator_is_told_no_code_and_what_they_say_is_kept(pairing: World) -> None:
    account = f"whatsapp:{pairing.simulator.settings.phone_number_id}"
    conversation = await pairing.store.open_conversation(account, ON_CALL, now=pairing.clock.now())
    await pairing.store.send(conversation, [TextPart(text="shall we renew?")], by="ada", now=pairing.clock.now())
    with logged() as log:
        await pairing.on_call.types("yes, please")
        await pairing.until(lambda: _answered(pairing, 1))
        await pairing.idle()
    assert [line["outcome"] for line in log.of("event_answered")] == ["contact_answered"]
    assert not any("Give this code" in str(shown["text"]) for shown in await pairing.on_call.shown())
    assert ("person", "yes, please") in pairing.rows("SELECT role, body FROM turn")


async def test_a_stranger_is_told_a_code_once_a_day_and_the_log_says_no_word_of_it(pairing: World, echo: Echo) -> None:
    with logged() as log:
        for _ in range(3):
            await pairing.on_call.types("kettle")
        text = (await pairing.on_call.next())["text"]
        await pairing.until(lambda: _answered(pairing, 3))
        await pairing.idle()
    assert text.startswith("This line is for the on-call team. Give this code to its admin: ")
    assert text.endswith(" (60 min).")
    assert len(await pairing.on_call.shown()) == 1
    assert [line["outcome"] for line in log.of("event_answered")] == ["code_told", "refused", "refused"]
    code = CODE.search(text)
    assert code
    assert code.group() not in log.stream.getvalue()
    pairing.clock.advance(24 * 3600 + 60)
    await pairing.on_call.types("kettle")
    again = CODE.search((await pairing.on_call.next())["text"])
    assert again
    assert again.group() != code.group()
    assert echo.turns == []
    # of a stranger nothing is kept for ever, and the code stands nowhere but in the message
    assert pairing.rows("SELECT count(*) FROM audit WHERE kind LIKE 'turn_%'") == [(0,)]
    assert pairing.rows("SELECT count(*) FROM turn") == [(0,)]
    assert pairing.rows("SELECT count(*) FROM pairing WHERE code = ?", as_typed(code.group())) == [(0,)]


async def test_the_code_is_told_in_the_language_of_the_stranger(pairing: World) -> None:
    await pairing.on_call.types("السلام عليكم، القرص؟")
    assert "أعطِ هذا الرمز للمسؤول" in (await pairing.on_call.next())["text"]


async def test_a_code_opens_for_an_hour_and_until_five_wrong_ones_were_typed(pairing: World) -> None:
    store, now = pairing.store, pairing.clock.now
    await pairing.on_call.types("x1")
    await pairing.lead.types("x2")
    codes = {}
    for phone in (pairing.on_call, pairing.lead):
        found = CODE.search((await phone.next())["text"])
        assert found
        codes[phone.number] = as_typed(found.group()) or ""
    for _ in range(4):
        assert await store.approve("22222222", "", by="t", now=now()) is None
    assert (await store.approve(codes[ON_CALL], "", by="t", now=now())).number == ON_CALL
    assert await store.approve(codes[ON_CALL], "", by="t", now=now()) is None, "it is used up, and this was a fifth try"
    assert await store.approve(codes[LEAD], "", by="t", now=now()) is None
    pairing.clock.advance(24 * 3600 + 60)
    await pairing.lead.types("x3")
    found = CODE.search((await pairing.lead.next())["text"])
    assert found
    late = now() + timedelta(minutes=61)
    assert await store.approve(as_typed(found.group()), "", by="t", now=late) is None


async def test_at_most_twenty_strangers_are_told_a_code_in_a_day(tmp_path: Path, echo: Echo) -> None:
    many = tuple(PhoneSettings(f"P{n}", f"+1555010{n:04}") for n in range(MOST_A_DAY + 2))
    async with world(tmp_path, agent=lambda _: echo, settings=Settings(phones=many), whatsapp=PAIRING) as aof:
        for phone in many:
            await aof.phone(phone.number).types("hello?")
        await aof.until(lambda: _answered(aof, len(many)))
        await aof.idle()
        told = [phone.number for phone in many if await aof.phone(phone.number).shown()]
        assert len(told) == MOST_A_DAY
        assert aof.rows("SELECT count(*) FROM pairing") == [(MOST_A_DAY,)]
        silent = next(phone.number for phone in many if phone.number not in told)
        aof.clock.advance(24 * 3600 + 60)
        await aof.phone(silent).types("hello?")
        assert CODE.search((await aof.phone(silent).next())["text"])


async def _answered(aof: World, many: int) -> bool:
    return aof.rows("SELECT count(*) FROM inbox WHERE state = 'done'") == [(many,)]


async def test_what_is_under_way_for_somebody_who_is_sent_away_does_not_reach_them(pairing: World) -> None:
    await _let_in(pairing, pairing.on_call)
    before = len(await pairing.on_call.shown())
    await pairing.fault(expired_token=1)
    await pairing.on_call.types("secret of the house")
    await pairing.until(lambda: _stopped(pairing))
    assert await pairing.store.revoke(ON_CALL, by="t", now=pairing.clock.now())
    (account,) = await pairing.store.stopped()
    await pairing.store.resume(account, by="t", now=pairing.clock.now())
    await pairing.until(lambda: _held(pairing))
    assert len(await pairing.on_call.shown()) == before
    assert pairing.rows("SELECT state, gate FROM outbox WHERE seq > 1") == [("held", "access")]


async def _stopped(aof: World) -> bool:
    return bool(await aof.store.stopped())


async def _held(aof: World) -> bool:
    return bool(aof.rows("SELECT 1 FROM outbox WHERE state = 'held'"))


async def test_a_pairing_of_a_chat_of_two_opens_no_group_and_a_group_is_told_no_code(
    tmp_path: Path, echo: Echo
) -> None:
    settings = Settings(groups=(GroupSettings("Room", (ON_CALL, LEAD)),))
    async with world(tmp_path, agent=lambda _: echo, settings=settings, whatsapp=PAIRING) as aof:
        await _let_in(aof, aof.on_call)
        for phone in (aof.on_call, aof.lead):
            await phone.sends(type="text", group_id="Room", text={"body": "anything"})
        await aof.until(lambda: _answered(aof, 3))
        await aof.idle()
        assert echo.turns == []
        assert [message["group_id"] for message in await aof.on_call.shown()] == [None]
        assert await aof.lead.shown() == []


async def test_a_number_that_went_to_somebody_else_opens_nothing_for_them(tmp_path: Path, echo: Echo) -> None:
    async with world(tmp_path, agent=lambda _: echo, settings=PHONES, whatsapp=PAIRING) as aof:
        await _let_in(aof, aof.phone(BOTH))
        assert aof.rows("SELECT sender FROM pairing") == [("US.444",)]
        # the same number under another user id is another person
        body = {"type": "text", "text": {"body": "anything"}, "from_user_id": "US.999"}
        await aof.phone(BOTH).sends(**body)
        await aof.until(lambda: _answered(aof, 2))
        await aof.idle()
        assert echo.turns == []


async def test_a_number_that_was_remembered_is_no_listed_number(tmp_path: Path, echo: Echo) -> None:
    """The list holds the number that somebody had; what counts is what stands on the message itself."""
    settings = Settings(phones=(PhoneSettings("Both", BOTH, user_id="US.444"), *Settings().phones))
    async with world(tmp_path, agent=lambda _: echo, settings=settings, whatsapp={"allowed_numbers": [BOTH]}) as aof:
        await aof.phone(BOTH).types("anything")
        assert (await aof.phone(BOTH).next())["text"] == "You said: anything"
        assert aof.rows("SELECT number, user_id FROM conversation") == [(BOTH, "US.444")]
        hiding = {"id": "wamid.hiding", "type": "text", "text": {"body": "again"}, "from_user_id": "US.444"}
        hiding["timestamp"] = str(int(aof.clock.now().timestamp()))
        assert (await deliver(aof, webhook([change(messages=[hiding])]))).status == 200
        await aof.until(lambda: _answered(aof, 2))
        await aof.idle()
        assert len(echo.turns) == 1
