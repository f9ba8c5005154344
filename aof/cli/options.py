"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

ConfigOption = Annotated[Path, typer.Option("--config", "-c", envvar="AOF_CONFIG", help="The DaemonConfig file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of a table.")]
DEFAULT_CONFIG = Path("daemon.yaml")
