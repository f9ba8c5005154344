"""What the daemon asks of a chat platform: one small required interface, and capabilities that are opted into."""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar, runtime_checkable

import aiohttp
from pydantic import BaseModel

from aof.domain.delivery import Remedy
from aof.domain.errors import SendHeld
from aof.domain.limits import PlatformLimits
from aof.domain.message import Address, ButtonPress, InboundEvent, Media
from aof.domain.response import Part, Response, TemplatePart
from aof.formatting.markup import Markup
from aof.formatting.render import MOST_PARTS, Rendered, render
from aof.platforms.session import BeforeRequest
from aof.texts.language import Language

ConfigT = TypeVar("ConfigT", bound=BaseModel)

_ALL = 1_000_000
NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast one number may send. The deliverer stays below these by itself."""

    per_second: float
    """Messages of the whole number in a second."""
    pair_burst: int
    """Messages to one recipient at once."""
    pair_refill: timedelta
    """Until one more message to that recipient is allowed."""
    group_burst: int | None = None
    """Messages to one group at once; None: as many as to one person."""
    group_refill: timedelta | None = None
    """Until one more message to that group is allowed; None: as for one person."""
    counts_what_comes_in: bool = False
    """Whether messages that arrive count towards the number's second, too."""


class TriggerPlatform(ABC, Generic[ConfigT]):
    """One chat platform with one account: reads its webhooks, sends its parts.

    An adapter states facts and translates. It keeps no queue, never repeats a request, and calls nobody but its
    platform.
    """

    name: ClassVar[str]
    config_model: ClassVar[type[BaseModel]]
    limits: ClassVar[PlatformLimits]
    markup: ClassVar[Markup]
    rates: ClassVar[Rates]
    window: ClassVar[timedelta | None] = None
    """How long after a person last wrote or called they may be written to freely; None: always. Groups have none."""
    signature_header: ClassVar[str]
    """The request header that proves where a webhook comes from."""
    quotes: ClassVar[bool] = False
    """Whether every answer names the message that it answers; else only the first part of one in a group does."""

    def __init__(self, config: ConfigT, http: aiohttp.ClientSession) -> None:
        self.config = config
        self.http = http

    @classmethod
    def doubts(cls, config: ConfigT, today: date) -> Sequence[tuple[str, str]]:
        """What an operator should know about a configuration that works: key and sentence."""
        return ()

    @property
    def long_text(self) -> Literal["split", "truncate"]:
        """Whether a long answer comes in up to three parts, or in one with a More choice."""
        return "split"

    @property
    def shows_source(self) -> bool:
        """Whether parts should carry the CommonMark they were made of, where the platform's marks have less to show."""
        return False

    @property
    @abstractmethod
    def account(self) -> str:
        """The platform and the receiving number or bot, as events carry it."""

    @abstractmethod
    def verify_signature(self, payload: bytes, signature: str, headers: Mapping[str, str] = NO_HEADERS) -> bool:
        """Whether `payload`, byte for byte, comes from the platform. An absent header arrives as "" and is refused."""

    @abstractmethod
    def parse_message(self, payload: bytes, headers: Mapping[str, str] = NO_HEADERS) -> Sequence[InboundEvent]:
        """All events of one webhook, in its order. Must not do network calls.

        Raises:
            PayloadRejected: The body as a whole can't be read; the caller quarantines it.
        """

    def verify_webhook(self, mode: str, token: str, challenge: str) -> str | None:
        """The body that proves to the platform that this webhook is ours, or None to refuse."""
        return None

    def held_by(self) -> SendHeld | None:
        """The gate that is closed for everything this account sends, or None."""
        return None

    def nudge(self, language: Language) -> TemplatePart | None:
        """The template, without parameters and with one quick reply, that asks a person to write where their window is
        closed; None: none is configured, or the platform has no window.
        """
        return None

    def opt_in(self, language: Language) -> TemplatePart | None:
        """The template, without parameters and with two quick replies, that asks whether somebody wants to be written
        to; None: none is configured.
        """
        return None

    def remedy(self, code: int) -> Remedy:
        """What helps a part that ended with this code of the platform's, where that can be told by the code."""
        return "unknown"

    @abstractmethod
    async def send_part(
        self,
        to: Address,
        part: Part,
        *,
        part_id: str,
        reply_to: str | None = None,
        before_request: BeforeRequest | None = None,
    ) -> str:
        """Send one part in one request; return the platform's message id.

        A file is uploaded before that: nobody sees an upload, so it counts as nothing written.

        Args:
            before_request: Awaited once, when there is a connection and the request is about to be written. What it
                raises ends the send with nothing written; until it was awaited the part is certainly not sent.

        Raises:
            SendHeld: A gate is closed; no request was made.
            SendRefused: It will never be accepted.
            SendDeferred: It was surely not accepted; the platform asks to wait.
            SendUncertain: It may or may not have been accepted.
            AccountStopped: Nothing of this account is accepted until somebody acts.
        """

    async def send_response(self, to: Address, response: Response) -> list[str]:
        """Render and send a whole response now, past the outbox; return the message ids in order.

        For a caller without a store. The daemon itself keeps each part as a row and calls `send_part`.

        Raises:
            PlatformError: As `send_part`; parts before the failing one have been sent.
        """
        whole = secrets.token_hex(8)
        # nobody keeps what would stand behind a More choice, so everything is sent unless the account says otherwise
        parts = render_for(self, response, long_text=self.long_text, most_parts=_ALL).parts
        return [await self.send_part(to, part, part_id=f"direct:{whole}:{n}") for n, part in enumerate(parts)]


AnyPlatform = TriggerPlatform[Any]
"""An adapter, whatever its configuration looks like."""


def render_for(
    platform: AnyPlatform,
    response: Response,
    language: Language = Language.ENGLISH,
    *,
    long_text: Literal["split", "truncate"] = "split",
    most_parts: int = MOST_PARTS,
) -> Rendered:
    """A response as the platform shows it; `render` says how.

    Raises:
        ValueError: `most_parts` is less than one.
    """
    return render(
        response,
        platform.limits,
        platform.markup,
        language=language,
        long_text=long_text,
        most_parts=most_parts,
        with_source=platform.shows_source,
    )


@runtime_checkable
class ShowsTyping(Protocol):
    """The platform can show that an answer is being written."""

    typing_lasts: ClassVar[timedelta]

    async def show_typing(self, to: Address, message_id: str) -> None:
        """Show it for `typing_lasts`, or until the next part arrives. Does nothing while a gate is closed.

        Raises:
            PlatformError: The platform refused; an answer is not worth less for it.
        """


@runtime_checkable
class Connects(Protocol):
    """The platform has to be told of this daemon, or asked about the account, before its events can be read."""

    @property
    def is_connected(self) -> bool:
        """Until then webhooks are answered 503, so that the platform brings them again, and nothing is polled."""

    async def connect(self) -> None:
        """Ask and tell what has to be; repeated until it succeeds, and at each start.

        Raises:
            SendDeferred: Later.
            AccountStopped: The credentials are refused.
        """


@runtime_checkable
class InvitesByLink(Protocol):
    """The platform has links that open a chat with this account and show it a word; whoever follows one sends
    `/start` and the word."""

    def invite_link(self, code: str) -> str:
        """Once it is connected."""


@runtime_checkable
class Polls(Protocol):
    """The platform can be asked for events."""

    @property
    def polls(self) -> bool:
        """Whether this account is configured to be asked."""

    async def poll(self, after: int | None) -> Sequence[tuple[int, bytes]]:
        """Wait for what came after `after`, which is forgotten by the platform with this; None asks for all that is
        there. Each element is one webhook's body, with its number; empty where nothing came in time.

        Raises:
            SendDeferred: Later.
            AccountStopped: Nothing is given out until somebody acts.
        """


@runtime_checkable
class AnswersPresses(Protocol):
    """The platform waits for a word on each tap, and shows that it waits."""

    async def answer_press(self, press: ButtonPress) -> None:
        """Let it wait no longer. Too late harms nobody.

        Raises:
            PlatformError: The platform refused; the press counts all the same.
        """


@runtime_checkable
class Edits(Protocol):
    """The platform can put another text, and other choices, in place of a part: it takes an `EditPart`."""

    edits: ClassVar[bool]


@runtime_checkable
class ShowsProgress(Protocol):
    """The platform can show what a long run is doing."""

    async def show_progress(self, to: Address, run: int, text: str, shown: str | None) -> str | None:
        """Show `text`, plain, in place of what was shown for this run before.

        Args:
            run: A number above 0 that no other run has.
            shown: What the last call for the run returned.

        Returns:
            The message that shows it, to be replaced by the answer's first part or taken away; None where the platform
            takes it away by itself.

        Raises:
            PlatformError: Not shown; an answer is worth no less for it.
        """

    async def hide_progress(self, to: Address, shown: str) -> None:
        """Take away what `show_progress` returned.

        Raises:
            PlatformError: It stays.
        """

    progress_every: ClassVar[timedelta]
    """The shortest time between two of them in a chat of two."""
    progress_every_in_groups: ClassVar[timedelta]


@dataclass(frozen=True, slots=True)
class MenuCommand:
    """A slash command as a platform's own menu shows it."""

    name: str
    description: str


@runtime_checkable
class PublishesMenu(Protocol):
    """The platform has a menu of slash commands."""

    async def publish_menu(self, commands: Mapping[Language, Sequence[MenuCommand]]) -> None:
        """Show these, in the language of whoever looks.

        Raises:
            PlatformError: The menu stays as it was.
        """


@runtime_checkable
class KeepsTime(Protocol):
    """What proves where a request comes from holds for a while only."""

    def keep_time(self, now: Callable[[], datetime]) -> None:
        """Go by this clock from now on. The daemon calls it before anything else."""


@runtime_checkable
class Asked(Protocol):
    """Whoever posts an event may ask what became of it: by the address that its webhook is answered with."""

    def verify_question(self, target: str, signature: str, headers: Mapping[str, str] = NO_HEADERS) -> bool:
        """Whether a question for this path and query comes from somebody who may ask. An absent header is refused."""
        ...

    def as_json(self, part: Part) -> dict[str, Any]:
        """What a part shows, for who asks."""
        ...


@runtime_checkable
class ReadsAgain(Protocol):
    """The platform can read what was quarantined, once it has learned to."""

    def read_again(self, raw: bytes) -> Sequence[InboundEvent]:
        """The events of a whole body, or of one item that was taken out of one.

        Raises:
            PayloadRejected: It still can't be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that somebody sent, whole and as the platform described it."""

    content: bytes = field(repr=False)
    mime_type: str
    """In lower case, without parameters; empty where the platform names none."""


@runtime_checkable
class FetchesMedia(Protocol):
    """The platform gives out the files that people send."""

    async def fetch_media(self, media: Media, *, most_bytes: int) -> Fetched:
        """Get a file by its id; nothing of it is kept.

        Raises:
            MediaTooLarge: It is larger; no more than that was read.
            MediaUnavailable: It is gone, damaged, or can't be had now.
        """
        ...


@runtime_checkable
class UploadsMedia(Protocol):
    """The platform takes files, to be shown by a message afterwards; `limits.document` says how large."""

    async def upload(self, name: str, mime_type: str, content: bytes) -> str:
        """Give the platform a file that nobody sees yet; return its id there.

        Raises:
            SendHeld: A gate is closed; no request was made.
            SendRefused: It will never be accepted.
            SendDeferred: It was not accepted, or nobody knows; a second one harms nobody.
            AccountStopped: Nothing of this account is accepted until somebody acts.
        """
        ...
