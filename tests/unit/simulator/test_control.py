"""The control API: who may use it, waiting without polling, logs, the clock."""

import asyncio

import pytest
from aiohttp.test_utils import make_mocked_request
from yarl import URL

from aof.simulator import RunningClock, Settings, Simulator
from aof.simulator.bubbles import Bubble, Content
from aof.simulator.guard import NotAllowed, check_caller, is_loopback
from aof.simulator.journal import Journal
from aof.simulator.phone import Phone
from aof.simulator.settings import TWO_PHONES
from tests.unit.simulator.bodies import LEAD, nested
from tests.unit.simulator.stage import Client

ON = "/phones/+15550001001"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Host": "["},
        {"Host": "192.0.2.1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/phones"), ("POST", f"{ON}/messages"), ("PUT", "/faults"), ("GET", "/none")]
)
async def test_a_foreign_host_or_origin_is_refused(client, headers, method, path):
    status, answer = await client.control(method, path, {"text": "x"} if method != "GET" else None, **headers)
    assert status == 403
    assert set(answer) == {"error"}
    assert client.simulator.phone("+15550001001").counts.total() == 0


@pytest.mark.parametrize(
    "path", ["/%5Fsim/phones", "/_sim/phones/", "//_sim/phones", "/_sim", "/_sim/./phones", "/x/../_sim/phones"]
)
async def test_no_spelling_of_the_path_goes_round_the_guard(client, path):
    url = URL(client.simulator.url + path, encoded=True)
    async with client.http.get(url, headers={"Host": "evil.example"}) as response:
        assert "+15550001001" not in await response.text()
        assert response.status in {400, 403}


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("LocalHost", True),
        ("localhost.example", False),
        ("192.0.2.2", False),
        ("::ffff:192.0.2.1", False),
        ("192.0.2.1", False),
        ("", False),
        (None, False),
    ],
)
def test_only_loopback_names_are_this_machine(host, ours):
    assert is_loopback(host) is ours


def test_a_caller_on_another_machine_is_refused():
    request = make_mocked_request("GET", "/phones", headers={"Host": "127.0.0.1:8090"})
    check_caller(request.clone(remote="127.0.0.1"))
    for remote in ("192.0.2.7", "", "fe80::1"):
        with pytest.raises(NotAllowed, match="this machine only"):
            check_caller(request.clone(remote=remote))


async def test_a_page_of_the_simulator_itself_may_use_it(client):
    origin = {"Origin": client.simulator.url, "Sec-Fetch-Site": "same-origin"}
    assert (await client.control("POST", f"{ON}/messages", {"text": "x"}, **origin))[0] == 200
    port = client.simulator.url.rsplit(":", 1)[1]
    assert (await client.control("GET", "/phones", Host=f"localhost:{port}", Origin=f"http://localhost:{port}"))[
        0
    ] == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("GET", "/nothing", None, 404, "no such path"),
        ("GET", "", None, 404, "no such path"),
        ("DELETE", "/faults", None, 405, "no such path"),
        ("GET", "/phones/+1999/messages", None, 404, "The phones are: +15550001001, +15550002002."),
        ("POST", f"{ON}/messages", {}, 400, '{"text": "…"}'),
        ("POST", f"{ON}/messages", {"text": ""}, 400, '{"text": "…"}'),
        ("POST", f"{ON}/messages", {"text": 5}, 400, '{"text": "…"}'),
        ("POST", f"{ON}/messages", {"text": "x", "more": 1}, 400, '{"text": "…"}'),
        ("POST", f"{ON}/messages", {"text": "x" * 65_537}, 400, '{"text": "…"}'),
        ("POST", f"{ON}/messages", {"type": 1}, 400, "type and id are texts"),
        ("POST", f"{ON}/messages", {"type": "text", "id": 1}, 400, "type and id are texts"),
        ("POST", f"{ON}/messages", {"text": "x", "quoted_id": 1}, 400, "quoted_id"),
        ("POST", f"{ON}/messages", {"type": "image", "file": {"base64": "%", "mime_type": "x"}}, 400, "file is"),
        ("POST", f"{ON}/messages", {"type": "image", "file": "é"}, 400, "file is"),
        ("POST", f"{ON}/messages", [], 400, "JSON object"),
        ("POST", f"{ON}/messages", {"type": "text", "id": ""}, 400, "type and id are texts"),
        ("POST", f"{ON}/messages", {"type": "text", "text": nested(101)}, 400, "nested too deeply"),
        ("POST", "/clock/advance", {"seconds": float("nan")}, 400, "NaN is not JSON"),
        ("POST", f"{ON}/messages", None, 400, "not JSON"),
        ("POST", f"{ON}/press", {"message_id": "x"}, 400, "action_id is missing"),
        ("POST", f"{ON}/press", {"message_id": 1, "action_id": "x"}, 400, "message_id is missing"),
        ("POST", f"{ON}/read", {"message_id": "wamid.none"}, 409, "shows no message"),
        ("POST", f"{ON}/power", {"on": "yes"}, 400, '{"on": true}'),
        ("GET", f"{ON}/messages?after=x", None, 400, "after is a number"),
        ("GET", f"{ON}/messages?after=nan", None, 400, "after is a number"),
        ("GET", f"{ON}/messages?wait=-1", None, 400, "wait is a number"),
        ("GET", "/wire?changed_after=inf", None, 400, "changed_after is a number"),
        ("POST", "/clock/advance", {"seconds": 0}, 400, "seconds is a number above 0"),
        ("POST", "/clock/advance", {"seconds": "1"}, 400, "seconds is a number above 0"),
        ("POST", "/clock/advance", {"seconds": 1e12}, 400, "seconds is a number above 0"),
        ("PUT", "/faults", [1], 400, "JSON object"),
    ],
)
async def test_a_wrong_request_is_answered_with_an_error_that_says_what_to_do(
    client, method, path, body, status, words, caplog
):
    found, answer = await client.control(method, path, body)
    assert found == status
    assert words in answer["error"]
    assert not caplog.records


async def test_waiting_for_messages_returns_as_soon_as_there_is_one(client):
    await client.write()
    _, seen = await client.control("GET", f"{ON}/messages")
    waiting = asyncio.create_task(client.control("GET", f"{ON}/messages?after={seen['latest']}&wait=30"))
    await client.write("for another phone", LEAD)
    await client.text(body="an answer")
    _, answer = await waiting
    assert [entry["text"] for entry in answer["messages"]] == ["an answer"]
    assert answer["latest"] >= answer["messages"][-1]["seq"]


async def test_waiting_in_vain_ends_with_an_empty_list(client):
    assert await client.control("GET", f"{ON}/messages?wait=0.01") == (200, {"messages": [], "latest": 0})


async def test_a_change_of_an_old_message_is_seen_with_changed_after(client):
    await client.write()
    await client.text(body="an answer")
    _, seen = await client.control("GET", f"{ON}/messages")
    waiting = asyncio.create_task(client.control("GET", f"{ON}/messages?changed_after={seen['latest']}&wait=30"))
    await client.control("POST", f"{ON}/read")
    _, answer = await waiting
    assert [(entry["text"], entry["status"]) for entry in answer["messages"] if entry["direction"] == "in"] == [
        ("an answer", "read")
    ]
    _, nothing_new = await client.control("GET", f"{ON}/messages?after={seen['latest']}")
    assert nothing_new["messages"] == []


async def test_a_reader_of_a_closed_journal_is_let_go():
    journal = Journal(10)
    waiting = asyncio.create_task(journal.wait(list, 60))
    await asyncio.sleep(0)
    journal.close()
    async with asyncio.timeout(10):
        assert await waiting == []


async def test_the_wire_shows_requests_answers_and_webhooks_but_no_secret(client, business):
    await client.write("disk")
    await business.after(1)
    await client.text(body="91 %")
    await business.after(3)
    await client.settled()
    _, answer = await client.control("GET", "/wire")
    found = [(e["kind"], e["method"], e["status"], e["outcome"]) for e in answer["exchanges"]]
    assert sorted(found) == [
        ("request", "POST", 200, "answered"),
        ("webhook", "POST", 200, "acknowledged"),
        ("webhook", "POST", 200, "acknowledged"),
        ("webhook", "POST", 200, "acknowledged"),
    ]
    [request] = [e for e in answer["exchanges"] if e["kind"] == "request"]
    assert request["body"]["text"] == {"body": "91 %"}
    assert request["answer"]["messages"]
    text = str(answer)
    for secret in ("simulated-access-token", "simulated-app-secret", "Authorization"):
        assert secret not in text


async def test_the_phones_count_what_they_showed_and_what_is_pending(started, business):
    client = await started(webhook_url=None)
    await client.write()
    await client.text()
    await client.text(LEAD)
    _, answer = await client.control("GET", "/phones")
    on_call, lead = answer["phones"]
    assert (on_call["name"], on_call["shown"], on_call["written"], on_call["unread"]) == ("On call", 1, 1, 1)
    assert (on_call["window_open"], on_call["window_closes_at"]) == (True, "2026-11-23T12:00:00+00:00")
    assert (lead["shown"], lead["failed"], lead["window_open"]) == (0, 1, False)
    assert answer["webhooks"] == {"url": None, "pending": 4, "held": 0, "given_up": 0}
    assert answer["requests"] == 2


def test_counts_stay_right_when_old_entries_have_made_room(clock):
    phone = Phone(TWO_PHONES[0])
    for n in range(10_001):
        phone.add(Bubble(f"wamid.{n}", "out", Content("text", str(n)), {}, clock.now()))
    assert phone.counts["out"] == 10_001
    kept = list(phone.transcript)
    assert (len(kept), kept[0].content.text) == (10_000, "1")
    assert phone.find("wamid.0") is None
    assert phone.find("wamid.1") is kept[0]


async def test_the_clock_moves_when_asked_and_says_when_it_can_not(client, clock):
    assert await client.control("GET", "/clock") == (200, {"now": "2026-11-22T12:00:00+00:00", "can_advance": True})
    assert (await client.control("POST", "/clock/advance", {"seconds": 90}))[1]["now"] == "2026-11-22T12:01:30+00:00"
    async with Simulator(Settings(), clock=clock) as still:
        answer = await Client(still, client.http).control("POST", "/clock/advance", {"seconds": 1})
    assert answer == (409, {"error": "This simulator runs on a clock that it can't move."})


async def test_without_a_clock_it_runs_on_its_own_which_can_be_moved(client):
    async with Simulator() as own:
        before = own.clock.now()
        assert (await Client(own, client.http).control("POST", "/clock/advance", {"seconds": 90_000}))[0] == 200
        assert (own.clock.now() - before).total_seconds() >= 90_000


async def test_a_sleeper_of_the_running_clock_wakes_when_it_jumps():
    clock = RunningClock()
    sleeper = asyncio.create_task(clock.sleep(3600))
    await asyncio.sleep(0)
    clock.advance(1800)
    await asyncio.sleep(0)
    assert not sleeper.done()
    clock.advance(1801)
    async with asyncio.timeout(10):
        await sleeper
    await clock.sleep(0)
    await clock.sleep(0.001)
