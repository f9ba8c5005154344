"""Answers about the containers of this machine's Docker daemon."""

import json
import re
from dataclasses import dataclass

from aof.agents.runbook.programs import ProgramFailed, called
from aof.agents.runbook.setting import Setting
from aof.domain.response import Response, Status
from aof.texts import machine_containers as texts
from aof.texts.machine_words import more
from aof.tools.commands import CONTAINERS
from aof.tools.runner import Outcome, Runner

_LISTED = 10

# "Got permission denied while trying to connect to the Docker daemon socket" up to 20.10; "docker API" since 28
_REFUSED = re.compile(r"permission denied while trying to connect", re.IGNORECASE)
_NO_DAEMON = re.compile(
    r"cannot connect to the docker daemon|failed to connect to the docker api|is the docker daemon running",
    re.IGNORECASE,
)

_ENDED = re.compile(r"Exited \((?P<code>-?\d+)\)")
_TROUBLED = re.compile(r"Restarting\b|Dead\b|.*\(unhealthy\)")


@dataclass(frozen=True, slots=True)
class Container:
    """One line of `docker ps`."""

    name: str
    status: str
    """As Docker words it: `Up 3 hours (unhealthy)`, `Exited (1) 5 minutes ago`."""

    @property
    def is_running(self) -> bool:
        return self.status.startswith("Up ")

    @property
    def is_troubled(self) -> bool:
        """It restarts, is unhealthy or dead, or has ended with anything but 0."""
        ended = _ENDED.match(self.status)
        return _TROUBLED.match(self.status) is not None or (ended is not None and int(ended["code"]) != 0)


class Containers:
    """Never raises for what docker does: a failure is an answer too."""

    def __init__(self, runner: Runner, setting: Setting) -> None:
        self._runner = runner
        self._setting = setting
        self._language, self._host, self._at = setting.language, setting.host, setting.at

    async def containers(self) -> Response:
        """Those in trouble first, then those that run."""
        outcome = await called(self._runner, "docker", "ps", "--all", *CONTAINERS)
        try:
            found = _read(outcome)
        except ProgramFailed as failed:
            return self._failure(failed)
        actions = (self._setting.again("ask:containers"), *self._setting.offered("pods", "services"))
        if not found:
            text = texts.no_containers(self._language, host=self._host, at=self._at)
            return Response(text=text, status=Status.OK, actions=actions)
        troubled = [container for container in found if container.is_troubled]
        text = "\n\n".join([self._fact(found, troubled), self._lines(troubled, found, cut=outcome.cut)])
        return Response(text=text, status=Status.WARNING if troubled else Status.OK, actions=actions)

    def _fact(self, found: list[Container], troubled: list[Container]) -> str:
        running = sum(container.is_running for container in found)
        if troubled:
            return texts.some_troubled(
                self._language, len(troubled), running=running, total=len(found), host=self._host, at=self._at
            )
        return texts.none_troubled(self._language, running=running, total=len(found), host=self._host, at=self._at)

    def _lines(self, troubled: list[Container], found: list[Container], *, cut: bool) -> str:
        others = [container for container in found if not container.is_troubled]
        listed = [*troubled, *sorted(others, key=lambda container: not container.is_running)]
        lines = [texts.line(self._language, name=each.name, status=each.status) for each in listed[:_LISTED]]
        if len(listed) > _LISTED:
            lines.append(more(self._language, len(listed) - _LISTED))
        if cut:
            lines.append(texts.list_cut(self._language))
        return "\n".join(lines)

    def _failure(self, failed: ProgramFailed) -> Response:
        if _REFUSED.search(failed.said):
            text = texts.not_permitted(self._language, host=self._host, at=self._at)
        elif _NO_DAEMON.search(failed.said):
            text = texts.no_daemon(self._language, host=self._host, at=self._at)
        else:
            text = failed.answer(self._setting)
        actions = (self._setting.again("ask:containers"), *self._setting.offered("services", "pods"))
        return Response(text=text, status=Status.FAILED, actions=actions)


def _read(outcome: Outcome) -> list[Container]:
    # Of a list that was cut off, the whole lines are worth showing all the same
    if not outcome.succeeded and not (outcome.cut and outcome.stdout):
        raise ProgramFailed(outcome)
    found = []
    for line in filter(str.strip, outcome.stdout.split("\n")):
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError):
            fields = None
        match fields:
            case [str(name), str(status)]:
                found.append(Container(name, status))
            case _:
                raise ProgramFailed(outcome)
    return found
