"""What a button of the pods answers asks for, and how that is written into the button's id."""

from dataclasses import dataclass, replace
from enum import StrEnum

from aof.tools.commands import fits


class Verb(StrEnum):
    """What to show of a pod, or of a cluster."""

    LIST = "list"
    LOGS = "logs"
    DESCRIBE = "describe"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Step:
    """One read-only look. The context goes along, so that a tap asks the cluster that the answer came from."""

    verb: Verb
    namespace: str
    """Empty: all of them, for a list only."""
    pod: str = ""
    """Empty for a list."""
    context: str | None = None
    """None: what kubectl uses by default."""

    @property
    def id(self) -> str:
        """`pods:logs:<namespace>:<pod>[:<context>]`, `pods:list:<namespace>[:<context>]`."""
        words = ["pods", self.verb, self.namespace] + ([] if self.verb is Verb.LIST else [self.pod])
        return ":".join(words if self.context is None else [*words, self.context])

    def turned_to(self, verb: Verb) -> "Step":
        """The same pod, another look."""
        return replace(self, verb=verb)


def read_step(action_id: str) -> Step | None:
    """The step that an id asks for; None where it isn't one, or where a value in it can't be a name."""
    first, _, rest = action_id.partition(":")
    word, _, rest = rest.partition(":")
    if first != "pods" or word not in set(Verb):
        return None
    verb, pod = Verb(word), ""
    namespace, _, rest = rest.partition(":")
    if verb is not Verb.LIST:
        pod, _, rest = rest.partition(":")
        if not fits("pod", pod) or not namespace:
            return None
    # the rest may hold colons of its own: arn:aws:eks:…
    context = rest or None
    if (namespace and not fits("namespace", namespace)) or (context is not None and not fits("context", context)):
        return None
    return Step(verb, namespace, pod, context)
