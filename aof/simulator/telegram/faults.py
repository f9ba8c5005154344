"""Faults that can be switched on, each until it is switched off or for a number of times.

`429`: seconds, or `{"retry_after", "times"}`
    a send is refused with 429, and this `retry_after`
`500`: times
    a request is refused with 500
`502`: times
    a proxy answers a request with an HTML page
`error`: code, or `{"code", "times", "details"}`
    a request is refused with that code; `details` is its description
`blocked`: times
    a send is refused as by a person who blocked the bot
`parse_error`: times
    a send with markup is refused as one whose entities can't be parsed
`unauthorized`: times
    any request is refused as with a token that was revoked
`conflict`: times
    a poll is refused as though another instance of the bot polled
`timeout_after_accept`: times
    a send is accepted and shown on the phone, but no answer comes until the client gives up
`cut_after_accept`: times
    a send is accepted and shown on the phone, then the connection is cut without an answer
`cut`: times
    the connection is cut before a send is looked at
`slow_seconds`: seconds, or `{"seconds", "times"}`
    a send is accepted and shown, the answer comes that much later
`garbled`: times
    a request is answered with half of its answer
`drop_ack`: times
    our 200 for a webhook counts as lost: the webhook is repeated
`duplicate`: copies, or `{"copies", "times"}`
    a webhook is posted that many times more
`wrong_secret`: times
    a webhook is posted once more, with a secret that is not the bot's
`reorder`: times
    updates are collected for a second and told in another order

*times* is `true` (until switched off), a whole number, or `{"times": n}`.
"""

from aof.simulator.faults import Faults as AnyFaults
from aof.simulator.faults import Kinds

KINDS = Kinds(
    amounts={
        "429": "retry_after",
        "500": None,
        "502": None,
        "error": "code",
        "blocked": None,
        "parse_error": None,
        "unauthorized": None,
        "conflict": None,
        "timeout_after_accept": None,
        "cut_after_accept": None,
        "cut": None,
        "slow_seconds": "seconds",
        "garbled": None,
        "drop_ack": None,
        "duplicate": "copies",
        "wrong_secret": None,
        "reorder": None,
    },
    more={"error": frozenset({"details"})},
    most={"retry_after": 86_400, "copies": 100, "seconds": 86_400, "code": 599},
)


class Faults(AnyFaults):
    """Which of these are on."""

    def __init__(self) -> None:
        super().__init__(KINDS)
