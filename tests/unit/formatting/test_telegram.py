"""Telegram's HTML: every text is well-formed, every piece of one too, and nothing from outside opens a tag."""

from typing import Literal

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from aof.domain.limits import ChoiceLimits, Limit, PlatformLimits, Unit
from aof.domain.response import Action, ButtonsPart, Response, Status, TextPart
from aof.formatting.characters import clean
from aof.formatting.markup import Markup, as_it_is, convert, literal, shown, verbatim
from aof.formatting.render import SIGNS, render
from aof.formatting.split import cut_before_end, split
from aof.formatting.tags import Tagged
from aof.simulator.telegram.markup import read_html as simulated
from tests.unit.formatting.strategies import FAMILY, FLAG, Written, documents, limits, responses, words
from tests.unit.formatting.telegram_html import Html, Malformed, read_html

_CLUSTER = regex.compile(r"\X")
_BLANKS = regex.compile(r"[\s\u2066-\u2069\u202a-\u202c]+")
LIMITS = PlatformLimits(
    text=Limit(4096, Unit.UTF16, "a test"),
    body=Limit(4096, Unit.UTF16, "a test"),
    buttons=ChoiceLimits(100, Limit(64, Unit.BYTES, "a test"), Limit(64, Unit.UTF16, "a test")),
    rows=None,
    list_label=None,
)
HOSTILE = st.text(alphabet="ab<>&/;\"'=: \n*_`[]()#|-~!b1", max_size=150) | st.sampled_from(
    [
        "<b>",
        "</b>",
        "<a href='tg://user?id=1'>x</a>",
        "&lt;b&gt;",
        "&amp;lt;",
        "<pre><code>",
        '"><script>',
        "<i",
        "&#60;b>",
    ]
)


def telegram(text: str) -> str:
    return convert(text, Markup.TELEGRAM)


def within(most: int, unit: Unit = Unit.UTF16) -> Limit:
    return Limit(most, unit, "a test")


def visible(text: str) -> str:
    return _BLANKS.sub("", text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        # styles
        ("**bold** __bold__", "<b>bold</b> <b>bold</b>"),
        ("*italic* _italic_", "<i>italic</i> <i>italic</i>"),
        ("***both***", "<b><i>both</i></b>"),
        ("~~gone~~", "<s>gone</s>"),
        ("**bold *and* italic**", "<b>bold <i>and</i> italic</b>"),
        ("**a\nb**", "<b>a</b>\n<b>b</b>"),
        ("**run `df -h` now**", "<b>run</b> <code>df -h</code> <b>now</b>"),
        ("foo**bar**baz", "foo<b>bar</b>baz"),
        ("و**القرص** ممتلئ", "و<b>القرص</b> ممتلئ"),
        # code
        ("run `kubectl *get* <pod>` now", "run <code>kubectl *get* &lt;pod&gt;</code> now"),
        ("```bash\ndf -h && <x>\n```", '<pre><code class="language-bash">df -h &amp;&amp; &lt;x&gt;</code></pre>'),
        ("```c++ title=x\na\n```", '<pre><code class="language-c++">a</code></pre>'),
        ('```"><b>\na\n```', "<pre>a</pre>"),
        ("~~~\n**not bold**\n~~~", "<pre>**not bold**</pre>"),
        ("    indented", "<pre>indented</pre>"),
        ("````\na\n```\nb\n````", "<pre>a\n```\nb</pre>"),
        ("```\n```", ""),
        # headings, rules
        ("# Disk **full** `now`", "<b>Disk full</b> <code>now</code>"),
        ("a\n\n---\n\nb", "a\n\n──────────\n\nb"),
        # links
        ("[the docs](https://a.b/c_d?e=1&f=2)", '<a href="https://a.b/c_d?e=1&amp;f=2">the docs</a>'),
        ("[a **b** `c`](https://a.b)", '<a href="https://a.b">a <b>b</b> c</a>'),
        # somebody of the chat would be called by it
        ("[Omar](tg://user?id=5)", "Omar (tg://user?id=5)"),
        ("**[docs](https://a.b)**", '<a href="https://a.b"><b>docs</b></a>'),
        ("[two\nlines](https://a.b)", '<a href="https://a.b">two</a>\n<a href="https://a.b">lines</a>'),
        ("[mail](mailto:ops@a.b) [call](tel:+201)", '<a href="mailto:ops@a.b">mail</a> <a href="tel:+201">call</a>'),
        ("[https://a.b](https://a.b) <https://c.d>", "https://a.b https://c.d"),
        ("[x](ftp://a.b) [y](/rel)", "x (ftp://a.b) y (/rel)"),
        ("[](https://a.b) [here](#part)", "https://a.b here"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("![a graph](https://a.b/g.png)", "a graph: https://a.b/g.png"),
        ('[x](https://a.b/?q="><b>)', '<a href="https://a.b/?q=%22%3E%3Cb%3E">x</a>'),
        # lists
        ("* a\n* b", "• a\n• b"),
        ("3. c\n3. d", "3. c\n4. d"),
        ("- a\n  - b\n    - c", "• a\n  ◦ b\n    • c"),
        ("- [ ] open\n- [x] done", "☐ open\n☑ done"),
        ("- a\n  ```\n  x\n  ```\n- b", "• a\n<pre>x</pre>\n• b"),
        ("- > q\n- b", "•\n<blockquote>q</blockquote>\n• b"),
        # quotes
        ("> a\n> **b**", "<blockquote>a\n<b>b</b></blockquote>"),
        ("> a\n> > b\n>\n> c", "<blockquote>a\nb\n\nc</blockquote>"),
        ("> - a\n>   > b", "<blockquote>• a\nb</blockquote>"),
        ("> a\n> ```\n> x\n> ```\n> b", "<blockquote>a</blockquote>\n<pre>x</pre>\n<blockquote>b</blockquote>"),
        # tables
        ("|Pod|State|\n|-|-|\n|a&b|Ready|\n|c|Lost|", "<pre>Pod  State\na&amp;b  Ready\nc    Lost</pre>"),
        ("|Pod|" + "x" * 30 + "|\n|-|-|\n|a|b|", f"<pre>Pod  {'x' * 30}\na    b</pre>"),
        (
            "|Pod|Why|\n|-|-|\n|api|" + "x" * 31 + "|\n|b||",
            f"• <b>Pod:</b> api · <b>Why:</b> {'x' * 31}\n• <b>Pod:</b> b · <b>Why:</b> –",
        ),
        ("|الخادم|القرص|\n|-|-|\n|web|91|", "• <b>الخادم:</b> web · <b>القرص:</b> 91"),
        ("|A|B|\n|-|-|\n|[x](mailto:a@b.c)|1|", '• <b>A:</b> <a href="mailto:a@b.c">x</a> · <b>B:</b> 1'),
        (f"|<x>|{'y' * 40}|\n|-|-|", f"• &lt;x&gt; · {'y' * 40}"),
        # signs
        ("kubectl logs <pod> & more", "kubectl logs &lt;pod&gt; &amp; more"),
        ("<b>a</b><br>b <!-- c -->", "a\nb"),
        ("a &lt;b&gt; &amp; &copy;", "a &lt;b&gt; &amp; ©"),
        ("rm *.log snake_case 2 * 3", "rm *.log snake_case 2 * 3"),
        (r"\*not bold\* \<b>", "*not bold* &lt;b&gt;"),
        ("a\n\n\n\n**b**  \n", "a\n\n<b>b</b>"),
        ("", ""),
        (f"{'>' * 500} <deep>", f"{'&gt;' * 500} &lt;deep&gt;"),
    ],
)  # fmt: skip
def test_commonmark_becomes_telegrams_html(text, html):
    assert telegram(text) == html
    read_html(html)


@pytest.mark.parametrize(
    "html",
    ["<b>a", "a</b>", "<b><i>a</b></i>", "a < b", "a & b", "a > b", "<x>a</x>", '<a href="ftp://x">a</a>',
     "<b class='x'>a</b>", "<pre><b>a</b></pre>", "<code><i>a</i></code>",
     "<blockquote>a<blockquote>b</blockquote></blockquote>",
     "&copy;", '<code class="language-x">a</code>', "<b> </b>"],
)  # fmt: skip
def test_the_reader_of_these_tests_is_strict(html):
    with pytest.raises(Malformed):
        read_html(html)


@given(documents().map(lambda document: document.text) | HOSTILE)
def test_any_text_becomes_well_formed_html(written):
    html = telegram(written)
    text = read_html(html).text
    assert shown(html, Markup.TELEGRAM) == text
    assert simulated(html)[0] == text


@given(HOSTILE)
@example("<b>x</b>")
@example("</b>")
def test_a_line_from_outside_opens_no_tag(text):
    for html in literal(text, Markup.TELEGRAM), verbatim(clean(text), Markup.TELEGRAM):
        assert read_html(html).entities == ()
    assert read_html(literal(text, Markup.TELEGRAM)).text == clean(text).replace("\n", " ").strip()
    assert read_html(verbatim(clean(text), Markup.TELEGRAM)).text == clean(text)
    assert not {entity.kind for entity in read_html(telegram(f"```\n{text}\n```")).entities} - {"pre"}


@given(HOSTILE)
def test_what_only_says_that_it_was_converted_is_read_or_shown_as_it_is(text):
    html = convert(as_it_is(text), Markup.TELEGRAM)
    if html == clean(text):
        assert Tagged.read(html) is not None
    else:
        assert read_html(html) == Html(clean(text), ())


@given(documents(most_blocks=5), limits(60, 400))
def test_every_piece_is_well_formed_and_its_tags_go_on_in_the_next(document, limit):
    html = telegram(document.text)
    whole = read_html(html)
    pieces = [read_html(piece) for piece in split(html, limit, markup=Markup.TELEGRAM)]
    assert all(limit.allows(piece.text) and piece.text.strip() for piece in pieces)
    assert visible("".join(piece.text for piece in pieces)) == visible(whole.text)
    for kind in ("b", "i", "s", "code", "pre", "blockquote"):
        under = "".join(text for piece in pieces for text in piece.under(kind))
        assert visible(under) == visible("".join(whole.under(kind)))


@given(
    st.lists(
        st.sampled_from([FAMILY, FLAG, "e\u0301", "🎉", "ش\u064e\u0651", "a", "<", "&", "&\u0301", "**x**", " "]),
        max_size=300,
    ).map("".join),
    limits(60, 90),
)
def test_graphemes_and_entities_stay_whole(text, limit):
    html = telegram(text)
    whole = [cluster for cluster in _CLUSTER.findall(read_html(html).text) if cluster.strip()]
    pieces = [read_html(piece).text for piece in split(html, limit, markup=Markup.TELEGRAM)]
    assert [cluster for piece in pieces for cluster in _CLUSTER.findall(piece) if cluster.strip()] == whole
    assert all(limit.allows(piece) for piece in pieces)


def test_code_goes_on_with_its_language():
    lines = [f"  line {number} <x> && y" for number in range(9)]
    html = telegram("```sh\n" + "\n".join(lines) + "\n```\nend")
    pieces = split(html, within(60), markup=Markup.TELEGRAM)
    assert len(pieces) == 3
    assert all(piece.startswith('<pre><code class="language-sh">  line') for piece in pieces)
    assert [line for piece in pieces for text in read_html(piece).under("pre") for line in text.split("\n")] == lines


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("**" + "bold " * 9 + "end**", ["<b>bold bold bold bold bold bold bold bold</b>", "<b>bold end</b>"]),
        ("&" * 41, ["&amp;" * 40, "&amp;"]),
        (
            "**one sentence that ends here.** And another one",
            ["<b>one sentence that ends here.</b>", "And another one"],
        ),
        (
            "[" + "link " * 9 + "end](https://a.b)",
            [f'<a href="https://a.b">{("link " * 8).strip()}</a>', '<a href="https://a.b">link end</a>'],
        ),
        ("🎉" * 21, ["🎉" * 20, "🎉"]),
        (
            "> " + "word " * 9 + "end",
            [f"<blockquote>{('word ' * 8).strip()}</blockquote>", "<blockquote>word end</blockquote>"],
        ),
        (
            "\u2067**" + "كلمة " * 9 + "نهاية**\u2069",
            ["\u2067<b>" + ("كلمة " * 7).strip() + "</b>\u2069", "\u2067<b>كلمة كلمة نهاية</b>\u2069"],
        ),
    ],
)
def test_tags_weigh_nothing_and_are_opened_again(text, pieces):
    assert split(telegram(text), within(40), markup=Markup.TELEGRAM) == pieces


@given(documents(min_blocks=3), limits(60, 120))
def test_the_second_of_two_fits_its_own_limit(document, end):
    html = telegram(document.text)
    text = read_html(html).text
    if end.allows(text):
        return
    before, after = (
        read_html(piece).text for piece in cut_before_end(html, within(10**6, end.unit), end, Markup.TELEGRAM)
    )
    assert before.strip()
    assert end.allows(after)
    assert visible(before + after) == visible(text)


@given(HOSTILE, limits(4, 60))
def test_a_text_that_is_no_html_comes_to_an_end_too(text, limit):
    pieces = split(text, limit, markup=Markup.TELEGRAM)
    assert all(limit.allows(shown(piece, Markup.TELEGRAM)) for piece in pieces)


def pages(response: Response, long_text: Literal["split", "truncate"]) -> list[str]:
    """What is shown to whoever presses every More, message by message, each of them checked."""
    texts: list[str] = []
    rest: Response | None = response
    while rest is not None:
        page = render(rest, LIMITS, Markup.TELEGRAM, long_text=long_text)
        for part in page.parts:
            assert isinstance(part, TextPart | ButtonsPart)
            texts.append(read_html(part.text).text)
            assert LIMITS.text.allows(texts[-1])
        rest = page.rest
    return texts


@given(responses(most_blocks=20), st.sampled_from(["split", "truncate"]))
def test_every_message_is_well_formed_within_its_limit(response, long_text):
    pages(response, long_text)


@given(documents(), st.sampled_from(["split", "truncate"]))
@example(Written("**bold & `code`** " * 900, ["bold", "code"] * 900), "truncate")
def test_no_word_is_lost_whoever_presses_more(document, long_text):
    texts = pages(Response(text=document.text, actions=(Action(id="a", title="Go"),)), long_text)
    assert [word for text in texts for word in words(text) if word != "Choose"] == document.words


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize(
    ("text", "between"),
    [("**Done**", " "), ("- a", "\n"), ("```\nx\n```", "\n"), ("> q", "\n"), ("# ✅ x", None), ("<b> ✅", None)],
)
def test_a_sign_stands_in_front_once(status, text, between):
    (part,) = render(Response(text=text, status=status), LIMITS, Markup.TELEGRAM).parts
    assert isinstance(part, TextPart)
    assert part.text == (telegram(text) if between is None else f"{SIGNS[status]}{between}{telegram(text)}")


def test_a_message_is_full_by_what_it_shows():
    (part,) = render(Response(text="**&** " * 2048), LIMITS, Markup.TELEGRAM).parts
    assert isinstance(part, TextPart)
    assert len(part.text) > 5 * 2048
    assert len(render(Response(text="&" * 4097), LIMITS, Markup.TELEGRAM).parts) == 2


def test_a_numbered_line_shows_titles_as_they_are():
    many = tuple(Action(id=f"a{n}", title=f"<b>{n} & co</b>" + "x" * 60) for n in range(3))
    (part,) = render(Response(text="<i>Which?", actions=many), LIMITS, Markup.TELEGRAM).parts
    assert isinstance(part, TextPart)
    html = read_html(part.text)
    assert html.entities == ()
    assert "2. <b>1 & co</b>xxx" in html.text
