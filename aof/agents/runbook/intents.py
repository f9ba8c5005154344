"""All that the runbook agent can be asked, the most useful first: so it stands in the menu."""

from collections.abc import Mapping

from aof.agents.runbook.intent import Intent
from aof.agents.runbook.questions_machine import DIRECTORIES, DISK, LOAD, MEMORY, TOP, UPTIME
from aof.agents.runbook.questions_network import NETWORK, PORTS, USERS
from aof.agents.runbook.questions_services import CONTAINERS, JOURNAL, PODS, SERVICES

INTENTS: tuple[Intent, ...] = (
    DISK,
    MEMORY,
    LOAD,
    TOP,
    SERVICES,
    JOURNAL,
    CONTAINERS,
    PODS,
    NETWORK,
    PORTS,
    DIRECTORIES,
    USERS,
    UPTIME,
)

BY_NAME: Mapping[str, Intent] = {intent.name: intent for intent in INTENTS}

NEXT_STEPS: Mapping[str, tuple[str, ...]] = {
    "disk": ("directories", "top", "memory"),
    "memory": ("top", "load", "disk"),
    "load": ("top", "memory", "disk"),
    "uptime": ("load", "users", "services"),
    "top": ("load", "memory", "services"),
    "network": ("ports", "users", "load"),
    "ports": ("network", "services", "users"),
    "users": ("ports", "uptime", "load"),
}
"""What is worth asking after each reading; shown as three buttons, the fewest that any platform takes. Answers of
programs name steps of their own."""
