"""The operators' port: figures, reasons, and who may ask."""

import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from aof.agents.base import Turn
from aof.domain.response import Response
from tests.e2e.agents import Echo
from tests.e2e.wire import Logged, ask, deliver, holding, message
from tests.e2e.world import World, world

TOKEN = "a-token-of-the-admin"


async def figures(aof: World) -> dict[str, float]:
    assert aof.daemon is not None
    async with aof.control.get(f"http://127.0.0.1:{aof.daemon.admin_port}/metrics") as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        text = await response.text()
    return {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
        for line in text.splitlines()
        if not line.startswith("#")
    }


async def test_each_port_is_open_where_the_file_says_and_nowhere_else(tmp_path: Path, echo: Echo) -> None:
    server = {"host": "127.0.0.2", "port": 0, "admin": {"host": "127.0.0.3", "port": 0}}
    async with world(tmp_path, agent=lambda _: echo, server=server) as aof:
        assert aof.daemon is not None
        assert not {aof.daemon.port, aof.daemon.admin_port} & {8080, 8081}, "0 takes a free one"
        for host, port in (("127.0.0.2", aof.daemon.port), ("127.0.0.3", aof.daemon.admin_port)):
            async with aof.control.get(f"http://{host}:{port}/health") as response:
                assert response.status == 200
            with pytest.raises(aiohttp.ClientConnectionError):
                await aof.control.get(f"http://127.0.0.1:{port}/health")


async def test_what_came_in_and_what_became_of_it_is_counted(aof: World) -> None:
    await aof.on_call.types("ahoy")
    await aof.on_call.next()
    body = holding(message(id_="wamid.twice"))
    for _ in range(2):
        await deliver(aof, body)
    await deliver(aof, b"{broken")
    await ask(aof, data=b"{}", headers={"X-Hub-Signature-256": "sha256=" + "0" * 64})
    await ask(aof, "GET", params={"hub.mode": "subscribe", "hub.verify_token": "wrong", "hub.challenge": "1"})
    await aof.on_call.next()
    await aof.until(lambda: _delivered(aof, 2))
    found = await figures(aof)
    assert found['aof_events_accepted_total{platform="whatsapp"}'] == 2
    assert found['aof_events_duplicate_total{platform="whatsapp"}'] >= 1
    assert found['aof_events_quarantined_total{platform="whatsapp"}'] == 1
    assert found["aof_quarantine"] == 1
    assert found['aof_webhooks_refused_total{reason="wrong signature"}'] == 1
    assert found['aof_webhooks_refused_total{reason="wrong verify token"}'] == 1
    assert found['aof_events_answered_total{outcome="answered"}'] == 2
    assert found['aof_agent_executions_total{agent="runbook"}'] == 2
    assert found["aof_execution_duration_seconds_count"] == 2
    assert found["aof_event_delay_seconds_count"] == 2
    assert found['aof_parts_settled_total{outcome="sent"}'] == 2
    assert found["aof_part_delay_seconds_count"] == 2
    assert found['aof_parts{state="delivered"}'] == 2
    assert found['aof_parts{state="held"}'] == 0
    assert found['aof_events{state="new"}'] == 0
    assert found["aof_store_commit_seconds_count"] > 0
    assert found["aof_loop_lag_seconds_count"] >= 0
    assert found['aof_gate_closed{platform="whatsapp"}'] == 0
    assert found['aof_account_stopped{platform="whatsapp"}'] == 0
    billed = [name for name in found if name.startswith("aof_messages_billed_total{")]
    assert sum(found[name] for name in billed) <= 2


async def _delivered(aof: World, parts: int) -> bool:
    return (await aof.store.counts()).parts == {"delivered": parts}


@pytest.mark.parametrize(
    ("pricing", "counted"),
    [
        ({"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}, {"service": 1.0}),
        ({"billable": True, "pricing_model": "CBP", "category": "utility"}, {"utility": 1.0}),
        ({"billable": False, "pricing_model": "PMP", "type": "free_customer_service", "category": "service"}, {}),
        ({"billable": True, "pricing_model": "PMP", "type": "free_entry_point", "category": "service"}, {}),
        ({"type": "regular", "category": "a word of tomorrow"}, {"other": 1.0}),
        (None, {}),
        ("nonsense", {}),
    ],
)
async def test_a_message_is_counted_as_billed_once_by_what_its_receipts_say(
    aof: World, pricing: Any, counted: dict[str, float]
) -> None:
    from tests.unit.platforms.whatsapp.webhooks import change, status, webhook

    more = {} if pricing is None else {"pricing": pricing}
    states = [status(state, id_="wamid.billed", **more) for state in ("sent", "delivered", "sent")]
    for each in states:
        assert (await deliver(aof, webhook([change(statuses=[each])]))).status == 200
    found = await figures(aof)
    prefix = "aof_messages_billed_total"
    assert {re.findall('"(.*)"', name)[0]: found[name] for name in found if name.startswith(prefix)} == counted


async def test_with_a_token_only_health_is_told_without_it(tmp_path: Path, echo: Echo) -> None:
    server = {"host": "127.0.0.1", "port": 0, "admin": {"port": 0, "token_env": "ADMIN_TOKEN"}}
    async with world(tmp_path, agent=lambda _: echo, environ={"ADMIN_TOKEN": TOKEN}, server=server) as aof:
        assert aof.daemon is not None
        url = f"http://127.0.0.1:{aof.daemon.admin_port}"
        answers = {}
        async with aiohttp.ClientSession() as anybody:
            for path in ("/health", "/ready", "/metrics", "/", "/nowhere"):
                for shown in ("", f"Bearer {TOKEN}", f"Bearer {TOKEN[:-1]}x", TOKEN, f"bearer {TOKEN}", "Bearer é"):
                    headers = {"Authorization": shown} if shown else {}
                    async with anybody.get(f"{url}{path}", headers=headers) as response:
                        answers[path, shown] = response.status
                        assert TOKEN not in await response.text()
        right = f"Bearer {TOKEN}"
        assert {status for (path, _), status in answers.items() if path == "/health"} == {200}
        assert {status for (path, shown), status in answers.items() if path != "/health" and shown != right} == {401}
        assert [answers[path, right] for path in ("/ready", "/metrics", "/", "/nowhere")] == [200, 200, 200, 404]


async def test_the_public_port_shows_no_figures(aof: World) -> None:
    assert (await ask(aof, "GET", "/metrics")).refused == 404


async def test_a_stopped_account_is_named_and_a_closed_gate_is_no_trouble(tmp_path: Path, echo: Echo) -> None:
    whatsapp = {"allow_everyone": True, "hold_on_loopback": True}
    async with world(tmp_path, agent=lambda _: echo, whatsapp=whatsapp) as aof:
        status, said = await aof.ready()
        assert status == 200
        (reason,) = said["notes"].values()
        assert "spec.platforms.whatsapp.allow_live_send" in reason
        assert (await figures(aof))['aof_gate_closed{platform="whatsapp"}'] == 1


async def test_an_account_that_its_platform_stopped_is_told_until_an_operator_resumes_it(aof: World) -> None:
    await aof.fault(expired_token=1)
    await aof.on_call.types("ahoy")
    await aof.until(lambda: _stopped(aof))
    status, said = await aof.ready()
    assert status == 503
    (account,) = said["reasons"]
    assert "190" in said["reasons"][account]
    assert (await figures(aof))['aof_account_stopped{platform="whatsapp"}'] == 1
    assert await aof.store.resume(account, by="test", now=aof.clock.now())
    assert (await aof.on_call.next())["text"] == "You said: ahoy"
    assert (await aof.ready())[0] == 200


async def _stopped(aof: World) -> bool:
    return bool(aof.rows("SELECT 1 FROM stopped"))


async def test_a_refused_webhook_is_logged_with_where_it_came_from_behind_a_trusted_proxy(
    tmp_path: Path, echo: Echo, log: Logged
) -> None:
    forged = {"X-Hub-Signature-256": "sha256=" + "0" * 64, "X-Forwarded-For": "203.0.113.9"}
    origins = []
    for trusted in ([], ["127.0.0.1"]):
        server = {"host": "127.0.0.1", "port": 0, "admin": {"port": 0}, "trusted_proxies": trusted}
        folder = tmp_path / str(len(trusted))
        folder.mkdir()
        async with world(folder, agent=lambda _: echo, server=server) as aof:
            assert (await ask(aof, data=b"{}", headers=forged)).status == 401
        origins.append(log.of("webhook_refused")[-1]["remote"])
    assert origins == ["127.0.0.1", "203.0.113.9"]


async def test_an_agent_that_fails_is_counted(aof: World, echo: Echo) -> None:
    def broken(_turn: Turn) -> Response:
        raise RuntimeError("a bug")

    echo.answers = broken
    await aof.on_call.types("poison")
    await aof.until(lambda: _deferred(aof))
    found = await figures(aof)
    assert found['aof_events_answered_total{outcome="deferred"}'] == 1
    assert found['aof_agent_errors_total{agent="runbook"}'] == 1
    assert found['aof_agent_executions_total{agent="runbook"}'] == 1


async def _deferred(aof: World) -> bool:
    return bool(aof.rows("SELECT 1 FROM inbox WHERE outcome = 'deferred'"))


async def test_the_start_says_where_who_and_why_nothing_leaves(tmp_path: Path, echo: Echo, log: Logged) -> None:
    whatsapp = {"hold_on_loopback": True, "allow_live_send": False, "api_version": "v22.0"}
    async with world(tmp_path, agent=lambda _: echo, whatsapp=whatsapp) as aof:
        assert aof.daemon is not None
        (started,) = log.of("daemon_started")
        assert (started["host"], started["port"]) == ("127.0.0.1", aof.daemon.port)
        assert (started["admin_host"], started["admin_port"]) == ("127.0.0.1", aof.daemon.admin_port)
        assert started["who_may_talk"] == {"whatsapp:106540352242922": "pairing"}
        assert (started["agent"], started["agents"], started["triggers"]) == ("runbook", ["runbook"], [])
        (closed,) = log.of("gate_closed")
        _, said = await aof.ready()
        assert said["notes"]["whatsapp:106540352242922"] == closed["reason"]
        assert "api_version" in said["notes"]["configuration"]
