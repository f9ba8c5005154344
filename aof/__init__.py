"""A chat daemon that puts ops agents on WhatsApp and Telegram."""

__version__ = "0.1.0"
