"""What a tool may ask of a server, as it is configured."""

from typing import Any

import pytest
from pydantic import SecretStr

from aof.tools.http import HttpSettings


def test_a_server_may_be_read_and_no_more_unless_it_is_written() -> None:
    settings = HttpSettings("https://grafana.example")
    assert settings.allowed_methods == ("GET", "HEAD")
    assert settings.allow_private is False


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "https://user:pass@grafana.example"},
        {"base_url": "file:///etc/passwd"},
        {"allowed_methods": ("GET", "TRACE")},
        {"allowed_methods": ("get",)},
        {"headers": {"X-Key": "a\r\nHost: evil"}},
        {"headers": {"X Key": "a"}},
        {"headers": {"Host": "evil.example"}},
        {"headers": {"Transfer-Encoding": "chunked"}},
        {"headers": {"Cookie": "a=b"}},
        {"headers": {"authorization": "Basic x"}, "token": SecretStr("t")},
        {"token": SecretStr("a\nb")},
        {"timeout_seconds": 0},
        {"most_bytes": 0},
    ],
    ids=str,
)
def test_what_cannot_be_used_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"base_url|allowed_methods|headers|token|more than 0"):
        HttpSettings(**{"base_url": "https://grafana.example", **wrong})


def test_settings_show_no_secret() -> None:
    settings = HttpSettings("https://h.example", headers={"X-Key": "planted"}, token=SecretStr("planted"))
    assert "planted" not in repr(settings)
