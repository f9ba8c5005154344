"""Presses that must change nothing: twice, late, by others, of what was never shown; and the presser is told."""

from tests.e2e.acting import press_of
from tests.e2e.flow import CONTACT, ENGLISH, OMAR, SARA, added, approved_while_held, audited, flowing, standing

TWO_ENGLISH = [
    {"name": "Sara", "whatsapp": SARA, "language": "en"},
    {"name": "Omar", "whatsapp": OMAR, "language": "en"},
]


async def test_pressed_twice_and_after_another_press_nothing_changes(tmp_path):
    async with flowing(tmp_path, operators=("Omar",)) as aof:
        omar = aof.phone(OMAR)
        await added(aof, ENGLISH)
        card = await omar.next()
        await omar.presses(card, "Accept")
        draft = await omar.next()
        await omar.next()
        for title in ("Accept", "Skip", "Message"):
            await omar.presses(card, title)
            said = (await omar.next())["text"]
            assert "Nothing was changed" in said
            assert "Omar" in said
        await omar.presses(draft, "Approve")
        await omar.next()
        for title in ("Approve", "Edit", "Cancel"):
            await omar.presses(draft, title)
            assert "approved already" in (await omar.next())["text"]
        await aof.idle()
        assert len(await aof.phone(CONTACT).shown()) == 2, "the status, and the message once"
        assert audited(aof).count("turn_press_refused") == 6
        assert [step["change"] for step in (await standing(aof, "LEAD-43"))["history"]] == ["accept", "approve"]


async def test_two_operators_who_press_at_once_make_one_draft(tmp_path):
    async with flowing(tmp_path, people=TWO_ENGLISH) as aof:
        await added(aof, ENGLISH)
        cards = {number: await aof.phone(number).next() for number in (SARA, OMAR)}
        for number, title in ((SARA, "Accept"), (OMAR, "Skip")):
            await aof.phone(number).presses(cards[number], title)

        async def both_answered():
            return aof.rows("SELECT count(*) FROM inbox WHERE kind = 'press' AND state = 'done'") == [(2,)]

        await aof.until(both_answered)
        await aof.idle()
        now = await standing(aof, "LEAD-43")
        assert len(now["history"]) == 1
        texts = [one["text"] for number in (SARA, OMAR) for one in await aof.phone(number).shown()]
        assert sum("Nothing was changed" in text for text in texts) == 1


async def test_ids_that_were_never_shown_to_the_presser_do_nothing(tmp_path):
    async with flowing(tmp_path, operators=("Omar",)) as aof:
        await added(aof, ENGLISH)
        card = await aof.phone(OMAR).next()
        ids = [button["id"] for button in card["buttons"]]
        odd = ["opp:LEAD-43:schedule", "opp:LEAD-43:explode", "opp::accept", "msg:LEAD-43-d1:approve", "note:x:y"]
        # another operator's buttons in a contact's chat, and ids that no card has, as a hostile client would send them
        for n, id_ in enumerate((*ids, *odd)):
            for number in (CONTACT, *((OMAR,) if id_ in odd else ())):
                await aof.webhook(press_of(aof, number, id_, f"wamid.FORGED{n}{number}"))
                assert "no longer works" in (await aof.phone(number).next())["text"]
        assert (await standing(aof, "LEAD-43"))["history"] == []


async def test_what_is_typed_decides_nothing(tmp_path):
    async with flowing(tmp_path, operators=("Omar",)) as aof:
        omar = aof.phone(OMAR)
        await added(aof, ENGLISH)
        card = await omar.next()
        for text in (card["buttons"][0]["id"], "Accept", "1", "button:opp:LEAD-43:accept"):
            await omar.types(text)
            await omar.next()
        assert (await standing(aof, "LEAD-43"))["history"] == []


async def test_who_is_named_like_an_operator_is_none(tmp_path):
    """A name of the chat, or one that a pairing gave, is no identity."""
    people = [{"name": "Omar", "whatsapp": OMAR}]
    async with flowing(tmp_path, people=people, operators=("Omar",)) as aof:
        await added(aof, ENGLISH)
        card = await aof.phone(OMAR).next()
        await aof.idle()
        # what was shown to Omar stands in a chat that goes on under another number
        await aof.stop()
        aof.config = aof.config.replace(OMAR, "+15550009009")
        await aof.start()
        await aof.phone(OMAR).presses(card, "Accept")
        assert "only operators decide" in (await aof.phone(OMAR).next())["text"]
        assert (await standing(aof, "LEAD-43"))["history"] == []
        assert audited(aof)[-1] == "turn_press_refused"


async def test_a_command_after_edit_is_a_command_and_takes_the_edit_back(tmp_path):
    async with flowing(tmp_path, operators=("Omar",)) as aof:
        omar = aof.phone(OMAR)
        await added(aof, ENGLISH)
        await omar.presses(await omar.next(), "Message")
        draft = await omar.next()
        await omar.next()
        await omar.presses(draft, "Edit")
        await omar.next()
        await omar.types("/status")
        assert "Nothing was changed" not in (await omar.next())["text"]
        await omar.types("hello")
        await omar.next()
        assert [step["change"] for step in (await standing(aof, "LEAD-43"))["history"]] == ["draft"]


async def test_a_contact_who_never_agreed_is_refused_at_the_press_and_the_draft_waits(tmp_path):
    async with flowing(tmp_path, operators=("Omar",), greeted=(OMAR,)) as aof:
        omar = aof.phone(OMAR)
        await added(aof, ENGLISH)
        await omar.presses(await omar.next(), "Message")
        draft = await omar.next()
        await omar.next()
        await omar.presses(draft, "Approve")
        assert "has not agreed to be written to" in (await omar.next())["text"]
        assert (await standing(aof, "LEAD-43"))["state"] == "approval_required"
        assert aof.rows("SELECT 1 FROM outbox WHERE cause = 'operator'") == []
        # they write, and so may be written to
        await aof.phone(CONTACT).types("/status")
        await aof.phone(CONTACT).next()
        await omar.presses(draft, "Approve")
        assert "leaves for" in (await omar.next())["text"]
        assert "Layla" in (await aof.phone(CONTACT).next())["text"]


async def test_while_live_sends_are_off_the_approved_message_is_held_and_the_operator_is_told(tmp_path):
    async with flowing(tmp_path, operators=("Omar",)) as aof:
        await approved_while_held(aof)
        await aof.idle()
        said = aof.rows("SELECT json_extract(body, '$.text') FROM outbox ORDER BY seq DESC LIMIT 1")[0][0]
        assert "is held, and leaves once it is released" in said
        assert "WHATSAPP" in said
