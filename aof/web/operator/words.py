"""The sentences of the page in one language, by their names, for templates."""

from collections.abc import Callable
from functools import cache, partial
from types import ModuleType
from typing import Any

from aof.texts import desk, gates
from aof.texts.language import Language
from aof.texts.page import conversations, daemon, deliveries, frame, opportunities, people, templates

MODULES: tuple[ModuleType, ...] = (frame, conversations, deliveries, people, opportunities, daemon, templates, desk)


@cache
def _found(name: str) -> Callable[..., str]:
    for module in MODULES:
        sentence: Callable[..., str] | None = getattr(module, name, None)
        if callable(sentence) and getattr(sentence, "__module__", "") == module.__name__:
            return sentence
    raise AttributeError(f"the page has no sentence called {name}")


class Words:
    """`words.sign_in()` is the sentence `sign_in` in the language that was asked for."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __getattr__(self, name: str) -> Callable[..., str]:
        if name.startswith("__"):
            raise AttributeError(name)
        return partial(_found(name), self.language)

    def state(self, state: str) -> str:
        return str(getattr(self, f"state_{state}")())

    def what_opens(self, gate: str) -> str:
        """Empty for a gate that this version does not know."""
        return gates.opens(self.language, gate)

    def section(self, name: str) -> str:
        """The name of a section, or any sentence by its name."""
        return str(getattr(self, name)())

    def named(self, kind: str, word: Any) -> str:
        """A word of a closed list, such as `role` and `viewer`."""
        return str(getattr(self, f"{kind}_{word}")())
