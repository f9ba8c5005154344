"""The tool by which an agent brings an opportunity."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from aof.domain.risk import Risk
from aof.operator.tool import OpportunityTool
from aof.tools.base import CallRefused, Scope

GIVEN = {"id": "LEAD-1", "title": "Renew", "contact_name": "Layla", "contact_phone": "+1 (555) 000-3003"}


@dataclass
class Row:
    id: str
    state: str = "open"


@dataclass
class Took:
    """Takes opportunities in, as the intake does."""

    kept: str = "new"
    taken: list[Any] = field(default_factory=list)

    async def add(self, wanted, *, by):
        self.taken.append((wanted, by))
        return self.kept, Row(wanted.id)


async def test_it_is_a_write_and_whoever_approves_reads_all_of_it():
    tool = OpportunityTool(Took())
    plan = await tool.plan({**GIVEN, "summary": "soon", "reason": "they asked"}, Scope())
    assert plan.risk is Risk.WRITE
    assert plan.argv == ("opportunity", "LEAD-1", "Renew", "soon", "en", "Layla", "+15550003003")
    assert plan.reason == "they asked"


@pytest.mark.parametrize(
    ("kept", "said", "failed"),
    [("new", "with the operators", False), ("known", "known already", False), ("different", "nothing was kept", True)],
)
async def test_what_became_of_it_is_told(kept, said, failed):
    took = Took(kept)
    tool = OpportunityTool(took)
    scope = Scope(agent="seller")
    result = await tool.perform(await tool.plan(GIVEN, scope), scope)
    assert said in result.text
    assert result.failed is failed
    ((wanted, by),) = took.taken
    assert (wanted.contact.phone, by) == ("+15550003003", "agent seller")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"id": "a b"}, "id"),
        ({"contact_phone": "0151 12345678"}, "country code"),
        ({"title": "\u200b"}, "shows nothing"),
        ({"language": "fr"}, "ar or en"),
        ({"more": 1}, "there is no argument more"),
        ({"title": None}, "title has to be a text"),
    ],
)
async def test_what_can_not_be_taken_is_refused_before_anybody_is_asked(change, why):
    with pytest.raises(CallRefused, match=why):
        await OpportunityTool(Took()).plan({**GIVEN, **change}, Scope())
