"""The `aof` command: one file per command."""

from typing import Annotated

import typer

from aof import __version__
from aof.cli.lazy import LazyGroup

COMMANDS = {
    "serve": "Run the daemon. SIGTERM and SIGINT finish or return what is under way, then end it.",
    "check": "Check a configuration with everything that it names. What passes here, serve starts.",
    "schema": "Print the JSON Schema of a kind of file, for editors that complete and check it.",
    "demo": 'Try the daemon without an account: two people, "On call" and "Lead", '
    "talk to it over a simulated WhatsApp.",
    "chat": "Ask an agent in this terminal, or one line after another through a pipe: echo disk | aof chat.",
    "simulate": "Stand in for Meta's WhatsApp Cloud API or Telegram's Bot API, with two people's phones, until Ctrl-C.",
    "status": "Show whether the daemon runs, what waits, what is held or failed, and who may talk.",
    "send": "Queue a message to somebody who may talk here. The daemon sends it, or holds it and says why.",
    "outbox": "Messages that left, wait, are held or failed.",
    "templates": "What the platform has told of its approved templates.",
    "inbox": "Messages that could not be read or answered.",
    "pair": "Strangers who ask to be let in, and those who were.",
    "operator": "Opportunities, which operators decide about on their phones.",
    "approvals": "Commands that wait for people's approval, and the kill switch.",
    "people": "People by name: list, invite, suspend, resume.",
    "consent": "Who agreed to be written to unasked, and who does not want it.",
    "store": "The file in which messages are kept.",
    "audit": "What was done, in a chain in which a change shows.",
}
"""The commands in the order of the help, each with the first paragraph of its own help; its module has its name."""

app = typer.Typer(
    name="aof",
    cls=LazyGroup.of("aof.cli", COMMANDS),
    help="A chat daemon that puts ops agents on WhatsApp and Telegram.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"aof {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *, version_: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False
) -> None: ...
