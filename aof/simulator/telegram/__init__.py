"""A stand-in for Telegram's Bot API that enforces what Telegram enforces. It shares no code with what it tests."""
