"""Messages that are held: to whom they go, what has to be opened, and letting them go."""

from collections.abc import Mapping, Sequence
from functools import partial

from aof.domain.message import Address
from aof.domain.response import TemplatePart
from aof.pipeline.desk.base import Desk, Refused
from aof.pipeline.desk.windows import refuse_closed_template, refuse_closed_window
from aof.store.operators import OutboxRow
from aof.texts import desk as texts

LIVE_SEND = "live_send"
"""The gate that a new installation begins with."""

TEMPLATE = "template"

AT_ONCE = 500
"""Rows in one transaction: the daemon waits for its turn to write."""


class NothingHeld(Refused):
    """None of what was named is held."""


async def release_held(desk: Desk, ids: Sequence[int] = (), *, gate: str = "") -> int:
    """Queue held parts again, by id or by gate; return how many.

    Raises:
        NothingHeld: None is held.
        Refused: A gate is still closed for one of them; then none is released.
    """
    rows = await desk.store.parts(states=["held"], gate=gate, seqs=ids, most=100_000)
    if not rows:
        raise NothingHeld(texts.nothing_held)
    await _refuse_closed(desk, rows)
    seqs, released = [row.seq for row in rows], 0
    for first in range(0, len(seqs), AT_ONCE):
        released += await desk.store.release(seqs[first : first + AT_ONCE], by=desk.by, now=desk.now())
    return released


async def held_behind_open_gates(desk: Desk) -> dict[str, int]:
    """How much is held from when a gate was closed that is open now, by account."""
    gates = desk.gates()
    held = await desk.store.parts(states=["held"], gate=LIVE_SEND, most=100_000)
    counts = {account: sum(row.account == account for row in held) for account in sorted(desk.platforms)}
    return {account: count for account, count in counts.items() if count and account not in gates}


async def _refuse_closed(desk: Desk, rows: list[OutboxRow]) -> None:
    if desk.unseen:
        raise Refused(partial(texts.gates_unseen, why=desk.unseen))
    gates = desk.gates()
    for row in rows:
        if row.account not in desk.platforms:
            raise Refused(partial(texts.not_configured, account=row.account))
        if row.account in gates:
            raise Refused(partial(texts.gate_closed, why=gates[row.account]))
        if row.address.group:
            continue
        closed = await desk.closed_by(row.account, row.address.person, row.cause, row.heard_at, about=row.about)
        if closed is not None:
            raise Refused(partial(texts.not_released, number=row.seq, by=closed))
        await refuse_closed_window(desk, row)
        if row.gate == TEMPLATE and isinstance(row.part, TemplatePart):
            await refuse_closed_template(desk, row.account, row.part)


def whom(desk: Desk, account: str, address: Address, names: Mapping[tuple[str, str], str]) -> str:
    """The person by name where one is known, else so much of the number that it can be told apart.

    Args:
        names: Of those who were let in by a code, as `desk.names` tells them.
    """
    if address.group:
        return f"group {masked(address.chat)}"
    access = desk.access.get(account)
    person = access.people.find(address.person) if access else None
    alias = address.user_id or address.number or address.chat
    return person.name if person else names.get((account, alias)) or masked(address.number or alias)


def masked(alias: str) -> str:
    """A number or id of which the beginning and the end can be seen."""
    return alias if len(alias) <= 6 else f"{alias[:2]}•••{alias[-4:]}"
