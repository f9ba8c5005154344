"""One person at one terminal, within the program that answers them."""

from aof.platforms.console.adapter import ConsolePlatform
from aof.platforms.console.config import ConsoleConfig
from aof.platforms.console.seat import ACCOUNT, Seat

__all__ = ["ACCOUNT", "ConsoleConfig", "ConsolePlatform", "Seat"]
