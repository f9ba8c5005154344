"""What a simulated business account, its number and its phones are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Count = Literal["code_points", "utf16"]
"""How a text's length is counted: Meta has shown no case that tells the two apart; `utf16` is the stricter."""

WindowRefusal = Literal["receipt", "answer"]
"""Where a send outside the 24 h window is refused: in a `failed` status after a 200, or at once with 400."""


Category = Literal["utility", "marketing", "authentication"]
TemplateStatus = Literal["APPROVED", "PENDING", "PAUSED", "DISABLED", "REJECTED"]


@dataclass(frozen=True, slots=True)
class PhoneSettings:
    """One person's phone."""

    name: str
    number: str
    """With `+` and country code."""
    user_id: str | None = None
    """Business-scoped user id, e.g. `US.13491208655302741918`. Without one, the phone is known by its number alone."""
    username: str | None = None
    hides_number: bool = False
    """Webhooks then name the person by `user_id` only, as for people with a username. Needs a `user_id`."""

    def __post_init__(self) -> None:
        if self.hides_number and self.user_id is None:
            raise ValueError(f"{self.name}: a phone that hides its number needs a user_id")

    @property
    def wa_id(self) -> str:
        """The number as Meta writes it: digits alone."""
        return "".join(character for character in self.number if character.isdigit())


@dataclass(frozen=True, slots=True)
class TemplateSettings:
    """A template of the account."""

    name: str
    language: str
    body: str
    """With `{{1}}` or `{{name}}` where a parameter goes."""
    header: str | None = None
    """A text header; `image`, `video` or `document` headers are not counted and need no entry here."""
    footer: str | None = None
    buttons: tuple[str, ...] = ()
    """Titles of its quick-reply buttons, in order."""
    category: Category = "utility"
    status: TemplateStatus = "APPROVED"
    """At the start; the control API changes it."""


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """A group that the business number is in."""

    id: str
    numbers: tuple[str, ...]


HELLO_WORLD = TemplateSettings(
    "hello_world",
    "en_US",
    "Welcome and congratulations!! This message demonstrates your ability to send a message.",
    header="Hello World",
    category="utility",
)

NUDGE = "message_waiting"
NUDGES = (
    TemplateSettings(NUDGE, "en_US", "A message about your systems waits for you.", buttons=("Show",)),
    TemplateSettings(NUDGE, "ar", "لديك رسالة عن أنظمتك بانتظارك.", buttons=("اعرض",)),
)
"""One that asks somebody to write, in two languages."""

TWO_PHONES = (PhoneSettings("On call", "+15550001001"), PhoneSettings("Lead", "+15550002002"))


@dataclass(frozen=True, slots=True)
class Settings:
    """One WhatsApp business account with one number. Times are seconds of the simulator's clock unless it says real."""

    phone_number_id: str = "106540352242922"
    display_phone_number: str = "15550783881"
    country_code: str = "1"
    """Of the business number. Put before a `to` that has no `+`, as Meta does."""
    business_account_id: str = "102290129340398"
    access_token: str = field(default="simulated-access-token", repr=False)
    app_secret: str = field(default="simulated-app-secret", repr=False)
    verify_token: str = field(default="simulated-verify-token", repr=False)
    webhook_url: str | None = None
    phones: tuple[PhoneSettings, ...] = TWO_PHONES
    groups: tuple[GroupSettings, ...] = ()
    templates: tuple[TemplateSettings, ...] = (HELLO_WORLD, *NUDGES)
    count: Count = "code_points"
    window_refusal: WindowRefusal = "receipt"
    require_appsecret_proof: bool = False
    throughput_per_second: int = 80
    """In and out together, all types (Meta's default for a number)."""
    allowed_recipients: tuple[str, ...] | None = None
    """A test number's recipient list; any other recipient is refused with 131030."""
    auto_receipts: bool = True
    """`sent` and `delivered` follow a send by themselves; a failure is always reported."""
    in_order: bool = True
    """A phone's messages wait for the first attempt of the one before. Meta promises no order; the fault `reorder`
    breaks it."""
    first_retry_seconds: float = 0.5
    longest_retry_seconds: float = 600
    webhook_timeout_seconds: float = 20
    """Real seconds."""
    suggestions: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: {
            "en": ("disk", "pods crashing in prod", "services", "/help"),
            "ar": ("القرص", "الذاكرة", "الخدمات", "/help"),
        }
    )
    """What the phone page offers to write first, by language."""
    seed: int = 0
    """Of its random order. Ids are never seeded: two runs on one store must not repeat them."""

    def __post_init__(self) -> None:
        numbers = [phone.wa_id for phone in self.phones]
        users = [phone.user_id for phone in self.phones if phone.user_id is not None]
        if len(set(numbers)) < len(numbers) or len(set(users)) < len(users):
            raise ValueError("two phones have the same number or user_id")
        if self.throughput_per_second < 1:
            raise ValueError("throughput_per_second is at least 1")
