"""Where an operator sits: the store beside a daemon, with what the configuration says of accounts and people."""

import asyncio
import os
import pwd
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Literal, Protocol

import aiohttp

from aof.clock import SystemClock
from aof.config.phones import as_whatsapp_may_write, number_or_id
from aof.daemon.access import access_of, people_of
from aof.daemon.assembly import Assembly
from aof.daemon.cards import cards_of
from aof.daemon.limits import limits_of
from aof.daemon.operators import operators_of
from aof.domain.budget import Budget, day_of
from aof.operator.opportunities import Intake
from aof.pipeline.closed_gates import closed_gates
from aof.pipeline.desk import base as desk
from aof.platforms.session import open_session
from aof.store.budgets import Budgets
from aof.store.operators import OperatorStore
from aof.store.sqlite import SQLiteStore
from aof.store.sqlite.database import announced, is_locked
from aof.texts import budgets as texts

ASK_SECONDS = 2.0
"""For the daemon's own word."""
MOST_BUDGETS = 20
"""That are shown, those with the most tokens first."""


class DeskStore(OperatorStore, Budgets, Protocol):
    """A store as operators see it."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a daemon says of itself on the operators' port."""

    state: Literal["down", "silent", "refused", "answers"]
    """down: no daemon has the store open. silent: one has, and does not answer. refused: it wants another token."""
    is_ready: bool = False
    reasons: Mapping[str, str] = field(default_factory=dict)
    """What keeps it from its work."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """What an operator should know, by account."""

    def __str__(self) -> str:
        match self.state:
            case "down":
                return "no daemon runs on this store"
            case "silent":
                return "a daemon runs, and its operators' port does not answer"
            case "refused":
                return (
                    "a daemon runs, and its operators' port wants the token of spec.server.admin: set its variable here"
                )
            case "answers":
                return f"a daemon runs and is {'ready' if self.is_ready else 'not ready'}"


@dataclass(frozen=True, slots=True)
class Desk(desk.Desk):
    """What operators' commands work with, beside a daemon."""

    store: "DeskStore"
    assembly: Assembly
    daemon: Word
    intake: Intake | None = None
    """Takes opportunities in; None: there are no operators."""

    def gates(self) -> dict[str, str]:
        """Why nothing leaves, by account.

        The word of the running daemon counts, which keeps to the file and the environment that it was started with;
        where it can't be asked, what the file says here and now.
        """
        if self.daemon.state == "answers":
            return {account: why for account, why in self.daemon.notes.items() if account in self.platforms}
        return closed_gates(self.platforms)

    @property
    def unseen(self) -> str:
        return str(self.daemon) if self.daemon.state in ("silent", "refused") else ""

    @property
    def page_url(self) -> str:
        """Where a browser finds the page: as it is known outside, else where the daemon listens or would."""
        admin = self.assembly.config.spec.server.admin
        here = announced(self.store.path) if self.daemon.state != "down" else ""
        return admin.public_url or here or f"http://{admin.host}:{admin.port}"

    async def aliases(self, account: str, who: str) -> list[str]:
        """What a name of the configuration or of a pairing goes by on an account; a number or user id is its own.

        Raises:
            ValueError: It looks like a number and is none.
        """
        platform = self.platforms[account].name
        found = [
            alias
            for person in people_of(self.assembly, platform)
            if person.name == who
            for alias in (*sorted(person.user_ids), *sorted(person.numbers))
        ]
        found += [
            row.user_id or row.number
            for row in await self.store.paired(now=self.now())
            if row.account == account and row.name == who and row.state == "approved"
        ]
        return found or list(as_whatsapp_may_write((number_or_id(who),)))

    async def budgets(self) -> list[str]:
        """What was counted for the budgets of the configuration today, a line each."""
        budgets = [
            Budget(scope, subject, limits)
            for scope, subject, _ in await self.store.spent_on(day_of(self.now()))
            if (limits := limits_of(self.assembly).get(scope))
        ]
        meters = await self.store.meters(budgets, now=self.now())
        return [texts.counted(meter, self.assembly.config.spec.budgets.currency) for meter in meters[:MOST_BUDGETS]]


@asynccontextmanager
async def sit_down(assembly: Assembly) -> AsyncIterator[Desk]:
    """A desk for as long as the body takes.

    Raises:
        StoreError: There is no store yet, or it is of another version.
        StoreBusy: It can't be opened.
    """
    spec = assembly.config.spec
    store = await SQLiteStore.open_beside(spec.store.file)
    try:
        async with open_session() as http:
            made = [kind(spec.platforms[name], http) for name, kind in assembly.platforms.items()]
            platforms = {platform.account: platform for platform in made}
            access = {account: access_of(assembly, platform) for account, platform in platforms.items()}
            cards, word = cards_of(assembly, store, platforms), await _ask(assembly, store.path, http)
            store.learn(linked=cards.parties.linked, settled=cards.settled)
            operators = operators_of(assembly, store, SystemClock(), platforms)
            intake = Intake(store, SystemClock(), operators, ring=_nobody_listens) if operators is not None else None
            yield Desk(
                store=store,
                platforms=platforms,
                access=access,
                cards=cards,
                people=spec.people,
                by=_who(),
                clock=SystemClock(),
                assembly=assembly,
                daemon=word,
                intake=intake,
            )
    finally:
        await store.close()


def _nobody_listens() -> None:
    """The daemon is another program: it finds by itself what was queued."""


async def _ask(assembly: Assembly, path: Path, http: aiohttp.ClientSession) -> Word:
    if not await asyncio.to_thread(is_locked, path):
        return Word("down")
    token = assembly.config.spec.server.admin.token
    headers = {"Authorization": f"Bearer {token.get_secret_value()}"} if token is not None else {}
    try:
        timeout = aiohttp.ClientTimeout(total=ASK_SECONDS)
        # where it listens the daemon itself has written down, so a token goes to nobody else
        async with http.get(f"{announced(path)}/ready", headers=headers, timeout=timeout) as answer:
            if answer.status == HTTPStatus.UNAUTHORIZED:
                return Word("refused")
            said = await answer.json()
            return Word("answers", answer.status == HTTPStatus.OK, said["reasons"], said["notes"])
    except (aiohttp.ClientError, TimeoutError, ValueError, LookupError, TypeError):
        return Word("silent")


def _who() -> str:
    """The user of this process, whatever its environment says; behind sudo also who asked."""
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        user = f"uid {os.getuid()}"
    asked = os.environ.get("SUDO_USER", "") if os.getuid() == 0 else ""
    return f"{asked} as {user}" if asked else user
