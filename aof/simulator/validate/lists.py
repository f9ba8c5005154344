"""Lists: sections of rows behind one button."""

from aof.simulator.validate.buttons import check_unique
from aof.simulator.validate.report import Node

BUTTON_MOST = 20
SECTIONS_MOST = 10
ROWS_MOST = 10
"""Over all sections together."""
SECTION_TITLE_MOST = 24
ROW_ID_MOST = 200
ROW_TITLE_MOST = 24
ROW_DESCRIPTION_MOST = 72


def check_list(action: Node) -> None:
    action.only("button", "sections", "name")
    action.report.length("Button text", action.text("button"), BUTTON_MOST)
    sections = action.nodes("sections")
    if sections is None:
        return
    if not 1 <= len(sections) <= SECTIONS_MOST:
        action.report.value(
            f"Invalid sections count. Min allowed sections: 1, Max allowed sections: {SECTIONS_MOST}"
        )  # synthetic
    rows: list[Node] = []
    for section in sections:
        section.only("title", "rows")
        title = section.text("title", required=len(sections) > 1)
        section.report.length("Section title", title, SECTION_TITLE_MOST, least=1 if len(sections) > 1 else 0)
        rows += section.nodes("rows") or []
    if len(rows) > ROWS_MOST:
        action.report.value(f"Total row count exceed max allowed count: {ROWS_MOST}")  # captured
    if sections and not rows:
        action.report.value("Invalid rows count. Min allowed rows: 1, Max allowed rows: 10")  # synthetic
    for row in rows:
        _check_row(row)
    check_unique(rows, "id", "Row id")


def _check_row(row: Node) -> None:
    row.only("id", "title", "description")
    row.report.length("Row id", row.text("id"), ROW_ID_MOST)
    row.report.length("Row title", row.text("title"), ROW_TITLE_MOST)
    row.report.length("Row description", row.text("description", required=False), ROW_DESCRIPTION_MOST, least=0)
