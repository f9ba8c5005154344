"""The tools of an agent, made of what its file names."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_network

from aof.domain.risk import Risk
from aof.tools.base import Tool, Toolbox
from aof.tools.commands import MOST_BYTES as MOST_PRINTED
from aof.tools.file_tools import FILE_TOOLS
from aof.tools.files import MOST_BYTES, Roots
from aof.tools.http import HttpSettings, HttpTool
from aof.tools.programs import CommandTool, Settings, ShellTool, Verbs
from aof.tools.programs.tool import Tables
from aof.tools.runner import Runner, may_run

PROGRAMS = ("kubectl", "helm", "docker", "git", "systemctl", "journalctl", "terraform", "aws")
"""Each is a tool by its own name; with a verb behind a `_`, one verb of it."""
SHELLS = frozenset({"shell", "bash", "sh"})
HTTP = frozenset({"http", "http_request"})
_LATER = frozenset({"prometheus_query", "loki_query", "elasticsearch_query", "victoriametrics_query"})
_VERB = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """One entry of an agent's `tools`."""

    name: str
    """`kubectl`, `kubectl_get`, `shell`, `read_file`; of a typed entry, any."""
    kind: str = ""
    """`Shell`, `File` or `HTTP`, in any case; empty: the name tells."""
    verb: str = ""
    """Words that every call of the program begins with."""
    allowed_commands: tuple[str, ...] | None = None
    """First words; None: of a shell, those that have a table of classes."""
    blocked_commands: tuple[str, ...] = ()
    working_directory: str = ""
    timeout_seconds: float = 60.0
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    allowed_paths: tuple[str, ...] = ()
    read_only: bool = False
    most_file_bytes: int = MOST_BYTES
    base_url: str = ""
    """Of an HTTP tool: every request goes below it."""
    allowed_methods: tuple[str, ...] | None = None
    """None: GET and HEAD."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    token_env: str = ""
    """The variable with a bearer token."""
    private_networks: tuple[str, ...] = ()
    """Networks within which the server may be, beside the public ones."""


def tools_of(
    entries: Iterable[ToolSpec | str],
    *,
    runner: Runner,
    tables: Tables,
    restrictions: Mapping[str, Verbs] | None = None,
    environment: Mapping[str, str] | None = None,
    variables: Mapping[str, str] | None = None,
) -> Toolbox:
    """Build what can be built; the others are named with the reason.

    Args:
        restrictions: `tool_restrictions`, by the name of a tool or a program; they hold in the shell too.
        environment: The agent's own variables, for all its programs.
        variables: Where the tokens of HTTP tools are looked up, at each use.
    """
    tools: dict[str, Tool] = {}
    missing: dict[str, str] = {}
    for entry in entries:
        spec = ToolSpec(entry) if isinstance(entry, str) else entry
        spec = replace(spec, environment={**(environment or {}), **spec.environment})
        built = _built(spec, runner, tables, restrictions or {}, variables or {})
        if isinstance(built, str):
            missing[spec.name] = built
        else:
            tools |= {tool.name: tool for tool in built}
    return Toolbox(tools, {name: reason for name, reason in missing.items() if name not in tools})


def _built(
    spec: ToolSpec,
    runner: Runner,
    tables: Tables,
    restrictions: Mapping[str, Verbs],
    variables: Mapping[str, str],
) -> Sequence[Tool] | str:
    kind = spec.kind.lower()
    if kind == "file" or spec.name in FILE_TOOLS:
        return _files(spec, runner)
    if kind == "http" or (not kind and spec.name in HTTP):
        return _http(spec, runner, variables)
    settings = Settings(
        allowed_commands=spec.allowed_commands,
        blocked_commands=spec.blocked_commands,
        working_directory=spec.working_directory,
        timeout_seconds=spec.timeout_seconds,
        environment=spec.environment,
        verbs=restrictions,
    )
    if kind == "shell" or spec.name in SHELLS:
        return _shell(spec, settings, runner, tables)
    if kind in {"", "command"} and (found := _program(spec)):
        program, verb = found
        return [CommandTool(program, verb, name=spec.name, runner=runner, tables=tables, settings=settings)]
    if spec.name in _LATER:
        return "not supported yet"
    if kind not in {"", "command"}:
        return f"tools of the type {spec.kind} are not supported; an MCP server can offer it"
    return "there is no built-in tool of this name; an MCP server can offer it"


def _program(spec: ToolSpec) -> tuple[str, tuple[str, ...]] | None:
    program, has_verb, verb = spec.name.partition("_")
    if program not in PROGRAMS or (has_verb and not _VERB.fullmatch(verb)):
        return None
    return program, tuple(spec.verb.split() or (verb.split("_") if verb else ()))


def _shell(spec: ToolSpec, settings: Settings, runner: Runner, tables: Tables) -> Sequence[Tool] | str:
    programs: list[str] | None = None
    if spec.allowed_commands is not None:
        firsts = dict.fromkeys(entry.split()[0] for entry in spec.allowed_commands if entry.split())
        programs = [program for program in firsts if may_run(program)]
        if not programs:
            return "its allowed_commands name no program that may run; shells and interpreters never do"
    return [ShellTool(programs, name=spec.name, runner=runner, tables=tables, settings=settings)]


def _files(spec: ToolSpec, runner: Runner) -> Sequence[Tool] | str:
    if not spec.allowed_paths:
        return "names no allowed_paths"
    roots = Roots.of(spec.allowed_paths)
    kinds = [FILE_TOOLS[spec.name]] if spec.name in FILE_TOOLS else list(FILE_TOOLS.values())
    if spec.read_only:
        kinds = [made for made in kinds if made.risk is not Risk.WRITE]
        if not kinds:
            return "it writes, and its entry says read_only"
    return [made(roots, runner, most_bytes=spec.most_file_bytes) for made in kinds]


def _http(spec: ToolSpec, runner: Runner, variables: Mapping[str, str]) -> Sequence[Tool] | str:
    if not spec.base_url:
        return "names no server; write type: HTTP and config: {base_url: https://…}"
    methods = ("GET", "HEAD") if spec.allowed_methods is None else spec.allowed_methods
    try:
        settings = HttpSettings(
            spec.base_url,
            allowed_methods=tuple(dict.fromkeys(method.upper() for method in methods)),
            headers=spec.headers,
            timeout_seconds=spec.timeout_seconds,
            allow_private=tuple(ip_network(network) for network in spec.private_networks),
            most_bytes=MOST_PRINTED,
        )
    except ValueError as error:
        return str(error)
    if not settings.allowed_methods:
        return "its allowed_methods are empty"
    if spec.token_env and any(name.lower() == "authorization" for name in spec.headers):
        return "headers: Authorization is set by its token"
    return [HttpTool(settings, runner.redact, name=spec.name, token_env=spec.token_env, variables=variables)]
