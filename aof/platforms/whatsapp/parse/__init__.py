"""Webhooks of WhatsApp's Cloud API as events. Shapes: Meta's webhook reference; nothing in them is trusted."""

from aof.platforms.whatsapp.parse.envelope import events_again, events_of

__all__ = ["events_again", "events_of"]
