"""Templates: filling one in, counting its parameters."""

import re
from typing import Any

from aof.simulator import catalogue
from aof.simulator.bubbles import Choice, Content
from aof.simulator.errors import Refused
from aof.simulator.settings import TemplateSettings

Json = dict[str, Any]
PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
BODY_MOST = 1024
"""Characters of a body that has been filled in."""


def fill(template: TemplateSettings, node: Json) -> Content:
    """How the message looks.

    Raises:
        Refused: 132000, the number of parameters is another; 132005, the filled-in text is too long.
    """
    components = node.get("components") or []
    body = _filled("body", template.body, _parameters(components, "body"))
    if len(body) > BODY_MOST:
        raise Refused(catalogue.answer(132005))
    header = template.header
    if header is not None:
        header = _filled("header", header, _parameters(components, "header"))
    buttons = tuple(
        Choice(_payload(components, index) or title, title, "template") for index, title in enumerate(template.buttons)
    )
    return Content("template", body, header, template.footer, buttons)


def _filled(part: str, text: str, parameters: list[Json]) -> str:
    places = list(dict.fromkeys(PLACE.findall(text)))
    if len(places) != len(parameters):
        given = f"{part}: number of localizable_params ({len(parameters)})"
        raise Refused(catalogue.answer(132000, f"{given} does not match the expected number of params ({len(places)})"))
    values = {}
    for place, parameter in zip(places, parameters, strict=True):
        values[str(parameter.get("parameter_name") or place)] = _shown(parameter)
    return PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def _shown(parameter: Json) -> str:
    kind = parameter["type"]
    value = parameter.get(kind)
    if isinstance(value, dict):
        return str(value.get("fallback_value", f"[{kind}]"))
    return str(value)


def _parameters(components: list[Json], kind: str) -> list[Json]:
    return [
        parameter
        for component in components
        if component["type"].lower() == kind
        for parameter in component.get("parameters") or []
    ]


def _payload(components: list[Json], index: int) -> str | None:
    """What the send gives a quick-reply button to answer with; without one the button answers with its title."""
    for component in components:
        if component["type"].lower() == "button" and str(component.get("index")) == str(index):
            for parameter in component.get("parameters") or []:
                return str(parameter.get("payload") or parameter.get("text"))
    return None
