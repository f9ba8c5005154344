"""`aof send`, `aof outbox`, `aof status` and `aof templates` about closed windows and templates."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aof.domain.response import TextPart
from tests.e2e.cli import done, not_done
from tests.e2e.test_window import ACCOUNT, NUDGES, SETTINGS, changed, greeted, parked, silence
from tests.e2e.world import LEAD, ON_CALL, World, world

PEOPLE = [{"name": "Ola", "whatsapp": ON_CALL}, {"name": "Rim", "whatsapp": LEAD}]


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[World]:
    # the commands have the machine's clock, so the silence lies in the past
    async with world(tmp_path, settings=SETTINGS, whatsapp=NUDGES, people=PEOPLE) as found:
        await greeted(found)
        await _long_ago(found)
        yield found


async def _long_ago(world: World) -> None:
    await world.store._writer.do(
        lambda connection: connection.execute("UPDATE conversation SET spoke_at = spoke_at - 90000")
    )
    phone = world.simulator.phone(ON_CALL)
    assert phone.wrote_at is not None
    phone.wrote_at = phone.wrote_at.fromtimestamp(phone.wrote_at.timestamp() - 90_000, phone.wrote_at.tzinfo)


async def test_what_an_operator_writes_to_somebody_silent_is_parked_and_the_command_says_so(night: World) -> None:
    said = (await done(night, "send", "--to", "Ola", "the disk is full")).out
    assert "Ola last wrote 1 d ago: they get the nudge message_waiting, and this follows when they answer." in said
    await parked(night, 1)
    nudge = await night.on_call.next()

    listed = (await done(night, "outbox", "list", "--gate", "window")).out
    assert "window: It follows by itself as soon as the person writes, or taps the nudge." in listed
    (row,) = (await done(night, "outbox", "list", "--gate", "window", "--json")).json["parts"]
    assert row["opens"].startswith("It follows by itself")
    status = (await done(night, "status")).out
    assert "Parked for Ola until they write: 1, since" in status
    assert "The nudge is delivered." in status
    refused = await not_done(night, "outbox", "release", "--gate", "window")
    assert "has to write first" in refused

    await night.on_call.presses(nudge, "Show")
    assert (await night.on_call.next())["text"] == "the disk is full"
    await night.idle()
    assert "Parked" not in (await done(night, "status")).out


async def test_a_nudge_that_failed_is_told_with_what_to_do(night: World) -> None:
    await night.fault(error={"code": 132015, "times": 1})
    await done(night, "send", "--to", "Ola", "the disk is full")
    await parked(night, 1)
    status = " ".join((await done(night, "status")).out.split())
    assert "The nudge failed (The template is paused for its quality" in status
    (nudge,) = [seq for (seq,) in night.rows("SELECT seq FROM outbox WHERE state = 'dead'")]
    assert f"aof outbox retry {nudge}" in status
    await done(night, "outbox", "retry", str(nudge))
    assert (await night.on_call.next())["type"] == "template"


async def test_once_a_nudge_is_configured_what_is_parked_is_released_to_it(tmp_path: Path) -> None:
    async with world(tmp_path, settings=SETTINGS, people=PEOPLE) as night:
        await greeted(night)
        await silence(night)
        found = await night.store.conversation_with(ACCOUNT, ON_CALL)
        await night.store.send(found.conversation, [TextPart(text="full")], by="test", now=night.clock.now())
        await parked(night, 1)
        await _long_ago(night)
        assert "Nothing asks them to" in (await done(night, "status")).out
        refused = await not_done(night, "outbox", "release", "--gate", "window")
        assert "has to write first" in refused


async def test_a_template_is_sent_by_hand_with_its_places_filled(night: World) -> None:
    await done(night, "send", "--to", "Ola", "--template", "message_waiting", "--language", "ar")
    assert (await night.on_call.next())["text"] == "لديك رسالة بانتظارك."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--template", "message_waiting", "--param", "a\nb"), "parameter 1 has a line break"),
        (
            ("--template", "message_waiting", "--param", "fits", "--param", "a    b"),
            "parameter 2 has a line",
        ),
    ],
)
async def test_a_parameter_that_no_template_takes_is_refused(
    night: World, arguments: tuple[str, ...], said: str
) -> None:
    assert said in await not_done(night, "send", "--to", "Ola", *arguments)


async def test_what_the_platform_tells_of_templates_is_listed_and_told_where_it_costs_something(night: World) -> None:
    assert "No notice of a template has come yet" in (await done(night, "templates", "list")).out
    assert "no notice has told of a template" in await not_done(night, "templates", "show", "message_waiting")

    await changed(night, status="PAUSED", reason="people blocked it")
    await changed(night, category="marketing")
    listed = (await done(night, "templates", "list")).out
    assert "message_waiting" in listed
    assert "message_waiting (en_US) is paused: nothing of it is sent" in listed
    shown = (await done(night, "templates", "show", "message_waiting")).out
    assert "people blocked it" in shown
    assert "MARKETING (was UTILITY)" in shown
    (row,) = (await done(night, "templates", "list", "--json")).json["templates"]
    assert (row["state"], row["category"], row["former_category"]) == ("paused", "MARKETING", "UTILITY")
    status = (await done(night, "status")).out
    assert "message_waiting (en_US) is paused" in status
    assert "is filed as MARKETING now, before as UTILITY" in status
    refused = await not_done(night, "send", "--to", "Ola", "--template", "message_waiting", "--language", "en_US")
    assert "the template message_waiting (en_US) is paused" in refused


async def test_a_template_that_is_held_is_not_released_before_the_platform_approves_it(night: World) -> None:
    await changed(night, status="PAUSED")
    await done(night, "send", "--to", "Ola", "the disk is full")
    await parked(night, 1, more=1)
    listed = " ".join((await done(night, "outbox", "list", "--state", "held")).out.split())
    assert "template: It follows by itself once the platform approves the template again." in listed
    assert "is paused" in await not_done(night, "outbox", "release", "--gate", "template")
    assert "The nudge is held by the gate template." in (await done(night, "status")).out
    await changed(night, status="APPROVED")
    assert (await night.on_call.next())["type"] == "template"
