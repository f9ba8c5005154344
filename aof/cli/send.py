"""`aof send`: a message of an operator, through the same outbox and gates as every answer."""

from typing import TYPE_CHECKING, Annotated

import typer

from aof.cli.desk import NotDone, ago, at_desk, refuse_nothing, tell
from aof.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from aof.domain.response import Response
from aof.formatting.render import render
from aof.store.operators import Conversation

if TYPE_CHECKING:
    from aof.daemon.desk import Desk

MOST_PARTS = 10
"""Messages that one `aof send` may become."""


def send(
    to: Annotated[str, typer.Option("--to", help="A name of `aof people list`, a number, or a user id.")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to say; Markdown is shown as the platform can.")],
    config: ConfigOption = DEFAULT_CONFIG,
    account: Annotated[str, typer.Option("--account", help="From which account, where there are several.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Queue a message to somebody who may talk here. The daemon sends it, or holds it and says why.

    Ends with 1, and queues nothing, for whoever is not let in, has opted out, or has not written within WhatsApp's 24
    hours. Who agreed to be written to need not be let in.
    """

    refuse_nothing(to)

    async def work(desk: "Desk") -> None:
        from_ = _account(desk, account)
        platform = desk.platforms[from_]
        found = await _conversation(desk, from_, to)
        if closed := await desk.closed(from_, found.address.person, "operator", found.heard_at):
            raise NotDone(f"nothing is sent to {to}: {closed}")
        now = desk.now()
        if platform.window and (found.heard_at is None or now - found.heard_at >= platform.window):
            hours = int(platform.window.total_seconds() // 3600)
            raise NotDone(
                f"{to} last wrote {ago(found.heard_at, now) or 'long'} ago. After {hours} h {platform.name} takes only "
                "approved templates, which are not supported yet"
            )
        rendered = render(Response(text=text), platform.limits, platform.markup, most_parts=MOST_PARTS)
        if not rendered.parts:
            raise NotDone("there is nothing to send")
        if rendered.rest is not None:
            raise NotDone(f"that is longer than {MOST_PARTS} messages; shorten it")
        ids = await desk.store.send(found.conversation, rendered.parts, by=desk.by, now=now)
        lines = [f"Queued for {to}: {len(ids)}. aof outbox list shows what becomes of it."]
        held_by = desk.gates().get(from_)
        lines += [f"It will be held: {held_by}."] if held_by else []
        tell(desk, {"parts": ids, "held_by": held_by}, *lines, as_json=as_json)

    at_desk(config, work)


def _account(desk: "Desk", named: str) -> str:
    if named and named not in desk.platforms:
        raise NotDone(f"there is no account {named}; configured: {', '.join(desk.platforms)}")
    if not named and len(desk.platforms) != 1:
        raise NotDone(f"name one of the accounts with --account: {', '.join(desk.platforms) or 'none is configured'}")
    return named or next(iter(desk.platforms))


async def _conversation(desk: "Desk", account: str, to: str) -> Conversation:
    try:
        aliases = await desk.aliases(account, to)
    except ValueError as error:
        raise NotDone(f"{to} {error}") from error
    found = [await desk.store.conversation_with(account, alias) for alias in aliases]
    by_name = {one.conversation: one for one in found if one is not None}
    if len(by_name) > 1:
        raise NotDone(f"{to} is known here under several numbers; name the number or user id")
    for one in by_name.values():
        return one
    raise NotDone(
        f"{to} has never written to {account}, and nobody is written to unasked; aof people list has the names"
    )
