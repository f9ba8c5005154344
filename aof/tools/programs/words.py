"""The plain words of a command, as far as it is sure which words those are."""

from collections.abc import Sequence
from dataclasses import dataclass

_VALUED: dict[str, frozenset[str]] = {
    "kubectl": frozenset(
        {
            "-n",
            "--namespace",
            "--context",
            "--request-timeout",
            "-l",
            "--selector",
            "-o",
            "--output",
            "-c",
            "--container",
        }
    ),
    "helm": frozenset({"-n", "--namespace", "--kube-context", "-o", "--output"}),
    "docker": frozenset({"--log-level", "-l", "--context"}),
    "aws": frozenset({"--profile", "--region", "--output", "--query"}),
    "systemctl": frozenset({"-t", "--type", "-p", "--property", "-o", "--output"}),
}
"""Options with a value that mean the same before and behind every verb. One that is missing here costs an exact answer,
never a wrong one."""
_BARE = frozenset({"--all-namespaces", "-A", "--no-pager", "--now", "--quiet", "-q", "--debug"})

_SYNONYMS: dict[str, dict[str, str]] = {
    "helm": {"del": "uninstall", "delete": "uninstall", "un": "uninstall", "ls": "list", "fetch": "pull",
             "inspect": "show", "dep": "dependency", "hist": "history"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """Without options and their values."""

    program: str
    sure: tuple[str, ...]
    """The verb's words and the objects, up to the first option that we do not know."""
    doubtful: tuple[str, ...] = ()
    """Everything behind that one that may be a word."""

    def begins(self, *verb: str) -> bool:
        """Surely."""
        return self.sure[: len(verb)] == verb

    def after(self, count: int) -> tuple[str, ...]:
        """The sure words behind the first `count`."""
        return self.sure[count:]


def words_of(argv: Sequence[str]) -> Words:
    """Read an argument list whose program stands in front."""
    program, *rest = argv
    valued, synonyms = _VALUED.get(program, frozenset()), _SYNONYMS.get(program, {})
    sure: list[str] = []
    at = 0
    while at < len(rest):
        word = rest[at]
        at += 1
        if word == "--":
            break
        if not word.startswith("-") or word == "-":
            sure.append(synonyms.get(word, word) if not sure else word)
        elif word in valued:
            at += 1
        elif not (word in _BARE or "=" in word):
            doubtful = tuple(other for other in rest[at:] if not other.startswith("-"))
            return Words(program, tuple(sure), doubtful)
    return Words(program, tuple(sure))


def names(entry: str, words: Words) -> bool:
    """Whether an entry of verbs (`get`, `rollout status`, `s3 ls`, `describe`) surely names what these do.

    Services of aws stand before the verb: `describe` names `ec2 describe-instances`.
    """
    wanted = _canonical(entry, words.program)
    if words.program == "aws":
        return bool(wanted) and any(_is_at(wanted, words.sure, start) for start in (0, 1))
    return bool(wanted) and words.begins(*wanted)


def may_name(entry: str, words: Words) -> bool:
    """Whether the entry could name what these do; also of `rm` for `container rm`."""
    wanted = _canonical(entry, words.program)
    if not wanted:
        return False
    if any(_is_at(wanted, words.sure, start) for start in (0, 1)):
        return True
    if not words.doubtful:
        return False
    everything = (*words.sure, *words.doubtful)
    return all(any(_is(word, other) for other in everything) for word in wanted)


def covers(entry: str, argv: Sequence[str], words: Words, *, surely: bool) -> bool:
    """Whether an entry of commands (`kubectl`, `kubectl delete`, `docker system prune -a`) covers a call."""
    program, *rest = entry.split() or [""]
    if program != words.program:
        return False
    options = [word for word in rest if word.startswith("-")]
    verb = " ".join(word for word in rest if not word.startswith("-"))
    if any(option not in argv for option in options):
        return False
    return not verb or (names(verb, words) if surely else may_name(verb, words))


def _canonical(entry: str, program: str) -> list[str]:
    first, *others = entry.split() or [""]
    return [_SYNONYMS.get(program, {}).get(first, first), *others] if first else []


def _is_at(wanted: Sequence[str], found: Sequence[str], start: int) -> bool:
    window = found[start : start + len(wanted)]
    return len(window) == len(wanted) and all(_is(word, other) for word, other in zip(wanted, window, strict=True))


def _is(wanted: str, found: str) -> bool:
    return found == wanted or ("-" not in wanted and found.startswith(f"{wanted}-"))
