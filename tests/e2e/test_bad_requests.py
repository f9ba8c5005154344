"""Who may post, where, and how: each wrong request has one clear refusal, and the next message is answered."""

import gzip
import json
from collections.abc import AsyncIterator

import pytest

from aof.web import webhooks
from aof.web.webhooks import MOST_BYTES
from tests.e2e.wire import (
    ACCEPTED,
    GOOD,
    PATH,
    SAID,
    SIGNED,
    SPOKEN,
    Logged,
    ask,
    deliver,
    holding,
    kept,
    message,
    opened,
    request,
    signature,
    talk,
    the_next_message_is_answered,
)
from tests.e2e.world import CREDENTIALS, World

pytestmark = pytest.mark.usefixtures("log")


# -- who may post ---------------------------------------------------------------------------------------------------


async def test_a_signed_webhook_is_accepted_once_stored(aof: World) -> None:
    await opened(aof)
    answer = await deliver(aof, GOOD)
    assert (answer.status, answer.body) == ACCEPTED
    assert kept(aof) == {"inbox": 2}
    assert (await aof.on_call.next())["text"] == SAID
    await the_next_message_is_answered(aof)


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        signature(GOOD, "another-secret"),
        signature(GOOD + b" "),
        signature(GOOD).removeprefix("sha256="),
        signature(GOOD).replace("sha256", "sha1"),
        signature(GOOD)[:-1],
        signature(GOOD) + "0",
        signature(GOOD) + ", " + signature(GOOD),
        "sha256=" + "ä" * 64,
        "sha256=" + "\u0661" * 64,  # digits, but not ASCII
        "\U0001f600",
        "x" * 8_000,
    ],
)
async def test_without_the_right_signature_it_is_401_and_nothing_is_stored(
    aof: World, log: Logged, given: str | None
) -> None:
    answer = await ask(aof, data=GOOD, headers={} if given is None else {SIGNED: given})
    assert answer.refused == 401
    assert kept(aof) == {}
    assert len(log.of("webhook_refused")) == 1
    await the_next_message_is_answered(aof)


@pytest.mark.parametrize("size", [MOST_BYTES, MOST_BYTES + 1])
@pytest.mark.parametrize("chunked", [False, True])
async def test_over_4_mib_is_413(aof: World, size: int, chunked: bool) -> None:
    # to the simulated platform a webhook of ours is no message of that phone, and what answers nobody is not delivered
    await the_next_message_is_answered(aof)
    before, written = kept(aof), str(int(aof.clock.now().timestamp()))
    good = json.dumps(holding(message(timestamp=written))).encode()
    body = good + b" " * (size - len(good))

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, size, 1 << 20):
            yield body[start : start + (1 << 20)]

    answer = await ask(aof, data=pieces() if chunked else body, headers={SIGNED: signature(body)})
    if size > MOST_BYTES:
        assert answer.refused == 413
        assert kept(aof) == before
    else:
        assert (answer.status, answer.body) == ACCEPTED
        assert (await aof.on_call.next())["text"] == SAID
    await the_next_message_is_answered(aof)


TOKEN = CREDENTIALS["WHATSAPP_VERIFY_TOKEN"]


@pytest.mark.parametrize(
    ("query", "answered"),
    [
        (f"hub.mode=subscribe&hub.verify_token={TOKEN}&hub.challenge=1158201444", "1158201444"),
        (f"hub.mode=subscribe&hub.verify_token={TOKEN}x&hub.challenge=1158201444", None),
        (f"hub.mode=subscribe&hub.verify_token={TOKEN.upper()}&hub.challenge=1158201444", None),
        ("hub.mode=subscribe&hub.verify_token=&hub.challenge=1158201444", None),
        ("hub.mode=subscribe&hub.verify_token=%00%ED%A0%80%FF&hub.challenge=1158201444", None),
        (f"hub.mode=unsubscribe&hub.verify_token={TOKEN}&hub.challenge=1158201444", None),
        (f"hub.verify_token={TOKEN}&hub.challenge=1158201444", None),
        ("hub.mode=subscribe&hub.challenge=1158201444", None),
        ("", None),
    ],
)
async def test_the_handshake_echoes_the_challenge_for_the_right_token_only(
    aof: World, query: str, answered: str | None
) -> None:
    answer = await ask(aof, "GET", f"{PATH}?{query}")
    if answered is None:
        assert answer.refused == 403
    else:
        assert (answer.status, answer.body) == (200, answered)
        assert answer.headers["Content-Type"].startswith("text/plain")
    await the_next_message_is_answered(aof)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/webhook/telegraph", "/webhook/", "/webhook/whatsapp/more", "/%00%FF", "/.env"])
async def test_an_unknown_address_is_404(aof: World, method: str, path: str) -> None:
    assert (await ask(aof, method, path, data=GOOD, headers={SIGNED: signature(GOOD)})).refused == 404
    assert kept(aof) == {}
    await the_next_message_is_answered(aof)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"])
async def test_another_method_is_405_and_is_told_which_are_taken(aof: World, method: str) -> None:
    answer = await ask(aof, method, headers={SIGNED: signature(b"")})
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET,POST"
    if method != "HEAD":  # which has no body
        assert answer.refused == 405
    assert kept(aof) == {}
    await the_next_message_is_answered(aof)


# -- how it comes over the wire -------------------------------------------------------------------------------------


async def test_a_body_that_trickles_in_is_not_waited_for(aof: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert webhooks.BODY_SECONDS == 30
    monkeypatch.setattr(webhooks, "BODY_SECONDS", 0.05)
    (answer,) = await talk(aof, request(GOOD)[:-1], answers=1)
    assert answer.refused == 408
    assert kept(aof) == {}
    await the_next_message_is_answered(aof)


async def test_who_hangs_up_within_a_body_leaves_nothing(aof: World, log: Logged) -> None:
    await talk(aof, request(GOOD)[:-1], answers=0)
    await the_next_message_is_answered(aof)
    assert kept(aof) == {"inbox": 1}
    assert not [line for line in log.lines if line["level"] == "error"]


async def test_requests_in_one_go_are_answered_in_order_and_each_on_its_own(aof: World) -> None:
    await opened(aof)
    second = json.dumps(holding(message(f"second {SPOKEN}", id_="wamid.second"))).encode()
    said = await talk(
        aof, request(GOOD) + request(GOOD, signed=False) + request(b"{") + request(second, "Connection: close")
    )
    assert [answer.status for answer in said] == [200, 401, 200, 200]
    assert kept(aof) == {"inbox": 3, "quarantine": 1}
    assert [(await aof.on_call.next())["text"] for _ in range(2)] == [SAID, f"You said: second {SPOKEN}"]
    await the_next_message_is_answered(aof)


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",  # TLS spoken to a plain port
        SPOKEN.encode() + b"\r\n\r\n",
        f"POST {PATH} HTTP/1.1\r\nHost: aof\r\n{SPOKEN}\r\n\r\n".encode(),
        f"POST {PATH} HTTP/1.1\r\nHost: aof\r\nContent-Length: {SPOKEN}\r\n\r\n".encode(),
        f"POST {PATH} HTTP/1.1\r\nHost: aof\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n".encode(),
        f"GET /{SPOKEN * 2000} HTTP/1.1\r\nHost: aof\r\n\r\n".encode(),
        f"GET / HTTP/1.1\r\nHost: aof\r\nX: {SPOKEN * 2000}\r\n\r\n".encode(),
    ],
    ids=["TLS", "no request", "no header", "no length", "two lengths", "long path", "long header"],
)
async def test_what_is_no_http_is_400_and_none_of_it_is_repeated(aof: World, sent: bytes) -> None:
    (answer,) = await talk(aof, sent)
    assert answer.refused == 400
    assert SPOKEN not in str(answer.body)
    await the_next_message_is_answered(aof)


async def test_a_length_that_is_too_short_cuts_the_body_and_repeats_none_of_it(aof: World) -> None:
    *_, last = await talk(aof, request(GOOD, length=10))
    assert last.refused == 400
    assert SPOKEN not in str(last.body)
    assert kept(aof) == {}
    await the_next_message_is_answered(aof)


async def test_a_body_in_broken_chunks_is_400(aof: World) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: aof\r\nTransfer-Encoding: chunked\r\n{SIGNED}: {signature(GOOD)}\r\n\r\n"
    answer, *_ = await talk(aof, head.encode() + b"5\r\nhello\r\n" + SPOKEN.encode() + b"\r\n")
    assert answer.refused == 400
    assert SPOKEN not in str(answer.body)
    assert kept(aof) == {}
    await the_next_message_is_answered(aof)


async def test_nothing_is_unpacked_so_a_packed_body_is_quarantined_as_it_came(aof: World) -> None:
    packed = gzip.compress(GOOD)
    answer = await deliver(aof, packed, **{"Content-Encoding": "gzip"})
    assert (answer.status, answer.body) == ACCEPTED
    assert aof.rows("SELECT raw FROM quarantine") == [(packed,)]
    await the_next_message_is_answered(aof)


async def test_the_header_that_says_packed_changes_nothing_of_a_plain_body(aof: World) -> None:
    await opened(aof)
    answer = await deliver(aof, GOOD, **{"Content-Encoding": "gzip", "Content-Type": "image/png"})
    assert (answer.status, answer.body) == ACCEPTED
    assert (await aof.on_call.next())["text"] == SAID
    await the_next_message_is_answered(aof)
