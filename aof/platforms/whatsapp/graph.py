"""What all requests to Meta's Graph API have in common: addresses, credentials, and what comes back."""

import hashlib
import hmac
from collections.abc import Mapping

import aiohttp
from yarl import URL

from aof.domain.errors import PlatformError
from aof.platforms.session import what_broke
from aof.platforms.whatsapp.answers import classify, redacted
from aof.platforms.whatsapp.config import WhatsAppConfig


class Graph:
    """The Graph API as one number sees it."""

    def __init__(self, config: WhatsAppConfig, http: aiohttp.ClientSession) -> None:
        self.http = http
        self.phone_number_id = config.phone_number_id
        self.origin = URL(config.api_url).origin()
        self._base = f"{config.api_url}/{config.api_version}"
        self._token = config.access_token
        app_secret = config.app_secret[0].get_secret_value()
        # Apps may demand the proof, no app minds it, and asking first would cost a request; it proves that the caller
        # holds the app's secret and not only a stolen token: https://developers.facebook.com/docs/graph-api/guides/secure-requests
        token = self._token.get_secret_value().encode()
        self._proof = hmac.new(app_secret.encode(), token, hashlib.sha256).hexdigest()
        self._secrets = (*config.secrets, self._proof)

    def url(self, *path: str, **query: str) -> URL:
        """The address of something by its path below the version; pieces of it hold no slash."""
        return URL("/".join((self._base, *path))).with_query(appsecret_proof=self._proof, **query)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token.get_secret_value()}"}

    def refusal(self, status: int, answer: bytes, headers: Mapping[str, str]) -> PlatformError:
        """The error that an answer stands for."""
        return classify(status, answer, headers, phone_number_id=self.phone_number_id, secrets=self._secrets)

    def cause(self, error: BaseException) -> str:
        """What broke a request, for an operator."""
        return redacted(what_broke(error), self._secrets)
