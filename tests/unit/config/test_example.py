"""The ready-made files load, and the example holds every key with its default."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from aof.config.daemon import DaemonConfig
from aof.config.example import absent, env_keys, example
from aof.config.load import Loaded, load
from aof.config.shape import shape_of
from aof.domain.errors import ConfigError
from aof.platforms.http.config import HTTPConfig
from aof.platforms.telegram.config import TelegramConfig
from aof.platforms.whatsapp.config import WhatsAppConfig

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "daemon.yaml.example"
MODELS: dict[str, type[BaseModel]] = {"http": HTTPConfig, "telegram": TelegramConfig, "whatsapp": WhatsAppConfig}
ENVIRON = {
    "WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
    "WHATSAPP_ACCESS_TOKEN": "a-token",
    "WHATSAPP_VERIFY_TOKEN": "a-word",
    "WHATSAPP_APP_SECRET": "a-secret",
    "WHATSAPP_BUSINESS_ACCOUNT_ID": "102290129340398",
    "TELEGRAM_BOT_TOKEN": "9001:a-token",
    "TELEGRAM_WEBHOOK_SECRET": "sixteen-letters-",
    "HTTP_SECRET": "sixteen-letters-",
    "HTTP_CALLBACK_SECRET": "other-letters-16",
    "AOF_ADMIN_TOKEN": "sixteen-letters!",
    "AOF_OPERATOR_API_TOKEN": "sixteen-letters!",
}
COMMENTED_KEY = re.compile(r"^( +)# ( *(?:# )?(?:- )?[a-z_]+:(?: |$))", re.MULTILINE)
KEY = re.compile(r"^( *)(?:- )?([A-Za-z_]+):", re.MULTILINE)
ABSENCE_SAYS_SOMETHING = {
    "namespace", "token_env", "business_account_id_env", "allowed_numbers", "allowed_users", "allow_everyone",
    "allow_live_send", "rules", "operator", "telegram", "http",
    "agents", "triggers", "people", "contexts", "runbooks", "classifications", "default_context",
    "default_model", "approval_allowed_users", "public_url", "prices", "templates",
    "per_person", "per_conversation", "per_agent", "total",
}  # fmt: skip
CREDENTIALS = {name for name in ENVIRON if name != "WHATSAPP_BUSINESS_ACCOUNT_ID"}


def _load(text: str, tmp_path: Path) -> Loaded:
    path = tmp_path / "daemon.yaml"
    path.write_text(text, encoding="utf-8")
    for name in ("agents", "triggers", "contexts", "runbooks", "classifications"):
        (tmp_path / "config" / name).mkdir(parents=True, exist_ok=True)
    return load(path, MODELS, ENVIRON)


def _whole() -> str:
    """The example with the keys that stand commented out, but for one that contradicts the others."""
    whole = EXAMPLE.read_text(encoding="utf-8")
    for _ in range(2):  # a key within a platform that stands commented out may be so itself
        whole = COMMENTED_KEY.sub(r"\1\2", whole)
    return whole.replace("      allow_everyone: true\n", "")


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


def test_the_example_is_what_the_models_say():
    assert EXAMPLE.read_text(encoding="utf-8") == example(MODELS), "make docs writes it anew"


def test_the_example_holds_every_key_of_the_models_and_no_other():
    by_variable = {"spec.server.admin.token", "spec.operator.api_token"}
    of_models = _keys_of(DaemonConfig) - {"spec.platforms"} - by_variable | {f"{key}_env" for key in by_variable}
    contradictory = set()
    for name, model in MODELS.items():
        contradictory.add(f"spec.platforms.{name}.allow_everyone")
        for key in _keys_of(model, f"spec.platforms.{name}."):
            of_models.add(f"{key}_env" if key.rpartition(".")[2] in env_keys(model) else key)
    assert _keys_in(yaml.safe_load(_whole())) | contradictory == of_models


def test_the_example_shows_every_default(tmp_path: Path):
    shown = _load(EXAMPLE.read_text(encoding="utf-8"), tmp_path).config
    bare = "kind: DaemonConfig\nspec:\n  platforms:\n    whatsapp:\n      phone_number_id: 106540352242922\n"
    bare += "      access_token: a-token\n      verify_token: a-word\n      app_secret: a-secret\n"
    assert shown == _load(bare, tmp_path).config


def test_the_example_loads_with_all_that_stands_commented_out(tmp_path: Path):
    spec = _load(_whole(), tmp_path).config.spec
    platform = spec.platforms["whatsapp"]
    assert isinstance(platform, WhatsAppConfig)
    assert (platform.allowed_numbers, platform.allowed_users) == (("+4915112345678",), ("US.1349",))
    assert (platform.allow_live_send, platform.business_account_id) == (True, "102290129340398")
    assert [person.name for person in spec.people] == ["Amina"]
    bot = spec.platforms["telegram"]
    assert isinstance(bot, TelegramConfig)
    assert (bot.bot_id, bot.mode, bot.allowed_users) == ("9001", "polling", ("55501",))


def test_another_platform_takes_one_sign_of_a_comment_before_each_of_its_keys(tmp_path: Path):
    text = EXAMPLE.read_text(encoding="utf-8")
    beginning, section = text.split("    # telegram:", maxsplit=1)
    section, rest = section.split("\n\n", maxsplit=1)
    with_telegram = f"{beginning}    telegram:{re.sub('^    # ', '    ', section, flags=re.MULTILINE)}\n\n{rest}"
    bot = _load(with_telegram, tmp_path).config.spec.platforms["telegram"]
    assert isinstance(bot, TelegramConfig)
    assert (bot.mode, bot.pairing, bot.webhook_url, bot.allow_everyone) == ("polling", True, None, False)


def test_only_keys_whose_absence_says_something_are_commented_out():
    lines = re.findall(r"^ +# ([a-z_]+): ?", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(lines) == ABSENCE_SAYS_SOMETHING


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    for name, about in model.model_fields.items():
        yield name, about
        shape = shape_of(about.annotation)
        if section := shape.section:
            yield from _fields(section)


@pytest.mark.parametrize("model", [DaemonConfig, *MODELS.values()])
def test_what_has_no_default_to_show_says_what_its_absence_means(model: type[BaseModel]):
    for name, about in _fields(model):
        # what stands below a section whose own absence says something needs no word of its own
        below = name in {"nudge", "opt_in", "en", "ar"}
        assert about.is_required() or about.default is not None or absent(about) or below, name
        if absent(about):
            keys_have_their_own = shape_of(about.annotation).section or name in {"people", "rules", "prices"}
            assert about.examples or keys_have_their_own, name


def test_every_key_of_the_example_has_a_comment():
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if re.match(r" +(?:# +)?(?:- )?([a-z_]+):(?: |$)", line):
            above = lines[number - 1].strip()
            assert re.search(r"\S +# [A-Z0-9`]", line) or above.startswith("# "), line


def test_a_copied_example_with_its_five_variables_pairs_and_sends(tmp_path: Path):
    path = tmp_path / "daemon.yaml"
    path.write_bytes(EXAMPLE.read_bytes())
    environ = {name: ENVIRON[name] for name in CREDENTIALS if name.startswith("WHATSAPP_")}
    environ["WHATSAPP_ALLOW_LIVE_SEND"] = "true"
    assert len(environ) == 5
    loaded = load(path, MODELS, environ)
    platform = loaded.config.spec.platforms["whatsapp"]
    assert isinstance(platform, WhatsAppConfig)
    assert (loaded.warnings, platform.pairing, platform.closed_by) == ((), True, None)


def test_the_example_sends_nothing_until_told():
    platform = load(EXAMPLE, MODELS, ENVIRON).config.spec.platforms["whatsapp"]
    assert isinstance(platform, WhatsAppConfig)
    assert platform.closed_by is not None


@pytest.mark.parametrize(
    "file", [EXAMPLE, *sorted((ROOT / "config").glob("daemon-*.yaml"))], ids=lambda file: file.name
)
def test_a_ready_made_file_loads_without_a_warning(file: Path):
    assert load(file, MODELS, ENVIRON).warnings == ()


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


@pytest.mark.parametrize(
    "key", ["kind", "spec", "platforms", "whatsapp", *sorted(WhatsAppConfig.env_keys - {"business_account_id"})]
)
def test_the_example_is_refused_without_a_key_that_has_no_default(tmp_path: Path, key: str):
    example = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    holder = example
    for step in {"platforms": ("spec",), "whatsapp": ("spec", "platforms")}.get(key, ()):
        holder = holder[step]
    if key in WhatsAppConfig.env_keys:
        holder, key = example["spec"]["platforms"]["whatsapp"], f"{key}_env"
    del holder[key]
    with pytest.raises(ConfigError):
        _load(yaml.safe_dump(example), tmp_path)
