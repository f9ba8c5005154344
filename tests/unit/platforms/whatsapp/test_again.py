"""What was quarantined is read again from whatever piece of a webhook was kept."""

import json
from typing import Any

import pytest

from aof.domain.errors import PayloadRejected
from aof.domain.message import InboundMessage, Notice, Receipt, Unreadable
from aof.platforms.whatsapp.parse import events_again
from tests.unit.platforms.whatsapp.webhooks import (
    ACCOUNT,
    OUR_ID,
    PABLO,
    SHEENA,
    SHEENA_ID,
    change,
    contact,
    item,
    parse,
    status,
    webhook,
)


def again(raw: Any) -> list[Any]:
    payload = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    return events_again(payload, platform="whatsapp", account=ACCOUNT, phone_number_id=OUR_ID)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (webhook([change(messages=[item()])]), InboundMessage),
        (webhook([change(messages=[item()])])["entry"][0], InboundMessage),
        (change(messages=[item()]), InboundMessage),
        ({"contacts": [contact()], "messages": [item()]}, InboundMessage),
        (item(), InboundMessage),
        (status(), Receipt),
        ({"statuses": [status()]}, Receipt),
        (item("hologram", {}), Unreadable),
    ],
)
def test_every_piece_of_a_webhook_is_read_as_what_it_is(raw: Any, kind: type) -> None:
    (event,) = again(raw)
    assert isinstance(event, kind)


def test_a_change_that_nobody_knew_is_no_test_of_metas_dashboard() -> None:
    (kept,) = parse(webhook([change(shiny_messages=[item()])]))
    assert isinstance(kept, Unreadable)
    (event,) = again(kept.raw.encode())
    assert not isinstance(event, Notice)


@pytest.mark.parametrize("broken", [item("hologram", {}), item("text", [])])
def test_an_item_keeps_what_its_sender_is_known_by_and_nobody_elses(broken: dict[str, Any]) -> None:
    people = [contact(PABLO, "Pablo"), contact(user_id=SHEENA_ID)]
    (kept,) = parse(webhook([change(messages=[broken], contacts=people)]))
    assert isinstance(kept, Unreadable)
    assert PABLO not in kept.raw
    readable = json.loads(kept.raw)
    readable["messages"][0] |= {"type": "text", "text": {"body": "x"}}
    (event,) = again(readable)
    assert (event.sender.user_id, event.sender.number) == (SHEENA_ID, f"+{SHEENA}")


def test_what_is_no_object_still_can_not_be_read() -> None:
    with pytest.raises(PayloadRejected):
        again(b"[1]")
