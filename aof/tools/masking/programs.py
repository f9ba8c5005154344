"""Which program prints secrets in which form: told by the words of the call, and where in doubt by what came."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aof.tools.commands import MOST_BYTES
from aof.tools.masking import lines
from aof.tools.masking.charts import chart_text
from aof.tools.masking.documents import masked_document, masked_yaml
from aof.tools.masking.leaves import Rules
from aof.tools.masking.withheld import Withheld

_MOST_DOCUMENT_BYTES = 1024 * 1024
"""A document is masked whole before it is cut; more of YAML takes seconds to read."""

_OBJECTS, _VALUES = Rules(), Rules(beneath=True)


@dataclass(frozen=True, slots=True)
class Mask:
    """For the output of one call."""

    text: Callable[[str], str]
    """Of the standard output.

    Raises:
        Withheld: It can't be told apart.
    """
    needs_whole: bool = False
    """A torn output is not shown."""
    hides_errors: bool = False
    """What stands on standard error can't be shown either."""
    most_bytes: int = MOST_BYTES


def mask_for(argv: Sequence[str]) -> Mask | None:
    """What has to be masked in what a call prints; None: nothing beyond what the redactor knows."""
    choose = _OF_PROGRAM.get(argv[0])
    return choose(tuple(argv[1:])) if choose is not None else None


def _document(rules: Rules, what: str) -> Mask:
    return Mask(lambda text: masked_document(text, rules, what=what), needs_whole=True, most_bytes=_MOST_DOCUMENT_BYTES)


def _withheld(instead: str) -> Mask:
    def withhold(text: str) -> str:
        if not text.strip():
            return text
        raise Withheld(f"not shown: its secret values could not be masked; {instead}")

    return Mask(withhold, needs_whole=True)


_DOCUMENT_WORD = re.compile(r"(?:-\w*o=?|--output=|--format=)?(?:json|yaml)")
_FREE_FORM = re.compile(
    r"(?:-\w*o=?|--output=)?(?:jsonpath|go-template|custom-columns|template)\b.*|--template\b.*", re.DOTALL
)
_VERBOSE = re.compile(r"-\w*v(?:=?\d+)?|--v(?:=.*)?|--vmodule\b.*")
_PRINT_ANYTHING = frozenset({"logs", "exec", "attach", "debug"})
_LOOKS_LIKE_DOCUMENT = re.compile(r"\s*(?:\{|---[ \t]*$|(?:apiVersion|kind|items|metadata):)", re.MULTILINE)


def _asks_document(words: Sequence[str]) -> bool:
    return any(_DOCUMENT_WORD.fullmatch(word) for word in words)


def _kubectl(words: tuple[str, ...]) -> Mask:
    hides_errors = any(_VERBOSE.fullmatch(word) for word in words)
    if any(_FREE_FORM.fullmatch(word) for word in words):
        chosen = _withheld("ask for -o json or yaml")
    elif _asks_document(words):
        chosen = _document(_OBJECTS, "the document")
    elif "describe" in words:
        chosen = Mask(lines.described)
    elif "set" in words and "env" in words and "--list" in words:
        chosen = Mask(lines.assignments)
    elif _PRINT_ANYTHING & set(words):
        chosen = Mask(str)
    else:
        chosen = Mask(_object_or_text)
    return Mask(chosen.text, chosen.needs_whole, hides_errors, chosen.most_bytes)


def _object_or_text(text: str) -> str:
    """Some verbs print documents unasked: `config view`, `apply view-last-applied`."""
    return masked_document(text, _OBJECTS, what="the document") if _LOOKS_LIKE_DOCUMENT.match(text) else text


def _manifests(text: str) -> str:
    return masked_yaml(text, _VALUES, what="the manifest")


def _given_values(text: str) -> str:
    """Under their heading, or without one."""
    is_headed = re.match(r"\s*(?:USER-SUPPLIED|COMPUTED) VALUES:", text) is not None
    return chart_text(text) if is_headed else masked_yaml(text, _VALUES, what="the values")


def _helm(words: tuple[str, ...]) -> Mask:
    if _asks_document(words):
        return _document(_VALUES, "the document")
    text = chart_text
    if {"manifest", "hooks", "template"} & set(words):
        text = _manifests
    elif {"get", "values"} <= set(words):
        text = _given_values
    is_document = {"manifest", "hooks", "template", "values", "all"} & set(words)
    if is_document or any(word.startswith(("--dry-run", "--debug")) for word in words):
        return Mask(text, needs_whole=True, most_bytes=_MOST_DOCUMENT_BYTES)
    return Mask(chart_text)


# Of a container, what holds no variables and no command lines
_SHOWN_PLAINLY = (
    r"(?:Id|Name|Created|State|Image|RestartCount|Driver|Platform|NetworkSettings|Mounts|SizeRw|SizeRootFs|RepoTags"
    r"|RepoDigests|Size|Architecture|Os|ID|CreatedAt|UpdatedAt|IPAM|Scope|Mountpoint|HostConfig\.RestartPolicy"
    r"|Config\.Image|Config\.User|Config\.WorkingDir|Config\.Hostname)"
)
_PLAIN_TEMPLATE = re.compile(
    rf"(?:[^{{}}]|\{{\{{-?\s*(?:json\s+)?\.{_SHOWN_PLAINLY}(?:\.[A-Za-z]+)*\s*-?\}}\}})*", re.DOTALL
)
_TEMPLATE_OPTION = re.compile(r"(?:-[a-eg-zA-Z]*f=?|--format=?)(.*)", re.DOTALL)
_NAMES_ONLY = frozenset(
    {"--services", "--images", "--volumes", "--profiles", "--networks", "--models", "-q", "--quiet"}
)


def _docker(words: tuple[str, ...]) -> Mask | None:
    if {"compose", "stack"} & set(words) and {"config", "convert"} & set(words):
        if "--environment" in words:
            return Mask(lines.assignments)
        if _NAMES_ONLY & set(words) or any(word.startswith("--hash") for word in words):
            return None
        return _document(_VALUES, "the configuration")
    if "inspect" not in words or "buildx" in words:
        return None
    if "--pretty" in words:
        return _withheld("leave --pretty out")
    for at, word in enumerate(words):
        if option := _TEMPLATE_OPTION.fullmatch(word):
            template = option[1] or (words[at + 1] if at + 1 < len(words) else "")
            if template != "json" and not _PLAIN_TEMPLATE.fullmatch(template):
                return _withheld("leave --format out, or name fields such as {{.State.Status}}")
            return _document(_VALUES, "the document") if template == "json" else None
    return _document(_VALUES, "the document")


def _systemctl(words: tuple[str, ...]) -> Mask | None:
    if "show-environment" in words:
        return Mask(lines.assignments)
    if not {"show", "cat"} & set(words):
        return None
    is_bare = any(re.fullmatch(r"--va\w*|-[a-zA-Z]*P.*", word) for word in words)
    names_properties = any(re.match(r"-[a-zA-Z]*[pP]|--pr", word) for word in words)
    if is_bare and not (names_properties and not re.search("environ|credential", " ".join(words), re.IGNORECASE)):
        return _withheld("leave --value out")
    return Mask(lines.unit)


_OF_PROGRAM: dict[str, Callable[[tuple[str, ...]], Mask | None]] = {
    "kubectl": _kubectl,
    "helm": _helm,
    "docker": _docker,
    "systemctl": _systemctl,
}
