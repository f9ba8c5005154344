"""Media: upload, describe, the second hop, delete."""

import hashlib
import io

import aiohttp
import pytest

from tests.unit.simulator.bodies import message

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100


async def upload(client, content=PNG, mime_type="image/png", **fields):
    form = aiohttp.FormData()
    for name, value in ({"messaging_product": "whatsapp", "type": mime_type} | fields).items():
        if value is not None:
            form.add_field(name, value)
    if content is not None:
        form.add_field("file", io.BytesIO(content), filename="f.bin", content_type="application/octet-stream")
    url = f"{client.simulator.url}/v25.0/{client.simulator.settings.phone_number_id}/media"
    async with client.http.post(url, data=form, headers=client.token) as response:
        return response.status, await response.json()


async def test_an_uploaded_file_can_be_sent_described_fetched_and_deleted(client, clock):
    status, answer = await upload(client)
    assert status == 200
    media_id = answer["id"]
    assert media_id.isdecimal()
    await client.write()
    assert (await client.send(message("image", {"id": media_id})))[0] == 200

    address = f"{client.simulator.url}/v25.0/{media_id}"
    async with client.http.get(address, headers=client.token) as response:
        described = await response.json()
    assert described == {
        "url": described["url"],
        "mime_type": "image/png",
        "sha256": hashlib.sha256(PNG).hexdigest(),
        "file_size": len(PNG),
        "id": media_id,
        "messaging_product": "whatsapp",
    }
    async with client.http.get(described["url"]) as response:
        assert response.status == 401
    async with client.http.get(described["url"], headers=client.token) as response:
        assert (response.content_type, await response.read()) == ("image/png", PNG)
    clock.advance(301)
    async with client.http.get(described["url"], headers=client.token) as response:
        assert response.status == 404

    async with client.http.delete(address, headers=client.token) as response:
        assert await response.json() == {"success": True}
    status, answer = await client.send(message("image", {"id": media_id}))
    assert status == 400
    assert answer["error"]["message"] == (
        "(#100) Param image['id'] is not a valid whatsapp business account media attachment ID"
    )


async def test_media_lapse_after_thirty_days(client, clock):
    _, answer = await upload(client)
    clock.advance(30 * 86_400)
    async with client.http.get(f"{client.simulator.url}/v25.0/{answer['id']}", headers=client.token) as response:
        assert response.status == 400


@pytest.mark.parametrize(
    ("content", "mime_type", "fields", "code"),
    [
        (b"x" * (5 * 1024 * 1024 + 1), "image/jpeg", {}, 131009),
        (b"x" * 512_001, "image/webp", {}, 131009),
        (b"", "image/png", {}, 131009),
        (PNG, "image/bmp", {}, 100),
        (PNG, "image/png", {"messaging_product": None}, 100),
        (None, "image/png", {}, 100),
    ],
    ids=["image over 5 MB", "sticker over 500 KB", "empty", "unknown type", "no product", "no file"],
)
async def test_an_upload_that_meta_does_not_take_is_refused(client, content, mime_type, fields, code):
    status, answer = await upload(client, content, mime_type, **fields)
    assert (status, answer["error"]["code"]) == (400, code)


async def test_an_audio_type_may_name_its_codec(client):
    assert (await upload(client, b"OggS", "audio/ogg; codecs=opus"))[0] == 200


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data", "multipart/form-data; boundary=x"])
async def test_an_upload_that_is_no_multipart_body_is_a_graph_error(client, content_type, caplog):
    url = f"{client.simulator.url}/v25.0/{client.simulator.settings.phone_number_id}/media"
    headers = client.token | {"Content-Type": content_type}
    async with client.http.post(url, data=b"nonsense", headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["error"]["code"] == 100
    assert not caplog.records


async def test_the_number_describes_itself(client):
    address = f"{client.simulator.url}/v25.0/{client.simulator.settings.phone_number_id}"
    async with client.http.get(address, headers=client.token) as response:
        number = await response.json()
    assert (number["id"], number["display_phone_number"]) == ("106540352242922", "15550783881")
    async with client.http.get(address, params={"fields": "quality_rating"}, headers=client.token) as response:
        assert await response.json() == {"quality_rating": "GREEN", "id": "106540352242922"}
