"""`aof schema`: what the models of the configuration say, for editors and for readers."""

import json
from typing import Annotated

import typer

from aof.config.example import example as example_of
from aof.config.reference import reference as reference_of
from aof.config.schema import KINDS, Kind, schema_of
from aof.daemon import platform_models


def schema(
    kind: Annotated[str, typer.Option("--kind", help=f"One of {', '.join(KINDS)}.")] = "DaemonConfig",
    example: Annotated[bool, typer.Option("--example", help="Print daemon.yaml.example instead.")] = False,
    reference: Annotated[bool, typer.Option("--reference", help="Print the page of all keys instead.")] = False,
) -> None:
    """Print the JSON Schema of a kind of file, for editors that complete and check it."""
    models = platform_models()
    if example:
        print(example_of(models), end="")
        return
    if reference:
        print(reference_of(models), end="")
        return
    known: dict[str, Kind] = {one.casefold(): one for one in KINDS}
    if kind.casefold() not in known:
        raise typer.BadParameter(f"there is no kind {kind}. Write one of {', '.join(KINDS)}.", param_hint="--kind")
    print(json.dumps(schema_of(known[kind.casefold()], models), indent=2, ensure_ascii=False))
