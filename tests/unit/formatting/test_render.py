from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.domain.limits import ChoiceLimits, Limit, PlatformLimits, Unit
from aof.domain.response import Action, ButtonsPart, ListPart, Response, Status, TextPart, choices_of
from aof.formatting.markup import Markup
from aof.formatting.render import MORE_ACTION_ID, SIGNS, Rendered, render
from aof.texts.language import Language
from tests.unit.formatting.strategies import (
    FAMILY,
    documents,
    platform_limits,
    responses,
    shown_text,
    text_of,
    words,
)


def within(most: int) -> Limit:
    return Limit(most, Unit.UTF16, "a test")


WHATSAPP = PlatformLimits(
    text=within(4096),
    body=within(1024),
    buttons=ChoiceLimits(3, within(256), within(20)),
    rows=ChoiceLimits(10, within(200), within(24), within(72)),
    list_label=within(20),
)


def actions(count: int, title: str = "Go {}") -> tuple[Action, ...]:
    return tuple(Action(id=f"a{number}", title=title.format(number)) for number in range(1, count + 1))


def shown(response: Response, **options: object) -> Rendered:
    return render(response, WHATSAPP, Markup.WHATSAPP, **options)  # type: ignore[arg-type] -- the tests' options


def pages(response: Response, limits: PlatformLimits = WHATSAPP, **options: object) -> list[Rendered]:
    """What one sees who presses every More."""
    found = []
    rest: Response | None = response
    while rest is not None:
        found.append(render(rest, limits, Markup.WHATSAPP, **options))  # type: ignore[arg-type] -- the tests' options
        rest = found[-1].rest
    return found


@pytest.mark.parametrize(
    ("count", "title", "part"),
    [
        (0, "", TextPart),
        (1, "x" * 20, ButtonsPart),
        (3, "x" * 20, ButtonsPart),
        (4, "x" * 20, ListPart),  # one more than three buttons
        (3, "x" * 21, ListPart),  # too long for a button, not for a row
        (3, "🎉" * 10, ButtonsPart),  # 20 UTF-16 units
        (3, "🎉" * 10 + "x", ListPart),
        (10, "x" * 24, ListPart),
        (10, "x" * 25, ListPart),  # cut, with the whole title as description
        (10, "x" * 72, ListPart),
        (1, "x" * 73, TextPart),  # shown whole only as a line
        (11, "x", TextPart),  # more than ten rows
    ],
)
def test_the_form_follows_the_number_and_the_length_of_the_actions(count, title, part):
    rendered = shown(Response(text="a", actions=actions(count, title)))
    assert [type(p) for p in rendered.parts] == [part]
    assert [c.action_id for c in choices_of(rendered.parts[0])] == [f"a{n}" for n in range(1, count + 1)]
    assert rendered.rest is None
    assert rendered.more is None


@pytest.mark.parametrize(
    ("action", "title", "description"),
    [
        (Action(id="a", title="x" * 24), "x" * 24, ""),
        (Action(id="a", title="x" * 24, description="y" * 72), "x" * 24, "y" * 72),
        (Action(id="a", title="x" * 24, description="y" * 73), "x" * 24, "y" * 71 + "…"),
        (Action(id="a", title="x" * 25), "x" * 23 + "…", "x" * 25),
        (Action(id="a", title="x" * 25, description="own"), "x" * 23 + "…", "x" * 25 + " — own"),
        (Action(id="a", title="x" * 25, description="y" * 60), "x" * 23 + "…", "x" * 25 + " — " + "y" * 43 + "…"),
        (Action(id="a", title="x" * 70, description="own"), "x" * 23 + "…", "x" * 70),
        (Action(id="a", title=FAMILY * 3), FAMILY * 2 + "…", FAMILY * 3),  # 11 units each
        (
            Action(id="a", title="عرض سجلات الخادم الرئيسي الآن"),
            "عرض سجلات الخادم الرئيس…",
            "عرض سجلات الخادم الرئيسي الآن",
        ),
    ],
)
def test_a_row_shows_its_whole_title_somewhere(action, title, description):
    (part,) = shown(Response(text="a", actions=(action, *actions(3)))).parts
    assert isinstance(part, ListPart)
    assert (part.rows[0].title, part.rows[0].description) == (title, description)


def test_equal_titles_have_numbers():
    (part,) = shown(Response(text="a", actions=actions(3, "Logs"))).parts
    assert [choice.title for choice in choices_of(part)] == ["Logs", "Logs 2", "Logs 3"]
    (part,) = shown(Response(text="a", actions=actions(3, "x" * 20))).parts
    assert [choice.title for choice in choices_of(part)] == ["x" * 20, "x" * 17 + "… 2", "x" * 17 + "… 3"]


def test_titles_that_are_equal_after_a_cut_have_numbers():
    titled = (Action(id="a", title="x" * 30 + "a"), Action(id="b", title="x" * 30 + "b"))
    (part,) = shown(Response(text="a", actions=titled)).parts
    assert [choice.title for choice in choices_of(part)] == ["x" * 23 + "…", "x" * 21 + "… 2"]
    assert [choice.description for choice in choices_of(part)] == ["x" * 30 + "a", "x" * 30 + "b"]


def test_numbered_lines_show_everything():
    many = (*actions(10), Action(id="last", title="Roll *back* *now*", description="To the release before"))
    (part,) = shown(Response(text="Which?", actions=many)).parts
    assert isinstance(part, TextPart)
    lines = part.text.split("\n")
    assert lines[:4] == ["Which?", "", "Answer with a number:", "1. Go 1"]
    assert lines[-1].replace("\u2060", "") == "11. Roll *back* *now* — To the release before"
    assert "\u2060" in lines[-1]
    assert part.numbered[-1].title == "Roll *back* *now*"


def test_the_words_beside_choices_are_in_the_language():
    def said(count: int) -> str:
        (part,) = shown(Response(text="", actions=actions(count)), language=Language.ARABIC).parts
        return text_of(part) + (part.label if isinstance(part, ListPart) else "")

    assert said(2) == "اختر:"
    assert said(4) == "اختر:اختر"
    assert said(11).startswith("أجب برقم:\n1. Go 1\n")


@pytest.mark.parametrize(
    ("titled", "title"),
    [
        ("  View\n Logs\t", "View Logs"),
        ("\u202eevil\u202c", "evil"),
        ("\u2067open", "open"),
        ("\u2068ok\u2069 \u200fنص", "\u2068ok\u2069 \u200fنص"),
        ("\u200b", "the-id"),
        ("\x00\x07", "the-id"),
    ],
)
def test_a_title_is_one_clean_line(titled, title):
    (part,) = shown(Response(text="a", actions=(Action(id="the-id", title=titled),))).parts
    assert choices_of(part)[0].title == title


@pytest.mark.parametrize("wire_id", ["x" * 257, " x", "x ", "~x", "a\nb", "~" + "0" * 20])
def test_an_id_that_cannot_travel_goes_as_a_token(wire_id):
    response = Response(text="a", actions=(Action(id=wire_id, title="x"),))
    ((choice,), (again,)) = (choices_of(shown(response).parts[0]) for _ in range(2))
    assert choice.id == again.id
    assert choice.id.startswith("~")
    assert len(choice.id) == 21
    assert choice.id != wire_id
    assert choice.action_id == wire_id


def test_the_same_action_twice_is_two_choices_of_one_action():
    (part,) = shown(Response(text="a", actions=(Action(id="x", title="One"), Action(id="x", title="Two")))).parts
    first, second = choices_of(part)
    assert (first.title, second.title) == ("One", "Two")
    assert first.id != second.id
    assert first.action_id == second.action_id == "x"


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize(
    ("text", "between"),
    [("Done", " "), ("**Done**", " "), ("القرص ممتلئ", " "), ("- a\n- b", "\n"), ("```\nx\n```", "\n")],
)
def test_a_status_has_its_sign_in_front(status, text, between):
    plain = text_of(shown(Response(text=text)).parts[0])
    assert text_of(shown(Response(text=text, status=status)).parts[0]) == f"{SIGNS[status]}{between}{plain}"


@pytest.mark.parametrize(
    "text", ["✅ Done", "❌ Done", "⚠️ a", "⚠ a", "ℹ️ a", "ℹ a", "**✅ Done**", "\u200f⚠️ نص", "# ✅ x", "> ✅ x"]
)
@pytest.mark.parametrize("status", Status)
def test_a_text_that_begins_with_a_sign_gets_no_second_one(text, status):
    assert shown(Response(text=text, status=status)).parts == shown(Response(text=text)).parts


@given(documents(most_blocks=2), st.sampled_from(Status))
def test_signs_are_never_doubled(document, status):
    once = shown(Response(text=document.text, status=status)).parts
    first = text_of(once[0])
    again = shown(Response(text=f"{SIGNS[status]} {document.text}", status=status)).parts
    assert text_of(again[0]).count(SIGNS[status]) == first.count(SIGNS[status]) == 1


def test_a_response_with_nothing_to_see_has_no_parts():
    assert shown(Response(text=" \n<!-- x -->\u200b")) == Rendered((), None, None)


def test_a_status_alone_is_shown():
    assert shown(Response(text="", status=Status.OK)).parts == (TextPart(text="✅"),)


def test_less_than_one_part_is_refused():
    with pytest.raises(ValueError, match="most_parts is 0"):
        shown(Response(text="a"), most_parts=0)


@pytest.mark.parametrize(
    ("size", "count", "kinds"),
    [
        (1024, 2, [ButtonsPart]),
        (1025, 2, [TextPart, ButtonsPart]),
        (1025, 4, [TextPart, ListPart]),
        (1025, 11, [TextPart]),  # lines stand in a text of 4,096
        (4096, 0, [TextPart]),
        (4097, 0, [TextPart, TextPart]),
        (5000, 2, [TextPart, ButtonsPart]),
        (9000, 2, [TextPart, TextPart, ButtonsPart]),
    ],
)
def test_actions_stand_on_the_last_piece(size, count, kinds):
    rendered = shown(Response(text=("words " * 2000)[: size - 1] + "x", actions=actions(count)))
    assert [type(part) for part in rendered.parts] == kinds
    assert rendered.rest is None
    assert len(choices_of(rendered.parts[-1])) == count


@pytest.mark.parametrize(
    ("count", "kind"), [(0, ButtonsPart), (2, ButtonsPart), (3, ListPart), (9, ListPart), (10, TextPart)]
)
def test_more_stands_beside_the_actions_on_the_last_part(count, kind):
    rendered = shown(Response(text="words " * 3000, actions=actions(count)))
    assert len(rendered.parts) == 3
    assert isinstance(rendered.parts[-1], kind)
    choices = choices_of(rendered.parts[-1])
    assert [choice.action_id for choice in choices] == [*(f"a{n}" for n in range(1, count + 1)), MORE_ACTION_ID]
    assert rendered.more == choices[-1]
    assert rendered.more.title == "More"
    assert rendered.rest is not None
    assert rendered.rest.actions == actions(count)


def test_truncated_is_one_part_and_more():
    rendered = shown(Response(text="words " * 1000, status=Status.OK), long_text="truncate", language=Language.ARABIC)
    (part,) = rendered.parts
    assert isinstance(part, ButtonsPart)
    assert [choice.title for choice in part.buttons] == ["المزيد"]
    assert rendered.rest is not None
    assert rendered.rest.status is None
    assert shown(Response(text="words " * 600), long_text="truncate").more is None


def test_the_rest_goes_on_inside_the_code_where_the_text_stopped():
    lines = [f"  line *{number}* of the log" for number in range(200)]
    found = pages(Response(text="Log:\n```\n" + "\n".join(lines) + "\n```\n**end**"), long_text="truncate")
    assert len(found) > 1
    whole = "\n".join(text_of(part) for page in found for part in page.parts)
    assert [line for line in whole.split("\n") if line.startswith("  line")] == lines
    assert whole.endswith("\n*end*")


def test_more_choices_than_a_message_has_lines_stand_behind_more():
    many = actions(600, "A title of some length, number {}")
    found = pages(Response(text="Which?", actions=many))
    assert len(found) > 1
    seen = [c.action_id for page in found for c in choices_of(page.parts[-1]) if c.action_id != MORE_ACTION_ID]
    assert seen == [action.id for action in many]
    assert all(WHATSAPP.text.allows(text_of(part)) for page in found for part in page.parts)


def test_lines_that_leave_the_text_no_room_follow_it():
    rendered = shown(Response(text="words " * 500, actions=actions(11, "x" * 300)))
    assert [len(choices_of(part)) for part in rendered.parts] == [0, 11]
    assert rendered.rest is None


def test_a_platform_without_buttons_and_rows_shows_lines():
    bare = replace(WHATSAPP, buttons=None, rows=None, list_label=None)
    (part,) = render(Response(text="a", actions=actions(2)), bare, Markup.PLAIN).parts
    assert text_of(part) == "a\n\nAnswer with a number:\n1. Go 1\n2. Go 2"
    no_rows = replace(WHATSAPP, rows=None)
    assert isinstance(shown(Response(text="a", actions=actions(4))).parts[0], ListPart)
    assert isinstance(render(Response(text="a", actions=actions(4)), no_rows, Markup.PLAIN).parts[0], TextPart)


truncated_or_split = st.sampled_from(["split", "truncate"])


@given(responses(), platform_limits(), truncated_or_split, st.integers(1, 4))
def test_every_rendered_choice_parses_back_to_its_action(response, limits, long_text, most_parts):
    known = {action.id for action in response.actions} | {MORE_ACTION_ID}
    for page in pages(response, limits, long_text=long_text, most_parts=most_parts):
        meant: dict[str, str] = {}
        for part in page.parts:
            choices = choices_of(part)
            assert len({choice.id for choice in choices}) == len(choices)
            for choice in choices:
                assert choice.action_id in known
                assert meant.setdefault(choice.id, choice.action_id) == choice.action_id


@given(responses(), platform_limits(), truncated_or_split, st.integers(1, 4))
def test_no_choice_is_dropped_whoever_presses_more(response, limits, long_text, most_parts):
    found = pages(response, limits, long_text=long_text, most_parts=most_parts)
    seen = [choice for page in found for part in page.parts for choice in choices_of(part) if choice != page.more]
    ids = [choice.action_id for choice in seen]
    assert {action.id for action in response.actions} == set(ids)
    assert all(ids.count(action.id) >= sum(a.id == action.id for a in response.actions) for action in response.actions)


@given(responses(), platform_limits(), truncated_or_split, st.integers(1, 4))
def test_every_part_is_within_the_limits(response, limits, long_text, most_parts):
    for page in pages(response, limits, long_text=long_text, most_parts=most_parts):
        assert len(page.parts) <= (1 if long_text == "truncate" else most_parts)
        assert (page.rest is None) == (page.more is None)
        for part in page.parts:
            assert text_of(part).strip()
            match part:
                case ButtonsPart():
                    form, choices, text_limit = limits.buttons, part.buttons, limits.body
                case ListPart():
                    form, choices, text_limit = limits.rows, part.rows, limits.body
                    assert limits.list_label is not None
                    assert limits.list_label.allows(part.label)
                case _:
                    form, choices, text_limit = None, (), limits.text
            assert text_limit.allows(text_of(part))
            if choices:
                assert form is not None
                assert len(choices) <= form.most
                assert len({choice.title for choice in choices}) == len(choices)
                assert all(choice.title.strip() and "\n" not in choice.title for choice in choices)
                assert all(form.title.allows(choice.title) and form.id.allows(choice.id) for choice in choices)
                assert all(form.description or not choice.description for choice in choices)
                assert all(form.description.allows(c.description) for c in choices if form.description)


@given(documents(), platform_limits(), truncated_or_split, st.integers(1, 3), st.integers(0, 12))
def test_no_word_is_lost_whoever_presses_more(document, limits, long_text, most_parts, count):
    response = Response(text=document.text, actions=actions(count))
    found = pages(response, limits, long_text=long_text, most_parts=most_parts)
    texts = [shown_text(part) for page in found for part in page.parts]
    assert [word for text in texts for word in words(text) if word != "Choose"] == document.words


@given(documents(most_blocks=20), st.integers(0, 12))
def test_whatsapp_shows_the_same_text_in_one_page_or_in_many(document, count):
    response = Response(text=document.text, status=Status.WARNING, actions=actions(count))
    for long_text in "split", "truncate":
        found = pages(response, long_text=long_text)
        assert [w for page in found for part in page.parts for w in words(shown_text(part))] == document.words
        assert found[-1].more is None
