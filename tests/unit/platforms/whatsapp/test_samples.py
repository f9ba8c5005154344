"""Meta's published webhooks become what the table says."""

import copy
import csv
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest

from aof.domain.message import (
    ButtonPress,
    IdentityChanged,
    InboundEvent,
    InboundMessage,
    Notice,
    Preference,
    Reaction,
    Receipt,
    Spoken,
    Unreadable,
)
from aof.platforms.whatsapp import WhatsAppConfig, WhatsAppPlatform
from tests.unit.platforms.whatsapp.samples_table import MESSAGES, STATUSES, TABLE, Expected, State

OURS = "106540352242922"
"""For the samples that name no number."""

STATE_OF: dict[str, State] = {
    "message": "new",
    "press": "new",
    "reaction": "kept",
    "notice": "kept",
    "identity": "moved",
    "preference": "kept",
    "receipt": "applied",
    "unreadable": "quarantined",
}


def parse(body: Any, phone_number_id: str) -> Sequence[InboundEvent]:
    config = WhatsAppConfig.model_validate(
        {
            "phone_number_id": phone_number_id,
            "access_token": "token",
            "verify_token": "verify",
            "app_secret": "secret",
            "allow_everyone": True,
        }
    )
    # Without a session, a parser that made a request would fail here.
    platform = WhatsAppPlatform(config, cast("aiohttp.ClientSession", None))
    return platform.parse_message(json.dumps(body).encode())


def load(folder: Path, name: str) -> tuple[Any, str]:
    """The body and the phone_number_id that it was sent to."""
    body = json.loads((folder / "webhooks" / name).read_bytes())
    value = body["entry"][0]["changes"][0]["value"]
    return body, value.get("metadata", {}).get("phone_number_id", OURS)


def seen(event: InboundEvent, row: Expected, *, repeat: bool) -> Expected:
    """The event in the words of the table; of sentences only those words that `row` asks for."""
    state: State = "repeat" if repeat else STATE_OF[event.kind]
    match event:
        case InboundMessage():
            words = tuple(word for word in row.summary if event.media and word in event.media.summary)
            found = Expected(
                "message",
                state,
                **_spoken(event),
                text=event.text,
                shown=event.reply_to,
                media=event.media.kind if event.media else None,
                media_id=event.media.id if event.media else None,
                summary=words,
            )
        case ButtonPress():
            found = Expected("press", state, **_spoken(event), text=event.text, title=event.title, shown=event.shown)
        case Reaction():
            found = Expected("reaction", state, **_spoken(event), emoji=event.emoji, message_id=event.message_id)
        case IdentityChanged():
            found = Expected(
                "identity",
                state,
                event.old_number,
                event.old_user_id,
                at=_seconds(event.sent_at),
                new_number=event.new_number,
                new_user_id=event.new_user_id,
            )
        case Receipt():
            found = Expected(
                "receipt",
                state,
                at=_seconds(event.at),
                message_id=event.message_id,
                status=event.state,
                recipient=event.recipient,
                code=event.code,
                reason=tuple(said for said in row.reason if said in event.reason),
            )
        case Notice():
            found = Expected("notice", state, about=event.about)
        case Preference():
            found = Expected("preference", state, event.sender.number, at=_seconds(event.sent_at), status=event.state)
        case Unreadable():
            found = Expected("unreadable", state)
    return found


def _spoken(event: Spoken) -> dict[str, Any]:
    default = event.sender.user_id or event.sender.number
    return {
        "number": event.sender.number,
        "user_id": event.sender.user_id,
        "chat_id": None if event.chat_id == default else event.chat_id,
        "group": event.group,
        "at": _seconds(event.sent_at),
    }


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


@pytest.mark.parametrize("name", TABLE)
def test_a_published_webhook_becomes_what_the_table_says(whatsapp_samples: Path, name: str) -> None:
    body, number = load(whatsapp_samples, name)
    events = parse(body, number)
    ids = [event.event_id for event in events]
    found = [
        seen(event, row, repeat=event.event_id in ids[:place])
        for place, (event, row) in enumerate(zip(events, TABLE[name], strict=True))
    ]
    assert tuple(found) == TABLE[name]
    assert {event.account for event in events} == {f"whatsapp:{number}"}


@pytest.mark.parametrize("name", [name for name, rows in TABLE.items() if rows[0].kind != "receipt"])
def test_an_event_keeps_its_item_as_ascii_json(whatsapp_samples: Path, name: str) -> None:
    body, number = load(whatsapp_samples, name)
    for event in parse(body, number):
        assert not isinstance(event, Receipt)
        assert event.raw.isascii()
        kept = json.loads(event.raw)
        if isinstance(event, Spoken):
            assert kept == body["entry"][0]["changes"][0]["value"]["messages"][0]


@pytest.mark.parametrize("name", [*MESSAGES, *STATUSES, "errors_value.json"])
def test_another_numbers_webhook_is_kept_but_asks_for_nothing(whatsapp_samples: Path, name: str) -> None:
    body, _ = load(whatsapp_samples, name)
    events = parse(body, "999")
    assert [event.about for event in events if isinstance(event, Notice)] == ["other_number"]
    assert len(events) == 1


@pytest.mark.parametrize("name", TABLE)
def test_a_repeat_carries_the_same_event_ids_whatever_its_bytes(whatsapp_samples: Path, name: str) -> None:
    body, number = load(whatsapp_samples, name)
    batch = copy.deepcopy(body)
    batch["entry"] = [*batch["entry"], *batch["entry"]]
    once = [event.event_id for event in parse(body, number)]
    assert all(once)
    assert [event.event_id for event in parse(batch, number)] == once + once


def test_group_statuses_of_two_participants_are_two_events(whatsapp_samples: Path) -> None:
    body, number = load(whatsapp_samples, "status_delivered_group_multi.json")
    first, second = body["entry"][0]["changes"][0]["value"]["statuses"]
    first["recipient_participant_id"], second["recipient_participant_id"] = "16505551234", "16505551235"
    assert len({event.event_id for event in parse(body, number)}) == 2
    # Three of Meta's own examples write the same field in another order.
    second["participant_recipient_id"] = second.pop("recipient_participant_id")
    assert len({event.event_id for event in parse(body, number)}) == 2


def test_the_table_names_exactly_the_samples_of_the_folder(whatsapp_samples: Path) -> None:
    assert set(TABLE) == {path.name for path in (whatsapp_samples / "webhooks").glob("*.json")}
    assert len(TABLE) == 125


def test_the_table_has_an_entry_for_each_row_of_the_manifest(whatsapp_samples: Path) -> None:
    with (whatsapp_samples / "webhooks" / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        files = [row["file"] for row in csv.DictReader(manifest, delimiter="\t")]
    assert len(files) == len(TABLE)
    assert set(files) == set(TABLE)


def test_only_the_two_identical_group_statuses_make_a_file_of_two_events() -> None:
    assert [name for name, rows in TABLE.items() if len(rows) != 1] == ["status_delivered_group_multi.json"]
