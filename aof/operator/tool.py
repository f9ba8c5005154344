"""`opportunity`: lets an agent bring something up for the operators to decide about."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from aof.domain.opportunity import MOST_ID, MOST_NAME, MOST_SUMMARY, MOST_TITLE
from aof.domain.risk import Risk
from aof.operator.opportunities import Contact, Intake, Wanted
from aof.texts.language import Language
from aof.tools.arguments import known, reason_of, string
from aof.tools.base import CallRefused, Plan, Result, Scope

NAME = "opportunity"
_MOST_PHONE = 40


class OpportunityTool:
    """A write: it keeps something and sends cards to people, who may have to undo what came of it. Nothing leaves for a
    contact by it; that is decided on the card."""

    name = NAME
    description = (
        "Bring an opportunity to the human operators, who decide on their phones whether its contact is written to. "
        "It sends nothing to the contact."
    )
    parameters: Mapping[str, Any] = {
        "type": "object",
        "properties": {
            "id": {
                "type": "string",
                "description": f"Yours, the same for the same opportunity: letters, digits, . _ -, at most {MOST_ID}.",
            },
            "title": {"type": "string", "description": f"One line of at most {MOST_TITLE} characters."},
            "summary": {
                "type": "string",
                "description": f"What operators should know; at most {MOST_SUMMARY} characters.",
            },
            "language": {"type": "string", "enum": ["ar", "en"], "description": "Of the message to the contact."},
            "contact_name": {"type": "string"},
            "contact_phone": {"type": "string", "description": "With country code, such as +4915112345678."},
            "reason": {"type": "string", "description": "Why, in one sentence."},
        },
        "required": ["id", "title", "contact_name", "contact_phone"],
        "additionalProperties": False,
    }

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def plan(self, arguments: Mapping[str, Any], scope: Scope) -> Plan:
        known(arguments, "id", "title", "summary", "language", "contact_name", "contact_phone", "reason")
        given = {
            "id": string(arguments, "id", most=MOST_ID),
            "title": string(arguments, "title", most=MOST_TITLE),
            "summary": string(arguments, "summary", most=MOST_SUMMARY, default=""),
            "language": string(arguments, "language", most=8, default=scope.language),
            "contact_name": string(arguments, "contact_name", most=MOST_NAME),
            "contact_phone": string(arguments, "contact_phone", most=_MOST_PHONE),
        }
        given["contact_phone"] = _wanted(given).contact.phone
        reason = reason_of(arguments)
        return Plan(
            tool=self.name,
            arguments={**given, "reason": reason},
            argv=(self.name, *given.values()),
            risk=Risk.WRITE,
            why="it keeps something and writes to operators",
            reason=reason,
        )

    async def perform(self, plan: Plan, scope: Scope) -> Result:
        kept, row = await self._intake.add(_wanted(plan.arguments), by=f"agent {scope.agent}")
        if kept == "different":
            return Result(f"another opportunity has the id {row.id} already; nothing was kept", failed=True)
        if kept == "known":
            return Result(f"{row.id} is known already; it is {row.state}")
        return Result(f"{row.id} is with the operators; what they decide is theirs")


def _wanted(given: Mapping[str, Any]) -> Wanted:
    try:
        contact = Contact(name=given["contact_name"], phone=given["contact_phone"])
        return Wanted(
            id=given["id"],
            title=given["title"],
            summary=given["summary"],
            language=Language(given["language"]),
            contact=contact,
        )
    except ValidationError as misfit:
        first = misfit.errors(include_url=False, include_input=False)[0]
        why = str(first.get("ctx", {}).get("error", "can't be used"))
        raise CallRefused(f"{'.'.join(map(str, first['loc']))} {why}") from None
    except ValueError:
        raise CallRefused("language has to be ar or en") from None
