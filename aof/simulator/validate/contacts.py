"""Contact cards."""

import re
from datetime import date

from aof.simulator.validate.report import Node

CARDS_MOST = 257
NAME_PARTS = ("first_name", "last_name", "middle_name", "suffix", "prefix")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def check_contacts(body: Node) -> None:
    cards = body.nodes("contacts")
    if cards is None:
        return
    if not 1 <= len(cards) <= CARDS_MOST:
        body.report.value(
            f"Invalid contacts count. Min allowed contacts: 1, Max allowed contacts: {CARDS_MOST}"
        )  # synthetic
    for card in cards:
        _check_card(card)


def _check_card(card: Node) -> None:
    name = card.node("name")
    if name is not None:
        name.text("formatted_name")
        parts = [name.text(part, required=False) for part in NAME_PARTS]
        if not any(parts):
            card.report.missing(f"{name.path}: one name part beside formatted_name")
    for key in ("phones", "emails", "urls", "addresses"):
        card.nodes(key, required=False)
    card.node("org", required=False)
    birthday = card.text("birthday", required=False)
    if birthday is not None and not _is_day(birthday):
        card.report.value("Birthday is not a date of the form YYYY-MM-DD.")  # synthetic


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return DAY.fullmatch(text) is not None
