"""A file with one platform that loads, and what becomes of it when lines are added or put in place of others."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Protocol, Self

import pytest
from pydantic import BaseModel, Field, SecretStr, model_validator

from aof.config.files import Files
from aof.config.load import Loaded, load, read_files
from aof.config.model import StrictModel
from aof.domain.errors import ConfigError
from aof.platforms.whatsapp.config import WhatsAppConfig

BASE = """\
apiVersion: aof.dev/v1
kind: DaemonConfig
spec:
  platforms:
    whatsapp:
      phone_number_id: 106540352242922
      access_token: EAAG-a-token
      verify_token: a-verify-word
      app_secret: 0123456789abcdef
      allowed_numbers: ["+49 30 901820"]
"""
"""Ten lines: what a test adds begins on line 11."""


BESIDE = """\
kind: DaemonConfig
spec:
  agents: {directory: crew}
  platforms:
    whatsapp:
      phone_number_id_env: ID
      access_token_env: TOKEN
      verify_token_env: WORD
      app_secret_env: SECRET
      allow_everyone: true
"""


class PhonePlatform(StrictModel):
    """A platform of the shape that the loader has to serve."""

    enabled: bool = True
    phone_number_id: str = Field(min_length=2)
    access_token: SecretStr
    verify_token: SecretStr
    app_secret: SecretStr | Annotated[tuple[SecretStr, ...], Field(max_length=2)]
    api_url: str = "https://graph.facebook.com"
    business_account_id: str | None = None
    allowed_numbers: tuple[str, ...] | None = None
    allowed_users: tuple[str, ...] | None = None
    allow_everyone: bool = False
    allow_live_send: bool = False

    switches_from: ClassVar[Mapping[str, str]] = {"gate": "GATE_IS_OPEN"}
    gate: bool = False

    @model_validator(mode="after")
    def _who_may_talk(self) -> Self:
        if self.allowed_numbers is None and self.allowed_users is None and not self.allow_everyone:
            raise ValueError("nobody may talk; write allowed_numbers")
        return self


class Loads(Protocol):
    def __call__(
        self, text: str | bytes, environ: Mapping[str, str] = {}, models: Mapping[str, type[BaseModel]] | None = None
    ) -> Loaded: ...


@pytest.fixture
def loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loads:
    """Loads a text as `daemon.yaml`."""
    monkeypatch.chdir(tmp_path)

    def loads(
        text: str | bytes, environ: Mapping[str, str] = {}, models: Mapping[str, type[BaseModel]] | None = None
    ) -> Loaded:
        Path("daemon.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
        return load(Path("daemon.yaml"), {"whatsapp": PhonePlatform} if models is None else models, environ)

    return loads


@pytest.fixture
def base() -> str:
    return BASE


@pytest.fixture
def whatsapp(loads: Loads) -> Callable[..., PhonePlatform]:
    """The platform of a text that loads."""

    def whatsapp(text: str, environ: Mapping[str, str] = {}) -> PhonePlatform:
        platform = loads(text, environ).config.spec.platforms["whatsapp"]
        assert isinstance(platform, PhonePlatform)
        return platform

    return whatsapp


@pytest.fixture
def problems(loads: Loads) -> Callable[..., list[str]]:
    """The lines of the error that a text is refused with."""

    def problems(text: str | bytes, environ: Mapping[str, str] = {}) -> list[str]:
        with pytest.raises(ConfigError) as refused:
            loads(text, environ)
        return str(refused.value).splitlines()

    return problems


@pytest.fixture
def warnings(loads: Loads) -> Callable[..., list[str]]:
    """The warnings of a text that loads, without those on the credentials that `BASE` holds."""

    def warnings(text: str, environ: Mapping[str, str] = {}) -> list[str]:
        return told_of(loads(text, environ))

    return warnings


class Reads(Protocol):
    def __call__(self, *texts: str, environ: Mapping[str, str] = {}) -> Files: ...


@pytest.fixture
def reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reads:
    """Reads texts as `crew/a.yaml`, `crew/b.yaml` and so on, beside a main file that has nothing to be told."""
    monkeypatch.chdir(tmp_path)
    credentials = {
        "ID": "106540352242922",
        "TOKEN": "EAAG-a-token",
        "WORD": "a-verify-word",
        "SECRET": "0123456789abcdef",
    }

    def reads(*texts: str, environ: Mapping[str, str] = {}) -> Files:
        Path("crew").mkdir(exist_ok=True)
        for name, text in zip("abcdefgh", texts, strict=False):
            Path(f"crew/{name}.yaml").write_text(text)
        Path("daemon.yaml").write_text(BESIDE)
        return read_files(Path("daemon.yaml"), {"whatsapp": PhonePlatform}, {**credentials, **environ})

    return reads


@pytest.fixture
def problems_beside(reads: Reads) -> Callable[..., list[str]]:
    """The lines of the error that a file beside the main one is refused with."""

    def problems_beside(*texts: str, environ: Mapping[str, str] = {}) -> list[str]:
        with pytest.raises(ConfigError) as refused:
            reads(*texts, environ=environ).raise_errors()
        return str(refused.value).splitlines()

    return problems_beside


def told_of(loaded: Loaded) -> list[str]:
    """The warnings without those on credentials in the file."""
    return [str(warning) for warning in loaded.warnings if warning.problem != "is written in this file"]


@pytest.fixture
def whatsapp_config(loads: Loads) -> Callable[[str], WhatsAppConfig]:
    """The real model of WhatsApp, of a text that loads."""

    def whatsapp_config(text: str) -> WhatsAppConfig:
        platform = loads(text, models={"whatsapp": WhatsAppConfig}).config.spec.platforms["whatsapp"]
        assert isinstance(platform, WhatsAppConfig)
        return platform

    return whatsapp_config


@pytest.fixture
def problems_of_whatsapp(loads: Loads) -> Callable[[str], list[str]]:
    """The lines of the error that a text is refused with by the real model of WhatsApp."""

    def problems_of_whatsapp(text: str) -> list[str]:
        with pytest.raises(ConfigError) as refused:
            loads(text, models={"whatsapp": WhatsAppConfig})
        return str(refused.value).splitlines()

    return problems_of_whatsapp
