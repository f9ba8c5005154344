"""The CommonMark that a part carries beside its own marks."""

from typing import Any

import pytest

from aof.domain.response import Action, ButtonsPart, Document, Response, Status, TextPart
from aof.formatting.markup import Markup, as_it_is
from aof.formatting.render import render
from aof.formatting.source import source_of
from tests.unit.formatting.test_render import WHATSAPP

TABLE = "|Pod|State|\n|-|-|\n|api|Ready|"


def sourced(response: Response, **options: Any) -> str:
    (part,) = render(response, WHATSAPP, Markup.WHATSAPP, with_source=True, **options).parts
    assert isinstance(part, TextPart | ButtonsPart)
    return part.source


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("# Disk\n\nfull", "# Disk\n\nfull"),
        ("Disk\n====\nfull", "Disk  \n====  \nfull"),
        (f"Pods:\n\n{TABLE}", "Pods:\n\n|Pod|State|  \n|-|-|  \n|api|Ready|"),
        ("# A\none\ntwo\n\n- a\n- b", "# A  \none  \ntwo\n\n- a  \n- b"),
        ("# A\n```\na <b>\nc\n```\nd", "# A  \n```\na <b>\nc\n```\nd"),
        # what is a mark elsewhere and none in CommonMark
        ("# <b>x</b> <https://a.b>", "# &lt;b>x&lt;/b> <https://a.b>"),
        ("# costs $5 and $6", r"# costs \$5 and \$6"),
        ("# a == b == c", r"# a \=\= b \=\= c"),
        ("# a || b || c `x || y`", r"# a \|\| b \|\| c `x || y`"),
        ("|a|b|\n|-|-|\n|||\n|x||", "|a|b|  \n|-|-|  \n|||  \n|x||"),
        ("# A[^1]\n\n[^1]: see `x`", "# A (see `x`)"),
        (r"# \(a \times b\)", "# a × b"),
        # neither table nor heading
        ("plain | text", ""),
        ("#hash **bold**\n- a", ""),
        ("```\n# no heading\n```", ""),
        (as_it_is("# kept"), ""),
        # what would be fetched, or ring at somebody, because an answer says so
        ("# A\n\n![x](https://a.b/?what=was-read)", ""),
        ("# A\n\n![x][y]\n\n[y]: https://a.b", ""),
        (r"# A\n\n\\![x](https://a.b)".replace(r"\n", "\n"), ""),
        ("# A\n\n[Omar](tg://user?id=1)", ""),
        ("# A\n\n[Omar](&#116;g://user?id=1)", ""),
        ("# A\n\n[x](https://a.b) `![x](https://a.b)`", "# A\n\n[x](https://a.b) `![x](https://a.b)`"),
    ],
)
def test_a_table_or_a_heading_is_given_as_commonmark_too(text, source):
    assert source_of(text) == source


@pytest.mark.parametrize(
    ("status", "text", "source"),
    [
        (Status.OK, "# Done", "✅\n\n# Done"),
        (Status.OK, "# ✅ Done", "# ✅ Done"),
        (Status.FAILED, TABLE, "❌\n\n|Pod|State|  \n|-|-|  \n|api|Ready|"),
        (None, "# Done", "# Done"),
    ],
)
def test_its_sign_stands_above_it(status, text, source):
    assert sourced(Response(text=text, status=status)) == source
    assert sourced(Response(text=text, status=status, actions=(Action(id="a", title="Go"),))) == source


def test_only_a_whole_answer_in_one_part_has_it():
    long = Response(text=f"# A\n\n{'words ' * 1000}")
    parts = render(long, WHATSAPP, Markup.WHATSAPP, with_source=True).parts
    assert [part.source for part in parts if isinstance(part, TextPart)] == ["", ""]
    assert sourced(long, long_text="truncate") == ""
    lines = tuple(Action(id=f"a{n}", title="x" * 80) for n in range(3))
    assert sourced(Response(text="# A", actions=lines)) == ""
    assert render(Response(text="# A", documents=(Document(name="a", text="b"),)), WHATSAPP, Markup.WHATSAPP)


def test_nobody_who_did_not_ask_gets_it():
    (part,) = render(Response(text="# A"), WHATSAPP, Markup.WHATSAPP).parts
    assert isinstance(part, TextPart)
    assert part.source == ""


def test_a_style_goes_with_its_choice_into_every_form():
    for count, title in ((2, "Go {}"), (4, "Go {}"), (12, "Go {}")):
        offered = tuple(Action(id=f"a{n}", title=title.format(n), style="danger") for n in range(count))
        (part,) = render(Response(text="a", actions=offered), WHATSAPP, Markup.WHATSAPP).parts
        choices = getattr(part, "buttons", None) or getattr(part, "rows", None) or getattr(part, "numbered", ())
        assert [choice.style for choice in choices] == ["danger"] * count
