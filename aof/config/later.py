"""What AOF files may hold and this daemon does not do yet: refused by name, never ignored."""

from collections.abc import Mapping

from aof.config.problem import Place

KINDS = frozenset(
    {
        "AgentFleet", "Fleet", "AgentFlow", "Flow", "FlowBinding", "Binding", "Workflow",
        "AgentWorkflow", "Memory", "KnowledgeBase", "ToolServer", "ModelConfig", "Tool", "Prompt",
        "TriggerConfig", "AgentTest",
    }
)  # fmt: skip

PLATFORMS = frozenset(
    {"whatsapp", "telegram", "http", "slack", "discord", "teams", "github", "gitlab", "bitbucket", "jira"}
)

IGNORED: frozenset[Place] = frozenset({("status",)})
"""Kubernetes tools write it into files that they read back; it says nothing to a reader."""

_REMOVE = "Remove it."
_TO_THE_PLATFORM = "Write it below its platform, under spec.platforms of the daemon's file."
_TARGET = "Write agent: and the name of an agent."


def _all(*keys: str, remedy: str = _REMOVE) -> dict[str, str]:
    return dict.fromkeys(keys, remedy)


_DAEMON: Mapping[Place, Mapping[str, str]] = {
    ("spec",): _all(
        "fleets", "flows", "bindings", "workflows", "settings", "logging", "audit", "mode", "queue", "gateway",
        "worker", "routing",
    ),
    ("spec", "server"): _all("cors", "timeout_secs", "tls"),
    ("spec", "budgets"): _all("per_incident"),
}  # fmt: skip

_OF_AGENTS = _all(
    "base", "extends", "system_prompt_override", "guardrails", "cost_control", "rate_limit", "rate_limits"
)

_TRIGGER: Mapping[Place, Mapping[str, str]] = {
    ("spec",): {
        **_all(
            "webhook", "filter", "parameters", "approval", "on_error", "fleet", "fleets", "flow", "workflow",
            "default_workflow", "output", "input", "source", "actions", "schedule", "input_template", "context",
        ),
        **_all("platform", remedy="Write type: and its name, such as WhatsApp or Telegram."),
        **_all("routing", "agent", "default_fleet", "default_flow", remedy="Write default_agent: and its name."),
        **_all("events", remedy="Write it under spec.config."),
    },
    ("spec", "config"): {
        **_all(
            "access_token", "bot_token", "token", "phone_number_id", "verify_token", "app_secret", "app_id",
            "business_account_id", "api_version", "bot_name", "webhook_secret", "webhook_url", remedy=_TO_THE_PLATFORM,
        ),
        **_all(
            *(
                f"{key}_env"
                for key in (
                    "access_token", "bot_token", "token", "phone_number_id", "verify_token", "app_secret",
                    "business_account_id", "webhook_secret",
                )
            ),
            remedy=_TO_THE_PLATFORM,
        ),
        **_all("port", "host", remedy="Write it under spec.server of the daemon's file."),
        **_all("approval_allowed_users", "approval_channel", "path", "signing_secret", "bot_user_id"),
    },
    ("spec", "commands", "*"): {
        **_all("fleet", "flow", remedy=_TARGET),
        **_all("params", "requires_approval"),
    },
}  # fmt: skip


_CONTEXT: Mapping[Place, Mapping[str, str]] = {
    ("spec",): _all("limits", "audit", "secrets", "notifications"),
    ("spec", "approval"): {
        **_all("enabled", remedy="Write required: and true or false."),
        **_all("required_for", remedy="Write require_for: and patterns of commands."),
    },
    ("spec", "connection"): _all("database", "host", "port", "user", "username", "password", "url"),
    ("spec", "safety"): _all("max_resources_per_operation", "audit_all_operations"),
}

_OF_KINDS = {"DaemonConfig": _DAEMON, "Trigger": _TRIGGER, "Context": _CONTEXT}


def keys_at(kind: str, place: Place) -> Mapping[str, str]:
    """The keys of AOF that may come to stand in the section at `place`, each with what to write for now."""
    if kind == "Agent":
        return _OF_AGENTS if place in {(), ("spec",)} else {}
    if len(place) == 3 and place[:2] in {("spec", "platforms"), ("spec", "commands")}:
        place = (*place[:2], "*")
    return _OF_KINDS.get(kind, {}).get(place, {})
