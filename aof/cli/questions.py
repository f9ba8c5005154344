"""One question about a command, in the words of the terminal."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aof.cli.desk import ago
from aof.domain.approval import Party
from aof.pipeline.cards import rule_in_words
from aof.pipeline.desk.outbox import masked
from aof.pipeline.desk.questions import state_of, who_may
from aof.pipeline.parties import shown
from aof.store.approvals import ApprovalRow, Step, Vote
from aof.texts.calls import exactly, inert

if TYPE_CHECKING:
    from aof.daemon.desk import Desk


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def left(row: ApprovalRow, now: datetime) -> str:
    return ago(now, row.expires_at) if state_of(row, now) == "asked" else ""


def command_line(argv: tuple[str, ...]) -> str:
    """As the card shows it: each word as the program gets it, on one line."""
    return exactly(argv)


def called(party: Party) -> str:
    return party.name or masked(shown(party))


def count(row: ApprovalRow) -> str:
    given = ", ".join(f"{vote.who}: {vote.verdict}" for vote in row.votes)
    needed = row.proposal.approvers.needed
    return given if needed == 1 else f"{sum(v.verdict == 'approve' for v in row.votes)} of {needed} {given}".strip()


async def deciders(desk: "Desk", row: ApprovalRow) -> list[str]:
    """Whom the rule names and nothing bars."""
    everyone = ["*"] if row.proposal.approvers.everyone else []
    return everyone + [called(party) for party in await who_may(desk, row)]


async def short(desk: "Desk", row: ApprovalRow, now: datetime) -> dict[str, Any]:
    proposal = row.proposal
    return {
        "id": row.id,
        "state": state_of(row, now),
        "asked_at": row.asked_at,
        "expires_at": row.expires_at,
        "class": proposal.risk,
        "argv": proposal.argv,
        "command": command_line(proposal.argv),
        "asked_by": called(proposal.requester),
        "may_decide": await deciders(desk, row),
        "needed": proposal.approvers.needed,
        "votes": [
            {"as": vote.name or vote.party, "by": vote.by, "verdict": vote.verdict, "at": vote.at, "note": vote.note}
            for vote in row.votes
        ],
        "decided_at": row.decided_at,
        "decided_by": row.decided_by,
        "superseded_by": row.superseded_by,
    }


async def whole(desk: "Desk", row: ApprovalRow, now: datetime) -> dict[str, Any]:
    proposal = row.proposal
    return {
        **await short(desk, row, now),
        "run": row.run,
        "call": row.call,
        "agent": proposal.agent,
        "tool": proposal.tool,
        "arguments": proposal.arguments,
        "why": proposal.why,
        "reason": proposal.reason,
        "target": proposal.target,
        "undo": proposal.undo,
        "dry_run": proposal.dry_run,
        "rule": rule_in_words(proposal.approvers),
        "self_approval": proposal.approvers.allows_self,
        "editor": called(row.editor) if row.editor else "",
        "fingerprint": row.fingerprint,
        "use_by": row.use_by,
    }


async def card(desk: "Desk", row: ApprovalRow, now: datetime) -> list[tuple[str, str]]:
    proposal, rule = row.proposal, row.proposal.approvers
    why = f" ({inert(proposal.why)})" if proposal.why else ""
    span = left(row, now)
    return [
        ("id", row.id),
        ("state", state_of(row, now) + (f", {span} left" if span else "")),
        ("class", f"{proposal.risk}{why}"),
        *((name, value) for name, value in sorted(proposal.target.items())),
        ("asked by", shown(proposal.requester)),
        ("changed by", shown(row.editor) if row.editor else ""),
        ("asked", moment(row.asked_at)),
        ("until", moment(row.expires_at)),
        ("agent", proposal.agent),
        ("the agent says", inert(proposal.reason)),
        ("tool", proposal.tool),
        ("arguments", json.dumps(proposal.arguments, ensure_ascii=False)),
        ("dry run", command_line(proposal.dry_run)),
        ("undo", command_line(proposal.undo)),
        ("rule", ", ".join(rule_in_words(rule)) + (", whoever asked counts too" if rule.allows_self else "")),
        ("may decide", ", ".join(await deciders(desk, row))),
        ("needed", str(rule.needed)),
        ("decided by", row.decided_by),
        ("decided", moment(row.decided_at) if row.decided_at else ""),
        ("to be begun by", moment(row.use_by) if row.use_by else ""),
        ("changed into", row.superseded_by),
        ("run", row.run),
        ("fingerprint", row.fingerprint),
    ]


def vote_line(vote: Vote) -> str:
    note = f": {inert(vote.note)}" if vote.note else ""
    return f"{vote.who} voted {vote.verdict} at {moment(vote.at)}{note}"


def step_lines(step: Step) -> Iterator[str]:
    yield f"Step of {moment(step.started_at)}, {step.state}: {command_line(step.argv)}"
    yield from (f"  {line}" for line in step.result.splitlines())
