"""Files by Telegram's ids alone, in two hops."""

from typing import Any

import pytest

from aof.domain.errors import MediaTooLarge, MediaUnavailable
from aof.domain.message import Media
from aof.platforms.telegram.sends import Sends
from tests.unit.platforms.telegram.sending.conftest import Telegram


def photo(**changes: Any) -> Media:
    return Media.model_validate({"kind": "image", "id": "AgAC-1_x", **changes})


async def test_a_file_is_had_in_two_hops(sends: Sends, telegram: Telegram) -> None:
    telegram.files["photos/file_7.jpg"] = b"12345"
    fetched = await sends.fetch_media(photo(), most_bytes=5)
    assert (fetched.content, fetched.mime_type) == (b"12345", "image/jpeg")
    fetched = await sends.fetch_media(photo(mime_type="Image/PNG; x=1"), most_bytes=5)
    assert fetched.mime_type == "image/png"


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../x",
        "photos/../x",
        "photos//x",
        "a/./b",
        "https://x.org/a",
        "a?b",
        "a#b",
        "a%2e",
        "",
        None,
        "x" * 301,
    ],
)
async def test_a_path_that_leads_elsewhere_is_not_followed(sends: Sends, telegram: Telegram, path: Any) -> None:
    telegram.next["getFile"].append((200, {"ok": True, "result": {"file_id": "x", "file_path": path}}))
    with pytest.raises(MediaUnavailable):
        await sends.fetch_media(photo(), most_bytes=5)


@pytest.mark.parametrize("media", [photo(id=None), photo(id="../x"), photo(id="")])
async def test_a_file_without_a_proper_id_is_not_asked_for(sends: Sends, telegram: Telegram, media: Media) -> None:
    with pytest.raises(MediaUnavailable):
        await sends.fetch_media(media, most_bytes=5)
    assert telegram.calls == []


async def test_too_large_a_file_is_known_before_or_while_it_is_read(sends: Sends, telegram: Telegram) -> None:
    telegram.files["photos/file_7.jpg"] = b"123456"
    with pytest.raises(MediaTooLarge):  # as getFile says
        await sends.fetch_media(photo(), most_bytes=4)
    with pytest.raises(MediaTooLarge):  # as it turns out
        await sends.fetch_media(photo(), most_bytes=5)
    telegram.refuse("getFile", 400, "Bad Request: file is too big")
    with pytest.raises(MediaTooLarge):
        await sends.fetch_media(photo(), most_bytes=5)


async def test_a_file_that_is_gone_or_cut_is_unavailable(sends: Sends, telegram: Telegram) -> None:
    with pytest.raises(MediaUnavailable, match="HTTP 404"):
        await sends.fetch_media(photo(), most_bytes=5)
    telegram.files["photos/file_7.jpg"] = b"1234"
    with pytest.raises(MediaUnavailable, match="as long as"):
        await sends.fetch_media(photo(), most_bytes=5)
    telegram.refuse("getFile", 400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    with pytest.raises(MediaUnavailable) as caught:
        await sends.fetch_media(photo(), most_bytes=5)
    assert caught.value.code == 400
