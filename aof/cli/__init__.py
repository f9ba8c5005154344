"""The `aof` command: one file per command."""

import typer

from aof.cli.check import check
from aof.cli.demo import demo
from aof.cli.schema import schema
from aof.cli.serve import serve
from aof.cli.simulate import simulate

app = typer.Typer(
    name="aof",
    help="A chat daemon that puts ops agents on WhatsApp.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serve)
app.command()(check)
app.command()(schema)
app.command()(demo)
app.command()(simulate)
