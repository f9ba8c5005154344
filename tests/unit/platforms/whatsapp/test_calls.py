"""Whoever calls has spoken to us: the call itself is a notice, and their window opens."""

from typing import Any

import pytest

from aof.domain.message import Call, Notice
from tests.unit.platforms.whatsapp.webhooks import ACCOUNT, OUR_ID, OUR_NUMBER, SHEENA, parse, webhook


def called(phone_number_id: str = OUR_ID, **more: Any) -> list[Any]:
    item = {
        "id": "wacid.1",
        "from": SHEENA,
        "to": OUR_NUMBER,
        "event": "connect",
        "direction": "USER_INITIATED",
        "timestamp": "1749416383",
        "session": {"sdp": "secret"},
        **more,
    }
    metadata = {"display_phone_number": OUR_NUMBER, "phone_number_id": phone_number_id}
    return list(parse(webhook([{"field": "calls", "value": {"metadata": metadata, "calls": [item]}}])))


def test_a_call_of_a_person_is_a_notice_and_a_word_of_theirs() -> None:
    notice, call = called()
    assert isinstance(notice, Notice)
    assert isinstance(call, Call)
    assert (call.account, call.event_id, call.sender.number, call.chat_id) == (
        ACCOUNT,
        "wacid.1",
        f"+{SHEENA}",
        f"+{SHEENA}",
    )
    assert call.sent_at is not None
    assert call.sent_at.timestamp() == 1749416383
    assert "secret" not in call.raw


@pytest.mark.parametrize(
    "more",
    [
        {"direction": "BUSINESS_INITIATED"},
        {"event": "terminate"},
        {"phone_number_id": "another"},
        {"id": None},
        {"from": None},
        {"from": 7, "id": []},
    ],
)
def test_what_is_no_call_of_a_person_to_us_is_a_notice_alone(more: dict[str, Any]) -> None:
    (notice,) = called(**more)
    assert isinstance(notice, Notice)
