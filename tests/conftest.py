"""What all tests share."""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import pytest
import structlog
from hypothesis import settings

settings.register_profile("aof", deadline=None)
settings.load_profile("aof")

# a test asks no vendor: only one that brings its own model server allows it for itself
with suppress(ImportError):
    from pydantic_ai import models

    models.ALLOW_MODEL_REQUESTS = False

SHARED = Path(os.environ.get("AOF_TEST_SHARED", Path(__file__).parents[2] / "shared"))


def absent(what: str, reason: str) -> NoReturn:
    """Skip for want of `what`, or fail where AOF_TEST_REQUIRE names it: samples, browser, nginx, axe, systemd,
    oracle.
    """
    if what in os.environ.get("AOF_TEST_REQUIRE", "").split(","):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def logs_stay_as_they_were() -> Iterator[None]:
    """A test that starts a daemon of its own sets up the log of the whole process, which is the next test's, too."""
    was_set_up, before, level = structlog.is_configured(), structlog.get_config(), logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)
    if was_set_up:
        structlog.configure(**before)
    else:
        structlog.reset_defaults()


def _samples(folder: str) -> Path:
    found = SHARED / "samples" / folder
    if not found.is_dir():
        absent("samples", f"no samples in {found}; set AOF_TEST_SHARED to the folder that holds samples/")
    return found


@pytest.fixture(scope="session")
def whatsapp_samples() -> Path:
    """The folder with Meta's own webhooks and sends; its tests skip where it is absent."""
    return _samples("whatsapp")


@pytest.fixture(scope="session")
def telegram_samples() -> Path:
    """The folder with updates of Telegram; its tests skip where it is absent."""
    return _samples("telegram")


@pytest.fixture(scope="session")
def nginx() -> str:
    """The program nginx; its tests skip where it, or openssl for their certificate, is not installed."""
    # it is for administrators, so it is seldom on the path of others
    found = shutil.which("nginx", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin")))
    if found is None or shutil.which("openssl") is None:
        absent("nginx", "nginx or openssl is not installed")
    return found


@pytest.fixture(scope="session")
def systemd_analyze() -> str:
    """systemd's own judge of units, which needs no running systemd; its tests skip where it is not installed."""
    found = shutil.which("systemd-analyze")
    if found is None:
        absent("systemd", "systemd-analyze is not installed")
    return found
