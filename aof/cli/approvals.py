"""`aof approvals`: what waits for people, a vote from the terminal, and the kill switch."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from aof.cli.desk import NotDone, ago, at_desk, print_json, print_table, refuse_nothing, say, tell
from aof.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from aof.cli.printing import visible
from aof.cli.questions import (
    called,
    card,
    command_line,
    count,
    deciders,
    left,
    moment,
    short,
    step_lines,
    vote_line,
    whole,
)
from aof.domain.approval import USABLE_FOR, Verdict
from aof.pipeline.desk.questions import decide as vote
from aof.pipeline.desk.questions import decider, state_of
from aof.pipeline.parties import shown
from aof.store.approvals import ApprovalRow

if TYPE_CHECKING:
    from aof.daemon.desk import Desk

app = typer.Typer(
    name="approvals", help="Commands that wait for people's approval, and the kill switch.", no_args_is_help=True
)

Id = Annotated[str, typer.Argument(metavar="ID", help="From `aof approvals list`; its beginning will do.")]


@app.command("list")
def list_(
    config: ConfigOption = DEFAULT_CONFIG,
    all_: Annotated[bool, typer.Option("--all", help="Also what was decided or has ended.")] = False,
    most: Annotated[int, typer.Option("--most", min=1, max=100_000, help="With --all: the newest so many.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Show what waits for a decision: the command as it would run, who asked, who may decide, and who has."""

    async def work(desk: "Desk") -> None:
        now = desk.now()
        found = await desk.store.approvals(most=most) if all_ else await desk.store.open_approvals()
        rows = [row for row in found if all_ or state_of(row, now) == "asked"]
        if as_json:
            print_json(desk, [await short(desk, row, now) for row in rows])
            return
        cells = [
            (
                row.id,
                *((state_of(row, now),) if all_ else ()),
                ago(row.asked_at, now),
                left(row, now),
                row.proposal.risk,
                command_line(row.proposal.argv),
                called(row.proposal.requester),
                ", ".join(await deciders(desk, row)),
                count(row),
            )
            for row in rows
        ]
        state = ("state",) if all_ else ()
        headers = ("id", *state, "age", "left", "class", "command", "asked by", "may decide", "votes")
        print_table(desk, headers, cells, empty="Nothing was ever asked." if all_ else "Nothing waits for an approval.")
        if (thrown := await desk.store.thrown("killswitch")) is not None:
            say(desk, f"The kill switch is on, by {thrown.by}, {ago(thrown.at, now)} ago.")

    at_desk(config, work)


@app.command()
def show(id_: Id, config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Show one question in full: its card, its votes, what it was before it was changed, and what its run has done."""

    async def work(desk: "Desk") -> None:
        row, now = await _one(desk, id_), desk.now()
        before = [one for one in await desk.store.approvals_of_call(row.run, row.call) if one.id != row.id]
        steps = await desk.store.steps_of(row.run)
        if as_json:
            history = [await short(desk, one, now) for one in before]
            print_json(desk, {**await whole(desk, row, now), "others_of_this_call": history, "steps": steps})
            return
        say(desk, command_line(row.proposal.argv), "")
        facts = [fact for fact in await card(desk, row, now) if fact[1]]
        print_table(desk, ("", ""), facts, empty="")
        say(desk, *map(vote_line, row.votes))
        for one in before:
            later = f", then {one.superseded_by}" if one.superseded_by else ""
            say(desk, f"{one.id} about the same call, {state_of(one, now)}{later}: {command_line(one.proposal.argv)}")
        say(desk, *(line for step in steps for line in step_lines(step)))

    at_desk(config, work)


@app.command()
def decide(
    id_: Id,
    verdict: Annotated[Verdict, typer.Argument(metavar="approve|deny")],
    as_: Annotated[str, typer.Option("--as", metavar="NAME", help="A person of spec.people, who may decide about it.")],
    config: ConfigOption = DEFAULT_CONFIG,
    note: Annotated[str, typer.Option("--note", help="Why; kept with the vote and in the audit chain.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Give a person's vote from here, by the rules that hold on their phone.

    The terminal is the place of operators: whoever is the daemon's user here could change its files too. So it is
    written down who sat here and in whose name they voted, and that person is told. Whoever asked, or changed the
    command, does not count; each person votes once, in time, and only where the rule names them and they may talk.
    """
    refuse_nothing(id_)
    refuse_nothing(as_)

    async def work(desk: "Desk") -> None:
        row = await _one(desk, id_)
        party = await decider(desk, row, as_)
        if not yes:
            _confirm(desk, row, as_, verdict)
            # while somebody thinks, others act
            row = await _one(desk, row.id)
            party = await decider(desk, row, as_)
        voted = await vote(desk, row, party, verdict, note=note)
        row = voted.row or row
        given = sum(vote.verdict == "approve" for vote in row.votes)
        facts = {
            "id": row.id,
            "verdict": verdict,
            "as": as_,
            "by": desk.by,
            "decided": voted.decided,
            "approvals": given,
            "needed": row.proposal.approvers.needed,
        }
        tell(desk, facts, *_outcome(desk, row, verdict, as_, decided=voted.decided, given=given), as_json=as_json)

    at_desk(config, work)


@app.command()
def killswitch(
    to: Annotated[
        Literal["on", "off"] | None, typer.Argument(metavar="[on|off]", help="Only shown if left out.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Show or throw the switch that ends all open questions and lets nothing be changed or asked for."""

    async def work(desk: "Desk") -> None:
        now, ended = desk.now(), 0
        if to is not None:
            # first the switch: what is asked from now on is refused, and what was asked before it ends
            changed = await desk.store.switch("killswitch", on=to == "on", by=desk.by, now=now)
            ended = await desk.store.void_all(by="killswitch", now=now) if to == "on" else 0
            if not changed and not ended:
                raise NotDone(f"the kill switch is {to} already")
        thrown = await desk.store.thrown("killswitch")
        facts = {
            "on": thrown is not None,
            "since": thrown.at if thrown else None,
            "by": thrown.by if thrown else None,
            "ended": ended,
        }
        lines = ["The kill switch is off: changes can be asked for."]
        if thrown is not None:
            lines = [f"The kill switch is on, by {thrown.by}, since {moment(thrown.at)}: nothing changes any more."]
        lines += [f"Open questions that ended: {ended}."] if to == "on" else []
        tell(desk, facts, *lines, as_json=as_json)

    at_desk(config, work)


async def _one(desk: "Desk", id_: str) -> ApprovalRow:
    found = await desk.store.approvals_like(id_.strip()) if id_.strip() else []
    exact = [row for row in found if row.id == id_.strip()] or found
    if len(exact) > 1:
        raise NotDone(f"several begin with {id_}; give more of it")
    for row in exact:
        return row
    raise NotDone(f"there is no question {id_}; aof approvals list --all shows which there are")


def _confirm(desk: "Desk", row: ApprovalRow, name: str, verdict: Verdict) -> None:
    """Show exactly what it is about, where no program reads, and ask.

    Raises:
        NotDone: The answer is no, or there is none.
    """
    target = ", ".join(f"{key} {value}" for key, value in sorted(row.proposal.target.items()) if value)
    asked = f"{shown(row.proposal.requester)} asks to run ({row.proposal.risk}{f', {target}' if target else ''}):"
    lines = (asked, "", f"  {command_line(row.proposal.argv)}", "")
    print(*(visible(desk.assembly.redact(line)) for line in lines), sep="\n", file=sys.stderr)
    question = f"{verdict.capitalize()} it in the name of {visible(name)}, as {visible(desk.by)} at this terminal?"
    print(f"{question} [y/N]: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().casefold() not in {"y", "yes"}:
        raise NotDone("nothing was decided; y agrees, and --yes asks nothing")


def _outcome(
    desk: "Desk", row: ApprovalRow, verdict: Verdict, name: str, *, decided: bool, given: int
) -> Iterator[str]:
    written = command_line(row.proposal.argv)
    if verdict == "deny":
        yield f"Denied in the name of {name}: {written}"
    elif not decided:
        yield f"Counted in the name of {name}, {given} of {row.proposal.approvers.needed} approvals: {written}"
    else:
        yield f"Approved in the name of {name}: {written}"
        if desk.daemon.state == "down":
            minutes = int(USABLE_FOR.total_seconds() // 60)
            yield f"No daemon runs on this store: unless one begins it within {minutes} min, it ends."
