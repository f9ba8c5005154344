"""Which gates are closed."""

from collections.abc import Mapping

from aof.platforms.base import AnyPlatform


def closed_gates(platforms: Mapping[str, AnyPlatform]) -> dict[str, str]:
    """Why nothing leaves, by account."""
    return {account: gate.reason for account, platform in platforms.items() if (gate := platform.held_by())}
