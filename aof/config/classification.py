"""`ToolClassification`: how much the commands of an operator's own programs may do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from aof.config.envelope import Envelope, ResourceMetadata
from aof.config.model import StrictModel
from aof.config.patterns import StrictPattern, StrictText
from aof.domain.risk import Risk

_PROGRAM = r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$"


def _whole_words(phrase: str) -> str:
    if "*" in phrase:
        raise ValueError("holds a *, which stands for nothing here; write whole words, get stands for get-… too")
    return phrase


def _for_commands(pattern: str) -> str:
    # commands are searched by the engine of the standard library, which takes less than the other
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"is no regular expression ({error}); mend it") from None
    return pattern


Phrase = Annotated[StrictText, AfterValidator(_whole_words)]
CommandPattern = Annotated[StrictPattern, AfterValidator(_for_commands)]
Program = Annotated[str, StringConstraints(pattern=_PROGRAM)]


class ClassPhrases(StrictModel):
    """Verbs and phrases of one program by how much they may do, such as `config view` or `--force`."""

    read: tuple[Phrase, ...] = ()
    """Look only."""
    sensitive: tuple[Phrase, ...] = ()
    """Look where secrets live, or carry something outward."""
    write: tuple[Phrase, ...] = ()
    """Create, change, restart."""
    delete: tuple[Phrase, ...] = ()
    """Remove, stop, end."""
    dangerous: tuple[Phrase, ...] = ()
    """Run anything, force, take privileges, show credentials."""

    @property
    def by_risk(self) -> Mapping[Risk, tuple[str, ...]]:
        """The lists that hold something."""
        return {risk: listed for risk in Risk if (listed := getattr(self, risk.value))}


class ClassPatterns(StrictModel):
    """Regular expressions for commands of programs without a table of their own; the dangerous ones count for all."""

    read: tuple[CommandPattern, ...] = ()
    """Look only."""
    sensitive: tuple[CommandPattern, ...] = ()
    """Look where secrets live, or carry something outward."""
    write: tuple[CommandPattern, ...] = ()
    """Create, change, restart."""
    delete: tuple[CommandPattern, ...] = ()
    """Remove, stop, end."""
    dangerous: tuple[CommandPattern, ...] = ()
    """Run anything, force, take privileges, show credentials."""

    @property
    def by_risk(self) -> Mapping[Risk, tuple[str, ...]]:
        """The lists that hold something."""
        return {risk: listed for risk in Risk if (listed := getattr(self, risk.value))}


class ClassificationSpec(StrictModel):
    """Everything a classification says."""

    tools: Mapping[Program, ClassPhrases] = Field(default_factory=dict)
    """Verbs and phrases by the name of their program."""
    generic_patterns: ClassPatterns = ClassPatterns.model_construct()


class ClassificationConfig(Envelope):
    """How much the commands of programs may do, beside what is built in."""

    kind: Literal["ToolClassification"] = "ToolClassification"
    """What the document is."""
    metadata: ResourceMetadata
    spec: ClassificationSpec


@dataclass(frozen=True, slots=True)
class ClassificationFile:
    """A classification of a file.

    Attributes:
        tools: Verbs and phrases by program and class.
        patterns: Regular expressions by class.
        file: As problems name it.
        line: Where its document begins.
    """

    name: str
    tools: Mapping[str, Mapping[Risk, tuple[str, ...]]]
    patterns: Mapping[Risk, tuple[str, ...]]
    file: str
    line: int
