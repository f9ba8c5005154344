"""How a server's program is started: which file, with which words, and in which environment."""

import os
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aof.domain.errors import AofError

FIXED = {"LC_ALL": "C.UTF-8", "TERM": "dumb", "NO_COLOR": "1"}
_ENV = "/usr/bin/env"


class CannotStart(AofError):
    """The server can't be started as its file says; the text is the reason, without a full stop."""


@dataclass(frozen=True, slots=True)
class _Fetcher:
    """A program that downloads another one and runs it."""

    words: tuple[str, ...]
    packages: frozenset[str]
    """Options whose value is a package."""
    values: frozenset[str]
    """Options with another value."""
    example: str


_NPM = re.compile(r"(?:@[\w.~-]+/)?[\w.~-]+@\d+\.\d+\.\d+(?:[-+][\w.+-]+)?")
_PYTHON = re.compile(r"[\w.-]+(?:\[[\w,.-]+\])?(?:==|@)\d+(?:\.\d+)*(?:[\w.+!-]*)")
_NODE = frozenset({"--package", "-p"}), frozenset({"--registry", "--cache", "--prefix", "-w", "--workspace"})
_UV = frozenset({"--from", "--with", "-w"}), frozenset({"--python", "-p", "--index", "--index-url", "--cache-dir"})
_FETCHERS = (
    *(
        _Fetcher(words, *_NODE, "npx -y @scope/name@1.2.3")
        for words in (
            ("npx",),
            ("bunx",),
            ("npm", "exec"),
            ("npm", "x"),
            ("pnpm", "dlx"),
            ("yarn", "dlx"),
            ("bun", "x"),
        )
    ),
    *(_Fetcher(words, *_UV, "uvx name==1.2.3") for words in (("uvx",), ("uv", "tool", "run"))),
    _Fetcher(
        ("pipx", "run"), frozenset({"--spec"}), frozenset({"--python", "--index-url", "-i"}), "pipx run name==1.2.3"
    ),
)


def words_of(command: str | Sequence[str], args: Sequence[str], path: Sequence[Path]) -> tuple[str, ...]:
    """The program's file and its arguments.

    Raises:
        CannotStart: There is no such program, or it would fetch whatever version is the newest.
    """
    try:
        words = shlex.split(command) if isinstance(command, str) else list(command)
    except ValueError as error:
        raise CannotStart("its command has a quote without an end") from error
    words += args
    if not words or not words[0]:
        raise CannotStart("its command is empty")
    program, *rest = words
    _check_versions((Path(program).name, *rest))
    return str(_found(program, path)), *rest


def environment(listed: Mapping[str, str], path: Sequence[Path], home: str) -> dict[str, str]:
    """What the program is given; nothing of the daemon's own environment but the home directory."""
    return {"HOME": home, **FIXED, **listed, "PATH": os.pathsep.join(map(str, path))}


def without(variables: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    """The call with variables taken out that the library for the protocol would pass on from the daemon."""
    dropped = [word for name in sorted(variables) for word in ("-u", name)]
    # env becomes the program, so nothing stands in between
    return (_ENV, *dropped, *words) if dropped else tuple(words)


def _found(program: str, path: Sequence[Path]) -> Path:
    if "/" in program:
        if not Path(program).is_absolute():
            raise CannotStart(f"its command {program} is neither a bare name nor an absolute path")
        candidates = [Path(program)]
    else:
        candidates = [directory / program for directory in path]
    for candidate in candidates:
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate
    raise CannotStart(f"its program {program} is not installed where the daemon runs")


def _check_versions(words: Sequence[str]) -> None:
    for fetcher in _FETCHERS:
        if tuple(words[: len(fetcher.words)]) != fetcher.words:
            continue
        packages = _packages(words[len(fetcher.words) :], fetcher)
        pinned = _PYTHON if fetcher.example.startswith(("uv", "pipx")) else _NPM
        loose = [package for package in packages if not pinned.fullmatch(package)]
        if loose or not packages:
            named = f"{loose[0]} in whatever version is the newest" if loose else "a package that it does not name"
            raise CannotStart(f"{fetcher.words[0]} would fetch {named}; write the version, such as {fetcher.example}")


def _packages(words: Sequence[str], fetcher: _Fetcher) -> list[str]:
    """The packages that a call fetches, and nothing of what is handed to the program in them."""
    named: list[str] = []
    rest = iter(words)
    for word in rest:
        option, has_value, value = word.partition("=")
        if option in fetcher.packages:
            named.append(value if has_value else next(rest, ""))
        elif option in fetcher.values:
            _ = has_value or next(rest, "")
        elif word == "--":
            named += [next(rest, "")] if not _decides(words, fetcher) else []
            break
        elif not word.startswith("-"):
            named += [word] if not _decides(words, fetcher) else []
            break
    return named


def _decides(words: Sequence[str], fetcher: _Fetcher) -> bool:
    """Whether an option names the package, so that the first word is a program within it."""
    naming = fetcher.packages - {"--with", "-w"}
    return any(word.partition("=")[0] in naming for word in words)
