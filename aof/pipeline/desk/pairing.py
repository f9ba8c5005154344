"""Letting in whoever was told a code or shows one, and sending somebody away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from aof.config.phones import number_or_id
from aof.domain.pairing import CODE_LASTS, INVITATION_LASTS, MOST_WRONG_TRIES, as_typed, new_invitation
from aof.pipeline.admit import Mode
from aof.pipeline.desk.base import Desk, Refused
from aof.store.invitations import CODE_PLACE
from aof.store.operators import Paired
from aof.texts import desk as texts


async def let_in(desk: Desk, code: str, name: str) -> list[Paired]:
    """Let in the sender who was told a code, or somebody who was sent away, and call them `name` unless it is empty.

    Raises:
        Refused: The name is taken, or nobody has that code.
        NameTaken: Somebody else is called so.
    """
    configured = {person.name for person in desk.people}
    who = as_kept(code)
    names = [name] if name else [row.name for row in await desk.store.paired(now=desk.now()) if _is(row, who)]
    for taken in configured.intersection(names):
        raise Refused(partial(texts.name_configured, name=taken))
    # first by name: one of eight letters looks like a code, and a wrong code costs everybody a try
    found = await desk.store.readmit(who, name, by=desk.by, now=desk.now())
    typed = as_typed(code)
    if not found and typed is not None:
        row = await desk.store.approve(typed, name, by=desk.by, now=desk.now())
        found = [row] if row else []
    if not found:
        await _refuse(desk, is_code=typed is not None)
    return found


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code, and how it is shown to each account that people pair with."""

    code: str
    expires_at: datetime
    links: Mapping[str, str]
    """By account; empty for one without links, where `/start` and the code are sent."""


async def invite(desk: Desk, name: str, lasts: timedelta = INVITATION_LASTS) -> Invitation:
    """Make a code that lets in, under this name, whoever shows it first.

    Raises:
        Refused: The configuration has the name already, or no account pairs.
        NameTaken: Somebody else is called so.
    """
    if name in {person.name for person in desk.people}:
        raise Refused(partial(texts.name_configured, name=name))
    pairing = [account for account, access in desk.access.items() if access.mode is Mode.PAIRING]
    if not pairing:
        raise Refused(texts.nobody_pairs)
    code, now = new_invitation(), desk.now()
    await desk.store.invite(code, name, by=desk.by, expires_at=now + lasts, now=now)
    links = await desk.store.invite_links()
    return Invitation(
        code, now + lasts, {account: links.get(account, "").replace(CODE_PLACE, code) for account in pairing}
    )


async def send_away(desk: Desk, who: str) -> list[Paired]:
    """From now on nothing is taken from them or sent to them.

    Raises:
        Refused: Nobody like that was let in.
    """
    rows = await desk.store.revoke(as_kept(who), by=desk.by, now=desk.now())
    if not rows:
        raise Refused(partial(texts.nobody_let_in, who=who))
    return rows


async def _refuse(desk: Desk, *, is_code: bool) -> None:
    open_ = [row for row in await desk.store.paired(now=desk.now()) if row.is_open]
    if not open_:
        minutes = CODE_LASTS // timedelta(minutes=1)
        raise Refused(partial(texts.no_open_code, minutes=minutes, tries=MOST_WRONG_TRIES))
    if not is_code:
        raise Refused(texts.no_code)
    raise Refused(partial(texts.wrong_code, left=min(row.tries_left for row in open_)))


def as_kept(who: str) -> str:
    """A number in the spelling that the store keeps; a name or user id as it is."""
    try:
        return number_or_id(who)
    except ValueError:
        return who


def _is(row: Paired, who: str) -> bool:
    return row.state == "revoked" and who in (row.name, row.number, row.user_id)
