"""The ready-made files load, and the example holds every key with its default."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from aof.config.credentials import ENV_KEYS
from aof.config.daemon import DaemonConfig
from aof.config.load import Loaded, load
from aof.config.shape import shape_of
from aof.domain.errors import ConfigError
from aof.platforms.whatsapp.config import WhatsAppConfig

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "daemon.yaml.example"
MODELS: dict[str, type[BaseModel]] = {"whatsapp": WhatsAppConfig}
ENVIRON = {
    "WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
    "WHATSAPP_ACCESS_TOKEN": "a-token",
    "WHATSAPP_VERIFY_TOKEN": "a-word",
    "WHATSAPP_APP_SECRET": "a-secret",
    "WHATSAPP_BUSINESS_ACCOUNT_ID": "102290129340398",
    "WHATSAPP_ALLOWED_NUMBER": "+49 30 901820",
}
COMMENTED_KEY = re.compile(r"^( +)# ([a-z_]+: )", re.MULTILINE)
KEY = re.compile(r"^( *)(?:- )?([A-Za-z_]+):", re.MULTILINE)
ABSENCE_SAYS_SOMETHING = {"namespace", "allowed_users", "allow_everyone", "allow_live_send"}
WITHOUT_DEFAULT = {
    "phone_number_id",
    "access_token",
    "verify_token",
    "app_secret",
    "business_account_id",
    "allowed_numbers",
}


def _load(text: str, tmp_path: Path) -> Loaded:
    path = tmp_path / "daemon.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, MODELS, ENVIRON)


def _whole() -> str:
    """The example with the keys that stand commented out."""
    return COMMENTED_KEY.sub(r"\1\2", EXAMPLE.read_text(encoding="utf-8"))


def _keys_of(model: type[BaseModel], section: str = "") -> set[str]:
    keys = set()
    for name, about in model.model_fields.items():
        key = f"{section}{'apiVersion' if name == 'api_version' and not section else name}"
        inner = shape_of(about.annotation).section
        keys |= _keys_of(inner, f"{key}.") if inner else {key}
    return keys


def _keys_in(value: Any, section: str = "") -> set[str]:
    if isinstance(value, dict) and value:
        return set().union(*(_keys_in(inner, f"{section}.{key}" if section else key) for key, inner in value.items()))
    return {section}


def test_the_example_holds_every_key_of_the_models_and_no_other():
    of_models = _keys_of(DaemonConfig) - {"spec.platforms"}
    for key in WhatsAppConfig.model_fields:
        of_models.add(f"spec.platforms.whatsapp.{key}_env" if key in ENV_KEYS else f"spec.platforms.whatsapp.{key}")
    assert _keys_in(yaml.safe_load(_whole())) == of_models


def test_the_example_shows_every_default(tmp_path: Path):
    shown = _load(EXAMPLE.read_text(encoding="utf-8"), tmp_path).config
    platform = shown.spec.platforms["whatsapp"]
    assert isinstance(platform, WhatsAppConfig)
    bare = "kind: DaemonConfig\nspec:\n  platforms:\n    whatsapp:\n"
    bare += "".join(f"      {key}: {getattr(platform, key)}\n" for key in ("phone_number_id", "business_account_id"))
    bare += "      access_token: a-token\n      verify_token: a-word\n      app_secret: a-secret\n"
    bare += '      allowed_numbers: ["+49 30 901820"]\n'
    assert shown == _load(bare, tmp_path).config


def test_what_is_commented_out_in_the_example_shows_its_default_too(tmp_path: Path):
    written = yaml.safe_load(_whole())["spec"]["platforms"]["whatsapp"]
    for key, about in WhatsAppConfig.model_fields.items():
        if key not in WITHOUT_DEFAULT | {"allowed_users"}:
            assert written[key] == about.default, key


def test_only_keys_whose_absence_says_something_are_commented_out():
    commented = {found[1].rstrip(": ") for found in COMMENTED_KEY.findall(EXAMPLE.read_text(encoding="utf-8"))}
    assert commented == ABSENCE_SAYS_SOMETHING


def test_every_key_of_the_example_has_a_comment():
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        key = re.match(r" +(?:# )?([a-z_]+): *\S", line)
        if key and not line.rstrip().endswith(":"):
            above = lines[number - 1].strip()
            assert line.count(" # ") >= 1 + line.strip().startswith("#") or above.startswith("# "), line


@pytest.mark.parametrize(
    "file", [EXAMPLE, *sorted((ROOT / "config").glob("daemon-*.yaml"))], ids=lambda file: file.name
)
def test_a_ready_made_file_loads_without_a_warning(file: Path):
    assert load(file, MODELS, ENVIRON).warnings == ()


def test_the_example_allows_nobody_and_sends_nothing_until_told(tmp_path: Path):
    environ = {name: value for name, value in ENVIRON.items() if name != "WHATSAPP_ALLOWED_NUMBER"}
    platform = load(EXAMPLE, MODELS, environ).config.spec.platforms["whatsapp"]
    assert isinstance(platform, WhatsAppConfig)
    assert (platform.allowed_numbers, platform.allow_everyone, platform.allow_live_send) == ((), False, False)


@pytest.mark.parametrize(
    "found",
    list(KEY.finditer(_whole())),
    ids=lambda found: f"{_whole()[: found.start()].count(chr(10)) + 1}-{found[2]}",
)
def test_every_key_of_the_example_is_refused_where_it_is_mistyped(tmp_path: Path, found: re.Match[str]):
    whole = _whole()
    start, end = found.span(2)
    line = whole[:start].count("\n") + 1
    with pytest.raises(ConfigError) as refused:
        _load(f"{whole[:start]}{found[2]}q{whole[end:]}", tmp_path)
    told = str(refused.value).splitlines()
    mistyped = [
        text for text in told if text.startswith(f"{tmp_path}/daemon.yaml:{line}: ") and f"{found[2]}q: " in text
    ]
    assert mistyped or (found[2] == "kind" and "kind: is missing" in told[0])
    if mistyped:
        assert f'Did you mean "{found[2]}"?' in mistyped[0] or found[2] == "apiVersion"


@pytest.mark.parametrize("key", ["kind", "spec", "platforms", "whatsapp", *sorted(ENV_KEYS - {"business_account_id"})])
def test_the_example_is_refused_without_a_key_that_has_no_default(tmp_path: Path, key: str):
    example = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    holder = example
    for step in {"platforms": ("spec",), "whatsapp": ("spec", "platforms")}.get(key, ()):
        holder = holder[step]
    if key in ENV_KEYS:
        holder, key = example["spec"]["platforms"]["whatsapp"], f"{key}_env"
    del holder[key]
    with pytest.raises(ConfigError):
        _load(yaml.safe_dump(example), tmp_path)
