"""Our own platforms, asked what every platform is asked. A new adapter adds one class and gets the whole suite."""

import hashlib
import hmac
import html
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp

from aof.domain.message import Address
from aof.domain.response import Choice
from aof.platforms.base import AnyPlatform
from aof.platforms.telegram import TelegramConfig, TelegramPlatform
from aof.platforms.whatsapp import WhatsAppConfig, WhatsAppPlatform
from aof.testing import SECRETS, TEXT, PlatformCase, PlatformSuite
from tests.conftest import SHARED, absent
from tests.contract import programs


def _samples(folder: str) -> Sequence[Path]:
    found = sorted((SHARED / "samples" / folder).glob("*.json"))
    return found or absent("samples", f"no samples in {SHARED / 'samples' / folder}; set AOF_TEST_SHARED")


def _whatsapp(http: aiohttp.ClientSession) -> AnyPlatform:
    access_token, verify_token, app_secret = SECRETS
    config = WhatsAppConfig.model_validate(
        {
            "phone_number_id": "106540352242922",
            "access_token": access_token,
            "verify_token": verify_token,
            "app_secret": app_secret,
            "allow_everyone": True,
            "allow_live_send": True,
        }
    )
    return WhatsAppPlatform(config, http)


def _whatsapp_signature(body: bytes) -> str:
    return "sha256=" + hmac.new(SECRETS[2].encode(), body, hashlib.sha256).hexdigest()


def _whatsapp_webhook(**message: Any) -> bytes:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"},
        "messages": [{"from": "16505551234", "id": "wamid.one", "timestamp": "1749416383", **message}],
    }
    changes = [{"field": "messages", "value": value}]
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}).encode()


def _whatsapp_tap(type_: str, choice: Choice) -> bytes:
    form = "button" if type_ == "buttons" else type_
    reply = {"type": f"{form}_reply", f"{form}_reply": {"id": choice.id, "title": choice.title}}
    return _whatsapp_webhook(type="interactive", interactive=reply)


def _telegram(http: aiohttp.ClientSession) -> AnyPlatform:
    token, secret, _ = SECRETS
    config = TelegramConfig.model_validate(
        {
            "bot_token": f"9001:{token}",
            "webhook_secret": secret,
            "webhook_url": "https://bot.example.org/webhook/telegram",
            "allow_everyone": True,
        }
    )
    return TelegramPlatform(config, http)


_AMINA = {"id": 55501, "is_bot": False, "first_name": "Amina"}


def _telegram_message(**more: Any) -> dict[str, Any]:
    chat = {"id": 55501, "type": "private", "first_name": "Amina"}
    return {"message_id": 7, "chat": chat, "date": 1749416383, **more}


def _telegram_update(**kinds: Any) -> bytes:
    return json.dumps({"update_id": 800000001, **kinds}).encode()


def _telegram_tap(_: str, choice: Choice) -> bytes:
    keyboard = {"inline_keyboard": [[{"text": choice.title, "callback_data": choice.id}]]}
    carrier = _telegram_message(text="?", reply_markup=keyboard)
    return _telegram_update(callback_query={"id": "43", "from": _AMINA, "data": choice.id, "message": carrier})


def _untagged(text: str) -> str:
    return html.unescape(re.sub("<[^>]*>", "", text))


class TestWhatsApp(PlatformSuite):
    platform_case = PlatformCase(
        name="whatsapp",
        build=_whatsapp,
        sign=_whatsapp_signature,
        typed=_whatsapp_webhook(type="text", text={"body": TEXT}),
        tapped=_whatsapp_tap,
        nobody=Address(chat="+16505551234", number="+16505551234"),
        file_id="1003383421387256",
        samples=lambda: _samples("whatsapp/webhooks"),
    )


class TestTelegram(PlatformSuite):
    platform_case = PlatformCase(
        name="telegram",
        build=_telegram,
        sign=lambda _: SECRETS[1],
        typed=_telegram_update(message=_telegram_message(text=TEXT, **{"from": _AMINA})),
        tapped=_telegram_tap,
        nobody=Address(chat="55501", user_id="55501"),
        file_id="AgACx1b",
        forms={"buttons": "callback"},
        signs_body=False,
        samples=lambda: _samples("telegram/updates"),
        seen=_untagged,
    )


class TestHTTP(PlatformSuite):
    platform_case = PlatformCase(
        name="http",
        build=lambda http: programs.build(http, SECRETS),
        sign=lambda body: programs.signature(body, SECRETS[2]),
        typed=programs.event(text=TEXT),
        tapped=lambda _, choice: programs.event(press={"id": choice.id}),
        headers=programs.HEADERS,
        nobody=Address(chat="ada", user_id="ada"),
    )
