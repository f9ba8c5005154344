import inspect
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.formatting.markup import Markup, convert
from aof.texts import (
    machine,
    machine_containers,
    machine_directories,
    machine_network,
    machine_pods,
    machine_programs,
    machine_services,
    machine_talk,
    machine_users,
    machine_words,
)
from aof.texts.language import Language
from aof.texts.machine_words import clock, fenced, named, percent, size, span

SHOWN_AS_THEY_ARE = ("busiest_line", "largest", "line", "unit_line")
"""Lines of names and other programs' words."""

EN, AR = Language.ENGLISH, Language.ARABIC
AT = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)

MODULES = (
    machine,
    machine_containers,
    machine_directories,
    machine_network,
    machine_pods,
    machine_programs,
    machine_services,
    machine_talk,
    machine_users,
)

_ARGUMENTS = {
    "at": AT,
    "since": AT,
    "up": timedelta(days=2, hours=3),
    "averages": (0.1, 0.2, 0.3),
    "programs": [("postgres", 812, 5)],
    "pods": ["a-1"],
    "namespaces": ["prod", "staging"],
    "name": "disk",
    "exit_code": 137,
    "seconds": 15.0,
    "newest": True,
    "is_up": True,
    "is_whole": False,
    "addresses": ["192.0.2.2", "fd00::2"],
    "failed": ["nginx.service"],
    "previous": True,
}


def sentences() -> list[tuple[str, str, str]]:
    """Every sentence there is, in English and in Arabic, with plausible values."""

    def value(parameter: inspect.Parameter) -> object:
        if parameter.name in _ARGUMENTS:
            return _ARGUMENTS[parameter.name]
        return "web-1" if "str" in str(parameter.annotation) else 42

    def said(module: ModuleType) -> list[tuple[str, str, str]]:
        found = []
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != module.__name__ or name.startswith("_"):
                continue
            parameters = list(inspect.signature(function).parameters.values())[1:]
            by_place = [value(each) for each in parameters if each.kind is not inspect.Parameter.KEYWORD_ONLY]
            by_name = {each.name: value(each) for each in parameters if each.kind is inspect.Parameter.KEYWORD_ONLY}
            found.append((name, function(EN, *by_place, **by_name), function(AR, *by_place, **by_name)))
        return found

    return [each for module in MODULES for each in said(module)]


@pytest.mark.parametrize(
    ("name", "english", "arabic"), sentences(), ids=lambda value: value if value.isidentifier() else ""
)
def test_every_sentence_is_plain_short_and_there_in_both_languages(name: str, english: str, arabic: str) -> None:
    for text in (english, arabic):
        assert text.strip() == text != ""
        assert "!" not in text
        assert "sorry" not in text.casefold()
        assert len(text) < 400
    assert english.isascii() or "…" in english
    assert any("\u0600" <= letter <= "\u06ff" for letter in arabic) or name in SHOWN_AS_THEY_ARE
    assert not any(letter in "٠١٢٣٤٥٦٧٨٩" for letter in arabic)
    assert arabic.count("\u2066") == arabic.count("\u2069")


@pytest.mark.parametrize(
    ("size_bytes", "shown"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (1024**2 - 1, "1.0 MiB"),
        (9.96 * 1024**3, "10 GiB"),
        (80 * 1024**3, "80 GiB"),
        (2 * 1024**4, "2.0 TiB"),
        (5000 * 1024**5, "5000 PiB"),
    ],
)
def test_sizes_are_short_and_in_the_unit_they_fill(size_bytes: float, shown: str) -> None:
    assert size(EN, size_bytes) == shown


@pytest.mark.parametrize(
    ("of_hundred", "shown"), [(0, "0 %"), (0.3, "less than 1 %"), (91.4, "91 %"), (99.7, "99 %"), (100, "100 %")]
)
def test_only_nothing_is_zero_and_only_all_is_a_hundred(of_hundred: float, shown: str) -> None:
    assert percent(EN, of_hundred) == shown


@pytest.mark.parametrize(
    ("length", "shown"),
    [(timedelta(seconds=59), "0 min"), (timedelta(minutes=61), "1 h 1 min"), (timedelta(days=12, hours=3), "12 d 3 h")],
)
def test_spans_have_two_units_at_most(length: timedelta, shown: str) -> None:
    assert span(EN, length) == shown


def test_times_name_their_zone() -> None:
    assert clock(EN, AT) == "12:04 UTC"
    assert clock(AR, AT) == "\u206612:04 UTC\u2069"


@given(st.text())
def test_a_name_never_works_as_a_mark_and_stays_on_its_line(name: str) -> None:
    shown = named(EN, name)
    assert "\n" not in shown
    assert convert(f"a {shown} b", Markup.PLAIN).count("\n") == 0


@pytest.mark.parametrize(
    "name",
    ["gke_proj_eu_prod", "*x*", "`x`", "[a](b)", "<b>", "a|b", "~x~", "&amp;", "\\", "$$x$$", "\\(x\\)", "a:b/c@d"],
)
def test_a_name_is_shown_as_it_is(name: str) -> None:
    assert convert(f"On {named(EN, name)} now", Markup.PLAIN) == f"On {name} now"


def test_bytes_of_no_encoding_can_be_sent_all_the_same() -> None:
    assert named(EN, "/\udcff/x") == "/\ufffd/x"


@given(st.text(alphabet="`~\n ab*_[]"))
def test_no_text_gets_out_of_its_fence(text: str) -> None:
    block = fenced(text)
    assert block.count("```") == 2
    assert convert(f"{block}\nafter", Markup.PLAIN).endswith("after")


def test_words_for_sentences_are_no_sentences() -> None:
    assert machine_words.said(EN, en="a", ar="b") == "a"
    assert machine_words.said(AR, en="a", ar="b") == "b"
