"""`aof consent`: who agreed to be written to unasked, and who does not want it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from aof.cli import consent_rows
from aof.cli.desk import NotDone, account_of, ago, at_desk, print_json, print_table, refuse_nothing, say, tell
from aof.cli.exports import exported
from aof.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from aof.domain.consent import AGREE, DECLINE
from aof.domain.message import Sender
from aof.domain.response import Choice
from aof.store.consent import ASK_AGAIN, Contact, Entry, Refusal, ToWrite
from aof.texts import consent as texts
from aof.texts.language import Language

if TYPE_CHECKING:
    from aof.daemon.desk import Desk

app = typer.Typer(
    name="consent", help="Who agreed to be written to unasked, and who does not want it.", no_args_is_help=True
)

Who = Annotated[str, typer.Argument(metavar="WHO", help="A number, a user id, or a name of `aof people list`.")]
AccountOption = Annotated[str, typer.Option("--account", help="Of which account, where there are several.")]
EvidenceOption = Annotated[
    str, typer.Option("--evidence", help="Where it can be looked up: a form, a contract, a call with its date.")
]
MOST = 1_000_000
"""Contacts of an export."""
MOST_WRONG = 50
"""Bad rows that are told one by one."""


@app.command("list")
def list_(
    config: ConfigOption = DEFAULT_CONFIG,
    state: Annotated[
        Literal["in", "out", "asked", ""], typer.Option("--state", help="Only these: in, out, or asked.")
    ] = "",
    most: Annotated[int, typer.Option("--most", min=1, help="At most so many, the newest first.")] = 100,
    as_json: JsonOption = False,
) -> None:
    """Show where everybody stands of whom the ledger holds a word."""

    async def work(desk: "Desk") -> None:
        found = await desk.store.contacts(state=state, most=most)
        if as_json:
            print_json(desk, [_facts(one) for one in found])
            return
        now = desk.now()
        cells = [
            (
                one.number or one.user_id,
                one.state or "asked",
                one.row.how,
                one.row.evidence,
                one.row.by,
                ago(one.row.at, now),
            )
            for one in found
        ]
        print_table(
            desk,
            ("who", "state", "how", "evidence", "by", "age"),
            cells,
            empty="Nobody has said anything. A contact opts in by START, or by Yes to aof consent ask.",
        )

    at_desk(config, work)


@app.command()
def show(
    who: Who, config: ConfigOption = DEFAULT_CONFIG, account: AccountOption = "", as_json: JsonOption = False
) -> None:
    """Show all that is known of one person, the oldest first."""
    refuse_nothing(who)

    async def work(desk: "Desk") -> None:
        from_ = account_of(desk, account)
        sender = await _sender(desk, from_, who)
        rows = await desk.store.consent_history(from_, sender)
        state = (await desk.store.standing(from_, sender)).consent
        if as_json:
            print_json(desk, {"state": state, "rows": rows})
            return
        now = desk.now()
        cells = [(row.state, row.how, row.evidence, row.by, ago(row.at, now)) for row in rows]
        headers = ("state", "how", "evidence", "by", "age")
        print_table(desk, headers, cells, empty=f"The ledger holds nothing of {who}.")
        if rows:
            say(desk, f"{who} is {state or 'neither in nor out'}.")

    at_desk(config, work)


@app.command("set")
def set_(
    who: Who,
    state: Annotated[Literal["in", "out"], typer.Argument(help="in: they agreed. out: they want nothing unasked.")],
    evidence: EvidenceOption,
    config: ConfigOption = DEFAULT_CONFIG,
    account: AccountOption = "",
    as_json: JsonOption = False,
) -> None:
    """Write down what somebody said elsewhere. Whoever opted out themselves is opted in by nobody else."""
    refuse_nothing(who)
    refuse_nothing(evidence)

    async def work(desk: "Desk") -> None:
        from_ = account_of(desk, account)
        sender = await _sender(desk, from_, who)
        entry = Entry(state, "operator", evidence.strip(), by=desk.by)
        outcome = await desk.store.write_consent([ToWrite(from_, sender, entry)], now=desk.now())
        if outcome.refused:
            raise NotDone(f"{who} {WHY['out']}")
        said = f"{who} is {state}." if outcome.changed else f"{who} was {state} already."
        tell(desk, {"who": who, "state": state, "changed": bool(outcome.changed)}, said, as_json=as_json)

    at_desk(config, work)


WHY: dict[Refusal, str] = {
    "out": "opted out, and only START from them lifts that",
    "in": "agreed already",
    "asked": f"was asked within the last {ASK_AGAIN.days} days, and is not asked again before that",
}


@app.command()
def ask(
    who: Who,
    evidence: EvidenceOption,
    config: ConfigOption = DEFAULT_CONFIG,
    account: AccountOption = "",
    language: Annotated[
        Literal["en", "ar", ""], typer.Option("--language", help="In which to ask; else the daemon's.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Ask somebody outside the team whether they want to be written to, by the template for it and with two buttons.

    It is the one message that may go to whoever never agreed, so --evidence says why you may ask. Nobody is asked who
    has said yes or no, and nobody twice within 30 days.
    """
    refuse_nothing(who)
    refuse_nothing(evidence)

    async def work(desk: "Desk") -> None:
        from_ = account_of(desk, account)
        platform, spoken = desk.platforms[from_], Language(language or desk.assembly.config.spec.runtime.language)
        template = platform.opt_in(spoken)
        if template is None:
            raise NotDone(f"there is no template to ask with: write spec.platforms.{platform.name}.templates.opt_in")
        yes = Choice(id=AGREE, title=texts.yes_title(spoken), action_id=AGREE)
        no = Choice(id=DECLINE, title=texts.no_title(spoken), action_id=DECLINE)
        asked = await desk.store.ask_consent(
            from_,
            await _sender(desk, from_, who),
            template.model_copy(update={"buttons": (yes, no)}),
            language=spoken,
            evidence=evidence.strip(),
            by=desk.by,
            now=desk.now(),
        )
        if asked.refused is not None:
            raise NotDone(f"{who} {WHY[asked.refused]}")
        held_by = desk.gates().get(from_)
        lines = [f"Queued for {who}. aof outbox list shows what becomes of it."]
        lines += [f"It will be held: {held_by}."] if held_by else []
        tell(desk, {"part": asked.part_id, "held_by": held_by}, *lines, as_json=as_json)

    at_desk(config, work)


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV in UTF-8, with number or user_id, state, evidence, and at.")
    ],
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Write down what many said elsewhere: all rows of a file, or none. Every bad row is told with its line."""

    async def work(desk: "Desk") -> None:
        try:
            rows, wrong = consent_rows.read(file, list(desk.platforms), desk.by, desk.now())
        except OSError as error:
            raise NotDone(f"{file} can't be read: {error.strerror}") from error
        except ValueError as error:
            raise NotDone(f"{file} {error}") from error
        lines = {one.line: one.why for one in wrong}
        if not lines:
            outcome = await desk.store.write_consent([row.to_write for row in rows], now=desk.now())
            lines = {rows[place].line: WHY[why] for place, why in outcome.refused.items()}
        if lines:
            told = [f"{file}:{line}: {lines[line]}" for line in sorted(lines)]
            more = [f"and {len(told) - MOST_WRONG} more"] if len(told) > MOST_WRONG else []
            raise NotDone("\n".join(["nothing was written:", *told[:MOST_WRONG], *more]))
        said = f"{len(rows)} rows read; {outcome.changed} people stand elsewhere than before."
        tell(desk, {"rows": len(rows), "changed": outcome.changed}, said, as_json=as_json)

    at_desk(config, work)


@app.command()
def export(
    to: Annotated[str, typer.Argument(metavar="[FILE|-]", help="A file that does not exist yet; - prints.")] = "-",
    config: ConfigOption = DEFAULT_CONFIG,
    state: Annotated[
        Literal["in", "out", "asked", ""], typer.Option("--state", help="Only these: in, out, or asked.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Write where everybody stands as CSV. It holds their numbers.

    A cell that a spreadsheet would take for a formula has an apostrophe before it, which `import` takes away.
    """
    refuse_nothing(to)

    async def work(desk: "Desk") -> None:
        found = await desk.store.contacts(state=state, most=MOST)
        with exported(to, "utf-8") as out:
            count = consent_rows.write(found, out)
        if to != "-":
            said = f"Written to {to}, readable for you alone: {count} people."
            tell(desk, {"file": to, "rows": count}, said, as_json=as_json)

    at_desk(config, work)


async def _sender(desk: "Desk", account: str, who: str) -> Sender:
    """Whom a word names: with both number and user id, where they have written."""
    try:
        aliases = await desk.aliases(account, who)
    except ValueError as error:
        raise NotDone(f"{who} {error}") from error
    written = [await desk.store.conversation_with(account, alias) for alias in aliases]
    people = {one.address.person.key: one.address.person for one in written if one is not None}
    people.pop("", None)
    if len(people) > 1:
        raise NotDone(f"{who} is known here under several numbers; name the number or user id")
    for person in people.values():
        return person
    # a name that nobody has would be taken for a user id
    first = aliases[0]
    return Sender(number=first) if first.startswith("+") else Sender(user_id=first)


def _facts(one: Contact) -> dict[str, object]:
    row = one.row
    return {
        "account": one.account,
        "number": one.number,
        "user_id": one.user_id,
        "state": one.state or "asked",
        "how": row.how,
        "evidence": row.evidence,
        "by": row.by,
        "at": row.at,
    }
