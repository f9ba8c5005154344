"""Who somebody is, over all that they go by."""

import pytest

from aof.domain.approval import Approvers, bar
from aof.domain.message import Sender
from aof.pipeline.parties import Known, Parties
from aof.store.base import Standing
from tests.contract.store.asking import proposal

SARA = Known("Sara", frozenset({"lead"}), frozenset({"whatsapp:+4915112345678", "whatsapp:DE.1", "telegram:55501"}))
PARTIES = Parties((SARA, Known("Omar", frozenset({"lead"}), frozenset({"telegram:55502"}))))
ON_WHATSAPP, ON_TELEGRAM = Sender(number="+4915112345678", user_id="DE.9"), Sender(user_id="55501")


def test_one_person_is_one_party_on_every_platform_with_one_budget_and_one_vote():
    found = {PARTIES.of("whatsapp", ON_WHATSAPP, Standing()), PARTIES.of("telegram", ON_TELEGRAM, Standing())}
    assert found == {SARA.party}
    assert PARTIES.linked.key("whatsapp", ON_WHATSAPP) == PARTIES.linked.key("telegram", ON_TELEGRAM) == "person:Sara"


def test_an_id_of_one_platform_is_nobodys_on_another():
    assert PARTIES.of("whatsapp", ON_TELEGRAM, Standing()).key == "whatsapp:55501"
    assert PARTIES.linked.key("whatsapp", ON_TELEGRAM) == ""


@pytest.mark.parametrize("called", ["Sara", "Omar"])
def test_a_name_that_a_pairing_gave_makes_nobody_somebody_else(called):
    stranger = PARTIES.of("telegram", Sender(user_id="666"), Standing(pairing="approved", name=called))
    assert (stranger.key, stranger.name, stranger.roles) == ("telegram:666", "", frozenset())
    assert not Approvers(people=frozenset({"Sara", "Omar"}), roles=frozenset({"lead"})).admits(stranger)


def test_a_name_of_their_own_is_what_a_pairing_gives():
    mina = PARTIES.of("telegram", Sender(user_id="777"), Standing(pairing="approved", name="Mina"))
    assert Approvers(people=frozenset({"Mina"})).admits(mina)


def test_who_asked_or_changed_it_on_one_platform_may_not_decide_on_the_other():
    rule = Approvers(roles=frozenset({"lead"}))
    asked = proposal(requester=PARTIES.of("whatsapp", ON_WHATSAPP, Standing())).model_copy(update={"approvers": rule})
    here = PARTIES.of("telegram", ON_TELEGRAM, Standing())
    assert bar(asked, here) == "requester"
    omar = PARTIES.of("telegram", Sender(user_id="55502"), Standing())
    assert bar(asked, omar) is None
    assert bar(asked, omar, editor=omar.key) == "editor"


def test_somebody_without_an_id_is_nobody():
    assert PARTIES.of("telegram", Sender(name="Sara"), Standing(pairing="approved", name="Sara")).key == ""
    assert PARTIES.linked.key("telegram", Sender(name="Sara")) == ""
