"""What all tests share."""

import os
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

settings.register_profile("aof", deadline=None)
settings.load_profile("aof")

SHARED = Path(os.environ.get("AOF_TEST_SHARED", Path(__file__).parents[2] / "shared"))


def absent(what: str, reason: str) -> NoReturn:
    """Skip the test for want of `what`, or fail where AOF_TEST_REQUIRE names it: samples, browser, nginx, axe."""
    if what in os.environ.get("AOF_TEST_REQUIRE", "").split(","):
        pytest.fail(reason)
    pytest.skip(reason)


def _samples(folder: str) -> Path:
    found = SHARED / "samples" / folder
    if not found.is_dir():
        absent("samples", f"no samples in {found}; set AOF_TEST_SHARED to the folder that holds samples/")
    return found


@pytest.fixture(scope="session")
def whatsapp_samples() -> Path:
    """The folder with Meta's own webhooks and sends; its tests skip where it is absent."""
    return _samples("whatsapp")
