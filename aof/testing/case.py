"""What only its author can know about an adapter, for the suite to ask about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import aiohttp

from aof.domain.message import Address
from aof.domain.response import Choice
from aof.platforms.base import AnyPlatform

SECRETS = ("planted-access-token-1", "planted-verify-token-2", "planted-app-secret-3")
"""What has to be the credentials of the platform that is tried: none of them may show anywhere."""
TEXT = "a person's own words"


def _none() -> Sequence[Path]:
    return ()


@dataclass(frozen=True)
class PlatformCase:
    """One adapter."""

    name: str
    build: Callable[[aiohttp.ClientSession], AnyPlatform]
    """With credentials from `SECRETS`, and its gate open."""
    sign: Callable[[bytes], str]
    """The platform's right signature of a body."""
    typed: bytes
    """A webhook in which one person sends `TEXT`."""
    nobody: Address
    """Somebody who could be written to."""
    tapped: Callable[[str, Choice], bytes] | None = None
    """A webhook in which a person taps a choice that a part of a type shows: `buttons` or `list`. None: it has
    neither."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """What comes with each webhook beside its signature."""
    file_id: str = "1"
    """A name that a file could have there."""
    forms: Mapping[str, str] = field(default_factory=lambda: {"buttons": "button", "list": "list"})
    """The form of a press by the type of the part that carried it."""
    signs_body: bool = True
    """Whether the signature is of the body; else it is a word that goes with every body."""
    samples: Callable[[], Sequence[Path]] = _none
    """Files of captured webhooks, where there are any."""
    seen: Callable[[str], str] = str
    """What a person sees of a text in the platform's marks, where those do not count towards its limits."""

    def __str__(self) -> str:
        return self.name


class Talkative:
    """A session on which every request fails with an error that quotes all it was given."""

    def __getattr__(self, method: str) -> Callable[..., NoReturn]:
        def fail(*arguments: Any, **named: Any) -> NoReturn:
            raise aiohttp.ClientError(f"{method} {arguments} {named}")

        return fail
