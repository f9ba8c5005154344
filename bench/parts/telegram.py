"""Telegram's updates over a webhook, beside aiogram's and python-telegram-bot's, which are set up as they document it.

All three check the secret of the same stand-in for the Bot API, run on uvloop and take text messages of about 420 bytes
over 64 kept-alive connections, closed loop, on the same core. The daemon stores each update before its 200, and its
agent never answers; the libraries say 200 as soon as they have the update in memory, and their callback does nothing.
After each round the daemon is killed with SIGKILL, and its rows are counted: not one 200 may be missing.

Of the same rounds: from the start of the program to the first 200, in seconds, and what is resident then, in MB (10⁶
bytes). Parsing is measured without a server, from the bytes of an update to the library's object, or to the daemon's
events with the raw update beside; CPU time, in µs.
"""

import json
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from time import perf_counter

from bench import servers, updates
from bench.bot_api import BotApi
from bench.figures import Rounds
from bench.load import Load
from bench.rounds import Bench
from bench.servers import Server
from bench.table import Row

WARM_SECONDS = 1.0
OURS = "ours"
THEIRS = {"aiogram": "aiogram", "ptb": "python-telegram-bot"}
REACH = 6.0
PARSED = 5_000


async def measure(bench: Bench) -> list[Row]:
    names = (OURS, *THEIRS)
    rates: dict[str, list[float]] = {name: [] for name in names}
    starts: dict[str, list[float]] = {name: [] for name in names}
    resident: dict[str, list[float]] = {name: [] for name in names}
    parsed: dict[str, dict[str, list[float]]] = {name: {kind: [] for kind in updates.KINDS} for name in names}
    lost = 0
    async with BotApi.listening() as api:
        for n in range(bench.rounds):
            for name in names:
                with bench.folder() as folder:
                    began = perf_counter()
                    async with _server(bench, name, folder, api.url) as server:
                        starts[name].append(perf_counter() - began)
                        resident[name].append(server.memory)
                        rate, missing = await _loaded(bench, server, is_ours=name == OURS)
                    rates[name].append(rate)
                    lost += missing
                    for kind, (seconds,) in (await _parsed(bench, name, folder)).items():
                        parsed[name][kind].append(seconds * 1e6)
                said = f"{rates[name][-1]:,.0f}/s, start {starts[name][-1]:.2f} s, {resident[name][-1]:.0f} MB"
                bench.say(f"telegram {n + 1}: {name} {said}")
    rows = []
    for name, called in THEIRS.items():
        here, there = Rounds(tuple(rates[OURS])), Rounds(tuple(rates[name]))
        ratio = here.over(there)
        rows.append(
            Row(f"Telegram's updates stored and acknowledged, against {called}",
                f"{here.shown()}/s, {lost} lost after SIGKILL", f"{there.shown()}/s, nothing stored", f"{ratio:.2f} ×",
                f"≥ {REACH:.0f} ×", ratio >= REACH)
        )  # fmt: skip
    rows += [_less(f"Start → first 200, against {called}", starts, name, 2, "s") for name, called in THEIRS.items()]
    rows += [_less(f"Memory, idle, against {called}", resident, name, 0, "MB") for name, called in THEIRS.items()]
    for kind in updates.KINDS:
        of_kind = {name: parsed[name][kind] for name in names}
        rows += [_less(f"Parsing {kind}, against {called}", of_kind, name, 1, "µs") for name, called in THEIRS.items()]
    return rows


def _less(what: str, figures: dict[str, list[float]], name: str, digits: int, unit: str) -> Row:
    """A row of what is better when it is less; the ratio says how many times as much the others take."""
    here, there = Rounds(tuple(figures[OURS])), Rounds(tuple(figures[name]))
    return Row(what, f"{here.shown(digits)} {unit}", f"{there.shown(digits)} {unit}", f"{there.over(here):.2f} ×")


def _server(bench: Bench, name: str, folder: Path, api: str) -> AbstractAsyncContextManager[Server]:
    if name == OURS:
        return servers.aof_on_telegram(folder, bench.cores, api=api)
    return servers.of_telegram(name, folder, bench.cores, api=api)


async def _loaded(bench: Bench, server: Server, *, is_ours: bool) -> tuple[float, int]:
    """Updates a second, and how many that were acknowledged are on no disk."""
    requests = updates.updates(server.path)
    async with Load.to(server.port) as load:
        warm = await load.closed(requests, seconds=WARM_SECONDS)
        outcome = await load.closed(requests, seconds=bench.seconds)
        await server.kill()
    # one more update was the first 200
    told = len(warm.latencies) + len(outcome.latencies) + 1
    return outcome.per_second, told - server.count("inbox") if is_ours else 0


async def _parsed(bench: Bench, name: str, folder: Path) -> dict[str, list[float]]:
    file = folder / "updates.json"
    file.write_text(json.dumps({kind: json.dumps(update) for kind, update in updates.KINDS.items()}))
    times = str(PARSED // (10 if bench.quick else 1))
    if name == OURS:
        return await servers.found("parsing", folder, bench.cores, str(file), times)
    return await servers.found_by_theirs("parsing_of_theirs", folder, bench.cores, name, str(file), times)
