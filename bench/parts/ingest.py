"""Durable ingest: webhooks a second, each verified, parsed and committed before its 200.

Against an aiohttp handler on uvloop that verifies and parses the same webhooks and keeps nothing, and against pywa with
fastapi and uvicorn (uvloop, httptools, one worker), which verifies, parses and keeps an update's digest in memory. All
three get signed text messages of about 700 bytes over 64 kept-alive connections, closed loop, from one generator; each
server is pinned to the same core. The daemon's agent never answers here, and pywa has no callback: only taking is
measured. After each round the daemon is killed with SIGKILL, and its rows are counted: not one 200 may be missing.
Unit: webhooks per second. The generator's own ceiling, against a server that answers at once, stands beside.
"""

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from bench import servers, webhooks
from bench.figures import Rounds, percentile
from bench.graph import Graph
from bench.load import Load, Outcome
from bench.rounds import Bench
from bench.servers import Server
from bench.table import Row

WARM_SECONDS = 1.0
NAMES = ("ours", "bare", "pywa")


async def measure(bench: Bench) -> list[Row]:
    figures: dict[str, list[float]] = {name: [] for name in NAMES}
    slowest: list[float] = []
    lost = 0
    async with Graph.listening() as graph:
        for n in range(bench.rounds):
            for name in NAMES:
                with bench.folder() as folder:
                    outcome, missing = await _round(bench, name, folder, graph.url)
                figures[name].append(outcome.per_second)
                bench.say(f"ingest {n + 1}: {name} {outcome.per_second:,.0f}/s")
                if name == "ours":
                    slowest.append(percentile(outcome.latencies, 99) * 1e3)
                    lost += missing
    ours, bare, pywa = (Rounds(tuple(figures[name])) for name in NAMES)
    ceiling = await _ceiling(bench)
    figure = f"{ours.shown()}/s, p99 {Rounds(tuple(slowest)).shown(1)} ms, {lost} lost after SIGKILL"
    return [
        Row("Durable ingest, against bare aiohttp", figure, f"{bare.shown()}/s; the load itself: {ceiling:,.0f}/s",
            f"{ours.over(bare):.2f} ×", "≥ 0.7 ×", ours.over(bare) >= 0.7),
        Row("Durable ingest, against pywa + fastapi + uvicorn", figure, f"{pywa.shown()}/s",
            f"{ours.over(pywa):.2f} ×", "≥ 2.5 ×", ours.over(pywa) >= 2.5),
    ]  # fmt: skip


def _server(bench: Bench, name: str, folder: Path, graph: str) -> AbstractAsyncContextManager[Server]:
    if name == "ours":
        return servers.aof(folder, bench.cores, graph=graph, agent="mute", tasks=1)
    if name == "bare":
        return servers.plain("bare", folder, bench.cores)
    return servers.pywa(folder, bench.cores, graph=graph, echo=False)


async def _round(bench: Bench, name: str, folder: Path, graph: str) -> tuple[Outcome, int]:
    async with _server(bench, name, folder, graph) as server:
        requests = webhooks.messages(server.path)
        async with Load.to(server.port) as load:
            warm = await load.closed(requests, seconds=WARM_SECONDS)
            outcome = await load.closed(requests, seconds=bench.seconds)
            await server.kill()
        if name != "ours":
            return outcome, 0
        # one more message was the first 200
        told = len(warm.latencies) + len(outcome.latencies) + 1
        return outcome, told - server.count("inbox")


async def _ceiling(bench: Bench) -> float:
    with bench.folder() as folder:
        async with servers.plain("instant", folder, bench.cores) as server, Load.to(server.port) as load:
            return (await load.closed(webhooks.messages(server.path), seconds=bench.seconds)).per_second
