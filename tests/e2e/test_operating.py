"""From a question on a phone through a model to a command that an approver lets run, and back."""

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
