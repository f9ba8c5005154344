"""What a simulated bot, the people who talk to it, and their groups are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ChatType = Literal["group", "supergroup"]
BotStatus = Literal["member", "administrator", "kicked", "left"]


@dataclass(frozen=True, slots=True)
class PersonSettings:
    """One person with Telegram on their phone."""

    name: str
    user_id: int
    username: str | None = None
    language: str = "en"
    """IETF tag of what their app speaks."""
    started: bool = False
    """Whether they have pressed Start before the simulator began. A bot can't write first."""


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """A group that the bot is in."""

    id: int
    """Below 0; of a supergroup below -1000000000000."""
    title: str
    members: tuple[int, ...]
    type: ChatType = "supergroup"
    topics: tuple[str, ...] = ()
    """Names of its topics; with any, it is a forum."""
    bot: BotStatus = "member"

    def __post_init__(self) -> None:
        if (self.id < -1_000_000_000_000) != (self.type == "supergroup") or self.id >= 0:
            raise ValueError(f"{self.title}: the id of a supergroup is below -1000000000000, that of a group above")
        if self.topics and self.type != "supergroup":
            raise ValueError(f"{self.title}: only a supergroup has topics")


TWO_PEOPLE = (PersonSettings("On call", 10001001, "on_call"), PersonSettings("Lead", 10002002))


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """One bot. Times are seconds of the simulator's clock unless it says real."""

    token: str = field(default="7000000001:simulated-bot-token-for-this-machine", repr=False)
    """The bot's id is what stands before the colon."""
    username: str = "simulated_ops_bot"
    name: str = "Ops bot"
    can_read_all: bool = False
    """Privacy mode is off: the bot sees every message of its groups."""
    private_topics: bool = False
    """People may keep topics in their private chat with the bot."""
    people: tuple[PersonSettings, ...] = TWO_PEOPLE
    groups: tuple[GroupSettings, ...] = ()
    limits_rates: bool = True
    """Whether too many requests are refused with 429."""
    chat_burst: int = 5
    """Sends to one chat at once; one more each second. Telegram says neither number exactly."""
    group_burst: int = 21
    """Sends to one group at once; one more each 3 s, which is 20 a minute."""
    bot_burst: int = 30
    """Sends at once in all; 30 more each second."""
    callback_lives_seconds: float = 15
    """How long a press can be answered."""
    first_retry_seconds: float = 0.5
    """Until a webhook that failed is posted again; twice as long each further time."""
    longest_retry_seconds: float = 60
    webhook_timeout_seconds: float = 20
    """Real seconds."""
    suggestions: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: {
            "en": ("/start", "disk", "pods crashing in prod", "services", "/help"),
            "ar": ("/start", "القرص", "الذاكرة", "الخدمات", "/help"),
        }
    )
    """What the phone page offers to write first, by language."""
    seed: int = 0
    """Of its random order. Ids are never seeded: two runs on one store must not repeat them."""

    def __post_init__(self) -> None:
        ids = [person.user_id for person in self.people] + [group.id for group in self.groups]
        if len(set(ids)) < len(ids):
            raise ValueError("two people or groups have the same id")
        if not self.token.partition(":")[0].isdecimal():
            raise ValueError("a token begins with the bot's id and a colon")
        known = {person.user_id for person in self.people}
        for group in self.groups:
            if strangers := set(group.members) - known:
                raise ValueError(f"{group.title}: there is nobody with the id {min(strangers)}")

    @property
    def bot_id(self) -> int:
        return int(self.token.partition(":")[0])
