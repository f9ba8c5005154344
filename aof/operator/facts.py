"""What is known of an opportunity, for programs."""

from typing import Any

from aof.store.opportunities import Opportunities, OpportunityRow


async def whole(store: Opportunities, row: OpportunityRow) -> dict[str, Any]:
    """Everything that is known of an opportunity, for a program."""
    return {
        **standing(row),
        "title": row.title,
        "summary": row.summary,
        "language": row.language,
        "contact": {"name": row.contact, "phone": row.phone},
        "by": row.by,
        "history": [
            {"change": move.change, "by": move.by, "at": move.at.isoformat(), "draft": move.draft or None}
            for move in await store.moves_of_opportunity(row.id)
        ],
        "drafts": [
            {
                "id": draft.id,
                "state": draft.state,
                "text": draft.text,
                "written_by": draft.written_by,
                "created_at": draft.created_at.isoformat(),
            }
            for draft in await store.drafts_of(row.id)
        ],
        "deliveries": [
            {"part": one.part, "state": one.state, "gate": one.gate or None, "reason": one.reason or None}
            for one in await store.departures_of(row.id)
        ],
    }


def standing(row: OpportunityRow) -> dict[str, Any]:
    """Where it stands now."""
    return {
        "id": row.id,
        "state": row.state,
        "scheduled": row.at.scheduled,
        "draft": row.draft or None,
        "created_at": row.created_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
    }
