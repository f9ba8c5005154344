"""Which unit of systemd a question is about."""

import re
from functools import cache

from aof.agents.runbook.intents import BY_NAME
from aof.agents.runbook.matching import LONGEST, is_like, plain
from aof.agents.runbook.questions_services import DAEMONS
from aof.agents.runbook.small_words import COMMON, FILLERS, listed_words
from aof.tools.commands import fits

# The letters of a unit's name; whatever is Arabic stands around it. With those of paths and options, which are none
_WORDS = re.compile(r"[A-Za-z0-9_.:@\\/=-]+")

_INTRODUCING = frozenset({"of", "for", "from", "unit", "service", "is", "did", "does", "has", "u"})
_BEFORE_A_MACHINE = frozenset({"on", "at", "in"})

_NO_NAMES = listed_words("""
    fail fails failing crash crashed crashing run runs down dead alive active healthy working work starting stopped why
    last latest recent recently new newest today yesterday line lines entries entry error errors message messages read
    view open print tail see says say happened wrong broken problem problems no not don t doing going unit units today
    every each other another its it them they he she one that this these those any something anything everything
    systemd status slow bad good there here
""")
"""Of questions about services and journals, beyond the words of the intents themselves."""


def unit_named(typed: str) -> str | None:
    """The unit of a typed name, `nginx.service` for `nginx`; None where it can't be one."""
    if fits("unit", typed):
        return typed
    # A dot may also belong to the name itself
    return f"{typed}.service" if fits("unit", f"{typed}.service") else None


def unit_in(text: str, *, host: str) -> str | None:
    """The unit that a question names; None where it names none, or several without saying which.

    The machine itself, and what follows "on", is where one looks and not what at.
    """
    typed = [word for found in _WORDS.findall(text[:LONGEST]) if (word := found.strip(".:"))]
    named: list[tuple[str, bool]] = []
    before = ""
    for word in typed:
        small = plain(word)
        is_place = word.casefold() == host.casefold() or before in _BEFORE_A_MACHINE
        if small and not is_place and small not in _vocabulary():
            is_said = before in _INTRODUCING or fits("unit", word)
            if is_said or not any(is_like(small, known) for known in _vocabulary()):
                named.append((word, is_said))
        # "of the nginx": an article stands between
        before = before if small in ("the", "our", "my", "a") else small
    said = [word for word, is_said in named if is_said] or [word for word, _ in named]
    return unit_named(_as_units_write(said[0])) if said and len(set(said)) == 1 else None


def _as_units_write(word: str) -> str:
    # A phone begins a sentence with a capital; NetworkManager is called so
    return word.casefold() if word[1:] in (word[1:].casefold(), word[1:].upper()) else word


@cache
def _vocabulary() -> frozenset[str]:
    own = {
        word
        for name in ("services", "journal")
        for listed in (BY_NAME[name].words, BY_NAME[name].phrases)
        for lines in listed.values()
        for line in lines
        for word in plain(line).split()
    }
    return (frozenset(own) | COMMON | FILLERS | _NO_NAMES | _INTRODUCING | _BEFORE_A_MACHINE) - frozenset(
        (*DAEMONS, "docker")
    )
