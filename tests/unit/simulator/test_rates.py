"""How much may be sent, and when: the pair bucket, the throughput of a number, the 24 h window."""

from aof.simulator import PhoneSettings
from tests.unit.simulator.bodies import LEAD
from tests.unit.simulator.stage import refusal

PAIR_DETAILS = (
    "Message failed to send because there were too many messages sent from this phone number to the same phone number "
    "in a short period of time."
)


async def test_the_46th_message_in_a_row_to_one_user_is_refused_and_six_seconds_later_one_more_is_taken(client, clock):
    await client.write()
    for _ in range(45):
        assert (await client.text())[0] == 200
        clock.advance(0.001)
    status, answer = await client.text()
    assert status == 400
    assert refusal(answer) == (
        131056,
        "(#131056) (Business Account, Consumer Account) pair rate limit hit",
        PAIR_DETAILS,
    )
    assert (await client.text(LEAD))[0] == 200, "other users are not affected"
    clock.advance(5)
    assert (await client.text())[0] == 400
    clock.advance(1)
    assert (await client.text())[0] == 200
    assert (await client.text())[0] == 400


async def test_the_throughput_of_a_number_counts_what_comes_in_and_goes_out(started, clock):
    phones = tuple(PhoneSettings(f"Phone {n}", f"+1555000{n:04}") for n in range(1, 5))
    client = await started(phones=phones, throughput_per_second=10)
    for phone in phones:
        await client.write(number=phone.number)
    statuses = [(await client.text(phones[n % 4].number))[0] for n in range(7)]
    assert statuses == [200] * 6 + [400]
    status, answer = await client.text(phones[0].number)
    assert status == 400
    assert refusal(answer) == (
        130429,
        "(#130429) Rate limit hit",
        "Cloud API message throughput has been reached.",
    )
    clock.advance(0.1)
    assert (await client.text(phones[0].number))[0] == 200


async def test_outside_the_window_a_send_is_accepted_and_then_reported_failed(client, business, clock):
    await client.write()
    clock.advance(24 * 3600 - 1)
    assert (await client.text())[0] == 200
    clock.advance(1)
    status, answer = await client.text(biz_opaque_callback_data="part-2")
    assert status == 200
    statuses = await business.after_statuses(3)
    [failed] = [status for status in statuses if status["status"] == "failed"]
    assert failed["id"] == answer["messages"][0]["id"]
    assert failed["biz_opaque_callback_data"] == "part-2"
    assert "pricing" not in failed
    [error] = failed["errors"]
    assert error["code"] == 131047
    assert error["title"] == error["message"] == "Re-engagement message"
    assert error["error_data"]["details"] == (
        "Message failed to send because more than 24 hours have passed since the customer last replied to this number."
    )
    entry = (await client.shown())[-1]
    assert (entry["status"], entry["code"]) == ("failed", 131047)


async def test_outside_the_window_a_send_can_be_refused_at_once(started):
    client = await started(window_refusal="answer")
    status, answer = await client.text()
    assert status == 400
    assert refusal(answer) == (
        131047,
        "(#131047) Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
    )
