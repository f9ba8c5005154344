"""Resident memory: idle after the start, half-way and after 200,000 webhooks, and with 10,000 conversations.

50,000 messages of 10,000 people go through the whole loop, and each answer's three receipts come back: 200,000
webhooks. Flat is: what is resident grows in the second half by less than 5 % of what was resident after the first, in
which every conversation has been seen. One round, since it is no measure of speed. Unit: MB (10⁶ bytes) resident,
shared pages of libraries included. The rate of the first 10,000 messages, each of which opens a conversation, stands
beside.
"""

import json

from bench import servers, webhooks
from bench.conversations import talk
from bench.graph import Graph
from bench.load import Load
from bench.rounds import Bench
from bench.table import Row

MESSAGES, PEOPLE = 50_000, 10_000
FLAT = 0.05


async def measure(bench: Bench) -> list[Row]:
    messages, people = (MESSAGES // 20, PEOPLE // 20) if bench.quick else (MESSAGES, PEOPLE)
    resident: list[float] = []
    with bench.folder() as folder:
        async with (
            Graph.listening() as graph,
            servers.aof(folder, bench.cores, graph=graph.url, agent="echo") as server,
        ):
            resident.append(server.memory)
            requests = webhooks.messages(server.path, senders=people)
            async with Load.to(server.port) as load:

                def receipts(wamid: str, body: bytes) -> None:
                    sent = json.loads(body)
                    for state in webhooks.STATES:
                        body = webhooks.status(state, wamid, sent["biz_opaque_callback_data"], sent["to"])
                        load.offer(webhooks.request(server.path, body))

                graph.told = receipts
                rate = people / await talk(load, graph, requests, messages=people)
                resident.append(server.memory)
                for share in (messages // 2 - people, messages - messages // 2):
                    await talk(load, graph, requests, messages=share)
                    resident.append(server.memory)
                    bench.say(f"memory: {resident[-1]:.0f} MB")
    idle, opened, half, whole = resident
    grown = (whole - half) / half
    return [
        Row("Memory, idle", f"{idle:.0f} MB", "", "", "≤ 80 MB", idle <= 80),
        Row(f"Memory after {4 * messages:,} webhooks", f"{whole:.0f} MB, half-way {half:.0f} MB",
            "", f"{grown:+.1%}", "flat (< 5 %)", grown < FLAT),
        Row(f"{people:,} new conversations", f"{rate:,.0f} answered/s, {opened:.0f} MB after them"),
    ]  # fmt: skip
