"""The only place where parts are put together: `assemble` checks a configuration, `Daemon` runs it."""

from aof.daemon.assembly import Assembly, assemble, platform_models, read
from aof.daemon.running import Daemon

__all__ = ["Assembly", "Daemon", "assemble", "platform_models", "read"]
