"""The states of an opportunity and its drafts."""

from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.domain.opportunity import (
    ABOUT_DRAFT,
    MAKES_DRAFT,
    Change,
    OpportunityState,
    Progress,
    after,
    draft_id,
    draft_state,
    is_draft_id,
    is_id,
)

CHANGES = get_args(Change)
STATES = get_args(OpportunityState)


@pytest.mark.parametrize(
    ("state", "change", "then"),
    [
        ("open", "accept", "approval_required"),
        ("open", "draft", "approval_required"),
        ("open", "skip", "skipped"),
        ("approval_required", "rewrite", "approval_required"),
        ("approval_required", "approve", "approved"),
        ("approval_required", "cancel", "cancelled"),
        ("approval_required", "schedule", "approval_required"),
        ("approved", "schedule", "approved"),
    ],
)
def test_what_moves(state, change, then):
    draft = 0 if state == "open" else 1
    now = after(Progress(state=state, draft=draft), change, draft)
    assert now is not None
    assert now.state == then
    assert now.draft == draft + (change in MAKES_DRAFT)
    assert now.scheduled is (change == "schedule")


def test_nothing_else_moves():
    moving = {
        (state, change)
        for state, change in product(STATES, CHANGES)
        if after(Progress(state=state, draft=0 if state == "open" else 1), change, 0 if state == "open" else 1)
    }
    assert len(moving) == 8


walk = st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 4)), max_size=40)


@given(walk)
def test_any_presses_in_any_order(presses):
    """Whatever is pressed, however often and late: at most one draft is approved, and nothing comes after an end."""
    at, approved = Progress(), []
    for change, draft in presses:
        now = after(at, change, draft)
        if now is None:
            continue
        assert at.state not in {"skipped", "cancelled"}
        if at.state == "approved":
            assert change == "schedule"
        if change in ABOUT_DRAFT:
            assert draft == at.draft
        if change == "approve":
            approved.append(draft)
        assert now.draft >= at.draft
        # the very same press once more changes nothing
        assert after(now, change, draft) is None
        at = now
    assert len(approved) <= 1
    assert (at.state == "approved") == bool(approved)
    for number in range(1, at.draft + 1):
        assert draft_state(at, number) == ("superseded" if number < at.draft else draft_state(at, at.draft))


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}", fullmatch=True), st.integers(1, 9999))
def test_a_draft_of_any_opportunity_has_an_id(opportunity, number):
    assert is_id(opportunity)
    assert is_draft_id(draft_id(opportunity, number))
