"""The questions that are put to a cluster, each one read-only call of kubectl."""

import asyncio
import re

from aof.agents.runbook.podlist import Pod, UnreadableList, read_pods
from aof.agents.runbook.programs import ProgramFailed, called
from aof.agents.runbook.steps import Step
from aof.texts import machine_pods as texts
from aof.texts.language import Language
from aof.tools.commands import POD_LOG, WAIT, fits
from aof.tools.runner import Outcome, Runner

_NO_CLUSTER = re.compile(
    r"current-context is not set|no configuration has been provided|localhost:8080|KUBERNETES_MASTER", re.IGNORECASE
)
_NO_CLUSTER_OR_ANOTHER_SERVER = re.compile(
    rf"{_NO_CLUSTER.pattern}|could not find the requested resource|doesn't have a resource type|\(NotFound\)",
    re.IGNORECASE,
)
"""Without a context kubectl asks port 8080 of this machine, where another server may answer: this daemon, for one."""


class KubectlFailed(ProgramFailed):
    """A call did not answer the question."""

    def __init__(self, outcome: Outcome, *, has_context: bool = True) -> None:
        super().__init__(outcome)
        self._says_no_cluster = _NO_CLUSTER if has_context else _NO_CLUSTER_OR_ANOTHER_SERVER

    @property
    def has_no_cluster(self) -> bool:
        """kubectl works, and knows of no cluster."""
        return self.outcome.exit_code not in (0, None) and self._says_no_cluster.search(self.outcome.stderr) is not None

    def why(self, language: Language, host: str) -> str:
        """What kubectl tells of itself stands before what is told of every program."""
        if self.outcome.timed_out:
            return super().why(language, host)
        if self.outcome.cut:
            return texts.kubectl_too_much(language, host=host)
        if self.has_no_cluster:
            return texts.kubectl_unconfigured(language, host=host)
        if self.outcome.succeeded:
            return texts.kubectl_unreadable(language, host=host)
        return super().why(language, host)


class Kubectl:
    """All methods raise KubectlFailed."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    async def current_context(self) -> str | None:
        """None where kubectl has none, as inside a pod: it then finds its cluster in another way, or not at all."""
        outcome = await self._call("config", "current-context")
        if outcome.missing or outcome.timed_out:
            raise KubectlFailed(outcome)
        name = outcome.stdout.strip()
        return name if outcome.succeeded and fits("context", name) else None

    async def contexts(self) -> list[str]:
        """Those of the kubeconfig; none where they can't be listed."""
        outcome = await self._call("config", "get-contexts", "-o", "name")
        names = outcome.stdout.split() if outcome.succeeded else []
        return [name for name in names if fits("context", name)]

    async def pods(self, context: str | None, namespace: str = "") -> tuple[Pod, ...]:
        """Of one namespace, or of all."""
        where = ("--namespace", namespace) if namespace else ("--all-namespaces",)
        outcome = await self._call("get", "pods", *where, "-o", "json", WAIT, *_in(context))
        if not outcome.succeeded or outcome.document is None:
            raise KubectlFailed(outcome, has_context=context is not None)
        try:
            return await asyncio.to_thread(read_pods, outcome.document)
        except UnreadableList as error:
            raise KubectlFailed(outcome) from error

    async def logs(self, step: Step, container: str | None, *, previous: bool) -> Outcome:
        """The last 40 lines; `previous`: of the container that ran before this one."""
        return _sure(
            await self._call(
                "logs",
                step.pod,
                "--namespace",
                step.namespace,
                POD_LOG,
                WAIT,
                *(("--container", container) if container else ()),
                *(("--previous",) if previous else ()),
                *_in(step.context),
            )
        )

    async def describe(self, step: Step) -> Outcome:
        return _sure(
            await self._call("describe", "pod", step.pod, "--namespace", step.namespace, WAIT, *_in(step.context))
        )

    async def events(self, step: Step) -> Outcome:
        return _sure(
            await self._call(
                "get",
                "events",
                "--namespace",
                step.namespace,
                f"--field-selector=involvedObject.kind=Pod,involvedObject.name={step.pod}",
                "--sort-by=.lastTimestamp",
                WAIT,
                *_in(step.context),
            )
        )

    async def _call(self, *args: str) -> Outcome:
        return await called(self._runner, "kubectl", *args)


def _in(context: str | None) -> tuple[str, ...]:
    return ("--context", context) if context else ()


def _sure(outcome: Outcome) -> Outcome:
    # What was cut off is worth showing all the same: kubectl was ended for saying too much
    if outcome.succeeded or (outcome.cut and outcome.stdout):
        return outcome
    raise KubectlFailed(outcome)
