import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from aof.domain.limits import Limit, Unit
from aof.formatting.markup import Markup, convert
from aof.formatting.split import cut_before_end, split
from tests.unit.formatting.strategies import FAMILY, FLAG, documents, limits, seen, words

_CLUSTER = regex.compile(r"\X")


def within(most: int, unit: Unit = Unit.UTF16) -> Limit:
    return Limit(most, unit, "a test")


@given(documents(), limits(40, 400))
def test_every_piece_fits_and_is_not_blank(document, limit):
    for piece in split(convert(document.text, Markup.WHATSAPP), limit):
        assert limit.allows(piece)
        assert piece.strip()


@given(documents(), limits(120, 400), st.sampled_from(Markup))
def test_no_word_is_lost(document, limit, markup):
    pieces = [seen(piece, markup) for piece in split(convert(document.text, markup), limit, markup=markup)]
    assert all(limit.allows(piece) for piece in pieces)
    assert [word for piece in pieces for word in words(piece)] == document.words


@given(documents(), limits(60, 300))
def test_fences_are_closed_and_opened_again(document, limit):
    for piece in split(convert(document.text, Markup.WHATSAPP), limit):
        assert piece.count("```") % 2 == 0


@given(documents(), limits(120, 300))
def test_isolates_are_closed_and_opened_again(document, limit):
    for piece in split(convert(document.text, Markup.WHATSAPP), limit):
        assert piece.count("\u2068") == piece.count("\u2069")


@given(st.text(max_size=400), limits(4, 60), st.sampled_from([Markup.WHATSAPP, Markup.PLAIN]))
@example("``` ``` `", within(4), Markup.WHATSAPP)
@example("> " * 50, within(4), Markup.WHATSAPP)
@example(("*" + "a" * 20) * 9, within(4), Markup.WHATSAPP)
@example("e" + "\u0301" * 300, within(10), Markup.WHATSAPP)
def test_any_text_comes_to_an_end_within_any_limit(text, limit, markup):
    pieces = split(text, limit, markup=markup)
    assert all(limit.allows(piece) and piece.strip() for piece in pieces)


@given(
    st.lists(st.sampled_from([FAMILY, FLAG, "e\u0301", "🎉", "ش\u064e\u0651", "a"]), max_size=300).map("".join),
    limits(60, 90),
)
def test_graphemes_stay_whole(text, limit):
    whole = [cluster for cluster in _CLUSTER.findall(text) if cluster.strip()]
    found = [cluster for piece in split(text, limit) for cluster in _CLUSTER.findall(piece) if cluster.strip()]
    assert found == whole


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("a" * 30 + "\n\nb\nc. d " + "e" * 30, "a" * 30),  # a paragraph comes before all
        ("a" * 30 + "\nbb. cc dd " + "e" * 30, "a" * 30),  # then a line
        ("a" * 30 + ". bb cc " + "e" * 30, "a" * 30 + "."),  # then a sentence
        ("أ" * 30 + "؟ بب جج " + "د" * 30, "أ" * 30 + "؟"),
        ("a" * 30 + " bb cc " + "e" * 30, "a" * 30 + " bb cc"),  # then a word
        ("a" * 60, "a" * 40),  # then a grapheme
        ("a\n\n" + "b " * 30, "a\n\n" + ("b " * 19).strip()),  # a paragraph in the first two thirds wastes the room
    ],
)
def test_a_cut_stands_where_a_reader_would_pause(text, first):
    assert split(text, within(40))[0] == first


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("*" + "bold " * 9 + "end*", ["*bold bold bold bold bold bold bold*", "*bold bold end*"]),
        ("_" + "word " * 9 + "end_", ["_word word word word word word word_", "_word word end_"]),
        ("~" + "word " * 9 + "end~", ["~word word word word word word word~", "~word word end~"]),
        ("`" + "word " * 9 + "end`", ["`word word word word word word word`", "`word word end`"]),
        ("*_" + "word " * 9 + "end_*", ["*_word word word word word word word_*", "*_word word end_*"]),
        ("> " + "word " * 9 + "end", ["> word word word word word word word", "> word word end"]),
        (
            "\u2067" + "كلمة " * 9 + "نهاية\u2069",
            ["\u2067" + ("كلمة " * 7).strip() + "\u2069", "\u2067كلمة كلمة نهاية\u2069"],
        ),
    ],
)
def test_a_mark_is_closed_and_opened_again(text, pieces):
    assert split(text, within(40)) == pieces


def test_code_is_cut_between_its_lines_and_keeps_its_indentation():
    lines = [f"  line number {number}" for number in range(6)]
    pieces = split("```\n" + "\n".join(lines) + "\n```", within(60))
    assert pieces[0] == "```\n" + "\n".join(lines[:3]) + "\n```"
    assert [line for piece in pieces for line in piece.split("\n")[1:-1]] == lines


@pytest.mark.parametrize("before", ["word " * 6, "(" + "w" * 30, "word " * 6 + "*b* "])
def test_a_url_is_not_cut(before):
    url = "https://example.com/a/b?c=d"
    assert any(url in piece for piece in split(before + url + " more words", within(40)))


def test_a_url_longer_than_a_message_is_still_shown():
    url = "https://example.com/" + "a" * 80
    assert "".join(split(url, within(40))) == url


def test_a_bullet_is_not_left_alone_at_the_end():
    assert split("word " * 7 + "\n- " + "x" * 38, within(40)) == [("word " * 7).strip(), "- " + "x" * 38]


@pytest.mark.parametrize(("size", "pieces"), [(4096, 1), (4097, 2)])
def test_the_limit_itself_still_fits(size, pieces):
    assert len(split("ab " * (size // 3) + "x" * (size % 3), within(4096))) == pieces


def test_an_emoji_counts_as_two_where_utf16_is_counted():
    assert [len(piece) for piece in split("🎉" * 21, within(40))] == [20, 1]
    assert [len(piece) for piece in split("🎉" * 21, within(40, Unit.BYTES))] == [10, 10, 1]


def test_stars_of_plain_text_are_no_marks():
    text = "*" + "word " * 9 + "end*"
    assert "".join(split(text, within(40), markup=Markup.PLAIN)).count("*") == 2


@given(documents(min_blocks=3), limits(60, 120))
def test_the_second_of_two_fits_its_own_limit(document, end):
    text = convert(document.text, Markup.WHATSAPP)
    if end.allows(text):
        return
    before, after = cut_before_end(text, within(10**6, end.unit), end, Markup.WHATSAPP)
    assert before.strip()
    assert end.allows(after)
    assert words(before) + words(after) == document.words or len(before) < len(text)
