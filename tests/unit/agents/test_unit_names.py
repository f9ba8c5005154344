import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.agents.runbook.unit_names import unit_in
from aof.tools.commands import fits


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("logs of nginx", "nginx.service"),
        ("Nginx logs", "nginx.service"),  # a phone's capital
        ("logs of NGINX", "nginx.service"),
        ("logs of NetworkManager", "NetworkManager.service"),
        ("journal nginx.service", "nginx.service"),
        ("journal of fstrim.timer", "fstrim.timer"),
        ("show me the logs for postgresql@15-main please", "postgresql@15-main.service"),
        ("is the nginx service up", "nginx.service"),
        ("what do the logs of redis say", "redis.service"),
        ("logs of nginx on prod-3", "nginx.service"),
        ("logs of nginx.", "nginx.service"),
        ("logs of foo\\x2dbar.service", "foo\\x2dbar.service"),
        ("why did cron fail", "cron.service"),
        ("سجل nginx", "nginx.service"),
        ("سجلات لـnginx", "nginx.service"),
        ("سجلات خدمة ssh من فضلك", "ssh.service"),
    ],
)
def test_a_named_unit_is_found(text: str, unit: str) -> None:
    assert unit_in(text, host="web-1") == unit


@pytest.mark.parametrize(
    "text",
    [
        "logs",
        "service logs",
        "servces",
        "failed servces",
        "are all services running",
        "is everything ok",
        "logs on web-1",
        "web-1 logs",
        "logs in prod",
        "السجلات",
        "",
        "logs of -fu",
        "logs of --vacuum-size=1",
        "logs of ../etc/shadow",
        "logs of /etc/shadow",
        "logs of *",
    ],
)
def test_where_none_is_named_none_is_guessed(text: str) -> None:
    assert unit_in(text, host="web-1") is None


def test_of_two_names_neither_is_picked() -> None:
    assert unit_in("logs nginx redis", host="web-1") is None


@given(st.text())
def test_whatever_is_typed_becomes_a_unit_or_nothing(text: str) -> None:
    found = unit_in(f"logs of {text}", host="web-1")
    assert found is None or fits("unit", found)
