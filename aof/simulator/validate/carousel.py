"""Carousels of media cards."""

from aof.simulator.validate.actions import check_cta_url
from aof.simulator.validate.buttons import check_replies
from aof.simulator.validate.media import check_media
from aof.simulator.validate.report import Node

CARDS_LEAST = 2
CARDS_MOST = 10
CARD_BODY_MOST = 160
CARD_LINE_BREAKS_MOST = 2


def check_carousel(action: Node) -> None:
    cards = action.nodes("cards")
    if cards is None:
        return
    if not CARDS_LEAST <= len(cards) <= CARDS_MOST:
        action.report.value(
            f"Invalid cards count. Min allowed cards: {CARDS_LEAST}, Max allowed cards: {CARDS_MOST}"
        )  # synthetic
    for card in cards:
        _check_card(card)


def _check_card(card: Node) -> None:
    header = card.node("header")
    if header is not None:
        name = header.one_of("type", ("image", "video"))
        media = header.node(name) if name else None
        if media is not None:
            check_media(media)
    body = card.node("body", required=False)
    if body is not None:
        text = body.text("text")
        card.report.length("Card body text", text, CARD_BODY_MOST)
        if text is not None and text.count("\n") > CARD_LINE_BREAKS_MOST:
            card.report.value(f"Card body text has more than {CARD_LINE_BREAKS_MOST} line breaks.")  # synthetic
    action = card.node("action")
    if action is None:
        return
    if "buttons" not in action.value:
        check_cta_url(action)
        return
    buttons = action.nodes("buttons") or []
    for button in buttons:
        button.one_of("type", ("quick_reply",))
    check_replies([reply for button in buttons if (reply := button.node("quick_reply")) is not None])
