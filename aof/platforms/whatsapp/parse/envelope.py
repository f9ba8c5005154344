"""A whole webhook as events: every entry, every change, every item, in the order they stand."""

from collections.abc import Iterator
from typing import Any

from aof.domain.errors import PayloadRejected
from aof.domain.message import InboundEvent, Notice, Preference, TemplateNews, Unreadable
from aof.platforms.fields import (
    Misshapen,
    Node,
    ascii_json,
    digest,
    id_at,
    moment_at,
    node_at,
    nodes_at,
    read_json,
    shortened,
    text_at,
)
from aof.platforms.whatsapp.parse.calls import calls
from aof.platforms.whatsapp.parse.messages import message
from aof.platforms.whatsapp.parse.preferences import preference
from aof.platforms.whatsapp.parse.senders import Origin, digits, with_contact
from aof.platforms.whatsapp.parse.statuses import failure, status
from aof.platforms.whatsapp.parse.templates import template_news

_LONGEST_FIELD = 60
_SUBJECTS = ("event", "message_template_name", "new_category", "requested_verified_name", "decision", "reason")
"""What tells most about an update, where Meta's payloads have it."""

PREFERENCES = "user_preferences"
_LISTS = ("messages", "statuses", "errors")
"""What the field `messages` may hold, in the order in which it is read."""


def events_of(
    payload: bytes, *, platform: str, account: str, phone_number_id: str, business_account_id: str | None = None
) -> list[InboundEvent]:
    """All events of one webhook's body.

    What concerns another number than `phone_number_id`, and every field but `messages` and `user_preferences`, becomes
    a notice. An item that can't be read becomes an `Unreadable` of its own and leaves its neighbours alone.

    Args:
        business_account_id: Templates belong to one, and no number stands on what is told of them. None: any is ours.

    Raises:
        PayloadRejected: The body is no JSON object, or is nested too deeply to be read.
    """
    try:
        webhook = _Webhook(platform, account, phone_number_id, business_account_id)
        return list(webhook.events(_object(payload)))
    except RecursionError:
        raise PayloadRejected("the webhook's body is nested too deeply") from None


def events_again(
    raw: bytes, *, platform: str, account: str, phone_number_id: str, business_account_id: str | None = None
) -> list[InboundEvent]:
    """The events of what was quarantined: a whole body, or an entry, a change or some items that were taken out of one.

    Raises:
        PayloadRejected: It still can't be read.
    """
    part = _object(raw)
    if "entry" not in part:
        if "changes" not in part:
            if "value" not in part:
                items = part if part.keys() & {"messages", "statuses"} else {_list_of(part): [part]}
                part = {"field": "messages", "value": {"metadata": {"phone_number_id": phone_number_id}, **items}}
            part = {"changes": [part]}
        part = {"entry": [part]}
    return events_of(
        ascii_json(part).encode(),
        platform=platform,
        account=account,
        phone_number_id=phone_number_id,
        business_account_id=business_account_id,
    )


def _list_of(item: Node) -> str:
    return "statuses" if "status" in item else "messages"


def _object(payload: bytes) -> Node:
    try:
        body = read_json(payload)
    except ValueError as error:
        # the decoder's own text would quote the body; its class is enough beside the quarantined bytes
        raise PayloadRejected(f"the webhook's body is no JSON ({type(error).__name__})") from None
    if not isinstance(body, dict):
        raise PayloadRejected("the webhook's body is no JSON object")
    return body


class _Webhook:
    def __init__(self, platform: str, account: str, phone_number_id: str, business_account_id: str | None) -> None:
        self.platform = platform
        self.account = account
        self.phone_number_id = phone_number_id
        self.business_account_id = business_account_id

    def events(self, body: Node) -> Iterator[InboundEvent]:
        if "entry" not in body and text_at(body, "field"):
            # the Test button of Meta's dashboard sends a change without its envelope, about an invented person
            yield self._notice(shortened(text_at(body, "field"), _LONGEST_FIELD), body, {}, subject="test")
            return
        entries = body.get("entry")
        if not isinstance(entries, list):
            yield self._unreadable("the webhook has no list of entries", body)
            return
        for entry in entries:
            if not isinstance(entry, dict) or not isinstance(entry.get("changes"), list):
                yield self._unreadable("an entry without a list of changes", entry)
                continue
            for change in entry["changes"]:
                if isinstance(change, dict):
                    yield from self._change(change, entry)
                else:
                    yield self._unreadable("a change is no object", change)

    def _change(self, change: Node, entry: Node) -> Iterator[InboundEvent]:
        value = change.get("value")
        inner = value if isinstance(value, dict) else {}
        # two of Meta's own examples carry the field one level too high or too low
        field = text_at(change, "field") or text_at(inner, "field") or text_at(entry, "field")
        if not field:
            yield self._unreadable("a change names no field", change)
        elif field == PREFERENCES:
            yield from self._preferences(inner, change, entry)
        elif field != "messages":
            yield self._notice(shortened(field, _LONGEST_FIELD), change, entry)
            if field == "calls" and id_at(node_at(inner, "metadata"), "phone_number_id") == self.phone_number_id:
                yield from calls(inner, self._origin(inner))
        elif not isinstance(value, dict):
            yield self._unreadable("messages without an object as value", change)
        else:
            yield from self._messages(value, change, entry)

    def _preferences(self, value: Node, change: Node, entry: Node) -> Iterator[InboundEvent]:
        ours = id_at(node_at(value, "metadata"), "phone_number_id") == self.phone_number_id
        items = nodes_at(value, "user_preferences") if ours else []
        read = [self._preference(item, nodes_at(value, "contacts"), entry) for item in items]
        if not read or None in read:
            # whatever in it is not understood is kept whole
            yield self._notice(PREFERENCES, change, entry)
        yield from filter(None, read)

    def _preference(self, item: Node, contacts: list[Node], entry: Node) -> Preference | None:
        return preference(
            item,
            contacts,
            platform=self.platform,
            account=self.account,
            event_id=self._event_id(PREFERENCES, item, entry),
        )

    def _messages(self, value: Node, change: Node, entry: Node) -> Iterator[InboundEvent]:
        place = node_at(value, "metadata")
        if id_at(place, "phone_number_id") != self.phone_number_id:
            subject = id_at(place, "phone_number_id") or ""
            yield self._notice("other_number", change, entry, subject=subject)
            return
        origin = self._origin(value)
        known = [key for key in _LISTS if key in value]
        if not known:
            yield self._unreadable("messages without anything that is known in it", change)
        for key in known:
            yield from self._items(value, key, entry, origin)

    def _origin(self, value: Node) -> Origin:
        return Origin(
            platform=self.platform,
            account=self.account,
            our_number=digits(text_at(node_at(value, "metadata"), "display_phone_number")),
            contacts=nodes_at(value, "contacts"),
        )

    def _items(self, value: Node, key: str, entry: Node, origin: Origin) -> Iterator[InboundEvent]:
        items = value.get(key, [])
        if not isinstance(items, list):
            yield self._unreadable(f"{key} is no list", items)
            return
        for item in items:
            if not isinstance(item, dict):
                yield self._unreadable(f"an item of {key} is no object", item)
                continue
            try:
                match key:
                    case "messages":
                        yield message(item, origin)
                    case "statuses":
                        yield status(item, platform=self.platform, account=self.account)
                    case _:
                        yield self._error(item, entry)
            except Misshapen as error:
                raw = with_contact(item, origin.contacts) if key == "messages" else ""
                yield self._unreadable(f"an item of {key}: {error}", item, raw)

    def _error(self, item: Node, entry: Node) -> Notice:
        code, reason = failure({"errors": [item]})
        return Notice(
            platform=self.platform,
            account=self.account,
            event_id=self._event_id("error", item, entry),
            about="error",
            subject=f"{code} {reason}".strip(),
            raw=ascii_json(item),
        )

    def _notice(self, about: str, change: Node, entry: Node, *, subject: str = "") -> Notice:
        value = change.get("value")
        said = subject or _subject(value)
        return Notice(
            platform=self.platform,
            account=self.account,
            event_id=self._event_id(about, value, entry),
            about=about,
            subject=said,
            raw=ascii_json(change),
            template=self._template(about, value, entry),
        )

    def _template(self, about: str, value: object, entry: Node) -> TemplateNews | None:
        """What a field about templates tells, unless it is about those of another business account."""
        # the dashboard's test has no entry, and names a template that is invented
        ours = bool(entry) and self.business_account_id in (None, id_at(entry, "id"))
        return template_news(value, moment_at(entry, "time")) if ours and "template" in about else None

    @staticmethod
    def _event_id(about: str, content: object, entry: Node) -> str:
        # the same update may truly come twice; the time of its entry tells it from a repeat
        return f"{about}:{digest(content, entry.get('id'), entry.get('time'))}"

    def _unreadable(self, reason: str, item: Any, raw: str = "") -> Unreadable:
        return Unreadable(
            platform=self.platform,
            account=self.account,
            event_id=f"unreadable:{digest(item)}",
            reason=reason,
            raw=raw or ascii_json(item),
        )


def _subject(value: object) -> str:
    if not isinstance(value, dict):
        return ""
    return shortened(", ".join(filter(None, (text_at(value, key) for key in _SUBJECTS))), 200)
