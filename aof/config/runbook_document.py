"""A Runbook document becomes a `RunbookFile`, and the names that it mentions."""

import hashlib
from collections.abc import Iterator
from typing import Any

from aof.config.document import Node
from aof.config.mention import Mention, mentions
from aof.config.problem import Place
from aof.config.read import Reader, keys_in
from aof.config.resource import read_resource
from aof.config.runbook import RunbookConfig, RunbookFile, placeholders
from aof.config.spelling import nearest

_WITH_INPUTS = ("run", "undo", "dry_run", "say")


def read_runbook(root: Node, reader: Reader) -> tuple[RunbookFile | None, list[Mention]]:
    """The runbook, None where it is refused; and what it names, which can be checked either way."""
    config, written = read_resource(root, reader, RunbookConfig)
    spec = keys_in(dict(written), "spec")
    refused = _check_inputs(spec, reader)
    named = list(mentions("context", spec.get("context"), ("spec", "context"), reader))
    for position, action in enumerate(_listed(spec.get("actions"))):
        place: Place = ("spec", "actions", position, "runbook")
        named += mentions("runbook", keys_in({"of": action}, "of").get("runbook"), place, reader)
    if config is None or refused:
        return None, named
    told = config.model_dump_json()
    digest = hashlib.sha256(told.encode()).hexdigest()
    name, description = config.metadata.name, config.metadata.description
    line = reader.lines[()]
    lines = {name: reader.lines.get(("metadata", "name"), line)}
    for language, phrases in config.spec.phrases.by_language.items():
        for position, phrase in enumerate(phrases):
            lines[phrase] = reader.lines.get(("spec", "phrases", str(language), position), line)
    return RunbookFile(name, description, config.spec, reader.findings.file, line, digest, lines), named


def _check_inputs(spec: dict[str, Any], reader: Reader) -> bool:
    """Refuse every `{name}` that is no input; whether there is one."""
    known = keys_in(spec, "inputs")
    refused = False
    for place, text in _texts(spec):
        for name in placeholders(text):
            if name not in known:
                line = reader.lines.get(place) or reader.lines[place[:-1]]
                meant = nearest(name, known)
                remedy = f'Did you mean "{{{meant}}}"?' if meant else "Add it under spec.inputs."
                reader.refuse(line, place, f"there is no input {name}", remedy)
                refused = True
    return refused


def _texts(spec: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    for position, step in enumerate(_listed(spec.get("steps"))):
        for key in _WITH_INPUTS:
            yield from _within(("spec", "steps", position, key), step.get(key) if isinstance(step, dict) else None)
    for position, action in enumerate(_listed(spec.get("actions"))):
        yield from _within(
            ("spec", "actions", position, "text"), action.get("text") if isinstance(action, dict) else None
        )
    yield from _within(("spec", "response"), spec.get("response"))


def _within(place: Place, written: Any) -> Iterator[tuple[Place, str]]:
    if isinstance(written, str):
        yield place, written
    for position, one in enumerate(_listed(written)):
        if isinstance(one, str):
            yield (*place, position), one


def _listed(written: Any) -> list[Any]:
    return written if isinstance(written, list) else []
