"""Bodies that nobody should send: always an answer like Meta's, never a traceback."""

import pytest

from aof.simulator import TemplateSettings
from tests.unit.simulator.bodies import buttons, interactive, message, nested, replaced, rows, template
from tests.unit.simulator.stage import refusal

ORDER_UPDATE = TemplateSettings("order_update", "en_US", "Hi {{1}}, order {{2}} is {{3}}.")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"NaN",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"messaging_product":"whatsapp","to":"+15550001001","text":{"body":"\\ud800"}}',
        b'{"n":' + b"9" * 10_000 + b"}",
    ],
)
async def test_a_body_that_is_no_json_object_is_400_and_never_a_traceback(client, raw):
    status, answer = await client.send(raw)
    assert status == 400
    assert refusal(answer)[0] == 100


@pytest.mark.parametrize("wrong", [None, 1, True, 1.5, "x", [], {}, [[]], [1], [None], {"x": {}}])
@pytest.mark.parametrize(
    "body",
    [
        buttons("OK", header={"type": "text", "text": "H"}, footer={"text": "F"}),
        rows(1),
        interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": "Go", "url": "https://x.org"}}),
        interactive("carousel", {"cards": [{"header": {}, "body": {"text": ""}, "action": {"buttons": [{}]}}]}),
        message("contacts", [{"name": {"formatted_name": "A"}, "phones": []}]),
        message("location", {"latitude": 1, "longitude": 1}),
        message("image", {"id": "1"}),
        template("x", "y", "z"),
        message("reaction", {"message_id": "x", "emoji": "👍"}),
        message("text", {"body": "x"}, context={"message_id": "x"}),
        {"messaging_product": "whatsapp", "status": "read", "message_id": "x", "typing_indicator": {"type": "text"}},
    ],
    ids=lambda body: str(body.get("type")),
)
async def test_a_wrong_type_at_any_level_is_answered_and_never_a_traceback(started, body, wrong, caplog):
    client = await started(templates=(ORDER_UPDATE,))
    for changed in replaced(body, wrong):
        status, answer = await client.send(changed)
        assert status in {200, 400, 404}, (changed, answer)
    assert not caplog.records


async def test_deep_nesting_is_refused_and_can_be_shown_on_the_wire(client, caplog):
    assert (await client.send(message("text", {"body": "x"}, more=nested(98))))[0] == 200
    assert (await client.send(message("text", {"body": "x"}, more=nested(200))))[0] == 400
    assert (await client.send(message("text", {"body": "x"}, more=nested(900))))[0] == 400
    status, wire = await client.control("GET", "/wire")
    assert status == 200
    bodies = [exchange["body"] for exchange in wire["exchanges"] if exchange["kind"] == "request"]
    assert bodies[0]["text"] == {"body": "x"}
    assert bodies[1].startswith('{"messaging_product"')
    assert not caplog.records


async def test_a_number_that_is_infinite_leaves_the_wire_real_json(client):
    assert (await client.send(b'{"latitude":1e999}'))[0] == 400
    async with client.http.get(f"{client.simulator.url}/_sim/wire") as response:
        assert "Infinity" not in await response.text()


async def test_a_body_over_four_mebibytes_is_refused(client):
    status, answer = await client.send(b'{"text":"' + b"x" * (4 * 1024 * 1024) + b'"}')
    assert status == 413
    assert "error" in answer


@pytest.mark.parametrize("path", ["/", "/v25.0", "/v25/1/messages", "/v25.0/106540352242922/nothing", "/x/y/z/"])
async def test_an_unknown_path_is_a_graph_error(client, path):
    async with client.http.post(client.simulator.url + path, headers=client.token) as response:
        assert response.status == 400
        assert (await response.json())["error"]["code"] == 2500
