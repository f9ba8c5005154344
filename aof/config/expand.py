"""`${VAR}` and `${VAR:-default}` in the text of a value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-((?:(?!\$\{)[^}])*))?\}")
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CONVENTIONAL = re.compile(r"[A-Z_][A-Z0-9_]{0,63}")


_SECRET_BY_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Expanded:
    """What came of a text.

    Attributes:
        text: The text with every variable replaced that could be; the others stand as written.
        unset: Names of variables that are not set and have no default.
        broken: Whether a `${` begins something that is no reference to a variable.
        used: Names of all variables that the text refers to.
    """

    text: str
    unset: tuple[str, ...] = ()
    broken: bool = False
    used: tuple[str, ...] = ()


def expand(text: str, environ: Mapping[str, str]) -> Expanded:
    """Replace variables once; what a variable holds is never looked at again. `:-` also covers set-but-empty."""
    unset: list[str] = []
    used: list[str] = []

    def replaced(found: re.Match[str]) -> str:
        name, default = found.group(1), found.group(2)
        used.append(name)
        value = environ.get(name)
        if default is not None:
            return value or default
        if value is None:
            unset.append(name)
            return found.group(0)
        return value

    whole = _VARIABLE.sub(replaced, text)
    broken = "${" in _VARIABLE.sub("", text)
    return Expanded(whole, tuple(dict.fromkeys(unset)), broken, tuple(used))


def is_variable_name(text: str) -> bool:
    """Whether a shell could export it."""
    return _VARIABLE_NAME.fullmatch(text) is not None


def names_a_secret(name: str) -> bool:
    """Whether what a variable holds is not to be repeated, going by what it is called."""
    return _SECRET_BY_NAME.search(name) is not None


def speakable(name: str) -> str:
    """How a problem calls a variable that stands beside a credential.

    A secret pasted into the place of a name looks like a name as often as not, so only what is written like one is
    repeated.
    """
    return name if _CONVENTIONAL.fullmatch(name) else "the variable named here (not shown: it could be a secret)"
