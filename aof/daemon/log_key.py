"""What keeps anybody from finding a conversation by its hash in a log."""

import hashlib

from aof.daemon.assembly import Assembly


def log_key_of(assembly: Assembly, store_id: str) -> str:
    """The key under which logs hash conversations. The store's id alone is none: it begins every part id in the log."""
    secrets = [secret for model in assembly.config.spec.platforms.values() for secret in getattr(model, "secrets", ())]
    return hashlib.blake2s("\0".join((store_id, *secrets)).encode(), digest_size=16).hexdigest()
