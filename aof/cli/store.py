"""`aof store`: is the file whole, how large is it, and a copy of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aof.cli.desk import NotDone, at_desk, print_json, print_table, say, tell
from aof.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption

if TYPE_CHECKING:
    from aof.daemon.desk import Desk

app = typer.Typer(name="store", help="The file in which messages are kept.", no_args_is_help=True)


@app.command()
def check(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Look through the whole file and the audit chain. Ends with 1 where something is wrong."""

    async def work(desk: "Desk") -> None:
        wrong = await desk.store.check()
        if as_json:
            print_json(desk, {"file": desk.store.path, "wrong": wrong})
        if wrong:
            raise NotDone("\n".join([f"{desk.store.path} is damaged; restore a backup:", *wrong]))
        if not as_json:
            say(desk, f"{desk.store.path} is whole, and so is its audit chain.")

    at_desk(config, work)


@app.command()
def size(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Show how many rows and bytes are kept."""

    async def work(desk: "Desk") -> None:
        sizes = await desk.store.sizes()
        if as_json:
            print_json(desk, sizes)
            return
        cells = [(table, count) for table, count in sizes.items() if table != "bytes"]
        print_table(desk, ("table", "rows"), cells, empty="")
        say(desk, f"{_mebibytes(sizes['bytes'])} in {desk.store.path}")

    at_desk(config, work)


@app.command()
def backup(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="A file that does not exist yet.")],
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Copy the store as it is at one moment, beside a running daemon. The copy holds what people wrote.

    To restore: stop the daemon, remove the store's -wal and -shm files, put the copy in the store's place, start.
    """

    async def work(desk: "Desk") -> None:
        await desk.store.backup(to)
        copied = to.stat().st_size
        said = f"Copied to {to} ({_mebibytes(copied)}), readable for you alone."
        tell(desk, {"file": to, "bytes": copied}, said, as_json=as_json)

    at_desk(config, work)


def _mebibytes(amount: int) -> str:
    return f"{amount / 1024 / 1024:.1f} MiB"
