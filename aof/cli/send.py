"""`aof send`: a message of an operator, through the same outbox and gates as every answer."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from aof.cli.desk import NotDone, account_of, ago, at_desk, refuse_nothing, tell
from aof.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from aof.domain.message import Sender
from aof.domain.response import Part, Response, TemplatePart
from aof.domain.template import misfit
from aof.pipeline.desk.windows import is_window_open, refuse_closed_template
from aof.platforms.base import render_for
from aof.store.operators import Conversation
from aof.texts.language import Language

if TYPE_CHECKING:
    from aof.daemon.desk import Desk

MOST_PARTS = 10
"""Messages that one `aof send` may become."""


def send(
    to: Annotated[str, typer.Option("--to", help="A name of `aof people list`, a number, or a user id.")],
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What to say; Markdown is shown as the platform can.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    account: Annotated[str, typer.Option("--account", help="From which account, where there are several.")] = "",
    template: Annotated[
        str, typer.Option("--template", help="An approved template by its name, in place of TEXT.")
    ] = "",
    language: Annotated[
        str, typer.Option("--language", help="The platform's code of the template's language.")
    ] = "en_US",
    param: Annotated[
        list[str] | None, typer.Option("--param", help="A text for the template's places, in order; once for each.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Queue a message to somebody who may talk here. The daemon sends it, or holds it and says why.

    After 24 hours of silence WhatsApp takes only approved templates: the configured nudge asks the person to write, and
    the message follows when they do. Without a nudge, and for whoever is not let in or has opted out, it queues nothing
    and ends with 1. Who agreed to be written to need not be let in.
    """

    refuse_nothing(to)
    if (text is None) == (not template.strip()):
        raise typer.BadParameter("name a TEXT or a --template: one of the two")
    if param and not template:
        raise typer.BadParameter("--param goes with --template")

    async def work(desk: "Desk") -> None:
        from_ = account_of(desk, account)
        found = await _conversation(desk, from_, to)
        if closed := await desk.closed(from_, found.address.person, "operator", found.heard_at):
            raise NotDone(f"nothing is sent to {to}: {closed}")
        parts: Sequence[Part]
        nudged = ""
        if template:
            parts = [await _template(desk, from_, template, language, param or ())]
        else:
            parts = _rendered(desk, from_, text or "")
            nudged = _nudged(desk, from_, found, to)
        ids = await desk.store.send(found.conversation, parts, by=desk.by, now=desk.now())
        lines = [f"Queued for {to}: {len(ids)}. aof outbox list shows what becomes of it."]
        held_by = desk.gates().get(from_)
        lines += [f"It will be held: {held_by}."] if held_by else []
        lines += [nudged] if nudged else []
        tell(desk, {"parts": ids, "held_by": held_by, "parked": bool(nudged)}, *lines, as_json=as_json)

    at_desk(config, work)


def _rendered(desk: "Desk", account: str, text: str) -> Sequence[Part]:
    platform = desk.platforms[account]
    rendered = render_for(platform, Response(text=text), most_parts=MOST_PARTS)
    if not rendered.parts:
        raise NotDone("there is nothing to send")
    if rendered.rest is not None:
        raise NotDone(f"that is longer than {MOST_PARTS} messages; shorten it")
    return rendered.parts


def _nudged(desk: "Desk", account: str, found: Conversation, to: str) -> str:
    """What becomes of free text outside the platform's window; empty within it.

    Raises:
        NotDone: Nothing is configured that could ask the person to write.
    """
    if is_window_open(desk, account, found):
        return ""
    platform = desk.platforms[account]
    wrote_at = found.window_from or found.heard_at
    silence = f"last wrote {ago(wrote_at, desk.now())} ago" if wrote_at else "has never written"
    nudge = platform.nudge(Language.ENGLISH)
    if nudge is None:
        hours = int((platform.window or timedelta()).total_seconds() // 3600)
        raise NotDone(
            f"{to} {silence}. After {hours} h {platform.name} takes only approved templates: write one into "
            f"spec.platforms.{platform.name}.templates.nudge, or send one with --template"
        )
    return f"{to} {silence}: they get the nudge {nudge.name}, and this follows when they answer."


async def _template(desk: "Desk", account: str, name: str, language: str, parameters: Sequence[str]) -> TemplatePart:
    """A template as it is sent; one that no notice has told of is for the platform to judge.

    Raises:
        NotDone: A parameter does not fit, or as many as are given, or it is in a state in which nothing of it is sent.
    """
    for number, parameter in enumerate(parameters, start=1):
        if unfit := misfit(parameter):
            raise NotDone(f"parameter {number} {unfit}; a template takes one line of text in each place")
    part = TemplatePart(name=name, language=language, body=tuple(parameters))
    await refuse_closed_template(desk, account, part)
    for known in await desk.store.templates(account=account, name=name):
        if known.language == language.replace("-", "_") and known.body and len(known.places) != len(parameters):
            raise NotDone(f"{name} ({language}) has {len(known.places)} places, and {len(parameters)} texts were given")
    return part


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
    for number in (alias for alias in aliases if alias.startswith("+")):
        # who agreed is written to first; everybody else only where they wrote
        if (await desk.store.standing(account, Sender(number=number))).consent == "in":
            await desk.store.open_conversation(account, number, now=desk.now())
            if (opened := await desk.store.conversation_with(account, number)) is not None:
                return opened
    raise NotDone(
        f"{to} has never written to {account}, and nobody is written to unasked; aof people list has the names"
    )
