"""`/api/notify`: what a program wants a person to know, and what they pressed under it."""

from typing import Any

from aiohttp import web

from aof.operator.notifications import Notifications, Unreachable, WantedNotification
from aof.store.opportunities import NotificationRow
from aof.web.answers import error
from aof.web.api.requests import OFF, PREFIX, body_of, guarded

PATH = f"{PREFIX}notify"


class NotificationRoutes:
    """Takes notifications in, and tells what became of them.

    Args:
        notifications: None: nobody is configured to be written to, and the API is off.
        token: Of programs; None: the API is off.
    """

    def __init__(self, notifications: Notifications | None, token: str | None) -> None:
        self._notifications = notifications
        self._token = token if notifications is not None else None

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(PATH, guarded(self._token, "notify", self.add)),
            web.get(f"{PATH}/{{id}}", guarded(self._token, "notification", self.show), allow_head=False),
        ]

    async def add(self, request: web.Request) -> web.Response:
        """202 with where it stands, also where the very same came before; 409 where something else has its key."""
        if self._notifications is None:
            return error(503, OFF)
        wanted = await body_of(request, WantedNotification)
        try:
            kept, row = await self._notifications.add(wanted, by="api")
        except Unreachable as unreachable:
            return error(422, str(unreachable))
        if kept == "different":
            return error(409, "another notification came under this idempotency_key; nothing was kept")
        return web.json_response(_whole(row), status=202)

    async def show(self, request: web.Request) -> web.Response:
        """One notification, where it is on its way, and who pressed what."""
        if self._notifications is None:
            return error(503, OFF)
        row = await self._notifications.store.notification(request.match_info["id"])
        if row is None:
            return error(404, "there is no notification of this id")
        return web.json_response(_whole(row))


def _whole(row: NotificationRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "to": row.person,
        "text": row.text,
        "status": row.status or None,
        "actions": [{"id": id_, "title": title} for id_, title in row.actions],
        "created_at": row.created_at.isoformat(),
        "pressed": [{"action": one.action, "by": one.by, "at": one.at.isoformat()} for one in row.presses],
        "deliveries": [
            {"part": one.part, "state": one.state, "gate": one.gate or None, "reason": one.reason or None}
            for one in row.departures
        ],
    }
