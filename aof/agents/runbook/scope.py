"""Which namespace or context a question about pods is about."""

import re
from collections.abc import Iterable

from aof.agents.runbook.matching import LONGEST, plain
from aof.agents.runbook.small_words import listed_words

_WORDS = re.compile(r"[^\s,،;؛?؟!\"'`«»()\[\]{}<>]+")
_INTRODUCING = frozenset(
    {"in", "inside", "within", "on", "from", "at", "namespace", "ns", "context", "في", "داخل", "ضمن", "من"}
)
_ARTICLES = frozenset(
    {"the", "our", "my", "a", "namespace", "ns", "context", "cluster", "environment", "env", "بيئة", "نطاق", "سياق"}
)

_NO_NAMES = frozenset(
    plain(word)
    for word in listed_words("""
        cluster clusters kubernetes k8s all any every each namespaces contexts total general here there it them this
        that these those now call fire last past error errors trouble state crashloop crashloopbackoff imagepullbackoff
        loop server machine host is are with and or for
        الكلستر العنقود كوبرنيتس هنا كل جميع حالة الان الخادم السيرفر الـ
    """)
)
"""As in "in the cluster", "in total", "on call": what follows "in" is no name."""


def words(text: str) -> list[str]:
    """As they were typed, without the punctuation around them."""
    return [word for found in _WORDS.findall(text[:LONGEST]) if (word := found.strip(".:"))]


def named_after_in(text: str) -> str | None:
    """The word of "in prod", "in the prod namespace", "namespace prod"; None where there is none."""
    typed = words(text)
    for place, word in enumerate(typed):
        if word.casefold() not in _INTRODUCING:
            continue
        following = [each for each in typed[place + 1 :] if each.casefold() not in _ARTICLES]
        if following and plain(following[0]) and plain(following[0]) not in _NO_NAMES:
            return following[0]
    return None


def one_of(names: Iterable[str], typed: Iterable[str]) -> str | None:
    """The name that was typed, in whatever case; the first typed one where there are several."""
    by_small = {name.casefold(): name for name in names}
    return next((by_small[word.casefold()] for word in typed if word.casefold() in by_small), None)
