import pytest

from aof.domain.response import Action, Response, Status
from aof.formatting.actions import with_offered_actions


def offered(text: str) -> dict[str, str]:
    return {action.id: action.title for action in with_offered_actions(Response(text=text)).actions}


def test_a_last_line_of_brackets_becomes_actions():
    response = with_offered_actions(
        Response(text="Two pods crash.\n\n[View Logs] [Describe Pod]\n", status=Status.WARNING)
    )
    assert response == Response(
        text="Two pods crash.",
        status=Status.WARNING,
        actions=(Action(id="view_logs", title="View Logs"), Action(id="describe_pod", title="Describe Pod")),
    )


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("[View Logs]", {"view_logs": "View Logs"}),
        ("a\n[View Logs][Check Events]", {"view_logs": "View Logs", "check_events": "Check Events"}),
        ("- a\n- b\n[View Logs]", {"view_logs": "View Logs"}),  # a list goes on there, for CommonMark
        ("a\n[عرض السجلات] [🔍 Find it!]", {"عرض_السجلات": "عرض السجلات", "find_it": "🔍 Find it!"}),
        ("a\n[Logs] [logs] [LOGS]", {"logs": "Logs", "logs_2": "logs", "logs_3": "LOGS"}),
        ("a\n[**View** `Logs`]", {"view_logs": "View Logs"}),
        ("a\n[a:b/c]", {"a_b_c": "a:b/c"}),  # never an id of the daemon's own
        ("a\nactions:\nlogs: View Logs\nns/pod-1: Describe", {"logs": "View Logs", "ns/pod-1": "Describe"}),
        ("a\n\n**Actions:**\n- `logs`: View **Logs**", {"logs": "View Logs"}),
        ("actions:\nlogs: A\nlogs: B", {"logs": "A", "logs_2": "B"}),
        ("```\ncode\n```\n[View Logs]", {"view_logs": "View Logs"}),
    ],
)
def test_offers_are_found(text, actions):
    assert offered(text) == actions


@pytest.mark.parametrize(
    "text",
    [
        "",
        "View Logs",
        "[View Logs] then [Describe]",
        "[View Logs]\nmore text",
        "[View Logs](https://a.b)",
        "[View Logs][ref] [x]: y",
        "[ref]: https://a.b\n\n[View Logs][ref]",
        "see [docs]\n\n[docs]\n\n[docs]: https://a.b\n\n[docs]",
        r"\[View Logs\]",
        "[ ] [x] [X]",
        "[1] [2]",
        "[^note]",
        "```\n[View Logs] [Describe Pod]\n```",
        "```\n[View Logs] [Describe Pod]",
        "text\n\n    [View Logs]",
        "`[View Logs]`",
        "- [View Logs]",
        "logs: View Logs",
        "actions:",
        "actions:\nappr:1:yes: Approve",
        "actions:\nlogs: View\nand more",
        "```\nactions:\nlogs: View\n```",
        "```\nactions:\nlogs: View",
    ],
)
def test_other_brackets_are_no_offers(text):
    response = Response(text=text)
    assert with_offered_actions(response) is response


def test_actions_that_are_there_are_left_alone():
    response = Response(text="a\n[View Logs]", actions=(Action(id="x", title="X"),))
    assert with_offered_actions(response) is response
