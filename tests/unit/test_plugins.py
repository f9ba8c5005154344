"""Platforms and agents are found by entry point, and imported when they are asked for."""

from importlib.metadata import EntryPoint, EntryPoints, entry_points

import pytest

from aof import plugins
from aof.domain.errors import ConfigError
from aof.platforms.telegram import TelegramPlatform
from aof.platforms.whatsapp import WhatsAppPlatform


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside our own platforms one whose extra is not installed."""
    pigeon = EntryPoint("carrier_pigeon", "no_such_module:Pigeon", "aof.platforms")
    points = EntryPoints([*entry_points(group="aof.platforms"), pigeon])
    monkeypatch.setattr(plugins, "_entries", lambda _: points)


def test_our_own_platforms_are_found_as_any_other() -> None:
    assert plugins.find("aof.platforms", "telegram") is TelegramPlatform
    assert plugins.find("aof.platforms", "whatsapp") is WhatsAppPlatform


@pytest.mark.usefixtures("broken")
def test_one_that_nobody_names_may_lack_what_it_needs() -> None:
    installed = plugins.Installed("aof.platforms")
    assert list(installed) == ["carrier_pigeon", "http", "telegram", "whatsapp"]
    assert installed["whatsapp"] is WhatsAppPlatform
    with pytest.raises(ConfigError, match=r"pip install 'aof\[carrier_pigeon\]'"):
        installed["carrier_pigeon"]


def test_what_is_not_installed_is_said() -> None:
    assert "telegraph" not in plugins.Installed("aof.platforms")
    with pytest.raises(KeyError):
        plugins.Installed("aof.platforms")["telegraph"]
    with pytest.raises(ConfigError, match="is not installed"):
        plugins.find("aof.agents", "telegraph")
