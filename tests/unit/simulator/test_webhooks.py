"""How updates travel to the business: bytes, signature, retries, and the faults of the way."""

import asyncio
import hashlib
import hmac

import pytest

from aof.simulator.envelope import signature, wire_bytes
from tests.unit.simulator.bodies import LEAD, PHONE


def test_the_body_is_escaped_as_meta_escapes_it():
    assert wire_bytes({"text": "äöå / 🌵"}) == rb'{"text":"\u00e4\u00f6\u00e5 \/ \ud83c\udf35"}'


def test_the_signature_is_lower_case_hexadecimal_over_the_exact_bytes():
    # Computed with: printf '%s' '{"a":"\u00e4"}' | openssl dgst -sha256 -hmac secret
    expected = "sha256=" + hmac.digest(b"secret", rb'{"a":"\u00e4"}', "sha256").hex()
    assert signature("secret", wire_bytes({"a": "ä"})) == expected
    assert expected == expected.lower()


async def test_a_webhook_is_signed_over_the_bytes_that_arrive(client, business):
    await client.write("äöå/قرص")
    [post] = await business.after(1)
    assert rb"\u00e4\u00f6\u00e5\/\u0642\u0631\u0635" in post.raw
    digest = hmac.new(b"simulated-app-secret", post.raw, hashlib.sha256).hexdigest()
    assert post.headers["X-Hub-Signature-256"] == f"sha256={digest}"
    assert post.messages[0]["text"]["body"] == "äöå/قرص"


async def test_the_address_is_verified_with_a_challenge(client, business):
    assert await client.simulator.verify_webhook()
    business.verify_token = "another"
    assert not await client.simulator.verify_webhook()
    client.simulator.webhook_url = "http://127.0.0.1:1/"
    assert not await client.simulator.verify_webhook()
    client.simulator.webhook_url = None
    assert not await client.simulator.verify_webhook()
    outcomes = [exchange.outcome for exchange in client.simulator.wire]
    assert outcomes == ["verified", "refused", "no answer: ClientConnectorError"]
    assert all("simulated-verify-token" not in exchange.url for exchange in client.simulator.wire)


async def test_a_refused_webhook_is_repeated_with_growing_waits_until_it_is_acknowledged(client, business, clock):
    business.answers = [500, 404, 302, 503]
    message_id = await client.write()
    for attempt, wait_seconds in enumerate((0.5, 1, 2, 4), start=1):
        await business.after(attempt)
        assert await clock.when_someone_sleeps() == [wait_seconds]
        clock.advance(wait_seconds)
    posts = await business.after(5)
    assert {post.messages[0]["id"] for post in posts} == {message_id}
    assert {post.raw for post in posts} == {posts[0].raw}
    await client.settled()
    assert [exchange.attempt for exchange in client.simulator.wire] == [1, 2, 3, 4, 5]
    assert [exchange.outcome for exchange in client.simulator.wire] == ["refused"] * 4 + ["acknowledged"]
    assert client.simulator.webhooks.pending == 0


async def test_the_waits_are_capped_and_after_seven_days_it_gives_up(started, business, clock):
    client = await started(first_retry_seconds=3600, longest_retry_seconds=86_400)
    business.answers = [500] * 100
    await client.write()
    waits = []
    while client.simulator.webhooks.pending:
        await business.after(len(waits) + 1)
        asleep = asyncio.create_task(clock.when_someone_sleeps())
        at_rest = asyncio.create_task(client.settled())
        done, waiting = await asyncio.wait({asleep, at_rest}, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        if at_rest in done:
            break
        [wait_seconds] = asleep.result()
        waits.append(wait_seconds)
        clock.advance(wait_seconds)
    hours = [wait_seconds / 3600 for wait_seconds in waits]
    assert hours == [1, 2, 4, 8, 16, 24, 24, 24, 24, 24]
    assert client.simulator.webhooks.given_up == 1
    assert client.simulator.webhooks.pending == 0


async def test_updates_wait_until_there_is_an_address(started, business):
    client = await started(webhook_url=None)
    await client.write()
    assert client.simulator.webhooks.pending == 1
    assert list(client.simulator.wire) == []
    client.simulator.webhook_url = business.url
    [post] = await business.after(1)
    assert post.messages


async def test_a_business_that_is_down_gets_its_webhook_when_it_is_back(client, business, clock):
    client.simulator.webhook_url = "http://127.0.0.1:1/webhook"
    await client.write()
    assert await clock.when_someone_sleeps() == [0.5]
    client.simulator.webhook_url = business.url
    clock.advance(0.5)
    assert (await business.after(1))[0].messages


async def test_a_message_waits_for_the_first_attempt_of_the_one_before_but_not_for_another_phone(client, business):
    business.gates["one"] = asyncio.Event()
    await client.write("one")
    await client.write("two")
    await client.write("from another phone", LEAD)
    posts = await business.after(2)
    assert [post.messages[0]["text"]["body"] for post in posts] == ["one", "from another phone"]
    business.gates["one"].set()
    posts = await business.after(3)
    assert posts[2].messages[0]["text"]["body"] == "two"


async def test_a_message_does_not_wait_for_the_retries_of_the_one_before(client, business, clock):
    business.answers = [500]
    await client.write("one")
    await client.write("two")
    posts = await business.after(2)
    assert [post.messages[0]["text"]["body"] for post in posts] == ["one", "two"]


async def test_without_order_a_message_waits_for_no_other(started, business):
    client = await started(in_order=False)
    business.gates["one"] = asyncio.Event()
    await client.write("one")
    await client.write("two")
    assert len(await business.after(2)) == 2
    business.gates["one"].set()


async def test_a_lost_acknowledgement_repeats_the_same_bytes(client, business, clock):
    client.simulator.faults.set({"drop_ack": 1})
    await client.write()
    await business.after(1)
    await clock.when_someone_sleeps()
    clock.advance(0.5)
    first, second = await business.after(2)
    assert first.raw == second.raw
    await client.settled()
    assert [exchange.outcome for exchange in client.simulator.wire] == ["acknowledgement lost", "acknowledged"]


async def test_duplicates_are_posted_as_often_as_told(client, business):
    client.simulator.faults.set({"duplicate": {"copies": 2, "times": 1}})
    first = await client.write("one")
    posts = await business.after(3)
    assert [post.messages[0]["id"] for post in posts] == [first] * 3
    second = await client.write("two")
    assert (await business.after(4))[3].messages[0]["id"] == second


async def test_a_retry_is_not_duplicated(client, business, clock):
    business.answers = [500]
    client.simulator.faults.set({"duplicate": {"copies": 1, "times": 2}})
    await client.write()
    await clock.when_someone_sleeps()
    clock.advance(0.5)
    await client.settled()
    assert client.simulator.faults.shown() == {"duplicate": {"copies": 1, "times": 1}}


async def test_a_batch_holds_messages_and_statuses_over_several_entries_and_changes(client, business):
    await client.write()
    await business.after(1)
    client.simulator.faults.set({"batch": {"size": 10, "times": 1}})
    texts = [await client.write(f"text {n}", number) for n in range(3) for number in (PHONE, LEAD)]
    sends = [(await client.text(number))[1]["messages"][0]["id"] for number in (PHONE, LEAD)]
    post = (await business.after(2))[1]
    assert len(post.body["entry"]) == 3
    assert [len(entry["changes"]) for entry in post.body["entry"]] == [2, 2, 1]
    assert [message["id"] for message in post.messages] == texts
    assert sorted((status["id"], status["status"]) for status in post.statuses) == sorted(
        (send, status) for send in sends for status in ("sent", "delivered")
    )
    assert any(len(value.get("messages", [])) == 2 and len(value["contacts"]) == 2 for value in post.values)
    assert client.simulator.faults.shown() == {}


async def test_a_batch_that_does_not_fill_goes_out_after_a_second(client, business, clock):
    client.simulator.faults.set({"batch": 100})
    await client.write("one")
    await client.write("two")
    assert await clock.when_someone_sleeps() == [1.0]
    assert business.posts == []
    clock.advance(1)
    [post] = await business.after(1)
    assert [message["text"]["body"] for message in post.messages] == ["one", "two"]


async def test_switching_a_batch_off_posts_what_was_collected(client, business):
    client.simulator.faults.set({"batch": 100})
    await client.write("one")
    await client.write("two")
    client.simulator.faults.set({})
    assert len(await business.after(2)) == 2


@pytest.mark.parametrize("seed", range(4))
async def test_reordering_posts_the_same_updates_in_another_order(started, business, clock, seed):
    client = await started(seed=seed)
    client.simulator.faults.set({"reorder": True})
    written = [await client.write(f"text {n}") for n in range(2)]
    await clock.when_someone_sleeps()
    clock.advance(1)
    posted = [post.messages[0]["id"] for post in await business.after(2)]
    assert sorted(posted) == sorted(written)
    assert posted != written


async def test_reordered_updates_are_posted_one_after_the_other(client, business, clock):
    client.simulator.faults.set({"reorder": True})
    business.gates = {"one": asyncio.Event(), "two": asyncio.Event()}
    await client.write("one")
    await client.write("two", LEAD)
    await clock.when_someone_sleeps()
    clock.advance(1)
    await business.after(1)
    assert len(list(client.simulator.wire)) == 1
    for gate in business.gates.values():
        gate.set()
    await business.after(2)


async def test_withheld_receipts_never_come(client, business):
    await client.write()
    client.simulator.faults.set({"withhold_receipts": True})
    await client.text()
    client.simulator.faults.set({})
    await client.text(body="two")
    statuses = await business.after_statuses(2)
    shown = await client.shown()
    assert {status["id"] for status in statuses} == {shown[1]["id"]}
    assert [entry["status"] for entry in shown] == ["delivered", "delivered"]


async def test_held_receipts_come_when_the_hold_ends(client, business):
    await client.write()
    await business.after(1)
    client.simulator.faults.set({"hold_receipts": True})
    await client.text()
    _, phones = await client.control("GET", "/phones")
    assert phones["webhooks"]["held"] == 2
    assert business.statuses == []
    client.simulator.faults.set({})
    assert sorted(status["status"] for status in await business.after_statuses(2)) == ["delivered", "sent"]


async def test_any_body_can_be_posted_signed(client, business):
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "account_update", "value": {}}]}],
    }
    assert (await client.control("POST", "/webhooks", body))[0] == 200
    [post] = await business.after(1)
    assert post.body == body
    digest = hmac.new(b"simulated-app-secret", post.raw, hashlib.sha256).hexdigest()
    assert post.headers["X-Hub-Signature-256"] == f"sha256={digest}"


async def test_stopping_ends_webhooks_that_wait(started, business):
    client = await started(webhook_url=None)
    await client.write()
    await client.simulator.stop()
    assert business.posts == []
