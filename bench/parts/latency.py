"""From a webhook to the request to the Graph API, with an agent that answers at once: what the daemon itself adds.

50 messages a second, open loop, one after another from different people; from the instant at which the webhook was due
until the whole request with its answer has reached the Graph stand-in. Between lie the commits of the inbox, the lease,
the turn, the lease of the part and the begin of the send. Unit: milliseconds.
"""

from time import perf_counter

from bench import servers, webhooks
from bench.figures import Rounds, percentile
from bench.graph import Graph
from bench.load import Load
from bench.rounds import Bench
from bench.table import Row

PER_SECOND = 50


async def measure(bench: Bench) -> list[Row]:
    halves: list[float] = []
    slowest: list[float] = []
    for n in range(bench.rounds):
        found = await _round(bench)
        halves.append(percentile(found, 50))
        slowest.append(percentile(found, 99))
        bench.say(f"latency {n + 1}: p50 {halves[-1]:.1f}, p99 {slowest[-1]:.1f} ms")
    figure = f"p50 {Rounds(tuple(halves)).shown(1)} ms, p99 {Rounds(tuple(slowest)).shown(1)} ms"
    return [Row("Webhook → Graph call, instant agent", figure)]


async def _round(bench: Bench) -> list[float]:
    came: list[float] = []
    left: list[float] = []
    with bench.folder() as folder:
        async with (
            Graph.listening() as graph,
            servers.aof(folder, bench.cores, graph=graph.url, agent="echo") as server,
        ):
            requests = webhooks.messages(server.path)
            await graph.until(1, within_seconds=30)  # the answer to the very first 200

            def source() -> bytes:
                left.append(perf_counter())
                return next(requests)

            graph.told = lambda _wamid, _body: came.append(perf_counter())
            messages = round(PER_SECOND * bench.seconds)
            async with Load.to(server.port) as load:
                await load.open(source, per_second=PER_SECOND, seconds=bench.seconds)
                await graph.until(1 + messages, within_seconds=30)
    # with 20 ms between two messages their answers come in order
    return [(end - begin) * 1e3 for begin, end in zip(left, came, strict=True)]
