"""What people do with their phones, and what phones show."""

import pytest

from aof.simulator import GroupSettings, PhoneSettings, TemplateSettings
from aof.simulator.settings import TWO_PHONES
from tests.unit.simulator.bodies import LEAD, PHONE, buttons, interactive, message, rows, template

ON = "/phones/+15550001001"


async def sent_id(client, body):
    status, answer = await client.send(body)
    assert status == 200, answer
    return answer["messages"][0]["id"]


async def test_a_button_is_shown_and_a_tap_on_it_is_a_button_reply_that_quotes_the_message(client, business):
    await client.write()
    shown_id = await sent_id(client, buttons("View Logs", "Describe Pod", header={"type": "text", "text": "Pods"}))
    [entry] = await client.shown()
    assert (entry["type"], entry["text"], entry["header"]) == ("interactive", "Choose", "Pods")
    assert entry["buttons"] == [{"id": "b0", "title": "View Logs"}, {"id": "b1", "title": "Describe Pod"}]

    status, pressed = await client.control("POST", f"{ON}/press", {"message_id": shown_id, "action_id": "b1"})
    assert status == 200
    await business.after_statuses(2)
    [posted] = [m for post in await business.after(4) for m in post.messages if m["id"] == pressed["id"]]
    assert posted["type"] == "interactive"
    assert posted["interactive"] == {"type": "button_reply", "button_reply": {"id": "b1", "title": "Describe Pod"}}
    assert posted["context"] == {"from": "15550783881", "id": shown_id}


async def test_a_row_is_shown_and_choosing_it_is_a_list_reply(client, business):
    await client.write()
    body = rows(1)
    body["interactive"]["action"]["sections"][0]["rows"][0]["description"] = "the first"
    shown_id = await sent_id(client, body)
    [entry] = await client.shown()
    assert entry["button_label"] == "Options"
    assert entry["rows"] == [{"id": "r0.0", "title": "Row 0.0", "description": "the first"}]
    await client.control("POST", f"{ON}/press", {"message_id": shown_id, "action_id": "r0.0"})
    replies = [m for post in await business.after(4) for m in post.messages if m["type"] == "interactive"]
    assert replies[0]["interactive"] == {
        "type": "list_reply",
        "list_reply": {"id": "r0.0", "title": "Row 0.0", "description": "the first"},
    }


async def test_a_templates_quick_reply_answers_with_its_payload(started, business):
    shop = TemplateSettings("order_update", "en_US", "Hi {{1}}, order {{2}} is {{3}}.", buttons=("Track", "Stop"))
    client = await started(templates=(shop,))
    body = template("Pablo", "7", "packed")
    body["template"]["components"].append(
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": "0",
            "parameters": [{"type": "payload", "payload": "t7"}],
        }
    )
    shown_id = await sent_id(client, body)
    [entry] = await client.shown()
    assert entry["text"] == "Hi Pablo, order 7 is packed."
    assert entry["buttons"] == [{"id": "t7", "title": "Track"}, {"id": "Stop", "title": "Stop"}]
    await client.control("POST", f"{ON}/press", {"message_id": shown_id, "action_id": "t7"})
    [reply] = [m for post in await business.after(3) for m in post.messages]
    assert (reply["type"], reply["button"]) == ("button", {"payload": "t7", "text": "Track"})


async def test_named_template_parameters_are_filled_in_by_name(started):
    client = await started(templates=(TemplateSettings("order_update", "en_US", "{{who}}: {{what}}"),))
    body = template("a", "b")
    for parameter, name in zip(body["template"]["components"][0]["parameters"], ("what", "who"), strict=True):
        parameter["parameter_name"] = name
    await sent_id(client, body)
    assert (await client.shown())[0]["text"] == "b: a"


async def test_a_filled_in_template_over_1024_characters_is_refused(started):
    client = await started(templates=(TemplateSettings("order_update", "en_US", "{{1}}"),))
    assert (await client.send(template("x" * 1024)))[0] == 200
    status, answer = await client.send(template("x" * 1025))
    assert (status, answer["error"]["code"]) == (400, 132005)


@pytest.mark.parametrize("action_id", ["b9", "View Logs"])
async def test_only_what_a_phone_shows_can_be_pressed(client, action_id):
    await client.write()
    shown_id = await sent_id(client, buttons("View Logs"))
    status, answer = await client.control("POST", f"{ON}/press", {"message_id": shown_id, "action_id": action_id})
    assert (status, answer) == (409, {"error": "That message has no button or row with that id."})
    for message_id, number in (("wamid.none", PHONE), (shown_id, LEAD)):
        press = {"message_id": message_id, "action_id": "b0"}
        status, answer = await client.control("POST", f"/phones/{number}/press", press)
        assert (status, answer) == (409, {"error": "This phone shows no message with that id from the business."})


async def test_a_message_that_failed_can_not_be_pressed(client):
    shown_id = await sent_id(client, buttons("View Logs"))  # no window is open
    status, _ = await client.control("POST", f"{ON}/press", {"message_id": shown_id, "action_id": "b0"})
    assert status == 409


async def test_reading_reports_everything_up_to_that_message_once(client, business):
    await client.write()
    ids = [await sent_id(client, message("text", {"body": str(n)})) for n in range(3)]
    await business.after_statuses(6)
    assert await client.control("POST", f"{ON}/read", {"message_id": ids[1]}) == (200, {"read": ids[:2]})
    assert await client.control("POST", f"{ON}/read") == (200, {"read": ids[2:]})
    assert await client.control("POST", f"{ON}/read") == (200, {"read": []})
    statuses = await business.after_statuses(9)
    assert sorted(status["id"] for status in statuses if status["status"] == "read") == sorted(ids)
    assert [entry["status"] for entry in await client.shown()] == ["read"] * 3


async def test_a_voice_message_is_reported_played_once(client, business):
    await client.write()
    voice = message("audio", {"link": "https://example.org/a.ogg", "voice": True})
    shown_id = await sent_id(client, voice)
    for _ in range(2):
        assert (await client.control("POST", f"{ON}/play", {"message_id": shown_id}))[0] == 200
    await client.settled()
    assert sorted(status["status"] for status in business.statuses) == ["delivered", "played", "sent"]
    text_id = await sent_id(client, message("text", {"body": "x"}))
    assert (await client.control("POST", f"{ON}/play", {"message_id": text_id}))[0] == 409


async def test_a_phone_that_is_off_gets_its_messages_when_it_is_on(client, business):
    await client.write()
    assert await client.control("POST", f"{ON}/power", {"on": False}) == (200, {"on": False})
    sent = await sent_id(client, message("text", {"body": "x"}))
    [status] = await business.after_statuses(1)
    assert (status["id"], status["status"]) == (sent, "sent")
    assert await client.shown() == []
    _, phones = await client.control("GET", "/phones")
    assert (phones["phones"][0]["waiting"], phones["phones"][0]["shown"]) == (1, 0)
    for path, body in (("messages", {"text": "x"}), ("read", None), ("play", {"message_id": "x"})):
        assert await client.control("POST", f"{ON}/{path}", body) == (409, {"error": "The phone is off."})

    await client.control("POST", f"{ON}/power", {"on": True})
    assert [entry["id"] for entry in await client.shown()] == [sent]
    assert [status["status"] for status in await business.after_statuses(2)] == ["sent", "delivered"]


async def test_without_automatic_receipts_only_failures_and_reads_are_reported(started, business):
    client = await started(auto_receipts=False)
    await client.write()
    sent = await sent_id(client, message("text", {"body": "x"}))
    assert [entry["status"] for entry in await client.shown()] == ["sent"]
    await client.control("POST", f"{ON}/read")
    assert [(status["id"], status["status"]) for status in await business.after_statuses(1)] == [(sent, "read")]


async def test_a_mark_as_read_reaches_the_writer_and_all_earlier_messages(client, business):
    first, second, third = [await client.write(text) for text in "abc"]
    await client.write("other", LEAD)
    assert await client.send({"messaging_product": "whatsapp", "status": "read", "message_id": second}) == (
        200,
        {"success": True},
    )
    _, answer = await client.control("GET", f"{ON}/messages")
    found = {entry["id"]: entry["status"] == "read" for entry in answer["messages"]}
    assert found == {first: True, second: True, third: False}


async def test_typing_is_shown_for_25_seconds_or_until_the_answer(client, clock):
    asked = await client.write()
    typing = {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": asked,
        "typing_indicator": {"type": "text"},
    }

    async def until():
        _, answer = await client.control("GET", "/typing")
        return [phone["until"] for phone in answer["typing"]]

    assert await until() == [None, None]
    await client.send(typing)
    assert await until() == ["2026-11-22T12:00:25+00:00", None]
    clock.advance(24)
    await client.send(typing)
    clock.advance(24)
    assert await until() == ["2026-11-22T12:00:49+00:00", None]
    clock.advance(1)
    assert await until() == [None, None]
    await client.send(typing)
    await client.text()
    assert await until() == [None, None]


async def test_a_reaction_is_put_on_the_message_and_can_be_taken_back(client):
    asked = await client.write()
    await sent_id(client, message("reaction", {"message_id": asked, "emoji": "👍"}))

    async def reaction():
        _, answer = await client.control("GET", f"{ON}/messages")
        return [entry["reaction"] for entry in answer["messages"] if entry["id"] == asked]

    assert await reaction() == ["👍"]
    await sent_id(client, message("reaction", {"message_id": asked, "emoji": ""}))
    assert await reaction() == [None]


async def test_a_phone_can_send_any_node_and_attach_a_file(client, business):
    node = {"type": "location", "location": {"latitude": 1.5, "longitude": 2, "name": "Here"}, "quoted_id": "wamid.old"}
    await client.control("POST", f"{ON}/messages", node)
    [post] = await business.after(1)
    assert post.messages[0]["location"]["name"] == "Here"
    assert post.messages[0]["context"]["id"] == "wamid.old"

    picture = {"type": "image", "image": {"caption": "Look"}, "file": {"base64": "iVBORw==", "mime_type": "image/png"}}
    await client.control("POST", f"{ON}/messages", picture)
    image = (await business.after(2))[1].messages[0]["image"]
    assert (image["caption"], image["mime_type"]) == ("Look", "image/png")
    async with client.http.get(image["url"], headers=client.token) as response:
        assert await response.read() == b"\x89PNG"

    await client.control("POST", f"{ON}/messages", {"type": "text", "text": {"body": "again"}, "id": "wamid.mine"})
    assert (await business.after(3))[2].messages[0]["id"] == "wamid.mine"

    system = {"type": "system", "system": {"type": "user_changed_number", "wa_id": "15550009009", "body": "moved"}}
    await client.control("POST", f"{ON}/messages", system)
    assert "contacts" not in (await business.after(4))[3].values[0]


async def test_a_person_who_hides_the_number_is_named_by_user_id_alone(started, business, hidden):
    client = await started(phones=(*TWO_PHONES, hidden))
    await client.write("hi", hidden.user_id)
    [post] = await business.after(1)
    [value] = post.values
    assert value["contacts"] == [
        {"profile": {"name": "Sheena", "username": "realsheena"}, "user_id": "US.13491208655302741918"}
    ]
    assert "from" not in value["messages"][0]
    assert value["messages"][0]["from_user_id"] == "US.13491208655302741918"

    body = {"messaging_product": "whatsapp", "recipient": hidden.user_id, "text": {"body": "hello"}}
    status, answer = await client.send(body)
    assert status == 200
    assert answer["contacts"] == [{"input": hidden.user_id, "user_id": hidden.user_id}]
    statuses = await business.after_statuses(2)
    assert {status["recipient_user_id"] for status in statuses} == {hidden.user_id}
    assert all("recipient_id" not in status for status in statuses)
    delivered = [
        v for post in business.posts for v in post.values if v.get("statuses", [{}])[0].get("status") == "delivered"
    ]
    assert delivered[0]["contacts"][0]["user_id"] == hidden.user_id


async def test_to_wins_over_recipient(started, hidden):
    client = await started(phones=(*TWO_PHONES, hidden))
    await client.write()
    await client.text(PHONE, recipient=hidden.user_id)
    assert len(await client.shown(PHONE)) == 1
    assert await client.shown(hidden.user_id) == []


async def test_a_phone_with_a_user_id_and_a_shown_number_has_both(started, business):
    client = await started(phones=(PhoneSettings("A", PHONE, "US.1"),))
    await client.write()
    _, answer = await client.text()
    assert answer["contacts"] == [{"input": PHONE, "wa_id": "15550001001", "user_id": "US.1"}]
    status = (await business.after_statuses(2))[0]
    assert (status["recipient_id"], status["recipient_user_id"]) == ("15550001001", "US.1")


async def test_a_group_gets_a_message_on_every_phone_and_a_receipt_from_each(started, business):
    client = await started(groups=(GroupSettings("Y2FwaV9ncm91cA", (PHONE, LEAD)),))
    body = message("text", {"body": "all"}, "Y2FwaV9ncm91cA", recipient_type="group")
    status, answer = await client.send(body)
    assert status == 200
    assert answer["messages"][0]["group_id"] == "Y2FwaV9ncm91cA"
    for number in (PHONE, LEAD):
        assert [entry["group_id"] for entry in await client.shown(number)] == ["Y2FwaV9ncm91cA"]
    statuses = await business.after_statuses(3)
    assert {status["recipient_type"] for status in statuses} == {"group"}
    delivered = {status["recipient_participant_id"] for status in statuses if status["status"] == "delivered"}
    assert delivered == {"15550001001", "15550002002"}
    status, answer = await client.send(body | {"to": "Y2FwaV9ncm91cB"})
    assert (status, answer["error"]["code"]) == (400, 131041)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (message("image", {"link": "https://example.org/x.png", "caption": "Look"}), {"type": "image", "text": "Look"}),
        (
            message("location", {"latitude": 1, "longitude": 2, "address": "There"}),
            {"type": "location", "text": "There"},
        ),
        (
            interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": "Go", "url": "https://x.org"}}),
            {"type": "interactive", "button_label": "Go"},
        ),
        (
            message("contacts", [{"name": {"formatted_name": "John Smith", "first_name": "John"}}]),
            {
                "type": "contacts",
                "content": {"contacts": [{"name": {"formatted_name": "John Smith", "first_name": "John"}}]},
            },
        ),
    ],
)
async def test_other_types_are_shown_with_what_a_person_would_see(client, body, shown):
    await client.write()
    await sent_id(client, body)
    [entry] = await client.shown()
    assert {key: entry[key] for key in shown} == shown


async def test_a_text_without_a_type_is_a_text(client):
    await client.write()
    await sent_id(client, {"messaging_product": "whatsapp", "to": PHONE, "text": {"body": "plain"}})
    assert [(entry["type"], entry["text"]) for entry in await client.shown()] == [("text", "plain")]


def test_settings_that_contradict_themselves_are_refused():
    with pytest.raises(ValueError, match="needs a user_id"):
        PhoneSettings("A", PHONE, hides_number=True)
