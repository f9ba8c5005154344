"""Templates as Meta has them now: paused, switched off, filed anew, with a webhook about each change."""

import pytest

from tests.unit.simulator.stage import refusal

TEMPLATE = {"name": "message_waiting", "language": {"code": "en_US"}}
SEND = {"messaging_product": "whatsapp", "to": "+15550001001", "type": "template", "template": TEMPLATE}
PATH = "/templates/message_waiting/en_US"


@pytest.mark.parametrize(
    ("status", "code"), [("PAUSED", 132015), ("DISABLED", 132016), ("REJECTED", 132001), ("PENDING", 132001)]
)
async def test_one_that_is_not_approved_is_refused_until_it_is_again(client, business, status, code):
    assert (await client.send(SEND))[0] == 200, "outside the window a template arrives"
    await business.after_statuses(2)
    posts = len(business.posts)
    assert (await client.control("POST", PATH, {"status": status, "reason": "people blocked it"}))[0] == 200
    answered, body = await client.send(SEND)
    assert (answered >= 400, refusal(body)[0]) == (True, code)
    told = (await business.after(posts + 1))[-1].body
    (entry,) = told["entry"]
    assert entry["id"] == "102290129340398"
    (change,) = entry["changes"]
    assert change["field"] == "message_template_status_update"
    assert change["value"]["event"] == status
    assert change["value"]["reason"] == "people blocked it"
    assert change["value"]["message_template_language"] == "en-US"
    await client.control("POST", PATH, {"status": "APPROVED"})
    assert (await client.send(SEND))[0] == 200


async def test_another_category_is_billed_and_told(client, business):
    answered, shown = await client.control("POST", PATH, {"category": "marketing", "quality": "RED"})
    assert answered == 200
    (mine,) = [one for one in shown["templates"] if (one["name"], one["language"]) == ("message_waiting", "en_US")]
    assert (mine["category"], mine["quality"]) == ("marketing", "RED")
    changes = [post.body["entry"][0]["changes"][0] for post in await business.after(2)]
    by_field = {change["field"]: change["value"] for change in changes}
    assert by_field["template_category_update"]["previous_category"] == "UTILITY"
    assert by_field["template_category_update"]["new_category"] == "MARKETING"
    assert by_field["message_template_quality_update"]["new_quality_score"] == "RED"
    await client.send(SEND)
    statuses = await business.after_statuses(1)
    assert statuses[0]["pricing"]["category"] == "marketing"


@pytest.mark.parametrize(
    "body", [{}, {"reason": "x"}, {"status": "paused"}, {"category": "spam"}, {"quality": "7"}, {"colour": "red"}]
)
async def test_what_meta_does_not_have_is_refused(client, body):
    assert (await client.control("POST", PATH, body))[0] == 400


async def test_a_template_that_is_not_there_is_not_found(client):
    assert (await client.control("POST", "/templates/nowhere/en_US", {"status": "PAUSED"}))[0] == 404


async def test_a_reaction_opens_no_window(client):
    await client.send(SEND)
    shown = (await client.shown())[-1]
    path = "/phones/+15550001001/messages"
    node = {"type": "reaction", "reaction": {"message_id": shown["id"], "emoji": "👍"}}
    assert (await client.control("POST", path, node))[0] == 200
    _, phones = await client.control("GET", "/phones")
    assert phones["phones"][0]["window_open"] is False
