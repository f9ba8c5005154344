"""`aof templates`: what the platform has told of the templates that it approved."""

from typing import TYPE_CHECKING, Annotated

import typer

from aof.cli.desk import NotDone, ago, at_desk, print_json, print_table, say
from aof.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from aof.domain.template import CLOSED
from aof.store.templates import TemplateRow

if TYPE_CHECKING:
    from aof.daemon.desk import Desk

app = typer.Typer(name="templates", help="What the platform has told of its approved templates.", no_args_is_help=True)

NOTHING_YET = (
    "No notice of a template has come yet; subscribe the webhook to message_template_status_update. "
    "A template that is not listed here is sent all the same."
)


@app.command("list")
def list_(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Show each template with its state, its category and how people take it."""

    async def work(desk: "Desk") -> None:
        rows = await desk.store.templates()
        if as_json:
            print_json(desk, {"templates": [_facts(row) for row in rows]})
            return
        now = desk.now()
        cells = [
            (row.name, row.language, row.state or row.word, _category(row), row.quality, ago(row.told_at, now))
            for row in rows
        ]
        headers = ("name", "language", "state", "category", "quality", "told")
        print_table(desk, headers, cells, empty=NOTHING_YET)
        say(desk, *_remarks(rows))

    at_desk(config, work)


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As in `aof templates list`.")],
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Show one template in each language: what it says, its places and buttons, and why it is in its state."""

    async def work(desk: "Desk") -> None:
        rows = await desk.store.templates(name=name)
        if not name or not rows:
            raise NotDone(f"no notice has told of a template {name}; aof templates list shows of which there are")
        if as_json:
            print_json(desk, {"templates": [_facts(row) for row in rows]})
            return
        for row in rows:
            facts = (
                ("name", row.name),
                ("language", row.language),
                ("account", row.account),
                ("state", row.state or row.word),
                ("why", row.reason),
                ("category", _category(row)),
                ("quality", row.quality),
                ("places", ", ".join(row.places)),
                ("buttons", ", ".join(row.buttons)),
                ("told", row.told_at.isoformat(timespec="seconds")),
            )
            print_table(desk, ("", ""), [fact for fact in facts if fact[1]], empty="")
            say(desk, *(["", row.body] if row.body else []), "")
        say(desk, *_remarks(rows))

    at_desk(config, work)


async def template_trouble(desk: "Desk") -> list[str]:
    """A sentence for each template that is not sent, or is billed in another way than it was."""
    return _remarks(await desk.store.templates())


def _remarks(rows: list[TemplateRow]) -> list[str]:
    closed = [
        f"{row.name} ({row.language}) is {row.state}: nothing of it is sent until the platform approves it again."
        for row in rows
        if row.state in CLOSED
    ]
    filed = [
        f"{row.name} ({row.language}) is filed as {row.category} now, before as {row.former_category}: what it costs, "
        "and to whom it may go, has changed."
        for row in rows
        if row.former_category
    ]
    return closed + filed


def _category(row: TemplateRow) -> str:
    return f"{row.category} (was {row.former_category})" if row.former_category else row.category


def _facts(row: TemplateRow) -> dict[str, object]:
    return {
        "account": row.account,
        "name": row.name,
        "language": row.language,
        "state": row.state,
        "word": row.word,
        "reason": row.reason,
        "category": row.category,
        "former_category": row.former_category,
        "quality": row.quality,
        "body": row.body,
        "places": row.places,
        "buttons": row.buttons,
        "told_at": row.told_at,
    }
