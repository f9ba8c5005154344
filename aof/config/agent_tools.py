"""What an Agent may use: tools in their three forms, and MCP servers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from aof.config.envelope import Name
from aof.config.model import StrictModel
from aof.config.patterns import StrictText
from aof.config.spelling import folded, nearest
from aof.domain.risk import Risk

Kind = Literal["shell", "program", "file", "http", "query", "opportunity", "mcp"]

_BUILT_IN: Mapping[str, tuple[Kind, str]] = {
    **dict.fromkeys(("shell", "bash", "sh"), ("shell", "shell")),
    **{
        name: ("program", name)
        for name in ("kubectl", "docker", "helm", "git", "systemctl", "journalctl", "terraform", "aws")
    },
    **{name: ("file", name) for name in ("read_file", "write_file", "list_directory", "search_files")},
    **dict.fromkeys(("http", "http_request"), ("http", "http")),
    "opportunity": ("opportunity", "opportunity"),
    **{
        name: ("query", name)
        for name in ("prometheus_query", "loki_query", "elasticsearch_query", "victoriametrics_query")
    },
}
"""Every name of a built-in tool, with what it is and what it is called."""
NAMES = frozenset(_BUILT_IN)
_KINDS: Mapping[str, Kind] = {"shell": "shell", "http": "http", "file": "file"}
_WITH_VERBS = ("kubectl_", "docker_", "helm_", "git_", "systemctl_", "terraform_", "aws_")
"""`kubectl_get` is kubectl fixed to that verb."""

_CONFIG_OF_TYPE: Mapping[str, frozenset[str]] = {
    "shell": frozenset({"allowed_commands", "blocked_commands", "working_directory", "timeout_seconds"}),
    "mcp": frozenset(
        {
            *("name", "command", "args", "env", "endpoint", "url", "transport", "headers", "auth", "tools", "classes"),
            *("trust_hints", "timeout_seconds"),
        }
    ),
    "http": frozenset(
        {"base_url", "endpoint", "allowed_methods", "headers", "auth", "private_networks", "timeout_seconds"}
    ),
    "file": frozenset({"allowed_paths", "base_dir", "read_only", "max_file_size"}),
}
_TYPES_NOT_YET = frozenset({"github", "slack", "toolserverref", "mcpcli"})

Seconds = Annotated[float, Field(gt=0, le=86400, allow_inf_nan=False)]


def is_known(tool: str) -> bool:
    """Whether a tool of this name is built in."""
    name = tool.replace("-", "_").casefold()
    return name in NAMES or name.startswith(_WITH_VERBS)


class Auth(StrictModel):
    """How a tool or an MCP server is told who asks."""

    type: str = "bearer"
    """The kind of proof; bearer is the one there is."""
    token_env: str = ""
    """The variable that holds the token."""

    @field_validator("type")
    @classmethod
    def _bearer(cls, kind: str) -> str:
        if folded(kind) != "bearer":
            raise ValueError(f"{kind} is not supported yet. Write bearer, or the header itself under headers:.")
        return kind


class ToolConfig(StrictModel):
    """The settings of a tool; which of them it takes depends on its type."""

    allowed_commands: tuple[str, ...] | None = None
    """Shell: first words of the commands that may run."""
    blocked_commands: tuple[StrictText, ...] = ()
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
    tools: tuple[str, ...] | None = None
    """MCP: only these of its tools are used."""
    classes: Mapping[str, Risk] = Field(default_factory=dict)
    """MCP: what each of its tools does, by its name; one that is not here changes something."""
    trust_hints: bool = False
    """MCP: true, a tool of which the server says that it only looks is one that does."""
    url: str = ""
    """MCP: its address."""
    endpoint: str = ""
    """MCP and HTTP: another name of the address."""
    base_url: str = ""
    """HTTP: where every request goes."""
    allowed_methods: tuple[str, ...] | None = None
    """HTTP: the methods that may be used."""
    headers: Mapping[str, str] = Field(default_factory=dict)
    """HTTP and MCP: sent with every request."""
    auth: Auth | None = None
    """HTTP and MCP: how the server is told who asks."""
    private_networks: tuple[StrictText, ...] = ()
    """HTTP: networks within which the server may be, such as 10.20.0.0/16; public addresses need none."""
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

    @field_validator("private_networks")
    @classmethod
    def _are_networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        for network in networks:
            try:
                ip_network(network)
            except ValueError:
                raise ValueError(f"{network} is no network. Write it like 10.20.0.0/16 or 127.0.0.1/32.") from None
        return networks

    @property
    def reaches(self) -> bool:
        """Whether an MCP server can be reached by it."""
        return bool(self.command or self.url or self.endpoint)


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
        if self.type and folded(self.type) == "mcp" and not (self.config and self.config.reaches):
            raise ValueError("a server with neither command nor url can't be reached. Write config: {url: …}.")
        return self


class ToolRestriction(StrictModel):
    """What one tool may do, checked on each call; what is blocked wins."""

    allowed_verbs: tuple[str, ...] | None = None
    """Only these may be used."""
    blocked_verbs: tuple[StrictText, ...] = ()
    """These may not be used."""


class McpServer(StrictModel):
    """A server that offers tools by the Model Context Protocol."""

    without_effect: ClassVar[frozenset[str]] = frozenset({"init_options"})
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
    headers: Mapping[str, str] = Field(default_factory=dict)
    """Sent with every request to its address."""
    auth: Auth | None = None
    """How it is told who asks, at its address."""
    tools: tuple[str, ...] | None = None
    """Only these of its tools are used."""
    classes: Mapping[str, Risk] = Field(default_factory=dict)
    """What each of its tools does, by its name; one that is not here changes something, so that it is asked for."""
    trust_hints: bool = False
    """True: a tool of which the server says that it only looks is one that does, unless classes says otherwise."""
    timeout_secs: Seconds = 30
    """How long one use may take."""
    auto_reconnect: bool = True
    """False: a lost connection stays lost."""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.command is None and self.url is None:
            raise ValueError("a server with neither command nor url can't be reached. Write command: or url:.")
        return self


@dataclass(frozen=True, slots=True)
class ToolEntry:
    """One tool that an agent has, whichever form its file has for it.

    Attributes:
        kind: `program` is one with a table of risks, such as kubectl; `query` asks a server for figures or logs.
        name: What the model calls it.
        verb: Of a program: the only words that may follow it, such as `get`; "" leaves it open.
        server: Of kind mcp: the server that offers it.
        timeout_seconds: How long one use may take; None leaves it to the kind.
    """

    kind: Kind
    name: str
    verb: str = ""
    server: str = ""
    config: ToolConfig = field(default_factory=ToolConfig)
    timeout_seconds: float | None = None

    @property
    def program(self) -> str:
        """Of kind program: what runs."""
        return self.name.partition("_")[0] if self.kind == "program" else ""


def toolset(tools: Sequence[str | Tool]) -> tuple[tuple[ToolEntry, ...], tuple[str, ...]]:
    """The tools that there are, and the names of those that nobody has; MCP servers among them are `servers_of`."""
    entries: list[ToolEntry] = []
    missing: list[str] = []
    for tool in tools:
        one = Tool.model_construct(name=tool) if isinstance(tool, str) else tool
        if not one.enabled or (one.type and folded(one.type) == "mcp"):
            continue
        if entry := _entry(one):
            entries.append(entry)
        elif one.name:
            missing.append(one.name)
    return tuple(entries), tuple(missing)


def servers_of(tools: Sequence[str | Tool]) -> Iterator[McpServer]:
    """The MCP servers that stand among the tools."""
    for tool in tools:
        if isinstance(tool, Tool) and tool.enabled and tool.config and folded(tool.type or "") == "mcp":
            config = tool.config
            yield McpServer.model_construct(
                name=config.name or tool.name or "mcp",
                transport=config.transport,
                command=config.command or None,
                args=config.args,
                env=config.env,
                url=config.url or config.endpoint or None,
                headers=config.headers,
                auth=config.auth,
                tools=config.tools,
                classes=config.classes,
                trust_hints=config.trust_hints,
                timeout_secs=_shorter(tool.timeout_secs, config.timeout_seconds) or 30,
            )


def _entry(tool: Tool) -> ToolEntry | None:
    config = tool.config or ToolConfig()
    timeout = _shorter(tool.timeout_secs, config.timeout_seconds)
    if tool.type:
        kind = _KINDS[folded(tool.type)]
        return ToolEntry(kind, tool.name or kind, config=config, timeout_seconds=timeout)
    name = tool.name or ""
    if tool.source == "mcp":
        return ToolEntry("mcp", name, server=tool.server or "", config=config, timeout_seconds=timeout)
    name = name.replace("-", "_").casefold()
    if name.startswith(_WITH_VERBS):
        verb = name.partition("_")[2].replace("_", " ")
        return ToolEntry("program", name, verb, config=config, timeout_seconds=timeout)
    if name not in _BUILT_IN:
        return None
    kind, called = _BUILT_IN[name]
    return ToolEntry(kind, called, config=config, timeout_seconds=timeout)


def _shorter(*seconds: float | None) -> float | None:
    return min((one for one in seconds if one is not None), default=None)
