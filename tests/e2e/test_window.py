"""Outside the 24 hours: what is meant for somebody is parked, they are nudged once, and it follows their word."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aof.domain.response import TextPart
from aof.simulator import Settings
from aof.simulator.settings import HELLO_WORLD, TemplateSettings, WindowRefusal
from tests.e2e.world import ON_CALL, World, world

HOUR = 3600
NUDGE = TemplateSettings("message_waiting", "en_US", "A message waits for you.", buttons=("Show",))
ARABIC = TemplateSettings("message_waiting", "ar", "لديك رسالة بانتظارك.", buttons=("اعرض",))
SETTINGS = Settings(templates=(HELLO_WORLD, NUDGE, ARABIC))
NUDGES = {"templates": {"nudge": {"name": "message_waiting", "languages": {"en": "en_US", "ar": "ar"}}}}
ACCOUNT = f"whatsapp:{SETTINGS.phone_number_id}"


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[World]:
    """A daemon with a nudge, whose person on call has written once and been answered."""
    async with world(tmp_path, settings=SETTINGS, whatsapp=NUDGES) as found:
        await greeted(found)
        yield found


async def greeted(world: World, text: str = "hello") -> None:
    await world.on_call.types(text)
    await world.on_call.next()
    await world.idle()


async def silence(world: World, hours: float = 25) -> None:
    """Nobody says anything for a while."""
    world.clock.advance(hours * HOUR)


async def notices(world: World, *texts: str) -> list[str]:
    """An operator writes, as `aof send` does; return the part ids."""
    found = await world.store.conversation_with(ACCOUNT, ON_CALL)
    ids: list[str] = await world.store.send(
        found.conversation, [TextPart(text=text) for text in texts], by="test", now=world.clock.now()
    )
    return ids


async def states(world: World) -> dict[str, tuple[str, str | None]]:
    return {part: (state, gate) for part, state, gate in world.rows("SELECT part, state, gate FROM outbox")}


async def parked(world: World, count: int, *, more: int = 0) -> None:
    """Wait until so many parts are parked, so many more are held otherwise, and nothing is open."""

    async def are() -> bool:
        rows = world.rows("SELECT sum(gate = 'window'), sum(gate <> 'window') FROM outbox WHERE state = 'held'")
        return rows == [(count, more)]

    await world.until(are)
    await world.idle()


async def said(world: World, count: int) -> list[str]:
    """The texts of the next messages that the phone shows."""
    return [(await world.on_call.next())["text"] for _ in range(count)]


async def nudges(world: World) -> int:
    return len([message for message in await world.on_call.shown() if message["type"] == "template"])


async def test_after_25_hours_of_silence_a_notice_gives_the_nudge_and_the_parked_text_follows_the_answer_in_order(
    night: World,
) -> None:
    await silence(night)
    lines = "\n".join(f"line {n}" for n in range(30))
    await notices(night, "disk is full", lines, "and the third")
    await parked(night, 3)
    nudge = await night.on_call.next()
    assert (nudge["type"], nudge["text"]) == ("template", "A message waits for you.")

    await night.on_call.presses(nudge, "Show")
    assert await said(night, 3) == ["disk is full", lines, "and the third"]
    await night.idle()
    assert not night.rows("SELECT 1 FROM closed_window")
    assert await nudges(night) == 1


async def test_what_is_parked_follows_at_the_rate_of_one_person(night: World) -> None:
    await silence(night)
    await notices(night, *(f"notice {n}" for n in range(60)))
    await parked(night, 60)
    await night.on_call.presses(await night.on_call.next(), "Show")

    shown = await said(night, 40)
    await night.until(lambda: _paced(night))
    night.clock.advance(120)
    assert shown + await said(night, 20) == [f"notice {n}" for n in range(60)]
    codes = {exchange["status"] for exchange in await night.sends()}
    assert codes == {200}, "the number kept below its own rate, so nothing was refused"


async def _paced(world: World) -> bool:
    return bool(world.rows("SELECT 1 FROM outbox WHERE state = 'queued' AND error LIKE 'paced%'"))


async def test_what_they_say_instead_of_a_tap_is_answered_after_what_was_parked(night: World) -> None:
    await silence(night)
    await notices(night, "disk is full")
    await parked(night, 1)
    await night.on_call.next()
    await night.on_call.types("/version")
    first, second = await said(night, 2)
    assert first == "disk is full"
    assert "/version" in second or "aof" in second


async def test_one_nudge_for_one_closed_window_however_much_is_parked(night: World) -> None:
    await silence(night)
    for n in range(4):
        await notices(night, f"notice {n}")
        await parked(night, n + 1)
        await silence(night, 5)
    nudge = await night.on_call.next()
    assert await nudges(night) == 1
    await night.on_call.presses(nudge, "Show")
    assert await said(night, 4) == [f"notice {n}" for n in range(4)]
    await night.idle()

    await silence(night)
    await notices(night, "the next night")
    await parked(night, 1)
    assert (await night.on_call.next())["type"] == "template"


async def test_a_second_tap_on_a_nudge_says_that_nothing_waits(night: World) -> None:
    await silence(night)
    await notices(night, "disk is full")
    await parked(night, 1)
    nudge = await night.on_call.next()
    await night.on_call.presses(nudge, "Show")
    assert await said(night, 1) == ["disk is full"]
    await night.on_call.presses(nudge, "Show")
    assert "Nothing waits for you any more." in (await said(night, 1))[0]


@pytest.mark.parametrize("refusal", ["receipt", "answer"])
async def test_a_refusal_that_comes_though_the_window_seems_open_parks_the_part_once(
    tmp_path: Path, refusal: WindowRefusal
) -> None:
    async with world(tmp_path, settings=replace(SETTINGS, window_refusal=refusal), whatsapp=NUDGES) as night:
        await greeted(night)
        phone = night.simulator.phone(ON_CALL)
        assert phone.wrote_at is not None
        phone.wrote_at -= timedelta(hours=25)
        await notices(night, "disk is full", "and the queue")
        await parked(night, 2)
        nudge = await night.on_call.next()
        assert await nudges(night) == 1
        night.clock.advance(1)  # Meta tells when somebody wrote in whole seconds
        await night.on_call.presses(nudge, "Show")
        assert await said(night, 2) == ["disk is full", "and the queue"]
        await night.idle()
        assert not night.rows("SELECT 1 FROM outbox WHERE state NOT IN ('sent', 'delivered', 'read')")


@pytest.mark.parametrize("fault", ["fail_later", "error"])
async def test_a_second_refusal_of_the_same_part_buries_it(night: World, fault: str) -> None:
    await night.fault(**{fault: {"code": 131047, "times": 1}})
    (part,) = await notices(night, "disk is full")
    await parked(night, 1)
    nudge = await night.on_call.next()
    await night.fault(**{fault: {"code": 131047, "times": 1}})
    night.clock.advance(1)  # Meta tells when somebody wrote in whole seconds
    await night.on_call.presses(nudge, "Show")

    async def is_buried() -> bool:
        rows = night.rows("SELECT 1 FROM outbox WHERE part = ? AND state IN ('failed', 'dead') AND code = 131047", part)
        return bool(rows)

    await night.until(is_buried)
    await night.idle()
    assert await nudges(night) == 1
    assert not night.rows("SELECT 1 FROM outbox WHERE state = 'held'")


async def test_where_no_nudge_is_configured_the_part_waits_and_says_what_to_write(tmp_path: Path) -> None:
    async with world(tmp_path, settings=SETTINGS) as night:
        await greeted(night)
        await silence(night)
        await notices(night, "disk is full")
        await parked(night, 1)
        ((why,),) = night.rows("SELECT error FROM outbox WHERE state = 'held'")
        assert "spec.platforms.whatsapp.templates.nudge" in why
        await night.on_call.types("/version")
        assert await said(night, 1) == ["disk is full"]


async def test_whoever_speaks_arabic_is_nudged_in_arabic(tmp_path: Path) -> None:
    async with world(tmp_path, settings=SETTINGS, whatsapp=NUDGES) as night:
        await greeted(night, "مرحبا")
        await silence(night)
        await notices(night, "disk is full")
        await parked(night, 1)
        assert await said(night, 1) == ["لديك رسالة بانتظارك."]


async def test_a_nudge_that_fails_leaves_the_part_parked_until_they_write_by_themselves(night: World) -> None:
    await silence(night)
    await night.fault(error={"code": 132015, "times": 1})
    await notices(night, "disk is full")
    await parked(night, 1)
    (waiting,) = await night.store.closed_windows()
    assert (waiting.parked, waiting.nudge.state, waiting.nudge.code) == (1, "dead", 132015)
    await notices(night, "and the queue")
    await parked(night, 2)
    assert await nudges(night) == 0
    await night.on_call.types("/version")
    assert await said(night, 2) == ["disk is full", "and the queue"]


async def test_what_is_over_by_the_time_they_write_is_not_said(night: World) -> None:
    await silence(night)
    old, _ = await notices(night, "for an hour", "for good")
    await parked(night, 2)
    until = (night.clock.now() + timedelta(hours=1)).timestamp()
    await night.store._writer.do(
        lambda connection: connection.execute("UPDATE outbox SET until = ? WHERE part = ?", (until, old))
    )
    await silence(night, 2)
    await night.on_call.presses(await night.on_call.next(), "Show")
    assert await said(night, 1) == ["for good"]
    assert night.rows("SELECT state, error FROM outbox WHERE part = ?", old) == [
        ("dead", "what it says was true for a while only, and that is over")
    ]


async def test_an_answer_to_a_message_that_was_long_under_way_is_parked(night: World) -> None:
    written = int(night.clock.now().timestamp()) - HOUR
    spoken = night.rows("SELECT spoke_at FROM conversation")
    await silence(night)
    await night.on_call.sends(type="text", text={"body": "/version"}, timestamp=str(written))
    await parked(night, 1)
    assert night.rows("SELECT spoke_at FROM conversation") == spoken, "what came later was written earlier"
    assert (await night.on_call.next())["type"] == "template"


async def test_a_reaction_opens_no_window(night: World) -> None:
    await silence(night)
    await notices(night, "disk is full")
    await parked(night, 1)
    nudge = await night.on_call.next()
    await night.on_call.sends(type="reaction", reaction={"message_id": nudge["id"], "emoji": "👍"})
    await night.until(lambda: _reacted(night))
    assert (await night.store.counts()).parts["held"] == 1


async def _reacted(world: World) -> bool:
    return bool(world.rows("SELECT 1 FROM inbox WHERE kind = 'reaction'"))


async def test_a_paused_nudge_is_held_and_leaves_as_soon_as_the_platform_approves_it_again(night: World) -> None:
    await changed(night, status="PAUSED", reason="people blocked it")
    await silence(night)
    await notices(night, "disk is full")
    await parked(night, 1, more=1)
    (waiting,) = await night.store.closed_windows()
    assert (waiting.nudge.state, waiting.nudge.gate) == ("held", "template")
    assert not [request for request in await night.sends() if "message_waiting" in str(request["body"])]

    await changed(night, status="APPROVED")
    assert await said(night, 1) == ["A message waits for you."]


async def test_whoever_opted_out_is_neither_nudged_nor_sent_what_was_parked(night: World) -> None:
    await silence(night)
    await notices(night, "disk is full")
    await parked(night, 1)
    await night.on_call.next()
    await night.on_call.types("STOP")
    await night.on_call.next()
    await night.idle()
    assert night.rows("SELECT gate FROM outbox WHERE state = 'held'") == [("consent",)]

    await silence(night)
    await notices(night, "and the queue")
    await night.idle()
    assert night.rows("SELECT gate FROM outbox WHERE state = 'held'") == [("consent",), ("consent",)]
    assert await nudges(night) == 1


async def changed(world: World, **wanted: str) -> None:
    """Change the template at the platform, and wait until its notice was read."""
    seen = len(world.rows("SELECT 1 FROM notice"))
    async with world.control.post("/_sim/templates/message_waiting/en_US", json=wanted) as response:
        assert response.status == 200, await response.text()

    async def is_told() -> bool:
        return len(world.rows("SELECT 1 FROM notice")) > seen

    await world.until(is_told)
