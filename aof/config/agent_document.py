"""An Agent document becomes an `AgentFile`."""

import hashlib
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from pydantic import ValidationError

from aof.config.agent import PROMPTS, AgentConfig, FlatAgent
from aof.config.agent_file import AgentFile, settings_of
from aof.config.agent_tools import NAMES, is_known
from aof.config.document import Node, ScalarNode, is_null, line_of
from aof.config.environment import read_environment
from aof.config.expand import is_variable_name, names_a_secret
from aof.config.naming import doubt_names
from aof.config.plain import read_plain
from aof.config.problem import Findings, Place
from aof.config.providers import OTHER_KEYS
from aof.config.read import DROPPED, Reader, TooMuch, keys_in
from aof.config.refusals import refuse_all
from aof.config.spelling import folded, nearest

_DECIDE_ON_THE_MODEL = ("provider", "base_url", "model", "fallback_models")
_KEYS_OF_A_SCHEMA = ("type", "properties", "items", "enum", "additional_properties", "one_of", "any_of")
NO_MODEL = "it names no model"
_ELSEWHERE = ("redis", "postgresql")
"""Memories that AOF keeps in other stores than its own."""


def read_agent(root: Node, reader: Reader, default_model: str | None, *, flat: bool) -> AgentFile | None:
    """What can be known of an agent, also where parts of it are refused; None where not even its name can be.

    Args:
        default_model: Of agents that name none.
    """
    base: Place = () if flat else ("spec",)
    model = FlatAgent if flat else AgentConfig
    reader.lines[()] = line_of(root)
    _prepare(reader, base)
    try:
        written = reader.section(root, model, ())
    except TooMuch:
        return None
    unset = _unset(reader, base)
    checked: AgentConfig | FlatAgent | None = None
    try:
        checked = model.model_validate(written)
    except ValidationError as error:
        refuse_all(error, (), reader)
    spec, metadata = written if flat else keys_in(written, "spec"), keys_in(written, "metadata")
    name = written.get("name") if flat else metadata.get("name")
    if not isinstance(name, str):
        return None
    doubt_names(written if flat else metadata, () if flat else ("metadata",), reader)
    _doubt_tools(spec.get("tools"), (*base, "tools"), reader)
    _doubt_servers(spec, base, reader)
    _check_restrictions(spec, base, reader)
    _doubt_memory(spec.get("memory"), (*base, "memory"), reader)
    if "model" not in spec and not default_model and not flat:
        problem, remedy = "is missing", "Add it, or runtime.default_model to the daemon's file."
        reader.refuse(reader.lines.get(base, line_of(root)), (*base, "model"), problem, remedy)
    elif "model" not in spec and not flat:
        _check_alone(spec, base, reader)
    settings = None
    if checked is not None:
        settings = settings_of(checked if isinstance(checked, FlatAgent) else checked.spec, default_model)
    # a model that is not known yet says nothing of its key
    key = settings.key_variable(settings.model) if settings and not unset else None
    if settings and any(reader.environ.get(name) for name in OTHER_KEYS.get(settings.model.provider, ())):
        key = None
    unset += [name for name in (*_key_variables(spec), key) if name and not reader.environ.get(name)]
    return AgentFile(
        name=name.strip(),
        description=str(spec.get("description") or metadata.get("description") or ""),
        model=_model(spec.get("model") or default_model),
        file=reader.findings.file,
        line=line_of(root),
        unavailable=f"{' and '.join(dict.fromkeys(unset))} is not set" if unset else "" if settings else NO_MODEL,
        settings=settings,
        digest=_digest(root, reader, model, base, default_model),
    )


def _check_alone(spec: Mapping[str, Any], base: Place, reader: Reader) -> None:
    """Where the daemon's model answers, nothing may look as if another server did."""
    for key in ("provider", "base_url", "api_key_env"):
        if key in spec:
            place = (*base, key)
            reader.refuse(
                reader.lines[place], place, "stands without a model", "Add model: and its name, or remove it."
            )


def _prepare(reader: Reader, base: Place) -> None:
    for key in (*PROMPTS, "api_key_env"):
        reader.special[*base, key] = partial(_as_written, reader, (*base, key))
    key_of_map = (*base, "model", "api_key_env")
    reader.special[key_of_map] = partial(_as_written, reader, key_of_map)
    reader.special[*base, "env"] = partial(read_environment, reader, (*base, "env"))
    for key in _KEYS_OF_A_SCHEMA:
        place = (*base, "output_schema", key)
        reader.special[place] = partial(read_plain, reader, place)


def _digest(
    root: Node, reader: Reader, model: type[AgentConfig | FlatAgent], base: Place, default_model: str | None
) -> str:
    """Of the document in the spelling of the model, where the variable of a secret stands in place of its value."""
    environ = {name: f"${{{name}}}" if names_a_secret(name) else value for name, value in reader.environ.items()}
    again = Reader(Findings(reader.findings.file), environ, kind=reader.kind)
    again.lines[()] = line_of(root)
    _prepare(again, base)
    document = {"document": again.section(root, model, ()), "default_model": default_model}
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _key_variables(spec: Mapping[str, Any]) -> list[str]:
    named = (keys_in(dict(spec), "model").get("api_key_env"), spec.get("api_key_env"))
    return [name for name in dict.fromkeys(named) if isinstance(name, str) and is_variable_name(name)]


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


def _doubt_servers(spec: Mapping[str, Any], base: Place, reader: Reader) -> None:
    tools, servers = spec.get("tools"), spec.get("mcp_servers")
    known = {one.get("name") for one in servers if isinstance(one, dict)} if isinstance(servers, list) else set()
    for position, tool in enumerate(tools if isinstance(tools, list) else ()):
        server = tool.get("server") if isinstance(tool, dict) and tool.get("source") == "mcp" else None
        if isinstance(server, str) and server not in known:
            place = (*base, "tools", position)
            problem = f"there is no MCP server {server}, the agent has to do without this tool"
            reader.findings.warn(reader.lines.get(place, 0), place, problem, "Add it under mcp_servers.")


def _check_restrictions(spec: Mapping[str, Any], base: Place, reader: Reader) -> None:
    """A restriction with a typo would restrict nothing."""
    tools = spec.get("tools")
    listed = [_called(tool) for tool in tools] if isinstance(tools, list) else []
    names = {form for name in listed if name for form in (folded(name), folded(name.partition("_")[0]))}
    for tool in keys_in(dict(spec), "tool_restrictions"):
        if folded(tool) in names:
            continue
        place = (*base, "tool_restrictions", tool)
        line = reader.lines.get(place, 0)
        if meant := nearest(tool, (name for name in listed if name)):
            reader.refuse(line, place, "the agent has no such tool", f'Did you mean "{meant}"?')
        else:
            reader.findings.warn(line, place, "the agent has no such tool", "Add it under tools, or remove this.")


def _called(tool: object) -> str:
    if isinstance(tool, dict):
        return str(tool.get("name") or tool.get("type") or "")
    return tool if isinstance(tool, str) else ""


def _doubt_memory(written: object, place: Place, reader: Reader) -> None:
    named = written if isinstance(written, str) else ""
    if isinstance(written, dict):
        named = f"{written.get('type') or ''} {written.get('persistence') or ''}"
    if any(elsewhere in folded(named) for elsewhere in _ELSEWHERE):
        reader.findings.warn(
            reader.lines.get(place, 0), place, "is kept in the daemon's own store instead", "Write SQLite."
        )
