"""`DaemonConfig`: what one daemon is told by its file."""

import ipaddress
import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    InstanceOf,
    SecretStr,
    SerializeAsAny,
    ValidationInfo,
    field_validator,
)

from aof.config.approval import ApprovalConfig
from aof.config.beside import directory_of
from aof.config.budgets import BudgetsConfig
from aof.config.envelope import Envelope, Metadata, Name
from aof.config.model import Absent, StrictModel
from aof.config.operator import OperatorConfig
from aof.config.people import Person
from aof.config.providers import check_model
from aof.config.rules import RuleConfig
from aof.texts.language import Language

_SQLITE = "sqlite:///"
_SHORTEST_TOKEN = 16
"""Characters."""
_LACKING = "Write token_env: AOF_ADMIN_TOKEN, the name of a variable with 16 characters or more"
_SYSTEM_PATH = tuple(map(Path, ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")))


def _listed(given: object) -> object:
    directories = given.split(":") if isinstance(given, str) else given
    if isinstance(directories, list | tuple) and any(str(directory).strip() == "" for directory in directories):
        raise ValueError("an empty directory would mean wherever the daemon was started. Name every directory.")
    return directories


def _named(given: object) -> object:
    if isinstance(given, str) and not given.strip():
        raise ValueError("is empty; write the name of a directory")
    return given


def _network(given: object) -> object:
    try:
        network = ipaddress.ip_network(str(given).strip())
    except ValueError:
        raise ValueError("is no address and no network; write one such as 10.0.0.7 or 10.0.0.0/8") from None
    if network.prefixlen == 0:
        raise ValueError("would trust the whole world; write the addresses of your proxies")
    return network


def _origin(given: str) -> str:
    try:
        split = urlsplit(given.strip())
        host, port = split.hostname, split.port
    except ValueError:
        host = port = None
    if not host or split.scheme not in ("http", "https") or split.username or split.query or split.fragment:
        raise ValueError("is no address of a site. Write one such as https://ops.example.org.")
    if split.path not in ("", "/"):
        raise ValueError("has a path, and the page has one of its own. Write scheme and host alone.")
    if split.scheme == "http" and not is_loopback(host):
        raise ValueError("would send sign-ins in clear. Write https:// in front.")
    shown = f"[{host}]" if ":" in host else host
    # as browsers write it: without the port that the scheme has anyway
    usual = port in (None, {"http": 80, "https": 443}[split.scheme])
    return f"{split.scheme}://{shown}" if usual else f"{split.scheme}://{shown}:{port}"


def is_loopback(host: str) -> bool:
    """Whether a name or an address, without a port, means this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


Proxies = tuple[Annotated[IPv4Network | IPv6Network, BeforeValidator(_network)], ...]
Host = Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9._:%-]+$")]
Port = Annotated[int, Field(ge=0, le=65535)]


class AdminConfig(StrictModel):
    """The port for operators: health and readiness."""

    env_keys: ClassVar[frozenset[str]] = frozenset({"token"})

    host: Host = "127.0.0.1"
    """An address or a host name of this machine; one that is not loopback needs a token."""
    port: Port = 8081
    """0 takes a free one."""
    token: Annotated[
        SecretStr | None,
        Absent("only a loopback host is taken"),
        Field(examples=["AOF_ADMIN_TOKEN"], validate_default=True),
    ] = None
    """What callers have to show, at least 16 characters. A host that is not loopback needs it."""
    public_url: Annotated[
        Annotated[str, AfterValidator(_origin)] | None,
        Absent("the page is opened under the address that it listens on"),
        Field(examples=["https://ops.example.org"]),
    ] = None
    """Where a browser finds the page behind a proxy: scheme and host. With https its cookies travel encrypted alone."""
    trusted_proxies: Proxies = ()
    """Addresses or networks of proxies whose word on where a request comes from is taken here; none by default."""

    @field_validator("token")
    @classmethod
    def _long_enough(cls, token: SecretStr | None, validation: ValidationInfo) -> SecretStr | None:
        host = validation.data.get("host")
        if token is None and host is not None and not is_loopback(host):
            raise ValueError(f"a host that is not loopback needs a token. {_LACKING}, or host: 127.0.0.1.")
        if token is not None and len(token.get_secret_value().strip()) < _SHORTEST_TOKEN:
            raise ValueError(f"is too short. {_LACKING}.")
        return token


class ServerConfig(StrictModel):
    """Where webhooks arrive."""

    host: Host = "0.0.0.0"  # noqa: S104 -- webhooks come from outside, each one signed
    """An address or a host name of this machine."""
    port: Port = 8080
    """0 takes a free one."""
    trusted_proxies: Proxies = ()
    """Addresses or networks of proxies whose word on where a request comes from is taken; none by default."""
    admin: AdminConfig = AdminConfig.model_construct()

    @field_validator("admin")
    @classmethod
    def _two_ports(cls, admin: AdminConfig, validation: ValidationInfo) -> AdminConfig:
        port = validation.data.get("port")
        if port and port == admin.port:
            raise ValueError(f"port {port} is given to webhooks and to the admin. Write two different ones.")
        return admin


class StoreConfig(StrictModel):
    """Where messages live until they are answered, and how long afterwards."""

    url: str = Field(default="sqlite:///aof.db", validate_default=True)
    """`sqlite:///x` is relative to the configuration file, `sqlite:////x` absolute."""
    keep_days: int = Field(default=30, ge=1, le=3650)
    """Days that answered messages and closed deliveries are kept."""
    keep_ids_days: int = Field(default=30, le=3650)
    """Days that ids are remembered, so that a repeat is known as one; at least 7, since Meta repeats for 7 days."""

    @field_validator("url")
    @classmethod
    def _one_file(cls, url: str, validation: ValidationInfo) -> str:
        scheme = re.match(r"([A-Za-z][A-Za-z0-9]*)[A-Za-z0-9+.-]*:", url)
        if scheme and scheme[1].lower() != "sqlite":
            raise ValueError(f"a store in {scheme[1].lower()} is not supported yet. Write sqlite:///aof.db.")
        file = url.removeprefix(_SQLITE)
        if file == url or not file or file.endswith("/"):
            raise ValueError(
                "this is not the address of a store. Write sqlite:///aof.db, or sqlite:////var/lib/aof.db."
            )
        if file == ":memory:":
            raise ValueError("a store in memory would lose every message at a restart. Write sqlite:///aof.db.")
        if "?" in file or "#" in file:
            raise ValueError("options in the address of a store are not supported yet. Write sqlite:///aof.db.")
        return _SQLITE + str(directory_of(validation) / file)

    @field_validator("keep_ids_days")
    @classmethod
    def _longer_than_repeats(cls, days: int) -> int:
        if days < 7:
            raise ValueError(f"{days} is too short, Meta repeats a webhook for 7 days. Write 7 or more.")
        return days

    @property
    def file(self) -> Path:
        """The database; relative to the working directory only where no configuration file was loaded."""
        return Path(self.url.removeprefix(_SQLITE))


class DeliveryConfig(StrictModel):
    """What is done about a message that may or may not have been sent."""

    uncertain: Literal["send_again", "ask_operator"] = "send_again"
    """After the wait: send once more, marked so in the ledger, or hold it for an operator."""
    uncertain_wait_seconds: float = Field(default=10, ge=0.1, le=3600, allow_inf_nan=False)
    """Seconds to wait for a receipt that settles it."""


class ToolsConfig(StrictModel):
    """Where the programs are that agents run."""

    path: Annotated[tuple[Path, ...], BeforeValidator(_listed), Field(min_length=1)] = _SYSTEM_PATH
    """Directories, as a list or joined by `:`; relative ones are relative to the configuration file."""

    @field_validator("path")
    @classmethod
    def _from_file(cls, path: tuple[Path, ...], validation: ValidationInfo) -> tuple[Path, ...]:
        return tuple(directory_of(validation) / directory for directory in path)


class RuntimeConfig(StrictModel):
    """Who answers, and how much at once."""

    default_agent: str = Field(default="runbook", min_length=1, max_length=253)
    """The agent for text that nothing else claims; `runbook` is built in."""
    max_concurrent_tasks: int = Field(default=10, ge=1, le=1000)
    """Answers in progress at once."""
    task_timeout_secs: int = Field(default=300, ge=1, le=86400)
    """Seconds that one answer may take."""
    max_tasks_per_user: int = Field(default=3, ge=1, le=1000)
    """Answers in progress at once for one person, over all chats."""
    max_waiting_per_conversation: int = Field(default=50, ge=1, le=10000)
    """Messages that may wait in one chat; further ones are refused politely."""
    max_message_age_secs: int = Field(default=900, ge=0, le=7 * 86400)
    """Seconds after which a message that waited is not run unasked; 0 lets every message run."""
    default_context: Annotated[Name | None, Absent("no context"), Field(examples=["staging"])] = None
    """The context of a run for which nothing else says one."""
    default_model: Annotated[
        str | None, Absent("every agent names its own"), Field(examples=["anthropic:claude-sonnet-5-5"], min_length=1)
    ] = None
    """The model of agents that name none, as `provider:model`."""
    language: Language = Language.ENGLISH
    """The daemon's language where a text does not tell which one is spoken."""

    @field_validator("default_model")
    @classmethod
    def _complete(cls, model: str | None) -> str | None:
        if model is not None:
            check_model(model)
        return model


class ConversationMemory(StrictModel):
    """What is remembered of a conversation, for agents that do not say it themselves."""

    enabled: bool = True
    """False: nothing is remembered."""
    backend: Literal["sqlite", "inmemory", "redis"] = "sqlite"
    """sqlite is the daemon's store, inmemory ends with the daemon; in place of redis the daemon's store is used."""
    max_messages: int = Field(default=20, ge=1, le=10000)
    """Messages of one conversation that are kept."""
    context_window: int = Field(default=10, ge=0, le=10000)
    """Messages of them that a model sees."""
    ttl_minutes: int = Field(default=60, ge=1, le=525600)
    """Minutes after its last message that a conversation is kept."""


class DirectoryConfig(StrictModel):
    """A directory of files with resources."""

    directory: Annotated[Path, BeforeValidator(_named)]
    """Where the files are, `.yaml` and `.yml`; relative to the configuration file."""
    enabled: bool = True
    """False: nothing of it is read."""
    recursive: bool = True
    """False: without the directories inside it."""
    watch: bool = False
    """Only false: changed files count from the next start."""

    @field_validator("directory")
    @classmethod
    def _from_file(cls, directory: Path, validation: ValidationInfo) -> Path:
        return directory_of(validation) / directory

    @field_validator("watch")
    @classmethod
    def _at_start_only(cls, watch: bool) -> bool:  # noqa: FBT001 -- pydantic hands it over by position
        if watch:
            raise ValueError("to follow changes is not supported yet. Write false, and restart after a change.")
        return watch


class DaemonSpec(StrictModel):
    """Everything a daemon is told, by section."""

    server: ServerConfig = ServerConfig.model_construct()
    store: StoreConfig = StoreConfig.model_construct()
    platforms: Mapping[str, SerializeAsAny[InstanceOf[BaseModel]]]
    """By name: whatsapp and telegram, one of them or both. One with `enabled: false` may be left out."""
    agents: Annotated[
        DirectoryConfig | None, Absent("no Agent file is read"), Field(examples=[{"directory": "config/agents"}])
    ] = None
    """The directory of Agent files."""
    triggers: Annotated[
        DirectoryConfig | None, Absent("no Trigger file is read"), Field(examples=[{"directory": "config/triggers"}])
    ] = None
    """The directory of Trigger files."""
    contexts: Annotated[
        DirectoryConfig | None, Absent("no Context file is read"), Field(examples=[{"directory": "config/contexts"}])
    ] = None
    """The directory of Context files."""
    runbooks: Annotated[
        DirectoryConfig | None, Absent("no Runbook file is read"), Field(examples=[{"directory": "config/runbooks"}])
    ] = None
    """The directory of Runbook files."""
    classifications: Annotated[
        DirectoryConfig | None,
        Absent("no ToolClassification file is read"),
        Field(examples=[{"directory": "config/classifications"}]),
    ] = None
    """The directory of ToolClassification files."""
    people: Annotated[tuple[Person, ...], Absent("nobody is known by name")] = ()
    """Who is known by name, with the ids that chats know them by. Being named lets nobody in."""
    operator: Annotated[
        OperatorConfig | None,
        Absent("nobody decides about opportunities, and none comes in"),
        Field(examples=[{"operators": ["Amina"]}]),
    ] = None
    delivery: DeliveryConfig = DeliveryConfig.model_construct()
    tools: ToolsConfig = ToolsConfig.model_construct()
    approval: ApprovalConfig = ApprovalConfig.model_construct()
    rules: Annotated[tuple[RuleConfig, ...], Absent("the platforms' safety and the contexts decide")] = ()
    """What single people, roles, tools and classes are let do; the first rule that fits a call decides about it."""
    memory: ConversationMemory = ConversationMemory.model_construct()
    budgets: BudgetsConfig = BudgetsConfig.model_construct()
    runtime: RuntimeConfig = RuntimeConfig.model_construct()


class DaemonConfig(Envelope):
    """One daemon."""

    kind: Literal["DaemonConfig"] = "DaemonConfig"
    """What the file is."""
    metadata: Metadata = Metadata.model_construct()
    spec: DaemonSpec
