"""`aof pair`: who is let in by a code."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from aof.cli.desk import ago, at_desk, print_json, print_table, refuse_nothing, say, tell
from aof.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from aof.pipeline.admit import Mode
from aof.pipeline.desk.pairing import let_in, send_away
from aof.store.operators import Paired

if TYPE_CHECKING:
    from aof.daemon.desk import Desk

app = typer.Typer(name="pair", help="Strangers who ask to be let in, and those who were.", no_args_is_help=True)

NO_EFFECT = {
    Mode.LISTED: "the configuration lists who may talk, and pairings count for nothing beside a list",
    Mode.EVERYONE: "everybody may talk; aof people suspend keeps somebody out who has a name",
}


@app.command("list")
def list_(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Show who asked, who was let in and who was sent away. Codes are told on the phone alone."""

    async def work(desk: "Desk") -> None:
        rows = await desk.store.paired(now=desk.now())
        if as_json:
            print_json(desk, rows)
            return
        say(desk, *_modes(desk))
        now = desk.now()
        cells = [
            (row.name, row.number or row.user_id, row.called, _state(row), ago(row.decided_at or row.asked_at, now))
            for row in rows
        ]
        print_table(desk, ("name", "sender", "calls themselves", "state", "age"), cells, empty="Nobody has asked.")

    at_desk(config, work)


@app.command()
def approve(
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="As the phone shows it; or who was revoked, to let them in again.")
    ],
    config: ConfigOption = DEFAULT_CONFIG,
    name: Annotated[
        str | None, typer.Option("--name", help="What to call them from now on, for list, suspend and revoke.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Let in the sender who was told this code."""
    refuse_nothing(code)
    if name is not None:
        refuse_nothing(name)
    called = (name or "").strip()

    async def work(desk: "Desk") -> None:
        admitted = await let_in(desk, code, called)
        lines = [line for one in admitted for line in _decided(desk, one, "let in")]
        tell(desk, {"let_in": admitted}, *lines, as_json=as_json)

    at_desk(config, work)


@app.command()
def revoke(
    who: Annotated[str, typer.Argument(metavar="WHO", help="Name, number or user id, from `aof pair list`.")],
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Send somebody away: from now on nothing is taken from them or sent to them."""
    refuse_nothing(who)

    async def work(desk: "Desk") -> None:
        rows = await send_away(desk, who)
        lines = [line for row in rows for line in _decided(desk, row, "sent away")]
        tell(desk, {"sent_away": rows}, *lines, as_json=as_json)

    at_desk(config, work)


def _decided(desk: "Desk", row: Paired, what: str) -> Iterator[str]:
    yield f"{row.name or row.called or row.number or row.user_id} ({row.number or row.user_id}) is {what}."
    access = desk.access.get(row.account)
    if access is not None and access.mode in NO_EFFECT:
        yield f"It has no effect now: {NO_EFFECT[access.mode]}."


def _modes(desk: "Desk") -> list[str]:
    modes = ((account, access.mode) for account, access in desk.access.items())
    return [f"{account}: {NO_EFFECT[mode]}." for account, mode in modes if mode in NO_EFFECT]


def _state(row: Paired) -> str:
    if row.state == "asked":
        return "asks" if row.is_open else "asked, code lapsed"
    return row.state
