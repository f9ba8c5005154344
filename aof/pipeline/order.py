"""In which order people are asked, where a rule has one. It is no authority: whoever the rule names may decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aof.domain.approval import NUDGE_AT, Approvers, Party


@dataclass(frozen=True, slots=True)
class Order:
    """The steps of a rule over the life of one question.

    The first step is asked at once, the last at two thirds of the time, those between at even distances.
    """

    approvers: Approvers
    asked_at: datetime
    life: timedelta

    @property
    def reminds_at(self) -> datetime:
        """When everybody who was asked is asked once more."""
        return self.asked_at + self.life * NUDGE_AT

    def first(self, known: Sequence[Party]) -> int:
        """How many steps are asked at once: until there are as many people as it takes."""
        return self._until(0, self.approvers.needed, known)

    def due(self, reached: int, now: datetime, known: Sequence[Party]) -> int:
        """How many steps have been asked by now, where `reached` were: at least as far as somebody new is asked."""
        count = len(self.approvers.steps)
        come = sum(self._begins(step) <= now for step in range(count))
        if come <= reached:
            return reached
        return self._until(come, len(self.asked(reached, known)) + 1, known)

    def next_at(self, reached: int) -> datetime:
        """When to look at it again."""
        return self._begins(reached) if reached < len(self.approvers.steps) else self.reminds_at

    def asked(self, reached: int, known: Sequence[Party]) -> list[Party]:
        """Who is asked by so many steps; everybody, where there is no order."""
        steps = self.approvers.steps
        if not steps:
            return list(known)
        return [party for party in known if any(step.admits(party) for step in steps[:reached])]

    def _until(self, reached: int, enough: int, known: Sequence[Party]) -> int:
        while reached < len(self.approvers.steps) and len(self.asked(reached, known)) < enough:
            reached += 1
        return reached

    def _begins(self, step: int) -> datetime:
        return self.asked_at + self.life * NUDGE_AT * step / max(1, len(self.approvers.steps) - 1)
