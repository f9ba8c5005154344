"""What Meta's notices tell of templates."""

import json
from typing import Any

import pytest

from aof.domain.message import Notice, TemplateNews
from aof.platforms.whatsapp.parse import events_of
from tests.unit.platforms.whatsapp.webhooks import ACCOUNT, OUR_ID, only, parse, webhook

NAMED = {"message_template_id": 7, "message_template_name": "news", "message_template_language": "en-US"}


def told(field: str, **value: Any) -> TemplateNews:
    event = only(parse(webhook([{"field": field, "value": {**NAMED, **value}}])))
    assert isinstance(event, Notice)
    assert event.about == field
    assert event.template is not None
    return event.template


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("APPROVED", "approved"),
        ("REINSTATED", "approved"),
        ("FLAGGED", "approved"),
        ("PENDING", "pending"),
        ("IN_APPEAL", "pending"),
        ("PAUSED", "paused"),
        ("DISABLED", "disabled"),
        ("REJECTED", "rejected"),
        ("DELETED", "deleted"),
        ("A_WORD_OF_NEXT_YEAR", None),
    ],
)
def test_a_status_is_a_state_and_metas_own_word(word: str, state: str | None) -> None:
    news = told("message_template_status_update", event=word, reason="NONE")
    assert (news.name, news.language, news.state, news.word, news.reason) == ("news", "en-US", state, word, "")
    assert news.at is not None
    assert news.at.timestamp() == 1739321024


def test_a_refusal_says_why() -> None:
    info = {"reason": "Places stand next to each other.", "recommendation": "Put words between them."}
    news = told("message_template_status_update", event="REJECTED", reason="INVALID_FORMAT", rejection_info=info)
    assert news.reason == "Places stand next to each other. Put words between them."


def test_another_category_is_told_with_the_one_before_and_the_one_to_come() -> None:
    news = told("template_category_update", previous_category="UTILITY", new_category="MARKETING")
    assert (news.category, news.former_category, news.coming_category) == ("MARKETING", "UTILITY", "")
    news = told("template_category_update", new_category="UTILITY", correct_category="MARKETING")
    assert (news.category, news.former_category, news.coming_category) == ("UTILITY", "", "MARKETING")


def test_quality_is_read_under_whatever_field_it_comes() -> None:
    # one of Meta's own examples has it under the field of the status
    for field in ("message_template_quality_update", "message_template_status_update"):
        news = told(field, previous_quality_score="GREEN", new_quality_score="RED")
        assert (news.quality, news.state) == ("RED", None)


def test_what_a_template_says_names_its_places_and_buttons() -> None:
    news = told(
        "message_template_components_update",
        message_template_element="Hello {{1}}, order {{ order_id }} of {{1}}",
        message_template_buttons=[
            {"message_template_button_type": "QUICK_REPLY", "message_template_button_text": "Show"}
        ],
    )
    assert (news.body, news.places, news.buttons) == (
        "Hello {{1}}, order {{ order_id }} of {{1}}",
        ("1", "order_id"),
        ("Show",),
    )


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "x",
        {"event": "PAUSED"},
        {"message_template_name": "news"},
        {"message_template_name": 7, "message_template_language": []},
    ],
)
def test_one_that_names_no_template_is_a_notice_all_the_same(value: Any) -> None:
    event = only(parse(webhook([{"field": "message_template_status_update", "value": value}])))
    assert isinstance(event, Notice)
    assert event.template is None


@pytest.mark.parametrize(("account", "is_ours"), [("102290129340390", True), ("102290129340399", False), (None, True)])
def test_those_of_another_business_account_are_not_ours(account: str | None, is_ours: bool) -> None:
    body = webhook([{"field": "message_template_status_update", "value": {**NAMED, "event": "PAUSED"}}])
    event = only(
        events_of(
            json.dumps(body).encode(),
            platform="whatsapp",
            account=ACCOUNT,
            phone_number_id=OUR_ID,
            business_account_id=account,
        )
    )
    assert (event.template is not None) is is_ours


def test_no_other_field_tells_of_templates() -> None:
    event = only(parse(webhook([{"field": "account_update", "value": {**NAMED, "event": "PAUSED"}}])))
    assert event.template is None
