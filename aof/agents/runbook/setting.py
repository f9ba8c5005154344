"""What the answers of one turn have in common."""

from dataclasses import dataclass
from datetime import datetime

from aof.agents.runbook.intents import BY_NAME
from aof.domain.response import Action
from aof.texts.language import Language
from aof.texts.machine_talk import check_again


@dataclass(frozen=True, slots=True)
class Setting:
    """To whom, about which machine, and when."""

    language: Language
    host: str
    at: datetime
    """The present time in the zone that a person reads it in."""

    def offered(self, *names: str) -> tuple[Action, ...]:
        """The choices of topics."""
        return tuple(BY_NAME[name].action(self.language) for name in names)

    def again(self, action_id: str) -> Action:
        """The choice of the same question once more."""
        return Action(id=action_id, title=check_again(self.language))
