"""People who write, wait for the answer, and write again: a closed loop over the whole daemon."""

from collections.abc import Iterator
from time import perf_counter

from bench.graph import Graph
from bench.load import Load

MOST_SECONDS = 300.0


async def talk(load: Load, graph: Graph, requests: Iterator[bytes], *, messages: int, at_once: int = 64) -> float:
    """Send so many messages, the next one whenever an answer reaches the Graph stand-in; return the seconds of it all.

    A server that says 200 before it has done anything can't gather a backlog that way, and is not punished for one.
    """
    told, left = graph.told, messages

    def following(wamid: str, body: bytes) -> None:
        nonlocal left
        told(wamid, body)
        if left:
            left -= 1
            load.offer(next(requests))

    graph.told = following
    ends = graph.calls + messages
    load.begin()
    began = perf_counter()
    try:
        for _ in range(min(at_once, messages)):
            left -= 1
            load.offer(next(requests))
        await graph.until(ends, within_seconds=MOST_SECONDS)
        took = perf_counter() - began
        await load.end()
    finally:
        graph.told = told
    return took
