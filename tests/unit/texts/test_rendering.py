import pytest

from aof.texts import rendering
from aof.texts.language import Language, spoken


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    "words", [rendering.more, rendering.choose, rendering.choose_below, rendering.answer_with_a_number]
)
def test_each_word_is_in_the_language_asked_for(words, language):
    assert spoken(words(language)) is language


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("words", [rendering.more, rendering.choose])
def test_words_on_buttons_fit_them(words, language):
    assert 0 < len(words(language)) <= 20
