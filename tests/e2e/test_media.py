"""Files that people send: what an agent is handed, and what they read where it can't be."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from aof.agents.base import Attachment
from aof.pipeline.attach import MOST_DOCUMENT_BYTES, MOST_IMAGE_BYTES
from tests.e2e.agents import Echo
from tests.e2e.wire import Logged
from tests.e2e.world import CREDENTIALS, World, world

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


class Seer(Echo):
    """Sees pictures and text."""

    def sees(self, mime_type: str) -> bool:
        return mime_type.startswith(("image/", "text/"))


@pytest.fixture
def seer() -> Seer:
    return Seer()


@pytest.fixture
async def seeing(tmp_path: Path, seer: Seer) -> AsyncIterator[World]:
    async with world(tmp_path, agent=lambda _runner: seer) as made:
        yield made


def file(content: bytes, mime_type: str) -> dict[str, str]:
    return {"base64": base64.b64encode(content).decode(), "mime_type": mime_type}


async def shown(
    aof: World, kind: str = "image", *, content: bytes = PICTURE, mime: str = "image/png", **node: Any
) -> str:
    """Send a file; return what the phone then shows."""
    await aof.on_call.sends(**{"type": kind, kind: node, "file": file(content, mime)})
    return str((await aof.on_call.next())["text"])


async def asked_for(aof: World) -> list[str]:
    """The paths that were got from Meta."""
    return [each["url"].partition("?")[0] for each in await aof.sends() if each["method"] == "GET"]


async def test_an_agent_that_sees_gets_the_bytes_and_the_caption(seeing: World, seer: Seer) -> None:
    assert await shown(seeing, caption="which pod is that?") == "You said: which pod is that?"
    (turn,) = seer.turns
    assert turn.attachments == (Attachment("image/png", "", PICTURE),)
    assert len(await asked_for(seeing)) == 2


@pytest.mark.parametrize(
    ("kind", "mime", "question"),
    [
        ("image", "image/png", "Describe this picture: what matters in it?"),
        ("document", "text/plain; charset=utf-8", "Read this document: what matters in it?"),
    ],
)
async def test_a_file_without_a_word_is_asked_about(
    seeing: World, seer: Seer, kind: str, mime: str, question: str
) -> None:
    assert await shown(seeing, kind, mime=mime) == f"You said: {question}"
    assert [one.mime_type for one in seer.turns[0].attachments] == [mime.partition(";")[0]]


@pytest.mark.parametrize(
    ("named", "name"),
    [
        ("log.txt", "log.txt"),
        ("../../etc/passwd", "passwd"),
        ("\\\\host\\share\\a.txt", "a.txt"),
        ("a\nb\u202egnp.txt", "abgnp.txt"),
        ("x" * 300, "x" * 100),
        ("..", ".."),
        ("/", ""),
    ],
)
async def test_a_name_is_only_shown(seeing: World, seer: Seer, named: str, name: str) -> None:
    await shown(seeing, "document", content=b"text", mime="text/plain", filename=named)
    assert seer.turns[0].attachments == (Attachment("text/plain", name, b"text"),)


@pytest.mark.parametrize(
    ("kind", "mime"),
    [
        ("document", "application/pdf"),
        ("audio", "audio/ogg"),
        ("video", "video/mp4"),
        ("sticker", "image/webp"),
    ],
)
async def test_what_an_agent_does_not_see_is_not_fetched(seeing: World, seer: Seer, kind: str, mime: str) -> None:
    assert (await shown(seeing, kind, mime=mime)).startswith("ℹ️ I can't read ")
    assert seer.turns == []
    assert await asked_for(seeing) == []


async def test_an_agent_that_sees_nothing_answers_the_caption(aof: World, echo: Echo) -> None:
    text = await shown(aof, caption="disk")
    assert text == "I can't read pictures yet; this answers what you wrote with it.\n\nYou said: disk"
    assert echo.turns[0].attachments == ()
    assert await asked_for(aof) == []


async def test_a_command_under_a_picture_fetches_nothing(seeing: World, seer: Seer) -> None:
    assert "/status" in await shown(seeing, caption="/help")
    assert await asked_for(seeing) == []


@pytest.mark.parametrize(
    ("mime", "bytes_", "limit"),
    [("image/jpeg", MOST_IMAGE_BYTES + 1, 5), ("text/plain", MOST_DOCUMENT_BYTES + 1, 10)],
)
async def test_too_large_a_file_is_told_by_its_limit(
    seeing: World, seer: Seer, mime: str, bytes_: int, limit: int
) -> None:
    medium = seeing.simulator.media.store(b"x" * bytes_, mime, seeing.clock.now())
    node = {"id": medium.id, "mime_type": mime}
    await seeing.on_call.sends(type="document", document={**node, "caption": "disk"})
    text = (await seeing.on_call.next())["text"]
    assert text.startswith(f"Your file has more than {limit} MB, which is more than I read; this answers")
    assert text.endswith("\n\nYou said: disk")
    assert seer.turns[0].attachments == ()
    await seeing.on_call.sends(type="document", document=node)
    text = (await seeing.on_call.next())["text"]
    assert text == f"ℹ️ Your file has more than {limit} MB, which is more than I read. Send a smaller one."
    assert len(seer.turns) == 1


@pytest.mark.parametrize("caption", ["disk", ""])
async def test_a_file_that_is_gone_costs_a_sentence_only(seeing: World, seer: Seer, log: Logged, caption: str) -> None:
    await seeing.on_call.sends(type="image", image={"id": "123", "mime_type": "image/png", "caption": caption})
    text = (await seeing.on_call.next())["text"]
    if caption:
        assert text == "Your file did not reach me; this answers what you wrote with it.\n\nYou said: disk"
        assert seer.turns[0].attachments == ()
    else:
        assert text == "ℹ️ Your file did not reach me. Send it again."
        assert seer.turns == []
    (told,) = [line for line in log.lines if line["event"] == "media_unavailable"]
    assert (told["code"], told["kind"]) == (100, "image")


async def test_another_file_than_was_sent_is_not_handed_over(seeing: World, seer: Seer) -> None:
    medium = seeing.simulator.media.store(PICTURE, "image/png", seeing.clock.now())
    other = base64.b64encode(hashlib.sha256(b"another").digest()).decode()
    node = {"id": medium.id, "mime_type": "image/png", "sha256": other, "caption": "disk"}
    await seeing.on_call.sends(type="image", image=node)
    assert (await seeing.on_call.next())["text"].startswith("Your file did not reach me;")
    assert seer.turns[0].attachments == ()


async def test_nothing_of_a_file_stays(seeing: World, tmp_path: Path) -> None:
    marked = b"\x89PNG" + b"planted-bytes-of-a-picture" * 100
    await shown(seeing, content=marked, caption="look")
    await seeing.idle()
    await seeing.stop()
    kept = await asyncio.to_thread(written_below, tmp_path)
    assert kept
    for planted in (b"planted-bytes", base64.b64encode(marked)[:40], CREDENTIALS["WHATSAPP_ACCESS_TOKEN"].encode()):
        assert [path for path, content in kept.items() if planted in content] == []


def written_below(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
