"""What becomes of an opportunity, and of the drafts of what is written to its contact. Pure.

open ──accept, draft──▶ approval_required ──approve──▶ approved      (the draft's text leaves, through every gate)
  │                        │ ▲ │
  └──skip──▶ skipped       └─┘ └──cancel──▶ cancelled
                         rewrite

draft:  waiting ──approve──▶ approved
           ├──cancel──▶ cancelled
           └──rewrite──▶ superseded     (the next draft waits in its place: what is approved is what was shown)

schedule, once, in approval_required and approved, makes a meeting draft and moves nothing.
Whatever is not drawn changes nothing: a second press, a late one, one about a draft that another took the place of.
"""

import re
from typing import Literal

from aof.domain.message import Frozen

OpportunityState = Literal["open", "approval_required", "approved", "skipped", "cancelled"]
DraftState = Literal["waiting", "approved", "cancelled", "superseded"]
OpportunityAction = Literal["accept", "skip", "draft", "schedule"]
DraftAction = Literal["approve", "edit", "cancel"]
Change = Literal["accept", "skip", "draft", "schedule", "approve", "rewrite", "cancel"]
"""What moves an opportunity. `edit` only asks for a text; the text is what rewrites."""
ABOUT_DRAFT: frozenset[Change] = frozenset({"approve", "rewrite", "cancel"})
MAKES_DRAFT: frozenset[Change] = frozenset({"accept", "draft", "rewrite"})

MOST_ID = 128
"""Characters of an opportunity's id; with an action it stays far below Meta's 256 of a button."""
_MOST_DRAFT_ID = 140
"""With its number behind it."""
MOST_TITLE = 120
MOST_SUMMARY = 600
MOST_NAME = 80
MOST_DRAFT = 4096
"""Characters: what WhatsApp takes as one message."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

_MOVES: dict[tuple[OpportunityState, Change], OpportunityState] = {
    ("open", "accept"): "approval_required",
    ("open", "draft"): "approval_required",
    ("open", "skip"): "skipped",
    ("approval_required", "rewrite"): "approval_required",
    ("approval_required", "approve"): "approved",
    ("approval_required", "cancel"): "cancelled",
}
_SCHEDULES: frozenset[OpportunityState] = frozenset({"approval_required", "approved"})
"""Accept or draft has confirmed that something is meant to come of it."""


class Progress(Frozen):
    """Where an opportunity stands."""

    state: OpportunityState = "open"
    draft: int = 0
    """The number of the draft that was made last; 0: none was."""
    scheduled: bool = False


def after(at: Progress, change: Change, draft: int = 0) -> Progress | None:
    """Where a change leads; None where it changes nothing.

    Args:
        draft: The number of the draft that it is about, of those that are about one.
    """
    if change in ABOUT_DRAFT and draft != at.draft:
        return None
    if change == "schedule":
        may = at.state in _SCHEDULES and not at.scheduled
        return at.model_copy(update={"scheduled": True}) if may else None
    state = _MOVES.get((at.state, change))
    if state is None:
        return None
    return at.model_copy(update={"state": state, "draft": at.draft + (change in MAKES_DRAFT)})


def draft_state(at: Progress, number: int) -> DraftState:
    """What became of the draft of a number, which was made."""
    if number < at.draft:
        return "superseded"
    return "waiting" if at.state == "approval_required" else "cancelled" if at.state == "cancelled" else "approved"


def is_id(text: str, *, most: int = MOST_ID) -> bool:
    """Whether a text can be the id of an opportunity: letters, digits, dots, dashes and underscores."""
    return len(text) <= most and _ID.fullmatch(text) is not None


def is_draft_id(text: str) -> bool:
    return is_id(text, most=_MOST_DRAFT_ID)


def draft_id(opportunity: str, number: int) -> str:
    """The id of a draft; no two drafts have one, and no run of the same press makes another."""
    return f"{opportunity}-d{number}"
