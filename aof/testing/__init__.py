"""For authors of platforms: the suite that every adapter passes.

    from aof.testing import SECRETS, TEXT, PlatformCase, PlatformSuite

    class TestPigeon(PlatformSuite):
        platform_case = PlatformCase(name="pigeon", …)

It needs pytest, pytest-asyncio and hypothesis: `pip install aof[testing]`.
"""

import pytest

from aof.testing.case import SECRETS, TEXT, PlatformCase

# what fails is shown in full only where pytest was told of a module before it is imported
pytest.register_assert_rewrite("aof.testing.arriving", "aof.testing.leaving")

from aof.testing.arriving import Arriving  # noqa: E402 -- as said above
from aof.testing.leaving import Leaving  # noqa: E402 -- as said above

__all__ = ["SECRETS", "TEXT", "PlatformCase", "PlatformSuite"]


class PlatformSuite(Arriving, Leaving):
    """What every chat platform promises, whichever it is. A subclass says of which by its `platform_case`."""
