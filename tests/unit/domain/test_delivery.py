"""States of a part, and the waits between attempts."""

import itertools
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.domain.delivery import OPEN_PARTS, RANK, STATE_OF_RECEIPT, PartState, next_attempt, raised
from aof.domain.errors import Backoff, SendDeferred
from aof.domain.message import ReceiptState

STATES = st.sampled_from(list(PartState))
RECEIPTS = st.sampled_from(get_args(ReceiptState))
PAIR = Backoff(first=timedelta(seconds=4), factor=4, longest=timedelta(hours=1))
SETTLED = [PartState.SENT, PartState.FAILED, PartState.DELIVERED, PartState.READ]


def test_every_state_has_a_rank_and_every_receipt_a_state() -> None:
    assert set(RANK) == set(PartState)
    assert set(STATE_OF_RECEIPT) == set(get_args(ReceiptState))


@pytest.mark.parametrize("state", [state for state in PartState if state not in SETTLED])
@pytest.mark.parametrize("receipt", get_args(ReceiptState))
def test_any_receipt_is_proof_for_a_part_that_is_not_known_to_have_left(
    state: PartState, receipt: ReceiptState
) -> None:
    assert raised(state, receipt) is STATE_OF_RECEIPT[receipt]


@pytest.mark.parametrize(("lower", "higher"), list(itertools.pairwise(SETTLED)))
def test_settled_states_stand_above_each_other(lower: PartState, higher: PartState) -> None:
    assert RANK[lower] < RANK[higher]
    assert lower not in OPEN_PARTS


@given(STATES, st.lists(RECEIPTS, max_size=8), st.randoms())
def test_receipts_in_any_order_and_number_end_alike(
    state: PartState, receipts: list[ReceiptState], dice: object
) -> None:
    def end(order: list[ReceiptState]) -> PartState:
        reached = state
        for receipt in order:
            before, reached = reached, raised(reached, receipt)
            assert RANK[reached] >= RANK[before]
        return reached

    shuffled = [*receipts, *receipts]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis gives a random.Random it can replay
    assert end(shuffled) is end(receipts)


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(0, 4), (1, 16), (2, 64), (3, 256), (4, 1024), (5, 3600), (10**9, 3600)]
)
def test_waits_grow_to_their_longest(attempt: int, seconds: float) -> None:
    assert next_attempt(attempt, SendDeferred("slow", backoff=PAIR)) == timedelta(seconds=seconds)


def test_the_platforms_own_wait_is_never_shortened_nor_spread() -> None:
    asked = SendDeferred("slow", backoff=PAIR, wait=timedelta(minutes=5))
    assert next_attempt(0, asked) == timedelta(minutes=5)
    assert next_attempt(0, asked, spread=1) == timedelta(minutes=5)
    assert next_attempt(9, asked) == timedelta(hours=1)


@given(st.integers(0, 1000), st.floats(0, 1))
def test_a_spread_adds_a_quarter_at_most(attempt: int, spread: float) -> None:
    error = SendDeferred("slow", backoff=PAIR)
    plain, spread_out = next_attempt(attempt, error), next_attempt(attempt, error, spread=spread)
    assert plain <= spread_out <= plain * 1.25


def test_a_wait_that_does_not_grow_stays() -> None:
    steady = Backoff(first=timedelta(seconds=1), factor=1, longest=timedelta(seconds=30))
    waits = {next_attempt(n, SendDeferred("slow", backoff=steady)) for n in range(20)}
    assert waits == {timedelta(seconds=1)}
