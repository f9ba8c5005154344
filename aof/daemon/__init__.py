"""The only place where parts are put together: `assemble` checks a configuration, `Daemon` runs it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aof.daemon.assembly import Assembly, assemble, platform_models, read
    from aof.daemon.running import Daemon

__all__ = ["Assembly", "Daemon", "assemble", "platform_models", "read"]


def __getattr__(name: str) -> Any:
    """Commands beside a daemon need no daemon, and it takes most of a second to import."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module("aof.daemon.running" if name == "Daemon" else "aof.daemon.assembly"), name)
