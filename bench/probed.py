"""A part that is measured within a process of its own, call by call."""

from collections.abc import Mapping

from bench import servers
from bench.figures import Rounds, percentile
from bench.rounds import Bench
from bench.table import Row


async def probed(bench: Bench, part: str, probe: str, calls: int, what: Mapping[str, str]) -> list[Row]:
    """A row for each kind of call in `what`; a quick bench makes a tenth of the calls. Milliseconds."""
    halves: dict[str, list[float]] = {kind: [] for kind in what}
    slowest: dict[str, list[float]] = {kind: [] for kind in what}
    for n in range(bench.rounds):
        with bench.folder() as folder:
            found = await servers.found(
                probe, folder, bench.cores, str(folder), str(calls // (10 if bench.quick else 1))
            )
        for kind in what:
            halves[kind].append(percentile(found[kind], 50))
            slowest[kind].append(percentile(found[kind], 99))
        bench.say(f"{part} {n + 1}: " + ", ".join(f"{kind} {halves[kind][-1]:.2f} ms" for kind in what))
    return [
        Row(said, f"p50 {Rounds(tuple(halves[kind])).shown(2)} ms, p99 {Rounds(tuple(slowest[kind])).shown(2)} ms")
        for kind, said in what.items()
    ]
