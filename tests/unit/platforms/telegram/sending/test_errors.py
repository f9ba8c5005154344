"""Telegram's answers, readable or not, become the error that decides what to do."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.domain.delivery import next_attempt
from aof.domain.errors import (
    AccountStopped,
    ChatMovedAway,
    PlatformError,
    RecipientUnreachable,
    SendDeferred,
    SendRefused,
    SendUncertain,
)
from aof.platforms.telegram.answers import error_of, read, redacted
from aof.platforms.telegram.errors import (
    FileTooBig,
    MarkupRefused,
    MessageGone,
    MethodUnknown,
    NotModified,
    PressTooOld,
    ReplyGone,
    remedy_of,
)
from tests.unit.platforms.telegram.sending.conftest import SECRET, TOKEN, WEBHOOK_SECRET

HTML = b"<html><head><title>502 Bad Gateway</title></head></html>"


def refusal(code: Any, description: Any = "", **parameters: Any) -> bytes:
    body = {"ok": False, "error_code": code, "description": description}
    return json.dumps({**body, "parameters": parameters} if parameters else body).encode()


@pytest.mark.parametrize(
    ("code", "description", "error"),
    [
        (400, "Bad Request: chat not found", RecipientUnreachable),
        (400, "Bad Request: PEER_ID_INVALID", RecipientUnreachable),
        (400, "Bad Request: message is not modified: specified new message content and reply markup are", NotModified),
        (400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0', MarkupRefused),
        (400, "Bad Request: message to be replied not found", ReplyGone),
        (400, "Bad Request: message to edit not found", MessageGone),
        (400, "Bad Request: message can't be edited", MessageGone),
        (400, "Bad Request: message to delete not found", MessageGone),
        (400, "Bad Request: MESSAGE_ID_INVALID", MessageGone),
        (400, "Bad Request: query is too old and response timeout expired or query ID is invalid", PressTooOld),
        (400, "Bad Request: file is too big", FileTooBig),
        (400, "Bad Request: message thread not found", SendRefused),
        (400, "Bad Request: TOPIC_CLOSED", SendRefused),
        (400, "Bad Request: BUTTON_DATA_INVALID", SendRefused),
        (400, "Bad Request: message is too long", SendRefused),
        (400, "Bad Request: not enough rights to send text messages to the chat", SendRefused),
        (400, "Bad Request: something that nobody has seen yet", SendRefused),
        (401, "Unauthorized", AccountStopped),
        (403, "Forbidden: bot was blocked by the user", RecipientUnreachable),
        (403, "Forbidden: bot can't initiate conversation with a user", RecipientUnreachable),
        (403, "Forbidden: bot was kicked from the supergroup chat", RecipientUnreachable),
        (403, "Forbidden: user is deactivated", RecipientUnreachable),
        (404, "Not Found", AccountStopped),
        (404, "Not Found: method not found", MethodUnknown),
        (409, "Conflict: terminated by other getUpdates request", SendDeferred),
        (413, "Request Entity Too Large", SendRefused),
        (418, "I'm a teapot", SendRefused),
        (429, "Too Many Requests: retry after 35", SendDeferred),
        (500, "Internal Server Error: restart", SendUncertain),
        (502, "Bad Gateway", SendUncertain),
    ],
)
def test_an_error_of_telegrams_is_classed(code: int, description: str, error: type[PlatformError]) -> None:
    caught = error_of(read(code, refusal(code, description)))
    assert (type(caught), caught.code, caught.details) == (error, code, description)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"", SendUncertain),
        (200, HTML, SendUncertain),
        (200, b'{"ok":true}', SendUncertain),
        (200, b"[1]", SendUncertain),
        (200, b"[" * 100_000, SendUncertain),
        (200, b'{"ok":1,"result":true}', SendUncertain),
        (200, refusal(403), RecipientUnreachable),  # what Telegram says counts more than what stands around it
        (400, b'{"ok":true,"result":true}', SendUncertain),
        (400, refusal("403"), RecipientUnreachable),
        (400, refusal(None), SendDeferred),
        (400, HTML, SendDeferred),
        (302, b"", SendDeferred),
        (401, HTML, SendDeferred),  # a proxy's page: no reason to call the token wrong
        (404, b"", SendDeferred),
        (407, HTML, SendDeferred),
        (413, HTML, SendRefused),
        (429, HTML, SendDeferred),
        (408, HTML, SendUncertain),
        (502, HTML, SendUncertain),
        (503, b"", SendUncertain),
    ],
)
def test_an_odd_answer_is_classed_by_what_can_be_known(status: int, body: bytes, error: type[PlatformError]) -> None:
    assert type(error_of(read(status, body))) is error


@pytest.mark.parametrize("status", [200, 408, 500, 502, 504])
def test_nothing_is_uncertain_about_what_may_be_done_twice(status: int) -> None:
    assert type(error_of(read(status, HTML), repeatable=True)) is SendDeferred


@pytest.mark.parametrize("code", [429, 420, 500, 503])
@pytest.mark.parametrize("attempt", [0, 3, 70])
@pytest.mark.parametrize("seconds", [1, 7, 13_938])
def test_telegrams_wait_is_kept_to_the_second_and_concerns_one_chat(code: int, attempt: int, seconds: int) -> None:
    caught = error_of(read(code, refusal(code, "Too Many Requests", retry_after=seconds)))
    assert isinstance(caught, SendDeferred)
    assert caught.scope == "recipient"
    assert next_attempt(attempt, caught, spread=1.0) == timedelta(seconds=seconds)


def test_without_a_wait_of_telegrams_ours_grows() -> None:
    caught = error_of(read(429, HTML))
    assert isinstance(caught, SendDeferred)
    assert [next_attempt(n, caught).total_seconds() for n in (0, 1, 9)] == [1, 2, 60]


@pytest.mark.parametrize("wait", [0, -1, True, None, "x", 10**40])
def test_no_wait_that_is_none_breaks_the_reading(wait: Any) -> None:
    caught = error_of(read(429, refusal(429, "", retry_after=wait)))
    assert isinstance(caught, SendDeferred)
    assert caught.wait is None


def test_a_group_that_moved_names_where_to() -> None:
    body = refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1001234567890)
    caught = error_of(read(400, body))
    assert isinstance(caught, ChatMovedAway)
    assert caught.new_chat == "-1001234567890"


def test_another_poller_is_no_reason_to_stop_sending() -> None:
    caught = error_of(read(409, refusal(409, "Conflict")))
    assert isinstance(caught, SendDeferred)
    assert caught.scope == "number"


def test_what_helps_is_told_by_the_code() -> None:
    assert [remedy_of(code) for code in (401, 403, 429, 400, 0)] == [
        "account",
        "unreachable",
        "again",
        *["unknown"] * 2,
    ]


def test_words_are_kept_on_one_short_line_without_secrets() -> None:
    said = f"at /bot{TOKEN}/x, {SECRET}, {TOKEN.replace(':', '%3A')}, {WEBHOOK_SECRET}\n\x00\ud83d" + " long" * 500
    caught = error_of(read(400, refusal(400, said)), secrets=(TOKEN, SECRET, WEBHOOK_SECRET))
    assert not any(secret in caught.details for secret in (TOKEN, SECRET, WEBHOOK_SECRET))
    assert caught.details.startswith("at /bot***/x, ***, 7000000001%3A***, *** \ufffd\ufffd")
    assert len(caught.details) == 600


def test_a_token_of_another_bot_is_taken_out_too() -> None:
    assert redacted("GET /file/bot123456789:AAF-other_bots_secret_half_0123456/x", ()) == "GET /file/bot***/x"


@given(
    st.integers(100, 599),
    st.binary(max_size=200)
    | st.builds(
        json.dumps,
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["ok", "error_code", "description", "parameters", "retry_after"]), inner
                )
            ),
        ),
    ).map(str.encode),
)
def test_no_answer_breaks_the_reading(status: int, body: bytes) -> None:
    answer = read(status, body)
    if not answer.is_taken:
        assert error_of(answer).retry in {"never", "later", "unsafe"}
