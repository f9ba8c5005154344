"""A refusal by the Graph API, with the body that Meta sends for it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class GraphError:
    """One error body and its HTTP status."""

    status: int
    code: int
    message: str
    details: str | None = None
    type: str = "OAuthException"
    subcode: int | None = None
    field: str | None = None
    """Where the refused value stands in the body, e.g. `interactive['body']['text']`. Meta does not say it."""

    def body(self, trace_id: str) -> dict[str, Any]:
        """The JSON answer."""
        error: dict[str, Any] = {"message": self.message, "type": self.type, "code": self.code}
        if self.details is not None:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        error["fbtrace_id"] = trace_id
        return {"error": error}

    def line(self) -> str:
        """For one line of a terminal or a log."""
        return self.message if self.details is None else f"{self.message}: {self.details}"


class Refused(Exception):
    """The request is answered with `error`."""

    def __init__(self, error: GraphError) -> None:
        super().__init__(error.line())
        self.error = error


def bad_param(message: str, details: str | None = None) -> GraphError:
    """Graph's own check of a parameter, before WhatsApp looks at it: code 100."""
    return GraphError(400, 100, f"(#100) {message}", details)


def bad_value(details: str) -> GraphError:
    """A length, a count or a value that WhatsApp refuses: code 131009; only `details` says which."""
    return GraphError(400, 131009, "(#131009) Parameter value is not valid", details)


def missing(details: str) -> GraphError:
    return GraphError(400, 131008, "(#131008) Required parameter is missing", details)


def unknown_object(object_id: str, method: str) -> GraphError:
    """Meta answers 400 here, not 404."""
    return GraphError(
        400,
        100,
        f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api",
        type="GraphMethodException",
        subcode=33,
    )


def unknown_path(path: str) -> GraphError:
    return GraphError(400, 2500, f"Unknown path components: {path}")


NO_TOKEN = GraphError(401, 190, "Authentication Error")
WRONG_TOKEN = GraphError(401, 190, "Invalid OAuth access token - Cannot parse access token")
PROOF_NEEDED = GraphError(
    400, 100, "API calls from the server require an appsecret_proof argument", type="GraphMethodException"
)
PROOF_WRONG = GraphError(400, 100, "Invalid appsecret_proof provided in the API argument", type="GraphMethodException")
TOO_LARGE = GraphError(413, 1, "(#1) The request body is too large")  # synthetic: no captured body
NOT_JSON = bad_param("Invalid parameter", "The request body is not a JSON object")  # synthetic details
RECIPIENT_NOT_LISTED = GraphError(
    400,
    131030,
    "(#131030) Recipient phone number not in allowed list",
    "Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again.",
)


def expired_token(expired_at: str, now: str) -> GraphError:
    return GraphError(
        401,
        190,
        f"Error validating access token: Session has expired on {expired_at}. The current time is {now}.",
        subcode=463,
    )
