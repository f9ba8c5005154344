"""A switch that a variable may decide: the key of the file wins, and only four words count."""

import pytest

GATE = "spec.platforms.whatsapp.gate"
WORDS = [("true", True), ("TRUE", True), ("1", True), ("false", False), ("False", False), ("0", False)]
NO_WORDS = ["yes", "on", "no", "off", "y", "t", "2", "enabled", ""]


@pytest.mark.parametrize(("word", "opened"), WORDS)
def test_the_key_takes_four_words_in_any_case(whatsapp, base, word, opened):
    assert whatsapp(f"{base}      gate: {word}\n").gate is opened


@pytest.mark.parametrize(("word", "opened"), WORDS)
def test_the_variable_counts_where_the_key_is_absent(whatsapp, base, word, opened):
    assert whatsapp(base, {"GATE_IS_OPEN": word}).gate is opened


@pytest.mark.parametrize(("word", "opened"), WORDS)
@pytest.mark.parametrize("variable", ["true", "false", "nonsense"])
def test_the_key_wins_over_the_variable(whatsapp, base, word, opened, variable):
    assert whatsapp(f"{base}      gate: {word}\n", {"GATE_IS_OPEN": variable}).gate is opened


@pytest.mark.parametrize("word", NO_WORDS)
def test_another_word_of_the_key_is_an_error_with_its_line(problems, base, word):
    assert problems(f"{base}      gate: '{word}'\n") == [
        f"daemon.yaml:11: {GATE}: wants true or false. Write true or false (1 and 0 will do)."
    ]


@pytest.mark.parametrize("word", NO_WORDS)
def test_another_word_of_the_variable_is_an_error_that_names_it(problems, base, word):
    assert problems(base, {"GATE_IS_OPEN": word}) == [
        (
            f"daemon.yaml:5: {GATE}: GATE_IS_OPEN is neither true nor false. "
            "Set GATE_IS_OPEN to true or false (1 and 0 will do), or unset it."
        )
    ]


def test_a_key_left_empty_opens_nothing_and_does_not_ask_the_variable(problems, base):
    assert problems(f"{base}      gate:\n", {"GATE_IS_OPEN": "true"}) == [
        f"daemon.yaml:11: {GATE}: is empty. Write true or false, or remove the key."
    ]


def test_a_key_may_name_a_variable_of_its_own(whatsapp, problems, base):
    assert whatsapp(f"{base}      gate: ${{LIVE}}\n", {"LIVE": "True"}).gate is True
    assert problems(f"{base}      gate: ${{LIVE}}\n", {"GATE_IS_OPEN": "true"}) == [
        f"daemon.yaml:11: {GATE}: LIVE is not set. Export it, or write true or false."
    ]
