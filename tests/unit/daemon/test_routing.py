"""What a trigger's file says reaches the router, key by key: a key that is ignored fails here."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from aof.daemon import read
from aof.daemon.routing import triggers_of
from aof.domain.message import ButtonPress, InboundMessage, Sender
from aof.pipeline.route import Binding, Trigger
from aof.platforms.base import AnyPlatform

ACCOUNT = "whatsapp:1"
NUMBER, USER = "+4930901820", "US.1"
ENVIRON = {
    "WHATSAPP_PHONE_NUMBER_ID": "1",
    "WHATSAPP_ACCESS_TOKEN": "token-0123456789",
    "WHATSAPP_VERIFY_TOKEN": "verify-0123456789",
    "WHATSAPP_APP_SECRET": "secret-0123456789",
}
MAIN = """\
kind: DaemonConfig
spec:
  triggers: {directory: doors}
  platforms:
    whatsapp:
      phone_number_id_env: WHATSAPP_PHONE_NUMBER_ID
      access_token_env: WHATSAPP_ACCESS_TOKEN
      verify_token_env: WHATSAPP_VERIFY_TOKEN
      app_secret_env: WHATSAPP_APP_SECRET
"""
DOOR = """\
kind: Trigger
metadata: {{name: door}}
spec:
  type: WhatsApp
{more}
"""


@pytest.fixture
def triggers(tmp_path: Path) -> Callable[..., tuple[Trigger, ...]]:
    """The triggers of one file with these lines more under its spec."""

    def triggers(*lines: str) -> tuple[Trigger, ...]:
        (tmp_path / "doors").mkdir(exist_ok=True)
        (tmp_path / "doors" / "door.yaml").write_text(DOOR.format(more="\n".join(f"  {line}" for line in lines)))
        (tmp_path / "daemon.yaml").write_text(MAIN)
        assembly = read(tmp_path / "daemon.yaml", ENVIRON)
        platform = cast("AnyPlatform", SimpleNamespace(name="whatsapp"))
        return triggers_of(assembly.triggers, {ACCOUNT: platform})[ACCOUNT]

    return triggers


def said(text: str = "disk", **more: Any) -> InboundMessage:
    given = {"chat_id": USER, "sender": Sender(number=NUMBER, user_id=USER), **more}
    return InboundMessage(platform="whatsapp", account=ACCOUNT, event_id="m", text=text, **given)


PRESS = ButtonPress(
    platform="whatsapp",
    account=ACCOUNT,
    event_id="p",
    chat_id=USER,
    sender=Sender(number=NUMBER, user_id=USER),
    action_id="go",
    form="button",
)
OTHER = Sender(number="+4915112345678", user_id="US.2")


@pytest.mark.parametrize(
    ("filtered", "passes", "stays_out"),
    [
        (f'allowed_numbers: ["{NUMBER}"]', said(), said(sender=OTHER)),
        ('allowed_numbers: ["+49 30 901820"]', said(), said(sender=Sender(user_id=USER))),
        (f"users: [{USER}]", said(), said(sender=OTHER)),
        (f"allowed_users: [{USER}]", said(), said(sender=OTHER)),
        (f'users: ["{NUMBER}"]', said(), said(sender=OTHER)),
        (f"excluded_users: [{USER}]", said(sender=OTHER), said()),
        (f'excluded_users: ["{NUMBER}"]', said(sender=OTHER), said()),
        (f"channels: [{USER}]", said(), said(chat_id="room")),
        ("patterns: ['^dis[kc]$']", said(), said("disks")),
        ("events: [message]", said(), PRESS),
        ("events: [interactive]", PRESS, said()),
        ("users: []", None, said()),
        ("allowed_numbers: []", None, said()),
        ('users: ["*"]', said(sender=OTHER), None),
    ],
)
def test_each_filter_lets_pass_what_it_says(
    triggers: Callable[..., tuple[Trigger, ...]],
    filtered: str,
    passes: InboundMessage | ButtonPress | None,
    stays_out: InboundMessage | ButtonPress | None,
) -> None:
    (trigger,) = triggers(f"config: {{{filtered}}}")
    assert passes is None or trigger.score(passes) > 0
    assert stays_out is None or trigger.score(stays_out) == 0


def test_commands_and_agents_arrive(triggers: Callable[..., tuple[Trigger, ...]]) -> None:
    (trigger,) = triggers(
        "default_agent: runbook",
        "commands:",
        "  /Pods: {agent: runbook, description: Which crash, response: Looking.}",
        "  help: {agent: builtin}",
        "  default: {agent: runbook}",
    )
    assert trigger.name == "door"
    assert trigger.default_agent == "runbook"
    assert trigger.commands == {
        "pods": Binding("runbook", "Which crash", "Looking."),
        "help": Binding("builtin"),
    }
    assert trigger.default_command == Binding("runbook")


def test_what_is_switched_off_is_not_there(triggers: Callable[..., tuple[Trigger, ...]]) -> None:
    assert triggers("enabled: false") == ()
    assert len(triggers("enabled: true")) == 1
