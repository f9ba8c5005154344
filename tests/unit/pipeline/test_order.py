"""Who is asked when, where a rule has an order."""

from datetime import UTC, datetime, timedelta

import pytest

from aof.domain.approval import Approvers, Named, Party
from aof.pipeline.order import Order

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIFE = timedelta(minutes=90)
ADA, BEN, CYD = (Party(key=name, name=name) for name in ("Ada", "Ben", "Cyd"))
EVERYBODY = [ADA, BEN, CYD]


def order(*names: str, needed: int = 1) -> Order:
    steps = tuple(Named(people=frozenset({name})) for name in names)
    return Order(Approvers(people=frozenset(names), needed=needed, steps=steps), START, LIFE)


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_without_an_order_all_are_asked_at_once_and_once_more_at_two_thirds() -> None:
    made = order()
    assert made.first(EVERYBODY) == made.due(0, after(89), EVERYBODY) == 0
    assert made.asked(0, EVERYBODY) == EVERYBODY
    assert made.next_at(0) == made.reminds_at == after(60)


def test_the_last_is_asked_at_two_thirds_and_the_others_evenly_before() -> None:
    made = order("Ada", "Ben", "Cyd")
    assert made.first(EVERYBODY) == 1
    assert made.asked(1, EVERYBODY) == [ADA]
    assert made.next_at(1) == after(30)
    assert made.due(1, after(29), EVERYBODY) == 1
    assert made.due(1, after(30), EVERYBODY) == 2
    assert made.asked(2, EVERYBODY) == [ADA, BEN]
    assert made.next_at(2) == after(60)
    assert made.due(2, after(60), EVERYBODY) == 3
    assert made.next_at(3) == after(60)


def test_as_many_steps_are_asked_at_once_as_it_takes_people() -> None:
    assert order("Ada", "Ben", "Cyd", needed=2).first(EVERYBODY) == 2


@pytest.mark.parametrize(("known", "first"), [([BEN, CYD], 2), ([CYD], 3), ([], 3)])
def test_a_step_of_which_nobody_can_be_asked_takes_no_time(known: list[Party], first: int) -> None:
    assert order("Ada", "Ben", "Cyd").first(known) == first


def test_a_step_that_is_due_and_reaches_nobody_is_passed_over() -> None:
    assert order("Ada", "Ben", "Cyd").due(1, after(30), [ADA, CYD]) == 3


def test_whoever_slept_through_several_steps_asks_them_all() -> None:
    assert order("Ada", "Ben", "Cyd").due(1, after(70), EVERYBODY) == 3
