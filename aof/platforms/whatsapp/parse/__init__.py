"""Webhooks of WhatsApp's Cloud API as events. Shapes: Meta's webhook reference; nothing in them is trusted."""

from aof.platforms.whatsapp.parse.envelope import events_of

__all__ = ["events_of"]
