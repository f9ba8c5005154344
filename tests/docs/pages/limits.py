"""`docs/reference/limits.md`: every limit of the platform with its source, and the daemon's own."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from importlib import import_module
from operator import attrgetter

from pydantic import BaseModel

from aof.config.daemon import DeliveryConfig, RuntimeConfig, StoreConfig
from aof.config.docstrings import words_on
from aof.domain.limits import ChoiceLimits, Limit, PlatformLimits
from aof.platforms.telegram import limits as telegram
from aof.platforms.whatsapp.limits import LIMITS, OPAQUE_ID, RATES, TYPING_LASTS, WINDOW
from aof.platforms.whatsapp.versions import DEFAULT, LAST_DAYS
from tests.docs.pages.errors import lasting
from tests.docs.pages.markdown import GENERATED, code, joined, table
from tests.docs.pages.source import documented

HEAD = """\
# Limits

What WhatsApp and Telegram take, what the daemon takes, and which numbers the configuration can change. Nothing that is
too long or too many is dropped: [how answers are cut](whatsapp-integration.md#how-an-answer-is-shown).
"""

SIZES = """\
## What WhatsApp takes

`aof/platforms/whatsapp/limits.py` holds them, and the renderer keeps to them. Lengths are counted in UTF-16 units: an
emoji counts as two. Whether Meta counts it as one or two is not published; two fits either way.
"""

TELEGRAM = """\
## What Telegram takes

`aof/platforms/telegram/limits.py` holds them. Telegram counts a text's UTF-16 units after it has read the marks, so
marks and the addresses of links do not count.
"""

OWN = """\
## What the daemon takes

These are fixed. They stand in the code, each with its reason.
"""

CONFIGURED = """\
## What the configuration changes

Numbers of [the configuration](configuration.md) that limit something.
"""

VERSIONS = f"""\
## Versions of the Graph API

`spec.platforms.whatsapp.api_version`, by default `{DEFAULT}`. A warning comes in a version's last year. Source:
<https://developers.facebook.com/docs/graph-api/changelog/versions>, as of November 2026.
"""

OWN_NAMES: Mapping[str, tuple[str, ...]] = {
    "aof.web.webhooks": ("MOST_BYTES", "SMALL_BYTES", "MOST_LARGE", "BODY_SECONDS"),
    "aof.web.server": ("MOST_CONNECTIONS", "IDLE_SECONDS"),
    "aof.store.sqlite.writer": ("MOST_PER_COMMIT", "DEADLINE_SECONDS"),
    "aof.store.sqlite.database": ("BUSY_SECONDS",),
    "aof.platforms.whatsapp.adapter": ("WhatsAppPlatform.request_timeout_seconds",),
    "aof.pipeline.answer": ("MOST_ATTEMPTS", "MOST_TEXT", "NUMBERS_HOLD"),
    "aof.formatting.documents": ("LONG_ANSWER", "MOST_DOCUMENT_BYTES"),
    "aof.pipeline.attach": ("MOST_IMAGE_BYTES", "MOST_DOCUMENT_BYTES"),
    "aof.pipeline.deliver": ("MOST_AT_ONCE", "LEASE", "LATER"),
    "aof.domain.pairing": ("CODE_LASTS", "ONE_A_DAY", "MOST_A_DAY", "MOST_WRONG_TRIES", "INVITATION_LASTS"),
    "aof.tools.commands": ("MOST_BYTES",),
    "aof.daemon.running": ("GRACE_SECONDS",),
    "aof.cli.send": ("MOST_PARTS",),
}
"""Where the daemon's own numbers stand."""

MODELS: Mapping[str, type[BaseModel]] = {
    "spec.runtime": RuntimeConfig,
    "spec.delivery": DeliveryConfig,
    "spec.store": StoreConfig,
}


def page() -> str:
    return joined(
        GENERATED,
        HEAD,
        SIZES,
        table(("What", "At most", "Unit", "Meaning", "Source"), list(sizes())),
        "Rates and times:",
        table(("What", "Number", "Meaning"), list(_times())),
        TELEGRAM,
        table(("What", "At most", "Unit", "Meaning", "Source"), list(sizes(telegram.LIMITS))),
        "More numbers:",
        table(("What", "Number", "Meaning"), list(_of_telegram())),
        OWN,
        table(
            ("What it limits", "Number", "Where"), [(meaning, number, code(name)) for name, number, meaning in own()]
        ),
        CONFIGURED,
        table(("Key", "Default", "Meaning"), list(configured())),
        VERSIONS,
        table(
            ("Version", "Last day"),
            [(code(version), str(day or "not announced")) for version, day in LAST_DAYS.items()],
        ),
    )


def sizes(limits: PlatformLimits = LIMITS) -> Iterator[tuple[str, str, str, str, str]]:
    """Every size and count of a platform."""
    words = documented("aof.domain.limits")
    for name in limits.__dataclass_fields__:
        limit, meaning = getattr(limits, name), words[f"PlatformLimits.{name}"]
        if isinstance(limit, Limit):
            yield _size(name, limit, meaning)
        elif isinstance(limit, ChoiceLimits):
            yield name, str(limit.most), "choices", f"{meaning} {words['ChoiceLimits.most']}", limit.title.source
            for inner in ("id", "title", "description"):
                if isinstance(each := getattr(limit, inner), Limit):
                    yield _size(f"{name}.{inner}", each, words[f"ChoiceLimits.{inner}"].partition(" None")[0])
    if limits is LIMITS:
        yield _size("opaque id", OPAQUE_ID, documented("aof.platforms.whatsapp.limits")["OPAQUE_ID"])


def own() -> Iterator[tuple[str, str, str]]:
    """The daemon's own numbers: where each stands, what it is, and what it is for."""
    for module, names in OWN_NAMES.items():
        words = documented(module)
        for name in names:
            yield f"{module}.{name}", _number(name, attrgetter(name)(import_module(module))), words[name]


def configured() -> Iterator[tuple[str, str, str]]:
    """Keys that hold a number."""
    for section, model in MODELS.items():
        words = words_on(model)
        for name, field in model.model_fields.items():
            if field.annotation in (int, float):
                yield code(f"{section}.{name}"), str(field.default), words[name]


def _size(name: str, limit: Limit, meaning: str) -> tuple[str, str, str, str, str]:
    return name, str(limit.most), limit.unit.value, meaning, limit.source


def _times() -> Iterator[tuple[str, str, str]]:
    words = documented("aof.platforms.whatsapp.limits")
    rates = f"{RATES.per_second} a second; to one person {RATES.pair_burst} at once, then one in"
    yield "what a number sends", f"{rates} {lasting(RATES.pair_refill)}", words["RATES"]
    yield "the window", lasting(WINDOW), words["WINDOW"]
    yield "typing", lasting(TYPING_LASTS), words["TYPING_LASTS"]


def _of_telegram() -> Iterator[tuple[str, str, str]]:
    words = documented("aof.platforms.telegram.limits")
    rates = telegram.RATES
    assert rates.group_burst is not None
    assert rates.group_refill is not None
    person = f"{rates.pair_burst} at once, then one in {lasting(rates.pair_refill)}"
    group = f"{rates.group_burst} at once, then one in {lasting(rates.group_refill)}"
    shown = f"{rates.per_second:g} a second; to one person {person}; to one group {group}"
    yield "what a bot sends", shown, words["RATES"]
    for name, value in vars(telegram).items():
        if not name.isupper() or name[0] == "_" or name in {"LIMITS", "RATES"}:
            continue
        if isinstance(value, Limit):
            told = f"{words.get(name, '')} Source: {value.source}.".strip()
            yield _said(name), f"{value.most:,} {value.unit.value}", told
        else:
            yield _said(name), _number(name, value), words[name]


def _said(name: str) -> str:
    return name.lower().replace("_", " ")


def _number(name: str, value: object) -> str:
    if isinstance(value, timedelta):
        return lasting(value)
    assert isinstance(value, int | float)
    if name.upper().endswith("_SECONDS"):
        return f"{value:g} s"
    if name.endswith("_BYTES"):
        return f"{value // 1024} KiB" if value < 1024 * 1024 else f"{value // 1024 // 1024} MiB"
    return f"{value:,}"
