"""Webhooks offered at a fixed rate, whatever the daemon does: 4,000 a second is Meta's load of a number with 1,000
messages a second, 320 that of the 80 a second that every number begins with.

One in four is a message, which the agent answers at once; three are the receipts of answers (sent, delivered, read)
that the Graph stand-in has taken, with the daemon's own part ids; where the daemon is behind with answers, they are
receipts of messages that it does not know. Open loop over 64 connections: a latency counts from the instant at which
the webhook was due until its 200. Lost is what got a 200 and has no row after SIGKILL. There is nobody to compare with:
nobody else commits. Unit: milliseconds.
"""

import json
from collections import deque
from itertools import count

from bench import servers, webhooks
from bench.figures import Rounds, percentile
from bench.graph import Graph
from bench.load import Load, Outcome
from bench.rounds import Bench
from bench.table import Row

MOST, USUAL = 4_000, 320


class Mix:
    """The next webhook that is due."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._turns = count()
        self._receipts: deque[tuple[str, str, str, str]] = deque()
        self.messages = 0
        self.receipts = 0
        self.unknown = 0
        """Receipts of messages that are not ours, since no answer was there to have one."""

    def took(self, wamid: str, body: bytes) -> None:
        sent = json.loads(body)
        for state in webhooks.STATES:
            self._receipts.append((state, wamid, sent.get("biz_opaque_callback_data", ""), sent["to"]))

    def __call__(self) -> bytes:
        turn = next(self._turns)
        if turn % 4 == 0:
            self.messages += 1
            return webhooks.request(self._path, webhooks.message(self.messages))
        self.receipts += 1
        if self._receipts:
            return webhooks.request(self._path, webhooks.status(*self._receipts.popleft()))
        self.unknown += 1
        return webhooks.request(self._path, webhooks.status("sent", f"wamid.unknown{turn}", "", "4915100000000"))


async def measure(bench: Bench) -> list[Row]:
    return [await _offered(bench, MOST), await _offered(bench, USUAL)]


async def _offered(bench: Bench, per_second: int) -> Row:
    half: list[float] = []
    nearly_all: list[float] = []
    most, lost, unknown, offered = 0.0, 0, 0, 0
    for n in range(bench.rounds):
        outcome, mix, missing = await _round(bench, per_second)
        half.append(percentile(outcome.latencies, 50) * 1e3)
        nearly_all.append(percentile(outcome.latencies, 99) * 1e3)
        most = max(most, *outcome.latencies)
        lost, unknown, offered = lost + missing, unknown + mix.unknown, offered + mix.messages + mix.receipts
        bench.say(f"{per_second}/s offered, {n + 1}: p50 {half[-1]:.1f}, p99 {nearly_all[-1]:.1f} ms")
    p50, p99 = Rounds(tuple(half)), Rounds(tuple(nearly_all))
    figure = f"p50 {p50.shown(1)} ms, p99 {p99.shown(1)} ms, slowest {most * 1e3:,.0f} ms, {lost} lost of {offered:,}"
    return Row(
        f"{per_second:,} webhooks a second offered",
        figure,
        against=f"{unknown / offered:.0%} were receipts of unknown messages" if unknown else "",
        reach="p50 ≤ 5 ms, p99 ≤ 50 ms, none over 250 ms, none lost",
        reached=p50.median <= 5 and p99.median <= 50 and most <= 0.25 and not lost,
    )


async def _round(bench: Bench, per_second: int) -> tuple[Outcome, Mix, int]:
    with bench.folder() as folder:
        async with (
            Graph.listening() as graph,
            servers.aof(folder, bench.cores, graph=graph.url, agent="echo") as server,
        ):
            mix = Mix(server.path)
            graph.told = mix.took
            async with Load.to(server.port) as load:
                outcome = await load.open(mix, per_second=per_second, seconds=bench.seconds)
                await server.kill()
            told = len(outcome.latencies) + 1  # one more message was the first 200
            return outcome, mix, told - server.count("inbox") - server.count("receipt")
