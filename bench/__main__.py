"""`python -m bench [PART…] [--quick] [--write] [--scratch DIRECTORY]`: measure, and print the table.

Without a part all of them. What a part found is kept in the scratch directory under the commit it was measured at;
`--write` puts the tables of these parts into docs/reference/performance.md, and refuses parts of one table that were
measured at different commits.
"""

import argparse
import gc
import os
import sys
from pathlib import Path

import uvloop

from bench import pages
from bench.machine import Cores, NotOnDisk, facts, file_system
from bench.parts import agents, gate, ingest, latency, loop, memory, offered, page, parked, start, telegram
from bench.rounds import Bench
from bench.servers import OF_TELEGRAM, PYWA, SCRATCH

PARTS = {
    part.__name__.rpartition(".")[2]: part
    for part in (ingest, loop, offered, latency, start, memory, gate, agents, parked, page, telegram)
}


GROUPS = (
    ("ingest", "loop", "offered", "latency", "start", "memory"),
    ("gate", "agents"),
    ("parked",),
    ("page",),
    ("telegram",),
)
"""Parts that stand in one table, and so are measured at one commit."""
BESIDE_PYWA = frozenset({"ingest", "loop"})


async def _measure(bench: Bench, chosen: list[str]) -> None:
    known = facts(bench.scratch, bench.cores)
    for name in chosen:
        rows = await PARTS[name].measure(bench)
        pages.keep(SCRATCH, name, rows, known, quick=bench.quick)
    sys.stdout.write(pages.shown(known, pages.kept(SCRATCH, chosen), chosen) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure, and print one table.")
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help="one or several; all without")
    parser.add_argument("--quick", action="store_true", help="two short rounds, to see that everything works")
    parser.add_argument("--write", action="store_true", help="write docs/reference/performance.md")
    parser.add_argument("--scratch", type=Path, default=SCRATCH, help="where databases go; not in memory")
    given = parser.parse_args()
    cores = Cores.choose()
    bench = Bench(given.scratch.resolve(), cores, quick=given.quick)
    bench.scratch.mkdir(parents=True, exist_ok=True)
    chosen = given.part or list(PARTS)
    try:
        file_system(bench.scratch)
    except NotOnDisk as error:
        sys.stderr.write(f"bench: {error}\n")
        return 2
    if BESIDE_PYWA & set(chosen) and not PYWA.exists():
        sys.stderr.write("pywa's environment is missing: make bench makes it\n")
        return 2
    if "telegram" in chosen and not OF_TELEGRAM.exists():
        sys.stderr.write("the environment of the libraries for Telegram is missing: make bench makes it\n")
        return 2
    os.sched_setaffinity(0, {cores.load})
    gc.disable()  # the load makes no cycles worth a pause
    try:
        uvloop.run(_measure(bench, chosen))
        if given.write:
            for number, group in enumerate(GROUPS):
                if set(group) & set(chosen):
                    pages.write(SCRATCH, number, group)
    except pages.NotOneRun as error:
        sys.stderr.write(f"bench: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
