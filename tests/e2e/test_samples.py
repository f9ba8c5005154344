"""Every webhook that Meta has published, through a running daemon: never a 5xx, and an answer for whoever spoke."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aof.simulator import PhoneSettings, Settings
from aof.simulator.settings import GroupSettings
from aof.texts import chat
from aof.texts.language import Language
from tests.e2e.agents import Echo
from tests.e2e.wire import ACCEPTED, deliver
from tests.e2e.world import World, world
from tests.unit.platforms.whatsapp.samples_table import TABLE, Expected

CUSTOMER = "+16505551234"
"""Meta's example customer, who speaks in most samples."""
REFERRED = "+15550003003"
"""Stands in for the one sample whose sender is the name of a placeholder."""
PLACEHOLDERS = {"msg_text_referral.json": REFERRED}

FIRST, LAST = "msg_system_user_changed_number.json", "msg_system_user_changed_user_id.json"
"""Both move the customer's conversation, so each needs one that began under the customer's number."""
ORDER = [FIRST, *(name for name in TABLE if name not in {FIRST, LAST}), LAST]

SAID = {"message", "press"}
"""The kinds of event that a person has said and waits for an answer to."""


def speaker(name: str, row: Expected) -> str:
    """The number of the phone that a message came from; of who hides it, one that stands in the settings alone."""
    return row.number or PLACEHOLDERS.get(name) or f"+1555{sum(map(ord, row.user_id or '')):07}"


def said() -> Iterator[tuple[str, Expected]]:
    for name in ORDER:
        for row in TABLE[name]:
            if row.kind in SAID:
                yield name, row


def settings() -> Settings:
    """Phones and groups for everybody whom the table names, those included to whom a conversation moves."""
    phones = {}
    for name, row in said():
        number = speaker(name, row)
        hidden = row.number is None and row.user_id is not None
        phones[number] = PhoneSettings(f"phone {number}", number, row.user_id if hidden else None, hides_number=hidden)
    for name in (FIRST, LAST):
        (row,) = TABLE[name]
        assert row.new_number is not None
        phones[row.new_number] = PhoneSettings("a new number", row.new_number, row.new_user_id)
    groups = {row.chat_id: speaker(name, row) for name, row in said() if row.group}
    return Settings(
        phones=tuple(phones.values()), groups=tuple(GroupSettings(str(id_), (who,)) for id_, who in groups.items())
    )


def made_present(body: Any, name: str, now: int) -> Any:
    """The sample as if it had just been sent to us, with ids that no other sample has.

    Within one file equal ids stay equal: two of its statuses are repeats of each other.
    """
    ours = Settings()
    for entry in body["entry"]:
        entry["time"] = now
        for change in entry["changes"]:
            value = change.get("value")
            if not isinstance(value, dict):
                continue
            theirs = value.get("metadata", {}).get("display_phone_number")
            if "metadata" in value:
                value["metadata"] = {
                    "display_phone_number": ours.display_phone_number,
                    "phone_number_id": ours.phone_number_id,
                }
            for key in ("messages", "statuses", "message_echoes"):
                for item in value.get(key, []):
                    item["id"] = f"wamid.sample.{name}"
                    item["timestamp"] = str(now)
                    if key == "message_echoes" and item["from"] == theirs:
                        item["from"] = ours.display_phone_number
                    if key == "messages" and name in PLACEHOLDERS:
                        item["from"] = PLACEHOLDERS[name].removeprefix("+")
    return body


def is_hello(row: Expected) -> bool:
    """A greeting is answered by the daemon itself."""
    return row.text.strip("!. ").casefold() in {"hi", "hello"}


def expected_words(row: Expected) -> str:
    """What must stand in the answer, by the table and not by what was parsed."""
    if row.kind == "press":  # of a button that was never shown here
        return chat.unknown_button(Language.ENGLISH)
    if is_hello(row):
        return "You are talking to runbook."
    if row.text:
        return f"You said: {row.text}"
    assert row.media is not None
    kinds = {"audio": "audio files", "voice": "voice messages", "image": "pictures", "video": "videos"}
    kinds |= {"document": "documents", "sticker": "stickers", "location": "locations", "contacts": "contact cards"}
    kinds |= {"order": "orders", "unsupported": "this kind of message"}
    return f"I can't read {kinds[row.media]} yet"


def states(kind: str) -> Counter[str]:
    return Counter(row.state for name in TABLE for row in TABLE[name] if row.kind == kind)


async def test_every_published_webhook_is_taken_and_everybody_who_spoke_is_answered(
    whatsapp_samples: Path, tmp_path: Path, echo: Echo
) -> None:
    async with world(tmp_path, agent=lambda _: echo, settings=settings()) as aof:
        speakers = sorted({speaker(name, row) for name, row in said()})
        for number in speakers:  # each has written before, else the platform's window is closed
            await aof.phone(number).types("ahoy")
            assert (await aof.phone(number).next())["text"] == "You said: ahoy"
        await aof.idle()

        for place, name in enumerate(ORDER):
            aof.clock.advance(7)  # the rate for one person is an answer in six seconds
            body = json.loads((whatsapp_samples / "webhooks" / name).read_bytes())
            answer = await deliver(aof, made_present(body, name, int(aof.clock.now().timestamp())))
            assert (answer.status, answer.body) == ACCEPTED, name
            await aof.idle()
            for row in TABLE[name]:
                if row.kind in SAID:
                    shown = await aof.phone(speaker(name, row)).next()
                    assert expected_words(row) in shown["text"], name
                    assert shown["group_id"] == (row.chat_id if row.group else None), name
            assert len(await _sends(aof)) == len(speakers) + _answers_until(place), name

        answers = Counter(speaker(name, row) for name, row in said())
        for phone in settings().phones:
            had = await aof.phone(phone.number).messages()
            expected = answers[phone.number] + 1 if phone.number in speakers else 0
            assert sum(message["direction"] == "in" for message in had) == expected, phone.number
        assert len(echo.turns) == len(speakers) + sum(
            row.kind == "message" and bool(row.text) and not is_hello(row) for _, row in said()
        )
        await _compare_with_the_table(aof, len(speakers))


def _answers_until(place: int) -> int:
    return sum(row.kind in SAID for name in ORDER[: place + 1] for row in TABLE[name])


async def _sends(aof: World) -> list[dict[str, Any]]:
    """Requests that show something on a phone."""
    return [each for each in await aof.sends() if "status" not in each["body"]]


async def _compare_with_the_table(aof: World, greetings: int) -> None:
    """What the ledger holds of the samples has the states that the table says."""
    kinds = Counter(dict(aof.rows("SELECT kind, count(*) FROM inbox GROUP BY kind")))
    assert kinds == {
        "message": states("message")["new"] + greetings,
        "press": states("press")["new"],
        "reaction": states("reaction")["kept"],
        "identity": states("identity")["moved"],
        "preference": states("preference")["kept"],
    }
    assert aof.rows("SELECT DISTINCT state FROM inbox") == [("done",)]
    assert aof.rows("SELECT count(*) FROM inbox WHERE outcome = 'moved'") == [(states("identity")["moved"],)]
    assert aof.rows("SELECT count(*) FROM inbox WHERE outcome = 'unknown_press'") == [(states("press")["new"],)]
    about = Counter(row.about for rows in TABLE.values() for row in rows if row.kind == "notice")
    assert about.total() == states("notice")["kept"]
    assert Counter(dict(aof.rows("SELECT about, count(*) FROM notice GROUP BY about"))) == about
    assert aof.rows("SELECT count(*) FROM quarantine") == [(states("unreadable")["quarantined"],)]
    receipts = aof.rows("SELECT state, count(*) FROM receipt WHERE message_id LIKE 'wamid.sample.%' GROUP BY state")
    applied = [row for rows in TABLE.values() for row in rows if row.state == "applied"]
    assert Counter(dict(receipts)) == Counter(row.status for row in applied)
    assert aof.rows("SELECT DISTINCT state FROM outbox") == [("delivered",)]
    assert await aof.store.check() == []


def test_each_of_the_125_samples_is_sent_once() -> None:
    assert len(ORDER) == len(set(ORDER)) == 125
