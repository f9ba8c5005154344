"""What lets agents act and people decide about it: put together from what the configuration says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from aof.clock import Clock
from aof.config.agent_file import AgentMemory
from aof.daemon.assembly import Assembly
from aof.daemon.cards import cards_of
from aof.daemon.policy import contexts_of, policy_of
from aof.pipeline.approve import Deciding
from aof.pipeline.budget import Budgeting
from aof.pipeline.cards import Cards
from aof.pipeline.consult import Began, Consulting, Memory, Offer
from aof.pipeline.contexts import Contexts
from aof.pipeline.parties import Parties
from aof.pipeline.route import Router
from aof.platforms.base import AnyPlatform
from aof.store.sqlite import SQLiteStore
from aof.tools.gate import Gate


@dataclass(frozen=True, slots=True)
class Acting:
    """Everything between an agent's call and the effect."""

    parties: Parties
    cards: Cards
    contexts: Contexts
    gate: Gate
    memory: Memory
    memories: Mapping[str, Memory]

    def consulting(
        self, store: SQLiteStore, clock: Clock, router: Router, budgeting: Budgeting, offer: Offer, began: Began
    ) -> Consulting:
        return Consulting(
            store,
            clock,
            router,
            self.parties,
            self.cards,
            self.contexts,
            budgeting,
            self.memory,
            self.memories,
            offer,
            began,
        )

    def deciding(self, store: SQLiteStore, clock: Clock, consulting: Consulting) -> Deciding:
        return Deciding(store, clock, self.parties, self.cards, consulting, self.gate)


def acting_of(assembly: Assembly, store: SQLiteStore, clock: Clock, platforms: Mapping[str, AnyPlatform]) -> Acting:
    """From the files."""
    cards = cards_of(assembly, store, platforms)
    store.learn(linked=cards.parties.linked, settled=cards.settled)
    gate = Gate(
        store, clock, policy_of(assembly), reach=cards.can_be_asked, killswitch=lambda: store.is_on("killswitch")
    )
    started_at = clock.now()
    memory = _memory(assembly, started_at)
    memories = {
        file.name: _own_memory(file.settings.memory, memory, started_at)
        for file in assembly.agent_files.values()
        if file.settings is not None and file.settings.memory is not None
    }
    return Acting(cards.parties, cards, contexts_of(assembly), gate, memory, memories)


def _memory(assembly: Assembly, started_at: datetime) -> Memory:
    kept = assembly.config.spec.memory
    not_before = started_at if kept.backend == "inmemory" else None
    return Memory(kept.enabled, kept.max_messages, timedelta(minutes=kept.ttl_minutes), not_before)


def _own_memory(own: AgentMemory, memory: Memory, started_at: datetime) -> Memory:
    lasts = memory.lasts if own.ttl_seconds is None else timedelta(seconds=own.ttl_seconds)
    not_before = started_at if own.kept == "process" else None
    return Memory(own.kept != "nothing", own.max_messages or memory.most, lasts, not_before)
