"""Telegram, through the Bot API."""

from aof.platforms.telegram.config import TelegramConfig

__all__ = ["TelegramConfig"]
