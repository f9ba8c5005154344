"""Places that name what stands elsewhere, to be looked up once every file is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from aof.config.problem import Place, dotted
from aof.config.read import Reader

Mentioned = Literal["approver", "person", "role", "context", "runbook"]


@dataclass(frozen=True, slots=True)
class Mention:
    """One place that names something.

    Attributes:
        file: As problems name it.
    """

    kind: Mentioned
    name: str
    file: str
    line: int
    key: str


def mentions(kind: Mentioned, written: object, place: Place, reader: Reader) -> Iterator[Mention]:
    """What the value at `place` names: one text, or a list of them."""
    listed = list(enumerate(written)) if isinstance(written, list) else []
    named = [((*place, number), one) for number, one in listed] or [(place, written)]
    for at, one in named:
        if isinstance(one, str) and one.strip():
            line = reader.lines.get(at) or reader.lines.get(place, 0)
            yield Mention(kind, one.strip(), reader.findings.file, line, dotted(at))
