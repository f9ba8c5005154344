"""Commands that an answer asks approval for in its text."""

import pytest

from aof.agents.requested import command_request, without_request

ASKED = [
    ('requires_approval: true\ncommand: "kubectl delete pod web-1"', "kubectl delete pod web-1"),
    ('I would restart it.\n\nrequires_approval: true\ncommand: "docker restart web"\n', "docker restart web"),
    ('command: "kubectl get pods"\nrequires_approval: true', "kubectl get pods"),
    ('```yaml\nrequires_approval: true\ncommand: "docker ps"\n```', "docker ps"),
    ('{\n  "requires_approval": true,\n  "command": "docker restart web"\n}', "docker restart web"),
    ('- requires_approval: True\n- command: "docker ps"', "docker ps"),
    ('REQUIRES_APPROVAL: TRUE\nCommand:   "docker ps"  ', "docker ps"),
    ('requires_approval: true\ncommand: "kubectl label a b=\\"two words\\""', 'kubectl label a b="two words"'),
    ('requires_approval: true\ncommand: "kubectl get pods -l "app=x" -o wide"', 'kubectl get pods -l "app=x" -o wide'),
    ("requires_approval: true\ncommand: \"kubectl annotate pod a it='s'\"", "kubectl annotate pod a it='s'"),
    ("requires_approval: true\ncommand: 'echo it''s'", "echo it's"),
    ("requires_approval: true\ncommand: `docker ps`", "docker ps"),
    ("requires_approval: true\ncommand: docker ps", "docker ps"),
    (r"requires_approval: true" + "\n" + r'command: "grep \d+ file"', r"grep \d+ file"),
    ('requires_approval: true\ncommand: "docker ps"\ncommand: "docker ps"', "docker ps"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "command"), ASKED)
def test_the_command_is_taken_out(text: str, command: str) -> None:
    assert command_request(text) == command


@pytest.mark.parametrize(
    "text",
    [
        "",
        "All is well.",
        'requires_approval: false\ncommand: "docker ps"',
        "requires_approval: true",
        'command: "docker ps"',
        'requires_approval: trueish\ncommand: "docker ps"',
        "requires_approval: true\ncommand:",
        'requires_approval: true\ncommand: ""',
        'requires_approval: true\ncommand: "docker ps"\ncommand: "docker rm web"',
        'You could write requires_approval: true and command: "docker ps".',
    ],
)
def test_nothing_is_asked_for(text: str) -> None:
    assert command_request(text) is None


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('I would restart it.\n\nrequires_approval: true\ncommand: "x"', "I would restart it."),
        ('Before.\n```yaml\nrequires_approval: true\ncommand: "x"\n```\nAfter.', "Before.\nAfter."),
        ('{\n  "requires_approval": true,\n  "command": "docker restart web"\n}', ""),
        ("Nothing of it.", "Nothing of it."),
    ],
)
def test_what_else_was_said_is_left(text: str, left: str) -> None:
    assert without_request(text) == left
