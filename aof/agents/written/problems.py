"""What is wrong with runbooks, told before one of them is started."""

from collections import Counter
from collections.abc import Iterator, Sequence

import regex

from aof.agents.runbook.matching import claims, plain
from aof.agents.written.inputs import Input, is_word
from aof.agents.written.runbook import INPUT_NAME, NAME, PLACE, STEP_ID, Offer, Runbook, Step, places


def problems(runbooks: Sequence[Runbook]) -> list[str]:
    """One sentence a problem, the runbook's name first; empty: they can be used."""
    names = [runbook.name for runbook in runbooks]
    found = [f"{name}: there are two runbooks of this name." for name, count in Counter(names).items() if count > 1]
    owners: dict[str, str] = {}
    for runbook in runbooks:
        told = (*_own(runbook, set(names)), *_phrases(runbook, owners))
        found += [f"{runbook.name}: {each}" for each in told]
    return found


def _own(runbook: Runbook, names: set[str]) -> Iterator[str]:
    if not NAME.fullmatch(runbook.name):
        yield "a name is small letters, digits and hyphens, 63 at most."
    if not runbook.steps:
        yield "steps: there are none. Write at least one."
    yield from _twice("steps", [step.id for step in runbook.steps])
    yield from _twice("inputs", [each.name.casefold() for each in runbook.inputs])
    for each in runbook.inputs:
        yield from (f"inputs.{each.name}: {told}" for told in _input(each))
    known = {each.name for each in runbook.inputs}
    for step in runbook.steps:
        yield from (f"steps.{step.id}: {told}" for told in _step(step, known))
    yield from _unknown("response", places(runbook.response) - known)
    for offer in runbook.actions:
        yield from _unknown("actions", places(offer.text) - known)
        yield from _offer(offer, names)


def _input(each: Input) -> Iterator[str]:
    if not INPUT_NAME.fullmatch(each.name):
        yield "a name is letters, digits, - and _, 32 at most, and begins with a letter or _."
    try:
        regex.compile(each.pattern)
    except regex.error as error:
        yield f"the pattern can't be read: {error}."
        return
    if each.kind == "choice" and not each.choices:
        yield "a choice needs choices."
    if not all(map(is_word, each.choices)):
        yield "a choice is printable and does not begin with a hyphen."
    if each.least is not None and each.least < 0:
        yield "least is 0 or more: a negative number would be read as an option."
    if each.least is not None and each.most is not None and each.least > each.most:
        yield "least is more than most."
    if each.default is not None and each.value(each.default) is None:
        yield "the default does not fit its own rules."


def _step(step: Step, known: set[str]) -> Iterator[str]:
    if not STEP_ID.fullmatch(step.id):
        yield "an id is letters, digits, - and _, 64 at most."
    if not step.run:
        yield "run: there is no command."
    for words in filter(None, step.templates()):
        if PLACE.search(words[0]) or not is_word(words[0]):
            yield "the program is written out: it can't be an input."
        if not all(word.isprintable() for word in words):
            yield "a word of the command holds a control character."
    yield from _unknown("run", {name for words in step.templates() for name in places(*words)} - known)
    yield from _unknown("say", places(step.say) - known)
    if step.timeout_seconds <= 0:
        yield "timeout_seconds is more than 0."


def _offer(offer: Offer, names: set[str]) -> Iterator[str]:
    if bool(offer.runbook) == bool(offer.text) or not offer.title:
        yield "actions: each has a title, and either a runbook or a text."
        return
    if offer.runbook and offer.runbook not in names:
        yield f"actions: there is no runbook {offer.runbook}."
    if offer.action(dict.fromkeys(places(offer.text), "")) is None:
        yield f"actions: the text of {offer.title} is too long for a button."


def _phrases(runbook: Runbook, owners: dict[str, str]) -> Iterator[str]:
    known = {each.name for each in runbook.inputs}
    for phrase in dict.fromkeys((*(said for listed in runbook.phrases.values() for said in listed), runbook.name)):
        yield from _unknown(f"the phrase “{phrase}”", places(phrase) - known)
        if any(PLACE.search(word) and not PLACE.fullmatch(word) for word in phrase.split()):
            yield f"the phrase “{phrase}”: a place stands alone, with blanks around it."
        line = plain(PLACE.sub(" ", phrase))
        if not line:
            yield f"the phrase “{phrase}” holds no word of its own."
            continue
        if is_built_in(phrase):
            yield f"the phrase “{phrase}” is already answered by what is built in."
        # with places or without, it would be asked for in the same words
        shape = plain(PLACE.sub(" x ", phrase))
        owner = owners.setdefault(shape, runbook.name)
        if owner != runbook.name:
            yield f"the phrase “{phrase}” also starts {owner}."


def is_built_in(phrase: str) -> bool:
    """Whether the built-in questions answer it, so that it would never start a runbook."""
    line = plain(PLACE.sub(" ", phrase))
    return bool(line) and claims(line)


def _unknown(where: str, names: set[str]) -> Iterator[str]:
    for name in sorted(names):
        yield f"{where}: there is no input {name}."


def _twice(where: str, names: Sequence[str]) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{where}: {name} is there twice."
