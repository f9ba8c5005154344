"""What is asked of people before a call runs: who may decide, and what exactly they decide about.

asked ──enough approve──▶ approved ──claimed──▶ running ─▶ done | failed
  ├─ one denies ─▶ denied   ├─ use_by passed ─▶ lapsed  └─ found running at a start ─▶ unknown
  ├─ expires_at ─▶ lapsed   └─ something differs ─▶ void
  ├─ edited ─▶ superseded (a new row asks again)
  └─ cancelled, switched off ─▶ void
"""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any, Literal

from aof.domain.message import Frozen
from aof.domain.risk import Risk

ApprovalState = Literal[
    "asked", "approved", "running", "done", "failed", "unknown", "denied", "lapsed", "superseded", "void"
]
OPEN_APPROVALS: tuple[ApprovalState, ...] = ("asked", "approved")
"""States from which the call may still run."""
StepState = Literal["running", "done", "failed", "unknown"]
RunState = Literal["paused", "resuming", "finished"]
Verdict = Literal["approve", "deny"]

USABLE_FOR = timedelta(minutes=5)
"""After the decision; a call that was not begun by then is asked for again."""
NUDGE_AT = 2 / 3
"""The share of its time after which an undecided question is brought up once more."""


class Party(Frozen):
    """A person as rights see them."""

    key: str
    """What votes are counted by: one for all that a known person goes by, else the sender's own."""
    name: str = ""
    """As the configuration or a pairing calls them; empty: nobody has named them."""
    roles: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    """Numbers and user ids, with their platform before a colon: `whatsapp:+4915112345678`."""


class Named(Frozen):
    """People, by what a list says of them."""

    everyone: bool = False
    """Whoever the daemon knows and lets talk."""
    people: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()

    def admits(self, party: Party) -> bool:
        """Whether this person is one of them, as far as the rule alone can say."""
        return (
            self.everyone
            or party.name in self.people
            or not self.roles.isdisjoint(party.roles)
            or not self.ids.isdisjoint(party.ids)
        )


class Approvers(Named):
    """Who may let a call run, and how many of them it takes."""

    needed: int = 1
    allows_self: bool = False
    """Whoever asked, or changed the command, counts too."""
    steps: tuple[Named, ...] = ()
    """Who is asked one after another; empty: all at once. Not part of a fingerprint: it changes nobody's right."""


class Proposal(Frozen):
    """A call as it will run, and all that its approval is bound to."""

    tool: str
    arguments: dict[str, Any]
    """Validated, as the tool gets them."""
    argv: tuple[str, ...]
    """What is shown and what runs."""
    risk: Risk
    agent: str
    digest: str
    """Of the agent's configuration."""
    target: dict[str, str]
    """Where it takes effect: the context's name, a cluster, a namespace, a directory."""
    requester: Party
    approvers: Approvers
    run: str
    call: str
    """Unique within the run."""
    why: str = ""
    """Why it is of this class, in the tables' words."""
    reason: str = ""
    """The agent's own words; marked as such wherever they are shown."""
    undo: tuple[str, ...] = ()
    """What takes it back, where that is known."""
    dry_run: tuple[str, ...] = ()
    """What shows its effect beforehand, where that is known."""

    def fingerprint(self, expires_at: datetime) -> str:
        """A digest of everything that must not change between the question and the call, in 64 hexadecimal digits."""
        bound = {
            "version": 1,
            "tool": self.tool,
            "arguments": self.arguments,
            "argv": self.argv,
            "risk": self.risk,
            "agent": self.agent,
            "digest": self.digest,
            "target": self.target,
            "requester": self.requester.key,
            "everyone": self.approvers.everyone,
            "people": sorted(self.approvers.people),
            "roles": sorted(self.approvers.roles),
            "ids": sorted(self.approvers.ids),
            "needed": self.approvers.needed,
            "allows_self": self.approvers.allows_self,
            "expires_at": expires_at.timestamp(),
            "run": self.run,
            "call": self.call,
        }
        written = json.dumps(bound, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(written.encode()).hexdigest()


Bar = Literal["stranger", "requester", "editor"]
"""Why somebody may not decide: the rule does not name them, they asked, they changed the command."""


def bar(proposal: Proposal, party: Party, *, editor: str = "") -> Bar | None:
    """What keeps a person from deciding; None where they may.

    Args:
        editor: The key of whoever changed the command; empty where nobody did.
    """
    if not party.key or not proposal.approvers.admits(party):
        return "stranger"
    if proposal.approvers.allows_self:
        return None
    if party.key == proposal.requester.key:
        return "requester"
    if party.key == editor:
        return "editor"
    return None
