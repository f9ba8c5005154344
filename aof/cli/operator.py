"""`aof operator`: opportunities brought, listed and looked at from a terminal."""

from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from aof.cli.desk import NotDone, ago, at_desk, print_json, print_table, say, tell
from aof.cli.operator_link import link
from aof.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from aof.domain.opportunity import OpportunityState
from aof.operator.facts import whole
from aof.operator.opportunities import Contact, Wanted
from aof.pipeline.desk.outbox import masked
from aof.store.opportunities import OpportunityRow
from aof.texts.language import Language

if TYPE_CHECKING:
    from aof.daemon.desk import Desk

app = typer.Typer(
    name="operator", help="Opportunities, which operators decide about on their phones.", no_args_is_help=True
)

app.command("link")(link)

WAITING: tuple[OpportunityState, ...] = ("open", "approval_required")


@app.command()
def add(
    id_: Annotated[str, typer.Option("--id", help="Letters, digits, dots, dashes and underscores.")],
    title: Annotated[str, typer.Option("--title", help="One line.")],
    name: Annotated[str, typer.Option("--contact", help="The contact's name.")],
    phone: Annotated[str, typer.Option("--phone", help="The contact's number, with country code.")],
    summary: Annotated[str, typer.Option("--summary", help="What operators should know.")] = "",
    language: Annotated[Language, typer.Option("--language", help="Of the message to the contact.")] = Language.ARABIC,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Bring an opportunity: its card goes to every operator. The daemon sends them.

    The same once more does nothing; another one under the same id ends with 1.
    """
    try:
        contact = Contact(name=name, phone=phone)
        wanted = Wanted(id=id_, title=title, summary=summary, language=language, contact=contact)
    except ValidationError as misfit:
        first = misfit.errors(include_url=False, include_input=False)[0]
        problem = str(first.get("ctx", {}).get("error", first["msg"]))
        option = "contact" if first["loc"] == ("name",) else ".".join(map(str, first["loc"]))
        raise typer.BadParameter(f"{option}: {problem}") from None

    async def work(desk: "Desk") -> None:
        if desk.intake is None or not desk.intake.operators.names:
            raise NotDone("there are no operators; write spec.operator.operators and names of spec.people")
        kept, row = await desk.intake.add(wanted, by=desk.by)
        if kept == "different":
            raise NotDone(f"another opportunity has the id {id_} already; nothing was kept")
        said = "Added" if kept == "new" else "Known already"
        tell(desk, {"id": row.id, "state": row.state, "new": kept == "new"}, f"{said}: {row.id}.", as_json=as_json)

    at_desk(config, work)


@app.command("list")
def list_(
    config: ConfigOption = DEFAULT_CONFIG,
    all_: Annotated[bool, typer.Option("--all", help="Also what was decided.")] = False,
    most: Annotated[int, typer.Option("--most", min=1, max=100_000, help="The newest so many.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Show what waits for an operator."""

    async def work(desk: "Desk") -> None:
        now = desk.now()
        rows = await desk.store.opportunities(states=() if all_ else WAITING, most=most)
        if as_json:
            print_json(desk, [await whole(desk.store, row) for row in rows])
            return
        cells = [
            (row.id, row.state, ago(row.created_at, now), row.title, f"{row.contact} {masked(row.phone)}", row.draft)
            for row in rows
        ]
        empty = "Nothing has come up." if all_ else "Nothing waits for an operator."
        print_table(desk, ("id", "state", "age", "title", "contact", "draft"), cells, empty=empty)

    at_desk(config, work)


@app.command()
def show(
    id_: Annotated[str, typer.Argument(metavar="ID", help="From `aof operator list`.")],
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Show one opportunity in full: its drafts, who decided what, and what became of what left."""

    async def work(desk: "Desk") -> None:
        row = await desk.store.opportunity(id_)
        if row is None:
            raise NotDone(f"there is no opportunity {id_}; aof operator list --all has them")
        if as_json:
            print_json(desk, await whole(desk.store, row))
            return
        await _show(desk, row)

    at_desk(config, work)


async def _show(desk: "Desk", row: OpportunityRow) -> None:
    facts = [
        ("id", row.id),
        ("state", row.state),
        ("title", row.title),
        ("summary", row.summary),
        ("contact", f"{row.contact} {row.phone}"),
        ("language", row.language),
        ("brought by", row.by),
        ("meeting", "drafted" if row.at.scheduled else ""),
    ]
    print_table(desk, ("", ""), [fact for fact in facts if fact[1]], empty="")
    for move in await desk.store.moves_of_opportunity(row.id):
        about = f" ({move.draft})" if move.draft else ""
        say(desk, f"{move.at:%Y-%m-%d %H:%M} UTC  {move.change}{about} by {move.by}")
    for draft in await desk.store.drafts_of(row.id):
        say(desk, "", f"{draft.id}, {draft.state}, written by {draft.written_by}:", draft.text)
    for one in await desk.store.departures_of(row.id):
        why = f" ({one.gate}: {one.reason})" if one.gate else f" ({one.reason})" if one.reason else ""
        say(desk, "", f"{one.part}: {one.state}{why}")
