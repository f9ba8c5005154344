"""The tools that run programs: `kubectl`, `kubectl_get`, `shell`."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from aof.domain.risk import Risk
from aof.tools.arguments import known, reason_of, string
from aof.tools.base import CallRefused, Context, Plan, Result, Scope
from aof.tools.classify import Classified, split
from aof.tools.commands import KUBECTL_ENVIRONMENT, MOST_BYTES, fits
from aof.tools.programs.follow_ups import FollowUps, follow_ups
from aof.tools.programs.settings import Settings, check
from aof.tools.programs.target import CLUSTER_OPTION, Aimed, aim, in_namespace, same_account, works_in
from aof.tools.programs.words import words_of
from aof.tools.runner import Outcome, Runner, may_run

LOOKS = frozenset({Risk.READ, Risk.SENSITIVE})

_AWS = ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
_OF_DAEMON: dict[str, tuple[str, ...]] = {"kubectl": KUBECTL_ENVIRONMENT, "helm": KUBECTL_ENVIRONMENT, "aws": _AWS}
"""Variables of the daemon that a program may have; none of them is a secret by itself."""
_ALWAYS = {
    "git": {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"},
    "terraform": {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"},
}
"""Nobody is there to answer a prompt."""

_PLACE = re.compile(r"(?P<namespace>[a-z0-9-]{0,63}) (?P<server>https?://\S{1,255})")
_ENDPOINT = re.compile(r"[a-z]{2,8}://\S{1,255}")
_ASKING_SECONDS = 10.0

MOST_COMMAND = 8_000
"""Characters."""


class Tables(Protocol):
    """What tells how grave a call is."""

    def classify(self, argv: Sequence[str]) -> Classified: ...

    def knows(self, program: str) -> bool: ...


class _ProgramTool(ABC):
    """One program call, whose program the tool knows or the command names."""

    _needs_words = True
    """A command of none can't be meant."""

    def __init__(
        self, name: str, description: str, command_is: str, *, runner: Runner, tables: Tables, settings: Settings
    ) -> None:
        self.name = name
        self.description = description
        self.parameters: Mapping[str, Any] = {
            "type": "object",
            "properties": {
                "command": {"type": "string", "description": command_is},
                "reason": {"type": "string", "description": "Why, in one sentence; whoever approves it reads this."},
            },
            "required": ["command"],
            "additionalProperties": False,
        }
        self._runner = runner
        self._tables = tables
        self._settings = settings

    async def plan(self, arguments: Mapping[str, Any], scope: Scope) -> Plan:
        known(arguments, "command", "reason")
        command, reason = string(arguments, "command", most=MOST_COMMAND), reason_of(arguments)
        argv = self._argv(split(command) if command.strip() or self._needs_words else ())
        program = argv[0]
        directory = works_in(program, self._directory(scope.context))
        environment = self._environment(program, scope.context)
        check(argv, words_of(argv), self._settings, scope.context, tool=self.name)
        if program == "aws":
            same_account(argv, environment)
        aimed, judged, server = await self._aimed(argv, scope.context, environment)
        follow = FollowUps() if judged.risk in LOOKS or aimed.namespace == "*" else follow_ups(aimed.argv, aimed.front)
        return Plan(
            tool=self.name,
            arguments={"command": command, "reason": reason},
            argv=aimed.argv,
            risk=judged.risk,
            why=judged.why,
            reason=reason,
            target=_target(in_namespace(aimed, argv), scope.context, environment, directory, server),
            undo=follow.undo,
            dry_run=follow.dry_run,
            check=follow.check,
        )

    async def perform(self, plan: Plan, scope: Scope) -> Result:
        outcome = await self._runner.execute(
            plan.argv,
            environment=self._environment(plan.argv[0], scope.context),
            directory=self._directory(scope.context),
            timeout_seconds=self._settings.timeout_seconds,
            may_leave=plan.risk not in LOOKS,
        )
        return self._result(outcome, plan)

    @abstractmethod
    def _argv(self, words: Sequence[str]) -> tuple[str, ...]:
        """With the program in front.

        Raises:
            CallRefused: It is none of this tool.
        """

    # -- where it runs ----------------------------------------------------------------------------------------------

    def _directory(self, context: Context) -> str:
        return self._settings.working_directory or context.directory

    def _environment(self, program: str, context: Context) -> dict[str, str]:
        named = {
            "KUBECONFIG": context.kubeconfig,
            "AOF_CONTEXT": context.name,
            "AOF_NAMESPACE": context.namespace,
            "AOF_CLUSTER": context.cluster,
        }
        return {
            **self._runner.variables(_OF_DAEMON.get(program, ())),
            **self._settings.environment,
            **context.environment,
            **{name: value for name, value in named.items() if value},
            **_ALWAYS.get(program, {}),
        }

    async def _aimed(
        self, argv: tuple[str, ...], context: Context, environment: Mapping[str, str]
    ) -> tuple[Aimed, Classified, str]:
        """The command with its target, its class, and the server that it goes to where that was asked."""
        aimed = aim(argv, context)
        judged = self._judged(aimed.argv)
        if judged.risk in LOOKS:
            return aimed, judged, ""
        if argv[0] == "docker" and not environment.get("DOCKER_HOST"):
            current, server = await self._docker(environment)
            aimed = aim(argv, context, current=current)
            return aimed, self._judged(aimed.argv), server
        if argv[0] not in CLUSTER_OPTION:
            return aimed, judged, ""
        cluster = aimed.cluster or await self._current(environment)
        namespace, server = await self._place(cluster, environment)
        aimed = aim(argv, context, current=cluster, namespace=namespace)
        return aimed, self._judged(aimed.argv), server

    def _judged(self, argv: Sequence[str]) -> Classified:
        judged = self._tables.classify(argv)
        if judged.refused:
            raise CallRefused(judged.refused)
        return judged

    async def _current(self, environment: Mapping[str, str]) -> str:
        outcome = await self._ask(environment, "kubectl", "config", "current-context")
        current = outcome.stdout.strip()
        if not outcome.succeeded or not fits("context", current):
            raise CallRefused("which cluster is meant is not known; name a context")
        return current

    async def _place(self, cluster: str, environment: Mapping[str, str]) -> tuple[str, str]:
        """The namespace that the kubeconfig gives a context, and its server; `default` where it gives none."""
        wanted = "{.contexts[0].context.namespace} {.clusters[0].cluster.server}"
        outcome = await self._ask(
            environment, "kubectl", "--context", cluster, "config", "view", "--minify", "-o", f"jsonpath={wanted}"
        )
        found = _PLACE.fullmatch(outcome.stdout.strip("\n")) if outcome.succeeded else None
        return (found["namespace"] or "default", found["server"]) if found else ("default", "")

    async def _docker(self, environment: Mapping[str, str]) -> tuple[str, str]:
        """Docker's current context and the address of the daemon that it leads to; nothing where there is no docker."""
        outcome = await self._ask(environment, "docker", "context", "show")
        if outcome.missing:
            return "", ""
        current = outcome.stdout.strip()
        if outcome.succeeded and fits("context", current):
            wanted = "{{.Endpoints.docker.Host}}"
            outcome = await self._ask(environment, "docker", "context", "inspect", "--format", wanted, current)
            if outcome.succeeded and _ENDPOINT.fullmatch(endpoint := outcome.stdout.strip()):
                return current, endpoint
        raise CallRefused("which docker is meant is not known; write DOCKER_HOST into the environment of the tool")

    async def _ask(self, environment: Mapping[str, str], *argv: str) -> Outcome:
        return await self._runner.execute(
            argv, environment=environment, timeout_seconds=_ASKING_SECONDS, is_masked=False
        )

    # -- what came of it --------------------------------------------------------------------------------------------

    def _result(self, outcome: Outcome, plan: Plan) -> Result:
        if outcome.missing:
            return Result(f"{plan.argv[0]} is not installed where the daemon runs", failed=True)
        if outcome.not_started:
            return Result(f"{plan.argv[0]} could not be started: {outcome.stderr}", failed=True)
        # a program that a signal ended has done what it had done by then, as one that we ended has
        is_ended = outcome.exit_code is None or outcome.exit_code < 0
        notes = []
        if outcome.cut:
            stopped = " and was stopped there" if outcome.exit_code is None else ""
            notes.append(f"cut: it printed more than {MOST_BYTES // 1024} KB{stopped}")
        if outcome.timed_out:
            notes.append(f"timed out after {self._settings.timeout_seconds:g} s")
        if outcome.exit_code is not None and outcome.exit_code != 0:
            notes.append(f"exit code {outcome.exit_code}")
        said = [part.rstrip("\n") for part in (outcome.stdout, outcome.stderr) if part.strip()]
        text = "\n".join([*said, *notes]) or "it printed nothing"
        return Result(text, failed=not outcome.succeeded, is_unknown=is_ended and plan.risk not in LOOKS)


class CommandTool(_ProgramTool):
    """One program, or one verb of it."""

    def __init__(
        self,
        program: str,
        verb: Sequence[str] = (),
        *,
        name: str = "",
        runner: Runner,
        tables: Tables,
        settings: Settings,
    ) -> None:
        """
        Args:
            verb: Words that every call begins with.
        """
        self._front = (program, *verb)
        self._needs_words = not verb
        shown = " ".join(self._front)
        super().__init__(
            name or "_".join(self._front),
            f"Runs one {shown} command and gives back what it prints. There is no shell: no pipes, no redirects.",
            f"The words behind `{shown}`.",
            runner=runner,
            tables=tables,
            settings=settings,
        )

    def _argv(self, words: Sequence[str]) -> tuple[str, ...]:
        program, *verb = self._front
        behind = tuple(words)
        if behind[:1] == (program,):
            behind = behind[1:]
        if verb and behind[: len(verb)] == tuple(verb):
            behind = behind[len(verb) :]
        return (*self._front, *behind)


class ShellTool(_ProgramTool):
    """Any of some programs; there is no shell in it."""

    def __init__(
        self,
        programs: Sequence[str] | None = None,
        *,
        name: str = "shell",
        runner: Runner,
        tables: Tables,
        settings: Settings,
    ) -> None:
        """
        Args:
            programs: The first words that commands may have; None: programs that have a table of classes.
        """
        self._programs = None if programs is None else tuple(program for program in programs if may_run(program))
        self._said = "programs such as kubectl, docker, ps, df" if self._programs is None else ", ".join(self._programs)
        super().__init__(
            name,
            f"Runs one command and gives back what it prints: {self._said}. There is no shell: no pipes, no redirects.",
            "The whole command, with its program in front.",
            runner=runner,
            tables=tables,
            settings=settings,
        )

    def _argv(self, words: Sequence[str]) -> tuple[str, ...]:
        program = words[0]
        known_here = self._tables.knows(program) if self._programs is None else program in self._programs
        if not (known_here and may_run(program)):
            raise CallRefused(f"{program[:64]} is not among the commands that may run here: {self._said or 'none'}")
        return tuple(words)


def _target(
    aimed: Aimed, context: Context, environment: Mapping[str, str], directory: str, server: str
) -> dict[str, str]:
    found = {"directory": directory}
    program = aimed.argv[0]
    if program in CLUSTER_OPTION:
        found |= {
            "context": aimed.cluster,
            "cluster": context.cluster,
            "server": server,
            "namespace": aimed.namespace,
            "kubeconfig": environment.get("KUBECONFIG", ""),
        }
    elif program == "aws":
        found |= {
            "profile": environment.get("AWS_PROFILE", ""),
            "region": environment.get("AWS_REGION", "") or environment.get("AWS_DEFAULT_REGION", ""),
        }
    elif program == "docker":
        found |= {"docker": aimed.cluster, "endpoint": server, "host": environment.get("DOCKER_HOST", "")}
    return {name: value for name, value in found.items() if value}
