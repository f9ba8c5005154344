"""Parts become requests that the Bot API's own description takes."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.domain.errors import SendRefused
from aof.domain.message import Address
from aof.domain.response import (
    ButtonsPart,
    Choice,
    DocumentPart,
    EditPart,
    ListPart,
    MediaPart,
    Part,
    ReactionPart,
    TemplatePart,
    TextPart,
)
from aof.platforms.telegram.errors import MarkupRefused
from aof.platforms.telegram.keyboard import keyboard
from aof.platforms.telegram.limits import LIMITS
from aof.platforms.telegram.payloads import forms
from aof.platforms.telegram.plain import plain_of
from aof.platforms.telegram.reactions import ALLOWED, allowed
from tests.unit.platforms.telegram.sending.bot_api import BotApi

TO = Address(chat="55501", user_id="55501")
GROUP = Address(chat="-1001234567890", group=True, thread="7")
NO_PREVIEW = {"is_disabled": True}


def choice(title: str, style: Any = "plain") -> Choice:
    return Choice(id=f"id-{title}"[:64], title=title, action_id="a", style=style)


BUTTONS = (choice("Approve", "good"), choice("Deny", "danger"), choice("Show me everything first"))
KEYBOARD = {
    "inline_keyboard": [
        [
            {"text": "Approve", "callback_data": "id-Approve", "style": "success"},
            {"text": "Deny", "callback_data": "id-Deny", "style": "danger"},
        ],
        [{"text": "Show me everything first", "callback_data": "id-Show me everything first"}],
    ]
}

TABLE: list[tuple[Part, str, dict[str, Any]]] = [
    (
        TextPart(text="<b>disk</b>"),
        "sendMessage",
        {"text": "<b>disk</b>", "parse_mode": "HTML", "link_preview_options": NO_PREVIEW},
    ),
    (
        ButtonsPart(text="go on?", buttons=BUTTONS),
        "sendMessage",
        {"text": "go on?", "parse_mode": "HTML", "link_preview_options": NO_PREVIEW, "reply_markup": KEYBOARD},
    ),
    (
        EditPart(message_id="55501:9", text="approved"),
        "editMessageText",
        {
            "message_id": 9,
            "text": "approved",
            "parse_mode": "HTML",
            "link_preview_options": NO_PREVIEW,
            "reply_markup": {"inline_keyboard": []},
        },
    ),
    (
        EditPart(message_id="55501:9", text="go on?", buttons=BUTTONS),
        "editMessageText",
        {
            "message_id": 9,
            "text": "go on?",
            "parse_mode": "HTML",
            "link_preview_options": NO_PREVIEW,
            "reply_markup": KEYBOARD,
        },
    ),
    (
        MediaPart(kind="image", id="AgAC-x_1", caption="a & b"),
        "sendPhoto",
        {"photo": "AgAC-x_1", "caption": "a & b", "parse_mode": "HTML"},
    ),
    (MediaPart(kind="video", link="https://example.org/a.mp4"), "sendVideo", {"video": "https://example.org/a.mp4"}),
    (MediaPart(kind="audio", id="x"), "sendAudio", {"audio": "x"}),
    (MediaPart(kind="voice", id="x"), "sendVoice", {"voice": "x"}),
    (MediaPart(kind="document", id="x", filename="a.txt"), "sendDocument", {"document": "x"}),
    (MediaPart(kind="sticker", id="x"), "sendSticker", {"sticker": "x"}),
    (
        ReactionPart(message_id="55501:9", emoji="👀"),
        "setMessageReaction",
        {"message_id": 9, "reaction": [{"type": "emoji", "emoji": "👀"}]},
    ),
    (ReactionPart(message_id="55501:9", emoji=""), "setMessageReaction", {"message_id": 9, "reaction": []}),
]


@pytest.mark.parametrize(("part", "method", "params"), TABLE)
def test_a_part_becomes_one_request(part: Part, method: str, params: dict[str, Any]) -> None:
    first = forms(TO, part)[0]
    assert (first.method, first.params) == (method, {"chat_id": 55501, **params})


@pytest.mark.parametrize("to", [TO, GROUP], ids=["private", "topic"])
@pytest.mark.parametrize(
    "part", [row[0] for row in TABLE] + [DocumentPart(name="a.txt", text="disk", caption="<i>all</i>")]
)
def test_every_way_of_a_part_is_one_that_the_bot_api_takes(bot_api: BotApi, part: Part, to: Address) -> None:
    if isinstance(part, EditPart | ReactionPart):
        part = part.model_copy(update={"message_id": f"{to.chat}:9"})
    if isinstance(part, TextPart | ButtonsPart):
        part = part.model_copy(update={"source": "# قرص\n\n|a|\n|-|\n|b|"})
    for form in forms(to, part, reply_to=f"{to.chat}:3", rich=True):
        params = {**form.params, **({form.file.parameter: form.file.content} if form.file else {})}
        assert bot_api.problems(form.method, params) == []


@pytest.mark.parametrize(
    "spoil",
    [
        {"text": ""},
        {"text": "x" * 4097},
        {"txt": "x"},
        {"chat_id": 1.5},
        {"message_thread_id": "7"},
        {"reply_markup": {"inline_keyboard": [{"text": "a", "callback_data": "b"}]}},
        {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "ö" * 33}]]}},
        {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b", "style": "green"}]]}},
        {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b", "url": "https://x.org"}]]}},
        {"reply_markup": {"inline_keyboard": [[{"callback_data": "b"}]]}},
        {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}] * 9]}},
        {"link_preview_options": {"is_disabled": "yes"}},
        {"reply_parameters": {"message": 3}},
    ],
    ids=str,
)
def test_the_comparison_finds_what_is_wrong(bot_api: BotApi, spoil: dict[str, Any]) -> None:
    good = {"chat_id": 1, "text": "x"}
    assert bot_api.problems("sendMessage", good) == []
    assert bot_api.problems("sendMessage", {**good, **spoil}) != []


def test_the_topic_and_the_message_that_is_answered_to_go_along() -> None:
    for part in (TextPart(text="x"), DocumentPart(name="a", text="x"), MediaPart(kind="image", id="x")):
        params = forms(GROUP, part, reply_to="-1001234567890:3")[0].params
        assert params["chat_id"] == -1001234567890
        assert params["message_thread_id"] == 7
        assert params["reply_parameters"] == {"message_id": 3, "allow_sending_without_reply": True}


@pytest.mark.parametrize("reply_to", [None, "", "callback:42", "update:7", "edit:55501:3:17", "77:3", "55501:x"])
def test_what_is_no_message_of_the_chat_is_not_answered_to(reply_to: str | None) -> None:
    assert "reply_parameters" not in forms(TO, TextPart(text="x"), reply_to=reply_to)[0].params


@pytest.mark.parametrize(
    ("part", "named"),
    [
        (ListPart(text="x", label="y", rows=(choice("a"),)), "lists"),
        (TemplatePart(name="n", language="en"), "templates"),
        (ReactionPart(message_id="55501:9", emoji="🧀"), "reactions"),
        (ReactionPart(message_id="wamid.9", emoji="👍"), "no message"),
        (ReactionPart(message_id="77:9", emoji="👍"), "no message"),
        (MediaPart(kind="image"), "exactly one"),
        (MediaPart(kind="image", id="x", link="https://example.org/x"), "exactly one"),
        (MediaPart(kind="image", link="file:///etc/passwd"), "http"),
        (MediaPart(kind="image", id="../x"), "http"),
        (MediaPart(kind="sticker", id="x", caption="c"), "caption"),
        (ButtonsPart(text="x", buttons=tuple(choice(str(n)) for n in range(101))), "100 buttons"),
    ],
)
def test_what_telegram_has_no_room_for_is_refused_by_name(part: Part, named: str) -> None:
    with pytest.raises(SendRefused, match=named):
        forms(TO, part)


@pytest.mark.parametrize("to", [Address(chat="+16505551234"), Address(chat=""), Address(chat="5", thread="x")])
def test_an_address_of_another_platform_is_refused(to: Address) -> None:
    with pytest.raises(SendRefused):
        forms(to, TextPart(text="x"))


# --- the ways of one text


@pytest.mark.parametrize("message_id", ["77:9", "wamid.9", "55501:", "55501:x", ""])
def test_what_changes_no_message_of_the_chat_is_a_new_one(message_id: str) -> None:
    edit = EditPart(message_id=message_id, text="<b>x</b>", buttons=BUTTONS)
    assert forms(TO, edit) == forms(TO, ButtonsPart(text="<b>x</b>", buttons=BUTTONS))


def test_a_text_gives_way_to_itself_without_marks() -> None:
    html, plain = forms(TO, TextPart(text='<b>a</b> &lt; <a href="https://x.org">b</a>'))
    assert html.gives_way is MarkupRefused
    assert plain.gives_way is None
    assert plain.params == {
        **{k: v for k, v in html.params.items() if k != "parse_mode"},
        "text": "a < b (https://x.org)",
    }


def test_addresses_that_no_longer_fit_are_left_out_of_the_plain_text() -> None:
    links = '<a href="https://example.org/a-long-way-off">x</a> ' * 200
    plain = forms(TO, TextPart(text=links))[1].params["text"]
    assert plain == "x " * 200
    long = forms(TO, TextPart(text="😀" * 3000))[1].params["text"]
    assert LIMITS.text.size(long) <= 4096


def test_a_rich_text_goes_by_its_source_and_can_give_way() -> None:
    part = ButtonsPart(text="<b>t</b>", buttons=BUTTONS, source="# t")
    rich, html, _ = forms(TO, part, reply_to="55501:3", rich=True)
    assert rich.method == "sendRichMessage"
    assert rich.params["rich_message"] == {"markdown": "# t", "skip_entity_detection": True}
    assert rich.params["reply_markup"] == html.params["reply_markup"] == KEYBOARD
    assert "link_preview_options" not in rich.params
    arabic = forms(TO, TextPart(text="t", source="# حالة القرص"), rich=True)[0]
    assert arabic.params["rich_message"]["is_rtl"] is True


@pytest.mark.parametrize("source", ["", "x" * 32_769])
def test_without_a_source_that_fits_there_is_no_rich_way(source: str) -> None:
    assert [way.method for way in forms(TO, TextPart(text="x", source=source), rich=True)] == ["sendMessage"] * 2
    assert len(forms(TO, TextPart(text="x", source="# x"), rich=False)) == 2


# --- keyboards


@pytest.mark.parametrize(
    ("titles", "sizes"),
    [
        (["Yes", "No"], [2]),
        (["1", "2", "3", "4", "5", "6", "7", "8", "9"], [8, 1]),
        (["Restart nginx on web-1", "Restart nginx on web-2"], [1, 1]),
        (["Yes", "No", "Show me the log of the last hour", "Later"], [2, 1, 1]),
        (["一二三四五六七八", "一二三四五六七八"], [2]),
        (["一二三四五六七八九", "一二三四五六七八九"], [1, 1]),
        ([], []),
    ],
)
def test_titles_share_a_row_as_long_as_they_can_be_read(titles: list[str], sizes: list[int]) -> None:
    assert [len(row) for row in keyboard([choice(title) for title in titles])["inline_keyboard"]] == sizes


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=64), max_size=100))
def test_every_choice_is_there_in_its_order(titles: list[str]) -> None:
    choices = [Choice(id=str(n), title=title, action_id="a") for n, title in enumerate(titles)]
    rows = keyboard(choices)["inline_keyboard"]
    assert all(1 <= len(row) <= 8 for row in rows)
    assert [button["callback_data"] for row in rows for button in row] == [each.id for each in choices]


# --- reactions


def test_the_list_of_reactions_is_the_bot_apis(bot_api: BotApi) -> None:
    (emoji,) = [field for field in bot_api.types["ReactionTypeEmoji"]["fields"] if field["name"] == "emoji"]
    assert list(ALLOWED) == re.findall(r'"([^"]+)"', emoji["description"])
    assert len(set(ALLOWED)) == 73


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("👍", "👍"),
        ("👍🏽", "👍"),
        ("❤️", "❤"),
        ("🤷🏿‍♀️", "🤷‍♀"),
        ("✅", "👍"),
        ("❌", "👎"),
        ("⏳", "👀"),
        ("⚠️", "🤔"),
        ("🧀", None),
        ("ok", None),
    ],
)
def test_another_emoji_becomes_the_nearest(given: str, shown: str | None) -> None:
    assert allowed(given) == shown
    assert shown is None or shown in ALLOWED


# --- without marks


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("<b>a</b> <i>b</i> <u>c</u> <s>d</s>", "a b c d"),
        ('<pre><code class="language-sh">a &lt;b&gt; &amp;&amp; c</code></pre>', "a <b> && c"),
        ("<blockquote expandable>a</blockquote>", "a"),
        ('<a href="https://x.org/?a=1&amp;b=2">here</a>', "here (https://x.org/?a=1&b=2)"),
        ('<a href="https://x.org">https://x.org</a>', "https://x.org"),
        ('<a href="https://x.org"><b>https://x.org</b></a>', "https://x.org"),
        ("&amp;lt; &quot;x&quot; &#1593; &#x1F600;", '&lt; "x" ع 😀'),
        ("a < b > c <x> &copy; &#0; &#xD800; &#9999999;", "a < b > c <x> &copy; &#0; &#xD800; &#9999999;"),
    ],
)
def test_marks_are_taken_away_and_words_kept(html: str, plain: str) -> None:
    assert plain_of(html) == plain


@given(st.text())
def test_escaped_text_comes_out_as_it_went_in(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert plain_of(f"<b>{escaped}</b>") == text
