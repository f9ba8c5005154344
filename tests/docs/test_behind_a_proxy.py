"""The nginx of the page, for real: TLS on the outside, the daemon behind it, a phone that shows the answer."""

import asyncio
import io
import json
import os
import signal
import ssl
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from yarl import URL

from tests.docs.pages.source import ROOT
from tests.docs.reading import blocks, file_of
from tests.docs.trying import replaced
from tests.e2e.agents import Echo
from tests.e2e.wire import Logged, holding, logged, message, opened, signature
from tests.e2e.world import CREDENTIALS, SECONDS, World, world
from tests.ports import free_port

PAGE = ROOT / "docs" / "guides" / "behind-a-proxy.md"
HOST = "aof.example.com"
SOMEBODY = "127.0.0.2"
"""An address of this machine that is neither nginx's nor the daemon's."""
MIB = 1024 * 1024

AROUND = """\
{user}
daemon off;
pid nginx.pid;
error_log stderr notice;
events {{}}
http {{
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
{conf}
}}
"""
"""What Debian's nginx.conf has around a file in conf.d, within one folder."""


@dataclass(frozen=True)
class Outside:
    """Whoever calls from the other side of nginx."""

    aof: World
    session: aiohttp.ClientSession
    url: str
    trusted: ssl.SSLContext
    folder: Path
    nginx: asyncio.subprocess.Process

    async def access_log(self) -> str:
        """The whole of it: nginx writes a line after the answer, so it is let come to its end first."""
        self.nginx.send_signal(signal.SIGQUIT)
        async with asyncio.timeout(SECONDS):
            await self.nginx.wait()
        return (self.folder / "access.log").read_text(encoding="utf-8")

    async def ask(
        self, method: str, path: str, *, data: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        async with self.session.request(
            method,
            URL(self.url + path, encoded=True),  # dots in a path go over the wire as they are
            data=data and io.BytesIO(data),
            headers=headers,
            ssl=self.trusted,
            server_hostname=HOST,
            allow_redirects=False,
        ) as response:
            return response.status, await response.text()

    async def deliver(self, body: bytes, **headers: str) -> tuple[int, str]:
        signed = {"X-Hub-Signature-256": signature(body), "Content-Type": "application/json", **headers}
        return await self.ask("POST", "/webhook/whatsapp", data=body, headers=signed)


def _server() -> dict[str, Any]:
    """The keys of the page, with free ports."""
    (text,) = [block.text for block in blocks(PAGE) if block.language == "yaml"]
    server: dict[str, Any] = yaml.safe_load(text)["spec"]["server"]
    return {**server, "port": 0, "admin": {**server["admin"], "port": 0}}


def _certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "fullchain.pem", folder / "privkey.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "1", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


@asynccontextmanager
async def _running(program: str, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """nginx, from the moment it listens to the moment it has ended."""
    started = await asyncio.create_subprocess_exec(
        program, "-p", str(folder), "-c", str(folder / "nginx.conf"), stderr=asyncio.subprocess.PIPE
    )
    assert started.stderr is not None
    said = b""
    async with asyncio.timeout(SECONDS):
        while b"start worker process" not in said:
            line = await started.stderr.readline()
            assert line, said.decode()
            said += line
    reading = asyncio.create_task(started.stderr.read())
    try:
        yield started
    finally:
        if started.returncode is None:
            started.terminate()
        async with asyncio.timeout(SECONDS):
            await started.wait()
            await reading


@pytest.fixture
async def outside(nginx: str, tmp_path: Path) -> AsyncIterator[Outside]:
    echo = Echo()
    async with world(tmp_path, agent=lambda _runner: echo, server=_server()) as aof:
        certificate, key = _certificate(tmp_path)
        port = free_port()
        conf = replaced(
            file_of(PAGE, "aof.conf"),
            {
                "    listen [::]:443 ssl;\n": "",  # this machine may have no IPv6
                "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
                "server 127.0.0.1:8080;": f"server {aof.url.removeprefix('http://')};",
                f"/etc/letsencrypt/live/{HOST}/fullchain.pem": str(certificate),
                f"/etc/letsencrypt/live/{HOST}/privkey.pem": str(key),
                "/var/log/nginx/aof.log": str(tmp_path / "access.log"),
            },
        )
        # workers of another user could not enter this test's folder
        user = "user root;" if os.getuid() == 0 else ""
        (tmp_path / "nginx.conf").write_text(AROUND.format(user=user, conf=conf), encoding="utf-8")
        trusted = ssl.create_default_context(cafile=str(certificate))
        connector = aiohttp.TCPConnector(local_addr=(SOMEBODY, 0))
        async with _running(nginx, tmp_path) as started, aiohttp.ClientSession(connector=connector) as session:
            yield Outside(aof, session, f"https://127.0.0.1:{port}", trusted, tmp_path, started)


async def test_a_signed_webhook_through_tls_is_answered_on_the_phone(outside: Outside) -> None:
    with logged():
        await opened(outside.aof)
        status, said = await outside.deliver(json.dumps(holding(message("kettle through nginx"))).encode())
        assert (status, json.loads(said)) == (200, {"status": "accepted"})
        assert (await outside.aof.on_call.next())["text"] == "You said: kettle through nginx"


async def test_a_webhook_as_large_as_meta_sends_arrives_byte_by_byte(outside: Outside) -> None:
    body = json.dumps(holding(message("kettle", id_="wamid.large"))).encode()
    status, said = await outside.deliver(body + b" " * (3_000_000 - len(body)))
    assert (status, json.loads(said)) == (200, {"status": "accepted"})
    assert outside.aof.rows("SELECT event_id FROM inbox") == [("wamid.large",)]


async def test_five_mebibytes_are_refused_before_the_daemon(outside: Outside) -> None:
    status, said = await outside.deliver(b" " * (5 * MIB))
    assert status == 413
    assert "nginx" in said


@pytest.mark.parametrize(
    "path",
    ["/", "/metrics", "/ready", "/health", "/webhook", "/webhook/../metrics", "/webhook/%2e%2e/ready", "//metrics"],
)
async def test_nothing_but_webhooks_is_passed_on(outside: Outside, path: str) -> None:
    status, said = await outside.ask("GET", path)
    assert status in {301, 404}
    assert "nginx" in said
    assert "reasons" not in said


async def test_the_handshake_is_answered_and_its_token_is_not_logged(outside: Outside) -> None:
    token = CREDENTIALS["WHATSAPP_VERIFY_TOKEN"]
    query = f"hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}"
    assert await outside.ask("GET", f"/webhook/whatsapp?{query}") == (200, "1158201444")
    status, said = await outside.ask("GET", "/webhook/whatsapp")
    assert status == 403
    assert json.loads(said)["error"] in PAGE.read_text(encoding="utf-8")
    access = await outside.access_log()
    assert access.count("GET /webhook/whatsapp") == 2
    assert token not in access


async def test_a_refused_webhook_is_logged_with_its_own_address_whatever_it_claims(outside: Outside) -> None:
    with logged() as log:
        await _refused(outside, log)


async def _refused(outside: Outside, log: Logged) -> None:
    status, _ = await outside.ask(
        "POST",
        "/webhook/whatsapp",
        data=b"{}",
        headers={"X-Hub-Signature-256": "sha256=" + "0" * 64, "X-Forwarded-For": "203.0.113.9"},
    )
    assert status == 401
    assert [line["remote"] for line in log.of("webhook_refused")] == [SOMEBODY]
