"""`aof status`: how a daemon is doing, read beside it."""

from typing import TYPE_CHECKING, Any

from aof.cli.desk import at_desk, print_json, print_table, say
from aof.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from aof.cli.outbox import what_opens, what_to_do, why_nothing_leaves
from aof.cli.templates import template_trouble
from aof.pipeline.admit import Access, Mode

if TYPE_CHECKING:
    from aof.daemon.desk import Desk


def status(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Show whether the daemon runs, what waits, what is held or failed, and who may talk."""

    async def work(desk: "Desk") -> None:
        facts = await _facts(desk)
        if as_json:
            print_json(desk, facts)
            return
        said = str(desk.daemon)
        say(desk, f"{said[0].upper()}{said[1:]}.")
        told = await desk.store.stopped()  # with what to do about it, below
        reasons = [f"{name}: {reason}." for name, reason in desk.daemon.reasons.items() if name not in told]
        say(desk, *reasons, *facts["why_nothing_leaves"])
        say(desk, *facts["what_to_do"])
        cells = [(section, name, number) for section in ("inbox", "outbox") for name, number in facts[section].items()]
        cells += [("held by", gate, number) for gate, number in facts["held"].items()]
        cells += [("quarantine", "", facts["quarantined"])] if facts["quarantined"] else []
        print_table(desk, ("", "state", "messages"), cells, empty="Nothing was written or sent yet.")
        say(desk, *what_opens(facts["held"]))
        if facts["open_questions"]:
            say(desk, f"Waiting for approval: {facts['open_questions']}. aof approvals list shows what.")
        if facts["opportunities"]:
            say(desk, f"Waiting for operators: {facts['opportunities']}. aof operator list shows what.")
        if facts["killswitch"]:
            say(desk, "The kill switch is on: nothing changes. To lift it: aof approvals killswitch off.")
        say(desk, *(f"{account}: {who}." for account, who in facts["who_may_talk"].items()))
        if facts["asking"]:
            say(desk, f"Asking to be let in: {facts['asking']}. With the code on their phone: aof pair approve CODE.")
        say(desk, *facts["budgets"])
        if facts["suspended"]:
            say(desk, f"Suspended: {', '.join(facts['suspended'])}.")

    at_desk(config, work)


async def _facts(desk: "Desk") -> dict[str, Any]:
    counts = await desk.store.counts()
    rows = await desk.store.paired(now=desk.now())
    pairings = [row for row in rows if row.state == "approved"]
    return {
        "daemon": desk.daemon.state,
        "ready": desk.daemon.is_ready,
        "reasons": desk.daemon.reasons,
        "why_nothing_leaves": await why_nothing_leaves(desk),
        "what_to_do": [*await what_to_do(desk), *await template_trouble(desk)],
        "inbox": counts.events,
        "outbox": counts.parts,
        "held": counts.held,
        "quarantined": counts.quarantined,
        "open_questions": sum(row.expires_at > desk.now() for row in await desk.store.open_approvals()),
        "opportunities": len(await desk.store.opportunities(states=("open", "approval_required"), most=10_000)),
        "killswitch": await desk.store.thrown("killswitch") is not None,
        "who_may_talk": {
            account: _who(access, sum(row.account == account for row in pairings))
            for account, access in desk.access.items()
        },
        "asking": sum(row.is_open for row in rows),
        "suspended": sorted(await desk.store.suspended()),
        "budgets": await desk.budgets(),
        "store": str(desk.store.path),
    }


def _who(access: Access, paired: int) -> str:
    match access.mode:
        case Mode.EVERYONE:
            return "everybody may talk"
        case Mode.PAIRING:
            return f"pairing, {paired} let in"
        case Mode.LISTED:
            return "whoever the configuration lists"
