"""The reference pages that are written by a program. `make docs` writes them; tests compare them byte for byte.

A new page is one module with a function that returns its text, and one line in `PAGES`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from aof.config.example import example
from aof.config.reference import reference
from aof.daemon import platform_models
from tests.docs.pages import cli, command_classes, errors, limits, log_events, metrics, quality
from tests.docs.pages.markdown import GENERATED

ROOT = Path(__file__).parents[3]

PAGES: Mapping[str, Callable[[], str]] = {
    "daemon.yaml.example": lambda: example(platform_models()),
    "docs/reference/cli.md": cli.page,
    "docs/reference/command-classes.md": command_classes.page,
    "docs/reference/configuration.md": lambda: f"{GENERATED}\n\n{reference(platform_models())}",
    "docs/reference/errors.md": errors.page,
    "docs/reference/limits.md": limits.page,
    "docs/reference/log-events.md": log_events.page,
    "docs/reference/metrics.md": metrics.page,
    "docs/reference/platform-quality.md": quality.page,
}
"""By the file's path in the project."""
