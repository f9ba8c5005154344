"""What all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("aof", deadline=None)
settings.load_profile("aof")

SHARED = Path(os.environ.get("AOF_TEST_SHARED", Path(__file__).parents[2] / "shared"))


def _samples(folder: str) -> Path:
    found = SHARED / "samples" / folder
    if not found.is_dir():
        reason = f"no samples in {found}; set AOF_TEST_SHARED to the folder that holds samples/"
        if "samples" in os.environ.get("AOF_TEST_REQUIRE", ""):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def whatsapp_samples() -> Path:
    """The folder with Meta's own webhooks and sends; its tests skip where it is absent."""
    return _samples("whatsapp")
