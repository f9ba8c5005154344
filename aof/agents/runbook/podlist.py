"""A list of pods as kubectl prints it, and which of them are crashing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from aof.agents.runbook.thresholds import RECENT_CRASH_MINUTES
from aof.tools.commands import fits

_STARTING = frozenset({"ContainerCreating", "PodInitializing"})
_REASON = re.compile(r"[A-Za-z][A-Za-z0-9]{0,63}")

T = TypeVar("T")
Several = Annotated[tuple[T, ...], BeforeValidator(lambda given: () if given is None else given)]


def _named(pattern: str) -> AfterValidator:
    def fitting(value: str) -> str:
        if not fits(pattern, value):
            raise ValueError(f"no name of a {pattern}")
        return value

    return AfterValidator(fitting)


class _Read(BaseModel):
    # Kubernetes adds fields with every release
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class _Reasoned(_Read):
    reason: str = ""

    @field_validator("reason", mode="before")
    @classmethod
    def _one_word(cls, given: object) -> str:
        return given if isinstance(given, str) and _REASON.fullmatch(given) else ""


class _Terminated(_Reasoned):
    exit_code: int = Field(0, alias="exitCode")
    finished_at: AwareDatetime | None = Field(None, alias="finishedAt")


class _State(_Read):
    waiting: _Reasoned | None = None
    terminated: _Terminated | None = None


class _Container(_Read):
    name: Annotated[str, _named("container")]
    ready: bool = False
    restarts: int = Field(0, alias="restartCount")
    state: _State = _State()
    last: _State = Field(_State(), alias="lastState")


class _Condition(_Reasoned):
    type: str
    status: str


class _Status(_Reasoned):
    phase: str = ""
    conditions: Several[_Condition] = ()
    containers: Several[_Container] = Field((), alias="containerStatuses")
    init_containers: Several[_Container] = Field((), alias="initContainerStatuses")


class _Metadata(_Read):
    name: Annotated[str, _named("pod")]
    namespace: Annotated[str, _named("namespace")]


class Pod(_Read):
    """What is read of one."""

    metadata: _Metadata
    status: _Status = _Status()

    @property
    def namespace(self) -> str:
        return self.metadata.namespace

    @property
    def name(self) -> str:
        return self.metadata.name

    @property
    def has_finished(self) -> bool:
        """Its work is done, as that of a job."""
        return self.status.phase == "Succeeded"

    @property
    def is_ready(self) -> bool:
        return any(each.type == "Ready" and each.status == "True" for each in self.status.conditions) or (
            self.status.phase == "Running" and all(each.ready for each in self.status.containers)
        )

    @property
    def finds_no_node(self) -> bool:
        return any(
            each.type == "PodScheduled" and each.status == "False" and each.reason == "Unschedulable"
            for each in self.status.conditions
        )


class _Pods(_Read):
    items: tuple[Pod, ...]


@dataclass(frozen=True, slots=True)
class Crashing:
    """A pod in trouble, by its worst container."""

    namespace: str
    pod: str
    reason: str
    exit_code: int | None
    """Where the reason says no more than that it ended."""
    restarts: int
    """Of all its containers."""
    container: str | None
    """None where the pod as a whole failed."""
    is_only_container: bool
    has_earlier_logs: bool
    """The container has run and ended before; the logs that tell why are those."""


class UnreadableList(ValueError):
    """What kubectl printed is not a list of pods."""


def read_pods(document: object) -> tuple[Pod, ...]:
    """The pods of `kubectl get pods -o json`.

    Raises:
        UnreadableList: It isn't one, or holds names that Kubernetes doesn't allow.
    """
    try:
        return _Pods.model_validate(document).items
    except ValidationError as error:
        raise UnreadableList(f"{error.error_count()} problems") from error


def crashing(pods: Sequence[Pod], now: datetime) -> list[Crashing]:
    """Those in trouble, the most restarts first."""
    found = [trouble for pod in pods if (trouble := _trouble(pod, now)) is not None]
    return sorted(found, key=lambda each: (-each.restarts, each.namespace, each.pod))


def _trouble(pod: Pod, now: datetime) -> Crashing | None:
    containers = (*pod.status.init_containers, *pod.status.containers)
    restarts = sum(each.restarts for each in containers)
    for each in sorted(containers, key=lambda container: -container.restarts):
        why = _why(each, now)
        if why is not None:
            reason, exit_code = why
            return Crashing(
                pod.namespace,
                pod.name,
                reason,
                exit_code,
                restarts,
                each.name,
                is_only_container=len(containers) == 1,
                has_earlier_logs=each.last.terminated is not None and each.state.terminated is None,
            )
    if pod.status.phase == "Failed":
        reason = pod.status.reason or "Failed"
        return Crashing(
            pod.namespace, pod.name, reason, None, restarts, None, is_only_container=True, has_earlier_logs=False
        )
    return None


def _why(container: _Container, now: datetime) -> tuple[str, int | None] | None:
    """Reason and exit code of a container in trouble."""
    waiting, ended, before = container.state.waiting, container.state.terminated, container.last.terminated
    if waiting is not None and waiting.reason not in _STARTING:
        if before is not None and before.exit_code:
            return _ending(before, waiting.reason)  # "OOMKilled" says more than "CrashLoopBackOff"
        return (waiting.reason or "Waiting", None)
    if ended is not None and ended.exit_code:
        return _ending(ended, "")
    if before is not None and before.exit_code and _is_recent(before, now):
        return _ending(before, "")
    return None


def _ending(ended: _Terminated, waiting_reason: str) -> tuple[str, int | None]:
    if ended.reason and ended.reason != "Error":
        return (ended.reason, None)
    return (waiting_reason or "Error", ended.exit_code)


def _is_recent(ended: _Terminated, now: datetime) -> bool:
    return ended.finished_at is not None and now - ended.finished_at <= timedelta(minutes=RECENT_CRASH_MINUTES)
