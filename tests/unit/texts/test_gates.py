"""Each gate of the code says what opens it, in both languages."""

import pytest

from aof.texts.gates import GATES, opens
from aof.texts.language import Language
from tests.docs.pages.source import first_words


def test_the_table_has_every_gate_of_the_code() -> None:
    assert set(GATES) == set(first_words("aof", "Held", "SendHeld"))


@pytest.mark.parametrize("gate", GATES)
def test_what_opens_a_gate_is_one_sentence_in_either_language(gate: str) -> None:
    english, arabic = opens(Language.ENGLISH, gate), opens(Language.ARABIC, gate)
    assert english.endswith(".")
    assert arabic.endswith(".")
    assert english != arabic


def test_a_gate_of_another_version_says_nothing() -> None:
    assert opens(Language.ENGLISH, "no_platform") == ""
