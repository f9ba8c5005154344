"""Meta's error codes: HTTP status, title and, where it is known, the usual details.

Source: developers.facebook.com, WhatsApp Cloud API, Error codes. The same titles stand in answers and in `failed`
statuses.
"""

from dataclasses import dataclass
from typing import Any

from aof.simulator.errors import GraphError

HREF = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


@dataclass(frozen=True, slots=True)
class Known:
    """One row of Meta's table."""

    status: int
    title: str
    details: str = ""
    subcode: int | None = None


CODES: dict[int, Known] = {
    0: Known(401, "AuthException", "Unable to authenticate the app user."),
    1: Known(400, "API Unknown", "Invalid request or possible server error."),
    2: Known(503, "API Service", "Temporary due to downtime or due to being overloaded."),
    3: Known(500, "API Method", "Capability or permissions issue."),
    4: Known(400, "Application request limit reached", "The app has reached its API call rate limit."),
    10: Known(
        403,
        "Application does not have permission for this action",
        "Permission is either not granted or has been removed.",
    ),
    33: Known(400, "Parameter value is not valid", "The business phone number has been deleted."),
    100: Known(400, "Invalid parameter", "The request included one or more unsupported or misspelled parameters."),
    190: Known(401, "Access token has expired", ""),
    368: Known(
        403, "Temporarily blocked for policies violations", "The account has been restricted for violating a policy."
    ),
    80007: Known(400, "Rate limit issues", "The WhatsApp Business Account has reached its rate limit."),
    130403: Known(400, "Business has blocked this user", "The business has blocked this user."),
    130429: Known(400, "Rate limit hit", "Cloud API message throughput has been reached.", 2494055),
    130472: Known(400, "User's number is part of an experiment", "Message was not sent as part of an experiment."),
    130497: Known(403, "Business account is restricted from messaging users in this country.", ""),
    131000: Known(500, "Something went wrong", "Message failed to send due to an unknown error."),
    131005: Known(403, "Access denied", "Permission is either not granted or has been removed."),
    131008: Known(400, "Required parameter is missing", "The request is missing a required parameter."),
    131009: Known(400, "Parameter value is not valid", "One or more parameter values are invalid."),
    131016: Known(500, "Service unavailable", "A service is temporarily unavailable."),
    131020: Known(400, "Group has a single member", "The message can't be sent to a group that has no other member."),
    131021: Known(400, "Recipient cannot be sender", "Sender and recipient phone number is the same."),
    131026: Known(400, "Message undeliverable", "Message Undeliverable."),
    131030: Known(
        400,
        "Recipient phone number not in allowed list",
        "Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again.",
    ),
    131031: Known(
        403, "Business Account locked", "The account has been restricted or disabled for violating a policy."
    ),
    131037: Known(400, "WhatsApp provided number needs display name approval before message can be sent.", ""),
    131041: Known(400, "Group unknown", "The group does not exist or the business is not part of it."),
    131042: Known(400, "Business eligibility payment issue", "There was an error related to your payment method."),
    131045: Known(500, "Incorrect certificate", "Message failed to send due to a phone number registration error."),
    131047: Known(
        400,
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
    ),
    131048: Known(
        400,
        "Spam rate limit hit",
        "Message failed to send because there are restrictions on how many messages can be sent.",
    ),
    131049: Known(
        400,
        "This message was not delivered to maintain healthy ecosystem engagement.",
        "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    ),
    131050: Known(
        400, "User has stopped marketing messages", "The user has chosen to stop receiving marketing messages."
    ),
    131051: Known(400, "Unsupported message type", "Message type is currently not supported."),
    131052: Known(400, "Media download error", "Unable to download the media sent by the user."),
    131053: Known(400, "Media upload error", "Unable to upload the media used in the message."),
    131055: Known(400, "Method not allowed", "Only marketing messages are supported."),
    131056: Known(
        400,
        "(Business Account, Consumer Account) pair rate limit hit",
        "Message failed to send because there were too many messages sent from this phone number to the same phone "
        "number in a short period of time.",
    ),
    131057: Known(500, "Account in maintenance mode", "Business Account is in maintenance mode."),
    131059: Known(400, "Groups error", ""),
    131062: Known(400, "Business-scoped user ids are not supported for this message", ""),
    131063: Known(400, "Marketing templates are disabled on Cloud API", ""),
    131064: Known(400, "Messaging limit reached", "Limited because of template misclassification."),
    132000: Known(400, "Number of parameters does not match the expected number of params"),
    132001: Known(404, "Template name does not exist in the translation"),
    132005: Known(400, "Translated text too long", "The translated text is too long."),
    132007: Known(400, "Template format character policy violated", "Template content violates a policy."),
    132008: Known(400, "Parameter value is not valid"),
    132012: Known(400, "Parameter format does not match format in the created template"),
    132015: Known(
        400, "Template is paused", "Template is paused due to low quality so it cannot be sent in a template message."
    ),
    132016: Known(400, "Template is disabled", "Template has been paused too many times due to low quality."),
    132018: Known(400, "Template parameters are not valid"),
    132068: Known(400, "Flow is blocked", "Flow is in blocked state."),
    132069: Known(
        400, "Flow is throttled", "Flow is in throttled state: 10 messages were already sent in the last hour."
    ),
    133000: Known(500, "Incomplete Deregistration", "A previous deregistration attempt failed."),
    133004: Known(503, "Server Temporarily Unavailable", "Server is temporarily unavailable."),
    133005: Known(400, "Two step verification PIN Mismatch", "Two-step verification PIN incorrect."),
    133006: Known(400, "Phone number re-verification needed", "Phone number needs to be verified before registering."),
    133008: Known(400, "Too Many two step verification PIN Guesses", ""),
    133009: Known(400, "Two step verification PIN Guessed Too Fast", ""),
    133010: Known(400, "Phone number Not Registered", "Phone number not registered on the WhatsApp Business Platform."),
    133015: Known(400, "Please wait a few minutes before attempting to register this phone number", ""),
    133016: Known(400, "Account register/deregister rate limit exceeded", ""),
    134011: Known(400, "WhatsApp Payments terms of service has not been accepted", ""),
    134100: Known(400, "Only marketing messages supported", ""),
    134101: Known(400, "Template syncing", ""),
    134102: Known(400, "Template unavailable", ""),
    135000: Known(
        400, "Generic user error", "Message failed to send because of an unknown error with your request parameters."
    ),
    137000: Known(400, "Identity key mismatch", "The recipient_identity_key_hash does not match the recipient's."),
    2494100: Known(400, "Account in maintenance", "The number is being migrated."),
}
CODES |= {code: Known(400, "Groups error") for code in (131201, 131202, 131204, *range(131207, 131216))}
CODES |= {code: Known(403, "API permission denied") for code in range(200, 300)}


def answer(code: int, details: str | None = None) -> GraphError:
    """The refusal of a request with this code.

    Raises:
        KeyError: Meta's table has no such code.
    """
    known = CODES[code]
    text = known.details if details is None else details
    return GraphError(known.status, code, f"(#{code}) {known.title}", text or None, subcode=known.subcode)


def later(code: int, details: str | None = None) -> dict[str, Any]:
    """The entry of `statuses[].errors` with this code: title and message are the same."""
    known = CODES.get(code) or Known(400, "Message failed to send")
    text = known.details if details is None else details
    error: dict[str, Any] = {"code": code, "title": known.title, "message": known.title}
    return error | {"error_data": {"details": text or known.title}, "href": HREF}
