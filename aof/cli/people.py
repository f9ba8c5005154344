"""`aof people`: whom the configuration and pairings name, who is invited, and who may not talk for now."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from aof.cli.desk import NotDone, at_desk, print_json, print_table, refuse_nothing, tell
from aof.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from aof.config.people import Person
from aof.pipeline.desk.outbox import whom
from aof.pipeline.desk.pairing import invite as let_in_by_code

if TYPE_CHECKING:
    from aof.daemon.desk import Desk

app = typer.Typer(name="people", help="People by name: list, invite, suspend, resume.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="From `aof people list`.")]


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody with a name, and where the name comes from."""

    name: str
    aliases: tuple[str, ...]
    roles: tuple[str, ...]
    language: str
    source: str


@app.command("list")
def list_(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Show everybody who has a name."""

    async def work(desk: "Desk") -> None:
        suspended = await desk.store.suspended()
        people = [known async for known in _known(desk)]
        if as_json:
            print_json(desk, [{**_plain(known), "suspended": known.name in suspended} for known in people])
            return
        cells = [
            (
                known.name,
                " ".join(known.aliases),
                " ".join(known.roles),
                known.language,
                known.source,
                "suspended" if known.name in suspended else "",
            )
            for known in people
        ]
        print_table(
            desk,
            ("name", "goes by", "roles", "language", "from", "state"),
            cells,
            empty="Nobody has a name yet. Write spec.people, or give one with aof pair approve --name.",
        )

    at_desk(config, work)


@app.command()
def suspend(name: Name, config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Take nothing from somebody and send nothing to them, from now on and until they are resumed.

    What they had asked for or changed and nobody has begun ends, and so does what they had let. Of what is still open
    their vote counts no more.
    """

    async def work(desk: "Desk") -> None:
        await _find(desk, name)
        cut = await desk.store.suspend(name, by=desk.by, now=desk.now())
        if cut is None:
            raise NotDone(f"{name} is suspended already")
        waiting = await _waiting(desk, name)
        facts = {"name": name, "suspended": True, "ended": cut.ended, "votes": cut.votes, "messages": waiting}
        lines = [f"{name} is suspended."]
        lines += [f"Questions that rested on them and ended: {', '.join(cut.ended)}."] if cut.ended else []
        lines += [f"Open questions for which their vote counts no more: {', '.join(cut.votes)}."] if cut.votes else []
        lines += [f"Messages that waited for them, and are held: {waiting}."] if waiting else []
        tell(desk, facts, *lines, as_json=as_json)

    at_desk(config, work)


@app.command()
def resume(name: Name, config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Let somebody talk again. What was held meanwhile stays held."""

    async def work(desk: "Desk") -> None:
        if not await desk.store.resume_person(name, by=desk.by, now=desk.now()):
            await _find(desk, name)
            raise NotDone(f"{name} is not suspended")
        tell(desk, {"name": name, "suspended": False}, f"{name} may talk again.", as_json=as_json)

    at_desk(config, work)


@app.command()
def invite(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call them from now on.")],
    config: ConfigOption = DEFAULT_CONFIG,
    hours: Annotated[int, typer.Option("--hours", min=1, max=168, help="How long the code opens the door.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Make a code that lets in whoever shows it first, once, under this name.

    Where the platform has such links, following one shows it; elsewhere it is sent as a message. Whoever holds it is
    let in, so it is for one person's eyes.
    """
    refuse_nothing(name)

    async def work(desk: "Desk") -> None:
        made = await let_in_by_code(desk, name.strip(), timedelta(hours=hours))
        lines = [f"Whoever shows this first is let in as {name.strip()}, until {made.expires_at:%Y-%m-%d %H:%M} UTC:"]
        lines += [
            f"  {link}" if link else f"  {account}: send it /start {made.code}" for account, link in made.links.items()
        ]
        facts = {"name": name.strip(), "code": made.code, "until": made.expires_at, "links": dict(made.links)}
        tell(desk, facts, *lines, as_json=as_json)

    at_desk(config, work)


async def _waiting(desk: "Desk", name: str) -> int:
    """Messages that were about to go to somebody."""
    names = await desk.names()
    rows = await desk.store.parts(states=("queued",), most=100_000)
    return sum(whom(desk, row.account, row.address, names) == name for row in rows)


async def _find(desk: "Desk", name: str) -> None:
    names = [known.name async for known in _known(desk)]
    if name not in names:
        raise NotDone(f"nobody is called {name}; known: {', '.join(sorted(set(names))) or 'nobody'}")


async def _known(desk: "Desk") -> AsyncIterator[Known]:
    for person in desk.assembly.config.spec.people:
        yield Known(person.name, tuple(_aliases(person)), tuple(person.roles), person.language or "", "configuration")
    for row in await desk.store.paired(now=desk.now()):
        if row.name and row.state == "approved":
            yield Known(row.name, (row.number or row.user_id,), (), "", "pairing")


def _aliases(person: Person) -> Iterator[str]:
    yield from (one if platform == "whatsapp" else f"{platform}:{one}" for platform, one in person.accounts)


def _plain(known: Known) -> dict[str, object]:
    return {
        "name": known.name,
        "goes_by": known.aliases,
        "roles": known.roles,
        "language": known.language,
        "from": known.source,
    }
