"""What a message holds besides its text, in a few words for a person."""

from collections.abc import Callable, Mapping
from functools import partial

from aof.domain.message import Media, MediaKind
from aof.platforms.fields import Node, id_at, node_at, nodes_at, shortened, text_at, whole_at

_LONGEST_SUMMARY = 500


def media_of(node: Node) -> Media | None:
    """The file, or whatever else, that a message holds; None where it holds nothing of the kind."""
    for key, read in _READERS.items():
        if key in node:
            return read(node, key)
    return None


def _file(node: Node, key: str, *, kind: MediaKind) -> Media:
    file = node_at(node, key)
    filename = text_at(file, "file_name") or None
    said = filename or _joined(" – ", text_at(file, "performer"), text_at(file, "title")) or text_at(file, "emoji")
    return Media(
        kind=kind,
        id=id_at(file, "file_id"),
        mime_type=text_at(file, "mime_type") or None,
        filename=filename,
        summary=shortened(said, _LONGEST_SUMMARY),
    )


def _photo(node: Node, _key: str) -> Media:
    # one picture in several sizes, of which only the largest can be read well
    sizes = nodes_at(node, "photo")
    largest = max(sizes, key=lambda size: whole_at(size, "width") * whole_at(size, "height"), default={})
    return Media(kind="image", id=id_at(largest, "file_id"))


def _venue(node: Node, key: str) -> Media:
    venue = node_at(node, key)
    words = _joined(", ", text_at(venue, "title"), text_at(venue, "address"))
    return Media(kind="location", summary=shortened(words, _LONGEST_SUMMARY))


def _location(node: Node, key: str) -> Media:
    place = node_at(node, key)
    at = [place.get("latitude"), place.get("longitude")]
    return Media(kind="location", summary=", ".join(str(one) for one in at if isinstance(one, int | float)))


def _contact(node: Node, key: str) -> Media:
    contact = node_at(node, key)
    words = _joined(" ", text_at(contact, "first_name"), text_at(contact, "last_name"))
    return Media(kind="contacts", summary=shortened(words, _LONGEST_SUMMARY))


def _unsupported(node: Node, key: str, *, called: str = "") -> Media:
    words = _joined(": ", key.replace("_", " "), text_at(node_at(node, key), called))
    return Media(kind="unsupported", summary=shortened(words, _LONGEST_SUMMARY))


def _joined(between: str, *words: str) -> str:
    return between.join(filter(None, words))


_READERS: Mapping[str, Callable[[Node, str], Media]] = {
    # the first two come with a `document` and a `photo` for older bots, a venue with a `location`
    "animation": partial(_file, kind="video"),
    "live_photo": _photo,
    "photo": _photo,
    "document": partial(_file, kind="document"),
    "voice": partial(_file, kind="voice"),
    "audio": partial(_file, kind="audio"),
    "video": partial(_file, kind="video"),
    "video_note": partial(_file, kind="video"),
    "sticker": partial(_file, kind="sticker"),
    "venue": _venue,
    "location": _location,
    "contact": _contact,
    "poll": partial(_unsupported, called="question"),
    "dice": partial(_unsupported, called="emoji"),
    "game": partial(_unsupported, called="title"),
    "checklist": partial(_unsupported, called="title"),
    "invoice": partial(_unsupported, called="title"),
    "story": _unsupported,
    "paid_media": _unsupported,
    "giveaway": _unsupported,
    "giveaway_winners": _unsupported,
    "passport_data": _unsupported,
}

CONTENTS = frozenset(_READERS)
"""What a person sends on purpose, and no text is."""

SERVICE = frozenset(
    {
        "new_chat_members", "left_chat_member", "chat_owner_left", "chat_owner_changed", "new_chat_title",
        "new_chat_photo", "delete_chat_photo", "group_chat_created", "supergroup_chat_created", "channel_chat_created",
        "message_auto_delete_timer_changed", "pinned_message", "successful_payment", "refunded_payment",
        "users_shared", "chat_shared", "gift", "unique_gift", "gift_upgrade_sent", "connected_website",
        "write_access_allowed", "proximity_alert_triggered", "boost_added", "chat_background_set",
        "checklist_tasks_done", "checklist_tasks_added", "direct_message_price_changed", "forum_topic_created",
        "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "general_forum_topic_hidden",
        "general_forum_topic_unhidden", "giveaway_created", "giveaway_completed", "managed_bot_created",
        "paid_message_price_changed", "poll_option_added", "poll_option_deleted", "suggested_post_approved",
        "suggested_post_approval_failed", "suggested_post_declined", "suggested_post_paid", "suggested_post_refunded",
        "video_chat_scheduled", "video_chat_started", "video_chat_ended", "video_chat_participants_invited",
        "web_app_data", "community_chat_added", "community_chat_removed", "community_chat_joined",
    }
)  # fmt: skip
"""What Telegram itself tells in a chat, as of Bot API 10.3."""
