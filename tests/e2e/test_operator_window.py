"""The operator flow outside the 24 hours: operators and contacts who are silent are nudged, and read all of it."""

from dataclasses import replace

from aof.simulator import PhoneSettings
from tests.e2e.flow import CONTACT, ENGLISH, OMAR, added, call, flowing, greet, standing, titles
from tests.e2e.test_window import HOUR, NUDGES, SETTINGS

PHONES = (PhoneSettings("Omar", OMAR), PhoneSettings("Layla", CONTACT))
NIGHT = {"settings": replace(SETTINGS, phones=PHONES), "whatsapp": NUDGES, "operators": ("Omar",)}


async def nudge(phone):
    """The next message, which is a template; its button is tapped."""
    shown = await phone.next()
    assert shown["type"] == "template"
    await phone.presses(shown, shown["buttons"][0]["title"])


async def test_a_card_for_an_operator_who_was_silent_for_a_day_follows_their_answer_and_can_be_pressed(tmp_path):
    async with flowing(tmp_path, greeted=(OMAR, CONTACT), **NIGHT) as aof:
        omar = aof.phone(OMAR)
        aof.clock.advance(25 * HOUR)
        await added(aof, ENGLISH)
        await nudge(omar)
        card = await omar.next()
        assert titles(card) == ["Accept", "Skip", "Message"]
        await omar.presses(card, "Accept")
        assert titles(await omar.next()) == ["Approve", "Edit", "Cancel"]


async def test_an_approved_message_to_a_contact_who_was_silent_for_a_day_follows_their_answer(tmp_path):
    async with flowing(tmp_path, greeted=(OMAR, CONTACT), **NIGHT) as aof:
        omar, contact = aof.phone(OMAR), aof.phone(CONTACT)
        aof.clock.advance(25 * HOUR)
        await greet(aof, OMAR)
        await added(aof, ENGLISH)
        await omar.presses(await omar.next(), "Message")
        draft = await omar.next()
        await omar.next()
        await omar.presses(draft, "Approve")
        assert "so the message follows once they answer" in (await omar.next())["text"]
        await nudge(contact)
        assert "Hello Layla" in (await contact.next())["text"]
        await aof.idle()
        assert (await standing(aof, "LEAD-43"))["deliveries"][0]["state"] in {"sent", "delivered", "read"}


async def test_a_notification_to_somebody_silent_is_nudged_and_its_buttons_work_afterwards(tmp_path):
    async with flowing(tmp_path, greeted=(OMAR,), **NIGHT) as aof:
        omar = aof.phone(OMAR)
        aof.clock.advance(25 * HOUR)
        body = {"to": "Omar", "text": "db-1 is down", "idempotency_key": "k"}
        _, said = await call(aof, "POST", "/api/notify", {**body, "actions": [{"id": "ack", "title": "Acknowledge"}]})
        await nudge(omar)
        await omar.presses(await omar.next(), "Acknowledge")
        assert "Noted" in (await omar.next())["text"]
        _, now = await call(aof, "GET", f"/api/notify/{said['id']}")
        assert [one["by"] for one in now["pressed"]] == ["Omar"]
