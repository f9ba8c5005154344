"""The whole durable loop: in → inbox → answer → outbox → out, against pywa's echo, which keeps nothing.

64 people write, and each writes again when the answer to the last message has reached the Graph stand-in; the stand-in
is the same for both. The daemon's agent echoes at once, as pywa's callback does. pywa runs its asynchronous client, the
faster of the two. The daemon's platform is WhatsApp's adapter without the rates that Meta sets for one number, which
would otherwise be all that is measured. Unit: answered messages per second.
"""

from bench import servers, webhooks
from bench.conversations import talk
from bench.figures import Rounds
from bench.graph import Graph
from bench.load import Load
from bench.rounds import Bench
from bench.table import Row

WARM = 200
OURS, PYWA = 3_000, 1_000


async def measure(bench: Bench) -> list[Row]:
    ours: list[float] = []
    pywa: list[float] = []
    share = 3 if bench.quick else 1
    async with Graph.listening() as graph:
        for n in range(bench.rounds):
            with bench.folder() as folder:
                async with servers.aof(folder, bench.cores, graph=graph.url, agent="echo") as server:
                    ours.append(await _rate(server, graph, OURS // share))
            with bench.folder() as folder:
                async with servers.pywa(folder, bench.cores, graph=graph.url, echo=True) as server:
                    pywa.append(await _rate(server, graph, PYWA // share))
            bench.say(f"loop {n + 1}: ours {ours[-1]:,.0f}/s, pywa {pywa[-1]:,.0f}/s")
    here, there = Rounds(tuple(ours)), Rounds(tuple(pywa))
    ratio = here.over(there)
    what = "Whole durable loop, against pywa's echo"
    return [Row(what, f"{here.shown()}/s", f"{there.shown()}/s", f"{ratio:.2f} ×", "≥ 5 ×", ratio >= 5)]


async def _rate(server: servers.Server, graph: Graph, messages: int) -> float:
    requests = webhooks.messages(server.path)
    async with Load.to(server.port) as load:
        await talk(load, graph, requests, messages=WARM)
        return messages / await talk(load, graph, requests, messages=messages)
