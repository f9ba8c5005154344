"""Answers questions about this machine and its cluster, without a model and without changing anything."""

from datetime import datetime, tzinfo

from aof.agents.base import Turn
from aof.agents.runbook.intents import BY_NAME, INTENTS, NEXT_STEPS, Intent
from aof.agents.runbook.kubectl import Kubectl
from aof.agents.runbook.machine import Machine, ThisMachine
from aof.agents.runbook.matching import Demand, Greeting, Matched, Unsure, read
from aof.agents.runbook.pods import Pods
from aof.agents.runbook.readings import Readings
from aof.agents.runbook.steps import read_step
from aof.domain.response import Action, Response, Status
from aof.texts import machine as texts
from aof.texts import machine_talk
from aof.texts.language import Language
from aof.tools.runner import Runner


class RunbookAgent:
    """Works without key and network; keeps nothing between turns."""

    name = "runbook"

    def __init__(self, runner: Runner, machine: Machine | None = None, *, zone: tzinfo | None = None) -> None:
        """
        Args:
            runner: Runs kubectl.
            machine: What is read about the machine; this one's by default.
            zone: Times are shown in it; the machine's own by default.
        """
        self._kubectl = Kubectl(runner)
        self._machine = machine or ThisMachine()
        self._zone = zone

    def topics(self, language: Language) -> tuple[Action, ...]:
        """What can be asked; pressing one asks it."""
        return tuple(intent.action(language) for intent in INTENTS)

    async def answer(self, turn: Turn) -> Response:
        """What to say; never raises for what the machine or kubectl do."""
        if turn.press is not None:
            return await self._pressed(turn.press.action_id, turn)
        match read(turn.text):
            case Matched(intent):
                return await self._asked(intent, turn, turn.text)
            case Greeting():
                text = machine_talk.introduction(turn.language, host=self._machine.host())
                return Response(text=text, actions=self.topics(turn.language))
            case Demand(near):
                text = machine_talk.only_looks(turn.language)
                return Response(text=text, status=Status.NOTE, actions=self._offered(near, turn.language))
            case Unsure(near):
                text = (machine_talk.did_you_mean if near else machine_talk.what_i_know)(turn.language)
                return Response(text=text, actions=self._offered(near, turn.language))

    async def _pressed(self, action_id: str, turn: Turn) -> Response:
        step = read_step(action_id)
        if step is not None:
            return await self._pods(turn).pressed(step)
        first, _, name = action_id.partition(":")
        if first == "ask" and name in BY_NAME:
            return await self._asked(BY_NAME[name], turn, "")
        return Response(
            text=machine_talk.unknown_step(turn.language), status=Status.NOTE, actions=self.topics(turn.language)
        )

    async def _asked(self, intent: Intent, turn: Turn, text: str) -> Response:
        if intent.name == "pods":
            return await self._pods(turn).asked(text)
        readings = Readings(self._machine, turn.language, self._local(turn))
        ask = {
            "disk": readings.disk,
            "memory": readings.memory,
            "load": readings.load,
            "uptime": readings.uptime,
            "top": readings.top,
        }[intent.name]
        actions = tuple(BY_NAME[name].action(turn.language) for name in NEXT_STEPS[intent.name])
        try:
            answered = await ask()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            text = texts.cannot_read(turn.language, host=self._machine.host(), reason=reason)
            return Response(text=text, status=Status.FAILED, actions=actions)
        return answered.model_copy(update={"actions": actions})

    def _pods(self, turn: Turn) -> Pods:
        return Pods(self._kubectl, turn.language, self._machine.host(), self._local(turn))

    def _local(self, turn: Turn) -> datetime:
        return turn.now.astimezone(self._zone)

    def _offered(self, near: tuple[Intent, ...], language: Language) -> tuple[Action, ...]:
        return tuple(intent.action(language) for intent in near) or self.topics(language)
