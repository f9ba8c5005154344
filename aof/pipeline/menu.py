"""The menu of slash commands that a platform shows: written from what the configuration binds and the daemon knows."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from aof.clock import Clock
from aof.domain.delivery import next_attempt
from aof.domain.errors import Backoff, PlatformError, SendDeferred
from aof.formatting.characters import one_line
from aof.logs import get
from aof.pipeline.menus import BUILT_IN, said_of
from aof.pipeline.route import BUILTIN, Binding, Router, Trigger
from aof.platforms.base import AnyPlatform, MenuCommand, PublishesMenu
from aof.texts.language import Language

log = get(__name__)

_AGAIN = Backoff(timedelta(seconds=30), 2.0, timedelta(hours=1))
"""A menu that can't be published is an old menu, and nothing else."""


def menu_of(triggers: Sequence[Trigger], *, has_contexts: bool) -> dict[Language, tuple[MenuCommand, ...]]:
    """The commands of an account: what its triggers bind, of one word the first trigger's, then the daemon's own."""
    bound: dict[str, Binding] = {}
    for trigger in triggers:
        bound |= {word: binding for word, binding in trigger.commands.items() if word not in bound}
    own = [word for word in BUILT_IN if word not in bound and (word != "context" or has_contexts)]
    return {
        language: (
            *(
                MenuCommand(word, one_line(binding.description) or said_of(word, binding.agent, language))
                for word, binding in bound.items()
            ),
            *(MenuCommand(word, said_of(word, BUILTIN, language)) for word in own),
        )
        for language in Language
    }


@dataclass(frozen=True, slots=True)
class Publisher:
    """Tells one platform its menu."""

    platform: PublishesMenu
    name: str
    """Of the platform, for the log."""
    commands: Mapping[Language, Sequence[MenuCommand]]
    clock: Clock

    async def run(self, connected: asyncio.Event) -> None:
        """Publish it once the account is connected, again while the platform refuses, and return once that is done."""
        await connected.wait()
        try:
            await self._publish()
        except Exception:  # a fault costs the menu, and not the daemon
            log.exception("menu_broken", platform=self.name)

    async def _publish(self) -> None:
        spread = random.Random()  # noqa: S311 -- spreads waits, guards nothing
        for attempt in count():
            try:
                await self.platform.publish_menu(self.commands)
            except PlatformError as error:
                asked = error if isinstance(error, SendDeferred) else SendDeferred(error.reason, backoff=_AGAIN)
                wait = next_attempt(attempt, asked, spread=spread.random())
                log.warning(
                    "menu_refused",
                    platform=self.name,
                    code=error.code,
                    reason=error.reason,
                    wait_seconds=round(wait.total_seconds(), 3),
                )
                await self.clock.sleep(wait.total_seconds())
            else:
                log.info("menu_published", platform=self.name, commands=len(self.commands[Language.ENGLISH]))
                return


def publishers(
    platforms: Mapping[str, AnyPlatform], router: Router, clock: Clock, *, has_contexts: bool
) -> dict[str, Publisher]:
    """By account, of those platforms that have a menu."""
    return {
        account: Publisher(
            platform, platform.name, menu_of(router.triggers.get(account, ()), has_contexts=has_contexts), clock
        )
        for account, platform in platforms.items()
        if isinstance(platform, PublishesMenu)
    }
