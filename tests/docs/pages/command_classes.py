"""`docs/reference/command-classes.md`: the class of each verb and option, by the tables themselves."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aof.domain.risk import Risk
from aof.tools.classify.programs import BUILT_IN
from aof.tools.classify.starters import STARTERS
from aof.tools.classify.table import Option, Program, Verb
from tests.docs.pages.markdown import GENERATED, code, joined, listed, table
from tests.docs.pages.source import documented

MOST = 6
"""Of more verbs, the first are enough to say which are meant."""

HEAD = """\
# Classes of commands

How much a command may do is told by tables before it runs, never by the words of a person or a model. A command is
split into words by the quoting rules of a shell, and nothing else of a shell exists: `|`, `;`, `&&`, `>` and `$(…)` are
refused.
"""

RULES = """\
## How a command gets its class

The gravest of what is found counts:

1. Its verb. Of verbs that fit, the longest: `rollout restart` before `rollout`. A verb that is not in the table is a
   **write**, shown as "not recognised".
2. Its options. One that the verb's table does not list makes the command a **write** at least, and every word after it
   counts as a verb if it could be one. Some raise the class, some are refused.
   An option and its value count as what the program reads: `kubectl -n status delete pod x` deletes.
3. What it names: secrets, protected namespaces, files outside a repository.
4. Patterns for dangerous words, which are looked for in every command.

A program without a table is **dangerous**, unless a pattern of a `ToolClassification` fits. A refused command never
runs, whoever asks: it names a program by its path, holds control characters, or has an option that leads elsewhere,
follows without end, or starts another program.

In the tables `*` stands for any one word, as the name of a service, and `delete-…` for every word that begins so. An
option that is in no table is a write, as said above, and those that change nothing are left out here.
"""

STARTERS_HEAD = """\
## Programs that are never tools

They start other programs or run programs of their own, so no table could say what they would do:
"""


def page() -> str:
    meanings = documented("aof.domain.risk")
    return joined(
        GENERATED,
        HEAD,
        "## Classes",
        table(("Class", "Meaning"), [(code(risk), meanings[f"Risk.{risk.name}"]) for risk in Risk]),
        RULES,
        *(block for program in sorted(BUILT_IN, key=lambda program: program.name) for block in _program(program)),
        STARTERS_HEAD,
        listed(sorted(STARTERS)),
    )


def _program(program: Program) -> Iterator[str]:
    yield f"## `{program.name}`"
    yield table(("Class", "Verbs"), list(_verbs(program)))
    if program.protected:
        yield f"Every change in the namespaces {listed(sorted(program.protected))} is dangerous."
    if rows := list(_raised(program)):
        yield table(("Option", "Raises to", "Of the verbs"), rows)
    if rows := list(_refused(program)):
        yield table(("Refused option", "Why, and what to write", "Of the verbs"), rows)


def _verbs(program: Program) -> Iterator[tuple[str, str]]:
    for risk in Risk:
        found = [_name(verb) for verb in program.verbs.values() if verb.risk is risk and not verb.is_group]
        if found:
            yield code(risk), ", ".join(sorted(found))


def _name(verb: Verb) -> str:
    return code(" ".join(verb.path) + ("-…" if verb.has_fronts else "")) if verb.path else "every call"


def _raised(program: Program) -> Iterator[tuple[str, str, str]]:
    grave = {option: verbs for option, verbs in _options(program).items() if option.risk is not Risk.READ}
    for (risk, of), names in _together((option, (code(option.risk), verbs)) for option, verbs in grave.items()):
        yield names, risk, of


def _refused(program: Program) -> Iterator[tuple[str, str, str]]:
    found = {option: verbs for option, verbs in _options(program).items() if option.refused or option.only}
    for (why, of), names in _together((option, (_why(option), verbs)) for option, verbs in found.items()):
        yield names, why, of


def _why(option: Option) -> str:
    return f"{option.refused}." if option.refused else f"other values than {listed(option.only)}."


def _together(rows: Iterable[tuple[Option, tuple[str, str]]]) -> Iterator[tuple[tuple[str, str], str]]:
    """Options of which the same is said, in one row."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for option, said in rows:
        found.setdefault(said, {}).update(dict.fromkeys(option.names))
    for said, names in found.items():
        yield said, listed(list(names))


def _options(program: Program) -> Mapping[Option, str]:
    """Each option that raises or is refused, with the verbs that have it."""
    found: dict[Option, list[str]] = {option: [] for option in program.options.values()}
    for verb in program.verbs.values():
        for option in dict.fromkeys(verb.options.values()):
            found.setdefault(option, []).append(_name(verb))
    return {option: _of(verbs) for option, verbs in found.items()}


def _of(verbs: Sequence[str]) -> str:
    if not verbs or verbs == ["every call"]:
        return "all"
    return ", ".join(verbs) if len(verbs) <= MOST else f"{', '.join(verbs[:MOST])} and {len(verbs) - MOST} more"
