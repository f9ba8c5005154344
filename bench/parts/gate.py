"""One call through the gate, around a tool that does nothing, over the daemon's own store.

A look is judged and run: two reads of the ledger. A change that a rule lets run is a step besides, written before and
closed after it: two commits. A question is judged and made; its row is written with the turn. Unit: milliseconds.
"""

from bench import servers
from bench.figures import Rounds, percentile
from bench.rounds import Bench
from bench.table import Row

CALLS = 1_000
WHAT = {"look": "A look through the gate", "change": "A change through the gate", "question": "A question by the gate"}


async def measure(bench: Bench) -> list[Row]:
    halves: dict[str, list[float]] = {kind: [] for kind in WHAT}
    slowest: dict[str, list[float]] = {kind: [] for kind in WHAT}
    for n in range(bench.rounds):
        with bench.folder() as folder:
            found = await servers.found(
                "gate_calls", folder, bench.cores, str(folder), str(CALLS // (10 if bench.quick else 1))
            )
        for kind in WHAT:
            halves[kind].append(percentile(found[kind], 50))
            slowest[kind].append(percentile(found[kind], 99))
        bench.say(f"gate {n + 1}: " + ", ".join(f"{kind} {halves[kind][-1]:.2f} ms" for kind in WHAT))
    return [
        Row(what, f"p50 {Rounds(tuple(halves[kind])).shown(2)} ms, p99 {Rounds(tuple(slowest[kind])).shown(2)} ms")
        for kind, what in WHAT.items()
    ]
