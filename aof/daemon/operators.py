"""Who decides about opportunities, also where that is only asked beside the daemon."""

from collections.abc import Mapping

from aof.clock import Clock
from aof.daemon.assembly import Assembly
from aof.operator.people import Known, Operators
from aof.platforms.base import AnyPlatform
from aof.store.sqlite import SQLiteStore


def operators_of(
    assembly: Assembly, store: SQLiteStore, clock: Clock, platforms: Mapping[str, AnyPlatform]
) -> Operators | None:
    """Who decides; None where nobody is configured, or their platform is switched off."""
    settings = assembly.config.spec.operator
    platform = next((one for one in platforms.values() if settings and one.name == settings.platform), None)
    if settings is None or platform is None:
        return None
    known = {}
    for person in assembly.config.spec.people:
        known[person.name] = Known(person.name, getattr(person, platform.name, ()), person.language)
    return Operators(store, clock, platform, settings.operators, known)
