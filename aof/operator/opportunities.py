"""How an opportunity comes in: checked, kept, and on the operators' phones, in one transaction."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from aof.clock import Clock
from aof.config.phones import phone_number
from aof.domain.opportunity import MOST_ID, MOST_NAME, MOST_SUMMARY, MOST_TITLE
from aof.operator import cards
from aof.operator.bodies import Body, line, lines
from aof.operator.people import Operators
from aof.store.base import Elsewhere
from aof.store.opportunities import Kept, NewOpportunity, Opportunities, OpportunityRow
from aof.texts.language import Language


class Contact(Body):
    """Who would be written to."""

    name: Annotated[str, Field(min_length=1, max_length=MOST_NAME), AfterValidator(line)]
    phone: Annotated[str, Field(min_length=1, max_length=40), AfterValidator(phone_number)]
    """With country code, in any usual way of writing."""


class Wanted(Body):
    """An opportunity as programs, operators and agents bring it."""

    id: Annotated[str, Field(pattern=rf"^[A-Za-z0-9][A-Za-z0-9._-]{{0,{MOST_ID - 1}}}$")]
    """Letters, digits, dots, dashes and underscores; it stands in the ids of buttons."""
    title: Annotated[str, Field(min_length=1, max_length=MOST_TITLE), AfterValidator(line)]
    summary: Annotated[str, Field(max_length=MOST_SUMMARY), AfterValidator(lines)] = ""
    language: Language = Language.ARABIC
    """Of the message to the contact, and of the cards of operators who have no language of their own."""
    contact: Contact

    @property
    def digest(self) -> str:
        """One for all ways of writing the same."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes opportunities in."""

    store: Opportunities
    clock: Clock
    operators: Operators
    ring: Callable[[], None]
    """Lets the parts that were queued leave at once."""

    async def add(self, wanted: Wanted, *, by: str, key: str = "") -> tuple[Kept, OpportunityRow]:
        """Keep an opportunity, with a card for every operator.

        Args:
            by: Who or what brings it, for the audit chain.
            key: The caller's own; the same one with another opportunity is refused.

        Raises:
            StoreBusy: It can't be kept now.
        """
        told = []
        for reader in await self.operators.readers():
            language = reader.language or wanted.language
            card = cards.opportunity(wanted.id, wanted.title, wanted.summary, language, contact=wanted.contact.name)
            told.append(Elsewhere(reader.conversation, self.operators.parts(card, language)))
        new = NewOpportunity(
            id=wanted.id,
            title=wanted.title,
            summary=wanted.summary,
            language=wanted.language,
            contact=wanted.contact.name,
            phone=wanted.contact.phone,
            account=self.operators.platform.account,
            digest=wanted.digest,
            key=key,
            by=by,
        )
        kept, row = await self.store.add_opportunity(new, told, now=self.clock.now())
        if kept == "new":
            self.ring()
        return kept, row
