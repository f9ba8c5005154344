"""What is wrong with a file, where, and what to write instead."""

import re
from dataclasses import dataclass

Place = tuple[str | int, ...]
"""The way to a value from the top of a document: canonical keys, and positions in lists."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]{0,63}")
_SHORTEST_SECRET = 4
"""Characters; anything shorter stands in ordinary words too, and starring it would make them unreadable."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding; its text is `file:line: key: problem. remedy` on one line.

    Attributes:
        file: The path as the caller named it.
        line: Counted from 1; 0 where the file as a whole is meant.
        key: Dotted and in canonical spelling; "" where no key is meant.
    """

    file: str
    line: int
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        said = f"{self.problem}. {self.remedy}" if self.remedy else f"{self.problem}."
        return " ".join(": ".join(part for part in (where, self.key, said) if part).split())


class Findings:
    """Collects the problems of one file, so that they are told all at once.

    Args:
        secrets: Shared with the findings of other files, so that none repeats what another one keeps secret.
    """

    def __init__(self, file: str, secrets: set[str] | None = None) -> None:
        self.file = file
        self._errors: list[Problem] = []
        self._warnings: list[Problem] = []
        self._secrets = set[str]() if secrets is None else secrets

    def refuse(self, line: int, place: Place | str, problem: str, remedy: str = "") -> None:
        """Add what keeps the file from being used."""
        self._errors.append(self._finding(line, place, problem, remedy))

    def warn(self, line: int, place: Place | str, problem: str, remedy: str = "") -> None:
        """Add what an operator should know, though the file can be used."""
        self._warnings.append(self._finding(line, place, problem, remedy))

    def keep_secret(self, text: str) -> None:
        """Star `text` in every problem, also in those found before."""
        if len(text.strip()) >= _SHORTEST_SECRET:
            self._secrets.add(text.strip())

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Without secrets, in the order of their lines."""
        return self._told(self._errors)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Without secrets, in the order of their lines."""
        return self._told(self._warnings)

    def _finding(self, line: int, place: Place | str, problem: str, remedy: str) -> Problem:
        return Problem(self.file, line, place if isinstance(place, str) else dotted(place), problem, remedy)

    def _told(self, found: list[Problem]) -> tuple[Problem, ...]:
        starred = (
            Problem(one.file, one.line, one.key, self._starred(one.problem), self._starred(one.remedy)) for one in found
        )
        return tuple(dict.fromkeys(sorted(starred, key=lambda one: one.line)))

    def _starred(self, text: str) -> str:
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, "***")
        return text


def dotted(place: Place) -> str:
    """The way to a value as an operator writes it: `spec.platforms.whatsapp.allowed_numbers[2]`."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return "apiVersion" if text == "api_version" else text


def is_name(text: str) -> bool:
    """Whether a text of the file can be repeated: a key or kind, and not a value that slipped into its place."""
    return _NAME.fullmatch(text) is not None
