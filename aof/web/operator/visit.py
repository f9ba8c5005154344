"""Somebody who is signed in, and what they ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from aiohttp import web

from aof.config.page import PagePerson, PageRole
from aof.pipeline.desk.base import Desk
from aof.store.sessions import Session
from aof.texts.language import Language
from aof.web.operator.words import Words

PREFIX = "/operator"
"""Where the page is on its port."""

RANKS: tuple[PageRole, ...] = get_args(PageRole)
"""Each may do what those before it may."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who is signed in."""

    session: Session
    person: PagePerson
    """As the configuration has them now."""
    language: Language
    csrf: str
    """What every form of this session sends back."""
    desk: Desk
    """Where they sit, under their own name."""

    @property
    def words(self) -> Words:
        return Words(self.language)

    def may(self, role: PageRole) -> bool:
        return RANKS.index(self.person.role) >= RANKS.index(role)


VISIT = web.RequestKey("visit", Visit)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request names."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    typed: Mapping[str, str] = field(default_factory=dict)
    """Of a form that was not carried out."""

    def number(self, name: str) -> int:
        """A number of the path.

        Raises:
            HTTPNotFound: It is none that a row could have.
        """
        return _number(self.path[name])

    def before(self) -> int | None:
        """The row that a list goes on from."""
        given = self.query.get("before", "")
        return _number(given) if given else None


@dataclass(frozen=True, slots=True)
class Shown:
    """A template, and what stands in it."""

    template: str
    values: Mapping[str, Any]


def _number(given: str) -> int:
    if not (given.isascii() and given.isdecimal() and len(given) < 19):
        raise web.HTTPNotFound
    return int(given)
