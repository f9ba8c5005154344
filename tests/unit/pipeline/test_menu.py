"""What a platform's menu of commands shows, and how it gets there."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

from aof.clock import SteppedClock
from aof.domain.errors import Backoff, SendDeferred, SendRefused
from aof.pipeline.menu import Publisher, menu_of
from aof.pipeline.menus import BUILT_IN
from aof.pipeline.route import BUILTIN, Binding, Trigger
from aof.platforms.base import MenuCommand
from aof.texts.language import Language

Commands = Mapping[Language, Sequence[MenuCommand]]


def test_the_menu_is_what_help_lists_in_both_languages():
    ops = Trigger("ops", {"pods": Binding("k8s", "Pods and\nwhat ails them"), "status": Binding(BUILTIN)})
    other = Trigger("other", {"pods": Binding("rook"), "deploy": Binding("rook")})
    menu = menu_of((ops, other), has_contexts=False)
    english, arabic = menu[Language.ENGLISH], menu[Language.ARABIC]
    own = [word for word in BUILT_IN if word not in {"status", "context"}]
    assert [command.name for command in english] == ["pods", "status", "deploy", *own]
    assert [command.name for command in arabic] == [command.name for command in english]
    said = {command.name: command.description for command in english}
    assert (said["pods"], said["deploy"]) == ("Pods and what ails them", "rook")
    assert all(command.description for command in (*english, *arabic))
    assert {command.description for command in english if command.name in own}.isdisjoint(
        {command.description for command in arabic if command.name in own}
    )


def test_contexts_are_in_the_menu_where_there_are_some():
    assert "context" in {command.name for command in menu_of((), has_contexts=True)[Language.ENGLISH]}


class Taking:
    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.taken: list[Commands] = []

    async def publish_menu(self, commands: Commands) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.taken.append(commands)


class Patient(SteppedClock):
    """Waits at once, and remembers how long it was asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


def publishing(platform: Taking, clock: SteppedClock) -> tuple[Publisher, asyncio.Event]:
    return Publisher(platform, "telegram", menu_of((), has_contexts=True), clock), asyncio.Event()


async def test_it_is_published_once_when_the_account_is_connected():
    platform = Taking()
    publisher, connected = publishing(platform, Patient())
    running = asyncio.create_task(publisher.run(connected))
    await asyncio.sleep(0)
    assert platform.taken == []
    connected.set()
    await running
    assert platform.taken == [publisher.commands]


async def test_a_refusal_is_tried_again_after_the_wait_that_was_asked_for():
    asked = SendDeferred("slow down", backoff=Backoff(timedelta(0), 1, timedelta(0)), wait=timedelta(seconds=400))
    platform, clock = Taking(SendRefused("no"), asked), Patient()
    publisher, connected = publishing(platform, clock)
    connected.set()
    await publisher.run(connected)
    assert len(platform.taken) == 1
    first, second = clock.waits
    assert 30 <= first <= 37.5
    assert second == 400


async def test_a_fault_ends_nothing_but_the_menu():
    platform = Taking(RuntimeError("a fault"))
    publisher, connected = publishing(platform, Patient())
    connected.set()
    await publisher.run(connected)
    assert platform.taken == []
