"""Whether somebody wants to be written to unasked: their own word, and what it bars. Pure."""

import unicodedata
from collections.abc import Iterable
from typing import Literal, NamedTuple

from aof.domain.message import ButtonPress, InboundEvent, InboundMessage

ConsentState = Literal["in", "out"]
"""in: they agreed. out: they want nothing that they did not just ask for. Who never said either has none."""
Cause = Literal["reply", "operator", "alert", "system"]
"""Why a part is sent. reply: its recipient wrote, and it is part of the answer. operator: a person outside the chat
wanted it sent. alert: a program did. system: the daemon asks, or tells, on its own."""
How = Literal["word", "button", "platform", "refusal", "operator", "import"]
"""How a consent came into the ledger. word, button: their own message or tap. platform: they told the platform, about
marketing alone. refusal: the platform refused a message because they had told it so. operator, import: somebody else
wrote it down, with evidence."""
Barrier = Literal["out", "never"]
"""Why somebody may not be written to unasked: they opted out, or never agreed."""

BARRED: dict[Barrier, str] = {
    "out": "whoever it is for has opted out; START from them opens it",
    "never": "whoever it is for never agreed to be written to; their yes to aof consent ask opens it",
}
"""For an operator: what holds a part, and what opens it."""

AGREE, DECLINE = "menu:consent:in", "menu:consent:out"
"""The two quick replies of an opt-in request."""
OF_THE_PLATFORM: frozenset[How] = frozenset({"platform", "refusal"})
"""About marketing alone: their end gives nothing that was not there before."""
THEIR_OWN: frozenset[How] = frozenset({"word", "button", "platform", "refusal"})
"""Said by the person, so that nobody else takes it back."""

_STOP = frozenset({"stop", "unsubscribe", "ايقاف", "اوقف", "الغاء الاشتراك"})
_START = frozenset({"start", "اشتراك", "اشترك"})
_LONGEST = 60
"""Characters of a message that may be such a word, with whatever a phone puts around it."""
_ALEFS = str.maketrans(dict.fromkeys("أإآٱ", "ا"))
_UNSEEN = frozenset({"Cf", "Mn"})
"""Marks of direction and width, and Arabic vowels."""
_AROUND = frozenset(" .,!…،؛*_~\"'`«»“”‘’()[]")
_TATWEEL = "ـ"


class Word(NamedTuple):
    """One row of somebody's ledger."""

    state: ConsentState
    how: How


def word(text: str) -> ConsentState | None:
    """What a message says about consent where the word is all of it: STOP, START and their Arabic, in any case, with or
    without hamza, vowels, emphasis, a full stop or an emoji. None for every other message."""
    if not 0 < len(text) <= _LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_ALEFS)
    seen = [sign for sign in plain if sign != _TATWEEL and unicodedata.category(sign) not in _UNSEEN]
    while seen and _is_around(seen[-1]):
        seen.pop()
    while seen and _is_around(seen[0]):
        seen.pop(0)
    said = " ".join("".join(seen).split())
    return "out" if said in _STOP else "in" if said in _START else None


def _is_around(sign: str) -> bool:
    return sign in _AROUND or sign.isspace() or unicodedata.category(sign) in {"So", "Sk"}


def said_by(event: InboundEvent) -> ConsentState | None:
    """What an event says about its sender's consent. In a group it says nothing: whoever is there talks to the others,
    too."""
    match event:
        case InboundMessage(group=False, media=None):
            return word(event.text)
        case ButtonPress(group=False):
            return "in" if event.action_id == AGREE else "out" if event.action_id == DECLINE else None
        case _:
            return None


def state_of(words: Iterable[Word]) -> ConsentState | None:
    """Where somebody stands, by all that is known of them, the oldest first: the newest word decides.

    What they told the platform about marketing holds until they say otherwise there or here, and its end lifts nothing
    else.
    """
    own: ConsentState | None = None
    marketing: ConsentState | None = None
    for one in words:
        if one.how in OF_THE_PLATFORM:
            marketing = one.state
        else:
            own, marketing = one.state, None
    return "out" if marketing == "out" else own


def barrier(cause: Cause, consent: ConsentState | None, *, is_operator: bool, is_known: bool) -> Barrier | None:
    """Why somebody may not be written to; None where they may be.

    Args:
        is_operator: They are one of those who decide here, and are listed for it.
        is_known: They may talk here, and have written before.
    """
    if cause == "reply":
        return None
    if consent == "out":
        return "out"
    if cause == "system" or consent == "in" or is_operator or is_known:
        return None
    return "never"
