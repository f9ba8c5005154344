"""Every metric, label and value is on the page, with what it means."""

import re

import pytest

from tests.docs.pages.metrics import CLOSED_LABELS, OPEN_LABELS, families, page, values


def test_every_metric_is_on_the_page_as_prometheus_shows_it() -> None:
    text = page()
    assert len(families()) > 15
    for family, _, name in families():
        assert f"| `{name}` | {family.type} |" in text
        assert family.documentation in text


def test_every_label_has_values_or_is_named_by_the_configuration() -> None:
    for _, labels, name in families():
        for label in labels:
            assert label in OPEN_LABELS or (name, label) in values(), (name, label)


@pytest.mark.parametrize("key", values(), ids=" ".join)
def test_every_value_that_the_code_gives_is_on_the_page(key: tuple[str, str]) -> None:
    assert values()[key]
    for value in values()[key]:
        assert f"`{value}`" in page(), value


@pytest.mark.parametrize("key", CLOSED_LABELS, ids=" ".join)
def test_every_explained_value_is_one_of_the_code(key: tuple[str, str]) -> None:
    """A value without a meaning, or a meaning without a value: change tests/docs/pages/metrics.py."""
    assert set(CLOSED_LABELS[key]) == values()[key]


def test_every_metric_that_the_page_names_exists() -> None:
    names = {name for _, _, name in families()}
    assert set(re.findall(r"aof_[a-z_]+", page())) <= names
