"""From a question on a phone through a model to a command that an approver lets run, and back."""

import json

from tests.e2e.service import operated


async def test_the_api_is_slow_and_is_restarted_once_the_lead_approves(tmp_path):
    async with operated(tmp_path) as (aof, model, service):
        before = service.pid
        await aof.on_call.types("api is slow")
        finding = await aof.on_call.next()
        assert "2400 ms" in finding["text"]
        assert [button["title"] for button in finding["buttons"]] == ["Restart", "Show log"]
        await aof.on_call.presses(finding, "Restart")
        waiting = await aof.on_call.next()
        assert "Omar" in waiting["text"]
        card = await aof.lead.next()
        assert "apictl restart api" in card["text"]
        assert "The agent says" in card["text"]
        assert service.pid == before
        await aof.lead.presses(card, "Approve")
        done = await aof.on_call.next()
        assert "approved by Omar" in done["text"]
        assert str(before) in done["text"]
        assert str(service.pid) in done["text"]
        assert service.pid != before
        assert not service.is_running(before)
        assert len(model.requests) == 4


async def test_help_says_what_this_person_may_have_done(tmp_path):
    async with operated(tmp_path) as (aof, _, _):
        await aof.on_call.types("/help")
        said = (await aof.on_call.next())["text"]
        assert "Changes and removals need an approval" in said
        assert "Asked are: Boss, Omar" in said
        assert "You decide for others" not in said
        await aof.lead.types("/help")
        assert "You decide for others" in (await aof.lead.next())["text"]


async def test_where_the_model_fails_a_runbook_that_fits_is_offered_and_works(tmp_path):
    runbook = {
        "kind": "Runbook",
        "metadata": {"name": "restart-api"},
        "spec": {
            "phrases": {"en": ["restart the api"]},
            "steps": [
                {"id": "before", "run": ["apictl", "status", "api"]},
                {"id": "restart", "run": ["apictl", "restart", "api"]},
            ],
        },
    }
    (tmp_path / "runbooks").mkdir()
    (tmp_path / "runbooks/restart.yaml").write_text(json.dumps(runbook))
    async with operated(tmp_path, runbooks={"directory": "runbooks"}) as (aof, model, service):
        before = service.pid
        model.faults.add("broken", times=10)
        await aof.on_call.types("restart the api")
        failed = await aof.on_call.next()
        assert failed["text"].startswith("❌")
        await aof.on_call.presses(failed, "restart the api")
        waiting = await aof.on_call.next()
        assert "apictl restart api" in waiting["text"]
        assert "Omar" in waiting["text"]
        card = await aof.lead.next()
        await aof.lead.presses(card, "Approve")
        done = (await aof.on_call.next())["text"]
        assert "Approved by Omar" in done
        assert str(service.pid) in done
        assert service.pid != before


async def test_a_server_of_tools_that_is_away_is_named(tmp_path):
    server = {"name": "almanac", "transport": "http", "url": "http://127.0.0.1:9/mcp"}
    async with operated(tmp_path, agent={"mcp_servers": [server]}) as (aof, _, _):
        await aof.on_call.types("api is slow")
        said = (await aof.on_call.next())["text"]
        assert "2400 ms" in said
        assert "Answered without almanac" in said
