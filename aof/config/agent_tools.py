"""What an Agent may use: tools in their three forms, and MCP servers."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from aof.config.envelope import Name
from aof.config.model import StrictModel
from aof.config.spelling import folded, nearest

NAMES = frozenset(
    {
        "shell", "bash", "sh", "kubectl", "docker", "helm", "git", "terraform", "aws", "read_file", "write_file",
        "list_directory", "search_files", "http", "http_request", "prometheus_query", "loki_query",
        "elasticsearch_query", "victoriametrics_query",
    }
)  # fmt: skip
_WITH_VERBS = ("kubectl_", "docker_", "helm_", "git_", "terraform_", "aws_")
"""`kubectl_get` is kubectl fixed to that verb."""

_CONFIG_OF_TYPE: Mapping[str, frozenset[str]] = {
    "shell": frozenset({"allowed_commands", "blocked_commands", "working_directory", "timeout_seconds"}),
    "mcp": frozenset({"name", "command", "args", "env", "endpoint", "url", "transport", "timeout_seconds"}),
    "http": frozenset({"base_url", "endpoint", "allowed_methods", "headers", "auth", "timeout_seconds"}),
    "file": frozenset({"allowed_paths", "base_dir", "read_only", "max_file_size"}),
}
_TYPES_NOT_YET = frozenset({"github", "slack", "toolserverref", "mcpcli"})

Seconds = Annotated[float, Field(gt=0, le=86400, allow_inf_nan=False)]


def is_known(tool: str) -> bool:
    """Whether a tool of this name is built in."""
    name = tool.replace("-", "_").casefold()
    return name in NAMES or name.startswith(_WITH_VERBS)


class Auth(StrictModel):
    """How an HTTP tool proves who asks."""

    type: str = "bearer"
    """The kind of proof."""
    token_env: str = ""
    """The variable that holds the token."""


class ToolConfig(StrictModel):
    """The settings of a tool; which of them it takes depends on its type."""

    allowed_commands: tuple[str, ...] | None = None
    """Shell: first words of the commands that may run."""
    blocked_commands: tuple[str, ...] = ()
    """Shell: first words of the commands that may not run."""
    working_directory: str = ""
    """Shell: where commands start."""
    name: str = ""
    """MCP: how the server is called."""
    command: str | tuple[str, ...] = ""
    """MCP: the program to start."""
    args: tuple[str, ...] = ()
    """MCP: its arguments."""
    env: Mapping[str, str] = Field(default_factory=dict)
    """MCP: its environment."""
    transport: Literal["stdio", "sse", "http"] | None = None
    """MCP: how the server is spoken to."""
    url: str = ""
    """MCP: its address."""
    endpoint: str = ""
    """MCP and HTTP: another name of the address."""
    base_url: str = ""
    """HTTP: where every request goes."""
    allowed_methods: tuple[str, ...] | None = None
    """HTTP: the methods that may be used."""
    headers: Mapping[str, str] = Field(default_factory=dict)
    """HTTP: sent with every request."""
    auth: Auth | None = None
    """HTTP: how the tool proves who asks."""
    allowed_paths: tuple[str, ...] | None = None
    """File: directories that may be used."""
    base_dir: str = ""
    """File: another name for one allowed path."""
    read_only: bool = False
    """File: true, nothing may be written."""
    max_file_size: str = ""
    """File: the most that is read of one file."""
    timeout_seconds: Seconds | None = None
    """Shell, MCP and HTTP: how long one use may take."""


class Tool(StrictModel):
    """One tool, typed (`type`, `config`) or qualified (`name`, `source`)."""

    type: str | None = None
    """Shell, MCP, HTTP or File."""
    name: Name | None = None
    """Of a tool that is built in, or that a server offers."""
    source: Literal["builtin", "mcp"] | None = None
    """Where the tool is; builtin where nothing is said."""
    server: str | None = None
    """The MCP server that offers it."""
    config: ToolConfig | None = None
    """Its settings."""
    enabled: bool = True
    """False: the agent does not have it."""
    timeout_secs: Seconds | None = None
    """How long one use may take."""

    @field_validator("type")
    @classmethod
    def _known_type(cls, kind: str | None) -> str | None:
        if kind is None or folded(kind) in _CONFIG_OF_TYPE:
            return kind
        if folded(kind) in _TYPES_NOT_YET:
            raise ValueError(f"a tool of type {kind} is not supported yet. Remove this tool.")
        meant = nearest(kind, ("Shell", "MCP", "HTTP", "File"))
        remedy = f'Did you mean "{meant}"?' if meant else "Write Shell, MCP, HTTP or File."
        raise ValueError(f"there is no such type of tool. {remedy}")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if self.type is None and self.name is None:
            raise ValueError("says neither type nor name. Write for example type: Shell.")
        if self.source == "mcp" and not self.server:
            raise ValueError("a tool of an MCP server does not name it. Write server: and its name.")
        if self.type and self.config:
            taken = _CONFIG_OF_TYPE[folded(self.type)]
            for key in sorted(self.config.model_fields_set - taken):
                raise ValueError(f"a tool of type {self.type} takes no {key}. Write one of {', '.join(sorted(taken))}.")
        return self


class ToolRestriction(StrictModel):
    """What one tool may do, checked on each call; what is blocked wins."""

    allowed_verbs: tuple[str, ...] | None = None
    """Only these may be used."""
    blocked_verbs: tuple[str, ...] = ()
    """These may not be used."""


class McpServer(StrictModel):
    """A server that offers tools by the Model Context Protocol."""

    other_names: ClassVar[Mapping[str, str]] = {"endpoint": "url"}

    name: Name
    """How the tools refer to it."""
    transport: Literal["stdio", "sse", "http"] | None = None
    """stdio, or http where a URL is given."""
    command: str | tuple[str, ...] | None = None
    """The program to start."""
    args: tuple[str, ...] = ()
    """Its arguments."""
    env: Mapping[str, str] = Field(default_factory=dict)
    """Its environment."""
    url: str | None = None
    """Its address."""
    tools: tuple[str, ...] | None = None
    """Only these of its tools are used."""
    init_options: Mapping[str, str] = Field(default_factory=dict)
    """Handed over when the connection begins."""
    timeout_secs: Seconds = 30
    """How long one use may take."""
    auto_reconnect: bool = True
    """False: a lost connection stays lost."""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.command is None and self.url is None:
            raise ValueError("a server with neither command nor url can't be reached. Write command: or url:.")
        return self
