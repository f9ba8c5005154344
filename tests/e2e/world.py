"""A daemon and a simulated WhatsApp, talking over real HTTP on this machine, for tests to live in."""

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from aof.agents.base import Agent
from aof.clock import SteppedClock
from aof.daemon import Daemon, read
from aof.simulator import Settings, Simulator

SECONDS = 45.0
"""After this much real time something that should have come is not coming."""

CREDENTIALS = {
    "WHATSAPP_ACCESS_TOKEN": "token-of-the-test",
    "WHATSAPP_VERIFY_TOKEN": "verify-of-the-test",
    "WHATSAPP_APP_SECRET": "secret-of-the-test",
}

SIMULATED = Settings(
    access_token=CREDENTIALS["WHATSAPP_ACCESS_TOKEN"],
    verify_token=CREDENTIALS["WHATSAPP_VERIFY_TOKEN"],
    app_secret=CREDENTIALS["WHATSAPP_APP_SECRET"],
)
"""A simulator whose number is the one of the configurations here."""

ON_CALL, LEAD = "+15550001001", "+15550002002"


def configuration(api_url: str, *, whatsapp: Mapping[str, Any] | None = None, **spec: Any) -> str:
    """A DaemonConfig of a daemon on WhatsApp."""
    platforms = {"whatsapp": whatsapp_platform(api_url, whatsapp), **spec.pop("platforms", {})}
    return document(platforms, **spec)


def whatsapp_platform(api_url: str, whatsapp: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """`spec.platforms.whatsapp`; whoever writes is let in, unless it says who may talk."""
    return {
        "phone_number_id": Settings().phone_number_id,
        "access_token_env": "WHATSAPP_ACCESS_TOKEN",
        "verify_token_env": "WHATSAPP_VERIFY_TOKEN",
        "app_secret_env": "WHATSAPP_APP_SECRET",
        "api_url": api_url,
        **({"allow_everyone": True} if not any(key.startswith("allow") for key in whatsapp or {}) else {}),
        **(whatsapp or {}),
    }


def document(platforms: Mapping[str, Any], *, port: int = 0, **spec: Any) -> str:
    """A DaemonConfig as text (JSON is YAML)."""
    server = {"host": "127.0.0.1", "port": port, "admin": {"port": 0}}
    # webhooks that a test posts itself carry the times of the platform's samples
    spec["runtime"] = {"max_message_age_secs": 0, **spec.get("runtime", {})}
    whole = {
        "apiVersion": "aof.dev/v1",
        "kind": "DaemonConfig",
        "spec": {"server": server, "platforms": platforms, **spec},
    }
    return json.dumps(whole, indent=2)


class Phone:
    """A person's phone, over the simulator's control API."""

    def __init__(self, control: aiohttp.ClientSession, number: str) -> None:
        self._control = control
        self.number = number
        self._seen = 0

    async def types(self, text: str, **node: Any) -> str:
        """Write a message; return its id."""
        return str((await self._post("messages", {"text": text, **node}))["id"])

    async def sends(self, **node: Any) -> str:
        """Send any kind of message; return its id."""
        return str((await self._post("messages", node))["id"])

    async def next(self) -> dict[str, Any]:
        """The next message from the business, in the order the phone shows them."""
        deadline = asyncio.get_running_loop().time() + SECONDS
        while asyncio.get_running_loop().time() < deadline:
            for message in await self.messages(after=self._seen, wait=5):
                self._seen = message["seq"]
                if message["direction"] == "in" and message["status"] != "failed":
                    return message
        raise AssertionError(f"{self.number} was shown nothing more in {SECONDS:g} s")

    async def messages(self, *, after: int = 0, wait: float = 0) -> list[dict[str, Any]]:
        url = f"/_sim/phones/{self.number}/messages"
        async with self._control.get(url, params={"after": str(after), "wait": str(wait)}) as response:
            assert response.status == 200, await response.text()
            found: list[dict[str, Any]] = (await response.json())["messages"]
            return found

    async def shown(self) -> list[dict[str, Any]]:
        """Everything from the business that the phone really shows."""
        return [m for m in await self.messages() if m["direction"] == "in" and m["status"] != "failed"]

    async def presses(self, message: Mapping[str, Any], title: str) -> str:
        """Tap the button or row with this title."""
        body = {"message_id": message["id"], "action_id": action_of(message, title)}
        return str((await self._post("press", body))["id"])

    async def _post(self, verb: str, body: Mapping[str, Any]) -> dict[str, Any]:
        async with self._control.post(f"/_sim/phones/{self.number}/{verb}", json=body) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status == 200, answer
            return answer


def action_of(message: Mapping[str, Any], title: str) -> str:
    """The id of the button or row with this title."""
    choices = [*(message["buttons"] or ()), *(message["rows"] or ())]
    found = next((choice["id"] for choice in choices if choice["title"] == title), None)
    assert found is not None, f"no {title!r} among {[choice['title'] for choice in choices]}"
    return str(found)


class Side:
    """One simulated platform, over its control API."""

    control: aiohttp.ClientSession
    phones: dict[str, Phone]

    def phone(self, number: str) -> Phone:
        return self.phones.setdefault(number, Phone(self.control, number))

    async def fault(self, **faults: Any) -> None:
        async with self.control.put("/_sim/faults", json=faults) as response:
            assert response.status == 200, await response.text()

    async def wire(self) -> list[dict[str, Any]]:
        """Every request and webhook so far."""
        return (await self._exchanges(0, 0))[0]

    async def sends(self) -> list[dict[str, Any]]:
        """Every request to the platform so far."""
        return [exchange for exchange in await self.wire() if exchange["kind"] == "request"]

    async def wire_until(self, condition: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """Wait until the wire fulfils a condition; return it."""
        async with asyncio.timeout(SECONDS):
            latest = 0
            while True:
                exchanges = await self.wire()
                if condition(exchanges):
                    return exchanges
                _, latest = await self._exchanges(latest, 5)

    async def _exchanges(self, changed_after: int, wait: float) -> tuple[list[dict[str, Any]], int]:
        params = {"changed_after": str(changed_after), "wait": str(wait)}
        async with self.control.get("/_sim/wire", params=params) as response:
            body = await response.json()
            return body["exchanges"], body["latest"]


@dataclass
class World(Side):
    """The simulator, the daemon (which may be stopped and started), and the phones."""

    folder: Path
    clock: SteppedClock
    simulator: Simulator
    control: aiohttp.ClientSession
    config: str
    environ: dict[str, str]
    agent: Callable[[Any], Agent] | None = None
    others: dict[str, Callable[[Any], Agent]] = field(default_factory=dict)
    """Agents beside the one that answers by default, by name; read at each start."""
    daemon: Daemon | None = None
    phones: dict[str, Phone] = field(default_factory=dict)
    _moved: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def on_call(self) -> Phone:
        return self.phone(ON_CALL)

    @property
    def lead(self) -> Phone:
        return self.phone(LEAD)

    @property
    def store(self) -> Any:
        assert self.daemon is not None
        return self.daemon.store

    @property
    def url(self) -> str:
        assert self.daemon is not None
        return f"http://127.0.0.1:{self.daemon.port}"

    async def ready(self) -> tuple[int, dict[str, Any]]:
        """What the operators' port says, with its reasons."""
        assert self.daemon is not None
        async with self.control.get(f"http://127.0.0.1:{self.daemon.admin_port}/ready") as response:
            return response.status, await response.json()

    async def start(self) -> None:
        file = self.folder / "daemon.yaml"
        file.write_text(self.config)
        assembly = read(file, self.environ)
        if self.agent is not None:
            assembly = dataclasses.replace(assembly, agents={"runbook": self.agent, **self.others})
        self.daemon = Daemon(assembly, clock=self.clock, environ=self.environ)
        await self.daemon.start()
        for name in ("accept", "lease_events", "lease_parts", "finish", "settle", "quarantine"):
            self._watch(name)
        self._tell_platform()

    def _tell_platform(self) -> None:
        """Say where webhooks go."""
        self.simulator.webhook_url = f"{self.url}/webhook/whatsapp"

    async def stop(self) -> None:
        if self.daemon is not None:
            daemon, self.daemon = self.daemon, None
            await daemon.stop()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def _watch(self, name: str) -> None:
        """Tell `until` whenever the store has written."""
        store = self.store
        write = getattr(store, name)

        async def watched(*args: Any, **kwargs: Any) -> Any:
            try:
                return await write(*args, **kwargs)
            finally:
                async with self._moved:
                    self._moved.notify_all()

        setattr(store, name, watched)

    async def until(self, condition: Callable[[], Any]) -> None:
        """Wait until an async condition on the store holds; it is looked at after every write."""
        async with asyncio.timeout(SECONDS), self._moved:
            while not await condition():
                await self._moved.wait()

    async def idle(self) -> None:
        """Wait until nothing is open: every event answered, every part settled."""

        async def nothing_open() -> bool:
            counts = await self.store.counts()
            events = counts.events.get("new", 0) + counts.events.get("running", 0)
            return not events and not sum(counts.parts.get(s, 0) for s in ("queued", "sending", "uncertain"))

        await self.until(nothing_open)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database holds, read past the store."""
        assert self.daemon is not None
        return [tuple(row) for row in self.daemon.store._reader.execute(sql, values).fetchall()]

    async def webhook(self, body: bytes, *, signed: bool = True) -> tuple[int, Any]:
        """Post bytes as Meta would; return status and JSON."""
        import hashlib
        import hmac

        secret = self.environ["WHATSAPP_APP_SECRET"].encode()
        signature = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": signature} if signed else {}
        async with self.control.post(f"{self.url}/webhook/whatsapp", data=body, headers=headers) as response:
            return response.status, await response.json()


@asynccontextmanager
async def world(
    folder: Path,
    *,
    agent: Callable[[Any], Agent] | None = None,
    others: Mapping[str, Callable[[Any], Agent]] | None = None,
    settings: Settings | None = None,
    whatsapp: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    start: bool = True,
    **spec: Any,
) -> AsyncIterator[World]:
    """A world that ends with the block."""
    clock = SteppedClock(running=True)
    credentials = {
        "access_token": CREDENTIALS["WHATSAPP_ACCESS_TOKEN"],
        "verify_token": CREDENTIALS["WHATSAPP_VERIFY_TOKEN"],
        "app_secret": CREDENTIALS["WHATSAPP_APP_SECRET"],
    }
    simulator = Simulator(
        dataclasses.replace(settings or Settings(), **credentials), clock=clock, advance=clock.advance
    )
    await simulator.start()
    async with aiohttp.ClientSession(simulator.url) as control:
        made = World(
            folder,
            clock,
            simulator,
            control,
            configuration(simulator.url, whatsapp=whatsapp, **spec),
            {"PATH": "/usr/bin:/bin", **CREDENTIALS, **(environ or {})},
            agent,
            dict(others or {}),
        )
        try:
            if start:
                await made.start()
            yield made
        finally:
            await made.stop()
            await simulator.stop()
