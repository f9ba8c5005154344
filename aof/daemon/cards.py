"""The cards that whoever decides gets, also where they are only read beside the daemon."""

from collections.abc import Mapping

from aof.daemon.access import access_of
from aof.daemon.assembly import Assembly
from aof.pipeline.cards import Cards
from aof.pipeline.parties import Known, Parties
from aof.platforms.base import AnyPlatform
from aof.store.approvals import Reachable
from aof.store.sqlite import SQLiteStore
from aof.texts.language import Language


def cards_of(assembly: Assembly, store: SQLiteStore, platforms: Mapping[str, AnyPlatform]) -> Cards:
    """Who is asked, and what they read."""
    languages: dict[str, Language] = {
        person.name: person.language for person in assembly.config.spec.people if person.language
    }
    parties = Parties(tuple(_known(assembly)))
    access = {account: access_of(assembly, platform) for account, platform in platforms.items()}

    async def admits(at: Reachable) -> bool:
        person = at.address.person
        standing = await store.standing(at.account, person)
        # who has opted out would not get the card, and must not be named as asked
        return access[at.account].admits(person, standing) and standing.consent != "out"

    return Cards(store, platforms, parties, languages, assembly.config.spec.runtime.language, admits)


def _known(assembly: Assembly) -> list[Known]:
    known = []
    for person in assembly.config.spec.people:
        ids = {f"{platform}:{one}" for platform, one in person.accounts}
        ids |= {f"console:{one}" for one in person.console}
        known.append(Known(person.name, frozenset(person.roles), frozenset(ids)))
    return known
