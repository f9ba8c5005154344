import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from aof.formatting.characters import clean
from aof.formatting.markup import Markup, as_it_is, blocks_of_code, convert, literal
from tests.unit.formatting.strategies import FAMILY, documents, seen, words

WJ = "\u2060"
ZWSP = "\u200b"


def whatsapp(text: str) -> str:
    return convert(text, Markup.WHATSAPP)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # rule 1: code
        ("```bash\ndf -h\n```", "```\ndf -h\n```"),
        ("~~~\n**not bold**\n~~~", "```\n**not bold**\n```"),
        ("    indented code", "```\nindented code\n```"),
        ("````\na\n```\nb\n````", f"```\na\n``{ZWSP}`\nb\n```"),
        ("```\n\n\na\n\n\n\nb\n```", "```\na\n\n\n\nb\n```"),
        ("```\nnever closed", "```\nnever closed\n```"),
        ("```\n```", ""),
        ("run `kubectl *get*` now", "run `kubectl *get*` now"),
        ("``a`b``", "```a`b```"),
        ("`` `a` ``", f"```{ZWSP}`a`{ZWSP}```"),
        # rule 2: styles
        ("**bold** __bold__", "*bold* *bold*"),
        ("*italic* _italic_", "_italic_ _italic_"),
        ("***both***", "*_both_*"),
        ("~~gone~~", "~gone~"),
        ("**bold *and* italic**", "*bold _and_ italic*"),
        ("**a\nb**", "*a*\n*b*"),
        ("**run `df -h` now**", "*run* `df -h` *now*"),
        ("foo**bar**baz", "foobarbaz"),
        ("و**القرص** ممتلئ", "والقرص ممتلئ"),
        ("**القرص** ممتلئ", "*القرص* ممتلئ"),
        ("(**a**), **b**.", "(*a*), *b*."),
        # rule 3: headings
        ("# Disk **full** now", "*Disk full now*"),
        ("Disk\n====\ntext", "*Disk*\ntext"),
        ("## A\n\ntext", "*A*\n\ntext"),
        # rule 4: links and images
        ("[the docs](https://a.b/c_d_e)", "the docs (https://a.b/c_d_e)"),
        ("[https://a.b](https://a.b)", "https://a.b"),
        ("<https://a.b/x_y_>", "https://a.b/x_y_"),
        ("<ops@a.b>", "ops@a.b"),
        ("[](https://a.b)", "https://a.b"),
        ("[here](#part)", "here"),
        ("[x](https://a.b/c_(d)*)", "x (https://a.b/c_%28d%29%2A)"),
        ("![a graph](https://a.b/g.png)", "a graph: https://a.b/g.png"),
        ("![](https://a.b/g.png)", "https://a.b/g.png"),
        ("**see https://a.b/c_d**", "*see* https://a.b/c_d"),
        ("**[docs](https://a.b)**", "*docs* (https://a.b)"),
        ("[docs][d]\n\n[d]: https://a.b", "docs (https://a.b)"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        # rule 5: lists
        ("* a\n* b", "- a\n- b"),
        ("- a\n\n- b", "- a\n- b"),
        ("3. c\n3. d", "3. c\n4. d"),
        ("- a\n  - b\n    - c", "- a\n  ◦ b\n    - c"),
        ("1. a\n   - b\n2. c", "1. a\n  ◦ b\n2. c"),
        ("- a\n\n  more", "- a\n  more"),
        ("- a\n  ```\n  x\n  ```", "- a\n```\nx\n```"),
        ("- [ ] open\n- [x] done", "☐ open\n☑ done"),
        ("Pods:\n- a", "Pods:\n- a"),
        ("Pods:\n\n- a", "Pods:\n\n- a"),
        ("> a\n> **b**", "> a\n> *b*"),
        ("> a\n> > b", "> a\n> b"),
        ("> - a\n>\n> b", "> - a\n>\n> b"),
        # rule 6: tables
        ("|Pod|State|\n|-|-|\n|api|Ready|\n|b|Lost|", "```\nPod  State\napi  Ready\nb    Lost\n```"),
        (
            "|Pod|Reason|\n|-|-|\n|api-1|" + "x" * 30 + "|\n|b||",
            "- *Pod:* api-1 · *Reason:* " + "x" * 30 + "\n- *Pod:* b · *Reason:* –",
        ),
        ("|الخادم|القرص|\n|-|-|\n|web|91|", "- *الخادم:* web · *القرص:* 91"),
        ("|A|\n|-|", "```\nA\n```"),
        # rule 7: rules, HTML, entities, footnotes, formulas
        ("a\n\n---\n\nb", "a\n\n──────────\n\nb"),
        ("<b>a</b><br>b <!-- c -->", "a\nb"),
        ("<div>\n**a**\n</div>", "*a*"),
        ("kubectl logs <pod> is <none>", "kubectl logs <pod> is <none>"),
        ("a &lt;b&gt; &amp; &copy;", "a <b> & ©"),
        ("Full[^1] disk[^1].\n\n[^1]: Since *noon*.", "Full (Since _noon_.) disk."),
        ("open[^a and closed[^1]\n\n[^1]: here", "open[^a and closed (here)"),
        ("`[^1]` and [^2]\n\n[^1]: x y", "`[^1]` and [^2]\n\n[^1]: x y"),
        (r"\(a \times \frac{1}{2} \le x_{i}\)", "a × 1/2 ≤ x_i"),
        (r"\(a and \(b \le c\)", "(a and b ≤ c"),
        (r"$$\text{load} = 4$$ and `\(x\)`", r"load = 4 and `\(x\)`"),
        # rule 8: literal signs
        ("snake_case_name stays", "snake_case_name stays"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("rm *.log", "rm *.log"),
        (r"\*not bold\*", f"*{WJ}not bold*{WJ}"),
        (r"a \_b\_ c", f"a _{WJ}b_{WJ} c"),
        ("`a` and \\`b", f"`a` and `{WJ}b"),
        (r"\`\`\`", f"`{WJ}`{WJ}`{WJ}"),
        # rule 9: blank lines
        ("a\n\n\n\n\nb  \n", "a\n\nb"),
        ("**a**\n\n\n\n\nb  \n", "*a*\n\nb"),
        ("  a  \n  b  ", "a\nb"),
        # what only looks like CommonMark
        ("[WARN]: timeout", "[WARN]: timeout"),
        ("[1]: https://a.b", "[1]: https://a.b"),
        ("", ""),
        (" \n ", ""),
    ],
)  # fmt: skip
def test_commonmark_becomes_whatsapps_marks(text, shown):
    assert whatsapp(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**a** _b_ `c`", "a b c"),
        ("# A\n\n- b\n- [ ] c", "A\n\n- b\n☐ c"),
        ("```\nx\ny\n```", "x\ny"),
        ("|A|B|\n|-|-|\n|1|2|", "- A: 1 · B: 2"),
        (r"\*a\* *.log", "*a* *.log"),
    ],
)
def test_plain_text_has_no_marks(text, shown):
    assert convert(text, Markup.PLAIN) == shown


@pytest.mark.parametrize(
    "text",
    [
        "القرص \u200e/\u200e ممتلئ بنسبة 91٪ على web-1 (12:04 UTC).",
        "المجلد \u2066/var/log\u2069 يشغل 41 GB",
        f"done {FAMILY} 🇪🇬 1️⃣ ❤️",
        "می\u200cخواهم",
        "e\u0301 نَصٌّ",
        "a \u202babc\u202c b",
    ],
)
def test_bidi_marks_and_emoji_survive(text):
    assert whatsapp(text) == text
    assert whatsapp(f"{text} **x**") == f"{text} *x*"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x07c\x9b", "abc"),
        ("\x1b[1;31mred\x1b[0m \x1b]0;title\x07end", "red end"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\u202eabc\u202c", "abc"),
        ("\u2068abc", "abc"),
        ("abc\u2069", "abc"),
        ("\u2068a\nb\u2069", "a\nb"),
        ("\u2068a\u202bb\u2069", "\u2068ab\u2069"),
        ("a\ud800b", "a\ufffdb"),
        ("tab\there", "tab\there"),
    ],
)
def test_what_would_spill_is_taken_out(text, shown):
    assert clean(text) == shown


@given(documents(), st.sampled_from(Markup))
def test_no_word_of_a_document_is_lost(document, markup):
    assert words(seen(convert(document.text, markup), markup)) == document.words


@given(st.text(alphabet="ab *_~`#>-+1.[]()!|\\\n\t:^$شس🎉", max_size=120), st.sampled_from(Markup))
def test_any_text_converts_with_its_fences_balanced(text, markup):
    shown = seen(convert(text, markup), markup)
    assert markup is not Markup.WHATSAPP or shown.count("```") % 2 == 0
    assert regex.findall(r"\p{L}+", shown.replace("http", "")) or not regex.search(r"\p{L}", shown)


@given(st.text(max_size=200), st.sampled_from(Markup))
def test_any_text_at_all_converts(text, markup):
    seen(convert(text, markup), markup).encode()


@given(st.text(alphabet="ab *_~` \\شس-.", max_size=60))
def test_a_literal_line_has_no_pair_that_acts_as_a_mark(text):
    shown = literal(text, Markup.WHATSAPP)
    assert shown.replace(WJ, "") == clean(text).strip().replace(WJ, "")
    for mark in "*_~":
        pair = rf"(?<![\p{{L}}\p{{M}}\{mark}])\{mark}(?=[^\s\{mark}{WJ}])[^\n]*?\S\{mark}(?![\p{{L}}\p{{M}}{WJ}])"
        assert not regex.search(pair, shown)
    assert not regex.search(r"`[^`\u2060\s][^`]*`(?!\u2060)", shown)


def test_nesting_without_end_is_shown_as_it_was_written():
    text = ">" * 500 + " deep"
    assert whatsapp(text) == text


@given(st.text(max_size=200))
def test_text_kept_as_it_is_is_not_converted_again(text):
    assert convert(as_it_is(text), Markup.WHATSAPP) == clean(text)


@given(documents(), st.sampled_from(Markup))
def test_converted_text_survives_being_kept(document, markup):
    shown = convert(document.text, markup)
    assert convert(as_it_is(shown), markup) == shown


def test_kept_text_is_a_block_of_code_for_everyone_else():
    assert blocks_of_code(as_it_is("*a*\n~~~\nb")) == [(0, 5)]
