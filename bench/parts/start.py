"""From the start of the program to its first 200 to a signed webhook, with a new database each time. Unit: seconds."""

from time import perf_counter

from bench import servers
from bench.figures import Rounds
from bench.rounds import Bench
from bench.table import Row


async def measure(bench: Bench) -> list[Row]:
    seconds: list[float] = []
    for n in range(bench.rounds):
        with bench.folder() as folder:
            began = perf_counter()
            async with servers.aof(folder, bench.cores, graph="http://127.0.0.1:9", agent="mute", tasks=1):
                seconds.append(perf_counter() - began)
        bench.say(f"start {n + 1}: {seconds[-1]:.2f} s")
    taken = Rounds(tuple(seconds))
    return [Row("Start → first 200", f"{taken.shown(2)} s", "", "", "≤ 0.6 s", taken.median <= 0.6)]
