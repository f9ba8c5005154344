"""Durable inbox, outbox, conversations and audit."""
