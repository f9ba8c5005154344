"""Reads the parameters of a request as Telegram does: leniently at the top, where all came as texts once, and strictly
within JSON objects.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aof.simulator import strict_json
from aof.simulator.telegram.entities import units
from aof.simulator.telegram.refusals import Refused, bad
from aof.simulator.telegram.table import FIELDS, OPAQUE, PARAMETERS, TYPED, Field, Limit

Json = dict[str, Any]
_INTEGER = re.compile(r"-?\d{1,19}")
_ARRAY = "Array of "
_WHAT = {
    "String": "String",
    "Integer": "Number",
    "Boolean": "Boolean",
}
_UNSAID = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "file_id": "file_id not specified",
}
"""What Telegram says of a parameter that is missing."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart body."""

    name: str
    mime_type: str
    content: bytes


class WrongValue(Exception):
    """The message says what was expected."""


def read(method: str, raw: Mapping[str, Any], files: Mapping[str, Upload]) -> tuple[Json, list[str]]:
    """The parameters that a method has, in their types, and the names of those that it hasn't, which Telegram passes
    over in silence.

    Raises:
        Refused: One is missing, or is not what it should be.
    """
    fields = PARAMETERS[method]
    given = {name: value for name, value in {**files, **raw}.items() if not _is_unset(value)}
    found: Json = {}
    for name, field in fields.items():
        if name not in given:
            continue
        try:
            found[name] = _one_of(field.types, given[name], _read_top, files)
            _check_limit(field, found[name])
        except WrongValue as wrong:
            raise _wrong(name, field, str(wrong)) from None
    for name, field in fields.items():
        if field.required and name not in found and not _may_be_empty(name, raw):
            raise bad(_UNSAID.get(name, f'parameter "{name}" is required'), name)
        if field.required and name not in found:
            found[name] = ""
    attached = {value.removeprefix("attach://") for value in raw.values() if isinstance(value, str)}
    return found, sorted(set(given) - set(fields) - attached)


def _is_unset(value: object) -> bool:
    return value is None or value == ""


def _may_be_empty(name: str, raw: Mapping[str, Any]) -> bool:
    """`setWebhook` takes an empty address; it must be there all the same."""
    return name == "url" and name in raw


def _wrong(name: str, field: Field, words: str) -> Refused:
    if name == "reply_markup":
        return bad(f"can't parse reply markup: {words}", name)
    if name == "message_thread_id" or field.types == ("Integer",):
        return bad(f"invalid {name} specified", name)
    if name == "chat_id":
        return bad("chat not found", name)
    return bad(f"can't parse {name}: {words}", name)


# -- at the top ------------------------------------------------------------

Reader = Callable[[str, Any, Mapping[str, Upload]], Any]


def _one_of(types: tuple[str, ...], value: Any, reader: Reader, files: Mapping[str, Upload]) -> Any:
    wrong = WrongValue("object expected")
    for kind in _ordered(types, value):
        try:
            return reader(kind, value, files)
        except WrongValue as refused:
            wrong = refused
    raise wrong


def _ordered(types: tuple[str, ...], value: Any) -> list[str]:
    """The type whose required fields are there is tried last, so that its complaint is the one that is told."""
    if len(types) == 1 or not all(kind in FIELDS for kind in types):
        return list(types)
    value = _parsed(value)
    keys = set(value) if isinstance(value, dict) else set()
    return sorted(types, key=lambda kind: {f.name for f in FIELDS[kind].values() if f.required} <= keys)


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return strict_json.loads(value.encode("utf-8", "surrogatepass"))
    except ValueError:
        return None


def _read_top(kind: str, value: Any, files: Mapping[str, Upload]) -> Any:
    match kind:
        case "Integer":
            return _integer(value)
        case "Boolean":
            return value if isinstance(value, bool) else str(value).strip().lower() in {"true", "yes", "1"}
        case "String":
            if isinstance(value, str):
                return value
            if isinstance(value, int | float) and not isinstance(value, bool):
                return json.dumps(value)
            raise WrongValue("text expected")
        case "InputFile":
            return _file(value, files)
    parsed = _parsed(value)
    if parsed is None:
        raise WrongValue("can't parse JSON object")
    return _read_within(kind, parsed, files)


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise WrongValue("number expected")
    if not _INTEGER.fullmatch(str(value).strip()):
        raise WrongValue("number expected")
    return int(value)


def _file(value: Any, files: Mapping[str, Upload]) -> Upload:
    if isinstance(value, str) and value.startswith("attach://"):
        value = files.get(value.removeprefix("attach://"))
    if not isinstance(value, Upload):
        raise WrongValue("file expected")
    return value


# -- within an object ------------------------------------------------------------


def _read_within(kind: str, value: Any, files: Mapping[str, Upload]) -> Any:
    if kind.startswith(_ARRAY):
        if not isinstance(value, list):
            raise WrongValue("expected an Array")
        return [_read_within(kind.removeprefix(_ARRAY), one, files) for one in value]
    if kind in _WHAT:
        return _plain(kind, value)
    if not isinstance(value, dict):
        raise WrongValue("expected an Object")
    if kind in OPAQUE:
        return value
    if kind in TYPED:
        shape = TYPED[kind].get(str(value.get("type")))
        if shape is None:
            raise WrongValue(f"{kind} has an unknown type")
        kind = shape
    return _object(kind, value, files)


def _plain(kind: str, value: Any) -> Any:
    sound = {
        "String": isinstance(value, str),
        "Integer": isinstance(value, int) and not isinstance(value, bool),
        "Boolean": isinstance(value, bool),
    }
    if not sound[kind]:
        # numbers as texts are taken everywhere
        if kind == "Integer" and isinstance(value, str) and _INTEGER.fullmatch(value):
            return int(value)
        if kind == "String" and isinstance(value, int | float) and not isinstance(value, bool):
            return json.dumps(value)
        raise WrongValue(f"must be of type {_WHAT[kind]}")
    return value


def _object(kind: str, value: Json, files: Mapping[str, Upload]) -> Json:
    found: Json = {}
    for name, field in FIELDS[kind].items():
        if value.get(name) is None:
            if field.required:
                raise WrongValue(f'can\'t find field "{name}" in {kind}')
            continue
        try:
            found[name] = _one_of(field.types, value[name], _read_within, files)
        except WrongValue as wrong:
            raise WrongValue(f'field "{name}" of {kind}: {wrong}') from None
        _check_limit(field, found[name])
    return found


def _check_limit(field: Field, value: Any) -> None:
    limit = field.limit
    if limit is None or limit.unit == "parsed":
        return
    size = _size(limit, value)
    if limit.least <= size <= limit.most:
        return
    if field.name == "callback_data":
        raise bad("BUTTON_DATA_INVALID", field.name)
    if field.name == "secret_token":
        raise bad("secret token is too long", field.name)
    raise bad(f"{field.name} has {size} {limit.unit}, {limit.least}-{limit.most} are allowed", field.name)


def _size(limit: Limit, value: Any) -> int:
    match limit.unit:
        case "bytes":
            return len(str(value).encode("utf-8", "surrogatepass"))
        case "characters":
            return units(str(value))
        case "items":
            return len(value)
    return int(value)
