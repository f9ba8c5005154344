"""Who is let in on Telegram: in groups that are listed, and by a link that an operator gave out."""

import re
from pathlib import Path

from tests.e2e.agents import Echo
from tests.e2e.cli import done
from tests.e2e.telegram import AMINA, BOT, FORUM, GROUP, OMAR, STRANGER, TELEGRAM_CREDENTIALS, telegram_world

TRIGGERS = """\
kind: Trigger
metadata: {{name: room}}
spec:
  type: Telegram
  config: {{group_messages: all, allowed_groups: [{room}], users: [{amina}]}}
---
kind: Trigger
metadata: {{name: rest}}
spec: {{type: Telegram}}
"""


async def test_in_a_group_that_is_listed_who_is_listed_is_answered_also_after_it_moved(
    tmp_path: Path, echo: Echo
) -> None:
    (tmp_path / "doors").mkdir()
    (tmp_path / "doors" / "room.yaml").write_text(TRIGGERS.format(room=GROUP, amina=AMINA))
    listed = {"allowed_users": [AMINA, OMAR], "allowed_groups": [GROUP]}
    triggers = {"directory": str(tmp_path / "doors")}
    async with telegram_world(tmp_path, agent=lambda _: echo, telegram=listed, triggers=triggers) as aof:
        await aof.posts(FORUM, AMINA, f"@{BOT} in another group")
        await aof.posts(GROUP, STRANGER, f"@{BOT} from a stranger")
        await aof.posts(GROUP, OMAR, f"@{BOT} from omar")
        await aof.posts(GROUP, OMAR, "from omar to the others")
        await aof.taken()
        await aof.idle()
        assert [turn.text for turn in echo.turns] == ["from omar"]
        moved = await aof.migrates(GROUP)
        await aof.posts(moved, OMAR, f"@{BOT} after the move")
        await aof.taken()
        await aof.idle()
        assert [turn.text for turn in echo.turns] == ["from omar", "after the move"]
        assert await aof.group(FORUM) == []


async def test_whoever_follows_a_link_first_is_let_in(tmp_path: Path, echo: Echo) -> None:
    async with telegram_world(tmp_path, agent=lambda _: echo, telegram={"allowed_groups": []}) as aof:
        await aof.taken()
        link = (await done(aof, "people", "invite", "Ola", **TELEGRAM_CREDENTIALS)).out
        found = re.search(rf"https://t\.me/{BOT}\?start=([A-Za-z0-9_-]{{22}})\n", link)
        assert found, link
        await aof.stranger.types(f"/start {found.group(1)}")
        assert "You are let in, as Ola." in (await aof.stranger.next())["text"]
        await aof.omar.types(f"/start {found.group(1)}")
        assert "Give this code to its admin" in (await aof.omar.next())["text"]
        await aof.stranger.types("anything")
        assert (await aof.stranger.next())["text"] == "You said: anything"
