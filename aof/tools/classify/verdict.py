"""What the classifier says about one call."""

from collections.abc import Iterable
from dataclasses import dataclass

from aof.domain.risk import Risk


@dataclass(frozen=True, slots=True)
class Classified:
    """How much a call may do, and by what that is told."""

    risk: Risk
    why: str
    """A few words for the card: `rollout restart`, `not recognised`, `secrets`."""
    refused: str = ""
    """Not empty: it never runs, whatever the policy. A sentence without its full stop, with the way to write it."""


def refusal(why: str, sentence: str) -> Classified:
    """A call that never runs."""
    return Classified(Risk.DANGEROUS, why, sentence)


def worst(first: Classified, others: Iterable[Classified]) -> Classified:
    """A refused one before all others, else the gravest; of equals the earliest."""
    found = first
    for other in others:
        if not found.refused and (other.refused or other.risk.rank > found.risk.rank):
            found = other
    return found
