"""The reference pages that are written by a program. `make docs` writes them; tests compare them byte for byte.

A new page is one module with a function that returns its text, and one line in `PAGES`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.docs.pages import cli, log_events, metrics

ROOT = Path(__file__).parents[3]

PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/cli.md": cli.page,
    "docs/reference/log-events.md": log_events.page,
    "docs/reference/metrics.md": metrics.page,
}
"""By the file's path in the project."""
