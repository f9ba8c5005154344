"""The frame around every section: who asks, what they may, what every screen has, and how a form is carried out."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol

import aiohttp_jinja2
from aiohttp import web
from jinja2 import PackageLoader, StrictUndefined

from aof.clock import Clock
from aof.config.daemon import AdminConfig
from aof.config.page import PageConfig, PageRole
from aof.domain.errors import NameTaken
from aof.domain.signing import csrf_of, digest_of, is_same
from aof.pipeline.desk.base import Desk, Refused
from aof.store.operators import OperatorStore
from aof.store.reading import Reading, Trouble
from aof.texts.language import Language
from aof.web.operator import shown
from aof.web.operator.assets import ASSETS
from aof.web.operator.guard import NotFromHere
from aof.web.operator.visit import PREFIX, VISIT, Asked, Shown, Visit
from aof.web.operator.words import Words


class PageStore(OperatorStore, Reading, Protocol):
    """What the page asks of a store."""


View = Callable[[Visit, Asked], Awaitable[Shown]]
"""What is shown."""
Deed = Callable[[Visit, Asked], Awaitable[str]]
"""What a form does; what it returns is said on the next screen."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What needs somebody, beside the names of sections."""

    deliveries: int = 0
    approvals: int = 0
    drafts: int = 0
    people: int = 0
    quarantine: int = 0
    newest: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """What all sections are made with."""

    store: PageStore
    clock: Clock
    desk: Desk
    """The daemon's own; each visit sits there under a name."""
    admin: AdminConfig
    config: PageConfig
    said: dict[str, str] = field(default_factory=dict)
    """What was done, by session, until the next screen says it."""
    opened: dict[tuple[str, str], str] = field(default_factory=dict)
    """A number that the next screen shows, by session and conversation."""

    @property
    def is_secure(self) -> bool:
        return (self.admin.public_url or "").startswith("https:")

    @property
    def cookie(self) -> str:
        """Its name; with the prefix a browser takes it encrypted and from this very host alone."""
        return "__Host-aof" if self.is_secure else "aof_page"

    async def visit(self, request: web.Request) -> Visit | None:
        """Who asks; None where nobody is signed in."""
        secret = request.cookies.get(self.cookie, "")
        session = await self.store.session(digest_of(secret), now=self.clock.now()) if secret else None
        person = self.config.person(session.person) if session is not None else None
        if session is None or person is None:
            return None
        language = Language(session.language) if session.language in list(Language) else asked_language(request)
        by = f"{person.name} (page)"
        return Visit(session, person, language, csrf_of(secret), replace(self.desk, by=by))

    def get(self, path: str, view: View) -> web.RouteDef:
        """A screen for everybody who is signed in."""

        async def show(request: web.Request) -> web.StreamResponse:
            visit = request[VISIT]
            asked = Asked(request.match_info, request.query)
            return await self.screen(request, visit, await view(visit, asked))

        return web.get(path, show)

    def post(self, path: str, role: PageRole, deed: Deed, view: View, *, to: str = "") -> web.RouteDef:
        """A form.

        Args:
            view: Shown again, with what was typed, where the deed is refused.
            to: The screen that follows, with names of the path in braces; empty: the path without its last piece.
        """

        async def act(request: web.Request) -> web.StreamResponse:
            visit = request[VISIT]
            if not visit.may(role):
                raise web.HTTPForbidden
            asked = Asked(request.match_info, request.query, await form_of(request, visit))
            try:
                self.said[visit.session.digest] = await deed(visit, asked)
            except Refused as refused:
                return await self._again(request, visit, asked, view, refused.said(visit.language))
            except NameTaken as taken:
                return await self._again(request, visit, asked, view, str(taken))
            there = PREFIX + (to or path.rpartition("/")[0])
            raise web.HTTPSeeOther(there.format(**request.match_info))

        return web.post(path, act)

    async def _again(self, request: web.Request, visit: Visit, asked: Asked, view: View, why: str) -> web.Response:
        trouble = visit.words.not_done(why.rstrip("."))
        return await self.screen(request, visit, await view(visit, asked), trouble=trouble, status=409)

    async def screen(
        self, request: web.Request, visit: Visit, what: Shown, *, trouble: str = "", status: int = 200
    ) -> web.Response:
        """A whole screen."""
        now = self.clock.now()
        values = {
            **_of_everybody(visit.words, now, request),
            "visit": visit,
            "theme": visit.session.theme,
            "counts": await self.counts(now),
            "said": self.said.pop(visit.session.digest, ""),
            "trouble": trouble,
            **what.values,
        }
        return aiohttp_jinja2.render_template(what.template, request, values, status=status)

    def outside(self, request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
        """A screen for who is not signed in."""
        words = Words(asked_language(request))
        values = {**_of_everybody(words, self.clock.now(), request), "visit": None, "theme": "", **values}
        return aiohttp_jinja2.render_template(template, request, values, status=status)

    def error(self, request: web.Request, status: int, sentence: str) -> web.StreamResponse:
        """What went wrong, in a sentence."""
        visit = request.get(VISIT)
        words = visit.words if visit is not None else Words(asked_language(request))
        values = {
            **_of_everybody(words, self.clock.now(), request),
            "visit": None,
            "theme": visit.session.theme if visit is not None else "",
            "why": str(getattr(words, sentence)()),
        }
        return aiohttp_jinja2.render_template("error.html", request, values, status=status)

    async def counts(self, now: datetime) -> Counts:
        trouble: Trouble = await self.store.trouble()
        questions = await self.store.open_approvals()
        asking = await self.store.paired(now=now)
        return Counts(
            deliveries=trouble.held + trouble.failed,
            approvals=sum(row.expires_at > now for row in questions),
            drafts=len(await self.store.opportunities(states=("open", "approval_required"), most=100)),
            people=sum(row.is_open for row in asking),
            quarantine=trouble.quarantined,
            newest=trouble.newest,
        )


def templates(app: web.Application) -> None:
    """Let an application render the page's templates; what is missing in one is a fault, and every value is escaped."""
    aiohttp_jinja2.setup(
        app,
        loader=PackageLoader("aof.web.operator"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        filters=dict(shown.FILTERS),
    )


async def form_of(request: web.Request, visit: Visit) -> Mapping[str, str]:
    """The fields of a form of this session.

    Raises:
        NotFromHere: The form is not one that this session was shown.
    """
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    if not is_same(form.pop("csrf", ""), visit.csrf):
        raise NotFromHere
    return form


def asked_language(request: web.BaseRequest) -> Language:
    """The first of ours that a browser asks for."""
    chosen = request.query.get("language", "") if isinstance(request, web.Request) else ""
    wanted = [chosen, *request.headers.get("Accept-Language", "").split(",")]
    for one in wanted:
        tag = one.strip()[:2].lower()
        if tag in list(Language):
            return Language(tag)
    return Language.ENGLISH


def _of_everybody(words: Words, now: datetime, request: web.Request) -> dict[str, Any]:
    return {
        "t": words,
        "language": words.language,
        "direction": "rtl" if words.language is Language.ARABIC else "ltr",
        "moment": partial(shown.moment, words, now),
        "left": lambda until: shown.left(words, until - now),
        "prefix": PREFIX,
        "here": request.path if request.method in ("GET", "HEAD") else request.path.rpartition("/")[0],
        "trouble": "",
        "section": request.path.removeprefix(PREFIX).split("/")[1] if "/" in request.path.removeprefix(PREFIX) else "",
        "assets": ASSETS,
        "typed": {},
    }
