"""A program lets a person know something, and learns who pressed what."""

import pytest

from tests.e2e.acting import press_of
from tests.e2e.flow import CONTACT, OMAR, SARA, audited, call, flowing

ALERT = {
    "to": "Omar",
    "text": "**db-1** does not answer",
    "status": "failed",
    "actions": [{"id": "ack", "title": "Acknowledge"}, {"id": "mute", "title": "Mute 1 h"}],
    "idempotency_key": "alert/db-1/1",
}


async def test_a_press_is_recorded_with_who_and_when_and_readable(tmp_path):
    async with flowing(tmp_path) as aof:
        omar = aof.phone(OMAR)
        status, said = await call(aof, "POST", "/api/notify", ALERT)
        assert status == 202
        assert said["pressed"] == []
        shown = await omar.next()
        assert shown["text"] == "❌ *db-1* does not answer"
        assert [button["title"] for button in shown["buttons"]] == ["Acknowledge", "Mute 1 h"]
        await omar.presses(shown, "Acknowledge")
        assert "Noted: " in (await omar.next())["text"]
        _, now = await call(aof, "GET", f"/api/notify/{said['id']}")
        assert [(one["action"], one["by"]) for one in now["pressed"]] == [("ack", "Omar")]
        assert now["deliveries"][0]["state"] in {"sent", "delivered", "read"}
        await omar.presses(shown, "Acknowledge")
        assert "Already noted" in (await omar.next())["text"]
        _, again = await call(aof, "GET", f"/api/notify/{said['id']}")
        assert again["pressed"] == now["pressed"]
        assert audited(aof) == ["notification_added", "notification_pressed", "turn_press_refused"]
        assert aof.rows("SELECT DISTINCT cause FROM outbox WHERE part LIKE '%:note:%'") == [("alert",)]


async def test_the_same_key_sends_once_and_another_body_under_it_is_refused(tmp_path):
    async with flowing(tmp_path) as aof:
        _, first = await call(aof, "POST", "/api/notify", ALERT)
        await aof.phone(OMAR).next()
        await aof.idle()
        status, again = await call(aof, "POST", "/api/notify", ALERT)
        assert (status, again["id"]) == (202, first["id"])
        status, said = await call(aof, "POST", "/api/notify", {**ALERT, "text": "other"})
        assert status == 409
        assert "idempotency_key" in said["error"]
        assert aof.rows("SELECT count(*) FROM outbox WHERE cause = 'alert'") == [(1,)]


async def test_nobody_else_presses_it(tmp_path):
    async with flowing(tmp_path) as aof:
        _, said = await call(aof, "POST", "/api/notify", ALERT)
        shown = await aof.phone(OMAR).next()
        for number in (SARA, CONTACT):
            await aof.webhook(press_of(aof, number, shown["buttons"][0]["id"], f"wamid.FORGED{number}"))
            await aof.phone(number).next()
        assert (await call(aof, "GET", f"/api/notify/{said['id']}"))[1]["pressed"] == []


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ({**ALERT, "to": "Nobody"}, 422, "nobody of spec.people is called"),
        ({**ALERT, "text": ""}, 400, "is empty"),
        ({**ALERT, "text": "x" * 4001}, 400, "longer than 4000"),
        ({**ALERT, "status": "red"}, 400, "wants one of"),
        ({**ALERT, "actions": [{"id": "a", "title": "x" * 21}]}, 400, "longer than 20"),
        ({**ALERT, "actions": [{"id": "a", "title": "x"}] * 2}, 400, "one id"),
        ({**ALERT, "actions": [{"id": f"a{n}", "title": "x"} for n in range(4)]}, 400, "more than 3"),
        ({key: value for key, value in ALERT.items() if key != "idempotency_key"}, 400, "is missing"),
    ],
)
async def test_what_can_not_be_shown_is_refused(tmp_path, body, status, word):
    async with flowing(tmp_path, greeted=()) as aof:
        got, said = await call(aof, "POST", "/api/notify", body)
        assert got == status, said
        assert word in said["error"]
        assert aof.rows("SELECT count(*) FROM notification") == [(0,)]
