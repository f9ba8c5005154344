"""A Context document becomes a `ContextFile`, and the names that it mentions."""

from functools import partial
from typing import Any, get_args

from aof.config.context import ContextConfig, ContextFile, Origin, PlatformPolicy
from aof.config.document import MappingNode, Node, ScalarNode
from aof.config.environment import read_environment
from aof.config.expand import expand
from aof.config.mention import Mention, mentions
from aof.config.problem import Place, dotted
from aof.config.read import DROPPED, Reader, keys_in
from aof.config.resource import read_resource
from aof.config.spelling import canonical
from aof.config.trigger_document import Reference

_POLICIES: Place = ("spec", "platform_policies")
_APPROVERS: Place = ("spec", "approval", "allowed_users")
_ALSO_APPROVERS: Place = ("spec", "approval_allowed_users")


def read_context(root: Node, reader: Reader) -> tuple[ContextFile | None, list[Mention], list[Reference]]:
    """The context, None where it is refused; and what it names, which can be checked either way."""
    own = _own_environment(root, reader)
    reader.environ = {**own, **reader.environ}
    reader.special["spec", "env"] = partial(read_environment, reader, ("spec", "env"))
    reader.special[_POLICIES] = partial(_policies, reader)
    config, written = read_resource(root, reader, ContextConfig)
    spec = keys_in(dict(written), "spec")
    named = [
        *mentions("approver", keys_in(spec, "approval").get("allowed_users"), _APPROVERS, reader),
        *mentions("approver", spec.get("approval_allowed_users"), _ALSO_APPROVERS, reader),
    ]
    agents = list(_agents(spec, reader))
    if config is None:
        return None, named, agents
    metadata = config.metadata
    description = config.spec.display.description or metadata.description
    return ContextFile(metadata.name, description, config.spec, reader.findings.file, reader.lines[()]), named, agents


def _own_environment(root: Node, reader: Reader) -> dict[str, str]:
    """What its own `env` holds, for variables elsewhere in the document that the environment does not have."""
    spec = _child(root, "spec")
    env = _child(spec, "env") if spec else None
    own: dict[str, str] = {}
    for key, value in env.value if isinstance(env, MappingNode) else ():
        if isinstance(key, ScalarNode) and isinstance(value, ScalarNode):
            expanded = expand(value.value, reader.environ)
            if not expanded.unset:
                own[key.value] = expanded.text
    return own


def _child(node: Node, name: str) -> Node | None:
    pairs = node.value if isinstance(node, MappingNode) else ()
    return next((value for key, value in pairs if isinstance(key, ScalarNode) and canonical(key.value) == name), None)


def _policies(reader: Reader, node: Node) -> dict[str, Any]:
    known = dict.fromkeys(get_args(Origin))
    policies: dict[str, Any] = {}
    for entry in reader.entries(node, _POLICIES):
        if entry.name not in known:
            reader.unknown(entry, _POLICIES, known)
        elif (value := reader.value(entry.value, PlatformPolicy, (*_POLICIES, entry.name), entry.line)) is not DROPPED:
            policies[entry.name] = value
    return policies


def _agents(spec: dict[str, Any], reader: Reader) -> list[Reference]:
    place: Place = ("spec", "agent")
    agent = spec.get("agent")
    if isinstance(agent, dict):
        place, agent = (*place, "ref"), agent.get("ref")
    if not isinstance(agent, str) or not agent.strip() or agent.endswith((".yaml", ".yml")):
        return []
    return [Reference(agent.strip(), reader.findings.file, reader.lines.get(place, 0), dotted(place))]
