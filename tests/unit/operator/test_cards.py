"""The cards as JSON: what WhatsApp takes, in both languages, and what the daemon itself would send."""

import importlib
import inspect
import pkgutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aof.texts
from aof.domain.message import Address
from aof.formatting.markup import Markup
from aof.formatting.render import render
from aof.operator import cards
from aof.operator.cards import daily_brief, draft_card, opportunity_card, schedule_card
from aof.operator.replies import parse_button_reply
from aof.platforms.whatsapp.limits import LIMITS
from aof.platforms.whatsapp.payloads import message
from aof.simulator.validate import problems
from aof.texts.language import Language

IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}", fullmatch=True)
TEXTS = st.text(max_size=3000)
LANGUAGES = st.sampled_from(["ar", "en"])


def buttons(interactive):
    return [(each["reply"]["id"], each["reply"]["title"]) for each in interactive["action"]["buttons"]]


def test_step_1_has_the_three_buttons_of_the_design():
    assert buttons(opportunity_card("42", "عنوان", "ملخص")) == [
        ("opp:42:accept", "قبول"),
        ("opp:42:skip", "تخطي"),
        ("opp:42:draft", "رسالة"),
    ]


def test_step_2_has_the_three_buttons_of_the_design():
    assert buttons(draft_card("42-d1", "نص")) == [
        ("msg:42-d1:approve", "اعتماد"),
        ("msg:42-d1:edit", "تعديل"),
        ("msg:42-d1:cancel", "إلغاء"),
    ]


def test_the_same_buttons_in_english():
    assert [title for _, title in buttons(opportunity_card("42", "T", "S", "en"))] == ["Accept", "Skip", "Message"]
    assert [title for _, title in buttons(draft_card("42-d1", "text", "en"))] == ["Approve", "Edit", "Cancel"]


def test_to_schedule_is_a_message_of_its_own():
    assert buttons(schedule_card("42")) == [("opp:42:schedule", "جدولة")]
    assert buttons(schedule_card("42", "en")) == [("opp:42:schedule", "Schedule")]


def test_a_brief_of_many_is_a_list_whose_rows_show_the_cards():
    brief = daily_brief([{"id": f"o{n}", "title": f"Opportunity {n}", "summary": "s"} for n in range(12)], "en")
    assert brief["type"] == "list"
    (section,) = brief["action"]["sections"]
    assert [row["id"] for row in section["rows"]] == [f"opp:o{n}:show" for n in range(10)]
    assert "12" in brief["body"]["text"]
    assert "first 10" in brief["body"]["text"]


def test_a_brief_of_nothing_says_what_to_do():
    with pytest.raises(ValueError, match="send a text instead"):
        daily_brief([])


@given(id_=IDS, title=TEXTS, text=TEXTS, language=LANGUAGES, more=st.integers(1, 30))
def test_payload_never_exceeds_3_buttons(id_, title, text, language, more):
    """Of the seed's checklist. Whatever is written into a card, WhatsApp's own rules find nothing wrong with it."""
    listed = [{"id": f"o{n}", "title": title or "x", "summary": text} for n in range(more)]
    for card in (
        opportunity_card(id_, title, text, language),
        draft_card(f"{id_[:100]}-d1", text, language),
        schedule_card(id_, language),
        daily_brief(listed, language),
    ):
        shown = card["action"].get("buttons", [])
        assert len(shown) <= 3
        assert all(len(each["reply"]["id"]) <= 256 for each in shown)
        body = {"messaging_product": "whatsapp", "to": "+15550001001", "type": "interactive", "interactive": card}
        assert [found.line() for count in ("code_points", "utf16") for found in problems(body, count)] == []


@given(id_=IDS, title=TEXTS, text=TEXTS, language=LANGUAGES)
def test_ids_stable_per_opportunity_and_draft(id_, title, text, language):
    """Of the seed's checklist: the ids depend on the opportunity and the draft alone, and each parses back to it."""
    first, again = opportunity_card(id_, title, text, language), opportunity_card(id_, "another", "", "en")
    assert [id_ for id_, _ in buttons(first)] == [id_ for id_, _ in buttons(again)]
    for button, _ in (*buttons(first), *buttons(schedule_card(id_, language))):
        reply = parse_button_reply(button)
        assert (reply["kind"], reply["opportunity_id"]) == ("opportunity", id_)
    for button, _ in buttons(draft_card(id_, text, language)):
        reply = parse_button_reply(button)
        assert (reply["kind"], reply["draft_id"]) == ("draft", id_)


def labels():
    """Every function of the catalogue that words a button, by module and name."""
    for found in pkgutil.iter_modules(aof.texts.__path__):
        module = importlib.import_module(f"aof.texts.{found.name}")
        for name, made in inspect.getmembers(module, inspect.isfunction):
            if made.__module__ == module.__name__ and name.endswith("_title") and not name.startswith("_"):
                yield pytest.param(made, id=f"{found.name}.{name}")


@pytest.mark.parametrize("label", list(labels()))
@pytest.mark.parametrize("language", Language)
def test_arabic_labels_render_under_20_chars(label, language):
    """Of the seed's checklist, for every label of the whole catalogue in both languages."""
    if list(inspect.signature(label).parameters) != ["language"]:
        pytest.skip("it words what others call it; the renderer cuts that, or makes a list")
    title = label(language)
    assert title.strip() == title
    assert 0 < len(title) <= 20
    assert LIMITS.buttons is not None
    assert LIMITS.buttons.title.allows(title)


@given(text=st.text(max_size=900), language=st.sampled_from(Language))
def test_a_card_is_what_the_daemon_sends(text, language):
    response = cards.opportunity("42", "Title", text, language)
    parts = render(response, LIMITS, Markup.WHATSAPP, language=language).parts
    sent = message(Address(chat="x"), parts[-1], part_id="p")
    if len(parts) == 1:
        assert opportunity_card("42", "Title", text, language) == sent["interactive"]


@pytest.mark.parametrize("bad", ["", "a b", "a:b", "../x", "ا", "x" * 129, "-x"])
def test_an_id_that_could_not_come_back_whole_is_refused(bad):
    for made in (lambda: opportunity_card(bad, "t", "s"), lambda: schedule_card(bad)):
        with pytest.raises(ValueError, match="is no id"):
            made()


def test_what_somebody_else_wrote_sets_no_marks_on_the_card():
    text = opportunity_card("1", "*bold* [x](http://y)", "`code`\n> quote", "en")["body"]["text"]
    assert "http://y" in text
    assert "*bold*" not in text
    assert "`code`" not in text


def test_the_text_of_a_draft_stands_on_its_card_letter_for_letter():
    text = "Hello *Layla* [now] `x`\n\n\n- one\n1. two"
    assert draft_card("1-d1", text, "en")["body"]["text"].endswith(text)
