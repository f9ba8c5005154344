"""`Context`: the place that work is done in, and what is allowed there."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from aof.config.approval import LONGEST_WAIT_MINUTES, MOST_APPROVERS, classes_of
from aof.config.approver import ApproverText
from aof.config.beside import directory_of
from aof.config.envelope import Envelope, Name, ResourceMetadata
from aof.config.model import StrictModel
from aof.config.patterns import StrictPattern, StrictText, without_variables
from aof.domain.risk import Risk

Origin = Literal[
    "whatsapp", "telegram", "slack", "discord", "teams", "github", "gitlab", "bitbucket", "jira", "cli", "webhook",
    "schedule", "alert", "unknown",
]  # fmt: skip
"""Where a run comes from, by the names that a policy has for it."""
ORIGINS: Mapping[str, Origin] = {"console": "cli", "http": "webhook"}
"""Of platforms whose origin has another name."""


def _target(given: object) -> object:
    # with a text such as ${CLUSTER} left in it, work would go to wherever a program goes by default
    if isinstance(given, str):
        without_variables(given)
        if not given.strip():
            raise ValueError("is empty; give it a value, or remove the key")
    return given


def _below(path: Path, validation: ValidationInfo) -> Path:
    return directory_of(validation) / path.expanduser()


Target = Annotated[str, BeforeValidator(_target), Field(min_length=1, max_length=253, pattern=r"^[^\s-][^\s]*$")]
"""One word that becomes an argument of a program."""
TargetPath = Annotated[Path, BeforeValidator(_target)]
Url = Annotated[str, BeforeValidator(_target), Field(pattern=r"^https?://[^\s/@]+(/\S*)?$", max_length=2048)]


class Display(StrictModel):
    """How menus show it."""

    name: str = ""
    """In place of its name."""
    emoji: Annotated[str, Field(max_length=16)] = ""
    """Stands before the name."""
    description: str = ""
    """What menus say of it."""


class Connection(StrictModel):
    """Where its programs and servers are; told to tools, never to a model."""

    kubeconfig: TargetPath | None = None
    """The file that kubectl and helm read; relative to this file."""
    kubecontext: Target | None = None
    """The context of that file; without it, the file's current one."""
    namespace: Target | None = None
    """The namespace that commands go to."""
    aws_profile: Target | None = None
    """The profile that aws uses."""
    aws_region: Target | None = None
    """The region that aws uses."""
    prometheus_url: Url | None = None
    """Where Prometheus is."""
    loki_url: Url | None = None
    """Where Loki is."""
    elasticsearch_url: Url | None = None
    """Where Elasticsearch is."""
    victoriametrics_url: Url | None = None
    """Where VictoriaMetrics is."""

    @field_validator("kubeconfig")
    @classmethod
    def _from_file(cls, path: Path | None, validation: ValidationInfo) -> Path | None:
        return None if path is None else _below(path, validation)

    @property
    def urls(self) -> Mapping[str, str]:
        """By the name of the server: prometheus, loki, elasticsearch, victoriametrics."""
        given = {name: getattr(self, f"{name}_url") for name in _SERVERS}
        return {name: url for name, url in given.items() if url}


_SERVERS = ("prometheus", "loki", "elasticsearch", "victoriametrics")


class AgentReference(StrictModel):
    """An agent by its name."""

    ref: Name
    """The agent's name."""


class ContextApproval(StrictModel):
    """What needs approval here, and whose."""

    lets_in: ClassVar[frozenset[str]] = frozenset({"allowed_users"})

    required: bool = False
    """True: whatever changes something needs approval."""
    require_for: tuple[StrictPattern, ...] | None = None
    """Regular expressions; with them, only commands in which one is found need approval."""
    allowed_users: tuple[ApproverText, ...] | None = None
    """Who may approve here; an empty list is nobody."""
    timeout_seconds: Annotated[int, Field(ge=1, le=LONGEST_WAIT_MINUTES * 60)] | None = None
    """Seconds until a question that nobody decides lapses; without it, the platform's or the daemon's time counts."""
    allow_self_approval: bool | tuple[Risk, ...] | None = None
    """Whether who asks may approve too; a list says for which classes. Without it, the daemon's word counts."""
    min_approvers: Annotated[int, Field(ge=1, le=MOST_APPROVERS)] | None = None
    """Different people who have to approve; without it, as many as the daemon says."""

    @property
    def self_approval(self) -> frozenset[Risk] | None:
        """The classes of calls that who asks may approve too; None leaves it to the daemon."""
        return None if self.allow_self_approval is None else classes_of(self.allow_self_approval)


class PlatformPolicy(StrictModel):
    """What may be done from one platform, in place of what is built in. A class that no list holds is blocked."""

    allowed_classes: tuple[Risk, ...] = ()
    """Classes of calls that run."""
    approval_classes: tuple[Risk, ...] = ()
    """Classes of calls that run once they are approved."""
    blocked_classes: tuple[Risk, ...] = ()
    """Classes of calls that do not run, whatever the other lists say."""
    blocked_message: str = ""
    """What the chat is told where something is blocked."""
    approval_timeout_minutes: Annotated[int, Field(ge=1, le=LONGEST_WAIT_MINUTES)] | None = None
    """Minutes until a question that nobody decides lapses."""


class ContextSafety(StrictModel):
    """What needs more care here."""

    require_confirmation_for_namespace: tuple[StrictText, ...] = ()
    """Namespaces in which every change needs approval."""


class ContextSecurity(StrictModel):
    """What may run here at all."""

    lets_in: ClassVar[frozenset[str]] = frozenset({"allowed_commands", "allowed_namespaces"})

    allowed_commands: tuple[StrictText, ...] | None = None
    """Only commands that begin with these words run, such as `kubectl get`; an empty list is none."""
    blocked_commands: tuple[StrictText, ...] = ()
    """Commands that begin with these words do not run."""
    allowed_namespaces: tuple[StrictText, ...] | None = None
    """Only these namespaces may be named; an empty list is none."""
    readonly_mode: bool = False
    """True: only what looks may run."""


class ContextSpec(StrictModel):
    """Everything a context says."""

    other_names: ClassVar[Mapping[str, str]] = {"cluster_name": "cluster", "default_agent": "agent"}
    lets_in: ClassVar[frozenset[str]] = frozenset({"approval_allowed_users"})

    display: Display = Display.model_construct()
    kubeconfig: TargetPath | None = None
    """The file that kubectl and helm read; relative to this file."""
    namespace: Target | None = None
    """The namespace that commands go to."""
    cluster: Target | None = None
    """What the cluster is called, for tools and people."""
    working_dir: TargetPath | None = None
    """The directory that tools start in; relative to this file."""
    env: Mapping[str, str] = Field(default_factory=dict)
    """The environment of tools; never in a prompt."""
    connection: Connection = Connection.model_construct()
    agent: str | AgentReference | None = None
    """The agent that answers here."""
    tools: tuple[str, ...] = ()
    """What people may expect to be there; it allows nothing."""
    approval: ContextApproval = ContextApproval.model_construct()
    approval_allowed_users: tuple[ApproverText, ...] | None = None
    """Who may approve here, as `approval.allowed_users`."""
    platform_policies: Mapping[Origin, PlatformPolicy] = Field(default_factory=dict)
    """What may be done from a platform, by its name."""
    safety: ContextSafety = ContextSafety.model_construct()
    security: ContextSecurity = ContextSecurity.model_construct()

    @field_validator("kubeconfig", "working_dir")
    @classmethod
    def _from_file(cls, path: Path | None, validation: ValidationInfo) -> Path | None:
        return None if path is None else _below(path, validation)

    @field_validator("agent")
    @classmethod
    def _by_name(cls, agent: str | AgentReference | None) -> str | AgentReference | None:
        name = agent.ref if isinstance(agent, AgentReference) else agent
        if name is not None and name.endswith((".yaml", ".yml")):
            raise ValueError("names a file. Write the name of the agent in it.")
        return agent

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        for key in ("kubeconfig", "namespace"):
            here, there = getattr(self, key), getattr(self.connection, key)
            if here is not None and there is not None and here != there:
                raise ValueError(f"{key} and connection.{key} name two different ones. Keep one of them.")
        if self.approval.allowed_users is not None and self.approval_allowed_users is not None:
            raise ValueError("approval.allowed_users and approval_allowed_users both say who. Keep one of them.")
        return self


class ContextConfig(Envelope):
    """A place that work is done in, and what is allowed there."""

    kind: Literal["Context"] = "Context"
    """What the document is."""
    metadata: ResourceMetadata
    spec: ContextSpec = ContextSpec.model_construct()


@dataclass(frozen=True, slots=True)
class ContextFile:
    """A context of a file.

    Attributes:
        file: As problems name it.
        line: Where its document begins.
    """

    name: str
    description: str
    spec: ContextSpec
    file: str
    line: int

    @property
    def title(self) -> str:
        """How menus show it."""
        display = self.spec.display
        return " ".join(part for part in (display.emoji, display.name or self.name) if part)

    @property
    def agent(self) -> str | None:
        """The name of the agent that answers here."""
        agent = self.spec.agent
        return agent.ref if isinstance(agent, AgentReference) else agent

    @property
    def kubeconfig(self) -> Path | None:
        """The file that kubectl and helm read."""
        return self.spec.kubeconfig or self.spec.connection.kubeconfig

    @property
    def namespace(self) -> str | None:
        """The namespace that commands go to."""
        return self.spec.namespace or self.spec.connection.namespace

    @property
    def approvers(self) -> tuple[str, ...] | None:
        """Who may approve here, each to be read by `Approver.of`; None leaves it to the platform and the daemon."""
        here = self.spec.approval.allowed_users
        return self.spec.approval_allowed_users if here is None else here

    @property
    def environment(self) -> Mapping[str, str]:
        """Of tools: what the file says, and AOF_CONTEXT, AOF_NAMESPACE and AOF_CLUSTER."""
        own = {"AOF_CONTEXT": self.name, "AOF_NAMESPACE": self.namespace, "AOF_CLUSTER": self.spec.cluster}
        return {**{name: value for name, value in own.items() if value}, **self.spec.env}
