"""Opportunities decided on the page for operators, by the rules that hold on a phone."""

import re
from pathlib import Path
from typing import Any

from tests.e2e.flow import CONTACT, ENGLISH, added, flowing, standing
from tests.e2e.operator_page import Answer, Browser, browsing

TOKENS = {"AOF_PAGE_OMAR": "token-of-omar-00002", "AOF_PAGE_GUEST": "token-of-guest-0003"}
PAGE = {
    "people": [
        {"name": "Omar", "role": "operator", "token_env": "AOF_PAGE_OMAR"},
        {"name": "Guest", "role": "admin", "token_env": "AOF_PAGE_GUEST"},
    ]
}
OMAR, GUEST = TOKENS.values()
FLOW: dict[str, Any] = {"operator": {"page": PAGE}, "environ": TOKENS}
PLACE = "/drafts/LEAD-43"


async def pressed(browser: Browser, change: str, **more: str) -> Answer:
    """A button of the screen as it is now, with what stands beside it."""
    text = (await browser.get(PLACE)).text
    event = re.search(r'name="event" value="([0-9a-f]+)"', text)
    draft = re.search(r'name="draft" value="([^"]+)"', text)
    form = {"event": event[1] if event else "", **({"draft": draft[1]} if draft else {}), **more}
    return await browser.post(f"{PLACE}/decide", change=change, **form)


async def test_a_draft_is_made_rewritten_and_approved_on_the_page(tmp_path: Path) -> None:
    async with flowing(tmp_path, **FLOW) as aof, browsing(aof, OMAR) as browser:
        await added(aof, ENGLISH)
        assert "Opportunity: Renew the contract" in (await browser.get("/")).said
        assert (await pressed(browser, "draft")).status == 303
        screen = await browser.get(PLACE)
        assert "This will be sent, exactly, once it is approved:" in screen.said
        assert CONTACT not in screen.text
        assert (await pressed(browser, "rewrite", text="Shall we talk <b>on Monday</b>?")).status == 303
        assert "Shall we talk &lt;b&gt;on Monday&lt;/b&gt;?" in (await browser.get(PLACE)).text
        answer = await pressed(browser, "approve")
        # the contact wrote, and so may be written to
        assert answer.status == 303, answer.said
        assert (await aof.phone(CONTACT).next())["text"] == "Shall we talk <b>on Monday</b>?"
        assert (await standing(aof, "LEAD-43"))["state"] == "approved"
        again = await browser.post(f"{PLACE}/decide", change="skip", event="ff")
        assert again.status == 409


async def test_a_draft_that_another_took_the_place_of_is_not_approved(tmp_path: Path) -> None:
    async with flowing(tmp_path, **FLOW) as aof, browsing(aof, OMAR) as browser:
        await added(aof, ENGLISH)
        await pressed(browser, "draft")
        shown = re.search(r'name="draft" value="([^"]+)"', (await browser.get(PLACE)).text)
        assert shown
        await pressed(browser, "rewrite", text="Another text.")
        stale = await browser.post(f"{PLACE}/decide", change="approve", draft=shown[1], event="aa")
        assert stale.status == 409
        assert (await standing(aof, "LEAD-43"))["state"] == "approval_required"


async def test_a_text_that_was_changed_and_not_kept_is_not_approved(tmp_path: Path) -> None:
    async with flowing(tmp_path, **FLOW) as aof, browsing(aof, OMAR) as browser:
        await added(aof, ENGLISH)
        await pressed(browser, "draft")
        answer = await pressed(browser, "approve", text="What was typed and not kept.")
        assert answer.status == 409
        assert "the text was changed. Keep it first" in answer.said
        assert "What was typed and not kept." in answer.text
        assert (await standing(aof, "LEAD-43"))["state"] == "approval_required"


async def test_who_is_no_operator_decides_nothing_whatever_their_role(tmp_path: Path) -> None:
    async with flowing(tmp_path, **FLOW) as aof, browsing(aof, GUEST) as browser:
        await added(aof, ENGLISH)
        screen = await browser.get(PLACE)
        assert "Guest is not among spec.operator.operators" in screen.said
        assert 'name="change"' not in screen.text
        assert (await browser.post(f"{PLACE}/decide", change="accept", event="bb")).status == 409
        assert (await standing(aof, "LEAD-43"))["state"] == "open"
