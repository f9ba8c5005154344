"""What the id of a button says: which opportunity or draft, and what is wanted of it."""

from typing import Literal, NotRequired, TypedDict, get_args

from aof.domain.opportunity import DraftAction, OpportunityAction, is_draft_id, is_id

OPPORTUNITY, DRAFT = "opp:", "msg:"
SHOW = "show"
"""Behind a row of a list: the card of that opportunity once more; it decides nothing."""
_OF_OPPORTUNITY = frozenset({*get_args(OpportunityAction), SHOW})
_OF_DRAFT = frozenset(get_args(DraftAction))


class ButtonReply(TypedDict):
    """The parsed id. Who may press it is decided at the press, never by the id."""

    kind: Literal["opportunity", "draft", "unknown"]
    action: str
    """Empty where the kind is unknown."""
    opportunity_id: NotRequired[str]
    draft_id: NotRequired[str]


def parse_button_reply(reply_id: str) -> ButtonReply:
    """Read `opp:{id}:{action}` and `msg:{draft_id}:{action}`; whatever else is unknown."""
    prefix, _, rest = reply_id.partition(":")
    id_, _, action = rest.rpartition(":")
    match f"{prefix}:":
        case "opp:" if action in _OF_OPPORTUNITY and is_id(id_):
            return {"kind": "opportunity", "action": action, "opportunity_id": id_}
        case "msg:" if action in _OF_DRAFT and is_draft_id(id_):
            return {"kind": "draft", "action": action, "draft_id": id_}
    return {"kind": "unknown", "action": ""}
