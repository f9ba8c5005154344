"""Whatever is posted to the daemon: a clear outcome, no traceback, nothing lost, and the next message is answered."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from aof.domain.response import Response
from aof.simulator import PhoneSettings, Settings
from aof.web.webhooks import MOST_BYTES
from tests.e2e.agents import Echo
from tests.e2e.wire import (
    ACCEPTED,
    GOOD,
    SAID,
    SENDER,
    SPOKEN,
    deliver,
    holding,
    kept,
    message,
    opened,
    the_next_message_is_answered,
)
from tests.e2e.world import World, world
from tests.unit.platforms.whatsapp.webhooks import OUR_ID, Json, change, contact, item, status, webhook

pytestmark = pytest.mark.usefixtures("log")


def nested(depth: int, inner: str = "1") -> str:
    return '{"a":[' * depth + inner + "]}" * depth


WHOLE: dict[str, bytes] = {
    "nothing": b"",
    "a space": b" ",
    "half an object": GOOD[:-1],
    "an object and more": GOOD + b"}",
    "not JSON": SPOKEN.encode(),
    "a list": b"[" + GOOD + b"]",
    "a text": b'"' + SPOKEN.encode() + b'"',
    "a number": b"1",
    "null": b"null",
    "invalid UTF-8": GOOD.replace(SPOKEN.encode(), SPOKEN.encode() + b"\xff"),
    "NUL bytes": b"\x00" * 100,
    "absurd nesting": nested(100_000).encode(),
    "a never-ending nesting": b"[" * 1_000_000,
    "absurd nesting in an item": GOOD.replace(b'"contacts"', b'"deep": ' + nested(50_000).encode() + b', "contacts"'),
    "no entry": b'{"object": "whatsapp_business_account"}',
}


@pytest.mark.parametrize("name", WHOLE)
async def test_a_body_that_cant_be_read_is_quarantined_once(aof: World, name: str) -> None:
    for _ in range(2):  # Meta repeats; one row tells it all
        answer = await deliver(aof, WHOLE[name])
        assert (answer.status, answer.body) == ACCEPTED
    assert kept(aof) == {"quarantine": 1}
    ((raw,),) = aof.rows("SELECT raw FROM quarantine")
    assert json.loads(raw) == json.loads(WHOLE[name]) if name == "no entry" else raw == WHOLE[name]
    await the_next_message_is_answered(aof)


SHAPES: dict[str, tuple[Json, dict[str, int]]] = {
    "an empty webhook": ({"entry": []}, {}),
    "entry is an object": ({"entry": {}}, {"quarantine": 1}),
    "entry is a text": ({"entry": SPOKEN}, {"quarantine": 1}),
    "entries of every wrong kind": ({"entry": [None, 1, "x", [], {}, {"changes": {}}]}, {"quarantine": 6}),
    "changes of every wrong kind": (webhook([None, 1, "x", [], {}]), {"quarantine": 5}),  # type: ignore[list-item] -- wrong on purpose
    "a value that is a list": (webhook([{"field": "messages", "value": [message()]}]), {"quarantine": 1}),
    "a field that is a list": (webhook([{"field": ["messages"], "value": {}}]), {"quarantine": 1}),
    "metadata is a text": (webhook([change(metadata=OUR_ID, messages=[message()])]), {"notice": 1}),
    "our id is a number": (
        webhook([change(metadata={"phone_number_id": int(OUR_ID)}, messages=[message()])]),
        {"notice": 1},
    ),
    "messages is an object": (holding(messages={"0": message()}), {"quarantine": 1}),
    "messages of every wrong kind": (holding(None, True, 1, 1.5, SPOKEN, [message()], {}), {"quarantine": 7}),
    "an id that is a number": (holding(message() | {"id": 1}), {"quarantine": 1}),
    "an id that is an object": (holding(message() | {"id": {}}), {"quarantine": 1}),
    "an id of 1 MB": (holding(message(id_="wamid." + "x" * 1_000_000)), {"quarantine": 1}),
    "an id with a NUL": (holding(message(id_="wamid.\x00")), {"quarantine": 1}),
    "an id that is empty": (holding(message(id_="")), {"quarantine": 1}),
    "a sender that is a number": (holding(message() | {"from": int(SENDER)}), {"quarantine": 1}),
    "a sender of 1 MB": (holding(message() | {"from": "1" * 1_000_000}), {"quarantine": 1}),
    "a type that is a list": (holding(message() | {"type": ["text"]}), {"quarantine": 1}),
    "a type of 1 MB": (holding(message() | {"type": SPOKEN * 200_000}), {"quarantine": 1}),
    "a text that is a text": (holding(message() | {"text": SPOKEN}), {"quarantine": 1}),
    "a body that is a list": (holding(message() | {"text": {"body": [SPOKEN]}}), {"quarantine": 1}),
    "a press that is a list": (
        holding(item("interactive", {"type": "button_reply", "button_reply": []}, from_=SENDER)),
        {"quarantine": 1},
    ),
    "a status that is a number": (webhook([change(statuses=[status() | {"status": 1}])]), {"quarantine": 1}),
    "a status nobody knows": (webhook([change(statuses=[status("evaporated")])]), {"notice": 1}),
    "an error code beyond 64 bits": (
        webhook([change(statuses=[status("failed", errors=[{"code": 10**30, "title": SPOKEN}])])]),
        {},
    ),
    "an error code below 64 bits": (webhook([change(statuses=[status("failed", errors=[{"code": -(10**30)}])])]), {}),
    "a receipt at a time nobody will see": (webhook([change(statuses=[status() | {"timestamp": 10**30}])]), {}),
    "errors of every wrong kind": (webhook([change(errors=[None, 1, "x", []])]), {"quarantine": 4}),
}


@pytest.mark.parametrize("name", SHAPES)
async def test_a_wrong_type_is_kept_for_the_operator_and_its_neighbour_is_answered(aof: World, name: str) -> None:
    await opened(aof)
    body, rows = SHAPES[name]
    neighbour = holding(message(id_="wamid.neighbour"))["entry"]
    whole = {**body, "entry": [*body["entry"], *neighbour]} if isinstance(body["entry"], list) else body
    answer = await deliver(aof, whole)
    assert (answer.status, answer.body) == ACCEPTED
    if whole is not body:
        assert (await aof.on_call.next())["text"] == SAID
    assert kept(aof) == {"inbox": 2 if whole is not body else 1, **rows}
    await the_next_message_is_answered(aof)


def _with_constants(body: Json) -> bytes:
    return json.dumps(body).replace('"NAN"', "NaN").replace('"INF"', "-Infinity").replace('"BIG"', "1e999999").encode()


ODD: dict[str, tuple[bytes | Json, str]] = {
    "a string among contacts": (holding(message(), contacts=["x", None, 1, {"profile": "x"}]), SPOKEN),
    "contacts is a text": (holding(message(), contacts=SPOKEN), SPOKEN),
    "a context that is a text": (holding(message(context="wamid.asked")), SPOKEN),
    "a context whose id is a list": (holding(message(context={"id": ["wamid.asked"]})), SPOKEN),
    "a NUL": (holding(message(f"a\x00{SPOKEN}")), f"a\ufffd{SPOKEN}"),
    "half a surrogate pair": (holding(message(f"a\ud800{SPOKEN}")), f"a\ufffd{SPOKEN}"),
    "half a pair as three bytes": (GOOD.replace(b'"kettle"', b'"a\xed\xa0\x80kettle"'), f"a\ufffd{SPOKEN}"),
    "a surrogate pair the wrong way round": (holding(message(f"\udfff\ud800{SPOKEN}")), f"\ufffd\ufffd{SPOKEN}"),
    "a name that is half a pair": (holding(message(), contacts=[contact(SENDER, "\udc00\x00")]), SPOKEN),
    "a time of thirty digits": (holding(message() | {"timestamp": "9" * 30}), SPOKEN),
    "a time of thirty digits as a number": (holding(message() | {"timestamp": 10**30}), SPOKEN),
    "a time in words": (holding(message() | {"timestamp": "TIMESTAMP"}), SPOKEN),
    "a time before all time": (holding(message() | {"timestamp": "-1"}), SPOKEN),
    "a time that is a list": (holding(message() | {"timestamp": []}), SPOKEN),
    "a time that is no number": (_with_constants(holding(message() | {"timestamp": "NAN"})), SPOKEN),
    "an integer of 10,000 digits": (
        json.dumps(holding(message())).replace('"time"', f'"n":1{"0" * 10_000},"time"').encode(),
        SPOKEN,
    ),
    "numbers that JSON does not have": (_with_constants(holding(message(x=["NAN", "INF", "BIG"]))), SPOKEN),
    "a BOM": (b"\xef\xbb\xbf" + GOOD, SPOKEN),
    "UTF-16": (GOOD.decode().encode("utf-16"), SPOKEN),
    "a key that stands twice: the last counts": (GOOD.replace(b'"body"', b'"body": "first", "body"'), SPOKEN),
    "nesting that can be read": (
        GOOD.replace(b'"contacts"', b'"deep": ' + nested(100).encode() + b', "contacts"'),
        SPOKEN,
    ),
    "keys that mean nothing": (holding(message(**{"__class__": "x", "raw": {"kind": 1}, "": None})), SPOKEN),
}


@pytest.mark.parametrize("name", ODD)
async def test_what_is_odd_beside_a_text_does_not_keep_it_from_its_answer(aof: World, name: str) -> None:
    await opened(aof)
    body, read = ODD[name]
    for _ in range(2):  # and a repeat changes nothing
        answer = await deliver(aof, body)
        assert (answer.status, answer.body) == ACCEPTED
    assert (await aof.on_call.next())["text"] == f"You said: {read}"
    assert kept(aof) == {"inbox": 2}
    await the_next_message_is_answered(aof)


async def test_a_batch_of_1000_messages_in_3_mb_is_stored_whole_and_answered_one_by_one(
    tmp_path: Any, echo: Echo
) -> None:
    numbers = [f"+1555100{n:04}" for n in range(50)]
    echo.answers = lambda turn: Response(text=turn.text.split()[0])
    phones = tuple(PhoneSettings(f"phone {n}", number) for n, number in enumerate(numbers))
    runtime = {"max_concurrent_tasks": 100}
    async with world(tmp_path, agent=lambda _: echo, settings=Settings(phones=phones), runtime=runtime) as aof:
        for number in numbers:  # each has written, else the platform's window is closed
            await aof.phone(number).types("0")
            assert (await aof.phone(number).next())["text"] == "0"
        batch = [
            item("text", {"body": f"{n // 50 + 1} {SPOKEN * 480}"}, id_=f"wamid.{n}", from_=numbers[n % 50][1:])
            for n in range(1000)
        ]
        body = json.dumps(holding(*batch)).encode()
        assert 2_900_000 < len(body) < MOST_BYTES
        answer = await deliver(aof, body)
        assert (answer.status, answer.body) == ACCEPTED
        assert kept(aof) == {"inbox": 1050}
        await aof.fault(withhold_receipts=True)  # which are not what this is about
        aof.clock.advance(20)  # a thousand messages at once have used up what we may send
        for turn in range(1, 21):
            aof.clock.advance(6)  # the rate for each person
            for number in numbers:
                assert (await aof.phone(number).next())["text"] == str(turn)
        await aof.idle()
        assert {len(await aof.phone(number).shown()) for number in numbers} == {21}


async def test_bad_bodies_at_once_leave_good_ones_between_them_alone(aof: World) -> None:
    await opened(aof)
    bad: list[Callable[[], Any]] = [lambda name=name: deliver(aof, WHOLE[name]) for name in WHOLE]
    good = [deliver(aof, holding(message(f"{n} {SPOKEN}", id_=f"wamid.{n}"))) for n in range(len(bad))]
    answers = await asyncio.gather(
        *(work for pair in zip((each() for each in bad), good, strict=True) for work in pair)
    )
    assert {(answer.status, str(answer.body)) for answer in answers} == {(200, str(ACCEPTED[1]))}
    said = {(await aof.on_call.next())["text"] for _ in good}
    assert said == {f"You said: {n} {SPOKEN}" for n in range(len(good))}
    await the_next_message_is_answered(aof)


async def test_the_same_error_at_another_time_is_another_notice_and_a_repeat_is_none(aof: World) -> None:
    body = webhook([change(errors=[{"code": 130429, "title": "Rate limit hit"}])])
    later = {"entry": [body["entry"][0] | {"time": body["entry"][0]["time"] + 3600}]}
    for sent in (body, body, later, later):
        assert (await deliver(aof, sent)).body == ACCEPTED[1]
    assert kept(aof) == {"notice": 2}
    await the_next_message_is_answered(aof)
