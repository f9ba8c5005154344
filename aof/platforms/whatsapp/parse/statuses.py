"""What became of our parts: the `statuses` of a webhook."""

from typing import get_args

from aof.domain.errors import SendRefused
from aof.domain.message import Notice, Receipt, ReceiptState
from aof.platforms.fields import (
    Node,
    ascii_json,
    id_at,
    moment_at,
    needed_id,
    needed_text,
    node_at,
    nodes_at,
    shortened,
    text_at,
    whole_at,
)
from aof.platforms.whatsapp.errors import CODES, Outcome

_STATES: dict[str, ReceiptState] = {state: state for state in get_args(ReceiptState)}
_LONGEST_REASON = 1000


def status(item: Node, *, platform: str, account: str) -> Receipt | Notice:
    """One status as a receipt; a word for it that nobody knows yet becomes a notice.

    Raises:
        Misshapen: It names no message or no state.
    """
    message_id = needed_id(item, "id")
    word = needed_text(item, "status")
    recipient = _recipient(item)
    event_id = f"{message_id}:{shortened(word, 64)}:{recipient}"
    state = _STATES.get(word)
    if state is None:
        return Notice(
            platform=platform,
            account=account,
            event_id=event_id,
            about="status",
            subject=shortened(word, 64),
            raw=ascii_json(item),
        )
    code, words = failure(item)
    return Receipt(
        platform=platform,
        account=account,
        event_id=event_id,
        message_id=message_id,
        part_id=id_at(item, "biz_opaque_callback_data"),
        recipient=recipient,
        state=state,
        at=moment_at(item, "timestamp"),
        code=code,
        reason=_why(code, words),
        opted_out=state == "failed" and code in CODES and CODES[code].outcome is Outcome.OPTED_OUT,
        category=_billed_as(node_at(item, "pricing")),
        outside_window=state == "failed" and code in CODES and CODES[code].outcome is Outcome.WINDOW,
    )


def _why(code: int, words: str) -> str:
    """What the code means and what to do, before Meta's words, as it is told where the request itself is refused."""
    known = CODES.get(code)
    said = str(SendRefused(known.meaning, code=code, details=words)) if known and code else words
    return shortened(said, _LONGEST_REASON)


def _billed_as(pricing: Node) -> str | None:
    """Meta's category of a message that costs something; `billable` says so in older versions, `type` in newer ones."""
    costs = text_at(pricing, "type") == "regular" if "type" in pricing else pricing.get("billable") is True
    category = text_at(pricing, "category")
    return shortened(category, 64) if costs and category else None


def failure(node: Node) -> tuple[int, str]:
    """The first code among a node's `errors`, and the words of all of them."""
    errors = nodes_at(node, "errors")
    words: list[str] = []
    for error in errors:
        # Meta writes the same sentence as title and message; the details are what tells
        said = (text_at(error, "title") or text_at(error, "message"), details(error))
        words.append(": ".join(dict.fromkeys(filter(None, said))))
    return (whole_at(errors[0], "code") if errors else 0), shortened("; ".join(filter(None, words)), _LONGEST_REASON)


def details(error: Node) -> str:
    """What an error says beyond its title: Meta writes it as text, or as an object that holds the text."""
    return text_at(error, "error_data") or text_at(node_at(error, "error_data"), "details")


def _recipient(item: Node) -> str:
    # in a group recipient_id is the group, and each member reports; Meta's examples spell the member's key both ways
    keys = ["recipient_participant_id", "participant_recipient_id", "recipient_id", "recipient_user_id"]
    if text_at(item, "recipient_type") == "group":
        keys[2:] = reversed(keys[2:])
    return next((found for key in keys if (found := id_at(item, key))), "")
