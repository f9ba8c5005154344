"""Whether somebody wants to be written to unasked. Pure."""

from typing import Literal

ConsentState = Literal["in", "out"]
"""in: they agreed. out: they want nothing that they did not just ask for. Who never said either has none."""
