"""Answers questions about this machine and its cluster, and goes through runbooks, without a model."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import tzinfo
from typing import Protocol

from aof.agents.base import Reply, Turn
from aof.agents.runbook.containers import Containers
from aof.agents.runbook.directories import Directories
from aof.agents.runbook.intent import Intent
from aof.agents.runbook.intents import BY_NAME, INTENTS, NEXT_STEPS
from aof.agents.runbook.kubectl import Kubectl
from aof.agents.runbook.machine import Machine, ThisMachine
from aof.agents.runbook.matching import Demand, Greeting, Matched, Unsure, read
from aof.agents.runbook.network import Network
from aof.agents.runbook.pods import Pods
from aof.agents.runbook.readings import Readings
from aof.agents.runbook.services import Services, read_look
from aof.agents.runbook.setting import Setting
from aof.agents.runbook.steps import read_step
from aof.agents.runbook.systemd import Systemd
from aof.domain.response import Action, Response, Status
from aof.texts import machine as texts
from aof.texts import machine_talk
from aof.texts import runbooks as runbook_texts
from aof.texts.language import Language
from aof.tools.runner import Runner

Ask = Callable[[str], Awaitable[Response]]


class Written(Protocol):
    """Runbooks out of files."""

    def topics(self, language: Language) -> tuple[Action, ...]: ...

    async def answer(self, turn: Turn) -> Reply | None:
        """None where no runbook is meant."""
        ...


class RunbookAgent:
    """Works without key and network; keeps nothing between turns. By itself it only looks; what changes something is
    a step of a runbook, behind the gate."""

    name = "runbook"

    def __init__(
        self,
        runner: Runner,
        machine: Machine | None = None,
        *,
        zone: tzinfo | None = None,
        written: Written | None = None,
    ) -> None:
        """
        Args:
            runner: Runs kubectl, systemctl, journalctl, docker and who.
            machine: What is read about the machine; this one's by default.
            zone: Times are shown in it; the machine's own by default.
            written: Runbooks that it goes through as well; they were made with the built-in questions in view.
        """
        self._runner = runner
        self._machine = machine or ThisMachine()
        self._zone = zone
        self._written = written

    def topics(self, language: Language) -> tuple[Action, ...]:
        """What can be asked; pressing one asks it. Runbooks come first: whoever wrote them wants them used."""
        return (*self._runbooks(language), *(intent.action(language) for intent in INTENTS))

    def introduction(self, language: Language) -> str:
        """To a greeting."""
        say = runbook_texts.introduction if self._runbooks(language) else machine_talk.introduction
        return say(language, host=self._machine.host())

    def describe(self, language: Language) -> str:
        """In a menu of agents."""
        return runbook_texts.about(language) if self._runbooks(language) else machine_talk.about(language)

    async def answer(self, turn: Turn) -> Reply:
        """What to say; never raises for what the machine or kubectl do."""
        reply = None if self._written is None else await self._written.answer(turn)
        return await self._answer(turn) if reply is None else reply

    def _runbooks(self, language: Language) -> tuple[Action, ...]:
        return () if self._written is None else self._written.topics(language)

    async def _answer(self, turn: Turn) -> Reply:
        if turn.resumed is not None:
            # only runbooks pause, and the one that did is gone
            return Response(text=runbook_texts.no_such(turn.language), status=Status.NOTE)
        if turn.press is not None:
            return await self._pressed(turn.press.action_id, turn)
        match read(turn.text):
            case Matched(intent):
                return await self._asked(intent, turn, turn.text)
            case Greeting():
                return Response(text=self.introduction(turn.language), actions=self.topics(turn.language))
            case Demand(near):
                has_runbooks = bool(self._runbooks(turn.language))
                text = (runbook_texts.nothing_fits if has_runbooks else machine_talk.only_looks)(turn.language)
                return Response(text=text, status=Status.NOTE, actions=self._offered(near, turn.language))
            case Unsure(near):
                text = machine_talk.did_you_mean(turn.language) if near else self._what_i_know(turn.language)
                return Response(text=text, actions=self._offered(near, turn.language))

    def _what_i_know(self, language: Language) -> str:
        say = runbook_texts.what_i_know if self._runbooks(language) else machine_talk.what_i_know
        return say(language)

    async def _pressed(self, action_id: str, turn: Turn) -> Reply:
        step, look = read_step(action_id), read_look(action_id)
        if step is not None:
            return await self._pods(turn).pressed(step)
        if look is not None:
            return await self._services(turn).pressed(*look)
        first, _, rest = action_id.partition(":")
        if first == "ask" and rest in BY_NAME:
            return await self._asked(BY_NAME[rest], turn, "")
        if first == "say":
            return await self.answer(replace(turn, text=rest, press=None))
        if first == "directories":
            return await self._answered(self._directories(turn).pressed, rest, turn, first)
        return self._unknown(turn)

    async def _asked(self, intent: Intent, turn: Turn, text: str) -> Response:
        return await self._answered(self._questions(turn)[intent.name], text, turn, intent.name)

    def _questions(self, turn: Turn) -> Mapping[str, Ask]:
        """How each intent is answered."""
        setting = self._setting(turn)
        readings = Readings(self._machine, setting)
        network = Network(self._machine, self._runner, setting)
        return {
            "disk": lambda _: readings.disk(),
            "memory": lambda _: readings.memory(),
            "load": lambda _: readings.load(),
            "top": lambda _: readings.top(),
            "services": self._services(turn).services,
            "journal": self._services(turn).journal,
            "containers": lambda _: Containers(self._runner, setting).containers(),
            "pods": self._pods(turn).asked,
            "network": lambda _: network.network(),
            "ports": lambda _: network.ports(),
            "directories": self._directories(turn).directories,
            "users": lambda _: network.users(),
            "uptime": lambda _: readings.uptime(),
        }

    async def _answered(self, ask: Ask, text: str, turn: Turn, name: str) -> Response:
        """With the next steps of the intent, where the answer names none of its own."""
        next_steps = self._setting(turn).offered(*NEXT_STEPS.get(name, ("disk",)))
        try:
            answered = await ask(text)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            text = texts.cannot_read(turn.language, host=self._machine.host(), reason=reason)
            return Response(text=text, status=Status.FAILED, actions=next_steps)
        return answered if answered.actions else answered.model_copy(update={"actions": next_steps})

    def _pods(self, turn: Turn) -> Pods:
        return Pods(Kubectl(self._runner), self._setting(turn))

    def _services(self, turn: Turn) -> Services:
        return Services(Systemd(self._runner), self._setting(turn))

    def _directories(self, turn: Turn) -> Directories:
        return Directories(self._machine, self._setting(turn))

    def _setting(self, turn: Turn) -> Setting:
        return Setting(turn.language, self._machine.host(), turn.now.astimezone(self._zone))

    def _unknown(self, turn: Turn) -> Response:
        text = machine_talk.unknown_step(turn.language)
        return Response(text=text, status=Status.NOTE, actions=self.topics(turn.language))

    def _offered(self, near: tuple[Intent, ...], language: Language) -> tuple[Action, ...]:
        return tuple(intent.action(language) for intent in near) or self.topics(language)
