"""What the configuration of the HTTP platform takes, and what it refuses with which words."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from aof.platforms.http import HTTPConfig, HTTPPlatform

SECRET, OTHER = "a-secret-of-the-test", "another-secret-of-it"
CALLBACK = {"callback_url": "https://status.example.org/aof", "callback_secret": OTHER}


def configured(**keys: Any) -> HTTPConfig:
    return HTTPConfig.model_validate({"secret": SECRET, "allowed_users": ["ada"], **keys})


def refusal(**keys: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        configured(**keys)
    said = str(caught.value)
    assert SECRET not in said
    assert OTHER not in said
    return said


def test_the_defaults_let_nobody_in() -> None:
    config = HTTPConfig.model_validate({"secret": f" {SECRET}\n"})
    assert (config.name, config.replay_seconds, config.callback_url) == ("http", 300, None)
    assert (config.allow_everyone, config.allowed_users, config.allowed_numbers) == (False, None, ())
    assert config.secrets == (SECRET,)
    ((key, said),) = HTTPPlatform.doubts(config, date(2026, 11, 27))
    assert (key, said) == ("allowed_users", "is not written, so nobody is listened to")
    assert HTTPPlatform.doubts(configured(), date(2026, 11, 27)) == ()


def test_two_secrets_while_one_is_changed() -> None:
    assert configured(secret=[SECRET, OTHER]).secrets == (SECRET, OTHER)
    assert "a list of two" in refusal(secret=[])
    assert "a list of two" in refusal(secret=[SECRET, OTHER, SECRET + OTHER])
    assert "at least 16 characters" in refusal(secret="short")
    assert "printable ASCII" in refusal(secret="a-secret-with-ümlauts")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://status.example.org", "is no http(s) URL"),
        ("status.example.org", "is no http(s) URL"),
        ("https://[::1", "is no URL"),
        ("https://status.example.org:99999/", "is no URL"),
        ("https://status.example.org:0/", "is no http(s) URL"),
        ("https://ada:word@status.example.org/", "without user"),
        ("https://status.example.org/#x", "without user and fragment"),
        ("http://status.example.org/", "in the clear"),
        ("http://127.0.0.1.example.org/", "in the clear"),
        ("http://10.0.0.1/", "in the clear"),
        ("https://status.example.org/\u202e", "is no http(s) URL"),
    ],
)
def test_a_callback_that_is_none_is_refused(url: str, said: str) -> None:
    assert said in refusal(**CALLBACK | {"callback_url": url})


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/x", "http://localhost/x", "http://[::1]/x", "https://10.0.0.1/"]
)
def test_http_is_for_this_machine_and_https_for_any(url: str) -> None:
    assert configured(**CALLBACK | {"callback_url": url}).callback_url == url


def test_what_belongs_together_and_what_contradicts() -> None:
    assert "belong together" in refusal(callback_url=CALLBACK["callback_url"])
    assert "belong together" in refusal(callback_secret=OTHER)
    assert "could sign as anybody" in refusal(**CALLBACK | {"callback_secret": SECRET})
    assert "keep one of them" in refusal(allow_everyone=True)
    assert configured(allow_everyone=True, allowed_users=None).allowed_numbers is None
    assert "name" in refusal(name="Not A Name")
    assert configured(name="status-page").name == "status-page"
