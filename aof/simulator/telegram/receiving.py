"""How the bot asks for updates, and says where they go."""

import re
from typing import Any
from urllib.parse import urlsplit

from aof.simulator.guard import is_loopback
from aof.simulator.telegram.faults import Faults
from aof.simulator.telegram.refusals import OTHER_POLLER, WEBHOOK_ACTIVE, WEBHOOK_TOOK_OVER, Refused, bad
from aof.simulator.telegram.updates import KINDS, Updates
from aof.simulator.telegram.webhook import MOST_CONNECTIONS, Webhook

Json = dict[str, Any]
PORTS = frozenset({443, 80, 88, 8443})
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Receiving:
    """`getUpdates` and the methods about the webhook."""

    def __init__(self, faults: Faults, updates: Updates, webhook: Webhook) -> None:
        self._faults = faults
        self._updates = updates
        self._webhook = webhook

    async def poll(self, parameters: Json) -> list[Json]:
        """`getUpdates`."""
        if self._webhook.url:
            raise Refused(*WEBHOOK_ACTIVE)
        if self._faults.take("conflict"):
            raise Refused(*OTHER_POLLER)
        self._allow(parameters)
        timeout = parameters.get("timeout", 0)
        return await self._updates.poll(parameters.get("offset"), parameters.get("limit", 100), max(0, timeout))

    async def set_webhook(self, parameters: Json) -> tuple[bool, str]:
        """`setWebhook`; the result and its description."""
        url = parameters["url"]
        if not url:
            return await self.delete_webhook(parameters)
        _check_address(url)
        secret = parameters.get("secret_token")
        if secret is not None and not _SECRET.fullmatch(secret):
            raise bad("secret token contains unallowed characters", "secret_token")
        self._allow(parameters)
        if parameters.get("drop_pending_updates"):
            self._updates.drop()
        self._updates.end_poll(Refused(*WEBHOOK_TOOK_OVER))
        was = self._webhook.url
        await self._webhook.set(url, secret, parameters.get("max_connections", MOST_CONNECTIONS))
        return True, "Webhook is already set" if was == url else "Webhook was set"

    async def delete_webhook(self, parameters: Json) -> tuple[bool, str]:
        """`deleteWebhook`; the result and its description."""
        if parameters.get("drop_pending_updates"):
            self._updates.drop()
        was = self._webhook.url
        await self._webhook.set("")
        return True, "Webhook was deleted" if was else "Webhook is already deleted"

    def webhook_state(self) -> Json:
        """`getWebhookInfo`."""
        node: Json = {
            "url": self._webhook.url,
            "has_custom_certificate": False,
            "pending_update_count": self._updates.pending,
        }
        if self._webhook.url:
            node["max_connections"] = self._webhook.max_connections
            node["ip_address"] = "127.0.0.1"
        if self._webhook.last_error is not None:
            date, words = self._webhook.last_error
            node |= {"last_error_date": date, "last_error_message": words}
        if self._updates.allowed:
            node["allowed_updates"] = self._updates.allowed
        return node

    def _allow(self, parameters: Json) -> None:
        """An empty list stands for all but three; without one the last stays."""
        if "allowed_updates" in parameters:
            # Telegram passes over kinds that it does not know
            self._updates.allowed = [kind for kind in parameters["allowed_updates"] if kind in KINDS]


def _check_address(url: str) -> None:
    """Raises:
    Refused: Telegram would not post there; an address of this machine may be without TLS and on any port.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise bad("bad webhook: invalid webhook URL specified", "url") from None
    if parts.scheme in {"http", "https"} and is_loopback(parts.hostname):
        return
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook", "url")
    if not parts.hostname:
        raise bad("bad webhook: invalid webhook URL specified", "url")
    if (port or 443) not in PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443", "url")
