"""`python -m aof` is the `aof` command."""

from aof.cli import app

app()
