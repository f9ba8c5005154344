"""What the configuration takes, and what it refuses with which words."""

from typing import Any

import pytest
from pydantic import ValidationError

from aof.config.credentials import TOLD_BY
from aof.config.docstrings import words_on
from aof.platforms.whatsapp import WhatsAppConfig
from aof.platforms.whatsapp.config import is_loopback
from aof.platforms.whatsapp.parse.numbers import number_of
from tests.unit.platforms.whatsapp.conftest import API_URL, Configure

SECRETS = ["access_token", "verify_token", "app_secret"]


def refusal(configure: Configure, **changes: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        configure(**changes)
    return str(caught.value)


def test_the_defaults_are_the_safe_ones(configure: Configure) -> None:
    config = WhatsAppConfig.model_validate(
        {"phone_number_id": "1", "access_token": "t", "verify_token": "v", "app_secret": "s", "allowed_numbers": []}
    )
    assert config.enabled
    assert not config.allow_live_send
    assert not config.allow_everyone
    assert not config.hold_on_loopback
    assert (config.api_version, config.api_url, config.long_text) == ("v25.0", "https://graph.facebook.com", "split")


@pytest.mark.parametrize("key", [*SECRETS, "phone_number_id"])
def test_a_credential_may_not_be_absent(configure: Configure, key: str) -> None:
    given = {
        "phone_number_id": "1",
        "access_token": "t",
        "verify_token": "v",
        "app_secret": "s",
        "allow_everyone": True,
    }
    del given[key]
    with pytest.raises(ValidationError, match=key):
        WhatsAppConfig.model_validate(given)


@pytest.mark.parametrize("key", [*SECRETS, "phone_number_id", "business_account_id"])
@pytest.mark.parametrize("empty", ["", "  \n"])
def test_an_empty_credential_is_refused(configure: Configure, key: str, empty: str) -> None:
    assert key in refusal(configure, **{key: empty})


@pytest.mark.parametrize("key", SECRETS)
def test_a_line_break_at_the_end_of_a_secret_is_dropped(configure: Configure, key: str) -> None:
    config = configure(**{key: "from-a-file\n"})
    assert "from-a-file" in config.secrets


@pytest.mark.parametrize("key", SECRETS)
def test_a_secret_that_no_header_can_carry_is_refused_without_being_quoted(configure: Configure, key: str) -> None:
    said = refusal(configure, **{key: "planted\nsecret"})
    assert "copy it again" in said
    assert "planted" not in said


def test_two_app_secrets_are_taken_during_a_rotation(configure: Configure) -> None:
    config = configure(app_secret=["new", "old"])
    assert [secret.get_secret_value() for secret in config.app_secret] == ["new", "old"]


@pytest.mark.parametrize("secrets", [[], ["a", "b", "c"]])
def test_no_secret_or_three_are_refused(configure: Configure, secrets: list[str]) -> None:
    assert "a list of two" in refusal(configure, app_secret=secrets)


def test_one_empty_secret_of_two_is_refused(configure: Configure) -> None:
    assert "is empty" in refusal(configure, app_secret=["new", ""])


def test_no_secret_shows_in_a_printed_config(configure: Configure) -> None:
    config = configure(app_secret=["first-planted", "second-planted"], access_token="third-planted")
    shown = f"{config!r} {config} {config.model_dump()} {config.model_dump_json()}"
    assert "planted" not in shown


@pytest.mark.parametrize(
    "phone_number_id",
    ["../me", "106540352242922/messages", "106 540", "1?x=1", "1#", "%2e%2e", "١٠٦"],
)
def test_an_id_that_would_change_the_path_is_refused(configure: Configure, phone_number_id: str) -> None:
    assert "phone_number_id" in refusal(configure, phone_number_id=phone_number_id)


@pytest.mark.parametrize("version", ["25.0", "v25", "v25.0/", "v25.0\n.", "latest", "V25.0", "v٢٥.0", ""])
def test_a_version_that_is_none_is_refused(configure: Configure, version: str) -> None:
    assert "api_version" in refusal(configure, api_version=version)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8090", "http://localhost:8090/", "http://[::1]:8090", "http://127.9.8.7", "https://graph.test"],
)
def test_http_is_taken_towards_this_machine_and_https_anywhere(configure: Configure, url: str) -> None:
    assert configure(api_url=url).api_url == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://graph.facebook.com",  # the token would travel in the clear
        "http://127.0.0.1.example.org",  # begins like this machine and is none
        "http://localhost.example.org",
        "http://2130706433",  # 127.0.0.1 as one number: no reader is sure of it
        "https://user:pass@graph.facebook.com",
        "https://graph.facebook.com?x=1",
        "https://graph.facebook.com#x",
        "ftp://127.0.0.1",
        "graph.facebook.com",
        "https://",
        "https://[::1",
        "https://graph.facebook.com:99999",
        "",
    ],
)
def test_an_unfit_api_url_is_refused(configure: Configure, url: str) -> None:
    assert "api_url" in refusal(configure, api_url=url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:1", True),
        ("http://127.255.255.254", True),
        ("http://[::1]:1", True),
        ("https://localhost", True),
        ("https://LOCALHOST", True),
        ("https://graph.facebook.com", False),
        ("https://127.0.0.1.nip.test", False),
        ("https://localhost.test", False),
        ("https://0.0.0.0", False),
        ("https://10.0.0.1", False),
        ("", False),
    ],
)
def test_loopback_is_this_machine_and_nothing_else(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+49 171 1234567", "+491711234567"),
        ("0049 171 1234567", "+491711234567"),
        ("491711234567", "+491711234567"),
        ("+1 (650) 555-1234", "+16505551234"),
        ("1.650.555.1234", "+16505551234"),
        (" +15550001001 ", "+15550001001"),
        ("+٤٩ ١٧١ ١٢٣٤٥٦٧", "+491711234567"),  # Arabic digits
        ("5511999999999", "+5511999999999"),
    ],
)
def test_a_number_is_read_however_it_is_written(configure: Configure, written: str, number: str) -> None:
    numbers = configure(allow_everyone=False, allowed_numbers=[written]).allowed_numbers
    assert numbers is not None
    assert numbers[0] == number


@pytest.mark.parametrize(
    "written",
    ["0171 1234567", "12345", "+49", "+", "", "call me", "+1650555123456789", "+49 171 1234567 ext 5", "+999123456789"],
)
def test_a_number_that_is_none_names_its_place_in_the_list(configure: Configure, written: str) -> None:
    said = refusal(configure, allow_everyone=False, allowed_numbers=["+16505551234", written])
    assert "allowed_numbers.1" in said
    assert "country code" in said


@pytest.mark.parametrize(
    ("said", "pairing"),
    [
        ({}, True),
        ({"allowed_numbers": []}, False),  # a list, though nobody stands on it
        ({"allowed_users": []}, False),
        ({"allow_everyone": True}, False),
    ],
)
def test_people_pair_where_nothing_says_who_may_talk(configure: Configure, said: dict[str, Any], pairing: bool) -> None:
    assert configure(**{"allow_everyone": False, **said}).pairing is pairing


@pytest.mark.parametrize(
    ("changes", "told_by", "reason"),
    [
        ({"allow_live_send": True}, {}, None),
        (
            {"allow_live_send": False},
            {},
            "spec.platforms.whatsapp.allow_live_send is false; set it to true to send",
        ),
        (
            {"allow_live_send": False},
            {"allow_live_send": "WHATSAPP_ALLOW_LIVE_SEND"},
            "WHATSAPP_ALLOW_LIVE_SEND is false; set it to true to send",
        ),
        (
            {},
            {},
            (
                "spec.platforms.whatsapp.allow_live_send is not set, and neither is WHATSAPP_ALLOW_LIVE_SEND; "
                "set one of them to true to send"
            ),
        ),
        ({"api_url": API_URL}, {}, None),  # nothing leaves this machine
        ({"api_url": API_URL, "hold_on_loopback": True, "allow_live_send": True}, {}, None),
    ],
)
def test_the_gate_says_which_key_or_variable_closes_it(
    changes: dict[str, Any], told_by: dict[str, str], reason: str | None
) -> None:
    given = {"phone_number_id": "1", "access_token": "t", "verify_token": "v", "app_secret": "s", **changes}
    assert WhatsAppConfig.model_validate(given, context={TOLD_BY: told_by}).closed_by == reason


@pytest.mark.parametrize("listed", [{"allowed_numbers": []}, {"allowed_users": ["US.1"]}])
def test_everyone_and_a_list_contradict_each_other(configure: Configure, listed: dict[str, list[str]]) -> None:
    assert "contradicts" in refusal(configure, **listed)


def test_an_empty_list_is_a_word_on_who_may_talk(configure: Configure) -> None:
    assert configure(allow_everyone=False, allowed_users=[]).allowed_users == ()


def test_an_unknown_key_is_refused(configure: Configure) -> None:
    assert "allowed_number" in refusal(configure, allowed_number=["+16505551234"])


def test_the_keys_that_may_name_a_variable_exist(configure: Configure) -> None:
    assert WhatsAppConfig.env_keys <= set(WhatsAppConfig.model_fields)


def test_every_key_has_its_page_in_the_reference() -> None:
    assert [key for key, words in words_on(WhatsAppConfig).items() if not words] == []


@pytest.mark.parametrize(
    ("listed", "on_the_wire"),
    [
        ("+52 55 1234 5678", "5215512345678"),  # as WhatsApp writes many numbers of Mexico
        ("+52 1 55 1234 5678", "5215512345678"),
        ("+52 1 55 1234 5678", "525512345678"),
        ("+55 11 91234-5678", "5511912345678"),
        ("+55 11 98765-4321", "551187654321"),  # registered before mobiles in Brazil had a ninth digit
        ("+55 11 8765-4321", "5511987654321"),
        ("+54 9 11 5123-4567", "5491151234567"),
    ],
)
def test_a_number_is_known_in_every_spelling_that_whatsapp_has_for_it(
    configure: Configure, listed: str, on_the_wire: str
) -> None:
    assert number_of(on_the_wire) in (configure(allow_everyone=False, allowed_numbers=[listed]).allowed_numbers or ())


@pytest.mark.parametrize(
    ("listed", "on_the_wire"),
    [
        ("+55 11 3234-5678", "5511932345678"),  # a landline has no second spelling
        ("+1 555 123 4567", "115551234567"),
        ("+4915112345678", "49115112345678"),
    ],
)
def test_no_other_number_passes_for_a_listed_one(configure: Configure, listed: str, on_the_wire: str) -> None:
    numbers = configure(allow_everyone=False, allowed_numbers=[listed]).allowed_numbers
    assert numbers is not None
    assert number_of(on_the_wire) not in numbers
