"""The models as JSON Schema, for editors that complete and check a file while it is written."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator

from aof.config.agent import AgentConfig, FlatAgent
from aof.config.classification import ClassificationConfig
from aof.config.context import ContextConfig
from aof.config.daemon import DaemonConfig
from aof.config.docstrings import words_on
from aof.config.example import env_keys, written_key
from aof.config.model import keys_of
from aof.config.runbook import RunbookConfig
from aof.config.shape import shape_of
from aof.config.trigger import TriggerConfig

Kind = Literal["DaemonConfig", "Agent", "Trigger", "Context", "Runbook", "ToolClassification"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_VARIABLE = {"type": "string", "pattern": r"\$\{"}
"""What a number or a switch may be too: a reference to a variable."""
_WORDS = frozenset({"description", "default", "examples"})
_NAME_OF_A_VARIABLE = {"type": "string", "pattern": r"^[A-Za-z_][A-Za-z0-9_]*$"}


def schema_of(kind: Kind, platforms: Mapping[str, type[BaseModel]]) -> dict[str, Any]:
    """The schema of one kind of document."""
    roots: Mapping[Kind, tuple[type[BaseModel], ...]] = {
        "DaemonConfig": (DaemonConfig,),
        "Agent": (AgentConfig, FlatAgent),
        "Trigger": (TriggerConfig,),
        "Context": (ContextConfig,),
        "Runbook": (RunbookConfig,),
        "ToolClassification": (ClassificationConfig,),
    }
    models = {model.__name__: model for root in (*roots[kind], *platforms.values()) for model in _models(root)}
    definitions: dict[str, Any] = {}
    for model in models.values():
        # enums stand among the definitions of the models that use them
        plain = model.model_json_schema(by_alias=True).get("$defs", {})
        definitions |= {name: one for name, one in plain.items() if "enum" in one}
    definitions |= {name: _definition(model) for name, model in models.items()}
    if kind == "DaemonConfig":
        definitions["DaemonSpec"]["properties"]["platforms"] = {
            "type": "object",
            "description": "By name.",
            "properties": {name: _reference(model) for name, model in platforms.items()},
            "additionalProperties": False,
        }
    used = [_reference(root) for root in roots[kind]]
    schema = used[0] if len(used) == 1 else {"anyOf": used}
    return {"$schema": _DIALECT, "title": kind, **schema, "$defs": dict(sorted(definitions.items()))}


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for about in model.model_fields.values():
        shape = shape_of(about.annotation)
        for section in (shape.section, shape_of(shape.item).section):
            if section and section is not BaseModel:
                yield from _models(section)


def _reference(model: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{model.__name__}"}


def _definition(model: type[BaseModel]) -> dict[str, Any]:
    plain = model.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    required = set(plain.get("required", ()))
    either: list[dict[str, Any]] = []
    properties: dict[str, Any] = {}
    written = words_on(model)
    for key, about in keys_of(model).items():
        property_ = _lenient(plain["properties"][key])
        if any(isinstance(mark, BeforeValidator) for mark in about.metadata):
            words = {name: property_.pop(name) for name in _WORDS & property_.keys()}
            property_ = {**words, "anyOf": [property_, {"type": ["string", "number"]}]}
        if key in getattr(model, "switches_from", ()):
            property_["anyOf"] = [*property_["anyOf"], {"enum": [0, 1, "0", "1", "true", "false"]}]
        property_["description"] = written[key] or _about(about.annotation)
        properties[written_key(key, about)] = property_
        if key in env_keys(model):
            names: dict[str, Any] = _NAME_OF_A_VARIABLE
            if shape_of(about.annotation).many:
                names = {"anyOf": [names, {"type": "array", "items": names}]}
            properties[f"{key}_env"] = {**names, "description": f"The variable that holds {key}."}
            if key in required:
                required.remove(key)
                either.append({"anyOf": [{"required": [key]}, {"required": [f"{key}_env"]}]})
    for other, key in getattr(model, "other_names", {}).items():
        properties[other] = {**properties[key], "description": f"The same as {key}."}
        if key in required:
            required.remove(key)
            either.append({"anyOf": [{"required": [key]}, {"required": [other]}]})
    for key in sorted(getattr(model, "without_effect", ())):
        properties[key] = {"description": "Read without an effect."}
    return {
        "type": "object",
        "description": " ".join((model.__doc__ or "").split()),
        "properties": properties,
        "additionalProperties": False,
        **({"required": sorted(required)} if required else {}),
        **({"allOf": either} if either else {}),
    }


def _about(annotation: Any) -> str:
    section = shape_of(annotation).section
    return " ".join((section.__doc__ or "").split()) if section else ""


def _lenient(schema: Any) -> Any:
    """A schema that also takes what the reader takes: an id without quotes, a variable in the place of a number."""
    if isinstance(schema, list):
        return [_lenient(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {
        key: one if key in {"default", "examples", "const", "enum"} else _lenient(one)
        for key, one in schema.items()
        if key != "title"
    }
    if inner.get("type") == "string" and not {"enum", "const"} & inner.keys():
        inner["type"] = ["string", "number", "boolean"]
        inner.pop("format", None)
        inner.pop("writeOnly", None)
        if "pattern" in inner:
            words = {name: inner.pop(name) for name in _WORDS & inner.keys()}
            inner = {**words, "anyOf": [inner, _VARIABLE]}
    elif inner.get("type") in {"integer", "number", "boolean"} and "const" not in inner:
        words = {name: inner.pop(name) for name in _WORDS & inner.keys()}
        inner = {**words, "anyOf": [inner, _VARIABLE]}
    return inner


KINDS: tuple[Kind, ...] = get_args(Kind)
