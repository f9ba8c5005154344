"""From the start of the program to its first 200 to a signed webhook, with a new database each time. Unit: seconds.

Once more with an agent with a model, whose library is imported while webhooks are taken already; and until it is there.
"""

from time import perf_counter

from bench import servers
from bench.figures import Rounds
from bench.rounds import Bench
from bench.table import Row

NOWHERE = "http://127.0.0.1:9"


async def measure(bench: Bench) -> list[Row]:
    without: list[float] = []
    beside: list[float] = []
    ready: list[float] = []
    for n in range(bench.rounds):
        with bench.folder() as folder:
            began = perf_counter()
            async with servers.aof(folder, bench.cores, graph=NOWHERE, agent="mute", tasks=1):
                without.append(perf_counter() - began)
        with bench.folder() as folder:
            began = perf_counter()
            async with servers.aof(folder, bench.cores, graph=NOWHERE, agent="mute", tasks=1, model=True) as server:
                beside.append(perf_counter() - began)
                await server.logged("agents_ready")
                ready.append(perf_counter() - began)
        bench.say(f"start {n + 1}: {without[-1]:.2f} s, with a model {beside[-1]:.2f} s, its agent {ready[-1]:.2f} s")
    taken = Rounds(tuple(without))
    return [
        Row("Start → first 200", f"{taken.shown(2)} s", "", "", "≤ 0.6 s", taken.median <= 0.6),
        Row("Start → first 200, with an agent with a model", f"{Rounds(tuple(beside)).shown(2)} s"),
        Row("Start → that agent ready", f"{Rounds(tuple(ready)).shown(2)} s"),
    ]
