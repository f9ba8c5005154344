"""Ids of buttons, read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.operator.replies import parse_button_reply


@pytest.mark.parametrize("action", ["accept", "skip", "draft", "schedule"])
def test_an_opportunity(action):
    expected = {"kind": "opportunity", "action": action, "opportunity_id": "LEAD-42"}
    assert parse_button_reply(f"opp:LEAD-42:{action}") == expected


@pytest.mark.parametrize("action", ["approve", "edit", "cancel"])
def test_a_draft(action):
    expected = {"kind": "draft", "action": action, "draft_id": "LEAD-42-d1"}
    assert parse_button_reply(f"msg:LEAD-42-d1:{action}") == expected


@pytest.mark.parametrize(
    "odd",
    [
        "", "opp", "opp:", "opp::accept", "opp:1", "opp:1:", "opp:1:approve", "msg:1:accept", "msg:1-d1:skip",
        "OPP:1:accept", "opp:1:accept:accept", "opp:1 :accept", "opp:1:ACCEPT", "appr:1:approve", "menu:more",
        "opp:" + "x" * 300 + ":accept", "opp:1:accept\n", " opp:1:accept", "opp:١:accept",
    ],
)  # fmt: skip
def test_whatever_else_is_unknown(odd):
    assert parse_button_reply(odd) == {"kind": "unknown", "action": ""}


@given(st.text())
def test_no_text_breaks_it(text):
    assert parse_button_reply(text)["kind"] in {"opportunity", "draft", "unknown"}
