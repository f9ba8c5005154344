"""Every update of Telegram that there is, brought to a daemon and asked for by it: each is kept, and each who spoke is
answered where they spoke.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from aof.simulator.telegram import GroupSettings, PersonSettings, TelegramSettings
from aof.texts import chat
from aof.texts.language import Language
from tests.e2e.agents import Echo
from tests.e2e.telegram import Mode, TelegramWorld, telegram_world
from tests.unit.platforms.telegram.test_samples import FORUM, TABLE, Row
from tests.unit.platforms.telegram.updates import BOT, BOT_ID

SPEAKERS = {int(row["sender"]) for row in TABLE.values() if row["kind"] in {"message", "press", "reachability"}}
SETTINGS = TelegramSettings(
    token=f"{BOT_ID}:token-of-the-test",
    username=BOT["username"],
    private_topics=True,
    people=tuple(PersonSettings(f"Person {id_}", id_, started=True) for id_ in sorted(SPEAKERS)),
    # the topic of the samples is the one with the number 12
    groups=(GroupSettings(int(FORUM), "prod", (1001,), topics=tuple(f"topic {n}" for n in range(2, 13))),),
)
WORDS = {
    "/start": "Hello.",
    "hi": "Hello.",
    # a table is shown as one, since the sample shows that the app can
    TABLE["143_message__syn_rich_message.json"]["text"]: "\nhost | cpu\nweb-3 | 97",
    "/cancel": "Nothing of yours",
    "/status prod": "aof",
    "/secret": "There is no command /secret",
    "/agent run test-bot hello": "There is no agent run test-bot hello.",
}


POISON: list[dict[str, Any]] = [{"message": []}, {"message": {"message_id": 1}}, {}]
"""What nobody can read, between what can be read."""
_CHAT = {"id": int(FORUM), "type": "supergroup"}
LUNCH = {"message": {"message_id": 4_999, "from": {"id": 1001}, "chat": _CHAT, "text": "lunch?"}}
"""What people of a group say to each other: nothing of it is kept."""


def made_present(body: dict[str, Any], place: int, at: int) -> dict[str, Any]:
    """With numbers that no other sample has: those of Telegram's own page are all the same."""
    del body["update_id"]
    message = body.get("message", {})
    if message.get("message_id"):
        message |= {"message_id": 5_000 + place, "date": at}
    return body


def expected_words(row: Row) -> str:
    if row["kind"] == "press":  # of a button that was never shown here
        return chat.unknown_button(Language.ENGLISH)
    text, media = row.get("text", ""), row.get("media")
    if text or media is None:
        return WORDS.get(text, f"You said: {text}")
    kinds = {"audio": "audio files", "voice": "voice messages", "image": "pictures", "video": "videos"}
    kinds |= {"document": "documents", "sticker": "stickers", "location": "locations"}
    return f"I can't read {kinds.get(media[0], 'this kind of message')} yet"


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_every_update_is_kept_and_everybody_who_spoke_is_answered(
    telegram_samples: Path, tmp_path: Path, echo: Echo, mode: Mode
) -> None:
    environ = {"TELEGRAM_BOT_TOKEN": SETTINGS.token}
    async with telegram_world(tmp_path, mode=mode, agent=lambda _: echo, settings=SETTINGS, environ=environ) as aof:
        shown: Counter[str] = Counter()
        for place, (name, row) in enumerate(TABLE.items(), 1):
            aof.clock.advance(60)
            body = json.loads((telegram_samples / "updates" / name).read_bytes())
            await aof.brings(made_present(body, place, int(aof.clock.now().timestamp())))
            for more in [*POISON, LUNCH][place - 1 : place]:
                await aof.brings(more)
            await aof.taken()
            await aof.idle()
            where = row.get("chat_id") or row.get("sender", "")
            if row["kind"] in {"message", "press"}:
                shown[where] += 1
                found = await _shown(aof, where)
                assert expected_words(row) in found[-1]["text"], name
                assert found[-1]["thread"] == row.get("thread", ""), name
                assert len(found) == shown[where], name
        for where, count in shown.items():
            assert len(await _shown(aof, where)) == count
        kept = Counter(row["kind"] for row in TABLE.values())
        assert dict(aof.rows("SELECT kind, count(*) FROM inbox GROUP BY kind")) == {
            "message": kept["message"],
            "press": kept["press"],
            "reachability": kept["reachability"],
            # told in the old chat and in the new one: one event
            "chat_moved": 1,
        }
        assert aof.rows("SELECT DISTINCT state FROM inbox") == [("done",)]
        assert aof.rows("SELECT DISTINCT state FROM outbox") == [("sent",)]
        assert aof.rows("SELECT count(*) FROM quarantine") == [(kept["unreadable"] + len(POISON),)]
        about = Counter(row["about"] for row in TABLE.values() if row["kind"] == "notice")
        assert Counter(dict(aof.rows("SELECT about, count(*) FROM notice GROUP BY about"))) == about
        assert await aof.store.check() == []
        assert not aof.daemon.failed.done()


async def _shown(aof: TelegramWorld, where: str) -> list[dict[str, Any]]:
    if where.startswith("-"):
        return await aof.group(where)
    return [message for message in await aof.phone(where).shown() if message["group_id"] is None]
