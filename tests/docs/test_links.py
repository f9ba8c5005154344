"""Every link within the project leads to something that is there. Links to other places are not followed."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.docs.pages.source import ROOT
from tests.docs.reading import PAGES, anchors, links, name


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    for target in links(page):
        if re.match(r"https://|mailto:", target):
            continue
        assert not re.match(r"\w+:|/", target), f"{target}: write it relative to the page"
        path, _, anchor = unquote(target).partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.is_relative_to(ROOT), f"{target} leads out of the project"
        assert found.exists(), target
        if anchor:
            assert anchor in anchors(found), f"{target}: {name(found)} has {', '.join(sorted(anchors(found)))}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_page_names_a_path_of_a_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.findall(r"/(?:home|root|work|Users)/\w+", text)


def test_every_page_of_the_documentation_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / target.partition("#")[0]).resolve() for target in links(index)}
    decisions = ROOT / "docs" / "decisions"
    wanted = {page for page in (ROOT / "docs").rglob("*.md") if page.parent != decisions} - {index}
    assert wanted | {decisions / "README.md"} <= listed


def test_anchors_are_made_as_on_github(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        '# `aof pair` and *more*: "131047"?\n\n## Again\n\n## Again\n\n## A/B — c_d\n\n<a id="own"></a>\n\n'
        "```text\n# No heading\n```\n",
        encoding="utf-8",
    )
    assert anchors(page) == {"aof-pair-and-more-131047", "again", "again-1", "ab--c_d", "own"}
