"""What a request for a chat completion must be."""

from collections.abc import Mapping
from typing import Any

from aof.simulator.model.errors import NO_MODEL, Refused, invalid, unknown_model
from aof.simulator.model.fields import a_list, a_name, a_number, a_text, an_object, missing, one_of, only, wrong_type
from aof.simulator.model.messages import check_messages

NUMBERS: dict[str, tuple[float, float | None, bool]] = {
    "temperature": (0, 2, False),
    "top_p": (0, 1, False),
    "presence_penalty": (-2, 2, False),
    "frequency_penalty": (-2, 2, False),
    "top_logprobs": (0, 20, True),
    "max_tokens": (1, None, True),
    "max_completion_tokens": (1, None, True),
    "n": (1, 128, True),
    "seed": (-(2**63), 2**63 - 1, True),
}
"""Least, most, and whether it is whole. Source: OpenAI's API reference, chat completions."""

FLAGS = ("stream", "parallel_tool_calls", "store", "logprobs")

CHOICES = {
    "reasoning_effort": ("none", "minimal", "low", "medium", "high", "xhigh"),
    "service_tier": ("auto", "default", "flex", "scale", "priority"),
    "verbosity": ("low", "medium", "high"),
}

OTHERS = {
    "audio",
    "logit_bias",
    "messages",
    "metadata",
    "modalities",
    "model",
    "prediction",
    "prompt_cache_key",
    "prompt_cache_retention",
    "response_format",
    "safety_identifier",
    "stop",
    "stream_options",
    "tool_choice",
    "tools",
    "user",
    "web_search_options",
}

KNOWN = {*NUMBERS, *FLAGS, *CHOICES, *OTHERS}
"""Every parameter but the old `functions` and `function_call`, which are not served."""


def check_request(body: Mapping[str, Any], model: str) -> None:
    """Refuse what OpenAI would refuse; `model` is the only one there is.

    Raises:
        Refused: With OpenAI's error.
    """
    if "model" not in body:
        raise Refused(NO_MODEL)
    if (asked := a_text(body, "model", "")) != model:
        raise Refused(unknown_model(asked))
    only(body, KNOWN)
    if "messages" not in body:
        raise missing("messages")
    check_messages(body["messages"])
    _check_settings(body)
    _check_tools(body)
    if body.get("n", 1) not in {None, 1}:
        raise invalid("Invalid 'n': this stand-in gives one choice.", param="n")  # synthetic


def _check_settings(body: Mapping[str, Any]) -> None:
    for name, (least, most, whole) in NUMBERS.items():
        if body.get(name) is not None:
            a_number(body[name], name, least, most, whole=whole)
    for name in FLAGS:
        if not isinstance(body.get(name), bool | None):
            raise wrong_type(name, "a boolean", body[name])
    for name, supported in CHOICES.items():
        if body.get(name) is not None:
            one_of(body, name, supported, "")
    options = body.get("stream_options")
    if options is not None:
        if not body.get("stream"):
            raise invalid(
                "The 'stream_options' parameter is only allowed when 'stream' is enabled.", param="stream_options"
            )
        only(an_object(options, "stream_options"), {"include_usage", "include_obfuscation"}, "stream_options")
    if body.get("max_tokens") is not None and body.get("max_completion_tokens") is not None:
        raise invalid(
            "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
            param="max_tokens",
            code="invalid_parameter_combination",
        )


def _check_tools(body: Mapping[str, Any]) -> None:
    tools = body.get("tools")
    if tools is None:
        for name in ("tool_choice", "parallel_tool_calls"):
            if body.get(name) is not None:
                raise invalid(
                    f"Invalid value for '{name}': '{name}' is only allowed when 'tools' are specified.", param=name
                )
        return
    names = [_check_tool(tool, f"tools[{index}]") for index, tool in enumerate(a_list(tools, "tools"))]
    choice = body.get("tool_choice")
    if choice is None:
        return
    if isinstance(choice, str):
        one_of(body, "tool_choice", ("none", "auto", "required"), "")
        return
    if not isinstance(choice, dict):
        raise wrong_type("tool_choice", "one of a string or object", choice)
    one_of(choice, "type", ("function",), "tool_choice")
    if "function" not in choice:
        raise missing("tool_choice.function")
    if a_name(an_object(choice["function"], "tool_choice.function"), "tool_choice.function") not in names:
        raise invalid(
            "Invalid value for 'tool_choice': Tool choice 'function' not found in 'tools' parameter.",
            param="tool_choice",
        )


def _check_tool(value: Any, where: str) -> str:
    """The name of a tool."""
    tool = an_object(value, where)
    only(tool, {"type", "function"}, where)
    one_of(tool, "type", ("function",), where)
    if "function" not in tool:
        raise missing(f"{where}.function")
    at = f"{where}.function"
    function = an_object(tool["function"], at)
    only(function, {"name", "description", "parameters", "strict"}, at)
    if function.get("description") is not None:
        a_text(function, "description", at)
    name = a_name(function, at)
    if function.get("parameters") is not None:
        schema = an_object(function["parameters"], f"{at}.parameters")
        if schema.get("type", "object") != "object":
            raise invalid(
                f"Invalid schema for function '{name}': schema must be a JSON Schema of 'type: \"object\"', "
                f"got 'type: \"{schema['type']}\"'.",
                param=f"{at}.parameters",
                code="invalid_function_parameters",
            )
    return name
