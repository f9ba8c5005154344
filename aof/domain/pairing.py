"""The code by which a stranger is let in: told on the phone, approved by an operator. Pure but for its randomness."""

import hashlib
import re
import secrets
from datetime import timedelta

CODE_LASTS = timedelta(minutes=60)
"""A code lets somebody in within this time."""
ONE_A_DAY = timedelta(days=1)
"""A stranger is told a code once in this time, whatever becomes of it."""
MOST_A_DAY = 20
"""Codes told in all within `ONE_A_DAY`: each costs a message, and anybody may write to a number."""
MOST_WRONG_TRIES = 5
"""Wrong codes typed while one is open, after which it opens nothing any more."""

INVITATION_LASTS = timedelta(hours=1)
"""An invitation lets whoever shows it first in within this time, unless an operator gives it another."""

_INVITATION_BYTES = 16
_INVITATION = re.compile(r"/start\s+([A-Za-z0-9_-]{22})", re.IGNORECASE)
"""What Telegram makes of a link, and what anybody may type elsewhere. Source of the letters: Telegram's deep links."""

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without what is taken for something else when it is read out or typed: 0 O, 1 I L, U."""
_LENGTH = 8
_BETWEEN = re.compile(r"[\s\u2066-\u2069-]+")


def new_code() -> str:
    """Eight characters, some 39 bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def spelled(code: str) -> str:
    """In two groups, as a person reads it: `7K4F-92QD`."""
    return f"{code[:4]}-{code[4:]}"


def new_invitation() -> str:
    """128 bits in 22 characters: nobody types it, so nobody has to be kept from trying."""
    return secrets.token_urlsafe(_INVITATION_BYTES)


def invitation_in(text: str) -> str | None:
    """The invitation that a message shows and nothing else; None where it shows none."""
    found = _INVITATION.fullmatch(text.strip())
    return found.group(1) if found else None


def as_typed(text: str) -> str | None:
    """The code in what somebody typed, in any case and with or without the dash; None where it can't be one."""
    code = _BETWEEN.sub("", text).upper()
    return code if len(code) == _LENGTH and set(code) <= set(_ALPHABET) else None


def digest(code: str, key: str) -> str:
    """What is kept of a code: nobody who reads the store can let somebody in with it."""
    return hashlib.blake2b(code.encode(), key=key.encode()[:64], digest_size=16).hexdigest()
