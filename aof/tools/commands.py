"""The read-only commands that may run here: nothing else ever becomes a program call.

A command is fixed words. `{pod}` in a word stands for a value of that name's pattern, so a value can be neither an
option nor a path.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from aof.tools.base import CallRefused

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?"
_UNIT_KINDS = "service|socket|timer|mount|path|target|slice|scope"

PATTERNS = {
    # https://kubernetes.io/docs/concepts/overview/working-with-objects/names/: RFC 1123 label and subdomain
    "namespace": re.compile(_LABEL),
    "container": re.compile(_LABEL),
    "pod": re.compile(_NAME),
    # A word of the kubeconfig; clouds write gke_project_zone_name and arn:aws:eks:region:account:cluster/name
    "context": re.compile(r"[A-Za-z0-9][A-Za-z0-9@._:/+-]{0,252}"),
    # systemd.unit(5): these letters, 255 at most. No pattern letters (* ? [), and no leading "-", as only of mounts
    "unit": re.compile(rf"[A-Za-z0-9_][A-Za-z0-9_.:@\\-]{{0,243}}\.(?:{_UNIT_KINDS})"),
}

MOST_BYTES = 64 * 1024
"""What a program may print, of each of standard output and standard error, for what a person will read."""

_MOST_LIST_BYTES = 16 * 1024 * 1024
"""A pod is 5 to 10 KB of JSON, so 64 KB would end at the eighth one. Parsed, never shown."""

KUBECTL_ENVIRONMENT = ("KUBECONFIG",)

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Command:
    """One shape of a program call."""

    program: str
    """A bare name, looked up on the fixed path."""
    words: tuple[str, ...]
    environment: tuple[str, ...] = ()
    """The variables of the daemon that this program needs, beyond what every program gets."""
    most_bytes: int = MOST_BYTES
    is_json: bool = False
    """Its output is a document to take typed fields from, not a text to show."""

    def admits(self, program: str, args: Sequence[str]) -> bool:
        """Whether a call has exactly this shape."""
        return (
            program == self.program
            and len(args) == len(self.words)
            and all(_pattern(word).fullmatch(arg) for word, arg in zip(self.words, args, strict=True))
        )


def fits(name: str, value: str) -> bool:
    """Whether a value may stand for `{name}`; ids that come back from a phone are checked by it."""
    return PATTERNS[name].fullmatch(value) is not None


def find(program: str, args: Sequence[str]) -> Command:
    """The command that a call is.

    Raises:
        CallRefused: There is none.
    """
    for command in COMMANDS:
        if command.admits(program, args):
            return command
    raise CallRefused(f"not in the table of commands: {program!r} with {len(args)} arguments")


def _pattern(word: str) -> re.Pattern[str]:
    # re keeps the compiled ones
    pieces = _PLACE.split(word)
    return re.compile(
        "".join(PATTERNS[piece].pattern if odd % 2 else re.escape(piece) for odd, piece in enumerate(pieces))
    )


def _kubectl(words: str, *options: str, most_bytes: int = MOST_BYTES, is_json: bool = False) -> Iterator[Command]:
    """With each choice among the options, which follow in their order."""
    for chosen in product(*(("", option) for option in options)):
        shape = " ".join([words, *chosen]).split()
        yield Command("kubectl", tuple(shape), KUBECTL_ENVIRONMENT, most_bytes, is_json)


# `--plain --no-legend` since systemd 209; JSON came to list-units later than Debian 11 (systemd 247)
UNITS = ("--full", "--plain", "--no-legend", "--no-pager")

# 40 lines, and only what has been written: without --follow it ends by itself
JOURNAL = ("--lines=40", "--no-pager", "--no-hostname", "--output=short-iso")

# Not {{json .}}: that holds command lines and labels, where secrets stand. The state is the first word of the status
CONTAINERS = ("--format", "[{{json .Names}},{{json .Status}}]")


# kubectl gives up by itself before our own time-out, and then says why
WAIT = "--request-timeout=10s"

POD_LOG = "--tail=40"
_CONTEXT = "--context {context}"

COMMANDS: tuple[Command, ...] = (
    *_kubectl("config current-context"),
    *_kubectl("config get-contexts -o name"),
    *_kubectl(f"get pods --all-namespaces -o json {WAIT}", _CONTEXT, most_bytes=_MOST_LIST_BYTES, is_json=True),
    *_kubectl(
        f"get pods --namespace {{namespace}} -o json {WAIT}", _CONTEXT, most_bytes=_MOST_LIST_BYTES, is_json=True
    ),
    *_kubectl(
        f"logs {{pod}} --namespace {{namespace}} {POD_LOG} {WAIT}", "--container {container}", "--previous", _CONTEXT
    ),
    *_kubectl(f"describe pod {{pod}} --namespace {{namespace}} {WAIT}", _CONTEXT),
    *_kubectl(
        "get events --namespace {namespace} --field-selector=involvedObject.kind=Pod,involvedObject.name={pod} "
        f"--sort-by=.lastTimestamp {WAIT}",
        _CONTEXT,
    ),
    # systemd needs no variable for the system's own units; DBUS_SESSION_BUS_ADDRESS would only lead to a user's
    Command("systemctl", ("list-units", "--type=service", *UNITS)),
    Command("systemctl", ("list-units", "--all", *UNITS, "{unit}")),
    Command("journalctl", ("--unit={unit}", *JOURNAL)),
    # Without DOCKER_HOST, which may lead to another machine: the answer names this one
    Command("docker", ("ps", "--all", *CONTAINERS)),
    Command("who", ()),
)
