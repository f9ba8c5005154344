"""Commands that are imported when they are called: the version, the help and the shell's TAB do without them."""

import gc
from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar, Self

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group


class LazyGroup(TyperGroup):
    """A group that knows its commands by name and summary.

    A command is the function in the module of its name that has this name too, or the module's own `app`.
    """

    package: ClassVar[str]
    summaries: ClassVar[Mapping[str, str]]

    def __init__(self, **attrs: Any) -> None:
        named = {name: TyperCommand(name, help=summary) for name, summary in self.summaries.items()}
        super().__init__(**{**attrs, "commands": named})

    @classmethod
    def of(cls, package: str, summaries: Mapping[str, str]) -> type[Self]:
        """A group of the modules of a package."""
        return type(cls.__name__, (cls,), {"package": package, "summaries": summaries})

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the arguments name, in full."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and self._imported(str(command.name)), rest

    def _imported(self, name: str) -> Any:
        # what is imported stays, so to look through it for garbage, again and again as it grows, finds none
        gc.disable()
        try:
            module = import_module(f"{self.package}.{name}")
        finally:
            gc.enable()
        group = getattr(module, "app", None)
        if isinstance(group, typer.Typer):
            return get_group(group)
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(name)(getattr(module, name))
        return get_command(alone)
