"""The page's own files and sentences: all of them are there, none is left over, and the look is that of the phones."""

import inspect
import re
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from aof.texts.language import Language
from aof.texts.page import conversations, daemon, deliveries, frame, opportunities, people
from aof.web.operator import shown
from aof.web.operator.throttle import LASTS, MOST_OF_ONE, Attempts
from aof.web.operator.words import MODULES, Words

ROOM = Path(str(files("aof.web.operator")))
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in (*ROOM.glob("*.py"), *ROOM.glob("templates/*.html"))}
PAGES = (frame, conversations, deliveries, people, opportunities, daemon)
SENTENCES = {
    name: sentence
    for module in PAGES
    for name, sentence in inspect.getmembers(module, inspect.isfunction)
    if sentence.__module__ == module.__name__
}
COMPUTED = re.compile(r"^(state|theme|role|cause|consent|how|event|from|opportunity|change|moved|verdict|do|ago)_")
"""Sentences that are found by a word of a closed list."""
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def test_the_look_is_that_of_the_phone_page() -> None:
    ours = (ROOM / "static" / "tokens.css").read_text(encoding="utf-8")
    assert ours == Path(str(files("aof.simulator.page") / "tokens.css")).read_text(encoding="utf-8")


def test_colours_come_from_the_tokens_alone() -> None:
    tokens = set(re.findall(r"(--[\w-]+):", (ROOM / "static" / "tokens.css").read_text(encoding="utf-8")))
    for name in ("frame.css", "sections.css"):
        sheet = (ROOM / "static" / name).read_text(encoding="utf-8")
        assert set(re.findall(r"var\((--[\w-]+)\)", sheet)) <= tokens
        assert not re.search(r"#[0-9a-f]{3,6}\b", sheet), name
        assert not re.search(r"(margin|padding|border|inset)-(left|right)", sheet), name


def test_nothing_of_the_page_is_inline_or_from_elsewhere() -> None:
    for name, text in SOURCES.items():
        if name.endswith(".html"):
            assert not re.search(r"<style|style=|<script(?! src=)| on\w+=|javascript:|https?://|\|\s*safe\b", text), (
                name
            )


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_every_sentence_that_is_said_exists(source: str) -> None:
    for name in re.findall(r"\b(?:t|words)\.(\w+)\(", SOURCES[source]):
        if name not in ("state", "named", "section"):
            assert callable(getattr(Words(Language.ENGLISH), name)), name


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_every_sentence_is_said_somewhere(name: str) -> None:
    all_ = "\n".join(SOURCES.values())
    assert COMPUTED.match(name) or re.search(rf"""(\b(t|words|texts)\.{name}\b|"{name}")""", all_)


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_every_sentence_is_in_both_languages(name: str) -> None:
    wanted = list(inspect.signature(SENTENCES[name]).parameters.values())[1:]
    given = [7 if parameter.annotation is int else "web-1" for parameter in wanted]
    english, arabic = SENTENCES[name](Language.ENGLISH, *given), SENTENCES[name](Language.ARABIC, *given)
    assert english
    assert arabic
    assert "!" not in english + arabic
    assert "{" not in english + arabic
    if name not in ("title_of", "other_language"):
        assert re.search("[\u0600-\u06ff]", arabic), arabic


def test_no_name_means_two_sentences() -> None:
    names = [
        name
        for module in MODULES
        for name, sentence in inspect.getmembers(module, inspect.isfunction)
        if sentence.__module__ == module.__name__
    ]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("*bold* _it_ ~no~ `a*b*`", "<b>bold</b> <i>it</i> <s>no</s> <code>a*b*</code>"),
        ("a*b*c 2*3*4", "a*b*c 2*3*4"),
        ("`<img>`", "<code>&lt;img&gt;</code>"),
        ("x\n```\n<i>\n```\ny", "x<code class=block>&lt;i&gt;</code>y"),
        ("*<script>*", "<b>&lt;script&gt;</b>"),
        ("\u202egnp.exe", "[U+202E]gnp.exe"),
        ('" onload="x', "&#34; onload=&#34;x"),
    ],
)
def test_marks_are_shown_and_everything_else_is_text(text: str, seen: str) -> None:
    assert str(shown.marked(text)) == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("<b>x</b> &lt;i&gt; *y*", "<b>x</b> &lt;i&gt; *y*"),
        ('a\n<pre><code class="language-sh">b\nc</code></pre>\nd', "a<code class=block>b\nc</code>d"),
        ("<pre>b</pre>", "<code class=block>b</code>"),
        ("<blockquote>a\nb</blockquote>\nc", "<span class=quote>a\nb</span>c"),
        ('<a href="https://a.b?c=1&amp;d=&quot;"><b>x</b></a>', "<b>x</b> (https://a.b?c=1&amp;d=&quot;)"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        ('<a href="javascript:x">x</a>', "&lt;a href=&#34;javascript:x&#34;&gt;x&lt;/a&gt;"),
        ("<b>x", "&lt;b&gt;x"),
        ("\u202egnp.exe", "[U+202E]gnp.exe"),
    ],
)
def test_a_message_of_telegram_shows_its_tags_as_marks(text: str, seen: str) -> None:
    assert str(shown.marked(text, "telegram:7")) == seen


def test_a_name_is_one_line_that_turns_nothing() -> None:
    assert shown.line("a\n b\u2066\u202ec\x00") == "a b[U+202E]c[U+0000]"


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (5, "5 s ago"),
        (300, "5 min ago"),
        (7200, "2 h ago"),
        (86_400, "2026-11-25 12:00 UTC"),
        (-60, "2026-11-26 12:01 UTC"),
    ],
)
def test_times_are_relative_where_they_are_recent(since: int, said: str) -> None:
    seen = shown.moment(Words(Language.ENGLISH), NOW, NOW - timedelta(seconds=since))
    assert f"<bdi>{said}</bdi>" in seen
    assert 'title="2026-11-2' in seen


def test_an_address_that_guesses_waits_and_others_do_not() -> None:
    attempts = Attempts()
    for n in range(MOST_OF_ONE):
        assert attempts.wait("10.0.0.1", NOW) is None
        attempts.failed("10.0.0.1", NOW + timedelta(seconds=n))
    assert attempts.wait("10.0.0.1", NOW + timedelta(minutes=1)) == LASTS - timedelta(minutes=1)
    assert attempts.wait("10.0.0.2", NOW + timedelta(minutes=1)) is None
    assert attempts.wait("10.0.0.1", NOW + LASTS) is None
