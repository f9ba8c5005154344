"""The way in to the page for operators that a demo offers."""

from aof.daemon import Daemon
from aof.domain.signing import LINK_LASTS, digest_of, new_secret


async def entrance(daemon: Daemon, name: str) -> str:
    """A link that signs somebody in on the page of a daemon in this process, once."""
    secret, now = new_secret(), daemon.clock.now()
    await daemon.store.keep_link(name, digest_of(secret), by="aof demo", now=now, expires_at=now + LINK_LASTS)
    return f"http://127.0.0.1:{daemon.admin_port}/operator/enter?key={secret}"
