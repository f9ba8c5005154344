"""Updates of the Bot API as events. Shapes: https://core.telegram.org/bots/api; nothing in them is trusted."""

from aof.platforms.telegram.parse.origin import Bot
from aof.platforms.telegram.parse.update import events_of

__all__ = ["Bot", "events_of"]
