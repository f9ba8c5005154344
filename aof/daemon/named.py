"""What one file names and another has to hold: contexts, runbooks, who approves, and what models cost."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from aof.config.approver import Approver
from aof.config.daemon import DaemonSpec
from aof.config.files import Files
from aof.config.mention import Mention
from aof.config.people import Person
from aof.config.runbook import RunbookFile, phrase_key
from aof.config.spelling import nearest


class Resource(Protocol):
    """Something of a file that has a name."""

    @property
    def name(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...


def check_names(files: Files) -> None:
    """No two contexts and no two classifications of one name."""
    refuse_doubles(files, files.contexts, "a context")
    refuse_doubles(files, files.classifications, "a classification")


def check_runbooks(files: Files) -> None:
    """No two runbooks of one name, no phrase that two have, and none that is answered without them."""
    refuse_doubles(files, files.runbooks, "a runbook")
    first: dict[str, RunbookFile] = {}
    for runbook in sorted(files.runbooks, key=lambda one: (one.file, one.line)):
        for language, phrases in runbook.spec.phrases.by_language.items():
            for phrase in phrases:
                before = first.setdefault(phrase_key(phrase), runbook)
                if before is not runbook:
                    problem = f"{phrase} already starts {before.name}, in {before.file}:{before.line}"
                    key = f"spec.phrases.{language}"
                    files.findings(runbook.file).refuse(runbook.line, key, problem, "Give it to one of them.")
        _refuse_built_in(runbook, files)


def _refuse_built_in(runbook: RunbookFile, files: Files) -> None:
    from aof.agents.written.problems import is_built_in  # noqa: PLC0415 -- only where there are runbooks

    phrases = [("metadata.name", runbook.name)]
    for language, listed in runbook.spec.phrases.by_language.items():
        phrases += [(f"spec.phrases.{language}", phrase) for phrase in listed]
    for key, phrase in phrases:
        if is_built_in(phrase):
            line = runbook.phrase_lines.get(phrase, runbook.line)
            problem = f"{phrase} is answered by what is built in"
            files.findings(runbook.file).refuse(line, key, problem, "Write other words.")


def refuse_doubles(files: Files, resources: Iterable[Resource], what: str) -> None:
    """Refuse the second of a name, and say where the first is."""
    first: dict[str, Resource] = {}
    for resource in sorted(resources, key=lambda one: (one.file, one.line)):
        before = first.setdefault(resource.name, resource)
        if before is not resource:
            problem = f"there is {what} {resource.name} already, in {before.file}:{before.line}"
            remedy = "Give one of them another name."
            files.findings(resource.file).refuse(resource.line, "metadata.name", problem, remedy)


def check_mentions(files: Files) -> None:
    """Every context and runbook that is named is there, and every approver can be found."""
    contexts = sorted({context.name for context in files.contexts})
    runbooks = sorted({runbook.name for runbook in files.runbooks})
    people = files.config.spec.people if files.config else None
    for mention in files.mentions:
        if mention.kind == "context":
            _look_up(mention, contexts, files, "spec.contexts")
        elif mention.kind == "runbook":
            _look_up(mention, runbooks, files, "spec.runbooks")
        elif mention.kind == "approver" and people is not None:
            _check_approver(mention, people, files)
        elif mention.kind == "role" and people is not None:
            _check_role(mention, {role for person in people for role in person.roles}, files)
        elif mention.kind == "person" and people is not None:
            _check_person(mention, {person.name for person in people}, files)


def check_prices(files: Files) -> None:
    """A limit on costs needs a price for every model that may be asked: a limit is never silently void."""
    budgets = files.config.spec.budgets if files.config else None
    limited = [key for key, limits in budgets.limits.items() if limits.cost_per_day is not None] if budgets else []
    if budgets is None or not limited:
        return
    priced = [price.model for price in budgets.prices or ()]
    asked = {
        str(model): agent.name
        for agent in files.agents
        if agent.settings is not None
        for model in (agent.settings.model, *agent.settings.fallback_models)
    }
    for model, agent in sorted(asked.items()):
        if budgets.price_of(model) is not None:
            continue
        key = f"spec.budgets.{limited[0]}.cost_per_day"
        problem = f"{agent} may ask {model}, which has no price, so costs can't be limited"
        meant = nearest(model, priced)
        remedy = f'Is "{meant}" under spec.budgets.prices meant?' if meant else "Write it under spec.budgets.prices."
        files.findings(str(files.path)).refuse(0, key, problem, remedy)


def check_operators(files: Files) -> None:
    """Every operator can be written to, through a platform that is there."""
    operator = files.config.spec.operator if files.config is not None else None
    if operator is None or files.config is None:
        return
    findings = files.findings(str(files.path))
    if operator.platform not in files.platforms:
        remedy = "Write it under spec.platforms, or another one here."
        findings.refuse(0, "spec.operator.platform", f"the platform {operator.platform} is not configured", remedy)
        return
    for name in operator.operators:
        person = next((one for one in files.config.spec.people if one.name == name), None)
        if person is not None and not getattr(person, operator.platform, None):
            problem = f"{name} can't be written to: no number and no user id on {operator.platform} is known"
            remedy = f"Write {operator.platform}: and a number under spec.people."
            findings.refuse(0, "spec.operator.operators", problem, remedy)
        elif person is not None and not _may_talk(person, operator.platform, files.config.spec):
            problem = f"{name} may not talk on {operator.platform}, so no card reaches them and no tap of theirs counts"
            has_numbers = "allowed_numbers" in type(files.config.spec.platforms[operator.platform]).model_fields
            key, what = ("allowed_numbers", "number") if has_numbers else ("allowed_users", "id")
            remedy = f"Write their {what} under spec.platforms.{operator.platform}.{key}."
            findings.warn(0, "spec.operator.operators", problem, remedy)


def _may_talk(person: Person, platform: str, spec: DaemonSpec) -> bool:
    """Whether a platform's lists let somebody in. Where it lets in by codes, nobody can tell beforehand."""
    access, known = spec.platforms[platform], getattr(person, platform)
    lists = [getattr(access, key, None) for key in ("allowed_numbers", "allowed_users")]
    if getattr(access, "allow_everyone", False) or lists == [None, None]:
        return True
    listed = {alias for one in lists for alias in one or ()}
    return not listed.isdisjoint((known,) if isinstance(known, str) else known)


def _look_up(mention: Mention, known: Sequence[str], files: Files, section: str) -> None:
    if mention.name in known:
        return
    problem, remedy = f"there is no {mention.kind} {mention.name}", f"Write its file into the directory of {section}."
    if meant := nearest(mention.name, known):
        remedy = f'Did you mean "{meant}"?'
    elif not files.is_whole:
        problem, remedy = f"{problem} in what could be read", f"Mend the files of {mention.kind}s first."
    elif known:
        remedy = f"Write {known[0]}." if len(known) == 1 else f"Write one of {', '.join(known)}."
    files.findings(mention.file).refuse(mention.line, mention.key, problem, remedy)


def _check_approver(mention: Mention, people: Sequence[Person], files: Files) -> None:
    try:
        approver = Approver.of(mention.name)
    except ValueError:  # which its model has said
        return
    names = {person.name for person in people}
    roles = {role for person in people for role in person.roles}
    if approver.kind == "role":
        _check_role(replace(mention, name=approver.value), roles | names, files, written="@")
    elif approver.kind == "person":
        _check_person(mention, names, files, otherwise="Write a name of spec.people, @role, or a number.")
    elif approver.platform and approver.platform not in files.platforms:
        problem = f"{approver.platform} is not configured, so this one can't approve"
        remedy = f"Write it under spec.platforms of {files.path}, or remove the entry."
        files.findings(mention.file).warn(mention.line, mention.key, problem, remedy)


def _check_role(mention: Mention, roles: Collection[str], files: Files, *, written: str = "") -> None:
    if mention.name in roles:
        return
    meant = nearest(mention.name, roles)
    remedy = f'Did you mean "{written}{meant}"?' if meant else "Give it to somebody under spec.people."
    problem = f"nobody of spec.people has the role {mention.name}"
    files.findings(mention.file).refuse(mention.line, mention.key, problem, remedy)


def _check_person(
    mention: Mention, names: Collection[str], files: Files, *, otherwise: str = "Write a name of spec.people."
) -> None:
    if mention.name in names:
        return
    meant = nearest(mention.name, names)
    remedy = f'Did you mean "{meant}"?' if meant else otherwise
    problem = f"nobody of spec.people is called {mention.name}"
    files.findings(mention.file).refuse(mention.line, mention.key, problem, remedy)
