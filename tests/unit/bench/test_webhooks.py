"""The load is what Meta would send: signed, of the usual size, and understood by the adapter."""

import hashlib
import hmac
from pathlib import Path

import pytest

from aof.domain.message import InboundMessage, Receipt
from aof.platforms.whatsapp.parse import events_of
from bench import webhooks
from bench.webhooks import PHONE_NUMBER_ID, SECRET, message, messages, request, status


def _events(body: bytes) -> list[object]:
    return list(events_of(body, platform="whatsapp", account="whatsapp:1", phone_number_id=PHONE_NUMBER_ID))


def test_a_message_has_about_seven_hundred_bytes() -> None:
    assert 680 <= len(message(123_456)) <= 720


def test_a_request_carries_the_signature_of_its_body() -> None:
    head, _, body = request("/webhook", message(7)).partition(b"\r\n\r\n")
    signed = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert f"X-Hub-Signature-256: sha256={signed}".encode() in head.split(b"\r\n")
    assert f"Content-Length: {len(body)}".encode() in head.split(b"\r\n")


def test_every_message_has_an_id_of_its_own_and_senders_take_turns() -> None:
    read = [_events(message(n, senders=3))[0] for n in range(6)]
    assert all(isinstance(event, InboundMessage) for event in read)
    assert len({event.event_id for event in read if isinstance(event, InboundMessage)}) == 6
    assert len({event.sender.key for event in read if isinstance(event, InboundMessage)}) == 3


@pytest.mark.parametrize("state", webhooks.STATES)
def test_a_receipt_names_message_and_part(state: str) -> None:
    (event,) = _events(status(state, "wamid.x", "store:1:0", "4915100000001"))
    assert isinstance(event, Receipt)
    assert (event.state, event.message_id, event.part_id) == (state, "wamid.x", "store:1:0")


def test_requests_never_end_and_begin_where_they_are_told() -> None:
    requests = messages("/webhook", start=5)
    assert next(requests) == request("/webhook", message(5))
    assert next(requests) == request("/webhook", message(6))


def test_the_contestant_in_its_own_environment_knows_the_same_secret() -> None:
    text = Path(webhooks.__file__).with_name("contestants").joinpath("echo_of_pywa.py").read_text(encoding="utf-8")
    assert f'SECRET = "{SECRET}"' in text
    assert f'PHONE_NUMBER_ID = "{PHONE_NUMBER_ID}"' in text
