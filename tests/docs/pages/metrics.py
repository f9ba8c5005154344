"""`docs/reference/metrics.md`: what is counted, by the registry itself, and what its labels can say."""

from collections.abc import Iterator, Mapping
from typing import get_args

from prometheus_client import Metric

from aof.domain.budget import BudgetScope
from aof.domain.delivery import PartState
from aof.metrics import _CATEGORIES, Metrics
from aof.store.results import PartResult
from aof.web.metrics import EVENT_STATES
from tests.docs.pages.markdown import GENERATED, code, joined, listed, table
from tests.docs.pages.source import calls, constant, first_words

HEAD = """\
# Metrics

`GET /metrics` on the operators' port (`spec.server.admin`, by default `127.0.0.1:8081`) shows them in the text format
of Prometheus. Where `spec.server.admin.token` is set, the request carries it: `Authorization: Bearer …`; without it the
answer is 401.

Counters and histograms begin at 0 when the daemon starts. Gauges say how it is at the moment of the request. A
histogram shows as `…_bucket`, `…_sum` and `…_count`. Counters and histograms have a `…_created` beside them: when they
began. A counter with labels appears once there is something to count.
"""

WATCH = (
    (
        "aof_account_stopped == 1",
        "The platform takes nothing from an account until somebody acts.",
        "`aof status` says why. Mend it, then `aof outbox resume`.",
    ),
    (
        "aof_gate_closed == 1",
        "Answers are held and nothing leaves.",
        "Open the gate in the configuration, restart, then `aof outbox release`.",
    ),
    (
        'aof_parts{state="held"} > 0',
        "Parts wait for a gate or for an operator.",
        "`aof outbox list --state held` says for which.",
    ),
    (
        'increase(aof_parts_settled_total{outcome="dead"}[1h]) > 0',
        "The platform refused parts for good.",
        "`aof outbox list --state dead` says why.",
    ),
    (
        "aof_quarantine > 0",
        "Something came in that could not be read.",
        "`aof inbox quarantined` says what.",
    ),
    (
        'aof_events{state="dead"} > 0',
        "Events were given up after their attempts.",
        "`aof inbox quarantined` says why. Mend it, then `aof inbox replay`.",
    ),
    (
        'rate(aof_webhooks_refused_total{reason="wrong signature"}[5m]) > 0',
        "Somebody else calls the webhook, or the app secret is wrong.",
        "Compare the app secret with the platform's.",
    ),
)
"""An expression, what it means, what to do."""

OPEN_LABELS = {
    "agent": "The agent's name in the configuration.",
    "platform": "The platform's name, such as `whatsapp`.",
}
"""Labels whose values the configuration gives."""

OUTCOMES_OF_TURNS = {
    "answered": "An agent, a command or a menu answered.",
    "asked_for_change": "*Edit* was tapped on a card. The other command is asked for.",
    "buried": "Given up after three attempts. The sender is told, and the event is dead.",
    "cancelled": "Its sender stopped it with `/cancel`, or took back what it waited for.",
    "changed": "Somebody changed a command that waits. Others decide about the new one.",
    "contact_answered": "Somebody outside the team answered what an operator had sent them: kept, and not answered.",
    "let_in": "An invitation let its sender in.",
    "code_told": "A stranger was told a code for pairing.",
    "decided": "A tap on a card counted: somebody approved or denied.",
    "deferred": "The attempt failed, or the store was busy. It is tried again.",
    "explained": "Somebody asked why a call waits. Nothing is decided by it.",
    "failed": "The agent could not answer. The sender is told.",
    "ignored": "No trigger takes the event. Nothing is said.",
    "opted_in": "Its sender opted in, by START or by a tap.",
    "opted_out": "Its sender opted out, by STOP or by a tap.",
    "late": "It is older than `spec.runtime.max_message_age_secs`. Its sender is asked to run or to skip it.",
    "not_readable": "It was a picture or the like, without a text. The sender is told.",
    "opened": "A nudge was tapped: what was parked follows, and nothing else is said.",
    "over_budget": "A budget is spent, or the rest of it held. The sender is told, and offered what needs no model.",
    "overflowed": "Too much was waiting in the conversation. The sender is told once.",
    "paused": "A call waits for people. Whoever asked is told who decides, and these get a card.",
    "press_refused": "A tap on a card did not count: not theirs to decide, a second one, or too late. They are told.",
    "queued": "A command of its sender waits for people, and `spec.approval.while_paused` is `queue`: it is answered "
    "once that is decided. The first that waits is told.",
    "refused": "The sender may not talk here, or the account is not configured any more: nothing is said. "
    "Or a paused run's agent was changed or removed: its sender is told.",
    "returned": "The daemon stopped before the answer was there. The event goes back into the inbox.",
    "skipped": "Its sender tapped *Skip*: what was late is over.",
    "taken_up": "Its sender tapped *Run*: what was late is answered.",
    "timed_out": "The agent took longer than `spec.runtime.task_timeout_secs`. The sender is told.",
    "unchanged": "A change to a command could not be taken. The question stays as it was.",
    "unknown_press": "A choice was pressed that was not shown here or is not known any more. The sender is told.",
}

OUTCOMES_OF_PARTS = {
    "dead": "The platform will never take it, it has no address any more, or the question that it asks is decided.",
    "deferred": "It goes back into the queue: the platform asked to come back later, or our own pace did.",
    "held": "A gate is closed, or an operator has to decide.",
    "moved": "Its group goes on under another id; it is sent there at once.",
    "sent": "The platform took it.",
    "uncertain": "The request was written and nobody knows whether it was carried out.",
}

REASONS = {
    "a broken body": "The body ended early, or its chunks are broken. Answered with 400.",
    "a slow body": "The body took too long. Answered with 408.",
    "no signature": "The request has no signature. Answered with 401.",
    "wrong signature": "The signature does not fit the body. Answered with 401.",
    "wrong verify token": "The handshake showed another verify token. Answered with 403.",
}

SCOPES = {
    "agent": "`spec.budgets.per_agent` refused it.",
    "conversation": "`spec.budgets.per_conversation` refused it.",
    "person": "`spec.budgets.per_person` refused it.",
    "total": "`spec.budgets.total` refused it.",
}

CLOSED_LABELS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("aof_events_answered_total", "outcome"): OUTCOMES_OF_TURNS,
    ("aof_parts_settled_total", "outcome"): OUTCOMES_OF_PARTS,
    ("aof_webhooks_refused_total", "reason"): REASONS,
    ("aof_over_budget_total", "scope"): SCOPES,
}
"""Labels with a meaning for each value."""


def families() -> list[tuple[Metric, tuple[str, ...], str]]:
    """Every metric with its labels and the name that Prometheus shows."""
    metrics = Metrics()
    found = []
    for collector in vars(metrics).values():
        if collector is not metrics.registry:
            (family,) = collector.collect()
            name = f"{family.name}_total" if family.type == "counter" else family.name
            found.append((family, tuple(collector._labelnames), name))
    return found


def values() -> dict[tuple[str, str], set[str]]:
    """What the code gives to each label that takes one of a closed set."""
    return {
        ("aof_events_answered_total", "outcome"): first_words("aof.pipeline", "Answer", "Answer.sentence"),
        ("aof_parts_settled_total", "outcome"): {result.__name__.lower() for result in get_args(PartResult)},
        ("aof_webhooks_refused_total", "reason"): set(_reasons()),
        ("aof_messages_billed_total", "category"): {*_CATEGORIES, "other"},
        ("aof_over_budget_total", "scope"): set(get_args(BudgetScope)),
        ("aof_events", "state"): set(EVENT_STATES),
        ("aof_parts", "state"): {str(state) for state in PartState},
    }


def page() -> str:
    return joined(
        GENERATED,
        HEAD,
        "## All of them",
        table(
            ("Name", "Type", "Labels", "What it counts"),
            [(code(name), family.type, listed(labels), family.documentation) for family, labels, name in families()],
        ),
        "## What to watch",
        table(("Expression", "What it means", "What to do"), [(code(watched), *words) for watched, *words in WATCH]),
        "## Labels",
        *(f"{code(label)}: {meaning}" for label, meaning in OPEN_LABELS.items()),
        *(_explained(name, label, words) for (name, label), words in CLOSED_LABELS.items()),
        *_states(),
        f"`category` of `aof_messages_billed_total`, by Meta's words: {listed(sorted(_CATEGORIES))}; else `other`.",
        "## Buckets",
        "Upper bounds in seconds.",
        table(
            ("Name", "Buckets"),
            [(code(family.name), _bounds(family)) for family, _, _ in families() if _bounds(family)],
        ),
    )


def _reasons() -> Iterator[str]:
    for name, call in calls("aof.web.webhooks"):
        at = {"self._refuse": 2, "self._metrics.refused.labels": 0}.get(name)
        if at is not None and (reason := constant(call.args[at])):
            yield reason


def _explained(name: str, label: str, words: Mapping[str, str]) -> str:
    rows = [(code(word), meaning) for word, meaning in sorted(words.items())]
    return f"{code(label)} of {code(name)}:\n\n{table(('Value', ''), rows)}"


def _states() -> Iterator[str]:
    """The values that the glossary explains."""
    for name in ("aof_events", "aof_parts"):
        words = listed(sorted(values()[name, "state"]))
        yield f"{code('state')} of {code(name)}, explained in the [glossary](glossary.md): {words}."


def _bounds(family: Metric) -> str:
    """The upper bounds of a histogram; nothing for any other metric."""
    return ", ".join(s.labels["le"] for s in family.samples if s.name.endswith("_bucket"))
