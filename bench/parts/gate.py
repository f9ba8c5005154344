"""One call through the gate, around a tool that does nothing, over the daemon's own store.

A look is judged and run: two reads of the ledger. A change that a rule lets run is a step besides, written before and
closed after it: two commits. A question is judged and made; its row is written with the turn. Unit: milliseconds.
"""

from bench.probed import probed
from bench.rounds import Bench
from bench.table import Row

CALLS = 1_000
WHAT = {"look": "A look through the gate", "change": "A change through the gate", "question": "A question by the gate"}


async def measure(bench: Bench) -> list[Row]:
    return await probed(bench, "gate", "gate_calls", CALLS, WHAT)
