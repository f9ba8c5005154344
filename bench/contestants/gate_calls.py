"""`python -m bench.contestants.gate_calls FOLDER CALLS`: milliseconds of each call, by kind, as JSON."""

import asyncio
import json
import sys
from pathlib import Path
from time import perf_counter

import uvloop

from aof.domain.risk import Risk
from aof.tools.gate import Asked
from bench.contestants.acting import Nothing, gate, scope

KINDS = {"look": Risk.READ, "change": Risk.WRITE, "question": Risk.DELETE}
WARM = 50


async def measure(folder: Path, calls: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    async with gate(folder) as through:
        for n in range(WARM + calls):
            for kind, risk in KINDS.items():
                tool, here = Nothing(risk), scope(n)
                began = perf_counter()
                outcome = await through.call(tool, {"command": "x"}, here, kind)
                took = perf_counter() - began
                # a call that the gate refused would be a fast one
                if isinstance(outcome, Asked) is not (kind == "question"):
                    raise RuntimeError(f"{kind}: {outcome}")
                if n >= WARM:
                    found[kind].append(took * 1e3)
            await asyncio.sleep(0)
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(uvloop.run(measure(Path(sys.argv[1]), int(sys.argv[2])))))
