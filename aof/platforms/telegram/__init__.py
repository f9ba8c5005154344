"""Telegram, through the Bot API."""

from aof.platforms.telegram.adapter import TelegramPlatform
from aof.platforms.telegram.config import TelegramConfig

__all__ = ["TelegramConfig", "TelegramPlatform"]
