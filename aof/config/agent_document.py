"""An Agent document becomes an `AgentFile`."""

from functools import partial
from typing import Any

from pydantic import ValidationError

from aof.config.agent import NO_MODELS, PROMPTS, AgentConfig, AgentFile, FlatAgent
from aof.config.agent_tools import NAMES, is_known
from aof.config.document import Node, ScalarNode, is_null, line_of
from aof.config.environment import read_environment
from aof.config.naming import doubt_names
from aof.config.problem import Place
from aof.config.read import DROPPED, Reader, TooMuch, keys_in
from aof.config.refusals import refuse_all
from aof.config.spelling import folded, nearest

_DECIDE_ON_THE_MODEL = ("provider", "base_url", "model", "fallback_models")
_ELSEWHERE = ("redis", "postgresql")
"""Memories that AOF keeps in other stores than its own."""


def read_agent(root: Node, reader: Reader, *, flat: bool) -> AgentFile | None:
    """What can be known of an agent, also where parts of it are refused; None where not even its name can be."""
    base: Place = () if flat else ("spec",)
    model = FlatAgent if flat else AgentConfig
    reader.lines[()] = line_of(root)
    for prompt in PROMPTS:
        reader.special[*base, prompt] = partial(_as_written, reader, (*base, prompt))
    reader.special[*base, "env"] = partial(read_environment, reader, (*base, "env"))
    try:
        written = reader.section(root, model, ())
    except TooMuch:
        return None
    unset = _unset(reader, base)
    try:
        model.model_validate(written)
    except ValidationError as error:
        refuse_all(error, (), reader)
    spec, metadata = written if flat else keys_in(written, "spec"), keys_in(written, "metadata")
    name = written.get("name") if flat else metadata.get("name")
    if not isinstance(name, str):
        return None
    doubt_names(written if flat else metadata, () if flat else ("metadata",), reader)
    _doubt_tools(spec.get("tools"), (*base, "tools"), reader)
    _doubt_memory(spec.get("memory"), (*base, "memory"), reader)
    return AgentFile(
        name=name.strip(),
        description=str(spec.get("description") or metadata.get("description") or ""),
        model=_model(spec.get("model")),
        file=reader.findings.file,
        line=line_of(root),
        unavailable=f"{' and '.join(unset)} is not set, and {NO_MODELS}" if unset else NO_MODELS,
    )


def _as_written(reader: Reader, place: Place, node: Node) -> Any:
    # a prompt may quote ${GRAFANA_API_KEY}, and what it holds must not reach the vendor of a model
    if isinstance(node, ScalarNode):
        return None if is_null(node) else node.value
    reader.refuse(reader.lines[place], place, "wants one text", "Write one value, not a list or a mapping.")
    return DROPPED


def _unset(reader: Reader, base: Place) -> list[str]:
    """The variables that the model waits for: they cost the agent, and not the daemon."""
    at = len(base)
    places = [place for place in reader.unset if place[:at] == base and place[at] in _DECIDE_ON_THE_MODEL]
    reader.failed.update(places)
    return list(dict.fromkeys(reader.unset[place] for place in places))


def _model(written: object) -> str:
    if isinstance(written, dict):
        return ":".join(str(part) for part in (written.get("provider"), written.get("name")) if part)
    return str(written or "")


def _doubt_tools(written: object, place: Place, reader: Reader) -> None:
    for position, tool in enumerate(written if isinstance(written, list) else ()):
        name = tool
        if isinstance(tool, dict):
            built_in = tool.get("source", "builtin") == "builtin" and not tool.get("type")
            name = tool.get("name") if built_in else None
        if isinstance(name, str) and not is_known(name):
            meant = nearest(name, NAMES)
            remedy = f'Did you mean "{meant}"?' if meant else "Write the name of a built-in tool, or use an MCP server."
            at = (*place, position)
            problem = f"there is no tool {name}, the agent has to do without it"
            reader.findings.warn(reader.lines.get(at, 0), at, problem, remedy)


def _doubt_memory(written: object, place: Place, reader: Reader) -> None:
    named = written if isinstance(written, str) else ""
    if isinstance(written, dict):
        named = f"{written.get('type') or ''} {written.get('persistence') or ''}"
    if any(elsewhere in folded(named) for elsewhere in _ELSEWHERE):
        reader.findings.warn(
            reader.lines.get(place, 0), place, "is kept in the daemon's own store instead", "Write SQLite."
        )
