"""Faults that strike a send, and how they are switched on."""

import asyncio

import aiohttp
import pytest

from tests.unit.simulator.bodies import PHONE, message

SEND = message("text", {"body": "hello"}, PHONE, biz_opaque_callback_data="part-1")


async def test_429_refuses_so_many_sends_and_then_no_more(client):
    await client.write()
    client.simulator.faults.set({"429": 2})
    answers = [await client.text() for _ in range(3)]
    assert [status for status, _ in answers] == [429, 429, 200]
    assert answers[0][1]["error"]["code"] == 130429
    assert len(await client.shown()) == 1


async def test_502_answers_with_an_html_page(client):
    client.simulator.faults.set({"502": 1})
    url = f"{client.simulator.url}/v25.0/{client.simulator.settings.phone_number_id}/messages"
    async with client.http.post(url, json=SEND, headers=client.token) as response:
        assert response.status == 502
        assert response.content_type == "text/html"
        assert "<html>" in await response.text()
    assert await client.shown() == []


async def test_500_answers_with_code_131000(client):
    client.simulator.faults.set({"500": True})
    status, answer = await client.text()
    assert (status, answer["error"]["code"], answer["error"]["message"]) == (
        500,
        131000,
        "(#131000) Something went wrong",
    )


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"code": 368, "times": 1}, 403, 368),
        (131031, 403, 131031),
        (2, 503, 2),
        ({"code": 0}, 401, 0),  # a bare 0 switches off
        ({"code": 131057}, 500, 131057),
        ({"code": 80007, "status": 429}, 429, 80007),
        ({"code": 99, "status": 418, "details": "tea"}, 418, 99),
    ],
)
async def test_a_send_can_be_refused_with_any_code_and_its_own_http_status(client, fault, status, code):
    client.simulator.faults.set({"error": fault})
    found, answer = await client.text()
    assert (found, answer["error"]["code"]) == (status, code)


async def test_a_send_can_be_accepted_and_fail_later(client, business):
    await client.write()
    client.simulator.faults.set({"fail_later": {"code": 131049, "times": 1}})
    assert (await client.text())[0] == 200
    [failed] = await business.after_statuses(1)
    [error] = failed["errors"]
    assert (failed["status"], error["code"]) == ("failed", 131049)
    assert error["error_data"]["details"].startswith("In order to maintain a healthy ecosystem engagement")
    assert (await client.text())[0] == 200
    assert len(await business.after_statuses(3)) == 3


async def test_a_mark_as_read_is_not_struck_by_faults_of_sends(client):
    asked = await client.write()
    client.simulator.faults.set({"429": 1})
    assert (await client.send({"messaging_product": "whatsapp", "status": "read", "message_id": asked}))[0] == 200
    assert client.simulator.faults.shown() == {"429": 1}


async def test_a_time_out_after_accepting_shows_and_reports_the_message_without_an_answer(client, business):
    await client.write()
    client.simulator.faults.set({"timeout_after_accept": 1})
    send = asyncio.create_task(client.send(SEND))
    statuses = await business.after_statuses(2)
    assert {status["biz_opaque_callback_data"] for status in statuses} == {"part-1"}
    assert [entry["part_id"] for entry in await client.shown()] == ["part-1"]
    assert not send.done()
    send.cancel()
    with pytest.raises(asyncio.CancelledError):
        await send
    wire = client.simulator.wire
    [exchange] = await wire.wait(lambda: [e for e in wire if e.outcome == "never answered"], 10)
    assert exchange.status is None
    assert (await client.text())[0] == 200


async def test_stopping_ends_a_request_that_would_never_be_answered(client):
    await client.write()
    client.simulator.faults.set({"timeout_after_accept": 1})
    send = asyncio.create_task(client.send(SEND))
    wire = client.simulator.wire
    await wire.wait(lambda: [e for e in wire if e.kind == "request"], 10)
    await client.simulator.stop()
    with pytest.raises(aiohttp.ClientError):
        await send


async def test_a_connection_cut_after_accepting_shows_and_reports_the_message(client, business):
    await client.write()
    client.simulator.faults.set({"cut_after_accept": 1})
    with pytest.raises(aiohttp.ClientError):
        await client.send(SEND)
    assert [entry["part_id"] for entry in await client.shown()] == ["part-1"]
    assert len(await business.after_statuses(2)) == 2


async def test_a_slow_answer_comes_when_the_clock_says_so(client, clock):
    await client.write()
    client.simulator.faults.set({"slow_seconds": {"seconds": 7.5, "times": 1}})
    send = asyncio.create_task(client.send(SEND))
    assert await clock.when_someone_sleeps() == [7.5]
    assert len(await client.shown()) == 1
    clock.advance(7.5)
    assert (await send)[0] == 200


async def test_faults_are_shown_as_they_stand(client):
    asked = {
        "429": 3,
        "502": {"times": 2},
        "drop_ack": True,
        "batch": 5,
        "error": {"code": 4, "times": 2},
        "reorder": False,
    }
    shown = {"429": 3, "502": 2, "drop_ack": True, "batch": 5, "error": {"code": 4, "times": 2}}
    assert await client.control("PUT", "/faults", asked) == (200, shown)
    await client.text()
    assert await client.control("GET", "/faults") == (200, shown | {"429": 2})
    assert await client.control("PUT", "/faults", {}) == (200, {})


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"nonsense": 1}, "The faults are: 429, 500, 502, error, fail_later, expired_token"),
        ({"429": -1}, "times is a whole number"),
        ({"429": 1.5}, "times is a whole number"),
        ({"429": "many"}, "times is a whole number"),
        ({"429": [1]}, "times is a whole number"),
        ({"429": {"copies": 1}}, "unknown copies"),
        ({"batch": True}, "size is a whole number"),
        ({"batch": 1001}, "size is a whole number"),
        ({"batch": {"times": 2}}, "size is a whole number"),
        ({"duplicate": 0.5}, "copies is a whole number"),
        ({"slow_seconds": -1}, "seconds is a number"),
        ({"error": 99}, "say its HTTP status as well"),
        ({"error": {"code": 99, "status": 200}}, "from 400 to 599"),
        ({"error": {"code": 4, "details": 1}}, "details is a text"),
    ],
)
async def test_a_wrong_fault_is_refused_and_nothing_changes(client, asked, words):
    client.simulator.faults.set({"500": 1})
    status, answer = await client.control("PUT", "/faults", {"502": 1} | asked)
    assert status == 400
    assert words in answer["error"]
    assert client.simulator.faults.shown() == {"500": 1}
