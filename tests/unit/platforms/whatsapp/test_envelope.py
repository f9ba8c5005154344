"""A whole webhook: every entry, every change, every item; and what is none of a person's words."""

import json
from typing import Any

import pytest

from aof.domain.errors import PayloadRejected
from aof.domain.message import Notice, Unreadable
from tests.unit.platforms.whatsapp.webhooks import (
    PABLO,
    SHEENA,
    change,
    contact,
    item,
    only,
    parse,
    parse_bytes,
    status,
    value,
    webhook,
)


def batch(number: int, *, shuffled: bool) -> dict[str, Any]:
    """One change: three messages of two people, two statuses, and the people in the other order if shuffled."""
    people = [contact(SHEENA, "Sheena"), contact(PABLO, "Pablo")]
    return change(
        contacts=people[::-1] if shuffled else people,
        messages=[
            item(id_=f"m{number}.1"),
            item(id_=f"m{number}.2", from_=PABLO),
            item(id_=f"m{number}.3", node={"body": "again"}),
        ],
        statuses=[status("read", id_=f"s{number}"), status("delivered", id_=f"s{number}")],
    )


@pytest.mark.parametrize("shuffled", [False, True])
def test_a_batch_gives_every_item_with_its_own_sender_in_order(shuffled: bool) -> None:
    body = webhook(
        [batch(1, shuffled=shuffled), batch(2, shuffled=shuffled)],
        [batch(3, shuffled=shuffled), batch(4, shuffled=shuffled)],
    )
    said: list[Any] = parse(body)
    expected: list[tuple[str, str]] = []
    for number in range(1, 5):
        expected += [(f"m{number}.1", "Sheena"), (f"m{number}.2", "Pablo"), (f"m{number}.3", "Sheena")]
        expected += [(f"s{number}:read:{SHEENA}", ""), (f"s{number}:delivered:{SHEENA}", "")]
    assert [(event.event_id, event.sender.name if event.kind == "message" else "") for event in said] == expected
    assert {event.sender.number for event in said if event.kind == "message"} == {f"+{SHEENA}", f"+{PABLO}"}


def test_an_unknown_type_hurts_neither_messages_nor_statuses() -> None:
    body = webhook(
        [change(messages=[item(id_="a"), item("hologram", {}, id_="b"), item(id_="c")], statuses=[status()])]
    )
    assert [event.kind for event in parse(body)] == ["message", "unreadable", "message", "receipt"]


@pytest.mark.parametrize(
    "field",
    ["history", "smb_message_echoes", "message_echoes", "standby", "account_update", "calls", "a_field_of_tomorrow"],
)
def test_another_field_is_a_notice_even_if_it_holds_messages(field: str) -> None:
    event = only(parse(webhook([change(field, messages=[item(), item(id_="two")])])))
    assert isinstance(event, Notice)
    assert event.about == field
    assert event.event_id.startswith(f"{field}:")
    assert json.loads(event.raw)["field"] == field


def test_a_repeated_notice_is_the_same_and_a_later_one_another() -> None:
    update = {"field": "account_update", "value": {"event": "ACCOUNT_RESTRICTION"}}
    body = webhook([update])
    first, repeated = only(parse(body)), only(parse(body))
    body["entry"][0]["time"] += 86_400
    later = only(parse(body))
    assert first == repeated
    assert first.event_id != later.event_id
    assert first.subject == "ACCOUNT_RESTRICTION"


@pytest.mark.parametrize(
    "metadata",
    [{"phone_number_id": "999", "display_phone_number": "1"}, {"phone_number_id": 106540352242922}, {}, None, "x"],
)
def test_another_numbers_events_are_never_answered(metadata: Any) -> None:
    there = value(messages=[item()], statuses=[status()])
    there["metadata"] = metadata
    event = only(parse(webhook([{"field": "messages", "value": there}])))
    assert (event.kind, event.about) == ("notice", "other_number")


def test_metas_own_trouble_is_a_notice() -> None:
    error = {"code": 130429, "title": "Rate limit hit", "message": "Rate limit hit", "error_data": {"details": "Slow."}}
    event = only(parse(webhook([change(errors=[error])])))
    assert (event.about, event.subject) == ("error", "130429 Rate limit hit: Slow.")


def test_the_dashboards_test_button_is_a_notice() -> None:
    event = only(parse(change(messages=[item()])))
    assert (event.kind, event.about, event.subject) == ("notice", "messages", "test")


@pytest.mark.parametrize("depth", ["entry", "value"])
def test_a_field_at_the_wrong_depth_is_found(depth: str) -> None:
    lost = {"value": {"event": "PARTNER_APP_INSTALLED"}}
    body = webhook([lost])
    (body["entry"][0] if depth == "entry" else lost["value"])["field"] = "account_update"
    assert only(parse(body)).about == "account_update"


@pytest.mark.parametrize(
    "changes",
    [
        [7],
        [{}],
        [{"field": 7, "value": {}}],
        [{"value": {}}],
        [{"field": "messages"}],
        [{"field": "messages", "value": []}],
        [change()],
        [change(messages={})],
        [change(messages="disk")],
        [change(messages=[7])],
        [change(messages=["disk"])],
        [change(statuses=7)],
        [change(errors=[None])],
    ],
)
def test_a_broken_change_is_quarantined_beside_a_whole_one(changes: list[Any]) -> None:
    events = parse(webhook([*changes, change(messages=[item()])]))
    assert [event.kind for event in events] == ["unreadable", "message"]
    assert isinstance(events[0], Unreadable)


@pytest.mark.parametrize("entry", [7, "x", None, [], {}, {"changes": {}}, {"id": "1", "changes": None}])
def test_a_broken_entry_is_quarantined_beside_a_whole_one(entry: Any) -> None:
    body = webhook([change(messages=[item()])])
    body["entry"].insert(0, entry)
    assert [event.kind for event in parse(body)] == ["unreadable", "message"]


@pytest.mark.parametrize("body", [{}, {"object": "x"}, {"entry": {}}, {"entry": None}, {"field": 7}])
def test_an_envelope_without_entries_is_quarantined(body: Any) -> None:
    event = only(parse(body))
    assert event.kind == "unreadable"
    assert json.loads(event.raw) == body


@pytest.mark.parametrize("contacts", ["x", 7, {}, ["a string"], [7, None, {"profile": "x", "wa_id": SHEENA}], [[]]])
def test_broken_contacts_cost_a_name_and_no_message(contacts: Any) -> None:
    event = only(parse(webhook([change(messages=[item()], contacts=contacts)])))
    assert (event.text, event.sender.name) == ("disk", None)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"\xff\xfe\xfd",
        b'{"entry": \xff}',
        b"[]",
        b'"text"',
        b"7",
        b"null",
        b"[" * 100_000,
        b'{"entry":' * 5_000 + b"1" + b"}" * 5_000,
        b"\x00" * 100,
    ],
)
def test_a_body_that_is_no_json_object_is_rejected_as_a_whole(payload: bytes) -> None:
    with pytest.raises(PayloadRejected) as caught:
        parse_bytes(payload)
    assert "text" not in str(caught.value)


@pytest.mark.parametrize("number", ["9" * 5000, "1e999", "-1e999", "NaN", "Infinity", "-Infinity"])
def test_an_absurd_number_costs_neither_its_item_nor_the_webhook(number: str) -> None:
    payload = json.dumps(webhook([change(messages=[item(strange="NUMBER")])])).replace('"NUMBER"', number).encode()
    event = only(parse_bytes(payload))
    assert event.text == "disk"
    json.loads(event.raw, parse_constant=pytest.fail)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_body_in_another_unicode_encoding_is_read(encoding: str) -> None:
    payload = json.dumps(webhook([change(messages=[item(node={"body": "قرص"})])]), ensure_ascii=False).encode(encoding)
    assert only(parse_bytes(payload)).text == "قرص"
