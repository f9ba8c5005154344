"""What goes with a change: what takes it back, what shows it beforehand, what tells afterwards whether it took effect.

Only where that is sure; a wrong undo is worse than none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aof.tools.programs.words import Words, words_of

_Argv = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowUps:
    """Empty where none is known."""

    undo: _Argv = ()
    dry_run: _Argv = ()
    check: _Argv = ()


def follow_ups(argv: Sequence[str], front: Sequence[str]) -> FollowUps:
    """Of a command that is more than a look.

    Args:
        front: The program with its target.
    """
    words = words_of(argv)
    of_program = _OF_PROGRAM.get(words.program)
    if of_program is None or not words.sure:
        return FollowUps()
    return of_program(tuple(argv), tuple(front), words)


_ROLLED_OUT = (("rollout", "restart"), ("rollout", "undo"), ("set", "image"), ("set", "env"), ("set", "resources"))
_KUBECTL_OPPOSITE = {"cordon": "uncordon", "uncordon": "cordon", "drain": "uncordon"}
_KUBECTL_DRY = frozenset(
    {"apply", "create", "delete", "replace", "patch", "scale", "autoscale", "expose", "label", "annotate", "taint",
     "cordon", "uncordon", "drain", "set"}
)  # fmt: skip
_SHOWN_BY_GET = frozenset({"delete", "patch", "scale", "label", "annotate", "autoscale", "expose", "edit"})


def _kubectl(argv: _Argv, front: _Argv, words: Words) -> FollowUps:
    verb = words.sure[0]
    dry_run = (
        _with_option(argv, "--dry-run", "server") if verb in _KUBECTL_DRY or words.begins("rollout", "undo") else ()
    )
    path = next((path for path in _ROLLED_OUT if words.begins(*path)), None)
    if path is not None:
        objects = _objects(argv, words.after(2))
        if not _names_one(objects):
            return FollowUps(dry_run=dry_run)
        undo = (*front, "rollout", "undo", *objects)
        return FollowUps(undo, dry_run, (*front, "rollout", "status", *objects, "--timeout=60s"))
    objects = _objects(argv, words.after(1))
    if opposite := _KUBECTL_OPPOSITE.get(verb):
        if not objects:
            return FollowUps(dry_run=dry_run)
        return FollowUps((*front, opposite, *objects), dry_run, (*front, "get", "node", *objects))
    check = (*front, "get", *objects) if verb in _SHOWN_BY_GET and _names_one(objects) else ()
    return FollowUps((), dry_run, check)


def _objects(argv: _Argv, found: _Argv) -> _Argv:
    """Without `image=v2`, `tier=db` and `tier-`, which are values; none where a selector chooses them."""
    if any(word.startswith(("-l", "--selector")) for word in argv):
        return ()
    return tuple(word for word in found if "=" not in word and not word.endswith("-"))


def _names_one(objects: _Argv) -> bool:
    """`deploy/api` or `deploy api`; a kind alone means all of that kind."""
    return len(objects) > 1 or any("/" in word for word in objects)


def _helm(argv: _Argv, front: _Argv, words: Words) -> FollowUps:
    verb, release = words.sure[0], words.after(1)[:1]
    if verb not in {"install", "upgrade", "rollback", "uninstall"} or not release:
        return FollowUps()
    undo: _Argv = ()
    if verb in {"upgrade", "rollback"}:
        undo = (*front, "rollback", *release)
    elif verb == "install":
        undo = (*front, "uninstall", *release)
    return FollowUps(undo, _with_option(argv, "--dry-run"), (*front, "status", *release))


_SYSTEMCTL_OPPOSITE = {
    "start": "stop", "stop": "start", "enable": "disable", "disable": "enable", "mask": "unmask", "unmask": "mask",
}  # fmt: skip


def _systemctl(argv: _Argv, front: _Argv, words: Words) -> FollowUps:
    verb, units = words.sure[0], words.after(1)
    if not units:
        return FollowUps()
    # `--now` does two things at once
    opposite = _SYSTEMCTL_OPPOSITE.get(verb) if "--now" not in argv else None
    undo = (*front, opposite, *units) if opposite else ()
    return FollowUps(undo, (), (*front, "status", "--no-pager", *units))


_DOCKER_OPPOSITE = {"start": "stop", "stop": "start", "pause": "unpause", "unpause": "pause"}


def _docker(_argv: _Argv, front: _Argv, words: Words) -> FollowUps:
    at = 1 if words.begins("container") else 0
    verb, *containers = words.after(at) or ("",)
    if verb not in {*_DOCKER_OPPOSITE, "restart", "kill", "rm"} or not containers:
        return FollowUps()
    undo = (*front, _DOCKER_OPPOSITE[verb], *containers) if verb in _DOCKER_OPPOSITE else ()
    filters = tuple(word for name in containers for word in ("--filter", f"name={name}"))
    return FollowUps(undo, (), (*front, "ps", "--all", *filters))


def _terraform(argv: _Argv, front: _Argv, words: Words) -> FollowUps:
    verb = words.sure[0]
    if verb not in {"apply", "destroy"}:
        return FollowUps()
    if plan_file := words.after(1)[:1]:
        return FollowUps((), (*front, "show", "-no-color", *plan_file) if verb == "apply" else ())
    kept = tuple(word for word in argv[1:] if word != verb and word.lstrip("-") != "auto-approve")
    is_destroy = ("-destroy",) if verb == "destroy" else ()
    return FollowUps((), (*front, "plan", *is_destroy, *kept), (*front, "plan", *is_destroy))


def _git(argv: _Argv, front: _Argv, words: Words) -> FollowUps:
    if words.begins("push"):
        return FollowUps((), _with_option(argv, "--dry-run"), (*front, "status", "--branch", "--short"))
    return FollowUps()


def _with_option(argv: _Argv, name: str, value: str = "") -> _Argv:
    """Nothing where it has the option already."""
    end = argv.index("--") if "--" in argv else len(argv)
    if any(word == name or word.startswith(f"{name}=") for word in argv[:end]):
        return ()
    return (*argv[:end], f"{name}={value}" if value else name, *argv[end:])


_OF_PROGRAM: dict[str, Callable[[_Argv, _Argv, Words], FollowUps]] = {
    "kubectl": _kubectl,
    "helm": _helm,
    "systemctl": _systemctl,
    "docker": _docker,
    "terraform": _terraform,
    "git": _git,
}
