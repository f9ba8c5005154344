"""Signing in and out, and how somebody wants to see the page."""

from collections.abc import Iterable
from datetime import timedelta

from aiohttp import web

from aof.config.page import PagePerson
from aof.domain.signing import digest_of, is_same, new_secret
from aof.logs import get
from aof.texts.language import Language
from aof.web.guard import Origins
from aof.web.operator.frame import Frame, form_of
from aof.web.operator.guard import path_back
from aof.web.operator.throttle import Attempts
from aof.web.operator.visit import PREFIX, VISIT

log = get(__name__)

LONGEST_SECRET = 512


class Signing:
    """The doors of the page."""

    def __init__(self, frame: Frame, origins: Origins) -> None:
        self._frame = frame
        self._origins = origins
        self._attempts = Attempts()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/sign-in", self.door),
            web.post("/sign-in", self.sign_in),
            web.get("/enter", self.link),
            web.post("/enter", self.enter),
            web.post("/sign-out", self.sign_out),
            web.post("/prefer", self.prefer),
        ]

    async def door(self, request: web.Request) -> web.Response:
        return self._frame.outside(request, "sign_in.html", why="")

    async def sign_in(self, request: web.Request) -> web.Response:
        """With a token."""
        if (refused := self._throttled(request)) is not None:
            return refused
        token = str((await request.post()).get("token", ""))[:LONGEST_SECRET]
        person = whose(token, self._frame.config.people) if token else None
        if person is None:
            return self._refuse(request, "token", 401)
        secret, now = new_secret(), self._frame.clock.now()
        await self._frame.store.sign_in(person.name, digest_of(secret), now=now, expires_at=now + self._lasts)
        return self._in(secret)

    async def link(self, request: web.Request) -> web.Response:
        """Whom a link signs in. It is used up by the form below it: what fetches addresses beforehand uses up none."""
        key = request.query.get("key", "")[:LONGEST_SECRET]
        name = await self._frame.store.link(digest_of(key), now=self._frame.clock.now()) if key else None
        if name is None or self._frame.config.person(name) is None:
            return self._frame.outside(request, "sign_in.html", status=410, why="link_over")
        return self._frame.outside(request, "enter.html", name=name, key=key)

    async def enter(self, request: web.Request) -> web.Response:
        """With a link, once."""
        if (refused := self._throttled(request)) is not None:
            return refused
        key = str((await request.post()).get("key", ""))[:LONGEST_SECRET]
        secret, now = new_secret(), self._frame.clock.now()
        name = await self._frame.store.enter(digest_of(key), digest_of(secret), now=now, expires_at=now + self._lasts)
        if name is None:
            return self._refuse(request, "link", 410)
        return self._in(secret)

    async def sign_out(self, request: web.Request) -> web.Response:
        visit = request[VISIT]
        await form_of(request, visit)
        await self._frame.store.sign_out(visit.session.digest, by=visit.desk.by, now=self._frame.clock.now())
        answer = self._frame.outside(request, "sign_in.html", why="signed_out")
        answer.del_cookie(self._frame.cookie, path="/", secure=self._frame.is_secure, httponly=True, samesite="Strict")
        return answer

    async def prefer(self, request: web.Request) -> web.Response:
        """Language and colours."""
        visit = request[VISIT]
        form = await form_of(request, visit)
        language, theme = form.get("language", visit.session.language), form.get("theme", visit.session.theme)
        await self._frame.store.prefer(
            visit.session.digest,
            language=language if language in list(Language) else "",
            theme=theme if theme in ("light", "dark") else "",
        )
        raise web.HTTPSeeOther(path_back(form.get("to", "")))

    @property
    def _lasts(self) -> timedelta:
        return timedelta(hours=self._frame.config.session_hours)

    def _throttled(self, request: web.Request) -> web.Response | None:
        wait = self._attempts.wait(self._origins.of(request), self._frame.clock.now())
        if wait is None:
            return None
        seconds = max(1, int(wait.total_seconds()) + 1)
        answer = self._frame.outside(request, "sign_in.html", status=429, why="too_many", minutes=-(-seconds // 60))
        answer.headers["Retry-After"] = str(seconds)
        return answer

    def _refuse(self, request: web.Request, way: str, status: int) -> web.Response:
        origin = self._origins.of(request)
        self._attempts.failed(origin, self._frame.clock.now())
        log.warning("page_sign_in_refused", way=way, remote=origin)
        why = "token_wrong" if way == "token" else "link_over"
        return self._frame.outside(request, "sign_in.html", status=status, why=why)

    def _in(self, secret: str) -> web.Response:
        """A redirect that sets the cookie."""
        answer = web.Response(status=303, headers={"Location": f"{PREFIX}/"})
        answer.set_cookie(
            self._frame.cookie,
            secret,
            max_age=int(self._lasts.total_seconds()),
            path="/",
            secure=self._frame.is_secure,
            httponly=True,
            samesite="Strict",
        )
        return answer


def whose(token: str, people: Iterable[PagePerson]) -> PagePerson | None:
    """Who signs in with a token. All are compared, so that the time tells nothing."""
    given, found = digest_of(token.strip()), None
    for person in people:
        if person.token is not None and is_same(given, digest_of(person.token.get_secret_value().strip())):
            found = person
    return found
