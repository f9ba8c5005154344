"""`Runbook`: fixed steps that a phrase starts, without a model."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from aof.config.duration import seconds_of
from aof.config.envelope import Envelope, Name, ResourceMetadata
from aof.config.model import StrictModel
from aof.config.patterns import StrictPattern, without_variables
from aof.texts.language import Language

MOST_STEPS = 50
MOST_ACTIONS = 10
LONGEST_STEP_SECONDS = 3600.0
SAFE_WORD = r"[A-Za-z0-9@._:][A-Za-z0-9@._:-]{0,127}"
"""What an input may hold where its file has no pattern: one word that no program takes for an option."""

_PLACEHOLDER = re.compile(r"(?<![{$])\{([A-Za-z_][A-Za-z0-9_-]*)\}(?!\})")
_PROGRAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_LONGEST_SEARCH_SECONDS = 0.5
_WHITE = re.compile(r"\s+")


def placeholders(text: str) -> Iterator[str]:
    """The names of the inputs that stand in a text as `{name}`; other braces are text."""
    return (found[1] for found in _PLACEHOLDER.finditer(text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with every input in its place; what an input holds is never looked at again."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def phrase_key(phrase: str) -> str:
    """What two phrases share that are one: case and blanks do not count."""
    return _WHITE.sub(" ", phrase.strip()).casefold()


def _word(text: str) -> str:
    without_variables(text)
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
        raise ValueError("holds a control character; remove it")
    return text


def _program_first(argv: tuple[str, ...]) -> tuple[str, ...]:
    if not argv or not _PROGRAM.fullmatch(argv[0]):
        raise ValueError("does not begin with the bare name of a program. Write for example [kubectl, get, pods].")
    return argv


def _seconds(given: object) -> object:
    if isinstance(given, str):
        return seconds_of(without_variables(given))
    return given


Argv = Annotated[
    tuple[Annotated[str, Field(max_length=4096), AfterValidator(_word)], ...],
    Field(json_schema_extra={"minItems": 1}),
    AfterValidator(_program_first),
]
"""A command as its words, the first of which is the name of a program."""
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]
InputName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_-]{0,31}$")]
StepId = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]


class Phrases(StrictModel):
    """What a person may write to start it."""

    en: tuple[Phrase, ...] = ()
    """In English."""
    ar: tuple[Phrase, ...] = ()
    """In Arabic."""

    @property
    def by_language(self) -> Mapping[Language, tuple[str, ...]]:
        """Every language with its phrases."""
        return {Language.ENGLISH: self.en, Language.ARABIC: self.ar}


class RunbookInput(StrictModel):
    """One word that a person gives."""

    type: Literal["string", "integer", "choice"] = "string"
    """What it may be."""
    description: str = ""
    """How a person is asked for it."""
    pattern: StrictPattern | None = None
    """string: a regular expression that the whole word has to match; without it, letters, digits and `@._:-`."""
    choices: tuple[Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_word)], ...] = ()
    """choice: what may be chosen."""
    min: Annotated[int, Field(ge=0)] | None = None
    """integer: the smallest."""
    max: Annotated[int, Field(ge=0)] | None = None
    """integer: the largest."""
    default: Annotated[str, AfterValidator(_word)] | None = None
    """What it is where nobody says; without it, a person is asked."""

    @property
    def required(self) -> bool:
        """Whether a person is asked."""
        return self.default is None

    def checked(self, text: str) -> str:
        """A value as it goes into a command.

        Raises:
            ValueError: It is none of those that may be given.
        """
        value = text.strip()
        if self.type == "choice":
            if value not in self.choices:
                raise ValueError(f"is none of {', '.join(self.choices)}")
        elif self.type == "integer":
            if not re.fullmatch(r"\d{1,18}", value):
                raise ValueError("is no whole number of 0 or more")
            if self.min is not None and int(value) < self.min:
                raise ValueError(f"is less than {self.min}")
            if self.max is not None and int(value) > self.max:
                raise ValueError(f"is more than {self.max}")
        elif value.startswith("-"):
            raise ValueError("begins with -, which a program would take for an option")
        elif not self._matches(_word(value)):
            raise ValueError(
                "does not match its pattern" if self.pattern else "is not of letters, digits and @._:- alone"
            )
        return value

    def _matches(self, value: str) -> bool:
        if self.pattern is None:
            return re.fullmatch(SAFE_WORD, value) is not None
        import regex  # noqa: PLC0415 -- takes long, and few commands read a runbook

        try:
            return regex.fullmatch(self.pattern, value, timeout=_LONGEST_SEARCH_SECONDS) is not None
        except TimeoutError:
            return False

    @model_validator(mode="after")
    def _of_its_type(self) -> Self:
        taken = {"string": {"pattern"}, "integer": {"min", "max"}, "choice": {"choices"}}
        of_types = {"pattern", "min", "max", "choices"}
        for key in sorted(self.model_fields_set & of_types - taken[self.type]):
            raise ValueError(f"an input of type {self.type} takes no {key}. Remove it, or write another type.")
        if self.type == "choice" and not self.choices:
            raise ValueError("an input of type choice has no choices. Write choices: [first, second].")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min is larger than max. Write them the other way round.")
        if self.default is not None:
            try:
                self.checked(self.default)
            except ValueError as error:
                raise ValueError(f"its default {error}. Write another one.") from None
        return self


class Expectation(StrictModel):
    """What a step has to end with."""

    exit: Annotated[int, Field(ge=0, le=255)] = 0
    """The exit code."""
    contains: str | None = None
    """A text that the output has to hold."""


class RunbookStep(StrictModel):
    """One command. Each item is one word; `{name}` in it is an input."""

    id: StepId
    """How it is called; no other step has it."""
    run: Argv
    """The command, as a list of its words."""
    undo: Argv | None = None
    """What takes it back."""
    dry_run: Argv | None = None
    """What shows beforehand what would be done."""
    expect: Expectation = Expectation.model_construct()
    timeout: Annotated[float, BeforeValidator(_seconds), Field(gt=0, le=LONGEST_STEP_SECONDS)] = 60.0
    """How long it may take, such as 30s or 5m; a bare number is seconds."""
    say: str = ""
    """Said before it runs."""
    on_failure: Literal["stop", "continue"] = "stop"
    """What becomes of the steps after it where it does not end as expected."""


class RunbookAction(StrictModel):
    """A button that is offered once every step is done."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=24)]
    """What stands on it."""
    runbook: Name | None = None
    """The runbook that it starts."""
    text: str | None = None
    """What it sends, as if the person had written it."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.runbook is None) == (self.text is None):
            raise ValueError("does one thing. Write runbook: and its name, or text: and what is sent.")
        return self


class RunbookSpec(StrictModel):
    """Everything a runbook says."""

    phrases: Phrases = Phrases.model_construct()
    inputs: Mapping[InputName, RunbookInput] = Field(default_factory=dict)
    """What a person gives, by name."""
    context: Name | None = None
    """The context that it runs in; without it, the one of the conversation."""
    steps: Annotated[tuple[RunbookStep, ...], Field(json_schema_extra={"minItems": 1})]
    """What is done, in order."""
    response: str = ""
    """Said once every step is done; `{name}` in it is an input. Without it, what the last step printed."""
    actions: Annotated[tuple[RunbookAction, ...], Field(max_length=MOST_ACTIONS)] = ()
    """What is offered as buttons once every step is done."""

    @field_validator("steps")
    @classmethod
    def _each_once(cls, steps: tuple[RunbookStep, ...]) -> tuple[RunbookStep, ...]:
        # not by bounds of the field, which count entries that are refused for something else as missing
        if not steps:
            raise ValueError("does nothing. Write a step: {id: look, run: [kubectl, get, pods]}.")
        if len(steps) > MOST_STEPS:
            raise ValueError(f"has more than {MOST_STEPS} steps. Write a second runbook.")
        ids = [step.id for step in steps]
        for step in ids:
            if ids.count(step) > 1:
                raise ValueError(f"two steps are called {step}. Give one of them another id.")
        return steps

    @field_validator("phrases")
    @classmethod
    def _each_phrase_once(cls, phrases: Phrases) -> Phrases:
        keys = [phrase_key(phrase) for phrase in (*phrases.en, *phrases.ar)]
        for key in keys:
            if keys.count(key) > 1:
                raise ValueError(f"two phrases are one, {key}. Keep one of them.")
        return phrases


class RunbookConfig(Envelope):
    """Fixed steps that a phrase starts."""

    kind: Literal["Runbook"] = "Runbook"
    """What the document is."""
    metadata: ResourceMetadata
    spec: RunbookSpec


@dataclass(frozen=True, slots=True)
class RunbookFile:
    """A runbook of a file.

    Attributes:
        file: As problems name it.
        line: Where its document begins.
        digest: Changes with whatever the document says.
        phrase_lines: Where each of its phrases stands, and its name.
    """

    name: str
    description: str
    spec: RunbookSpec
    file: str
    line: int
    digest: str
    phrase_lines: Mapping[str, int] = field(default_factory=dict)
