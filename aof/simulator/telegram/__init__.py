"""A stand-in for Telegram's Bot API that enforces what Telegram enforces. It shares no code with what it tests."""

from aof.simulator.telegram.settings import GroupSettings, PersonSettings, TelegramSettings
from aof.simulator.telegram.simulator import TelegramSimulator

__all__ = ["GroupSettings", "PersonSettings", "TelegramSettings", "TelegramSimulator"]
