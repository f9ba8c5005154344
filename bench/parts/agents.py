"""One turn of an agent with a model that answers at once, within the process: what the layer of agents itself adds.

From the turn to the reply: prompt, library of models, checks, what is remembered; with a look also the gate and a
second answer of the model. Neither the pipeline around it nor a vendor's server is in it. Unit: milliseconds.
"""

from bench.probed import probed
from bench.rounds import Bench
from bench.table import Row

TURNS = 300
WHAT = {"answer": "A turn of an agent, instant model", "look": "The same, with one look on the way"}


async def measure(bench: Bench) -> list[Row]:
    return await probed(bench, "agents", "agent_turns", TURNS, WHAT)
