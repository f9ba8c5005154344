"""An opportunity comes up, an operator decides about it on a phone, and what they approved leaves for the contact."""

import json

from aof.domain.message import Sender
from aof.simulator import PhoneSettings, Settings
from tests.e2e.flow import (
    CONTACT,
    ENGLISH,
    OMAR,
    SARA,
    added,
    approved_while_held,
    audited,
    flowing,
    gates_of,
    standing,
    titles,
)

SENDER = Sender(number=CONTACT)


async def test_a_message_is_drafted_changed_approved_and_arrives(tmp_path):
    async with flowing(tmp_path) as aof:
        sara, contact = aof.phone(SARA), aof.phone(CONTACT)
        await added(aof)
        card = await sara.next()
        assert "تجديد عقد الصيانة" in card["text"]
        assert "ليلى" in card["text"]
        assert titles(card) == ["قبول", "تخطي", "رسالة"]
        assert [button["id"] for button in card["buttons"]] == [
            "opp:LEAD-42:accept",
            "opp:LEAD-42:skip",
            "opp:LEAD-42:draft",
        ]
        await sara.presses(card, "رسالة")
        draft = await sara.next()
        assert "مرحبًا ليلى" in draft["text"]
        assert titles(draft) == ["اعتماد", "تعديل", "إلغاء"]
        assert draft["buttons"][0]["id"] == "msg:LEAD-42-d1:approve"
        assert titles(await sara.next()) == ["جدولة"]
        await sara.presses(draft, "تعديل")
        assert "النص الجديد" in (await sara.next())["text"]
        await sara.types("أهلًا ليلى، هل نجدد العقد هذا الأسبوع؟")
        again = await sara.next()
        assert "أهلًا ليلى، هل نجدد العقد هذا الأسبوع؟" in again["text"]
        assert again["buttons"][0]["id"] == "msg:LEAD-42-d2:approve"
        await sara.presses(again, "اعتماد")
        assert "تم الاعتماد" in (await sara.next())["text"]
        assert (await contact.next())["text"] == "أهلًا ليلى، هل نجدد العقد هذا الأسبوع؟"
        await aof.idle()
        now = await standing(aof)
        assert now["state"] == "approved"
        assert [step["change"] for step in now["history"]] == ["draft", "rewrite", "approve"]
        assert {step["by"] for step in now["history"]} == {"Sara"}
        assert [draft["state"] for draft in now["drafts"]] == ["superseded", "approved"]
        assert audited(aof) == ["opportunity_added", "opportunity_drafted", "draft_rewritten", "draft_approved"]
        assert aof.rows("SELECT cause FROM outbox WHERE part LIKE '%:msg:%'") == [("operator",)]
        assert (await aof.store.audit_verified()).broken is None


async def test_accepting_makes_a_draft_at_once_that_waits_for_approval(tmp_path):
    async with flowing(tmp_path, operators=("Omar",)) as aof:
        omar = aof.phone(OMAR)
        await added(aof, ENGLISH)
        card = await omar.next()
        assert titles(card) == ["Accept", "Skip", "Message"]
        await omar.presses(card, "Accept")
        assert titles(await omar.next()) == ["Approve", "Edit", "Cancel"]
        now = await standing(aof, "LEAD-43")
        assert now["state"] == "approval_required"
        assert [draft["state"] for draft in now["drafts"]] == ["waiting"]
        assert now["deliveries"] == []


async def test_skipping_sends_nothing_and_tells_the_other_operator(tmp_path):
    async with flowing(tmp_path) as aof:
        await added(aof)
        card = await aof.phone(SARA).next()
        await aof.phone(OMAR).next()
        await aof.phone(SARA).presses(card, "تخطي")
        assert "تم التخطي" in (await aof.phone(SARA).next())["text"]
        assert "Sara" in (await aof.phone(OMAR).next())["text"]
        await aof.idle()
        assert len(await aof.phone(CONTACT).shown()) == 1
        assert (await standing(aof))["state"] == "skipped"


async def test_cancelling_a_draft_sends_nothing(tmp_path):
    async with flowing(tmp_path, operators=("Omar",)) as aof:
        omar = aof.phone(OMAR)
        await added(aof, ENGLISH)
        await omar.presses(await omar.next(), "Message")
        draft = await omar.next()
        await omar.next()
        await omar.presses(draft, "Cancel")
        assert "Cancelled" in (await omar.next())["text"]
        await omar.presses(draft, "Approve")
        assert "Nothing was changed" in (await omar.next())["text"]
        await aof.idle()
        assert len(await aof.phone(CONTACT).shown()) == 1
        assert audited(aof)[-2:] == ["draft_cancelled", "turn_press_refused"]


async def test_a_reply_to_the_card_is_the_new_text_too(tmp_path):
    async with flowing(tmp_path, operators=("Omar",)) as aof:
        omar = aof.phone(OMAR)
        await added(aof, ENGLISH)
        await omar.presses(await omar.next(), "Message")
        draft = await omar.next()
        await omar.next()
        await omar.sends(type="text", text={"body": "Dear Layla, shall we renew?"}, context={"id": draft["id"]})
        again = await omar.next()
        assert "Dear Layla, shall we renew?" in again["text"]
        await omar.presses(draft, "Approve")
        assert "newer card counts" in (await omar.next())["text"]
        await omar.presses(again, "Approve")
        await omar.next()
        assert (await aof.phone(CONTACT).next())["text"] == "Dear Layla, shall we renew?"


async def test_a_text_that_is_too_long_changes_nothing_and_the_next_one_counts(tmp_path):
    async with flowing(tmp_path, operators=("Omar",)) as aof:
        omar = aof.phone(OMAR)
        await added(aof, ENGLISH)
        await omar.presses(await omar.next(), "Message")
        draft = await omar.next()
        await omar.next()
        await omar.presses(draft, "Edit")
        await omar.next()
        await omar.types("x" * 4097)
        assert "longer than 4096" in (await omar.next())["text"]
        await omar.types("short")
        assert "short" in (await omar.next())["text"]


async def test_a_meeting_is_drafted_once_as_a_file_for_the_operator(tmp_path):
    async with flowing(tmp_path, operators=("Omar",)) as aof:
        omar = aof.phone(OMAR)
        await added(aof, ENGLISH)
        await omar.presses(await omar.next(), "Accept")
        await omar.next()
        schedule = await omar.next()
        await omar.presses(schedule, "Schedule")
        assert "Nobody was invited" in (await omar.next())["text"]
        file = await omar.next()
        assert file["type"] == "document"
        assert file["content"]["document"]["filename"] == "meeting.ics"
        await omar.presses(schedule, "Schedule")
        assert "drafted already" in (await omar.next())["text"]
        await aof.idle()
        assert len(await aof.phone(CONTACT).shown()) == 1
        assert audited(aof).count("opportunity_scheduled") == 1


async def test_an_operator_who_never_wrote_gets_the_card_queued_all_the_same(tmp_path):
    async with flowing(tmp_path, operators=("Omar",), greeted=()) as aof:
        await added(aof, ENGLISH)
        await aof.idle()
        assert aof.rows("SELECT cause, json_extract(body, '$.type') FROM outbox") == [("system", "buttons")]


async def test_what_waits_is_listed_in_the_chat_and_each_row_shows_its_card_again(tmp_path):
    async with flowing(tmp_path, operators=("Omar",)) as aof:
        omar = aof.phone(OMAR)
        await omar.types("/opportunities")
        assert "No opportunity waits for you" in (await omar.next())["text"]
        for n in range(5):
            await added(aof, {**ENGLISH, "id": f"L-{n}", "title": f"Renew contract {n}"})
            await omar.next()
        await omar.types("/opportunities")
        brief = await omar.next()
        assert [row["title"] for row in brief["rows"]] == [f"Renew contract {n}" for n in range(5)]
        await omar.presses(brief, "Renew contract 3")
        card = await omar.next()
        assert card["buttons"][0]["id"] == "opp:L-3:accept"
        await omar.presses(card, "Accept")
        draft = await omar.next()
        await omar.next()
        await omar.presses(brief, "Renew contract 3")
        assert (await omar.next())["buttons"] == draft["buttons"]
        assert "/opportunities" in await _help(omar)
        assert "/opportunities" not in await _help(aof.phone(CONTACT))
        await aof.phone(CONTACT).types("/opportunities")
        assert "only operators decide" in (await aof.phone(CONTACT).next())["text"]


async def _help(phone):
    await phone.types("/help")
    return (await phone.next())["text"]


async def test_who_was_taken_off_the_list_decides_nothing_any_more(tmp_path):
    async with flowing(tmp_path) as aof:
        await added(aof, ENGLISH)
        card = await aof.phone(OMAR).next()
        await aof.idle()
        await aof.stop()
        document = json.loads(aof.config)
        document["spec"]["operator"]["operators"] = ["Sara"]
        aof.config = json.dumps(document)
        await aof.start()
        await aof.phone(OMAR).presses(card, "Accept")
        assert "only operators decide" in (await aof.phone(OMAR).next())["text"]
        assert (await standing(aof, "LEAD-43"))["state"] == "open"


async def test_a_contact_is_found_under_the_other_spelling_of_their_number(tmp_path):
    """In Mexico WhatsApp often knows a number with a 1 that programs do not write."""
    spelled, written = "+5215512345678", "+52 55 1234 5678"
    phones = (PhoneSettings("Omar", OMAR), PhoneSettings("Luz", spelled))
    async with flowing(tmp_path, operators=("Omar",), greeted=(OMAR, spelled), settings=Settings(phones=phones)) as aof:
        omar = aof.phone(OMAR)
        await added(aof, {**ENGLISH, "contact": {"name": "Luz", "phone": written}})
        await omar.presses(await omar.next(), "Message")
        draft = await omar.next()
        await omar.next()
        await omar.presses(draft, "Approve")
        assert "leaves for" in (await omar.next())["text"]
        assert "Hello Luz" in (await aof.phone(spelled).next())["text"]


async def test_who_opted_out_is_refused_at_the_press_and_no_card_reaches_an_operator_who_did(tmp_path):
    async with flowing(tmp_path) as aof:
        sara, omar, contact = aof.phone(SARA), aof.phone(OMAR), aof.phone(CONTACT)
        for phone in (sara, contact):
            await phone.types("STOP")
            await phone.next()
        await added(aof, ENGLISH)
        await omar.presses(await omar.next(), "Message")
        draft = await omar.next()
        await omar.next()
        await omar.presses(draft, "Approve")
        assert "has opted out" in (await omar.next())["text"]
        await aof.idle()
        assert aof.rows("SELECT 1 FROM outbox WHERE cause = 'operator'") == []
        assert set(aof.rows("SELECT DISTINCT gate FROM outbox WHERE state = 'held'")) == {("consent",)}
        assert len(await sara.shown()) == 2, "the status, and the answer to STOP"


async def test_a_contact_who_opts_out_between_the_press_and_the_send_gets_nothing(tmp_path):
    """The gate holds at the send, whatever was true at the press."""
    async with flowing(tmp_path, operators=("Omar",)) as aof:
        contact = aof.phone(CONTACT)
        await approved_while_held(aof)
        await contact.types("STOP")
        await aof.until(lambda: _opted_out(aof))
        aof.config = aof.config.replace('"hold_on_loopback": true, ', "")
        await aof.restart()
        seqs = [seq for (seq,) in aof.rows("SELECT seq FROM outbox WHERE cause = 'operator'")]
        await aof.store.release(seqs, by="test", now=aof.clock.now())
        await aof.idle()
        assert await gates_of(aof) == ["consent"]
        assert all("Layla" not in shown["text"] for shown in await contact.shown())


async def _opted_out(aof):
    return (await aof.store.standing(aof.rows("SELECT account FROM opportunity")[0][0], SENDER)).consent == "out"
