"""Template sends, as far as they can be judged without the approved template."""

from aof.simulator.validate.media import check_media
from aof.simulator.validate.report import Node

NAME_MOST = 512
COMPONENTS = ("header", "body", "footer", "button", "carousel", "limited_time_offer", "tap_target_configuration")
MEDIA = ("image", "video", "document")


def check_template(template: Node) -> None:
    name = template.value.get("name")
    if not isinstance(name, str) or not name:
        template.report.param("Invalid parameter", "Parameter name is missing or empty")  # captured
    else:
        template.report.length("Template name", name, NAME_MOST)
    language = template.node("language")
    if language is not None:
        language.text("code")
    _check_components(template)


def _check_components(owner: Node) -> None:
    for component in owner.nodes("components", required=False) or []:
        name = component.text("type")
        if name is not None and name.lower() not in COMPONENTS:
            component.report.param(
                f'Param {component.at("type")} must be one of {{{", ".join(COMPONENTS)}}} - got "{name[:100]}".'
            )
            continue
        if name == "button":
            component.text("sub_type")
            _check_index(component)
        for parameter in component.nodes("parameters", required=False) or []:
            _check_parameter(parameter)
        if name == "carousel":
            for card in component.nodes("cards") or []:
                _check_components(card)


def _check_index(button: Node) -> None:
    index = button.value.get("index")
    if isinstance(index, bool) or not isinstance(index, int | str) or not str(index).isdecimal():
        button.report.missing(button.at("index"))


def _check_parameter(parameter: Node) -> None:
    name = parameter.text("type")
    if name in MEDIA:
        media = parameter.node(name)
        if media is not None:
            check_media(media, caption=True, more=("filename",))
    elif name == "text" and not isinstance(parameter.value.get("text"), str | bool | int | float):
        # One of Meta's own examples has booleans here.
        parameter.report.missing(parameter.at("text"))
