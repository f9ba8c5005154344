"""Updates that were captured, that Telegram's own pages show, or that follow its types become what the table says.

Told from the files and Telegram's pages by eye. One row a file, since an update is one event.
"""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from aof.domain.message import InboundEvent, Spoken
from aof.platforms.telegram.parse import events_of
from tests.unit.platforms.telegram.updates import bot

Row = dict[str, Any]

FORUM = "-1001234567890"


def _said(who: str, number: int, at: int, text: str = "", **more: Any) -> Row:
    """A message in a chat of two, unless the row says otherwise."""
    row = {"kind": "message", "event_id": f"{who}:{number}", "chat_id": who, "sender": who, "sent_at": at, "text": text}
    return {**row, **more}


def _old(at: int, text: str = "", **more: Any) -> Row:
    return _said("12345678", 12345, at, text, **more)


def _page(text: str = "", **more: Any) -> Row:
    return _said("1111111", 1365, 1441645532, text, **more)


def _anon(number: int, at: int, text: str = "", **more: Any) -> Row:
    return _said("1001", number, at, text, **more)


def _press(who: str, chat: str, query: str, action_id: str, **more: Any) -> Row:
    row = {"kind": "press", "event_id": f"callback:{query}", "chat_id": chat, "sender": who, "form": "callback"}
    return {**row, "action_id": action_id, **more}


def _notice(about: str, event_id: str, subject: str = "") -> Row:
    return {"kind": "notice", "event_id": event_id, "about": about, "subject": subject}


_PHOTO = "AgADAgADOagxG8vyeUvsltCem_XPv5A6Sw0ABNXULc5u7jny5VkRAAEC"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_VOICE = "AwADBAADbXXXXXXXXXXXGBdhD2l6_XX"
_MOVED = {"event_id": "moved:-4567:-1009999999999", "old_chat": "-4567", "new_chat": "-1009999999999"}

TABLE: Mapping[str, Row] = {
    "075_edited_message__real2017_edited_message.json": _notice(
        "edited", "edit:12345678:12345:1508825379", "12345678:12345"
    ),
    "076_message__real2017_forwarded_message.json": _old(1508912492, "message text"),
    "077_message__real2017_message.json": _said("12345678", 11223, 1508709711, "Hi, world!"),
    "078_message__real2017_message_with_audio.json": _old(
        1508739776, media=("audio", "CQADAgdwadgawd0ChI_rXPyrAg", "audio/mpeg3", "")
    ),
    "079_message__real2017_message_with_document.json": _old(
        1508768012, "doc description", media=("document", "BQADAgADpgADy_JxS66XQTBRHFleAg", _DOCX, "test.docx")
    ),
    # A game's picture and its animation are parts of the game, no files that somebody sent.
    "080_message__real2017_message_with_game.json": _old(
        1508824810, media=("unsupported", None, None, "game: Karate Kido")
    ),
    "081_message__real2017_message_with_location.json": _old(
        1508755473, media=("location", None, None, "55.693416, 37.624605")
    ),
    # The largest of four sizes; a photo has no type of its own.
    "082_message__real2017_message_with_photo.json": _old(
        1508825154, "photo description", media=("image", _PHOTO, None, "")
    ),
    "083_message__real2017_message_with_sticker.json": _old(
        1508771450, media=("sticker", "CAADAgADOgADKHr7A36pyyv9e36nAg", None, "🛠")
    ),
    # Telegram tells of it; nobody said anything.
    "084_message__real2017_message_with_successful_payment.json": _notice("successful_payment", "update:167784957"),
    "085_message__real2017_message_with_video.json": _old(
        1508756494, "description", media=("video", "BAADAgpAADdawy_JxS72kRvV3cortAg", "video/quicktime", "")
    ),
    "086_message__real2017_message_with_voice.json": _old(
        1508768403, media=("voice", "AwADawAgADADy_JxS2gopIVIIxlhAg", "audio/ogg", "")
    ),
    "087_pre_checkout_query__real2017_pre_checkout_query.json": _notice("pre_checkout_query", "update:167784956"),
    # The message that is answered to has the number of the one that answers: its authors made it anonymous.
    "088_message__real2017_reply_message.json": _old(
        1508751866, "Reply to quoted message", reply_to="12345678:12345"
    ),
    "089_shipping_query__real2017_shipping_query.json": _notice("shipping_query", "update:167784984"),
    # Telegram's page is of 2015: no `is_bot`, and all have the number 10000.
    "116_message__doc_text.json": _page("/start"),
    "117_message__doc_forwarded.json": _page("/start"),
    "118_message__doc_forwarded_channel.json": _page("/start"),
    # The message that is answered to names another chat, which no reply can do any more: this one's counts.
    "119_message__doc_reply.json": _page("/start", reply_to="1111111:1334"),
    "120_edited_message__doc_edited.json": _notice("edited", "edit:1111111:1365:1441646600", "1111111:1365"),
    "121_message__doc_entities.json": _page("Bold and italics"),
    "122_message__doc_audio.json": _page(media=("audio", _VOICE, "audio/mpeg", "Test music file")),
    "123_message__doc_voice.json": _page(media=("voice", _VOICE, "audio/ogg", "")),
    "124_message__doc_document.json": _page(media=("document", _VOICE, "application/pdf", "Testfile.pdf")),
    "125_inline_query__doc_inline_query.json": _notice("inline_query", "update:10000"),
    "126_chosen_inline_result__doc_chosen.json": _notice("chosen_inline_result", "update:10000"),
    # Under a message of inline mode: whoever tapped it has a chat of two.
    "127_callback_query__doc_callback_inline.json": _press(
        "1111111", "1111111", "4382bfdwdsb323b2d9", "Data from button callback"
    ),
    "128_message__aof_telegram_text.json": _said("987654321", 1001, 1638360000, "/agent run test-bot hello"),
    # Two that stop stricter readers.
    "129_message__issue_hidden_user_without_name.json": _anon(10, 1782345600, "old forward"),
    "130_message__issue_external_reply_empty_story.json": _anon(11, 1727800000, "hi"),
    "131_stopped_message_generation__syn_stopped.json": {
        "kind": "message", "event_id": "update:800000010", "chat_id": "1001", "sender": "1001", "text": "/cancel",
    },
    "132_stopped_message_generation__syn_stopped_in_topic.json": {
        "kind": "message", "event_id": "update:800000011", "chat_id": "1001", "sender": "1001", "text": "/cancel",
        "thread": "44",
    },
    "133_callback_query__syn_forum_topic_button.json": _press(
        "1001", FORUM, "4300000000000000001", "ack:INC-123", group=True, thread="12", title="Ack", shown=f"{FORUM}:501"
    ),
    # Neither the topic nor the button's title can be told of a message that is too old to be shown.
    "134_callback_query__syn_inaccessible_message.json": _press(
        "1001", FORUM, "4300000000000000002", "ack:INC-1", group=True, shown=f"{FORUM}:2"
    ),
    "135_message__syn_command_in_group_at_bot.json": _anon(
        502, 1782345700, "/status prod", event_id=f"{FORUM}:502", chat_id=FORUM, group=True, thread="12"
    ),
    # Two emoji are four of Telegram's units.
    "136_message__syn_utf16_entities_emoji.json": _anon(503, 1782345800, "🔥🔥 restart"),
    "137_message__syn_migrate_to_supergroup.json": {"kind": "chat_moved", **_MOVED},
    "138_message__syn_migrate_from.json": {"kind": "chat_moved", **_MOVED},
    "139_my_chat_member__syn_user_blocked_bot.json": {
        "kind": "reachability", "event_id": "update:800000018", "sender": "1001", "reachable": False,
        "sent_at": 1782346000,
    },
    "140_message__syn_album_part_1.json": _anon(505, 1782346100, "two graphs", media=("image", "AgACx1b", None, "")),
    "141_message__syn_album_part_2.json": _anon(506, 1782346100, media=("image", "AgACx2", None, "")),
    # Only the bot and this person see it in the group, and only they shall see the answer.
    "142_message__syn_ephemeral_command.json": _anon(0, 1782346200, "/secret", event_id="update:800000021"),
    "143_message__syn_rich_message.json": _anon(
        507, 1782346300, "## Report\n\nCPU is 97%\n\n| host | cpu |\n|---|---|\n| web-3 | 97 |"
    ),
    "144_future_kind__syn_unknown_update_type.json": {
        "kind": "unreadable", "event_id": "update:800000023", "reason": "unknown kind of update: some_future_update",
    },
}  # fmt: skip


def seen(event: InboundEvent) -> Row:
    """The event in the words of the table, without what says nothing."""
    fields = type(event).model_fields
    said = {name: getattr(event, name) for name in set(fields) - {"platform", "account", "raw"}}
    row = {name: value for name, value in said.items() if name == "kind" or value != fields[name].default}
    if "sender" in row:
        row["sender"] = row["sender"].key
    if "sent_at" in row:
        row["sent_at"] = int(row["sent_at"].timestamp())
    if media := row.get("media"):
        row["media"] = (media.kind, media.id, media.mime_type, media.summary)
    return row


@pytest.mark.parametrize("name", TABLE)
def test_an_update_becomes_what_the_table_says(telegram_samples: Path, name: str) -> None:
    payload = (telegram_samples / "updates" / name).read_bytes()
    (event,) = events_of(payload, bot())
    assert seen(event) == {key: value for key, value in TABLE[name].items() if value != ""}
    assert (event.platform, event.account) == ("telegram", "telegram:9001")
    if isinstance(event, Spoken):
        assert json.loads(event.raw) == json.loads(payload)


def test_the_table_names_exactly_the_samples_of_the_folder(telegram_samples: Path) -> None:
    folder = telegram_samples / "updates"
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        listed = [row["file"] for row in csv.DictReader(manifest, delimiter="\t")]
    assert sorted(listed) == sorted(TABLE) == sorted(path.name for path in folder.glob("*.json"))
    assert len(TABLE) == 44
