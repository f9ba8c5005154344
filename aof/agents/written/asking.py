"""Takes the values of a runbook from what was typed or pressed, and asks for the one that is missing."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlencode

from aof.agents.written.inputs import Input
from aof.agents.written.runbook import MOST_ID_BYTES, RUNBOOK, Runbook
from aof.domain.response import Action, Response, Status
from aof.texts import runbooks as texts
from aof.texts.language import Language

MOST_CHOICES = 10
"""Rows that a list of WhatsApp takes."""


def values_or_question(
    runbook: Runbook, typed: Sequence[tuple[str, str]], language: Language
) -> Mapping[str, str] | Response:
    """Every input's value, or the question for the first that is missing or can't be."""
    values = given(runbook, typed)
    for each in runbook.inputs:
        told = {value for name, value in typed if name == each.name}
        if told and each.name not in values:
            twice = len(told) > 1
            wrong = texts.given_twice(language, each.name) if twice else texts.not_a(language, each.name, *told)
            return _question(runbook, each, values, language, wrong)
    for each in runbook.inputs:
        if each.name not in values and each.default is None:
            return _question(runbook, each, values, language, "")
    return {each.name: values.get(each.name) or each.value(each.default or "") or "" for each in runbook.inputs}


def given(runbook: Runbook, typed: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What was given and can be, of each input that was given one value."""
    values: dict[str, str] = {}
    for each in runbook.inputs:
        told = {value for name, value in typed if name == each.name}
        value = each.value(told.pop()) if len(told) == 1 else None
        if value is not None:
            values[each.name] = value
    return values


def pressed(action_id: str) -> tuple[str, list[tuple[str, str]]] | None:
    """The runbook's name and the values that a button holds; None where it starts none."""
    if not action_id.startswith(RUNBOOK):
        return None
    name, _, query = action_id.removeprefix(RUNBOOK).partition("?")
    try:
        return name, parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), max_num_fields=64)
    except ValueError:
        return None


def action_id(runbook: Runbook, values: Mapping[str, str]) -> str:
    """The id of a button that starts a runbook with these values; without them where they are too long for one."""
    whole = f"{RUNBOOK}{runbook.name}" + (f"?{urlencode(values)}" if values else "")
    return whole if len(whole.encode()) <= MOST_ID_BYTES else f"{RUNBOOK}{runbook.name}"


def _question(
    runbook: Runbook, asked: Input, values: Mapping[str, str], language: Language, complaint: str
) -> Response:
    example = asked.choices[0] if asked.choices and " " not in asked.choices[0] else "…"
    kept = [f"{name}={value}" for name, value in values.items() if " " not in value and name != asked.name]
    write = " ".join([runbook.title(language), *kept, f"{asked.name}={example}"])
    rules = texts.allowed(language, choices=asked.choices, least=asked.least, most=asked.most) if complaint else ""
    question = texts.which(language, asked.name, description=asked.description, write=write)
    ids = [(choice, action_id(runbook, {**values, asked.name: choice})) for choice in asked.choices[:MOST_CHOICES]]
    actions = tuple(Action(id=id_, title=choice) for choice, id_ in ids if "?" in id_)
    return Response(text=" ".join(filter(None, (complaint, rules, question))), status=Status.NOTE, actions=actions)
