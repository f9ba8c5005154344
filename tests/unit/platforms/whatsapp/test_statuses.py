"""Every status becomes a receipt."""

from datetime import UTC, datetime
from typing import Any

import pytest

from aof.domain.message import Notice, Receipt, Unreadable
from tests.unit.platforms.whatsapp.webhooks import (
    ACCOUNT,
    SHEENA,
    SHEENA_ID,
    Json,
    change,
    only,
    parse,
    status,
    webhook,
)

CLOSED_WINDOW = (
    "More than 24 hours have passed since this person last wrote; only a template reaches them (code 131047): "
)
UNREACHABLE = "The recipient can't be reached: not on WhatsApp, an old app, or the terms not accepted (code 131026): "
SAME_NUMBER = "Recipient and sender are the same number (code 131021): "


def receipts(*statuses: Any) -> list[Any]:
    return list(parse(webhook([change(statuses=list(statuses))])))


@pytest.mark.parametrize("state", ["sent", "delivered", "read", "played", "failed"])
def test_a_status_tells_which_part_reached_which_state_for_whom(state: str) -> None:
    assert receipts(status(state, biz_opaque_callback_data="part-7")) == [
        Receipt.model_validate(
            {
                "platform": "whatsapp",
                "account": ACCOUNT,
                "event_id": f"wamid.sent:{state}:{SHEENA}",
                "message_id": "wamid.sent",
                "part_id": "part-7",
                "recipient": SHEENA,
                "state": state,
                "at": datetime(2025, 6, 15, 23, 27, 53, tzinfo=UTC),
            }
        )
    ]


@pytest.mark.parametrize(
    ("more", "recipient"),
    [
        ({"recipient_user_id": SHEENA_ID}, SHEENA),
        ({"recipient_user_id": SHEENA_ID, "recipient_id": None}, SHEENA_ID),
        ({"recipient_type": "group", "recipient_id": "G", "recipient_participant_id": "491"}, "491"),
        ({"recipient_type": "group", "recipient_id": "G", "participant_recipient_id": "491"}, "491"),
        ({"recipient_type": "group", "recipient_id": "G", "recipient_user_id": SHEENA_ID}, SHEENA_ID),
        ({"recipient_type": "group", "recipient_id": "G"}, "G"),
        ({"recipient_id": None}, ""),
    ],
)
def test_each_recipient_reports_for_itself(more: Json, recipient: str) -> None:
    receipt = only(receipts(status("read", **more)))
    assert (receipt.recipient, receipt.event_id) == (recipient, f"wamid.sent:read:{recipient}")


@pytest.mark.parametrize(
    ("errors", "code", "reason"),
    [
        (
            [
                {
                    "code": 131047,
                    "title": "Re-engagement message",
                    "message": "Re-engagement message",
                    "error_data": {"details": "Too late."},
                }
            ],
            131047,
            CLOSED_WINDOW + "Re-engagement message: Too late.",
        ),
        (
            [{"code": "131026", "message": "Undeliverable"}],
            131026,
            UNREACHABLE + "Undeliverable",
        ),
        ([{"code": 131021, "title": "x" * 2000}], 131021, SAME_NUMBER + "x" * (999 - len(SAME_NUMBER)) + "…"),
        ([{"code": 5, "title": "a", "error_data": "plain words"}], 5, "a: plain words"),
        ([{"code": 5, "title": "a"}, {"code": 131026, "title": "b"}], 5, "a; b"),
        ([{"title": "x" * 2000}], 0, "x" * 999 + "…"),
        (["a string", {"code": 5}], 5, ""),
        ({"code": 5}, 0, ""),
        ([], 0, ""),
    ],
)
def test_a_failure_keeps_metas_code_and_words_behind_what_they_mean(errors: Any, code: int, reason: str) -> None:
    receipt = only(receipts(status("failed", errors=errors)))
    assert (receipt.state, receipt.code, receipt.reason) == ("failed", code, reason)


def test_a_word_for_a_state_that_nobody_knows_yet_is_a_notice() -> None:
    notice = only(receipts(status("warming_up")))
    assert isinstance(notice, Notice)
    assert (notice.about, notice.subject) == ("status", "warming_up")


@pytest.mark.parametrize(
    "broken", [{"status": "read"}, {"id": "a"}, {"id": "a", "status": 7}, {"id": "", "status": "read"}]
)
def test_a_status_that_names_no_message_or_no_state_is_quarantined(broken: Json) -> None:
    first, second = receipts(broken, status())
    assert isinstance(first, Unreadable)
    assert isinstance(second, Receipt)


@pytest.mark.parametrize("opaque", [7, "", "x" * 513, None, {}])
def test_opaque_words_that_are_no_part_id_are_left_out(opaque: Any) -> None:
    assert only(receipts(status(biz_opaque_callback_data=opaque))).part_id is None


@pytest.mark.parametrize(
    ("state", "code", "expected"), [("failed", 131047, True), ("failed", 131026, False), ("sent", 131047, False)]
)
def test_a_failure_says_whether_the_window_was_closed(state: str, code: int, expected: bool) -> None:
    (told,) = receipts(status(state, errors=[{"code": code, "title": "t"}]))
    assert told.outside_window is expected
