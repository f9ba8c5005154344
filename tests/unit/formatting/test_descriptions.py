"""What is said of a choice, on a platform that shows no rows."""

import pytest
from hypothesis import given

from aof.domain.response import Action, ButtonsPart, Response
from aof.formatting.markup import Markup
from aof.formatting.render import render
from aof.texts.language import Language
from tests.unit.formatting.strategies import responses
from tests.unit.formatting.telegram_html import read_html
from tests.unit.formatting.test_telegram import LIMITS

DISK = Action(id="disk", title="Disk <now>", description="What *fills* the disk & why")
LOGS = Action(id="logs", title="Logs", description="The last lines")
PLAIN = Action(id="stop", title="Stop")


def buttons(
    text: str, *actions: Action, language: Language = Language.ENGLISH, with_source: bool = False
) -> ButtonsPart:
    response = Response(text=text, actions=actions)
    (part,) = render(response, LIMITS, Markup.TELEGRAM, language=language, with_source=with_source).parts
    assert isinstance(part, ButtonsPart)
    return part


def test_it_stands_in_lines_above_the_buttons():
    part = buttons("**What now?**", DISK, LOGS, PLAIN)
    assert part.text == (
        "<b>What now?</b>\n\n"
        "• <b>Disk &lt;now&gt;</b> — What *fills* the disk &amp; why\n"
        "• <b>Logs</b> — The last lines"
    )
    assert [button.title for button in part.buttons] == ["Disk <now>", "Logs", "Stop"]


@pytest.mark.parametrize(("language", "heading"), [(Language.ENGLISH, "Choose:"), (Language.ARABIC, "اختر:")])
def test_without_a_text_it_stands_under_a_heading(language, heading):
    assert buttons("", LOGS, language=language).text == f"{heading}\n• <b>Logs</b> — The last lines"


@pytest.mark.parametrize(
    "action",
    [PLAIN, Action(id="a", title="Logs", description="Logs"), Action(id="a", title="Logs", description="\u200b")],
)
def test_a_title_that_says_it_all_has_no_line(action):
    assert buttons("What now?", action).text == "What now?"


def test_what_the_text_says_already_is_not_said_twice():
    text = "- **logs**: The *last* lines\n- disk"
    assert buttons(text, LOGS).text == "• <b>logs</b>: The <i>last</i> lines\n• disk"


def test_long_ones_are_cut_and_too_many_are_left_out():
    long = [Action(id=f"a{n}", title=f"Go {n}", description="words " * 100) for n in range(10)]
    lines = read_html(buttons("What now?", *long).text).text.split("\n")[2:]
    assert len(lines) == 10
    assert all(line.endswith("…") and 150 < len(line) < 205 for line in lines)
    many = [Action(id=f"a{n}", title=f"Go {n}", description="words " * 100) for n in range(90)]
    assert buttons("What now?", *many).text == "What now?"


def test_a_text_and_its_lines_share_the_room():
    parts = render(Response(text="words " * 682, actions=(DISK, LOGS)), LIMITS, Markup.TELEGRAM).parts
    assert len(parts) == 2
    assert "Disk <now>" in read_html(getattr(parts[1], "text", "")).text


def test_the_source_says_it_too():
    assert buttons("# What now?", DISK, LOGS, PLAIN, with_source=True).source == (
        "# What now?\n\n- **Disk &#60;now&#62;** — What &#42;fills&#42; the disk &#38; why\n- **Logs** — The last lines"
    )


@given(responses(most_blocks=3))
def test_a_text_and_its_lines_fit_whatever_is_said(response):
    rendered = render(response, LIMITS, Markup.TELEGRAM)
    for part in rendered.parts:
        if isinstance(part, ButtonsPart):
            assert LIMITS.body.allows(read_html(part.text).text)
