"""Whatever stands anywhere in a webhook: a clear outcome, nothing lost, no neighbour hurt."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aof.domain.errors import PayloadRejected
from aof.domain.message import InboundEvent, Receipt
from tests.unit.platforms.whatsapp.webhooks import (
    ACCOUNT,
    PABLO,
    SHEENA_ID,
    change,
    contact,
    item,
    parse,
    parse_bytes,
    status,
    webhook,
)

Path = tuple[str | int, ...]

characters = st.characters() | st.sampled_from(["\x00", "\ud800", "\udfff", "\u202e", "😀"])
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**29, 10**31)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(characters, max_size=20)
    | st.sampled_from(["", "x" * 600, "TIMESTAMP", "9" * 30, "messages", "text", "system", "interactive", "group"])
)
junk = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(characters, max_size=10), inner, max_size=3),
    max_leaves=6,
)

VALID = webhook(
    [
        change(
            contacts=[contact(PABLO, "Pablo"), contact(name="Sheena", user_id=SHEENA_ID)],
            messages=[
                item(id_="text", context={"id": "wamid.asked"}, from_user_id=SHEENA_ID),
                item("image", {"id": "1", "caption": "c", "mime_type": "image/png"}, id_="image", from_=PABLO),
                item("interactive", {"type": "button_reply", "button_reply": {"id": "b", "title": "B"}}, id_="press"),
                item("interactive", {"type": "nfm_reply", "nfm_reply": {"response_json": '{"a":1}'}}, id_="form"),
                item("button", {"payload": "p", "text": "t"}, id_="quick"),
                item("reaction", {"message_id": "x", "emoji": "👍"}, id_="reaction"),
            ],
        ),
        change(
            messages=[
                item("location", {"latitude": 1.5, "longitude": 2, "name": "n"}, id_="location"),
                item("contacts", [{"name": {"formatted_name": "f"}}], id_="contacts"),
                item("order", {"product_items": [{"product_retailer_id": "r", "quantity": 1}]}, id_="order"),
            ]
        ),
    ],
    [
        change(
            messages=[
                item("system", {"type": "user_changed_number", "wa_id": PABLO}, id_="system"),
                item("edit", {"original_message_id": "o"}, id_="edit"),
                item("unsupported", {"type": "poll"}, id_="unsupported", errors=[{"code": 131051}]),
                item("hologram", {"x": 1}, id_="unknown"),
            ],
            statuses=[
                status("failed", id_="failed", errors=[{"code": 131047, "title": "t", "error_data": {"details": "d"}}]),
                status("read", id_="read", recipient_type="group", recipient_participant_id="491"),
            ],
            errors=[{"code": 1, "title": "t"}],
        ),
        change("account_update", messages=[]),
    ],
)


def paths(node: Any, here: Path = ()) -> Iterator[Path]:
    yield here
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, below in inner:
        yield from paths(below, (*here, key))


def put(body: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    changed = copy.deepcopy(body)
    node = changed
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = new
    return changed


ALL_PATHS = list(paths(VALID))
WHOLE = parse(VALID)
CHANGES = [(entry, place) for entry, each in enumerate(VALID["entry"]) for place in range(len(each["changes"]))]


def events_of_one(entry: int, place: int) -> list[InboundEvent]:
    """The events of one change alone, in the envelope it stands in."""
    whole = VALID["entry"][entry]
    return parse({"entry": [{**whole, "changes": [whole["changes"][place]]}]})


ALONE = {change: events_of_one(*change) for change in CHANGES}


def test_the_valid_webhook_is_the_sum_of_its_changes() -> None:
    assert [event for change in CHANGES for event in ALONE[change]] == WHOLE
    assert len(WHOLE) == len({event.event_id for event in WHOLE}) == 17


@given(path=st.sampled_from(ALL_PATHS), new=junk)
def test_any_value_anywhere_has_an_outcome_and_leaves_other_changes_alone(path: Path, new: Any) -> None:
    try:
        events = parse(put(VALID, path, new))
    except PayloadRejected:
        assert path == ()
        return
    for entry, place in CHANGES:
        change_path = ("entry", entry, "changes", place)
        above_or_inside = change_path[: len(path)] == path[:4]
        beside = len(path) == 3 and path[:2] == change_path[:2]  # the entry's own id and time, or its list
        if not above_or_inside and not beside:
            assert [event for event in events if event in ALONE[entry, place]] == ALONE[entry, place]
    for event in events:
        event.model_dump_json().encode()
        assert event.event_id
        assert event.account == ACCOUNT
        if not isinstance(event, Receipt):
            json.loads(event.raw)


ITEM_PATHS = [path for path in ALL_PATHS if len(path) >= 7 and path[5] in {"messages", "statuses", "errors"}]


@given(path=st.sampled_from(ITEM_PATHS), new=junk)
def test_a_broken_item_leaves_all_other_items_alone_and_is_an_event_itself(path: Path, new: Any) -> None:
    events = parse(put(VALID, path, new))
    assert len(events) == len(WHOLE)
    differing = [now for now, before in zip(events, WHOLE, strict=True) if now != before]
    assert len(differing) <= 1


@given(payload=st.binary(max_size=300) | junk.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_have_an_outcome(payload: bytes) -> None:
    try:
        events = parse_bytes(payload)
    except PayloadRejected:
        return
    assert events or json.loads(payload) == {"entry": []}


@given(new=junk, path=st.sampled_from(ALL_PATHS))
def test_the_same_bytes_give_the_same_events(path: Path, new: Any) -> None:
    payload = json.dumps(put(VALID, path, new)).encode()
    try:
        first = parse_bytes(payload)
    except PayloadRejected:
        return
    assert parse_bytes(payload) == first
