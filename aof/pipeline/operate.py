"""What operators press and type about opportunities, and what anybody presses under a notification."""

from dataclasses import dataclass

from aof.domain.message import ButtonPress, InboundMessage
from aof.domain.response import Response, Status
from aof.operator.decisions import Decisions, Outcome
from aof.operator.notifications import NOTIFICATION, Notifications
from aof.pipeline.parties import Parties
from aof.pipeline.said import Answer, Effects
from aof.store.base import Elsewhere, EventLease
from aof.store.opportunities import Opportunities
from aof.texts import opportunities as texts
from aof.texts.language import Language


@dataclass(frozen=True, slots=True)
class Operating:
    """Brings presses and texts to the operator flow, and what comes of them back into the chat."""

    store: Opportunities
    parties: Parties
    decisions: Decisions
    notifications: Notifications

    async def press(self, lease: EventLease, press: ButtonPress, language: Language) -> Answer:
        """A tap on a card of the flow that was shown here.

        Raises:
            StoreBusy: It can't be kept now.
        """
        party = self.parties.of(lease.event.platform, lease.event.sender, lease.standing)
        about = self.notifications if press.action_id.startswith(NOTIFICATION) else self.decisions
        outcome = await about.press(party, press.action_id, event=press.event_id, language=language)
        return self._answer(lease, outcome)

    def is_operator(self, lease: EventLease) -> bool:
        party = self.parties.of(lease.event.platform, lease.event.sender, lease.standing)
        return self.decisions.operators.admits(party)

    async def brief(self, lease: EventLease, language: Language) -> Response:
        """What waits for a decision, for an operator.

        Raises:
            StoreBusy: It can't be looked up now.
        """
        if not self.is_operator(lease):
            return Response(text=texts.not_an_operator(language), status=Status.NOTE)
        return await self.decisions.brief(language)

    async def draft_of(self, lease: EventLease, message: InboundMessage) -> str:
        """The id of the draft that a message is a new text for; empty where it is none.

        Raises:
            StoreBusy: What was shown can't be looked up now.
        """
        if message.reply_to and (shown := await self.store.draft_shown(lease.conversation, message.reply_to)):
            return shown
        is_expected = lease.expected is not None and lease.expected.kind == "draft"
        return lease.expected.subject if is_expected and lease.expected is not None else ""

    async def rewrite(self, lease: EventLease, message: InboundMessage, draft: str, language: Language) -> Answer:
        """A new text for a draft.

        Raises:
            StoreBusy: It can't be kept now.
        """
        party = self.parties.of(lease.event.platform, lease.event.sender, lease.standing)
        outcome = await self.decisions.rewrite(party, draft, message.text, event=message.event_id, language=language)
        return self._answer(lease, outcome)

    def _answer(self, lease: EventLease, outcome: Outcome) -> Answer:
        operators, language = self.decisions.operators, outcome.language
        follows = tuple(
            Elsewhere(lease.conversation, operators.parts(response, language)) for response in outcome.follows
        )
        effects = Effects(elsewhere=follows, expects=outcome.expects, facts=outcome.facts)
        return Answer(outcome.word, response=outcome.response, language=language, route="operator", effects=effects)
