"""`aof check`: whether `aof serve` would start with a file, and what it would do."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel

from aof.cli.printing import json_text, redacted, visible_line
from aof.config.discover import daemon_files
from aof.config.phones import how_many
from aof.config.trigger import Command, Trigger
from aof.daemon import Assembly, read
from aof.domain.errors import ConfigError


def check(
    target: Annotated[
        Path,
        typer.Argument(
            metavar="[FILE|DIR]", envvar="AOF_CONFIG", help="A DaemonConfig file, or a directory that holds one."
        ),
    ] = Path("daemon.yaml"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check a configuration with everything that it names. What passes here, serve starts.

    Ends with 0 where all is well, 1 with every problem otherwise.
    """
    files = daemon_files(target) if target.is_dir() else [target]
    if not files:
        said = f"{target}: no file here holds a DaemonConfig. Copy daemon.yaml.example to daemon.yaml."
        print(visible_line(said), file=sys.stderr)
        raise typer.Exit(1)
    found = [_checked(file) for file in files]
    if as_json:
        print(json_text(found))
    else:
        for one in found:
            for line in one["problems"]:
                print(visible_line(line), file=sys.stderr)
            for line in () if one["problems"] else _lines(one):
                print(visible_line(line))
    if any(one["problems"] for one in found):
        raise typer.Exit(1)


def _checked(file: Path) -> dict[str, Any]:
    try:
        assembly = read(file, os.environ)
    except ConfigError as error:
        return {"file": str(file), "problems": str(error).splitlines()}
    warnings = [str(warning) for warning in assembly.warnings]  # without secrets by themselves
    return {"file": str(file), "problems": [], **redacted(_summary(assembly), assembly.redact), "warnings": warnings}


def _summary(assembly: Assembly) -> dict[str, Any]:
    spec = assembly.config.spec
    return {
        "platforms": {
            name: {
                "who_may_talk": _who_may_talk(spec.platforms[name]),
                "gate": _gate(spec.platforms[name]),
            }
            for name in assembly.platforms
        },
        "default_agent": spec.runtime.default_agent,
        "agents": {
            **dict.fromkeys(sorted(assembly.agents), "available"),
            **{name: f"unavailable: {agent.unavailable}" for name, agent in assembly.agent_files.items()},
        },
        "triggers": {
            trigger.name: _commands(trigger) if trigger.enabled else ["switched off"] for trigger in assembly.triggers
        },
        "contexts": sorted(assembly.contexts),
        "runbooks": sorted(assembly.runbooks),
        "classifications": [classification.name for classification in assembly.classifications],
        "people": len(spec.people),
    }


def _gate(model: BaseModel) -> str:
    closed_by = getattr(model, "closed_by", None)
    return f"closed, answers are held: {closed_by}" if closed_by else "open, answers are sent"


def _who_may_talk(model: BaseModel) -> str:
    if getattr(model, "pairing", False):
        return "pairing: who writes asks to be let in"
    if getattr(model, "allow_everyone", False):
        return "everyone"
    numbers, users = (
        how_many(getattr(model, "allowed_numbers", None) or ()),
        getattr(model, "allowed_users", None) or (),
    )
    said = [f"{numbers} number{'s' * (numbers != 1)}"] if numbers else []
    said += [f"{len(users)} user id{'s' * (len(users) != 1)}"] if users else []
    return " and ".join(said) or "nobody"


def _commands(trigger: Trigger) -> list[str]:
    commands: dict[str, Command | None] = {**trigger.commands, "default": trigger.default_command}
    said = [f"/{name} → {command.agent}" for name, command in commands.items() if command]
    return [*said, f"free text → {trigger.default_agent}"] if trigger.default_agent else said


def _lines(found: dict[str, Any]) -> Iterator[str]:
    yield f"{found['file']}: can be used"
    for name, platform in found["platforms"].items():
        yield f"  {name}: {platform['who_may_talk']}"
        yield f"    gate: {platform['gate']}"
    for name, state in found["agents"].items():
        default = ", answers by default" if name == found["default_agent"] else ""
        yield f"  agent {name}: {state}{default}"
    for name, commands in found["triggers"].items():
        yield f"  trigger {name}: {', '.join(commands) or 'no commands'}"
    for kind in ("contexts", "runbooks", "classifications"):
        if found[kind]:
            yield f"  {kind}: {', '.join(found[kind])}"
    if found["people"]:
        yield f"  people: {found['people']}"
    for warning in found["warnings"]:
        yield f"  warning: {warning}"
