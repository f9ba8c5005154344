"""The cards of the operator flow: as responses that the daemon renders, and as the `interactive` JSON of WhatsApp.

The functions that return JSON send nothing. They use the renderer and the payload builder that the daemon sends with,
so what they return is what a phone would be sent; a text that is too long for one message is cut there, and split by
the daemon.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from aof.domain.limits import Limit, Unit
from aof.domain.message import Address
from aof.domain.opportunity import ABOUT_DRAFT, MOST_SUMMARY, Change, is_draft_id, is_id
from aof.domain.response import Action, Response
from aof.formatting.characters import clean, one_line
from aof.formatting.markup import Markup, as_it_is, convert, verbatim
from aof.formatting.render import render
from aof.operator.replies import DRAFT, OPPORTUNITY, SHOW
from aof.platforms.whatsapp.limits import LIMITS
from aof.platforms.whatsapp.payloads import message
from aof.texts import opportunities as texts
from aof.texts.language import Language

Interactive = dict[str, Any]
"""The `interactive` object of a message of WhatsApp."""

MOST_ROWS = 10
"""Of a list, all sections together."""
_ROW_TITLE = Limit(72, Unit.UTF16, "WhatsApp's for the description of a row, in which a longer title stands whole")
_NO_ID = "{!r} is no id: write letters, digits, dots, dashes and underscores, at most 128"


def opportunity_card(opportunity_id: str, title: str, summary: str, language: str = "ar") -> Interactive:
    """Move 1: accept, skip, or draft a message.

    Raises:
        ValueError: The id is none, or the language is neither `ar` nor `en`.
    """
    return _interactive(opportunity(opportunity_id, title, summary, Language(language)), Language(language))


def draft_card(draft_id: str, text: str, language: str = "ar") -> Interactive:
    """Move 2: approve, edit or cancel the text of a draft.

    Raises:
        ValueError: The id is none of a draft, or the language is neither `ar` nor `en`.
    """
    return _interactive(draft(draft_id, text, Language(language), Markup.WHATSAPP), Language(language))


def schedule_card(opportunity_id: str, language: str = "ar") -> Interactive:
    """The further action of an opportunity that was taken up: three buttons are as many as a message has.

    Raises:
        ValueError: The id is none, or the language is neither `ar` nor `en`.
    """
    return _interactive(schedule(opportunity_id, Language(language)), Language(language))


def daily_brief(opportunities: Sequence[Mapping[str, str]], language: str = "ar") -> Interactive:
    """What waits for a decision, each a row or a button that shows its card; of more than ten the first ten.

    Args:
        opportunities: With `id` and `title`, and `summary` where there is one.

    Raises:
        ValueError: There is none, an id is none, or the language is neither `ar` nor `en`.
    """
    if not opportunities:
        raise ValueError("an interactive message needs at least one opportunity; send a text instead")
    return _interactive(brief(opportunities, Language(language)), Language(language))


# -- as responses ----------------------------------------------------------------------------------------------------


def opportunity(id_: str, title: str, summary: str, language: Language, *, contact: str = "") -> Response:
    """The card of step 1."""
    return Response(
        text=texts.opportunity_card(language, title, summary, contact, longest=MOST_SUMMARY),
        actions=(
            Action(id=_of_opportunity(id_, "accept"), title=texts.accept_title(language), style="good"),
            Action(id=_of_opportunity(id_, "skip"), title=texts.skip_title(language)),
            Action(id=_of_opportunity(id_, "draft"), title=texts.draft_title(language)),
        ),
    )


def draft(
    id_: str,
    text: str,
    language: Language,
    markup: Markup,
    *,
    contact: str = "",
    is_new: bool = False,
    is_template: bool = False,
) -> Response:
    """The card of step 2. The draft's text stands on it exactly as it would leave."""
    if not is_draft_id(id_):
        raise ValueError(_NO_ID.format(id_))
    heading = texts.draft_heading(language, contact, is_new=is_new, is_template=is_template)
    return Response(
        text=as_it_is(f"{convert(heading, markup)}\n\n{verbatim(clean(text), markup)}"),
        actions=(
            Action(id=f"{DRAFT}{id_}:approve", title=texts.approve_title(language), style="good"),
            Action(id=f"{DRAFT}{id_}:edit", title=texts.edit_title(language)),
            Action(id=f"{DRAFT}{id_}:cancel", title=texts.cancel_title(language), style="danger"),
        ),
    )


def offer(opportunity_id: str, change: Change, draft_id: str) -> str:
    """An action that every card has which offers nothing any more after a change."""
    if change in ABOUT_DRAFT:
        return f"{DRAFT}{draft_id}:approve"
    return _of_opportunity(opportunity_id, "schedule" if change == "schedule" else "accept")


def schedule(id_: str, language: Language, *, title: str = "") -> Response:
    """The further action, in a message of its own."""
    return Response(
        text=texts.schedule_card(language, title),
        actions=(Action(id=_of_opportunity(id_, "schedule"), title=texts.schedule_title(language)),),
    )


def brief(opportunities: Sequence[Mapping[str, str]], language: Language) -> Response:
    """A choice for each of the first ten."""
    shown = opportunities[:MOST_ROWS]
    return Response(
        text=texts.brief_heading(language, len(opportunities), len(shown)),
        actions=tuple(
            Action(
                id=_of_opportunity(one["id"], SHOW),
                title=_ROW_TITLE.cut(one_line(one["title"])) or one["id"],
                description=one.get("summary", ""),
            )
            for one in shown
        ),
    )


def _of_opportunity(id_: str, action: str) -> str:
    if not is_id(id_):
        raise ValueError(_NO_ID.format(id_))
    return f"{OPPORTUNITY}{id_}:{action}"


def _interactive(response: Response, language: Language) -> Interactive:
    text = LIMITS.body.cut(convert(response.text, Markup.WHATSAPP))
    shown = response.model_copy(update={"text": as_it_is(text)})
    (part,) = render(shown, LIMITS, Markup.WHATSAPP, language=language).parts
    node: Interactive = message(Address(chat=""), part, part_id="")["interactive"]
    return node
