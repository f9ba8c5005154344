"""What every store has to do, whatever it is made of.

An implementation's test module defines a fixture `home` (see `Home`) and a class that inherits from `StoreSuite`.
"""

import pytest

from tests.contract.store import (
    approvals,
    budgets,
    cards,
    choices,
    claims,
    consent,
    endings,
    events,
    flow,
    holding,
    identities,
    linked,
    memory,
    operators,
    pairing,
    parking,
    people,
    receipts,
    replaced,
    restarts,
    sending,
    terminal,
    turns,
    upkeep,
    windows,
)
from tests.contract.store.home import AuditedStore, Home


class StoreSuite(
    events.Accepting,
    events.Leasing,
    events.Finishing,
    sending.Sending,
    sending.OvertakenByReceipts,
    receipts.Receipts,
    choices.Presses,
    choices.Numbers,
    people.People,
    upkeep.Keeping,
    upkeep.Retention,
    upkeep.Audit,
    pairing.Pairings,
    pairing.Suspensions,
    identities.Identities,
    operators.OutboxByHand,
    operators.InboxByHand,
    operators.StoreByHand,
    turns.Notes,
    turns.Turns,
    approvals.Asking,
    approvals.Voting,
    approvals.Pausing,
    endings.Ending,
    terminal.Terminal,
    terminal.Cutting,
    claims.Refusing,
    claims.Claiming,
    restarts.Restarts,
    holding.HeldBack,
    cards.Cards,
    linked.LinkedPeople,
    replaced.Replaced,
    memory.Contexts,
    memory.Expectations,
    memory.Memories,
    memory.ElsewhereParts,
    memory.Facts,
    memory.Reaching,
    memory.LedgerRetention,
    parking.Parked,
    flow.Opportunities,
    flow.Notifications,
    consent.Words,
    consent.Identity,
    consent.ByOthers,
    budgets.Reserving,
    budgets.Settling,
    windows.Windows,
    windows.Refusals,
    windows.WindowRestarts,
    windows.Templates,
):
    """Inherit from it and provide the fixture `home`."""

    @pytest.fixture
    async def store(self, home: Home) -> AuditedStore:
        return await home.open()
