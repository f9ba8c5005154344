"""Files become an assembly: what one file's models can't see alone is checked here, all of it at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from aof import plugins
from aof.config.daemon import DaemonConfig
from aof.config.load import load as load_file
from aof.config.problem import Problem
from aof.domain.errors import ConfigError
from aof.platforms.base import AnyPlatform
from aof.tools.redaction import Redactor


@dataclass(frozen=True, slots=True)
class Assembly:
    """A configuration whose every name was found: what `assemble` accepts, a daemon starts."""

    config: DaemonConfig
    platforms: Mapping[str, type[AnyPlatform]]
    agents: Mapping[str, type[Any]]
    warnings: tuple[Problem, ...]
    redact: Redactor


class _Models(Mapping[str, type[BaseModel]]):
    """The configuration models of platforms, which are imported only when a file names them."""

    def __init__(self, platforms: Mapping[str, type[AnyPlatform]]) -> None:
        self._platforms = platforms

    def __getitem__(self, name: str) -> type[BaseModel]:
        return self._platforms[name].config_model

    def __contains__(self, name: object) -> bool:
        return name in self._platforms

    def __iter__(self) -> Iterator[str]:
        return iter(self._platforms)

    def __len__(self) -> int:
        return len(self._platforms)


def read(path: Path, environ: Mapping[str, str]) -> Assembly:
    """Load a file and check it as a whole.

    Raises:
        ConfigError: With every problem.
    """
    known = plugins.Installed("aof.platforms")
    loaded = load_file(path, _Models(known), environ)
    return assemble(loaded.config, known, path, loaded.warnings)


def assemble(
    config: DaemonConfig,
    platforms: Mapping[str, type[AnyPlatform]],
    path: Path,
    warnings: tuple[Problem, ...] = (),
) -> Assembly:
    """Check what one file's models can't see alone.

    Raises:
        ConfigError: With every problem.
    """
    runtime = config.spec.runtime
    if runtime.default_agent not in plugins.names("aof.agents"):
        known = ", ".join(sorted(plugins.names("aof.agents")))
        raise ConfigError(
            f"spec.runtime.default_agent: there is no agent {runtime.default_agent!r}. Write one of: {known}."
        )
    agent = plugins.find("aof.agents", runtime.default_agent)
    enabled = {name: model for name, model in config.spec.platforms.items() if getattr(model, "enabled", True)}
    secrets = [secret for model in enabled.values() for secret in getattr(model, "secrets", ())]
    return Assembly(
        config=config,
        platforms={name: platforms[name] for name in enabled},
        agents={runtime.default_agent: agent},
        warnings=(*warnings, *_doubts(enabled, platforms, path)),
        redact=Redactor(secrets),
    )


def _doubts(
    enabled: Mapping[str, BaseModel], platforms: Mapping[str, type[AnyPlatform]], path: Path
) -> Iterator[Problem]:
    """What the platforms have to say of their configurations."""
    today = datetime.now(UTC).date()
    for name, model in enabled.items():
        for key, sentence in platforms[name].doubts(model, today):
            yield Problem(str(path), 0, f"spec.platforms.{name}.{key}", sentence, "")
