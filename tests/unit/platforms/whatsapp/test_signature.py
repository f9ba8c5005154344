"""Who is believed: the handshake and the signature."""

import hashlib
import hmac

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from aof.platforms.whatsapp import WhatsAppConfig, WhatsAppPlatform
from tests.unit.platforms.whatsapp.conftest import APP_SECRET, VERIFY_TOKEN, Connect, config_of

BODY = b'{"object":"whatsapp_business_account","entry":[],"text":"\\u00e4\\u00f6\\u00e5 \\/"}'


def signature(body: bytes, secret: str = APP_SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.fixture
def platform(connect: Connect) -> WhatsAppPlatform:
    return connect()


def test_the_right_signature_over_the_raw_bytes_is_believed(platform: WhatsAppPlatform) -> None:
    assert platform.verify_signature(BODY, signature(BODY))


def test_the_same_json_written_otherwise_is_another_body(platform: WhatsAppPlatform) -> None:
    assert not platform.verify_signature(BODY.replace(b"\\/", b"/"), signature(BODY))


@pytest.mark.parametrize("secret", ["the-new-one", "the-old-one"])
def test_both_secrets_of_a_rotation_are_believed(connect: Connect, secret: str) -> None:
    platform = connect(app_secret=["the-new-one", "the-old-one"])
    assert platform.verify_signature(BODY, signature(BODY, secret))


def test_a_third_secret_is_not_believed_during_a_rotation(connect: Connect) -> None:
    platform = connect(app_secret=["the-new-one", "the-old-one"])
    assert not platform.verify_signature(BODY, signature(BODY, "somebody's"))


def test_an_empty_secret_signs_nothing(connect: Connect) -> None:
    # the config refuses one; should one come through nevertheless, it must open nothing
    loose = connect().config.model_copy(update={"app_secret": (SecretStr(""),)})
    platform = WhatsAppPlatform(loose, connect().http)
    assert not platform.verify_signature(BODY, signature(BODY, ""))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200), place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_one_changed_bit_is_noticed(platform: WhatsAppPlatform, body: bytes, place: int, bit: int) -> None:
    signed = signature(body)
    assert platform.verify_signature(body, signed)
    if body:
        changed = bytearray(body)
        changed[place % len(body)] ^= 1 << bit
        assert not platform.verify_signature(bytes(changed), signed)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(header=st.text(max_size=100))
def test_no_other_header_is_believed_and_none_raises(platform: WhatsAppPlatform, header: str) -> None:
    for tried in (header, f"sha256={header}"):
        assert platform.verify_signature(BODY, tried) is (tried == signature(BODY))


def test_the_handshake_gives_the_challenge_back_raw(platform: WhatsAppPlatform) -> None:
    assert platform.verify_webhook("subscribe", VERIFY_TOKEN, "1158201444") == "1158201444"


@pytest.mark.parametrize(
    ("mode", "token"),
    [
        ("subscribe", "wrong"),
        ("subscribe", ""),
        ("subscribe", VERIFY_TOKEN + " "),
        ("subscribe", VERIFY_TOKEN.upper()),
        ("subscribe", "schlüssel"),
        ("subscribe", "\udcff"),  # a byte of a query that was no UTF-8
        ("unsubscribe", VERIFY_TOKEN),
        ("", VERIFY_TOKEN),
    ],
)
def test_the_handshake_is_refused(platform: WhatsAppPlatform, mode: str, token: str) -> None:
    assert platform.verify_webhook(mode, token, "1158201444") is None


def test_an_empty_configured_token_never_matches(connect: Connect) -> None:
    loose: WhatsAppConfig = config_of().model_copy(update={"verify_token": SecretStr("")})
    assert WhatsAppPlatform(loose, connect().http).verify_webhook("subscribe", "", "1") is None
