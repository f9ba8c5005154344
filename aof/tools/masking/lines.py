"""Texts for people whose lines hold secrets: descriptions of kubectl, units of systemd, lists of variables."""

import re
import shlex
from collections.abc import Iterable, Iterator

from aof.tools.masking.leaves import looks_secret
from aof.tools.redaction import MASK

# Where a variable has its value from, as kubectl describe says it
_REFERENCE = re.compile(
    r"(?:<set to the key '[\w.-]+' (?:in|of) (?:secret|config map) '[\w.-]+'>(?:[ \t]+Optional: (?:true|false))?"
    r"|\(v1:[\w./\[\]'-]+\))[ \t]*"
)
_ENVIRONMENT = re.compile(r"([ \t]*)(?:Environment|Env):[ \t]*")
_NAMED = re.compile(r"([ \t]*)([^\s:]+):(?:[ \t]+(.*))?")
_GENERIC_VALUE = re.compile(r"([ \t]*)Value:[ \t]")
_GENERIC_FIELD = re.compile(r"[ \t]*[A-Z][\w ]*:(?:[ \t].*)?")
_APPLIED = re.compile(r"(.*applied[\w.-]*:)[ \t]*(.*)", re.IGNORECASE)

_SIZE = re.compile(r"[ \t]+\d+ bytes[ \t]*")
_ASSIGNED = re.compile(r"(?:declare -x |export )?([A-Za-z_][\w.-]*)=")
_UNIT_SETTING = re.compile(
    r"(?P<front>[ \t]*(?:[#;][#; \t]*)?)(?P<name>\w*Environment|SetCredential(?:Encrypted)?)"
    r"(?P<equals>[ \t]*=[ \t]*)(?P<value>.*)"
)


def described(text: str) -> str:
    """What `kubectl describe` printed."""
    return "\n".join(_described(text.split("\n")))


def _described(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if applied := _APPLIED.fullmatch(line):
            yield f"{applied[1]} {MASK}"
            at = _behind(lines, at, _indent(line))
        elif block := _ENVIRONMENT.fullmatch(line):
            yield line
            end = _behind(lines, at, len(block[1]))
            if any(_GENERIC_VALUE.match(inner) for inner in lines[at:end]):
                while end < len(lines) and not (
                    _GENERIC_FIELD.fullmatch(lines[end]) and _indent(lines[end]) <= len(block[1])
                ):
                    end += 1
            yield from _variables(lines[at:end])
            at = end
        elif line == "Data" and at < len(lines) and lines[at].startswith("===="):
            yield from (line, lines[at])
            end = next((stop for stop in range(at + 1, len(lines)) if _ends_section(lines, stop)), len(lines))
            yield from _fields(lines[at + 1 : end])
            at = end
        else:
            yield line


def _behind(lines: list[str], at: int, indent: int) -> int:
    """Where the first line stands that is not deeper."""
    while at < len(lines) and (not lines[at].strip() or _indent(lines[at]) > indent):
        at += 1
    return at


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _variables(lines: list[str]) -> Iterator[str]:
    filled = [line for line in lines if line.strip()]
    own = min((_indent(line) for line in filled), default=0)
    is_generic = any(_GENERIC_VALUE.match(line) for line in filled)
    is_value = False
    for line in lines:
        named = _NAMED.fullmatch(line)
        if is_generic:
            # of a kind that kubectl doesn't know: `Name:` and `Value:` by turns, a value of many lines unindented
            if value := _GENERIC_VALUE.match(line):
                is_value = True
                yield f"{value[0].rstrip()}  {MASK}"
            elif not is_value or _GENERIC_FIELD.fullmatch(line):
                is_value = False
                yield line
        elif named is not None and len(named[1]) == own:
            value_of = named[3] or ""
            yield line if _REFERENCE.fullmatch(value_of) else f"{named[1]}{named[2]}:  {MASK}"
        elif not line.strip():
            yield ""


def _ends_section(lines: list[str], at: int) -> bool:
    if lines[at].startswith(("BinaryData", "Events:")):
        return at == 0 or not lines[at - 1].strip()
    return lines[at].startswith("Name:") and not lines[at - 1].strip()


def _fields(lines: list[str]) -> Iterator[str]:
    """`key: 12 bytes` of a Secret, where a token stands in the clear; `key:`, `----` and the value of a ConfigMap."""
    is_hidden = False
    for at, line in enumerate(lines):
        named = re.fullmatch(r"([^\s:]+):(.*)", line)
        if named is not None and lines[at + 1 : at + 2] == ["----"]:
            is_hidden = looks_secret(named[1])
            yield from (line, "----", MASK) if is_hidden else (line,)
        elif is_hidden:
            continue
        elif named is not None and named[2] and (_SIZE.fullmatch(named[2]) or looks_secret(named[1])):
            yield f"{named[1]}:  {MASK}"
        else:
            yield line


def assignments(text: str) -> str:
    """`NAME=value` on each line; a line that is none belongs to the value before it."""
    return "\n".join(_assignments(text.split("\n")))


def _assignments(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if assigned := _ASSIGNED.match(line):
            yield f"{assigned[0]}{MASK}"
        elif not line.strip() or line.startswith("# "):
            yield line


def unit(text: str) -> str:
    """What `systemctl show` or `cat` printed; a line that ends with a backslash goes on in the next."""
    return "\n".join(_unit(text.split("\n")))


def _unit(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        setting = _UNIT_SETTING.fullmatch(line)
        if setting is None:
            yield line
            continue
        value = setting["value"]
        # systemd passes over comments between lines that go on
        while value.endswith("\\") and at < len(lines):
            following = lines[at].lstrip(" \t#;") if setting["front"].strip() else lines[at]
            at += 1
            if not following.lstrip().startswith(("#", ";")):
                value = f"{value[:-1]} {following}"
        yield f"{setting['front']}{setting['name']}{setting['equals']}{_names_kept(setting, value)}"


def _names_kept(setting: re.Match[str], value: str) -> str:
    if setting["name"] == "PassEnvironment":
        return value
    if setting["name"].startswith("SetCredential"):
        return f"{value.partition(':')[0]}:{MASK}" if ":" in value else MASK
    try:
        words = shlex.split(value)
    except ValueError:
        return MASK
    if not all(_ASSIGNED.match(word) for word in words):
        return MASK
    return " ".join(f"{word.partition('=')[0]}={MASK}" for word in words)
