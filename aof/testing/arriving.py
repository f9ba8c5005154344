"""What arrives: who is believed, and what becomes of bodies."""

import json
import re
from collections.abc import Callable
from typing import ClassVar, cast

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aof.domain.errors import PayloadRejected
from aof.domain.message import ButtonPress, InboundMessage, Spoken
from aof.domain.response import Choice
from aof.platforms.base import AnyPlatform
from aof.testing.case import TEXT, PlatformCase

STRANGE = [
    b"",
    b" ",
    b"{}",
    b"[]",
    b"null",
    b"true",
    b"7",
    b'"text"',
    b"{",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf{}",
    b"a=1&b=2",
    b"<xml/>",
    b"[" * 200_000,
    b'{"a":' * 200_000,
    b"9" * 10_000,
    b'{"entry":[[[[]]]]}',
    b'{"entry":[{"changes":[{"value":{"messages":["x"]}}]}]}',
    b'{"update_id":"x","message":[]}',
]

# the suite is one class, of which each platform's is one more; no test of it keeps anything
SUPPRESSED = [HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]


def tap(case: PlatformCase) -> bytes:
    """A webhook in which somebody taps; skips where nobody can."""
    if case.tapped is None:
        pytest.skip("it has no choices to tap")
    return case.tapped("buttons", Choice(id="1", title="One", action_id="1"))


class Tried:
    """One adapter, built with what its case says."""

    platform_case: ClassVar[PlatformCase]

    @pytest.fixture
    def case(self) -> PlatformCase:
        return self.platform_case

    @pytest.fixture
    def platform(self, case: PlatformCase) -> AnyPlatform:
        """Without a network: whatever asks for one without being told to send fails."""
        return case.build(cast("aiohttp.ClientSession", None))


class Arriving(Tried):
    """Of webhooks."""

    def test_the_facts_of_the_platform_are_there(self, case: PlatformCase, platform: AnyPlatform) -> None:
        assert platform.name == case.name
        assert platform.account.startswith(f"{case.name}:")
        assert isinstance(platform.config, platform.config_model)
        assert platform.signature_header
        assert platform.rates.per_second > 0
        assert platform.rates.pair_burst >= 1

    def test_the_right_signature_is_believed(self, case: PlatformCase, platform: AnyPlatform) -> None:
        assert platform.verify_signature(case.typed, case.sign(case.typed), case.headers)

    @pytest.mark.parametrize(
        "spoil",
        [
            pytest.param(lambda _: "", id="missing"),
            pytest.param(lambda _: " ", id="blank"),
            pytest.param(lambda right: right[:-1], id="truncated"),
            pytest.param(lambda right: right[: len(right) // 2], id="halved"),
            pytest.param(lambda right: right + "0", id="longer"),
            pytest.param(lambda right: right + "\n", id="line break"),
            pytest.param(lambda right: right.upper(), id="uppercase"),
            pytest.param(lambda right: right.rpartition("=")[2], id="without its prefix"),
            pytest.param(lambda right: right[:-1] + ("0" if right[-1] != "0" else "1"), id="last digit"),
            pytest.param(lambda right: right[:-1] + "é", id="non-ASCII"),
            pytest.param(lambda right: right[:-1] + "\udcff", id="a byte that is no text"),
            pytest.param(lambda right: "٠" * len(right), id="other digits"),
            pytest.param(lambda right: f"{right},{right}", id="twice"),
            pytest.param(lambda right: re.sub(r"^[a-z0-9]+=", "sha1=", right), id="older method"),
        ],
    )
    def test_no_other_signature_is_believed(
        self, case: PlatformCase, platform: AnyPlatform, spoil: Callable[[str], str]
    ) -> None:
        right = case.sign(case.typed)
        spoilt = spoil(right)
        if spoilt == right:
            pytest.skip("its signature has nothing of the kind")
        assert platform.verify_signature(case.typed, spoilt, case.headers) is False

    @pytest.mark.parametrize("spoil", [lambda body: body + b" ", lambda body: body[:-1], lambda _: b""])
    def test_the_signature_of_another_body_is_not_believed(
        self, case: PlatformCase, platform: AnyPlatform, spoil: Callable[[bytes], bytes]
    ) -> None:
        if not case.signs_body:
            pytest.skip("its signature is a word that goes with every body")
        assert platform.verify_signature(spoil(case.typed), case.sign(case.typed), case.headers) is False

    @pytest.mark.parametrize("mode", ["subscribe", "", "unsubscribe"])
    @pytest.mark.parametrize("token", ["", "wrong", "\udcff"])
    def test_a_handshake_with_a_wrong_token_is_refused(self, platform: AnyPlatform, mode: str, token: str) -> None:
        assert platform.verify_webhook(mode, token, "challenge") is None

    def test_a_typed_text_is_one_message_of_this_account(self, case: PlatformCase, platform: AnyPlatform) -> None:
        (event,) = platform.parse_message(case.typed)
        assert isinstance(event, InboundMessage)
        assert (event.platform, event.account, event.text) == (case.name, platform.account, TEXT)
        assert event.sender.key
        assert event.chat_id
        assert event.sent_at is not None
        assert event.sent_at.tzinfo is not None

    @pytest.mark.parametrize("kind", ["typed", "tapped"])
    def test_a_repeated_webhook_gives_the_same_events_whatever_its_bytes(
        self, case: PlatformCase, platform: AnyPlatform, kind: str
    ) -> None:
        first = case.typed if kind == "typed" else tap(case)
        again = json.dumps(json.loads(first), indent=2).encode()
        events, repeated = platform.parse_message(first), platform.parse_message(again)
        assert platform.parse_message(first) == events
        assert [event.event_id for event in repeated] == [event.event_id for event in events] != []

    def test_every_captured_webhook_becomes_events(self, case: PlatformCase, platform: AnyPlatform) -> None:
        found = case.samples()
        if not found:
            pytest.skip("nobody has published any")
        for path in found:
            events = platform.parse_message(path.read_bytes())
            assert events, path.name
            for event in events:
                assert (event.platform, event.account) == (case.name, platform.account)
                assert event.event_id
                assert not isinstance(event, Spoken) or event.raw.isascii()
                # what is stored is read again as it was
                assert type(event).model_validate_json(event.model_dump_json()) == event

    @pytest.mark.parametrize("body", STRANGE, ids=lambda body: repr(body[:30]))
    def test_a_strange_body_has_an_outcome(self, platform: AnyPlatform, body: bytes) -> None:
        try:
            events = platform.parse_message(body)
        except PayloadRejected:
            return
        assert not [event for event in events if isinstance(event, InboundMessage | ButtonPress)]

    @settings(suppress_health_check=SUPPRESSED)
    @given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
    def test_one_changed_byte_has_an_outcome(
        self, case: PlatformCase, platform: AnyPlatform, place: int, byte: int
    ) -> None:
        body = bytearray(case.typed)
        body[place % len(body)] = byte
        try:
            events = platform.parse_message(bytes(body))
        except PayloadRejected:
            return
        assert len(events) == 1
