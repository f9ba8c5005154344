"""Answers that are posted to a callback: signed, once each by their ids, and held, deferred or buried as everywhere."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from aof.domain.response import Response
from tests.e2e.agents import Echo
from tests.e2e.programs import ADA, Callback, Program, asking, callback, hang_up
from tests.e2e.world import World


@pytest.fixture
async def called() -> AsyncIterator[Callback]:
    async with callback() as made:
        yield made


def _to(called: Callback) -> dict[str, str]:
    return {"callback_url": called.url, "callback_secret_env": "HTTP_CALLBACK_SECRET"}


def _state(aof: World) -> list[tuple[str, int]]:
    return [(str(state), int(code)) for state, code in aof.rows("SELECT state, code FROM outbox")]


async def test_every_part_is_posted_signed_with_its_id_and_the_event_that_it_answers(tmp_path, called, echo: Echo):
    async with asking(tmp_path, lambda _: echo, http=_to(called)) as aof:
        program = Program(aof)
        told = await program.says("one", "kettle", wait=60)
        call = await called.next()
        assert call.is_signed
        assert call.path == "/aof"
        (part,) = told.body["parts"]
        assert call.body == {
            "id": part["id"], "sender": ADA, "answers": "one",
            "type": "text", "text": "You said: kettle", "buttons": [],
        }  # fmt: skip
        assert call.headers["Idempotency-Key"] == part["id"]
        await program.says("two", "teapot", conversation="ops")
        shared = (await called.next()).body
        assert (shared["conversation"], shared["answers"], shared.get("sender")) == ("ops", "two", None)


@pytest.mark.parametrize(
    ("status", "state"),
    [(200, ("sent", 0)), (202, ("sent", 0)), (400, ("dead", 400)), (404, ("dead", 404)), (302, ("dead", 302))],
)
async def test_an_answer_of_the_callback_settles_the_part(tmp_path, called, echo: Echo, status, state):
    called.answers.append(lambda _: web.Response(status=status, headers={"Location": called.url}))
    async with asking(tmp_path, lambda _: echo, http=_to(called)) as aof:
        await Program(aof).says("one", "kettle", wait=60)
        assert _state(aof) == [state]
        await called.next()
        assert called.calls.empty(), "no redirect is followed"


@pytest.mark.parametrize("status", [429, 503])
async def test_a_callback_that_asks_to_wait_is_called_again_when_its_time_has_come(tmp_path, called, echo, status):
    called.answers.append(lambda _: web.Response(status=status, headers={"Retry-After": "40"}))
    async with asking(tmp_path, lambda _: echo, http=_to(called)) as aof:
        await Program(aof).says("one", "kettle")
        first = await called.next()
        await aof.until(lambda: _is(aof, ("queued", status)))
        ((not_before,),) = aof.rows("SELECT not_before FROM outbox")
        assert not_before - aof.clock.now().timestamp() > 35
        aof.clock.advance(60)
        again = await called.next()
        assert again.body == first.body
        assert again.is_signed
        await aof.idle()
        assert _state(aof) == [("sent", 0)]


async def test_a_connection_that_breaks_after_the_request_is_repeated_under_the_same_key(tmp_path, called, echo: Echo):
    called.answers.append(hang_up)
    async with asking(tmp_path, lambda _: echo, http=_to(called)) as aof:
        await Program(aof).says("one", "kettle")
        first = await called.next()
        await aof.until(lambda: _is(aof, ("uncertain", 0)))
        aof.clock.advance(60)
        again = await called.next()
        assert again.headers["Idempotency-Key"] == first.headers["Idempotency-Key"]
        await aof.idle()
        assert aof.rows("SELECT state, repeated FROM outbox") == [("sent", 1)]


async def test_a_callback_that_is_not_there_is_tried_again(tmp_path, called, echo: Echo):
    closed = {**_to(called), "callback_url": "http://127.0.0.1:9/aof"}
    async with asking(tmp_path, lambda _: echo, http=closed) as aof:
        await Program(aof).says("one", "kettle")
        await aof.until(lambda: _is(aof, ("queued", 0), attempts=1))
        ((reason,),) = aof.rows("SELECT error FROM outbox")
        assert "the callback can't be reached" in reason


async def test_the_secrets_stand_in_no_log_and_in_no_row(tmp_path, called, echo: Echo, log):
    called.answers += [lambda _: web.Response(status=400), hang_up]
    echo.answers = lambda _: Response(text="kettle")
    async with asking(tmp_path, lambda _: echo, http=_to(called)) as aof:
        program = Program(aof)
        await program.says("one", "kettle", wait=60)
        await program.posts(b"{}", headers=program.signed(b"[]"))
        await program.posts(b'{"kettle"', wait=1)
        dump = "\n".join(aof.store._reader.iterdump())
    assert "secret-of-the" not in dump
    assert "secret-of-the" not in log.stream.getvalue()


async def _is(aof: World, state: tuple[str, int], attempts: int = 1) -> bool:
    rows = aof.rows("SELECT state, code, deferrals + uncertain FROM outbox")
    return rows == [(*state, attempts)]
