"""Updates of the Bot API as events. Shapes: https://core.telegram.org/bots/api; nothing in them is trusted."""

from aof.platforms.telegram.parse.origin import Bot
from aof.platforms.telegram.parse.update import READ, events_of

__all__ = ["READ", "Bot", "events_of"]
