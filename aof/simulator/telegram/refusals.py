"""A refusal by the Bot API, with the body that Telegram sends for it."""

from typing import Any


class Refused(Exception):
    """The request is answered with this error.

    Attributes:
        code: Of the body, and the HTTP status.
        description: Of the body, in Telegram's words.
        field: The parameter it is about. Telegram does not say it apart.
    """

    def __init__(
        self, code: int, description: str, *, field: str | None = None, parameters: dict[str, int] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.field = field
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad(description: str, field: str | None = None) -> Refused:
    """A request that makes no sense, or can't be done."""
    return Refused(400, f"Bad Request: {description}", field=field)


def forbidden(description: str) -> Refused:
    return Refused(403, f"Forbidden: {description}")


def too_many(retry_after: int) -> Refused:
    return Refused(
        429, f"Too Many Requests: retry after {retry_after}", parameters={"retry_after": retry_after}, field=None
    )


def upgraded(new_chat: int) -> Refused:
    """The group is a supergroup now."""
    return Refused(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        field="chat_id",
        parameters={"migrate_to_chat_id": new_chat},
    )


def unsupported(what: str, field: str | None = None) -> Refused:
    """Telegram would take it; the simulator has nothing like it."""
    return bad(f"the simulator does not support {what}", field)


UNAUTHORIZED = 401, "Unauthorized"
NOT_FOUND = 404, "Not Found"
NO_METHOD = 404, "Not Found: method not found"
TOO_LARGE = 413, "Request Entity Too Large"
WEBHOOK_ACTIVE = (
    409,
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
)
OTHER_POLLER = (
    409,
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
)
WEBHOOK_TOOK_OVER = 409, "Conflict: terminated by setWebhook request"
