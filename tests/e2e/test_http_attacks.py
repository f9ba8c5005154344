"""What somebody without the secret, or with it and no right, tries at the address of programs."""

import asyncio
import io
import json
from contextlib import suppress

import aiohttp
import pytest

from tests.e2e.agents import Echo
from tests.e2e.programs import ADA, BOB, Program, asking, held_open
from tests.e2e.world import World

GOOD = json.dumps({"id": "one", "sender": {"id": ADA}, "text": "kettle"}).encode()


def _kept(aof: World) -> int:
    ((count,),) = aof.rows("SELECT (SELECT count(*) FROM inbox) + (SELECT count(*) FROM quarantine)")
    return int(count)


async def test_nobody_is_believed_without_the_secret_the_time_and_the_bytes(tmp_path, echo: Echo, log):
    async with asking(tmp_path, lambda _: echo) as aof:
        program = Program(aof)
        right = program.signed(GOOD)
        now = int(right["X-AOF-Timestamp"])

        def at(timestamp: str) -> dict[str, str]:
            return {**right, "X-AOF-Timestamp": timestamp}

        attempts = [
            (GOOD, {}),
            (GOOD, {"X-AOF-Signature": right["X-AOF-Signature"]}),
            (GOOD, {"X-AOF-Timestamp": str(now)}),
            (GOOD + b" ", right),
            (GOOD.replace(b"ada", b"bob"), right),
            (b"", right),
            (GOOD, Program(aof, secret="another-secret-of-somebody").signed(GOOD)),
            (GOOD, Program(aof, offset=-301).signed(GOOD)),
            (GOOD, Program(aof, offset=301).signed(GOOD)),
            # a time that was not signed, and ones that are none
            *((GOOD, at(other)) for other in (str(now + 1), f"{now}.0", f"0x{now:x}", f"+{now}", "١٢٣", "", "9" * 40)),
        ]
        for content, headers in attempts:
            assert (await program.posts(content, headers=headers)).status == 401, headers
        assert _kept(aof) == 0
        for offset in (-299, 299):
            assert (await Program(aof, offset=offset).says(f"e{offset + 300}", "teapot")).status == 202
        await aof.idle()
    assert len(log.of("webhook_refused")) == len(attempts)


async def test_a_recorded_request_runs_nothing_twice_and_is_dead_after_its_time(tmp_path, echo: Echo):
    async with asking(tmp_path, lambda _: echo) as aof:
        program = Program(aof)
        recorded = program.signed(GOOD)
        first = await program.posts(GOOD, wait=60, headers=recorded)
        assert (await program.posts(GOOD, wait=60, headers=recorded)).body == first.body
        assert len(echo.turns) == 1
        aof.clock.advance(301)
        assert (await program.posts(GOOD, headers=recorded)).status == 401
        question = program.signed(first.body["url"].encode())
        assert (await program.asks(first.body["url"], headers=question)).status == 200
        aof.clock.advance(301)
        assert (await program.asks(first.body["url"], headers=question)).status == 401


async def test_a_question_is_signed_for_its_address_and_an_event_is_its_senders_own(tmp_path, echo: Echo):
    async with asking(tmp_path, lambda _: echo) as aof:
        program = Program(aof)
        await program.says("one", "kettle", wait=60)
        address = "/webhook/http/one?sender=ada"
        assert (await program.asks(address)).status == 200
        for headers in (
            {},
            program.signed(b"/webhook/http/two?sender=ada"),
            program.signed(address.encode() + b"&wait=1"),
        ):
            assert (await program.asks(address, headers=headers)).status == 401
        for target in ("/webhook/http/senders/ada", "/webhook/http/conversations/ops?after=1.0-1"):
            assert (await program.asks(target)).status == 200
            assert (await program.asks(target, headers=program.signed(b"/webhook/http/senders/bob"))).status == 401
        for place in ("x", "1", "1.0", "1.0-", "-1.0-1", "1e9-1", "1.0-1;--", "1.0-" + "9" * 30):
            assert (await program.asks(f"/webhook/http/senders/ada?after={place}")).status == 400
        absent = await program.asks("/webhook/http/no-such-event?sender=ada")
        assert absent.status == 404
        for target in ("/webhook/http/one?sender=bob", "/webhook/http/one?sender=", "/webhook/http/one?x=1"):
            refused = await program.asks(target)
            assert (refused.status, refused.body) == (404, absent.body), target
        stolen = await program.says("one", "kettle", as_=BOB, wait=60)
        assert (stolen.status, list(stolen.body)) == (409, ["error"])
        ((own,),) = aof.rows("SELECT count(*) FROM inbox")
        assert own == 1
        # the daemon's own events are nobody's, and can't be taken beforehand
        assert (await program.says("run:r1:1", "kettle")).status == 400
        assert (await program.asks("/webhook/http/run:r1:1?sender=ada")).status == 404


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "Invalid JSON"),
        (b"[]", "object"),
        (b'{"id": "one", "sender": {"id": "ada"}}', "either text or press"),
        (b'{"id": "one", "sender": {"id": "ada"}, "text": "x", "press": {"id": "y"}}', "either text or press"),
        (b'{"id": "one", "sender": {"id": "ada"}, "text": " "}', "text: there is nothing to read in it"),
        (b'{"id": "../one", "sender": {"id": "ada"}, "text": "x"}', "id: letters"),
        (b'{"id": "one", "sender": {"id": "a da"}, "text": "x"}', "sender.id: letters"),
        (b'{"id": 1, "sender": {"id": "ada"}, "text": "x"}', "id: "),
        (b'{"id": "one", "sender": {"id": "ada"}, "text": "\\ud800"}', ""),
        (b'{"id": "one", "sender": {"id": "ada"}, "text": "x", "kettle": 1}', "known are id"),
        (b'{"id": "one", "text": "x"}', "sender: "),
        (b"\xff", ""),
        (b"[" * 100_000, ""),
        (json.dumps({"id": "one", "sender": {"id": "ada"}, "text": "x" * 65_537}).encode(), "text: "),
    ],
    ids=range(14),
)
async def test_what_is_no_event_is_refused_and_not_quoted(program: Program, log, body: bytes, said: str):
    refused = await program.posts(body)
    assert refused.status == 400
    assert said in refused.body["error"]
    assert "kettle" not in refused.body["error"]
    assert _kept(program.aof) == 0


@pytest.fixture
async def program(tmp_path, echo: Echo):
    async with asking(tmp_path, lambda _: echo) as aof:
        yield Program(aof)


async def test_a_huge_body_is_not_read(program: Program):
    huge = b" " * (4 * 1024 * 1024 + 1)
    url = f"{program.aof.url}/webhook/http"
    # the daemon need not read all of it to answer, and may hang up
    with suppress(aiohttp.ClientConnectionError):
        async with program.aof.control.post(url, data=io.BytesIO(huge), headers=program.signed(huge)) as answer:
            assert answer.status == 413
    assert (await program.says("one", "kettle", wait=60)).status == 200


@pytest.mark.parametrize("wait", ["x", "-1", "1.5", "600", "%2B1", "", "٣"])
async def test_a_wait_that_is_none_is_refused(program: Program, wait: str):
    assert (await program.says("one", "kettle", wait=wait)).status == 400


async def test_requests_that_are_held_open_leave_the_port_to_others(program: Program, echo: Echo, monkeypatch):
    monkeypatch.setattr("aof.web.asking.MOST_WAITING", 1)
    echo.never_ends()
    first = asyncio.create_task(program.says("one", "kettle", wait=60))
    await held_open(program.aof)
    second = await program.says("two", "teapot", as_=BOB, wait=60)
    assert (second.status, second.body["settled"]) == (202, False)
    await program.says("three", "/cancel")
    assert (await first).body["outcome"] == "cancelled"
    await program.says("four", "/cancel", as_=BOB)
