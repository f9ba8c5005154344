"""The common path: a person writes, the business answers, receipts follow."""

import re


async def test_a_text_from_a_phone_is_posted_to_the_business(client, business):
    message_id = await client.write("disk")
    [post] = await business.after(1)
    [value] = post.values
    assert post.body["object"] == "whatsapp_business_account"
    assert post.body["entry"][0]["id"] == "102290129340398"
    assert value["metadata"] == {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"}
    assert value["contacts"] == [{"profile": {"name": "On call"}, "wa_id": "15550001001"}]
    assert value["messages"] == [
        {"from": "15550001001", "id": message_id, "timestamp": "1795348800", "type": "text", "text": {"body": "disk"}}
    ]


async def test_an_answer_is_shown_and_reported_sent_and_delivered_with_its_opaque_data(client, business):
    asked = await client.write("disk")
    status, answer = await client.text(body="91 %", biz_opaque_callback_data="part-1", context={"message_id": asked})
    assert status == 200
    assert answer["messaging_product"] == "whatsapp"
    assert answer["contacts"] == [{"input": "+15550001001", "wa_id": "15550001001"}]
    [sent] = answer["messages"]
    assert re.fullmatch(r"wamid\.[A-Za-z0-9+/]+=*", sent["id"])

    [entry] = await client.shown()
    assert (entry["id"], entry["text"], entry["part_id"], entry["quoted_id"]) == (sent["id"], "91 %", "part-1", asked)
    assert entry["status"] == "delivered"
    statuses = await business.after_statuses(2)
    assert sorted(status["status"] for status in statuses) == ["delivered", "sent"]
    for status in statuses:
        assert status["id"] == sent["id"]
        assert status["timestamp"] == "1795348800"
        assert status["recipient_id"] == "15550001001"
        assert status["biz_opaque_callback_data"] == "part-1"
        assert status["pricing"] == {
            "billable": True,
            "pricing_model": "PMP",
            "type": "regular",
            "category": "service",
        }
