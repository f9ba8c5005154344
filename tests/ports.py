"""Ports for programs that have to be told theirs."""

import os
import random
import socket

_FIRST, _EACH = 20_000, 1_000
"""Below the ports that the system gives by itself; each of the processes that tests run in has its own."""


def free_port() -> int:
    """A port of this machine that nobody listens on now, and that no test beside this one is given."""
    first = _FIRST + _EACH * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for port in random.sample(range(first, first + _EACH), _EACH):
        with socket.socket() as taken:
            try:
                taken.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError(f"every port from {first} to {first + _EACH - 1} is taken")
