"""What AOF files may hold and this daemon does not do yet: refused by name, never ignored."""

from collections.abc import Mapping

from aof.config.problem import Place

KINDS = frozenset(
    {
        "Trigger", "Agent", "AgentFleet", "Fleet", "AgentFlow", "Flow", "Context", "ToolClassification", "FlowBinding",
        "Binding", "Workflow", "AgentWorkflow", "Memory", "KnowledgeBase", "ToolServer", "ModelConfig", "Tool",
        "Prompt", "TriggerConfig", "AgentTest", "Secret", "ConfigMap",
    }
)  # fmt: skip

PLATFORMS = frozenset({"whatsapp", "telegram", "slack", "discord", "teams", "github", "gitlab", "bitbucket", "jira"})

IGNORED: frozenset[Place] = frozenset({("status",)})
"""Kubernetes tools write it into files that they read back; it says nothing to a reader."""

_SECTIONS = (
    "fleets", "flows", "contexts", "bindings", "workflows", "approval", "memory", "settings",
    "logging", "audit", "mode", "queue", "gateway", "worker", "routing",
)  # fmt: skip

_KEYS: Mapping[tuple[str, ...], frozenset[str]] = {
    ("spec",): frozenset(_SECTIONS),
    ("spec", "runtime"): frozenset({"default_model", "max_message_age_secs", "default_context"}),
    ("spec", "server"): frozenset({"cors", "timeout_secs", "tls"}),
    ("spec", "platforms", "*"): frozenset({"approval_allowed_users", "safety"}),
}


def keys_at(place: Place) -> frozenset[str]:
    """The keys of AOF that may come to stand in the section at `place`."""
    if place[:2] == ("spec", "platforms") and len(place) == 3:
        return _KEYS["spec", "platforms", "*"]
    return _KEYS.get(tuple(str(step) for step in place), frozenset())
