"""`aof outbox`: what left, what did not, why, and what to do about it."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from aof.cli.desk import NotDone, ago, at_desk, print_json, print_table, say, tell
from aof.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from aof.cli.parked import who_has_to_write
from aof.domain.delivery import PartState
from aof.domain.response import Part, choices_of, text_of
from aof.formatting.markup import shown
from aof.pipeline.desk.outbox import LIVE_SEND, held_behind_open_gates, release_held, whom
from aof.store.operators import OutboxRow
from aof.texts.desk import do_shut_out
from aof.texts.gates import GATES, opens
from aof.texts.language import Language

if TYPE_CHECKING:
    from aof.daemon.desk import Desk

app = typer.Typer(name="outbox", help="Messages that left, wait, are held or failed.", no_args_is_help=True)

UNSETTLED = ("queued", "sending", "uncertain", "held", "dead", "failed")
"""What somebody may have to look at; the rest has arrived or is on its way."""

MOST = 2**63 - 1
"""SQLite's largest number."""

Ids = Annotated[list[int], typer.Argument(metavar="ID…", max=MOST, help="From `aof outbox list`.")]


@app.command("list")
def list_(
    config: ConfigOption = DEFAULT_CONFIG,
    state: Annotated[
        list[PartState] | None, typer.Option("--state", help="Only these; all but the arrived ones if not given.")
    ] = None,
    gate: Annotated[str, typer.Option("--gate", help="Only what this gate holds, such as live_send.")] = "",
    all_: Annotated[bool, typer.Option("--all", help="Also what has arrived.")] = False,
    most: Annotated[int, typer.Option("--most", min=1, max=100_000, help="The newest so many.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Show messages, and in one sentence why nothing leaves where that is so."""

    async def work(desk: "Desk") -> None:
        states = [str(one) for one in state or ()] or ([] if all_ else list(UNSETTLED))
        rows = await desk.store.parts(states=states, gate=gate, most=most)
        reasons, names = await why_nothing_leaves(desk), await desk.names()
        if as_json:
            print_json(desk, {"why_nothing_leaves": reasons, "parts": [_short(desk, row, names) for row in rows]})
            return
        say(desk, *reasons)
        now = desk.now()
        cells = [
            (
                row.seq,
                row.state,
                row.gate,
                ago(row.created_at, now),
                whom(desk, row.account, row.address, names),
                _kind(row),
                _why(row),
            )
            for row in rows
        ]
        empty = _nothing(gate, [str(one) for one in state or ()], all_=all_)
        print_table(desk, ("id", "state", "gate", "age", "to", "kind", "why"), cells, empty=empty)
        say(desk, *what_opens({row.gate for row in rows}), *what_helps(rows))

    at_desk(config, work)


@app.command()
def show(
    id_: Annotated[int, typer.Argument(metavar="ID", max=MOST)],
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Show one message in full: what it says, to whom it goes, and what became of it."""

    async def work(desk: "Desk") -> None:
        found = await desk.store.parts(seqs=[id_])
        if not found:
            raise NotDone(f"there is no message {id_}; aof outbox list --all shows which there are")
        row, names = found[0], await desk.names()
        if as_json:
            more = {"message_id": row.message_id, "settled_at": row.settled_at, "address": row.address}
            print_json(desk, {**_short(desk, row, names), **more, "content": row.part})
            return
        address = row.address.chat if row.address.group else row.address.number or row.address.user_id or ""
        facts = (
            ("id", row.seq),
            ("part", row.part_id),
            ("to", f"{whom(desk, row.account, row.address, names)} {address}"),
            ("account", row.account),
            ("state", row.state),
            ("gate", row.gate),
            ("why", _why(row)),
            ("opens", opens(Language.ENGLISH, row.gate)),
            ("helps", do_shut_out(Language.ENGLISH) if row.shut_out else ""),
            ("cause", row.cause),
            ("attempts", row.attempts),
            ("repeated", "yes: sent once more after a request without an answer" if row.repeated else ""),
            ("message", row.message_id),
            ("made", row.created_at.isoformat(timespec="seconds")),
            ("settled", row.settled_at.isoformat(timespec="seconds") if row.settled_at else ""),
        )
        print_table(desk, ("", ""), [fact for fact in facts if fact[1] != ""], empty="")
        if row.part is not None:
            say(
                desk,
                "",
                _text(desk, row.account, row.part),
                *(f"  [{choice.title}]" for choice in choices_of(row.part)),
            )

    at_desk(config, work)


def _text(desk: "Desk", account: str, part: Part) -> str:
    platform = desk.platforms.get(account)
    text = text_of(part) or part.type
    return text if platform is None else shown(text, platform.markup)


@app.command()
def release(
    ids: Annotated[list[int] | None, typer.Argument(metavar="[ID…]", max=MOST, help="From `aof outbox list`.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    gate: Annotated[str, typer.Option("--gate", help="Everything that this gate holds.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Let held messages go. Refused while their gate is closed."""
    if bool(ids) == bool(gate):
        raise typer.BadParameter("name messages by their ids, or a gate with --gate: one of the two")

    async def work(desk: "Desk") -> None:
        released = await release_held(desk, ids or (), gate=gate)
        said = f"Released: {released}." + _others(len(ids or ()) - released, "not held")
        tell(desk, {"released": released}, said, as_json=as_json)

    at_desk(config, work)


@app.command()
def retry(ids: Ids, config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Send dead and failed messages once more, as new ones."""

    async def work(desk: "Desk") -> None:
        queued = await desk.store.retry(ids, by=desk.by, now=desk.now())
        if not queued:
            raise NotDone("none of these is dead or failed; aof outbox list shows the states")
        said = f"Queued again: {queued}." + _others(len(ids) - queued, "neither dead nor failed")
        tell(desk, {"queued": queued}, said, as_json=as_json)

    at_desk(config, work)


@app.command()
def resume(
    account: Annotated[
        str, typer.Argument(help="Such as whatsapp:106540352242922; may be left out if one is stopped.")
    ] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Let an account send again that its platform had stopped, once the cause is mended."""

    async def work(desk: "Desk") -> None:
        stopped = await desk.store.stopped()
        if not stopped:
            raise NotDone("no account is stopped")
        if not account and len(stopped) > 1:
            raise NotDone(f"several accounts are stopped: {', '.join(stopped)}. Name one.")
        named = account or next(iter(stopped))
        if not await desk.store.resume(named, by=desk.by, now=desk.now()):
            raise NotDone(f"{named} is not stopped; stopped: {', '.join(stopped)}")
        tell(desk, {"account": named}, f"{named} sends again.", as_json=as_json)

    at_desk(config, work)


async def why_nothing_leaves(desk: "Desk") -> list[str]:
    """A sentence for each account of which nothing leaves, and one where no daemon runs or can be asked."""
    stopped = await desk.store.stopped()
    reasons = [f"Nothing leaves for {account}: {reason}." for account, reason in sorted(desk.gates().items())]
    reasons += [
        f"Nothing leaves for {account}: {reason.rstrip('.')}. When it is mended: aof outbox resume."
        for account, reason in stopped.items()
    ]
    if desk.daemon.state == "down":
        reasons.append("Nothing leaves: no daemon runs on this store.")
    elif desk.daemon.state != "answers":
        reasons.append(f"What is said here is by the file alone: {desk.daemon}.")
    return reasons


def what_opens(gates: Collection[str]) -> list[str]:
    """A line for each of these gates, in the order in which they are asked."""
    return [f"{gate}: {opens(Language.ENGLISH, gate)}" for gate in GATES if gate in gates]


def what_helps(rows: Sequence[OutboxRow]) -> list[str]:
    """A line where somebody lets nothing through to them."""
    shut_out = [str(row.seq) for row in rows if row.shut_out]
    return [f"{', '.join(shut_out)}: {do_shut_out(Language.ENGLISH)}"] if shut_out else []


async def what_to_do(desk: "Desk") -> list[str]:
    """A sentence for each account of which the gate is open, and what was held before still is; and for everybody to
    whom something is parked."""
    said = [
        f"Held for {account} from when its gate was closed: {count}. "
        f"To let it go: aof outbox release --gate {LIVE_SEND}"
        for account, count in (await held_behind_open_gates(desk)).items()
    ]
    return said + await who_has_to_write(desk)


def _others(count: int, what: str) -> str:
    return f" The other {count}: {what}." if count > 0 else ""


def _kind(row: OutboxRow) -> str:
    return row.part.type if row.part is not None else "?"


def _nothing(gate: str, states: Sequence[str], *, all_: bool) -> str:
    """Of what there is none: no more than was asked for."""
    if gate:
        return f"Nothing is held by a gate called {gate}."
    if states:
        return f"Nothing is {' or '.join(states)}."
    return "Nothing was written or sent yet." if all_ else "Nothing waits, is held or failed."


def _why(row: OutboxRow) -> str:
    code = f" ({row.code})" if row.code and str(row.code) not in row.reason else ""
    return f"{row.reason}{code}"


def _short(desk: "Desk", row: OutboxRow, names: Mapping[tuple[str, str], str]) -> dict[str, object]:
    return {
        "id": row.seq,
        "part": row.part_id,
        "account": row.account,
        "to": whom(desk, row.account, row.address, names),
        "state": row.state,
        "gate": row.gate,
        "opens": opens(Language.ENGLISH, row.gate),
        "helps": do_shut_out(Language.ENGLISH) if row.shut_out else "",
        "code": row.code,
        "why": row.reason,
        "kind": _kind(row),
        "cause": row.cause,
        "attempts": row.attempts,
        "repeated": row.repeated,
        "created_at": row.created_at,
    }
