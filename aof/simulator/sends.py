"""Takes or refuses what the business sends, as Meta would, knowing the account."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from aof.simulator import catalogue, ids, templates
from aof.simulator.approved import Approved
from aof.simulator.bubbles import Bubble, Content, content_of_send
from aof.simulator.buckets import Bucket, pair_bucket
from aof.simulator.errors import RECIPIENT_NOT_LISTED, Refused, bad_param
from aof.simulator.faults import Faults
from aof.simulator.media import Media
from aof.simulator.network import Network
from aof.simulator.phone import Phone
from aof.simulator.validate import problems

Json = dict[str, Any]
MEDIA = ("image", "video", "document", "audio", "sticker")
FREE_FORM = frozenset({"flow_action_payload", "flow_action_data"})
"""Keys below which an app writes what it likes."""
UNKNOWN_MESSAGE = "Message ID is not a message received by this phone number."  # synthetic
UNKNOWN_TARGET = "Reaction target message was not found or can't be reacted to."  # synthetic
KEEP_PAIRS = 10_000
SUCCESS: Json = {"success": True}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a send is for. A number or id that no phone has is only found out later, as with Meta."""

    written: str
    number: str | None = None
    user_id: str | None = None
    group_id: str | None = None
    phones: tuple[Phone, ...] = ()

    @property
    def key(self) -> str:
        """The same for every way of writing one recipient."""
        if self.group_id is None and self.phones:
            return self.phones[0].settings.wa_id
        return self.group_id or self.number or self.user_id or ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer of a request that was taken, and what then happens."""

    answer: Json
    carry: Callable[[], None] = lambda: None
    """Shows it on the phone and reports that; called once, after the answer has been written."""
    is_message: bool = False


class Sends:
    """`POST /messages`, behind the check of the token."""

    def __init__(self, network: Network, media: Media, faults: Faults, templates: Approved) -> None:
        self._network = network
        self._settings = network.settings
        self._clock = network.clock
        self._media = media
        self._faults = faults
        self._templates = templates
        self._pairs: dict[str, Bucket] = {}

    def accept(self, body: object) -> Accepted:
        """Take a message or a mark that one was read.

        Raises:
            Refused: Meta would not take it.
        """
        found = problems(body, self._settings.count)
        if found:
            raise Refused(found[0])
        if not isinstance(body, dict):
            raise TypeError("a body without problems is an object")
        return self._mark_read(body) if "status" in body else self._accept_message(body)

    # -- marks --------------------------------------------------------------------------------------------------

    def _mark_read(self, body: Json) -> Accepted:
        """Marks that message and all before it; the typing indicator needs a message as well."""
        for phone in self._network.phones:
            last = phone.find(body["message_id"])
            if last is not None and last.direction == "out":
                break
        else:
            raise Refused(bad_param("Invalid parameter", UNKNOWN_MESSAGE))
        for bubble in phone.written_until(last):
            bubble.status = "read"
            phone.transcript.touch(bubble)
        if body.get("typing_indicator") is not None:
            phone.start_typing(self._clock.now())
        return Accepted(SUCCESS)

    # -- messages -----------------------------------------------------------------------------------------------

    def _accept_message(self, body: Json) -> Accepted:
        recipient = self._recipient(body)
        listed = self._settings.allowed_recipients
        if listed is not None and recipient.number not in {_digits(number) for number in listed}:
            raise Refused(RECIPIENT_NOT_LISTED)
        self._check_media(body)
        kind = body.get("type") or "text"
        content, category = self._content(kind, body[kind])
        if category == "authentication" and recipient.number is None:
            raise Refused(catalogue.answer(131062))
        closed = kind != "template" and any(
            not phone.window_open(self._clock.now()) for phone in self._individuals(recipient)
        )
        if closed and self._settings.window_refusal == "answer":
            raise Refused(catalogue.answer(131047))
        self._check_rates(recipient)

        message_id = ids.message_id(recipient.number or recipient.key)
        failure = self._failure(recipient, body, closed=closed)
        bubbles = [self._bubble(message_id, body, content, recipient, phone) for phone in recipient.phones or (None,)]
        for bubble in bubbles:
            bubble.category = category

        def carry() -> None:
            if failure is None:
                self._deliver(recipient, bubbles)
            else:
                self._fail(recipient, bubbles, failure)

        return Accepted(self._success(recipient, message_id), carry, is_message=True)

    def _recipient(self, body: Json) -> Recipient:
        written = body.get("to")
        if written is None:
            user_id = body["recipient"]
            phone = self._network.phone_with_user_id(user_id)
            return Recipient(user_id, user_id=user_id, phones=(phone,) if phone else ())
        if body.get("recipient_type") == "group":
            group = next((group for group in self._settings.groups if group.id == written), None)
            if group is None:
                raise Refused(catalogue.answer(131041))
            members = (self._network.phone_with_number(_digits(number)) for number in group.numbers)
            return Recipient(
                written, group_id=written, phones=tuple(member for member in members if member is not None)
            )
        number = _digits(written)
        if not written.startswith("+"):
            number = self._settings.country_code + number
        if number == _digits(self._settings.display_phone_number):
            raise Refused(catalogue.answer(131021))
        phone = self._network.phone_with_number(number)
        return Recipient(
            written, number=number, user_id=phone.settings.user_id if phone else None, phones=(phone,) if phone else ()
        )

    def _individuals(self, recipient: Recipient) -> tuple[Phone, ...]:
        return () if recipient.group_id is not None else recipient.phones

    def _check_rates(self, recipient: Recipient) -> None:
        now = self._clock.now()
        if not self._network.throughput.has(now):
            raise Refused(catalogue.answer(130429))
        pair = self._pairs.setdefault(recipient.key, pair_bucket())
        if not pair.has(now):
            raise Refused(catalogue.answer(131056))
        pair.take(now)
        self._network.throughput.take(now)
        if len(self._pairs) > KEEP_PAIRS:
            del self._pairs[next(iter(self._pairs))]

    def _check_media(self, body: Json) -> None:
        for path, media_id in _media_ids(body):
            if self._media.find(media_id, self._clock.now()) is None:
                raise Refused(bad_param(f"Param {path} is not a valid whatsapp business account media attachment ID"))

    def _content(self, kind: str, node: Any) -> tuple[Content, str]:
        """What the phone will show, and the category it is billed under."""
        if kind != "template":
            return content_of_send(kind, node), "service"
        template = self._templates.find(node)
        return templates.fill(template, node), template.category

    def _failure(self, recipient: Recipient, body: Json, *, closed: bool) -> Json | None:
        """The error that will be reported later, if the message can't arrive."""
        fault = self._faults.take("fail_later")
        if fault is not None:
            return catalogue.later(int(fault.amount), fault.details)
        if not recipient.phones:
            return catalogue.later(131026)
        if closed:
            return catalogue.later(131047)
        if body.get("type") == "reaction":
            target = body["reaction"]["message_id"]
            found = recipient.phones[0].find(target)
            if found is None or found.content.type == "reaction":
                return catalogue.later(131009, UNKNOWN_TARGET)
        return None

    def _bubble(
        self, message_id: str, body: Json, content: Content, recipient: Recipient, phone: Phone | None
    ) -> Bubble:
        kind = body.get("type") or "text"
        bubble = Bubble(message_id, "in", content, {kind: body[kind]}, self._clock.now())
        quoted = (body.get("context") or {}).get("message_id")
        # A quote of something unknown is left out without a word.
        bubble.quoted_id = quoted if phone is not None and phone.find(quoted) is not None else None
        bubble.part_id = body.get("biz_opaque_callback_data")
        bubble.group_id = recipient.group_id
        return bubble

    def _deliver(self, recipient: Recipient, bubbles: list[Bubble]) -> None:
        if self._settings.auto_receipts:
            self._network.receipts.put(bubbles[0], "sent", recipient.phones[0].settings)
        for phone, bubble in zip(recipient.phones, bubbles, strict=True):
            self._network.carry(phone, bubble)

    def _fail(self, recipient: Recipient, bubbles: list[Bubble], error: Json) -> None:
        for bubble in bubbles:
            bubble.status, bubble.code, bubble.details = "failed", error["code"], error["error_data"]["details"]
        for phone, bubble in zip(recipient.phones, bubbles, strict=False):
            phone.add(bubble)
        settings = recipient.phones[0].settings if recipient.phones else None
        self._network.receipts.put(bubbles[0], "failed", settings, recipient.number, error)

    def _success(self, recipient: Recipient, message_id: str) -> Json:
        contact: Json = {"input": recipient.written}
        if recipient.number is not None:
            contact["wa_id"] = recipient.number
        if recipient.user_id is not None:
            contact["user_id"] = recipient.user_id
        message: Json = {"id": message_id}
        if recipient.group_id is not None:
            contact["wa_id"] = recipient.group_id
            message["group_id"] = recipient.group_id
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]}


def _digits(number: str) -> str:
    return "".join(character for character in number if character in "0123456789")


def _media_ids(body: Json) -> Iterator[tuple[str, str]]:
    """Every media id in a body, with its path: in the message, in a header, in cards and in template parameters."""
    waiting: list[tuple[str, Any]] = [(key, body[key]) for key in (*MEDIA, "interactive", "template") if key in body]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, list):
            waiting.extend((f"{path}[{index}]", item) for index, item in enumerate(node))
        elif isinstance(node, dict):
            if path.removesuffix("']").rsplit("['", 1)[-1] in MEDIA and isinstance(node.get("id"), str):
                yield f"{path}['id']", node["id"]
            waiting.extend((f"{path}['{key}']", item) for key, item in node.items() if key not in FREE_FORM)
