"""WhatsApp, through Meta's Cloud API."""

from aof.platforms.whatsapp.adapter import WhatsAppPlatform
from aof.platforms.whatsapp.config import WhatsAppConfig

__all__ = ["WhatsAppConfig", "WhatsAppPlatform"]
