"""The testing checklist and the staging checklist of the operator flow's design, item by item, each a test of its name.

What needs no running daemon (payloads, ids, labels) stands in tests/unit/operator/test_cards.py under the same names.
"""

import hashlib
import hmac

import pytest

from tests.e2e.acting import press_of
from tests.e2e.flow import CONTACT, OMAR, SARA, WANTED, added, flowing, standing, titles
from tests.e2e.world import CREDENTIALS, world

FLAG = "WHATSAPP_ALLOW_LIVE_SEND"


async def test_3_and_3_buttons_in_the_simulator_which_refuses_more(tmp_path):
    async with flowing(tmp_path, operators=("Sara",)) as aof:
        sara = aof.phone(SARA)
        await added(aof)
        first = await sara.next()
        assert titles(first) == ["قبول", "تخطي", "رسالة"]
        await sara.presses(first, "رسالة")
        second = await sara.next()
        assert titles(second) == ["اعتماد", "تعديل", "إلغاء"]
        further = await sara.next()
        assert titles(further) == ["جدولة"], "a fourth action is a message of its own"
        await aof.idle()
        assert {send["status"] for send in await aof.sends()} == {200}


async def test_ids_are_stable_over_a_restart_and_each_showing(tmp_path):
    async with flowing(tmp_path, operators=("Sara",)) as aof:
        sara = aof.phone(SARA)
        await added(aof)
        first = await sara.next()
        await aof.idle()
        await aof.restart()
        await sara.presses(first, "رسالة")
        draft = await sara.next()
        assert [button["id"].rpartition(":")[0] for button in draft["buttons"]] == ["msg:LEAD-42-d1"] * 3


async def test_webhook_signature_verification(tmp_path):
    async with flowing(tmp_path, operators=("Sara",)) as aof:
        await added(aof)
        card = await aof.phone(SARA).next()
        body = press_of(aof, SARA, card["buttons"][0]["id"], "wamid.FORGED")
        status, _ = await aof.webhook(body, signed=False)
        assert status == 401
        wrong = hmac.new(b"another secret", body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={wrong}"}
        async with aof.control.post(f"{aof.url}/webhook/whatsapp", data=body, headers=headers) as response:
            assert response.status == 401
        assert (await standing(aof))["history"] == []


async def test_verify_token_is_only_in_the_environment_and_compared(tmp_path):
    async with world(tmp_path) as aof:
        token = CREDENTIALS["WHATSAPP_VERIFY_TOKEN"]
        assert token not in aof.config
        for shown, status in ((token, 200), ("another", 403)):
            query = {"hub.mode": "subscribe", "hub.verify_token": shown, "hub.challenge": "42"}
            async with aof.control.get(f"{aof.url}/webhook/whatsapp", params=query) as response:
                assert response.status == status


@pytest.mark.parametrize("value", [None, "false", "0"])
async def test_feature_flag_is_false_by_default_and_nothing_leaves(tmp_path, value):
    environ = {FLAG: value} if value is not None else {}
    async with flowing(
        tmp_path, operators=("Sara",), greeted=(), whatsapp={"hold_on_loopback": True}, environ=environ
    ) as aof:
        await added(aof)
        await aof.idle()
        assert await aof.sends() == []
        assert set(aof.rows("SELECT state, gate FROM outbox")) == {("held", "live_send")}


async def test_feature_flag_lets_nothing_out_by_itself(tmp_path):
    """Opened and restarted, what was held stays held until somebody releases it."""
    async with flowing(tmp_path, operators=("Sara",), whatsapp={"hold_on_loopback": True}, greeted=()) as aof:
        await aof.phone(SARA).types("/status")
        await added(aof)
        await aof.idle()
        aof.environ[FLAG] = "true"
        await aof.restart()
        await aof.idle()
        assert await aof.sends() == []
        seqs = [seq for (seq,) in aof.rows("SELECT seq FROM outbox WHERE part LIKE '%:opp:%'")]
        assert await aof.store.release(seqs, by="test", now=aof.clock.now()) == 1
        assert titles(await aof.phone(SARA).next()) == ["قبول", "تخطي", "رسالة"]


async def test_no_cold_outreach(tmp_path):
    """Whatever is pressed, nothing goes to somebody who never wrote and never agreed."""
    async with flowing(tmp_path, operators=("Sara", "Omar"), greeted=(SARA, OMAR)) as aof:
        for n, first in enumerate(("قبول", "رسالة", "تخطي")):
            await added(aof, {**WANTED, "id": f"L-{n}"})
            card = await aof.phone(SARA).next()
            await aof.phone(SARA).presses(card, first)
            draft = await aof.phone(SARA).next()
            if not draft["buttons"]:
                continue
            await aof.phone(SARA).next()
            await aof.phone(SARA).presses(draft, "اعتماد")
            assert "لم يوافق على مراسلته" in (await aof.phone(SARA).next())["text"]
        await aof.idle()
        assert await aof.phone(CONTACT).messages() == []
        assert CONTACT not in {send["body"].get("to") for send in await aof.sends()}
