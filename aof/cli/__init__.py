"""The `aof` command: one file per command."""

from importlib.metadata import version
from typing import Annotated

import typer

from aof.cli import inbox, outbox, pair, people, store
from aof.cli.check import check
from aof.cli.demo import demo
from aof.cli.schema import schema
from aof.cli.send import send
from aof.cli.serve import serve
from aof.cli.simulate import simulate
from aof.cli.status import status

app = typer.Typer(
    name="aof",
    help="A chat daemon that puts ops agents on WhatsApp.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"aof {version('aof')}")
        raise typer.Exit


@app.callback()
def _options(
    *, version_: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False
) -> None: ...


app.command()(serve)
app.command()(check)
app.command()(schema)
app.command()(demo)
app.command()(simulate)
app.command()(status)
app.command()(send)
app.add_typer(outbox.app)
app.add_typer(inbox.app)
app.add_typer(pair.app)
app.add_typer(people.app)
app.add_typer(store.app)
