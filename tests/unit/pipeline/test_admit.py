"""Who may talk and who may be written to, as a table."""

import pytest

from aof.domain.message import Sender
from aof.pipeline.admit import Access, Mode, People, Person
from aof.store.base import Cause, Standing

NUMBER, USER = "+4915112345678", "US.1"
BOTH = Sender(number=NUMBER, user_id=USER)
OLA = People([Person("Ola", numbers=frozenset({NUMBER}), user_ids=frozenset({USER}))])
NOTHING = Standing()
PAIRED, ASKED, GONE = Standing("approved", "Ola"), Standing("asked"), Standing("revoked", "Ola")
SUSPENDED = Standing("approved", "Ola", frozenset({"Ola"}))
BY_CONFIGURATION = Standing(suspended=frozenset({"Ola"}))

PAIRING = Access(Mode.PAIRING)
EVERYONE = Access(Mode.EVERYONE)
LISTED = Access(Mode.LISTED, numbers=frozenset({NUMBER}))


@pytest.mark.parametrize(
    ("access", "sender", "standing", "admits", "may_ask"),
    [
        (PAIRING, BOTH, NOTHING, False, True),
        (PAIRING, BOTH, ASKED, False, True),
        (PAIRING, BOTH, PAIRED, True, False),
        (PAIRING, BOTH, GONE, False, False),
        (PAIRING, BOTH, SUSPENDED, False, False),
        (PAIRING, Sender(), PAIRED, False, False),
        (EVERYONE, BOTH, NOTHING, True, False),
        (EVERYONE, Sender(), NOTHING, False, False),
        (EVERYONE, BOTH, SUSPENDED, False, False),
        (LISTED, BOTH, NOTHING, True, False),
        (LISTED, Sender(user_id=USER), NOTHING, False, False),
        (LISTED, Sender(number="+4999"), PAIRED, False, False),
        (LISTED, BOTH, GONE, True, False),  # a pairing says nothing where there is a list
        (LISTED, BOTH, SUSPENDED, False, False),
        (Access(Mode.LISTED, user_ids=frozenset({USER})), Sender(user_id=USER), NOTHING, True, False),
        (Access(Mode.LISTED), BOTH, PAIRED, False, False),
        (Access(Mode.EVERYONE, people=OLA), BOTH, BY_CONFIGURATION, False, False),
        (Access(Mode.EVERYONE, people=OLA), Sender(user_id=USER), BY_CONFIGURATION, False, False),
        (Access(Mode.EVERYONE, people=OLA), Sender(number=NUMBER, user_id="US.2"), BY_CONFIGURATION, False, False),
        (Access(Mode.EVERYONE, people=OLA), Sender(number="+4999"), BY_CONFIGURATION, True, False),
        (Access(Mode.PAIRING, people=OLA), BOTH, BY_CONFIGURATION, False, False),
    ],
)
def test_who_is_answered_and_who_is_told_a_code(
    access: Access, sender: Sender, standing: Standing, admits: bool, may_ask: bool
) -> None:
    assert access.admits(sender, standing) is admits
    assert access.may_ask(sender, standing) is may_ask
    assert not access.may_ask(sender, standing, group=("room",))


@pytest.mark.parametrize(
    ("access", "standing", "cause", "may"),
    [
        (PAIRING, ASKED, "system", True),  # the code itself
        (PAIRING, ASKED, "reply", False),
        (PAIRING, ASKED, "operator", False),
        (PAIRING, NOTHING, "system", False),
        (PAIRING, PAIRED, "reply", True),
        (PAIRING, GONE, "system", False),
        (PAIRING, GONE, "reply", False),
        (LISTED, ASKED, "system", True),
        (Access(Mode.LISTED), ASKED, "system", False),
        (EVERYONE, SUSPENDED, "system", False),
    ],
)
def test_who_is_written_to(access: Access, standing: Standing, cause: Cause, may: bool) -> None:
    assert access.may_receive(BOTH, standing, cause) is may


@pytest.mark.parametrize(
    ("access", "group"), [(PAIRING, False), (EVERYONE, True), (LISTED, True)], ids=["pairing", "everyone", "listed"]
)
def test_a_pairing_opens_no_group_and_a_list_does(access: Access, group: bool) -> None:
    assert access.admits(BOTH, PAIRED, group=("room",)) is group


@pytest.mark.parametrize(
    ("numbers", "user_ids", "everyone", "mode"),
    [
        (None, None, False, Mode.PAIRING),
        ((), None, False, Mode.LISTED),
        (None, (), False, Mode.LISTED),
        ((NUMBER,), None, False, Mode.LISTED),
        (None, None, True, Mode.EVERYONE),
    ],
)
def test_the_words_of_a_configuration(
    numbers: tuple[str, ...] | None, user_ids: tuple[str, ...] | None, everyone: bool, mode: Mode
) -> None:
    assert Access.of(everyone=everyone, numbers=numbers, user_ids=user_ids).mode is mode


ROOM, OTHER, FORMER = ("-1001",), ("-1002",), ("-1003", "-1001")


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("listed", [True, False], ids=["sender listed", "sender not listed"])
@pytest.mark.parametrize("standing", [NOTHING, PAIRED, SUSPENDED, GONE], ids=["new", "paired", "suspended", "gone"])
@pytest.mark.parametrize("group", [ROOM, OTHER, FORMER, ()], ids=["room", "other", "room that moved", "chat of two"])
@pytest.mark.parametrize("groups", [None, frozenset(), frozenset(ROOM)], ids=["any", "none", "listed"])
def test_in_a_group_both_it_and_the_sender_have_to_be_let_in(
    mode: Mode, listed: bool, standing: Standing, group: tuple[str, ...], groups: frozenset[str] | None
) -> None:
    access = Access(mode, user_ids=frozenset({USER} if listed else ()), groups=groups)
    by_themselves = Access(mode, user_ids=access.user_ids).admits(BOTH, standing)
    is_open = not group or groups is None or ("-1001" in groups and "-1001" in group)
    expected = by_themselves and is_open and not (group and mode is Mode.PAIRING)
    assert access.admits(BOTH, standing, group=group) is expected
    assert not access.admits(Sender(), standing, group=group), "an anonymous admin, or a channel"
    assert not group or not access.may_ask(BOTH, standing, group=group)


@pytest.mark.parametrize("cause", ["reply", "operator", "alert", "system"])
@pytest.mark.parametrize("recipient", [Sender(), BOTH], ids=["for all of them", "for who asked"])
def test_nothing_is_said_in_a_group_that_is_not_let_in(cause: Cause, recipient: Sender) -> None:
    access = Access(Mode.EVERYONE, groups=frozenset(ROOM))
    for about in ("", "consent"):
        assert access.closed(recipient, NOTHING, cause, None, about=about, group=OTHER) == "sent_away"
        assert access.closed(recipient, NOTHING, cause, None, about=about, group=ROOM) is None
