"""`aof inbox`: what came in and could not be read or answered."""

from typing import TYPE_CHECKING, Annotated

import typer

from aof.cli.desk import NotDone, ago, at_desk, print_json, print_table, refuse_nothing, say, tell
from aof.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from aof.pipeline.desk.inbox import replay as take_up
from aof.store.operators import Quarantined

if TYPE_CHECKING:
    from aof.daemon.desk import Desk

app = typer.Typer(name="inbox", help="Messages that could not be read or answered.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="From `aof inbox quarantined`.")]


@app.command()
def quarantined(
    config: ConfigOption = DEFAULT_CONFIG,
    most: Annotated[int, typer.Option("--most", min=1, max=100_000, help="The newest so many.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Show what could not be read (q…), and what was given up after its attempts (e…)."""

    async def work(desk: "Desk") -> None:
        rows = await desk.store.quarantined(most=most)
        if as_json:
            print_json(desk, [_short(row) for row in rows])
            return
        now = desk.now()
        cells = [(row.id, ago(row.received_at, now), row.account, len(row.raw), row.reason) for row in rows]
        print_table(
            desk, ("id", "age", "account", "bytes", "why"), cells, empty="Everything could be read and answered."
        )

    at_desk(config, work)


@app.command()
def show(id_: Id, config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Show one as the platform wrote it. It may hold what a person wrote."""

    async def work(desk: "Desk") -> None:
        row = await _found(desk, id_)
        if as_json:
            print_json(desk, {**_short(row), "event": row.event_id, "raw": row.raw})
            return
        facts = [
            ("id", row.id),
            ("account", row.account),
            ("event", row.event_id),
            ("why", row.reason),
            ("received", row.received_at.isoformat(timespec="seconds")),
        ]
        print_table(desk, ("", ""), facts, empty="")
        say(desk, "")
        say(desk, row.raw.decode("utf-8", "replace"))

    at_desk(config, work)


@app.command()
def replay(id_: Id, config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Take one up again: read it anew, or answer it anew, behind what came after it."""

    async def work(desk: "Desk") -> None:
        row = await _found(desk, id_)
        replayed = await take_up(desk, row)
        said = f"{id_} is taken up again."
        if replayed == "known":
            said = f"{id_} had come before and was taken up then; it is off the list."
        tell(desk, {"id": id_, "replayed": replayed}, said, as_json=as_json)

    at_desk(config, work)


def _short(row: Quarantined) -> dict[str, object]:
    return {
        "id": row.id,
        "account": row.account,
        "why": row.reason,
        "received_at": row.received_at,
        "bytes": len(row.raw),
    }


async def _found(desk: "Desk", id_: str) -> Quarantined:
    refuse_nothing(id_)
    row = await desk.store.quarantined_one(id_)
    if row is None:
        raise NotDone(f"there is no {id_}; aof inbox quarantined shows which there are")
    return row
