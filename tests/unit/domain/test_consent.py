"""The words of consent, who stands where by them, and what that bars."""

from itertools import product
from typing import Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.domain.consent import (
    AGREE,
    DECLINE,
    OF_THE_PLATFORM,
    Cause,
    ConsentState,
    How,
    Word,
    barrier,
    said_by,
    state_of,
    word,
)
from aof.domain.message import ButtonPress, InboundMessage, Media, Sender

STOPS = [
    *(
        "STOP",
        "stop",
        "Stop",
        "  stop \n",
        "STOP.",
        "Stop!",
        "*STOP*",
        "“stop”",
        "ＳＴＯＰ",
        "stop 🛑",
        "\u200estop\u200f",
    ),
    *("unsubscribe", "Unsubscribe"),
    *("إيقاف", "ايقاف", "أيقاف", "إيقاف.", "إِيقَاف", "إيـقاف", "\u200fإيقاف\u200f", "أوقف", "اوقف", "أَوْقِفْ"),
    *("إلغاء الاشتراك", "الغاء  الإشتراك"),
]
STARTS = ["START", "start", "Start!", " START ", "اشتراك", "إشتراك", "اِشتِراك", "اشترك", "اشتـراك."]
NEITHER = [
    *("", " ", "cancel", "/stop", "/إيقاف", "stop it", "stop the server", "please stop", "STOP STOP", "stop?", "stopp"),
    *(
        "non-stop",
        "s t o p",
        "إيقاف الخادم",
        "لا إيقاف",
        "إلغاء",
        "توقف",
        "start api",
        "/start",
        "البدء",
        "اشتراك جديد",
    ),
    *("stop" + "!" * 60, "stop\nstart", "yes", "نعم", "🛑"),
]


@pytest.mark.parametrize("text", STOPS)
def test_a_message_that_is_all_stop_opts_out(text: str) -> None:
    assert word(text) == "out"


@pytest.mark.parametrize("text", STARTS)
def test_a_message_that_is_all_start_opts_in(text: str) -> None:
    assert word(text) == "in"


@pytest.mark.parametrize("text", NEITHER)
def test_any_other_message_says_nothing_about_consent(text: str) -> None:
    assert word(text) is None


@given(text=st.text(max_size=80))
def test_any_text_can_be_asked_and_a_longer_message_is_never_a_word(text: str) -> None:
    assert word(text) in (None, "in", "out")
    assert word(f"{text} server 1 {text}") is None


def _message(text: str, *, group: bool = False, media: Media | None = None) -> InboundMessage:
    sender = Sender(number="+4915112345678")
    return InboundMessage(
        platform="x", account="x:1", event_id="a", chat_id="c", group=group, sender=sender, text=text, media=media
    )


def _press(action_id: str, *, group: bool = False) -> ButtonPress:
    sender = Sender(number="+4915112345678")
    return ButtonPress(
        platform="x", account="x:1", event_id="a", chat_id="c", group=group, sender=sender, action_id=action_id,
        title="STOP", form="button",
    )  # fmt: skip


def test_only_a_message_of_its_own_or_a_tap_on_the_request_says_something() -> None:
    assert said_by(_message("STOP")) == "out"
    assert said_by(_press(AGREE)) == "in"
    assert said_by(_press(DECLINE)) == "out"
    assert said_by(_press("stop")) is None
    # a typed id is no tap, a caption is no message of its own, and a group has more than one reader
    assert said_by(_message(AGREE)) is None
    assert said_by(_message("STOP", media=Media(kind="image"))) is None
    assert said_by(_message("STOP", group=True)) is None
    assert said_by(_press(DECLINE, group=True)) is None


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ([], None),
        ([("out", "word")], "out"),
        ([("out", "word"), ("in", "word")], "in"),
        ([("in", "import"), ("out", "word")], "out"),
        ([("out", "platform")], "out"),
        ([("out", "platform"), ("in", "platform")], None),  # its end gives nothing that was not there
        ([("in", "import"), ("out", "refusal"), ("in", "platform")], "in"),
        ([("out", "word"), ("out", "platform"), ("in", "platform")], "out"),  # and lifts no STOP
        ([("out", "platform"), ("in", "word")], "in"),  # START is about everything
        ([("out", "platform"), ("in", "word"), ("out", "refusal")], "out"),
    ],
)
def test_the_newest_word_decides_and_marketing_lifts_nothing_else(
    words: list[tuple[ConsentState, How]], state: ConsentState | None
) -> None:
    assert state_of(Word(*one) for one in words) == state


@given(words=st.lists(st.builds(Word, st.sampled_from(["in", "out"]), st.sampled_from(get_args(How))), max_size=8))
def test_whoever_said_stop_last_is_out_whatever_the_platform_says_after_it(words: list[Word]) -> None:
    own = [one for one in words if one.how not in OF_THE_PLATFORM]
    if own and own[-1].state == "out":
        assert state_of(words) == "out"
    if not any(one.state == "in" for one in own):
        assert state_of(words) != "in"


CAUSES: tuple[Cause, ...] = get_args(Cause)
CONSENTS: tuple[ConsentState | None, ...] = ("in", "out", None)


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("consent", CONSENTS)
def test_cause_by_consent_by_standing(cause: Cause, consent: ConsentState | None) -> None:
    for is_operator, is_known in product((False, True), repeat=2):
        found = barrier(cause, consent, is_operator=is_operator, is_known=is_known)
        expected: Literal["out", "never"] | None = None
        if cause != "reply" and consent == "out":
            expected = "out"
        elif cause in ("operator", "alert") and consent is None and not is_operator and not is_known:
            expected = "never"
        assert found == expected
