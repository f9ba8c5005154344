"""A Trigger document becomes a `Trigger`, and the names of agents that it refers to."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import ValidationError

from aof.config.document import Node, line_of
from aof.config.naming import doubt_names
from aof.config.phones import as_whatsapp_may_write
from aof.config.problem import Place, dotted
from aof.config.read import DROPPED, Entry, Reader, TooMuch, keys_in
from aof.config.refusals import refuse_all
from aof.config.trigger import (
    DEFAULT,
    Command,
    CommandConfig,
    Trigger,
    TriggerConfig,
    TriggerFilters,
    command_name,
    is_command,
)

_COMMANDS = ("spec", "commands")
_CONFIG = ("spec", "config")


@dataclass(frozen=True, slots=True)
class Reference:
    """A place that names an agent.

    Attributes:
        file: As problems name it.
        command: The command that the agent answers, if it is one.
    """

    agent: str
    file: str
    line: int
    key: str
    command: str | None = None


def read_trigger(root: Node, reader: Reader) -> tuple[Trigger | None, tuple[Reference, ...]]:
    """The trigger, None where it is refused; and its references, which can be checked either way."""
    reader.lines[()] = line_of(root)
    reader.special[_COMMANDS] = partial(_commands, reader)
    try:
        written = reader.section(root, TriggerConfig, ())
    except TooMuch:
        return None, ()
    if {("spec", "platform"), ("spec", "source")} & reader.failed:
        reader.failed.add(("spec", "type"))  # another dialect, which is refused by its own key
    doubt_names(keys_in(written, "metadata"), ("metadata",), reader)
    references = tuple(_references(keys_in(written, "spec"), reader))
    try:
        about = {"type": keys_in(written, "spec").get("type")}
        config = TriggerConfig.model_validate(written, context=about)
    except ValidationError as error:
        refuse_all(error, (), reader)
        return None, references
    return _trigger(config, reader), references


def _commands(reader: Reader, node: Node) -> dict[str, Any]:
    commands: dict[str, Any] = {}
    first: dict[str, Entry] = {}
    for entry in reader.entries(node, _COMMANDS, spelled=False, names=lambda text: bool(text.strip())):
        name = command_name(entry.written)
        place = (*_COMMANDS, name)
        if not is_command(entry.written):
            remedy = "Write a slash, then letters, digits, - and _, such as /pods."
            reader.findings.refuse(entry.line, _COMMANDS, "a key is not the name of a command", remedy)
        elif name in first:
            problem = f"is the same command as {first[name].written} on line {first[name].line}"
            reader.refuse(entry.line, place, problem, "Keep one of them.")
        else:
            first[name] = entry
            reader.lines[place] = entry.line
            value = reader.value(entry.value, CommandConfig, place, entry.line)
            if value is not DROPPED:
                commands[name] = value
            if {(*place, "fleet"), (*place, "flow")} & reader.failed:
                reader.failed.add((*place, "agent"))
    return commands


def _references(spec: dict[str, Any], reader: Reader) -> Iterator[Reference]:
    if spec.get("enabled") is False:
        return
    commands = spec.get("commands")
    named: list[tuple[Place, Any, str | None]] = [(("spec", "default_agent"), spec.get("default_agent"), None)]
    for name, command in commands.items() if isinstance(commands, dict) else ():
        if isinstance(command, dict):
            named.append(((*_COMMANDS, name, "agent"), command.get("agent"), name))
    for place, agent, command in named:
        if isinstance(agent, str) and agent.strip():
            yield Reference(agent.strip(), reader.findings.file, reader.lines.get(place, 0), dotted(place), command)


def _trigger(config: TriggerConfig, reader: Reader) -> Trigger:
    spec = config.spec
    commands = {
        name: Command(command.agent, command.description, command.response) for name, command in spec.commands.items()
    }
    numbers, users = _people(spec.config)
    excluded = spec.config.excluded_users
    return Trigger(
        name=config.metadata.name,
        platform=spec.type.lower(),
        enabled=spec.enabled,
        default_command=commands.pop(DEFAULT, None),
        commands=commands,
        default_agent=spec.default_agent,
        numbers=numbers,
        users=users,
        excluded_numbers=as_whatsapp_may_write(one for one in excluded if one.startswith("+")),
        excluded_users=tuple(one for one in excluded if not one.startswith("+")),
        channels=_filter(spec.config.channels, "channels", reader),
        patterns=_filter(spec.config.patterns, "patterns", reader),
        events=_filter(spec.config.events, "events", reader),
        reads_all=spec.config.group_messages == "all",
        file=reader.findings.file,
        line=reader.lines[()],
    )


def _people(filters: TriggerFilters) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    if filters.users is None and filters.allowed_numbers is None:
        return None, None
    listed = filters.users or ()
    if "*" in listed:
        return None, None
    numbers = [*(filters.allowed_numbers or ()), *(one for one in listed if one.startswith("+"))]
    return as_whatsapp_may_write(numbers), tuple(one for one in listed if not one.startswith("+"))


def _filter(values: tuple[str, ...] | None, key: str, reader: Reader) -> tuple[str, ...] | None:
    place: Place = (*_CONFIG, key)
    if values or values is None or place in reader.emptied:
        return values
    reader.findings.warn(reader.lines[place], place, "is empty, and so no filter", "Remove the key.")
    return None
