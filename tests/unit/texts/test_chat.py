"""What the daemon itself says: a person's words are quoted, and none of their signs acts as a mark."""

from datetime import timedelta

import pytest

from aof.formatting.markup import Markup, convert
from aof.texts import chat, late
from aof.texts.language import Language

ASKED = "[log in](http://a.b) *now* `or`"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    "said",
    [
        chat.cancelled,
        chat.repeating,
        lambda language, words: chat.unknown_command(language, words, None),
        lambda language, words: chat.unknown_command(language, "/pods", words),
        lambda language, words: late.waited(language, timedelta(hours=3), [words]),
    ],
)
def test_a_persons_words_come_back_as_they_were_typed(said, language):
    assert ASKED in convert(said(language, ASKED), Markup.PLAIN)
