"""Who answers what, from what the files say."""

from collections.abc import Iterable, Mapping

import regex

from aof.config.trigger import Command
from aof.config.trigger import Trigger as TriggerFile
from aof.pipeline.route import Binding, Trigger
from aof.platforms.base import AnyPlatform


def triggers_of(files: Iterable[TriggerFile], platforms: Mapping[str, AnyPlatform]) -> dict[str, tuple[Trigger, ...]]:
    """The triggers that are switched on, by the account that they listen to."""
    switched_on = [file for file in files if file.enabled]
    return {
        account: tuple(_trigger(file) for file in switched_on if file.platform == platform.name)
        for account, platform in platforms.items()
    }


def _trigger(file: TriggerFile) -> Trigger:
    return Trigger(
        name=file.name,
        commands={word: _binding(command) for word, command in file.commands.items()},
        default_command=_binding(file.default_command) if file.default_command else None,
        default_agent=file.default_agent or "",
        channels=_set(file.channels),
        numbers=_set(file.numbers),
        users=_set(file.users),
        excluded=frozenset((*file.excluded_numbers, *file.excluded_users)),
        # and not by `re`, which can't give a search up after its time
        patterns=None if file.patterns is None else tuple(map(regex.compile, file.patterns)),
        events=_set(file.events),
        reads_all=file.reads_all,
    )


def _binding(command: Command) -> Binding:
    return Binding(command.agent, command.description, command.response)


def _set(listed: Iterable[str] | None) -> frozenset[str] | None:
    return None if listed is None else frozenset(listed)
