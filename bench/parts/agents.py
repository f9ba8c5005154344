"""One turn of an agent with a model that answers at once, within the process: what the layer of agents itself adds.

From the turn to the reply: prompt, library of models, checks, what is remembered; with a look also the gate and a
second answer of the model. Neither the pipeline around it nor a vendor's server is in it. Unit: milliseconds.
"""

from bench import servers
from bench.figures import Rounds, percentile
from bench.rounds import Bench
from bench.table import Row

TURNS = 300
WHAT = {"answer": "A turn of an agent, instant model", "look": "The same, with one look on the way"}


async def measure(bench: Bench) -> list[Row]:
    halves: dict[str, list[float]] = {kind: [] for kind in WHAT}
    slowest: dict[str, list[float]] = {kind: [] for kind in WHAT}
    for n in range(bench.rounds):
        with bench.folder() as folder:
            found = await servers.found(
                "agent_turns", folder, bench.cores, str(folder), str(TURNS // (10 if bench.quick else 1))
            )
        for kind in WHAT:
            halves[kind].append(percentile(found[kind], 50))
            slowest[kind].append(percentile(found[kind], 99))
        bench.say(f"agents {n + 1}: " + ", ".join(f"{kind} {halves[kind][-1]:.2f} ms" for kind in WHAT))
    return [
        Row(what, f"p50 {Rounds(tuple(halves[kind])).shown(2)} ms, p99 {Rounds(tuple(slowest[kind])).shown(2)} ms")
        for kind, what in WHAT.items()
    ]
