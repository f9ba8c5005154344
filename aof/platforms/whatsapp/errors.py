"""What each error of Meta's Cloud API means for the part that met it, as data.

Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes. Where that page
sends you to your account or to support, the question here is whether the *next* part would meet the same error: only
then does the account stop. What concerns one recipient, one template or one body buries that part alone, because a
stopped account keeps everybody waiting.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from aof.domain.delivery import Remedy
from aof.domain.errors import Backoff, Scope


class Outcome(StrEnum):
    """What becomes of a part, and of the number that sends it."""

    REFUSED = "refused"
    """This part will never be accepted. It is buried with Meta's words, and the next one goes on."""
    WINDOW = "window"
    """Only a template reaches this person now. The part is parked until they write; a second time it is buried."""
    OPTED_OUT = "opted_out"
    """This person wants nothing of the kind. The part is buried, and the ledger of consent says that they opted out."""
    DEFERRED = "deferred"
    """Surely not accepted; later it may be. The part waits its turn and is sent again by itself."""
    STOPPED = "stopped"
    """No part of this number will be accepted until an operator acts. Parts stay queued until `aof outbox resume`."""
    UNCERTAIN = "uncertain"
    """It may have been accepted. A receipt settles it, else `spec.delivery.uncertain` decides."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row of the table. `backoff` and `scope` count for a deferred part only."""

    outcome: Outcome
    meaning: str
    """For an operator: what happened and what to do, in a sentence."""
    backoff: Backoff | None = None
    scope: Scope = "recipient"


def _backoff(first_seconds: float, factor: float, longest_seconds: float) -> Backoff:
    return Backoff(timedelta(seconds=first_seconds), factor, timedelta(seconds=longest_seconds))


PAIR = _backoff(1, 4, 3600)  # Meta's own rule for one recipient: 4^X seconds
THROUGHPUT = _backoff(1, 2, 60)
QUOTA = _backoff(60, 2, 3600)
OUTAGE = _backoff(5, 2, 300)
MAINTENANCE = _backoff(60, 2, 300)
UNREACHABLE = _backoff(1, 2, 60)
_FIVE_MINUTES = _backoff(300, 1, 300)
_TEN_MINUTES = _backoff(600, 1, 600)


def _stopped(meaning: str) -> Verdict:
    return Verdict(Outcome.STOPPED, meaning)


def _refused(meaning: str) -> Verdict:
    return Verdict(Outcome.REFUSED, meaning)


def _uncertain(meaning: str) -> Verdict:
    return Verdict(Outcome.UNCERTAIN, meaning)


def _number_waits(meaning: str, backoff: Backoff) -> Verdict:
    return Verdict(Outcome.DEFERRED, meaning, backoff, "number")


def _recipient_waits(meaning: str, backoff: Backoff) -> Verdict:
    return Verdict(Outcome.DEFERRED, meaning, backoff, "recipient")


_PERMISSION = _stopped("The app or its token lacks a permission; grant whatsapp_business_messaging to the system user.")
_REGISTRATION = _stopped("The number's registration is not complete; finish it in WhatsApp Manager.")
_GROUP = _refused("The Groups API refused the message.")
_CALLING = _refused("The Calling API refused the request.")
_FLOWS = _refused("The Flows API refused the request.")
_BLOCKING = _refused("Blocking or unblocking a user was refused.")
_USERNAME = _refused("The business username was refused.")
_TEMPLATE_EDIT = _refused("Creating or changing a template, or moving a number, was refused.")
_ONBOARDING = _refused("Migrating, syncing or onboarding the account was refused.")
_TEMPLATE_PARAMETERS = _refused("The template's parameters do not fit the approved template.")

CODES: dict[int, Verdict] = {
    # who we are, and whether we may
    0: _stopped("Meta does not accept the access token; make a new one."),
    3: _stopped("The app lacks the capability or permission for this call; check the app's products and permissions."),
    10: _PERMISSION,
    190: _stopped("The access token has ended or was withdrawn; make a new one and restart."),
    368: _stopped("Meta has blocked this account for a while for breaking a policy; see Account quality."),
    131005: _PERMISSION,
    131031: _stopped("Meta has locked this account; see Account quality in WhatsApp Manager."),
    131037: _stopped("The number's display name is not approved yet; nothing is sent until it is."),
    131042: _stopped("Meta can't charge for messages; check the payment method of the business account."),
    131045: _stopped("The number's certificate is wrong; register the number again."),
    # more messages would make the quality that Meta complains about worse
    131048: _stopped("Meta has limited this number because people blocked or reported it; see its quality rating."),
    33: _stopped("The business phone number does not exist any more; check phone_number_id."),
    133000: _REGISTRATION,
    133005: _REGISTRATION,
    133006: _REGISTRATION,
    133008: _REGISTRATION,
    133009: _REGISTRATION,
    133010: _stopped("The business phone number is not registered with the Cloud API; register it."),
    133016: _stopped("The number was registered or removed too often; Meta allows it again after 72 hours."),
    136024: _REGISTRATION,
    # too much, too fast
    4: _number_waits("The app has made too many calls.", QUOTA),
    80007: _number_waits("The business account has reached its rate limit.", QUOTA),
    613: _number_waits("Calls of this kind have reached their rate limit.", QUOTA),
    130429: _number_waits("The number sends faster than Meta allows.", THROUGHPUT),
    131056: _recipient_waits("Too many messages to this person in a short time.", PAIR),
    # Meta's own trouble, where nothing was accepted
    131016: _number_waits("Meta's service is unavailable.", OUTAGE),
    131057: _number_waits("Meta is upgrading the number's throughput.", MAINTENANCE),
    133004: _number_waits("Meta's server is unavailable.", OUTAGE),
    133015: _number_waits(
        "The number was just removed; Meta allows registering it again in five minutes.", _FIVE_MINUTES
    ),
    2494100: _number_waits("The number is in maintenance while it moves.", MAINTENANCE),
    134101: _recipient_waits("Meta is still syncing this template with its marketing service.", _TEN_MINUTES),
    # Meta's own trouble, where nobody knows
    1: _uncertain("Meta reports an unknown error."),
    2: _uncertain("Meta's service is down or overloaded."),
    131000: _uncertain("Something went wrong at Meta."),
    # this person, now or ever
    131047: Verdict(
        Outcome.WINDOW, "More than 24 hours have passed since this person last wrote; only a template reaches them."
    ),
    130403: _refused("This business has blocked the recipient."),
    130472: _refused("Meta holds marketing back from this person for an experiment."),
    130497: _refused("This business may not send to the recipient's country."),  # other countries go on
    131020: _refused("The group has no other member."),
    131021: _refused("Recipient and sender are the same number."),
    131026: _refused("The recipient can't be reached: not on WhatsApp, an old app, or the terms not accepted."),
    131030: _refused("The recipient is not on the test number's list; add it under API Setup."),
    131041: _refused("Meta does not know the group."),
    131049: _refused("Meta chose not to deliver: this person gets enough marketing; wait at least 24 hours."),
    131050: Verdict(
        Outcome.OPTED_OUT, "This person has stopped marketing messages from this business; do not send them again."
    ),
    131062: _refused("This kind of message can't go to a user id; it needs the phone number."),
    137000: _refused("The recipient's identity has changed; make sure who it is before sending again."),
    # this message
    100: _refused("Meta calls a parameter of the message invalid."),
    131008: _refused("The message lacks a parameter that Meta requires."),
    131009: _refused("A value in the message is not one that Meta takes."),
    131044: _refused("Meta can't charge for calls; check the payment method of the business account."),
    131051: _refused("Meta does not support this type of message."),
    131052: _refused("Meta could not fetch a file that the person sent; ask for it again."),
    131053: _refused("Meta could not take the file; upload it and send it by its id."),
    131055: _refused("This method only takes marketing templates."),
    131063: _refused("Marketing templates are switched off on the Cloud API for this account."),
    131064: _refused("Template messages are limited, because templates were filed under a wrong category."),
    134011: _refused("The terms for payments are not accepted."),
    134100: _refused("Meta's marketing service only takes marketing templates."),
    134102: _refused("The template can't be used with Meta's marketing service."),
    135000: _refused("Meta refused the message and does not say why; check its parameters."),
    # this template or flow
    132000: _TEMPLATE_PARAMETERS,
    132001: _refused("The template does not exist in this language, or is not approved."),
    132005: _refused("The template's text is too long with these parameters."),
    132007: _refused("The template breaks a rule on formatting."),
    132008: _TEMPLATE_PARAMETERS,
    132012: _TEMPLATE_PARAMETERS,
    132015: _refused("The template is paused for its quality."),
    132016: _refused("The template was paused too often and is switched off for good."),
    132018: _TEMPLATE_PARAMETERS,
    132068: _refused("The flow is blocked."),
    132069: _refused("The flow is throttled: ten messages an hour."),
    # other products of Meta
    131059: _GROUP,
    131201: _GROUP,
    131202: _GROUP,
    131204: _GROUP,
    200005: _ONBOARDING,
    200006: _ONBOARDING,
    200007: _ONBOARDING,
    1752041: _ONBOARDING,
    2388019: _TEMPLATE_EDIT,
    2593079: _ONBOARDING,
    2593085: _ONBOARDING,
    2593107: _ONBOARDING,
    2593108: _ONBOARDING,
    2593109: _ONBOARDING,
    **dict.fromkeys(range(200, 300), _PERMISSION),
    **dict.fromkeys(range(131207, 131216), _GROUP),
    **dict.fromkeys(range(138000, 138019), _CALLING),
    **dict.fromkeys(range(139000, 139005), _FLOWS),
    **dict.fromkeys(range(139100, 139104), _BLOCKING),
    **dict.fromkeys(range(147001, 147006), _USERNAME),
    **dict.fromkeys(range(2388001, 2388300), _TEMPLATE_EDIT),
}

_REMEDIES: dict[int, Remedy] = {
    **dict.fromkeys((130403, 130497, 131020, 131021, 131026, 131041, 131062, 137000), "unreachable"),
    **dict.fromkeys((130472, 131049), "marketing"),
    **dict.fromkeys((131063, 131064), "template"),
    **dict.fromkeys((code for code in CODES if 132000 <= code <= 132018), "template"),
    131030: "test_number",
}
"""Of the refused, where the code tells what helps."""
_BY_OUTCOME: dict[Outcome, Remedy] = {
    Outcome.STOPPED: "account",
    Outcome.WINDOW: "window",
    Outcome.OPTED_OUT: "marketing",
    Outcome.DEFERRED: "again",
}


def remedy_of(code: int) -> Remedy:
    """What helps a part that ended with a code; 0 is a part that ended without one."""
    if not code or code not in CODES:
        return "unknown"
    return _REMEDIES.get(code) or _BY_OUTCOME.get(CODES[code].outcome, "unknown")


TOKEN = _stopped("Meta does not accept our credentials.")
"""HTTP 401 with an error whose code is not in the list."""
PROOF = _stopped("app_secret does not belong to the app that made access_token; both come from one app.")
"""Code 100, and its text names `appsecret_proof`."""
NO_SUCH_NUMBER = _stopped("Meta does not know phone_number_id, or the token may not use it.")
"""Code 100 with subcode 33, about our own number or about nothing that is named."""
THROTTLED = _number_waits("Meta asks to slow down.", THROUGHPUT)
"""HTTP 429 with a code that is not in the list, or none."""
TRANSIENT = _recipient_waits("Meta calls its error a passing one.", OUTAGE)
"""`is_transient` is true beside a code that is not in the list."""
NOT_META = _number_waits("Something between here and Meta answered in its place; check api_url and proxies.", QUOTA)
"""HTTP 3xx or 4xx without an error object."""
BROKEN_ANSWER = _uncertain("Meta's side broke off; the message may have been accepted.")
"""HTTP 5xx or 408 with a code that is not in the list, or none; HTTP 2xx that names no message."""
UNKNOWN_REFUSAL = _refused("Meta refused the message with a code that is not in the list.")
"""Any other error object."""
