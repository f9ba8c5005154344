"""A chat daemon that puts ops agents on WhatsApp."""

__version__ = "0.1.0"
