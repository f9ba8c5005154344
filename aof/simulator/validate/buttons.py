"""Reply buttons."""

from aof.simulator.validate.report import Node

BUTTONS_MOST = 3
TITLE_MOST = 20
ID_MOST = 256


def check_buttons(action: Node) -> None:
    action.only("buttons")
    buttons = action.nodes("buttons")
    if buttons is None:
        return
    if not 1 <= len(buttons) <= BUTTONS_MOST:
        action.report.value(
            f"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {BUTTONS_MOST}"
        )  # captured
    replies = []
    for button in buttons:
        button.one_of("type", ("reply",))
        reply = button.node("reply")
        if reply is not None:
            replies.append(reply)
    check_replies(replies)


def check_replies(replies: list[Node]) -> None:
    """Titles and ids of the buttons of one message or card."""
    for reply in replies:
        reply.only("id", "title")
        reply.report.length("Button title", reply.text("title"), TITLE_MOST)  # captured
        identity = reply.text("id")
        reply.report.length("Button id", identity, ID_MOST)
        if identity is not None and identity != identity.strip():
            reply.report.value("Button id must not begin or end with a space.")  # synthetic
    check_unique(replies, "id", "Button id")
    check_unique(replies, "title", "Button title")


def check_unique(nodes: list[Node], key: str, name: str) -> None:
    """The wording is synthetic."""
    values = [value for node in nodes if isinstance(value := node.value.get(key), str)]
    for value in dict.fromkeys(value for value in values if values.count(value) > 1):
        nodes[0].report.place = [node for node in nodes if node.value.get(key) == value][-1].at(key)
        nodes[0].report.value(f"Duplicated {name.lower()}: {value[:100]}")
