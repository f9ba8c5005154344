"""Programs that talk to agents by signed JSON over HTTP."""

from aof.platforms.http.adapter import HTTPPlatform
from aof.platforms.http.config import HTTPConfig

__all__ = ["HTTPConfig", "HTTPPlatform"]
