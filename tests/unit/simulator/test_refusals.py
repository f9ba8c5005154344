"""What Meta refuses, with Meta's own bodies: one test per captured error, for access, ids and recipients."""

import hashlib
import hmac

import pytest

from aof.simulator import TemplateSettings
from tests.unit.simulator.bodies import LEAD, PHONE, buttons, message, rows, template
from tests.unit.simulator.stage import refusal

ORDER_UPDATE = TemplateSettings("order_update", "en_US", "Hi {{1}}, order {{2}} is {{3}}.")


DEEP = "template['components'][0]['parameters'][0]['image']['id']"
VALUE = "(#131009) Parameter value is not valid"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            message("text", {"body": "x" * 4097}),
            (100, "(#100) Param text['body'] must be at most 4096 characters long.", None),
            id="text over 4096",
        ),
        pytest.param(
            buttons("OK", body="x" * 1025),
            (131009, VALUE, "Body text length invalid. Min length: 1, Max length: 1024"),
            id="interactive body over 1024",
        ),
        pytest.param(
            buttons("OK", body=""),
            (131009, VALUE, "Body text length invalid. Min length: 1, Max length: 1024"),
            id="interactive body empty",
        ),
        pytest.param(
            buttons("x" * 21),
            (131009, VALUE, "Button title length invalid. Min length: 1, Max length: 20"),
            id="button title over 20",
        ),
        pytest.param(
            buttons(),
            (131009, VALUE, "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3"),
            id="no buttons",
        ),
        pytest.param(
            buttons("a", "b", "c", "d"),
            (131009, VALUE, "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3"),
            id="four buttons",
        ),
        pytest.param(
            rows(6, 5),
            (131009, VALUE, "Total row count exceed max allowed count: 10"),
            id="eleven rows over two sections",
        ),
        pytest.param(
            message("template", {"name": "", "language": {"code": "en_US"}}),
            (100, "(#100) Invalid parameter", "Parameter name is missing or empty"),
            id="empty template name",
        ),
        pytest.param(
            message(
                "template",
                {
                    "name": "order_update",
                    "language": {"code": "en_US"},
                    "components": [{"type": "header", "parameters": [{"type": "image", "image": {"id": "12345"}}]}],
                },
            ),
            (
                100,
                f"(#100) Param {DEEP} is not a valid whatsapp business account media attachment ID",
                None,
            ),
            id="unknown media in a template",
        ),
        pytest.param(
            message("text", None),
            (100, "(#100) The parameter text is required.", None),
            id="no text",
        ),
        pytest.param(
            {"to": PHONE, "type": "text", "text": {"body": "x"}},
            (100, "(#100) The parameter messaging_product is required.", None),
            id="no messaging_product",
        ),
    ],
)
async def test_a_body_over_a_limit_is_refused_with_metas_own_words(client, body, expected):
    status, answer = await client.send(body)
    assert status == 400
    assert refusal(answer) == expected
    assert await client.shown() == []


async def test_a_wrong_number_of_template_parameters_is_refused(started):
    client = await started(templates=(ORDER_UPDATE,))
    status, answer = await client.send(template("Pablo"))
    assert status == 400
    assert refusal(answer) == (
        132000,
        "(#132000) Number of parameters does not match the expected number of params",
        "body: number of localizable_params (1) does not match the expected number of params (3)",
    )


async def test_an_unknown_template_is_refused_with_404(client):
    status, answer = await client.send(template(name="no_such"))
    assert status == 404
    assert refusal(answer) == (
        132001,
        "(#132001) Template name does not exist in the translation",
        "template name (no_such) does not exist in en_US",
    )


async def test_a_recipient_that_is_not_on_a_test_numbers_list_is_refused(started):
    client = await started(allowed_recipients=("+1 555 000 1001",))
    await client.write()
    assert (await client.text(PHONE))[0] == 200
    status, answer = await client.text(LEAD)
    assert status == 400
    assert refusal(answer) == (
        131030,
        "(#131030) Recipient phone number not in allowed list",
        "Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again.",
    )


@pytest.mark.parametrize(
    ("method", "path", "named"),
    [("POST", "/v25.0/999/messages", "999"), ("GET", "/v25.0/123", "123"), ("DELETE", "/v99.1/456", "456")],
)
async def test_an_unknown_object_is_400_with_subcode_33_and_not_404(client, method, path, named):
    body = message("text", {"body": "x"}) if method == "POST" else None
    async with client.http.request(method, client.simulator.url + path, json=body, headers=client.token) as response:
        assert response.status == 400
        error = (await response.json())["error"]
    assert (error["code"], error["error_subcode"], error["type"]) == (100, 33, "GraphMethodException")
    assert error["message"].startswith(
        f"Unsupported {method.lower()} request. Object with ID '{named}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation."
    )


@pytest.mark.parametrize(
    ("authorization", "message"),
    [
        ("", "Authentication Error"),
        ("Basic eDp5", "Authentication Error"),
        ("Bearer ", "Authentication Error"),
        ("Bearer wrong", "Invalid OAuth access token - Cannot parse access token"),
    ],
)
async def test_a_missing_or_wrong_token_is_401_with_code_190(client, authorization, message):
    status, answer = await client.send({}, Authorization=authorization)
    assert status == 401
    assert refusal(answer) == (190, message, None)


async def test_an_expired_token_is_401_with_subcode_463(client):
    client.simulator.faults.set({"expired_token": 1})
    status, answer = await client.text()
    assert status == 401
    assert answer["error"]["code"] == 190
    assert answer["error"]["error_subcode"] == 463
    assert answer["error"]["message"] == (
        "Error validating access token: Session has expired on Sunday, 22-Nov-26 11:00:00 UTC. "
        "The current time is Sunday, 22-Nov-26 12:00:00 UTC."
    )


async def test_a_demanded_appsecret_proof_is_checked_in_query_and_body(started):
    client = await started(require_appsecret_proof=True)
    status, answer = await client.text()
    assert (status, answer["error"]["code"]) == (400, 100)
    assert answer["error"]["message"] == "API calls from the server require an appsecret_proof argument"

    proof = hmac.new(b"simulated-app-secret", b"simulated-access-token", hashlib.sha256).hexdigest()
    assert (await client.text(appsecret_proof=proof))[0] == 200
    number = client.simulator.settings.phone_number_id
    assert (await client.send(message("text", {"body": "x"}), object_id=number))[0] == 400
    url = f"{client.simulator.url}/v25.0/{number}"
    async with client.http.get(url, params={"appsecret_proof": proof}, headers=client.token) as response:
        assert response.status == 200
    async with client.http.get(url, params={"appsecret_proof": "0" * 64}, headers=client.token) as response:
        assert (await response.json())["error"]["message"] == "Invalid appsecret_proof provided in the API argument"
    for exchange in client.simulator.wire:
        assert proof not in str(exchange.shown())


async def test_a_template_needs_no_window(client, business):
    status, _ = await client.send(message("template", {"name": "hello_world", "language": {"code": "en_US"}}))
    assert status == 200
    [entry] = await client.shown()
    assert (entry["type"], entry["header"], entry["status"]) == ("template", "Hello World", "delivered")
    statuses = await business.after_statuses(2)
    assert {status["pricing"]["category"] for status in statuses} == {"utility"}


async def test_an_unknown_number_is_accepted_and_then_reported_undeliverable(client, business):
    status, answer = await client.text("+1 (999) 888-7777")
    assert status == 200
    assert answer["contacts"] == [{"input": "+1 (999) 888-7777", "wa_id": "19998887777"}]
    [failed] = await business.after_statuses(1)
    assert (failed["status"], failed["recipient_id"]) == ("failed", "19998887777")
    assert failed["errors"][0]["code"] == 131026
    assert failed["errors"][0]["title"] == "Message undeliverable"


async def test_a_reaction_to_an_unknown_message_is_accepted_and_then_reported_failed(client, business):
    await client.write()
    status, _ = await client.send(message("reaction", {"message_id": "wamid.none", "emoji": "👍"}))
    assert status == 200
    [failed] = await business.after_statuses(1)
    assert (failed["status"], failed["errors"][0]["code"]) == ("failed", 131009)


async def test_a_reaction_to_a_reaction_is_reported_failed(client, business):
    asked = await client.write()
    _, answer = await client.send(message("reaction", {"message_id": asked, "emoji": "👍"}))
    [first] = answer["messages"]
    await client.send(message("reaction", {"message_id": first["id"], "emoji": "👍"}))
    statuses = await business.after_statuses(3)
    assert [status["errors"][0]["code"] for status in statuses if status["status"] == "failed"] == [131009]


async def test_the_business_can_not_write_to_itself(client):
    status, answer = await client.text("+15550783881")
    assert status == 400
    assert refusal(answer)[0] == 131021


async def test_an_authentication_template_is_not_sent_to_a_user_id(started, hidden):
    code = TemplateSettings("order_update", "en_US", "Code {{1}}", category="authentication")
    client = await started(phones=(hidden,), templates=(code,))
    status, answer = await client.send(template("1234") | {"to": None, "recipient": hidden.user_id})
    assert status == 400
    assert refusal(answer)[0] == 131062
    assert (await client.send(template("1234") | {"to": hidden.number}))[0] == 200


async def test_a_body_whose_type_is_not_json_is_not_read(client):
    await client.write()
    status, answer = await client.send(message("text", {"body": "x"}), **{"Content-Type": "text/plain"})
    assert status == 400
    assert refusal(answer) == (100, "(#100) The parameter messaging_product is required.", None)


async def test_marking_an_unknown_message_read_is_refused(client):
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.none"}
    status, answer = await client.send(body)
    assert status == 400
    assert refusal(answer)[:2] == (100, "(#100) Invalid parameter")
    assert (await client.send(body | {"typing_indicator": {"type": "text"}}))[0] == 400


@pytest.mark.parametrize(
    ("to", "reached"),
    [
        ("+15550001001", True),
        ("+1 (555) 000-1001", True),
        ("5550001001", True),  # without + the business number's country code is put before it
        ("15550001001", False),
    ],
)
async def test_a_number_without_plus_gets_the_business_numbers_country_code(client, to, reached):
    await client.write()
    await client.text(to)
    assert [entry["status"] for entry in await client.shown()] == (["delivered"] if reached else [])
