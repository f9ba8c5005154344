"""What the log says of templates: a warning where nothing is sent any more, or something costs more."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from aof.domain.message import TemplateNews
from aof.pipeline.receive import tell_of_template


@pytest.mark.parametrize(
    ("facts", "event", "level"),
    [
        ({"state": "paused", "word": "PAUSED"}, "template_state_told", "warning"),
        ({"state": "approved", "word": "APPROVED"}, "template_state_told", "info"),
        ({"word": "A_NEW_WORD"}, "template_state_told", "info"),
        ({"category": "MARKETING", "former_category": "UTILITY"}, "template_recategorised", "warning"),
        ({"category": "UTILITY", "coming_category": "MARKETING"}, "template_recategorised", "warning"),
        ({"quality": "RED"}, "template_quality_told", "info"),
    ],
)
def test_news_of_a_template_is_one_line(facts: dict[str, Any], event: str, level: str) -> None:
    with capture_logs() as lines:
        tell_of_template("whatsapp", TemplateNews.model_validate({"name": "news", "language": "ar", **facts}))
    (line,) = lines
    assert (line["event"], line["log_level"], line["template"], line["language"]) == (event, level, "news", "ar")


def test_a_category_that_stays_and_a_new_text_are_no_news() -> None:
    with capture_logs() as lines:
        tell_of_template("whatsapp", TemplateNews(name="news", language="ar", category="UTILITY", body="x"))
    assert lines == []
