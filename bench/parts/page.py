"""The page for operators over 10,000 conversations with 40,000 lines, 40,000 messages and 300 failures.

One request after the other over HTTP, from the request to the answer's last byte, which is the server's time and the
client's share of one machine. Unit: milliseconds.
"""

from bench import servers
from bench.figures import Rounds, percentile
from bench.rounds import Bench
from bench.table import Row

TIMES = 100
MOST = 200.0
"""Milliseconds that a screen may take."""
WHAT = {
    "front": "The page's first screen, 10,000 conversations",
    "list": "Its list of conversations",
    "further": "The same, one screen further",
    "search": "A search through names and lines",
    "transcript": "One conversation",
    "trouble": "What did not arrive",
}


async def measure(bench: Bench) -> list[Row]:
    halves: dict[str, list[float]] = {screen: [] for screen in WHAT}
    slowest: dict[str, list[float]] = {screen: [] for screen in WHAT}
    for n in range(bench.rounds):
        with bench.folder() as folder:
            times = str(TIMES // (10 if bench.quick else 1))
            found = await servers.found("page_views", folder, bench.cores, str(folder), times)
        for screen in WHAT:
            halves[screen].append(percentile(found[screen], 50))
            slowest[screen].append(percentile(found[screen], 99))
        bench.say(f"page {n + 1}: " + ", ".join(f"{screen} {halves[screen][-1]:.1f} ms" for screen in WHAT))
    return [_row(said, Rounds(tuple(halves[screen])), Rounds(tuple(slowest[screen]))) for screen, said in WHAT.items()]


def _row(said: str, half: Rounds, slowest: Rounds) -> Row:
    figure = f"p50 {half.shown(1)} ms, p99 {slowest.shown(1)} ms"
    return Row(said, figure, "", "", f"≤ {MOST:.0f} ms", slowest.median <= MOST)
