"""Who may talk, from what the configuration says."""

from collections.abc import Collection, Iterator
from typing import Protocol, cast

from aof.daemon.assembly import Assembly
from aof.pipeline.admit import Access, People, Person
from aof.platforms.base import AnyPlatform


class _WhoMayTalk(Protocol):
    """What every platform's configuration says; one whose people have numbers says `allowed_numbers` too, and one with
    groups of its own `allowed_groups`."""

    allow_everyone: bool
    allowed_users: tuple[str, ...] | None


def access_of(assembly: Assembly, platform: AnyPlatform) -> Access:
    """The access of one account, with the people that it knows."""
    who, operator = cast("_WhoMayTalk", platform.config), assembly.config.spec.operator
    return Access.of(
        everyone=who.allow_everyone,
        numbers=getattr(who, "allowed_numbers", None),
        user_ids=who.allowed_users,
        people=People(people_of(assembly, platform.name)),
        operators=operator.operators if operator is not None and operator.platform == platform.name else (),
        groups=_groups(who),
    )


def _groups(who: _WhoMayTalk) -> Collection[str] | None:
    """The groups that are let in; with none named nobody is answered in any, unless everybody is everywhere."""
    if not hasattr(who, "allowed_groups"):
        return None
    listed: Collection[str] | None = who.allowed_groups
    return () if listed is None and not who.allow_everyone else listed


def people_of(assembly: Assembly, platform: str) -> Iterator[Person]:
    """The people of the configuration by what they go by on a platform. A number begins with a plus sign."""
    for person in assembly.config.spec.people:
        aliases: tuple[str, ...] = getattr(person, platform, ())
        yield Person(
            name=person.name,
            numbers=frozenset(alias for alias in aliases if alias.startswith("+")),
            user_ids=frozenset(alias for alias in aliases if not alias.startswith("+")),
            language=person.language,
        )
