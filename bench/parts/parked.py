"""1,000 parts that were parked for one person, from their word until the last has left in its order.

The platform takes everything at once and our own rates are out of the way, so what is left is the daemon's own: one
commit for the word that takes all of them up, and then three for each part, leased, begun and settled. Unit:
milliseconds.
"""

from bench.probed import probed
from bench.rounds import Bench
from bench.table import Row

PARTS = 1_000
WHAT = {
    "parked": "Parking a part outside the window",
    "word": "A word that takes up 1,000 parked parts",
    "part": "Each of 1,000 parked parts, released in order",
}


async def measure(bench: Bench) -> list[Row]:
    return await probed(bench, "parked", "parked_parts", PARTS, WHAT)
