"""A runbook as data: what people say to start it, what it is given, and its steps."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from aof.agents.written.inputs import Input
from aof.domain.response import Action
from aof.texts.language import Language
from aof.tools.base import Context

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
STEP_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
"""It names the call in the ledger."""
INPUT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,31}")
PLACE = re.compile(r"(?<![{$])\{([A-Za-z_][A-Za-z0-9_-]*)\}(?!\})")
"""Where a value goes. Two braces, as in Go templates, are left alone, and so is `${NAME}`."""

MOST_ID_BYTES = 256
"""Of an action; WhatsApp's."""

RUNBOOK = "runbook:"
"""How the id of an action begins that starts one."""


@dataclass(frozen=True, slots=True)
class Step:
    """One command, and what is expected of it."""

    id: str
    run: tuple[str, ...]
    """A program and its words; each stays one word, whatever value stands in it."""
    undo: tuple[str, ...] = ()
    dry_run: tuple[str, ...] = ()
    expect_exit: int = 0
    expect_contains: str = ""
    """In what it printed; empty: anything."""
    timeout_seconds: float = 60.0
    say: str = ""
    """What the step is for, in the author's words."""
    goes_on_after_failure: bool = False

    def templates(self) -> tuple[tuple[str, ...], ...]:
        """All its commands."""
        return (self.run, self.undo, self.dry_run)


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be done next; becomes a button."""

    title: str
    runbook: str = ""
    text: str = ""
    """Asked as if it were typed, where no runbook is named."""

    def action(self, values: Mapping[str, str]) -> Action | None:
        """The button; None where its text is too long for one with these values."""
        text = replaced(self.text, lambda name: values[name])
        id_ = f"{RUNBOOK}{self.runbook}" if self.runbook else f"say:{text}"
        return Action(id=id_, title=self.title) if len(id_.encode()) <= MOST_ID_BYTES else None


@dataclass(frozen=True, slots=True)
class Runbook:
    """Steps under a name."""

    name: str
    description: str = ""
    phrases: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    """What starts it; `{namespace}` in one stands for a single word."""
    inputs: tuple[Input, ...] = ()
    steps: tuple[Step, ...] = ()
    actions: tuple[Offer, ...] = ()
    response: str = ""
    """Said when every step went as expected."""
    context: Context | None = None
    """Where its steps work; None: where whoever starts it works."""

    def input(self, name: str) -> Input | None:
        """In small or capital letters."""
        return next((each for each in self.inputs if each.name.casefold() == name.casefold()), None)

    def title(self, language: Language) -> str:
        """As its button says it, and as it can be typed: a phrase without places, else its command."""
        tongues = (language, *(tongue for tongue in self.phrases if tongue is not language))
        plain = (phrase for tongue in tongues for phrase in self.phrases.get(tongue, ()) if not PLACE.search(phrase))
        return next(plain, f"/{self.name}")

    def action(self, language: Language) -> Action:
        """The choice that starts it."""
        return Action(id=f"{RUNBOOK}{self.name}", title=self.title(language), description=self.description)

    @property
    def version(self) -> str:
        """Changes with whatever its steps would run; 16 hexadecimal digits."""
        where = self.context.name if self.context else None
        return hashlib.sha256(repr((self.inputs, self.steps, where)).encode()).hexdigest()[:16]


def filled(template: Sequence[str], values: Mapping[str, str]) -> tuple[str, ...]:
    """A command with its values: as many words as the template, each looked through once."""
    return tuple(replaced(word, lambda name: values[name]) for word in template)


def replaced(text: str, value: Callable[[str], str]) -> str:
    """A text with each place taken by its value; what a value holds is not looked at again."""
    return PLACE.sub(lambda found: value(found[1]), text)


def places(*words: str) -> set[str]:
    """The names of all places."""
    return {name for word in words for name in PLACE.findall(word)}
