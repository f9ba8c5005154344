"""Long answers as files: the beginning in the chat, all of it in the file, and what a platform without files shows."""

import pytest

from aof.domain.limits import Limit, PlatformLimits, Unit
from aof.domain.response import Action, Document, DocumentPart, Response, Status, TextPart, choices_of
from aof.formatting.documents import LONG_ANSWER, MOST_DOCUMENT_BYTES, shortened, with_document
from aof.formatting.markup import Markup
from aof.formatting.render import render
from aof.texts.language import Language

BYTES = Limit(100_000_000, Unit.BYTES, "a test")
TEXT = Limit(4096, Unit.UTF16, "a test")
TAKES_FILES = PlatformLimits(text=TEXT, body=TEXT, buttons=None, rows=None, list_label=None, document=BYTES)
TAKES_NONE = PlatformLimits(text=TEXT, body=TEXT, buttons=None, rows=None, list_label=None)
LINES = "\n".join(f"line {n} of **the log** with `marks`" for n in range(1000))
FILE = Document(name="app.log", text="one *two*\nthree")


def made(text: str, **more: object) -> Response:
    response = Response(text=text, **more)  # type: ignore[arg-type]
    return with_document(response, Markup.WHATSAPP, Language.ENGLISH)


def test_a_text_of_the_most_characters_stays_a_text() -> None:
    response = Response(text="x" * LONG_ANSWER)
    assert with_document(response, Markup.WHATSAPP, Language.ENGLISH) is response


def test_a_longer_one_is_its_beginning_and_a_file_of_all_of_it() -> None:
    response = made(LINES, status=Status.OK, actions=(Action(id="a", title="Go"),), documents=(FILE,))
    assert response.documents == (Document(name="answer.txt", text=LINES), FILE)
    text, *files = render(response, TAKES_FILES, Markup.WHATSAPP).parts
    assert isinstance(text, TextPart)
    assert text.text.startswith("✅ line 0 of *the log* with `marks`\nline 1 of")
    beginning, _, told = text.text.partition("\n\nAll of it is in answer.txt, below.")
    assert 600 < len(beginning) <= 952
    assert beginning.splitlines()[-1].endswith("with `marks`")
    assert "Go" in told
    assert files == [DocumentPart(name="answer.txt", text=LINES), DocumentPart(name="app.log", text=FILE.text)]


@pytest.mark.parametrize("text", ["```\n" + "x " * 9_000 + "\n```", "| a | b |\n|-|-|\n" + "| c | d |\n" * 2_000])
def test_a_beginning_leaves_no_mark_open(text: str) -> None:
    shown = render(made(text), TAKES_FILES, Markup.WHATSAPP).parts[0]
    assert isinstance(shown, TextPart)
    assert shown.text.count("```") % 2 == 0
    assert shown.text.endswith("All of it is in answer.txt, below.")


def test_choices_that_need_more_stay_with_the_text() -> None:
    many = tuple(Action(id=f"a{n}", title=f"Choice {n} {'x' * 60}") for n in range(150))
    rendered = render(Response(text="Which?", actions=many, documents=(FILE,)), TAKES_FILES, Markup.WHATSAPP)
    *texts, file = rendered.parts
    assert rendered.more is not None
    assert rendered.more in choices_of(texts[-1])
    assert isinstance(file, DocumentPart)
    assert rendered.rest is not None
    assert rendered.rest.documents == ()


def test_a_file_may_come_alone() -> None:
    rendered = render(Response(text="", documents=(FILE,)), TAKES_FILES, Markup.WHATSAPP)
    assert rendered.parts == (DocumentPart(name="app.log", text=FILE.text),)


def test_where_no_files_are_taken_their_text_follows_as_code() -> None:
    rendered = render(Response(text="Look:", documents=(FILE,)), TAKES_NONE, Markup.WHATSAPP)
    assert rendered.parts == (TextPart(text="Look:\n\napp.log:\n\n```\none *two*\nthree\n```"),)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("sign", ["x", "قرص ", "😀"])
def test_a_file_is_cut_where_a_character_ends_and_says_so(sign: str, language: Language) -> None:
    whole = sign * MOST_DOCUMENT_BYTES
    document = shortened(Document(name="a", text=whole), language)
    assert MOST_DOCUMENT_BYTES - 8 < len(document.text.encode()) <= MOST_DOCUMENT_BYTES
    kept, _, note = document.text.rpartition("\n\n")
    assert whole.startswith(kept)
    assert note.strip()
    exact = Document(name="a", text="x" * MOST_DOCUMENT_BYTES)
    assert shortened(exact, language) is exact
