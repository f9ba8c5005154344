"""What the configuration of a bot takes, and what it refuses with which words."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from aof.config.docstrings import words_on
from aof.config.load import load
from aof.domain.errors import ConfigError
from aof.platforms.telegram import TelegramConfig

TOKEN = "9001:AAplanted-token_0123456789abcdefghij"
SECRET = "planted-webhook-secret"
ADDRESS = "https://bot.example.org/webhook/telegram"
WEBHOOK = {"webhook_url": ADDRESS, "webhook_secret": SECRET}
MODELS: dict[str, type[BaseModel]] = {"telegram": TelegramConfig}


def configure(**changes: Any) -> TelegramConfig:
    return TelegramConfig.model_validate({"bot_token": TOKEN, **changes})


def refusal(**changes: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        configure(**changes)
    return str(caught.value)


def test_a_token_alone_is_enough_and_the_defaults_are_the_safe_ones() -> None:
    config = configure()
    assert (config.enabled, config.mode, config.pairing, config.allow_everyone) == (True, "polling", True, False)
    assert (config.api_url, config.rich, config.bot_id) == ("https://api.telegram.org", "auto", "9001")
    assert (config.webhook_url, config.webhook_secret, config.allowed_groups) == (None, None, None)


@pytest.mark.parametrize(
    ("said", "mode"),
    [
        ({}, "polling"),
        (WEBHOOK, "webhook"),
        ({**WEBHOOK, "mode": "polling"}, "polling"),
        ({**WEBHOOK, "mode": "webhook"}, "webhook"),
        ({"webhook_url": None}, "polling"),
    ],
)
def test_an_address_makes_it_a_webhook_unless_the_mode_is_said(said: dict[str, Any], mode: str) -> None:
    assert configure(**said).mode == mode


@pytest.mark.parametrize(
    "token",
    ["", " \n", "no-colon", ":abcdef", "12a:abcdef", "1:ab/../getMe", "1:ab cdef", "1:ab?x=1", "1:äöüäöü", "1:x:yyy"],
)
def test_what_is_no_token_is_refused_without_being_quoted(token: str) -> None:
    said = refusal(bot_token=token)
    assert "@BotFather" in said
    assert token.strip() == "" or token not in said


def test_a_line_break_at_the_end_of_a_secret_is_dropped() -> None:
    config = configure(bot_token=f"{TOKEN}\n", webhook_url=ADDRESS, webhook_secret=f"{SECRET}\n")
    assert config.secrets == (TOKEN, TOKEN.partition(":")[2], SECRET)


@pytest.mark.parametrize("secret", ["", "short", "x" * 15, "x" * 257, "sixteen letters!", "geheimnisträger-0123"])
def test_a_secret_that_telegram_does_not_take_is_refused(secret: str) -> None:
    said = refusal(webhook_secret=secret)
    assert "openssl rand -hex 32" in said
    assert not secret or secret not in said


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"mode": "webhook", "webhook_secret": SECRET}, "webhook_url is missing"),
        ({"webhook_url": ADDRESS}, "webhook_secret_env"),
        ({**WEBHOOK, "webhook_url": "http://bot.example.org/webhook/telegram"}, "https"),
        ({**WEBHOOK, "webhook_url": "https://bot.example.org:8080/webhook/telegram"}, "443, 80, 88 or 8443"),
        ({**WEBHOOK, "webhook_url": "https://bot.example.org"}, "names no path"),
        ({**WEBHOOK, "webhook_url": "https://user:word@bot.example.org/x"}, "plain address"),
        ({**WEBHOOK, "webhook_url": "bot.example.org/webhook/telegram"}, "is no http(s) URL"),
        ({"api_url": "http://api.telegram.org"}, "in the clear"),
        ({"api_url": "http://127.0.0.1.example.org"}, "in the clear"),
        ({"api_url": "ftp://127.0.0.1"}, "is no http(s) URL"),
        ({"api_url": "https://api.telegram.org:99999"}, "is no URL"),
        ({"api_url": "https://api.telegram.org?x=1"}, "plain address"),
        ({"mode": "push"}, "mode"),
        ({"rich": "yes"}, "rich"),
        ({"allowed_users": ["@amina"]}, "write the number"),
        ({"allowed_users": ["+4915112345678"]}, "write the number"),
        ({"allowed_users": ["-1001234567890"]}, "write the number"),
        ({"allowed_groups": ["1234567890"]}, "minus sign"),
        ({"allowed_users": [], "allow_everyone": True}, "contradicts"),
        ({"allow_live_send": True}, "allow_live_send"),
    ],
)
def test_what_can_not_be_meant_is_refused_with_what_to_write(said: dict[str, Any], words: str) -> None:
    shown = refusal(**said)
    assert words in shown
    assert "planted" not in shown


@pytest.mark.parametrize(
    "said",
    [
        {"api_url": "http://127.0.0.1:8090/"},
        {"api_url": "http://localhost:8090"},
        {"api_url": "http://[::1]:8090"},
        {"api_url": "https://bots.example.org"},
        # a server of one's own brings webhooks to any port of this machine
        {**WEBHOOK, "api_url": "http://127.0.0.1:8090", "webhook_url": "http://127.0.0.1:9000/webhook/telegram"},
        {**WEBHOOK, "webhook_url": "https://bot.example.org:8443/webhook/telegram"},
    ],
)
def test_http_stays_on_this_machine(said: dict[str, Any]) -> None:
    assert configure(**said).api_url == said.get("api_url", "https://api.telegram.org").rstrip("/")


def test_people_and_groups_are_known_by_their_numbers() -> None:
    config = configure(allowed_users=["55501", " telegram:55502 "], allowed_groups=["-1001234567890"])
    assert (config.allowed_users, config.allowed_groups) == (("55501", "55502"), ("-1001234567890",))
    assert not config.pairing


def test_every_group_is_let_in_where_none_is_listed_and_an_empty_list_is_none() -> None:
    assert configure().allowed_groups is None
    assert configure(allowed_groups=[]).allowed_groups == ()


def test_no_secret_shows_in_a_printed_config() -> None:
    config = configure(**WEBHOOK)
    assert "planted" not in f"{config!r} {config} {config.model_dump()} {config.model_dump_json()}"


def test_the_keys_of_credentials_exist_and_every_key_has_its_page() -> None:
    assert TelegramConfig.env_keys | TelegramConfig.names_account <= set(TelegramConfig.model_fields)
    assert [key for key, words in words_on(TelegramConfig).items() if not words] == []


def _file(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "daemon.yaml"
    section = "\n".join(f"      {line}" for line in lines)
    path.write_text(
        f"apiVersion: aof.dev/v1\nkind: DaemonConfig\nmetadata: {{name: d}}\n"
        f"spec:\n  platforms:\n    telegram:\n{section}\n"
    )
    return path


def test_credentials_come_by_the_name_of_a_variable(tmp_path: Path) -> None:
    path = _file(
        tmp_path, "bot_token_env: BOT", "webhook_secret_env: WORD", f"webhook_url: {ADDRESS}", "allowed_users: [55501]"
    )
    loaded = load(path, MODELS, {"BOT": TOKEN, "WORD": SECRET})
    config = loaded.config.spec.platforms["telegram"]
    assert isinstance(config, TelegramConfig)
    assert (config.secrets[0], config.mode, config.allowed_users) == (TOKEN, "webhook", ("55501",))
    assert loaded.warnings == ()


def test_a_token_is_needed_even_where_nothing_is_sent_since_it_names_the_account(tmp_path: Path) -> None:
    path = _file(tmp_path, "bot_token_env: BOT", "webhook_secret_env: WORD", f"webhook_url: {ADDRESS}")
    with pytest.raises(ConfigError) as caught:
        load(path, MODELS, {}, credentials="optional")
    # the secret of the webhook is one of those that may be missing
    assert [line.partition(": ")[2] for line in str(caught.value).splitlines()] == [
        "spec.platforms.telegram.bot_token: BOT is not set. Export it, or name another variable."
    ]
    assert load(path, MODELS, {"BOT": TOKEN}, credentials="optional").config.spec.platforms["telegram"]
