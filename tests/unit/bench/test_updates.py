"""The load is what Telegram would send, and the adapter reads it."""

import json
from pathlib import Path

import pytest

from aof.domain.message import ButtonPress, InboundMessage, Spoken
from aof.platforms.telegram.config import TelegramConfig
from aof.platforms.telegram.parse import Bot, events_of
from bench import bot_api, updates

BOT = Bot("telegram", f"telegram:{updates.BOT_ID}", updates.BOT_ID, updates.USERNAME, lambda _: None)


def test_every_update_has_a_message_of_its_own_and_senders_take_turns() -> None:
    read = [events_of(updates.update(n, senders=3), BOT)[0] for n in range(6)]
    assert all(isinstance(event, InboundMessage) and event.text for event in read)
    assert len({event.event_id for event in read}) == 6
    assert len({event.sender.key for event in read if isinstance(event, Spoken)}) == 3


def test_an_update_has_about_four_hundred_bytes() -> None:
    assert 400 <= len(updates.update(123_456)) <= 440


@pytest.mark.parametrize(
    ("kind", "event"), [("a text", InboundMessage), ("a tap", ButtonPress), ("a photo in reply", InboundMessage)]
)
def test_what_is_parsed_alone_is_an_event(kind: str, event: type) -> None:

    (read,) = events_of(json.dumps(updates.KINDS[kind]).encode(), BOT)
    assert isinstance(read, event)


def test_the_token_and_the_secret_are_ones_that_a_configuration_takes() -> None:
    config = TelegramConfig.model_validate(
        {
            "bot_token": updates.TOKEN,
            "webhook_secret": updates.SECRET,
            "webhook_url": "http://127.0.0.1:1/webhook/telegram",
            "api_url": "http://127.0.0.1:2",
        }
    )
    assert config.bot_id == str(updates.BOT_ID)


def test_the_stand_in_remembers_where_webhooks_were_asked_for() -> None:
    api = bot_api.BotApi()
    for body in (
        b'{"url": "http://127.0.0.1:1/webhook"}',
        b"url=http%3A%2F%2F127.0.0.1%3A1%2Fwebhook&max_connections=40",
    ):
        assert api.result("setwebhook", body) is True
        assert api.result("getwebhookinfo", b"")["url"] == "http://127.0.0.1:1/webhook"


@pytest.mark.parametrize("name", ["aiograms_webhook", "ptbs_webhook"])
def test_the_contestants_in_their_own_environment_know_the_same_words(name: str) -> None:
    text = Path(updates.__file__).with_name("contestants").joinpath(f"{name}.py").read_text(encoding="utf-8")
    assert f'SECRET = "{updates.SECRET}"' in text
    assert f'TOKEN = "{updates.TOKEN}"' in text
