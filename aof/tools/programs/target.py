"""Where a command takes effect, written into the command itself: a changed default can't redirect what was approved."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from aof.tools.base import CallRefused, Context
from aof.tools.commands import fits
from aof.tools.programs.words import words_of

CLUSTER_OPTION = {"kubectl": "--context", "helm": "--kube-context"}
"""The programs that work on a cluster, and how each is told which."""

_NAMESPACE = frozenset({"-n", "--namespace"})
_EVERYWHERE = frozenset({"-A", "--all-namespaces"})
_ELSEWHERE = {
    "kubectl": frozenset(
        {"--kubeconfig", "--server", "-s", "--cluster", "--user", "--as", "--as-group", "--as-uid", "--token"}
    ),
    "helm": frozenset({"--kubeconfig", "--kube-apiserver", "--kube-token", "--kube-as-user", "--kube-as-group"}),
}  # fmt: skip
"""Options that lead a program away from where it is meant to work."""
_IN_FRONT = {
    "git": frozenset({"--no-pager", "-P", "--version"}),
    "terraform": frozenset({"-version", "--version"}),
    "docker": frozenset({"-v", "--version"}),
}
"""All that may stand before the verb of a program that could be led away there."""
_PLACED = frozenset({"git", "terraform"})
"""What they read in their directory can start other programs, so an operator names it."""

_OWN_VALUE = frozenset("nolLckv")
"""Letters of kubectl and helm that take the rest of the word for their value, with every verb."""
_KINDS = frozenset({"ns", "namespace", "namespaces"})
_COPIED = re.compile(r"([^/:]+)/[^/:]+:.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Aimed:
    """A command with its target in it."""

    argv: tuple[str, ...]
    front: tuple[str, ...]
    """The program and its target, for commands about the same place."""
    cluster: str = ""
    """The context, as the kubeconfig or docker names it; empty: whichever is current."""
    namespace: str = ""
    """`*`: all of them."""


@dataclass(frozen=True, slots=True)
class _Option:
    name: str
    value: str | None
    is_sure: bool
    """It can't be the value of the option before it."""


def aim(argv: Sequence[str], context: Context, *, current: str = "", namespace: str = "") -> Aimed:
    """Put the target right behind the program, where the command does not name it.

    Args:
        current: The context of the kubeconfig or of docker, where none is configured.
        namespace: Its namespace.

    Raises:
        CallRefused: The command names a target that it may not have.
    """
    program = argv[0]
    _stay(argv)
    if program == "docker" and current:
        front = (program, "--context", current)
        return Aimed((*front, *argv[1:]), front, current)
    if program not in CLUSTER_OPTION:
        return Aimed(tuple(argv), (program,))
    option, given = CLUSTER_OPTION[program], tuple(_options(argv))
    cluster, names_cluster = _only(given, frozenset({option}))
    if context.kubecontext and cluster not in ("", context.kubecontext):
        raise CallRefused(
            f"commands here go to the cluster {context.kubecontext}, not to {cluster}: leave {option} out"
        )
    place, names_place = _only(given, _NAMESPACE)
    everywhere = [one for one in given if one.name in _EVERYWHERE]
    if any(one.value is not None for one in everywhere):
        raise CallRefused("-A takes no value: leave it out, or name one namespace with -n")
    if everywhere and place:
        raise CallRefused("it names one namespace and all of them: write either -n or -A")
    # one that is only the value of another option would leave the default in force
    is_everywhere = any(one.is_sure for one in everywhere)
    cluster = cluster or context.kubecontext or current
    place = place or ("" if is_everywhere else context.namespace or namespace)
    _allowed(argv, "*" if everywhere else place, context)
    target = ([option, cluster] if cluster else []) + (["-n", place] if place else [])
    added = ([option, cluster] if cluster and not names_cluster else []) + (
        ["-n", place] if place and not names_place else []
    )
    return Aimed((program, *added, *argv[1:]), (program, *target), cluster, "*" if is_everywhere else place)


def works_in(program: str, directory: str) -> str:
    """The directory, for a program that needs to be given one.

    Raises:
        CallRefused: It has none.
    """
    if program in _PLACED and not directory:
        raise CallRefused(f"{program} works in a directory that its file names: write working_directory")
    return directory


def namespaces_named(argv: Sequence[str]) -> tuple[str, ...]:
    """Namespaces that are the objects of a command."""
    words = words_of(argv)
    everything = (*words.sure, *words.doubtful)
    found = [
        name for word in everything for kind, slash, name in [word.partition("/")] if slash and _is_namespace(kind)
    ]
    at = next((at for at, word in enumerate(everything) if at and _is_namespace(word)), None)
    if at is not None:
        found += everything[at + 1 :]
    if words.begins("cp"):
        found += [match[1] for word in everything if (match := _COPIED.fullmatch(word))]
    return tuple(found)


def _is_namespace(kinds: str) -> bool:
    """Also of `deploy,ns` and `namespaces.v1.`, in either case."""
    return any(kind.partition(".")[0] in _KINDS for kind in kinds.lower().split(","))


def _stay(argv: Sequence[str]) -> None:
    program, *rest = argv
    found: str | None = None
    if program in _IN_FRONT:
        front = takewhile(lambda word: word.startswith("-"), rest)
        found = next((word for word in front if word not in _IN_FRONT[program]), None)
    elif program in _ELSEWHERE:
        found = next((one.name for one in _options(argv) if one.name in _ELSEWHERE[program]), None)
    if found is not None:
        option = found.partition("=")[0][:32]
        raise CallRefused(f"{option} is not taken here: where {program} works is set by the configuration")


def same_account(argv: Sequence[str], environment: Mapping[str, str]) -> None:
    """Keep aws to the profile and the region that its environment names.

    Raises:
        CallRefused: The command names others.
    """
    for option, variable in (("--profile", "AWS_PROFILE"), ("--region", "AWS_REGION")):
        meant = environment.get(variable) or environment.get(variable.replace("AWS_", "AWS_DEFAULT_"))
        for word, following in pairwise((*argv, "")):
            name, has_value, value = word.partition("=")
            # it takes the front of a long name for the name
            if meant and len(name) > 3 and option.startswith(name) and (value if has_value else following) != meant:
                raise CallRefused(f"{option[2:]} {meant} is the one that is used here: leave {option} out")


def _options(argv: Sequence[str]) -> Iterator[_Option]:
    """Every word that could be an option, of a program with the option syntax of kubectl."""
    rest = argv[1:]
    for at, word in enumerate(rest):
        before = rest[at - 1] if at else ""
        is_sure = not before.startswith("-") or "=" in before or before in _EVERYWHERE or _holds_its_value(before)
        if word == "--" and is_sure:
            return
        if word.startswith("--"):
            name, has_value, value = word.partition("=")
            # kubectl reads _ as -
            name = name.replace("_", "-")
        elif word.startswith("-") and len(word) > 1:
            name, has_value, value = _short(word)
        else:
            continue
        if not has_value and name in _NAMESPACE | frozenset(CLUSTER_OPTION.values()):
            value = rest[at + 1] if at + 1 < len(rest) else ""
            has_value = "next"
        yield _Option(name, value if has_value else None, is_sure)


def _holds_its_value(word: str) -> bool:
    return len(word) > 2 and word[1] in _OWN_VALUE


def _short(word: str) -> tuple[str, str, str]:
    """`-n`, `-nprod`, `-n=prod`; of a cluster that could hide one of ours, a refusal."""
    letter, rest = word[1], word[2:]
    if letter not in _OWN_VALUE and any(hidden in rest for hidden in "nsA"):
        raise CallRefused(f"{word[:32]} can be read in more than one way: write each short option as a word of its own")
    return f"-{letter}", "attached" if rest else "", rest.removeprefix("=")


def _only(given: Sequence[_Option], names: frozenset[str]) -> tuple[str, bool]:
    """The one value these options have, and whether it is surely theirs."""
    found = [one for one in given if one.name in names]
    values = {one.value or "" for one in found}
    if not found:
        return "", False
    if len(values) > 1 or "" in values:
        raise CallRefused(f"{found[0].name} needs one value, and only one")
    (value,) = values
    if not fits("namespace" if names is _NAMESPACE else "context", value):
        raise CallRefused(f"{found[0].name}: {value[:32]} is not a name")
    return value, any(one.is_sure for one in found)


def _allowed(argv: Sequence[str], place: str, context: Context) -> None:
    allowed = context.allowed_namespaces
    if allowed is None:
        return
    choice = ", ".join(allowed) or "none"
    if not place:
        raise CallRefused(f"name a namespace with -n; allowed here: {choice}")
    for name in (place, *namespaces_named(argv)):
        if name not in allowed:
            said = "all namespaces" if name == "*" else f"namespace {name}"
            raise CallRefused(f"{said} can't be used here; allowed: {choice}")


def in_namespace(aimed: Aimed, argv: Sequence[str]) -> Aimed:
    """With the namespace that a command about namespaces takes effect on."""
    named = namespaces_named(argv) if argv[0] == "kubectl" else ()
    return replace(aimed, namespace=named[0]) if named else aimed
