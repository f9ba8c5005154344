"""What is counted, a line each; `/metrics` on the operators' port shows them. One set a daemon, never a global one."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SHORT = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
_LONG = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900)
_CATEGORIES = frozenset(
    {
        "service",
        "utility",
        "marketing",
        "marketing_lite",
        "authentication",
        "authentication-international",
        "referral_conversion",
        "general_purpose_ai",
    }
)
"""Meta's; whatever else a webhook says is counted as `other`, since each label lives for ever."""


class Metrics:
    """Safe to use from the store's thread too. Figures are kept from the start of the daemon."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        platform, outcome = ["platform"], ["outcome"]
        self.accepted = Counter("aof_events_accepted", "Events kept to be answered.", platform, registry=registry)
        self.duplicates = Counter("aof_events_duplicate", "Events known already.", platform, registry=registry)
        self.quarantined = Counter("aof_events_quarantined", "Events that can't be read.", platform, registry=registry)
        self.refused = Counter("aof_webhooks_refused", "Requests that were refused.", ["reason"], registry=registry)
        self.answered = Counter("aof_events_answered", "Ends of turns.", outcome, registry=registry)
        self.executions = Counter("aof_agent_executions", "Answers of agents.", ["agent"], registry=registry)
        self.agent_errors = Counter("aof_agent_errors", "Turns that an agent failed.", ["agent"], registry=registry)
        self.tokens = Counter(
            "aof_model_tokens", "Tokens that models were asked and answered.", ["agent"], registry=registry
        )
        self.over_budget = Counter("aof_over_budget", "Runs that a budget refused.", ["scope"], registry=registry)
        self.execution = Histogram(
            "aof_execution_duration_seconds",
            "From a lease to its answer.",
            buckets=_LONG,
            registry=registry,
        )
        self.waited = Histogram(
            "aof_event_delay_seconds",
            "From acceptance to the answer.",
            buckets=_LONG,
            registry=registry,
        )
        self.settled = Counter("aof_parts_settled", "Ends of attempts to send.", outcome, registry=registry)
        self.sent = Histogram(
            "aof_part_delay_seconds", "From the answer to the platform's yes.", buckets=_LONG, registry=registry
        )
        self.billed = Counter(
            "aof_messages_billed", "Messages that the platform bills, by receipts.", ["category"], registry=registry
        )
        self.events = Gauge("aof_events", "Events that are open or dead, by state.", ["state"], registry=registry)
        self.parts = Gauge("aof_parts", "Parts by state.", ["state"], registry=registry)
        self.in_quarantine = Gauge("aof_quarantine", "Bodies in quarantine.", registry=registry)
        self.stopped = Gauge("aof_account_stopped", "1: the platform takes nothing.", platform, registry=registry)
        self.gate = Gauge("aof_gate_closed", "1: nothing leaves for the platform.", platform, registry=registry)
        self.lag = Histogram("aof_loop_lag_seconds", "How late a timer is.", buckets=_SHORT, registry=registry)
        self.commit = Histogram("aof_store_commit_seconds", "A transaction.", buckets=_SHORT, registry=registry)

    def bill(self, category: str) -> None:
        """Count a message that the platform bills as this."""
        self.billed.labels(category if category in _CATEGORIES else "other").inc()

    def shown(self) -> bytes:
        """In the text format of Prometheus."""
        return generate_latest(self.registry)
