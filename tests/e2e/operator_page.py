"""The page for operators, asked as a browser asks it."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from tests.e2e.service import PEOPLE
from tests.e2e.world import World, world

TOKENS = {
    "AOF_PAGE_AMINA": "token-of-amina-0001",
    "AOF_PAGE_OMAR": "token-of-omar-00002",
    "AOF_PAGE_BOSS": "token-of-boss-000003",
}
PAGE = {
    "people": [
        {"name": "Amina", "role": "viewer", "token_env": "AOF_PAGE_AMINA"},
        {"name": "Omar", "role": "operator", "token_env": "AOF_PAGE_OMAR"},
        {"name": "Boss", "role": "admin", "token_env": "AOF_PAGE_BOSS"},
    ]
}
VIEWER, OPERATOR, ADMIN = TOKENS.values()


@dataclass
class Answer:
    """What came back."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', self.text)
        assert found, self.text[:500]
        return found[1]

    @property
    def said(self) -> str:
        """The text of the screen, without tags."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.text).split())


@dataclass
class Browser:
    """Keeps cookies, and says where its forms come from."""

    url: str
    session: aiohttp.ClientSession
    headers: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> Answer:
        return await self._ask("GET", path, headers)

    async def post(self, path: str, headers: Mapping[str, str] | None = None, **form: str) -> Answer:
        """A form of the page itself, with the session's token in it."""
        if "csrf" not in form and path not in ("/sign-in", "/enter"):
            form["csrf"] = (await self.get("/")).csrf
        return await self.send(path, form, {"Origin": self.url, "Sec-Fetch-Site": "same-origin", **(headers or {})})

    async def send(self, path: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """Any form."""
        return await self._ask("POST", path, headers, data=form)

    async def signs_in(self, token: str) -> Answer:
        answer = await self.post("/sign-in", token=token)
        assert answer.status == 303, answer.said
        return answer

    async def _ask(self, method: str, path: str, headers: Mapping[str, str], **more: Any) -> Answer:
        where = self.url + (path if path.startswith(("http", "//")) else f"/operator{path}")
        async with self.session.request(
            method, where, headers={**self.headers, **headers}, allow_redirects=False, **more
        ) as response:
            return Answer(response.status, await response.text(), response.headers)


@asynccontextmanager
async def paged(folder: Path, *, agent: Any = None, page: Any = None, **spec: Any) -> AsyncIterator[World]:
    """A world with the page."""
    environ = {**TOKENS, **spec.pop("environ", {})}
    spec = {"people": PEOPLE, "operator": {"page": PAGE if page is None else page}, **spec}
    async with world(folder, agent=agent, environ=environ, **spec) as made:
        yield made


@asynccontextmanager
async def browsing(aof: World, token: str = "") -> AsyncIterator[Browser]:
    """Somebody at the page, signed in with a token."""
    assert aof.daemon is not None
    url = f"http://127.0.0.1:{aof.daemon.admin_port}"
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        browser = Browser(url, session)
        if token:
            await browser.signs_in(token)
        yield browser
