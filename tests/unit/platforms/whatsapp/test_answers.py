"""Meta's answers, readable or not, become the error that decides what to do."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.domain.errors import (
    AccountStopped,
    PlatformError,
    SendDeferred,
    SendRefused,
    SendUncertain,
    WindowClosed,
)
from aof.platforms.whatsapp.answers import classify, message_id

HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
OUR_ID = "106540352242922"


def answer(code: Any, message: str = "", **more: Any) -> bytes:
    return json.dumps({"error": {"message": message, "type": "OAuthException", "code": code, **more}}).encode()


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, answer(131047), WindowClosed),
        (400, answer(131009), SendRefused),
        (400, answer(131056), SendDeferred),
        (401, answer(190, error_subcode=463), AccountStopped),
        (401, answer(0), AccountStopped),
        (500, answer(131000), SendUncertain),
        (503, answer(2), SendUncertain),
        (500, answer(3), AccountStopped),  # a known code counts more than the status
        (500, answer(424242), SendUncertain),
        (500, answer(424242, is_transient=True), SendUncertain),
        (400, answer(424242, is_transient=True), SendDeferred),
        (400, answer(424242), SendRefused),
        (403, answer(424242), SendRefused),
        (401, answer(424242), AccountStopped),  # nobody who is not let in sends anything
        (429, answer(424242), SendDeferred),
        (400, answer(None), SendRefused),
        (400, answer(False), SendRefused),  # 0 means a dead token; false does not
        (400, answer("131056"), SendDeferred),
        (500, b'{"error":{}}', SendUncertain),
        (502, HTML, SendUncertain),
        (503, b"", SendUncertain),
        (408, HTML, SendUncertain),
        (429, HTML, SendDeferred),
        (403, HTML, SendDeferred),  # a proxy's page: Meta has seen nothing
        (404, b"", SendDeferred),
        (407, HTML, SendDeferred),
        (302, b"", SendDeferred),
        (400, b"[]", SendDeferred),
        (400, b'{"error":"plain"}', SendDeferred),
        (200, HTML, SendUncertain),
        (200, b"", SendUncertain),
        (200, b"{}", SendUncertain),
        (200, answer(131009), SendUncertain),  # accepted, it says, and then not: nobody knows
        (204, b"", SendUncertain),
        (500, b"[" * 100_000, SendUncertain),
    ],
)
def test_an_answer_is_the_error_that_it_stands_for(status: int, body: bytes, error: type[PlatformError]) -> None:
    assert type(classify(status, body)) is error


def test_a_real_refusal_keeps_its_code_and_its_details() -> None:
    body = (
        b'{"error":{"message":"(#131009) Parameter value is not valid","type":"OAuthException","code":131009,'
        b'"error_data":{"messaging_product":"whatsapp","details":"Total row count exceed max allowed count: 10"},'
        b'"fbtrace_id":"AIuaBG7oaIH0NkT5zP_khJH"}}'
    )
    error = classify(400, body)
    assert error.code == 131009
    assert error.details == "(#131009) Parameter value is not valid; Total row count exceed max allowed count: 10"
    assert "code 131009" in str(error)


@pytest.mark.parametrize(
    ("more", "details"),
    [
        ({"error_data": "plain words"}, "m; plain words"),
        ({"error_data": {"details": "d"}, "error_user_msg": "u"}, "m; d; u"),
        ({"error_data": {"details": "m"}}, "m"),  # said once
        ({"error_data": 7}, "m"),
        ({}, "m"),
    ],
)
def test_all_of_metas_words_are_surfaced(more: dict[str, Any], details: str) -> None:
    assert classify(400, answer(100, "m", **more)).details == details


def test_an_answer_without_words_tells_its_status() -> None:
    assert classify(502, HTML).details == "HTTP 502"


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("Unsupported post request. Object with ID '106540352242922' does not exist", AccountStopped),
        ("Unsupported post request.", AccountStopped),
        ("Unsupported post request. Object with ID '2762702990552401' does not exist", SendRefused),
    ],
)
def test_an_unknown_object_stops_the_account_only_if_it_is_our_number(message: str, error: type[PlatformError]) -> None:
    body = answer(100, message, error_subcode=33)
    assert type(classify(400, body, phone_number_id=OUR_ID)) is error


def test_a_wrong_proof_stops_the_account_instead_of_burying_every_part() -> None:
    error = classify(400, answer(100, "Invalid appsecret_proof provided in the API argument"))
    assert isinstance(error, AccountStopped)
    assert "app_secret" in error.reason


@pytest.mark.parametrize(
    ("code", "headers", "wait"),
    [
        (130429, {"Retry-After": "7"}, timedelta(seconds=7)),
        (130429, {"retry-after": " 7 "}, timedelta(seconds=7)),
        (131056, {"Retry-After": "7"}, timedelta(seconds=7)),
        (130429, {"Retry-After": "999999"}, timedelta(days=1)),
        (130429, {"Retry-After": "9" * 40}, None),
        (130429, {"Retry-After": "-7"}, None),
        (130429, {"Retry-After": "0"}, None),
        (130429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        (130429, {}, None),
        (4, {"X-Business-Use-Case-Usage": '{"1":[{"estimated_time_to_regain_access":5}]}'}, timedelta(minutes=5)),
        (
            80007,
            {
                "X-Business-Use-Case-Usage": '{"1":[{"estimated_time_to_regain_access":0}],"2":[{},'
                '{"estimated_time_to_regain_access":9}]}',
                "Retry-After": "7",
            },
            timedelta(minutes=9),
        ),
        (4, {"X-Business-Use-Case-Usage": '{"1":[{"estimated_time_to_regain_access":1e400}]}'}, None),
        (4, {"X-Business-Use-Case-Usage": '{"1":[{"estimated_time_to_regain_access":99999999}]}'}, timedelta(days=1)),
        # it tells of the account, and only one recipient has to wait
        (131056, {"X-Business-Use-Case-Usage": '{"1":[{"estimated_time_to_regain_access":5}]}'}, None),
        (4, {"X-Business-Use-Case-Usage": "not json"}, None),
        (4, {"X-Business-Use-Case-Usage": '{"1":7,"2":[7],"3":{}}'}, None),
        (4, {"X-Business-Use-Case-Usage": "[1]"}, None),
    ],
)
def test_metas_own_wait_is_kept(code: int, headers: dict[str, str], wait: timedelta | None) -> None:
    error = classify(400, answer(code), headers)
    assert isinstance(error, SendDeferred)
    assert error.wait == wait


@pytest.mark.parametrize("place", ["message", "error_user_msg"])
def test_a_secret_that_meta_echoes_is_taken_out(place: str) -> None:
    body = json.dumps({"error": {"code": 190, place: "token my-planted-token and EAAotherTokenOfSomebody01 end"}})
    error = classify(401, body.encode(), secrets=["my-planted-token"])
    assert error.details == "token *** and *** end"
    assert "planted" not in f"{error!r} {error} {vars(error)}"


def test_a_secret_inside_a_longer_one_leaves_no_rest() -> None:
    error = classify(400, answer(100, "said planted-long-secret"), secrets=["planted", "planted-long-secret"])
    assert error.details == "said ***"


def test_endless_words_are_cut() -> None:
    assert len(classify(400, answer(100, "x" * 100_000)).details) == 600


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"messaging_product":"whatsapp","contacts":[],"messages":[{"id":"wamid.x"}]}', "wamid.x"),
        (b'{"messages":[{"id":"wamid.x","message_status":"accepted"}]}', "wamid.x"),
        (b'{"messages":[{"id":""}]}', None),
        (b'{"messages":[{"id":7}]}', None),
        (b'{"messages":[]}', None),
        (b'{"messages":["wamid.x"]}', None),
        (b'{"messages":{"id":"wamid.x"}}', None),
        (b'[{"id":"wamid.x"}]', None),
        (HTML, None),
        (b"", None),
        (b"\xff", None),
    ],
)
def test_the_message_id_is_read_or_there_is_none(body: bytes, expected: str | None) -> None:
    assert message_id(body) == expected


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["error", "code", "message", "error_data", "details", "error_subcode", "is_transient"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(
    status=st.integers(200, 599),
    body=st.binary(max_size=60) | json_values.map(lambda value: json.dumps({"error": value}).encode()),
    header=st.text(max_size=20) | json_values.map(json.dumps),
)
def test_no_answer_is_too_strange_to_be_classed(status: int, body: bytes, header: str) -> None:
    error = classify(status, body, {"Retry-After": header, "X-Business-Use-Case-Usage": header})
    assert isinstance(error, PlatformError)
    assert error.reason
    str(error).encode()
