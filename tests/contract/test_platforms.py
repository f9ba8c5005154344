"""What every chat platform promises, whichever it is. A new adapter adds one `Case` and gets the whole suite."""

import hashlib
import hmac
import html
import json
import logging
import re
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, cast

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aof.domain.errors import MediaUnavailable, PayloadRejected, PlatformError
from aof.domain.message import Address, ButtonPress, InboundMessage, Media, Spoken
from aof.domain.response import (
    Action,
    ButtonsPart,
    Choice,
    DocumentPart,
    ListPart,
    Response,
    Status,
    TextPart,
    choices_of,
)
from aof.formatting.render import render
from aof.platforms.base import (
    AnswersPresses,
    AnyPlatform,
    Connects,
    FetchesMedia,
    MenuCommand,
    Polls,
    PublishesMenu,
    ShowsProgress,
    ShowsTyping,
    UploadsMedia,
)
from aof.platforms.telegram import TelegramConfig, TelegramPlatform
from aof.platforms.whatsapp import WhatsAppConfig, WhatsAppPlatform
from aof.texts.language import Language
from tests.conftest import SHARED, absent
from tests.contract import programs

SECRETS = ("planted-access-token-1", "planted-verify-token-2", "planted-app-secret-3")
TEXT = "a person's own words"


@dataclass(frozen=True)
class Case:
    """One adapter, and what only its author can know about it."""

    name: str
    build: Callable[[aiohttp.ClientSession], AnyPlatform]
    """With the planted secrets as its credentials and its gate open."""
    sign: Callable[[bytes], str]
    """The platform's right signature of a body."""
    typed: bytes
    """A webhook in which one person sends TEXT."""
    tapped: Callable[[str, Choice], bytes]
    """A webhook in which a person taps a choice that a part of a type shows: `buttons` or `list`."""
    nobody: Address
    """Somebody who could be written to."""
    file_id: str
    """A name that a file could have there."""
    forms: Mapping[str, str] = field(default_factory=lambda: {"buttons": "button", "list": "list"})
    """The form of a press by the type of the part that carried it."""
    signs_body: bool = True
    """Whether the signature is of the body; else it is a word that goes with every body."""
    samples: str = ""
    """The folder of captured webhooks; empty where nobody has published any."""
    seen: Callable[[str], str] = str
    """What a person sees of a text in the platform's marks, where those do not count towards its limits."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """What comes with each webhook beside its signature."""

    def __str__(self) -> str:
        return self.name


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


CASES = [
    Case(
        name="whatsapp",
        build=_whatsapp,
        sign=_whatsapp_signature,
        typed=_whatsapp_webhook(type="text", text={"body": TEXT}),
        tapped=_whatsapp_tap,
        nobody=Address(chat="+16505551234", number="+16505551234"),
        file_id="1003383421387256",
        samples="whatsapp/webhooks",
    ),
    Case(
        name="telegram",
        build=_telegram,
        sign=lambda _: SECRETS[1],
        typed=_telegram_update(message=_telegram_message(text=TEXT, **{"from": _AMINA})),
        tapped=_telegram_tap,
        nobody=Address(chat="55501", user_id="55501"),
        file_id="AgACx1b",
        forms={"buttons": "callback"},
        signs_body=False,
        samples="telegram/updates",
        seen=_untagged,
    ),
    Case(
        name="http",
        build=lambda http: programs.build(http, SECRETS),
        sign=lambda body: programs.signature(body, SECRETS[2]),
        typed=programs.event(text=TEXT),
        tapped=lambda _, choice: programs.event(press={"id": choice.id}),
        headers=programs.HEADERS,
        nobody=Address(chat="ada", user_id="ada"),
        file_id="none",
    ),
]


class _Talkative:
    """A session on which every request fails with an error that quotes all it was given."""

    def __getattr__(self, method: str) -> Callable[..., NoReturn]:
        def fail(*arguments: Any, **named: Any) -> NoReturn:
            raise aiohttp.ClientError(f"{method} {arguments} {named}")

        return fail


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    return cast("Case", request.param)


@pytest.fixture
def platform(case: Case) -> AnyPlatform:
    """Without a network: whatever asks for one without being told to send fails."""
    return case.build(cast("aiohttp.ClientSession", None))


def test_the_facts_of_the_platform_are_there(case: Case, platform: AnyPlatform) -> None:
    assert platform.name == case.name
    assert platform.account.startswith(f"{case.name}:")
    assert isinstance(platform.config, platform.config_model)
    assert platform.signature_header
    assert platform.rates.per_second > 0
    assert platform.rates.pair_burst >= 1


# --- who is believed


def test_the_right_signature_is_believed(case: Case, platform: AnyPlatform) -> None:
    assert platform.verify_signature(case.typed, case.sign(case.typed), case.headers)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda _: "", id="missing"),
        pytest.param(lambda _: " ", id="blank"),
        pytest.param(lambda right: right[:-1], id="truncated"),
        pytest.param(lambda right: right[: len(right) // 2], id="halved"),
        pytest.param(lambda right: right + "0", id="longer"),
        pytest.param(lambda right: right + "\n", id="line break"),
        pytest.param(lambda right: right.upper(), id="uppercase"),
        pytest.param(lambda right: right.rpartition("=")[2], id="without its prefix"),
        pytest.param(lambda right: right[:-1] + ("0" if right[-1] != "0" else "1"), id="last digit"),
        pytest.param(lambda right: right[:-1] + "é", id="non-ASCII"),
        pytest.param(lambda right: right[:-1] + "\udcff", id="a byte that is no text"),
        pytest.param(lambda right: "٠" * len(right), id="other digits"),
        pytest.param(lambda right: f"{right},{right}", id="twice"),
        pytest.param(lambda right: re.sub(r"^[a-z0-9]+=", "sha1=", right), id="older method"),
    ],
)
def test_no_other_signature_is_believed(case: Case, platform: AnyPlatform, spoil: Callable[[str], str]) -> None:
    right = case.sign(case.typed)
    spoilt = spoil(right)
    if spoilt == right:
        pytest.skip("its signature has nothing of the kind")
    assert platform.verify_signature(case.typed, spoilt, case.headers) is False


@pytest.mark.parametrize("spoil", [lambda body: body + b" ", lambda body: body[:-1], lambda _: b""])
def test_the_signature_of_another_body_is_not_believed(
    case: Case, platform: AnyPlatform, spoil: Callable[[bytes], bytes]
) -> None:
    if not case.signs_body:
        pytest.skip("its signature is a word that goes with every body")
    assert platform.verify_signature(spoil(case.typed), case.sign(case.typed), case.headers) is False


@pytest.mark.parametrize("mode", ["subscribe", "", "unsubscribe"])
@pytest.mark.parametrize("token", ["", "wrong", "\udcff"])
def test_a_handshake_with_a_wrong_token_is_refused(platform: AnyPlatform, mode: str, token: str) -> None:
    assert platform.verify_webhook(mode, token, "challenge") is None


# --- what arrives


def test_a_typed_text_is_one_message_of_this_account(case: Case, platform: AnyPlatform) -> None:
    (event,) = platform.parse_message(case.typed)
    assert isinstance(event, InboundMessage)
    assert (event.platform, event.account, event.text) == (case.name, platform.account, TEXT)
    assert event.sender.key
    assert event.chat_id
    assert event.sent_at is not None
    assert event.sent_at.tzinfo is not None


@pytest.mark.parametrize("kind", ["typed", "tapped"])
def test_a_repeated_webhook_gives_the_same_events_whatever_its_bytes(
    case: Case, platform: AnyPlatform, kind: str
) -> None:
    first = case.typed if kind == "typed" else case.tapped("buttons", Choice(id="1", title="One", action_id="1"))
    again = json.dumps(json.loads(first), indent=2).encode()
    events, repeated = platform.parse_message(first), platform.parse_message(again)
    assert platform.parse_message(first) == events
    assert [event.event_id for event in repeated] == [event.event_id for event in events] != []


def test_every_captured_webhook_becomes_events(case: Case, platform: AnyPlatform) -> None:
    for path in _samples(case):
        events = platform.parse_message(path.read_bytes())
        assert events, path.name
        for event in events:
            assert (event.platform, event.account) == (case.name, platform.account)
            assert event.event_id
            assert not isinstance(event, Spoken) or event.raw.isascii()
            # what is stored is read again as it was
            assert type(event).model_validate_json(event.model_dump_json()) == event


def _samples(case: Case) -> list[Path]:
    if not case.samples:
        pytest.skip("nobody has published any")
    found = sorted((SHARED / "samples" / case.samples).glob("*.json"))
    return found or absent("samples", f"no samples of {case.name} in {SHARED}; set AOF_TEST_SHARED")


STRANGE = [
    b"",
    b" ",
    b"{}",
    b"[]",
    b"null",
    b"true",
    b"7",
    b'"text"',
    b"{",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf{}",
    b"a=1&b=2",
    b"<xml/>",
    b"[" * 200_000,
    b'{"a":' * 200_000,
    b"9" * 10_000,
    b'{"entry":[[[[]]]]}',
    b'{"entry":[{"changes":[{"value":{"messages":["x"]}}]}]}',
    b'{"update_id":"x","message":[]}',
]


@pytest.mark.parametrize("body", STRANGE, ids=lambda body: repr(body[:30]))
def test_a_strange_body_has_an_outcome(platform: AnyPlatform, body: bytes) -> None:
    try:
        events = platform.parse_message(body)
    except PayloadRejected:
        return
    assert not [event for event in events if isinstance(event, InboundMessage | ButtonPress)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_one_changed_byte_has_an_outcome(case: Case, platform: AnyPlatform, place: int, byte: int) -> None:
    body = bytearray(case.typed)
    body[place % len(body)] = byte
    try:
        events = platform.parse_message(bytes(body))
    except PayloadRejected:
        return
    assert len(events) == 1


# --- what is shown

responses = st.builds(
    Response,
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=3000).filter(str.strip),
    status=st.none() | st.sampled_from(Status),
    actions=st.lists(
        st.builds(
            Action,
            id=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300),
            title=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
            description=st.text(st.characters(exclude_categories=["Cs"]), max_size=100),
        ),
        max_size=12,
    ).map(tuple),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(response=responses)
def test_every_part_keeps_the_limits_and_every_choice_comes_back(
    case: Case, platform: AnyPlatform, response: Response
) -> None:
    limits = platform.limits
    for part in render(response, limits, platform.markup).parts:
        match part:
            case TextPart():
                assert limits.text.allows(case.seen(part.text))
                continue  # its numbers are typed, not tapped
            case ButtonsPart():
                allowed = limits.buttons
            case ListPart():
                allowed = limits.rows
                assert limits.list_label is not None
                assert limits.list_label.allows(part.label)
            case _:
                pytest.fail(f"a response does not become a {part.type}")
        assert allowed is not None
        assert limits.body.allows(case.seen(part.text))
        assert 1 <= len(choices_of(part)) <= allowed.most
        for choice in choices_of(part):
            assert allowed.id.allows(choice.id)
            assert allowed.title.allows(choice.title)
            assert allowed.description is None or allowed.description.allows(choice.description)
            (event,) = platform.parse_message(case.tapped(part.type, choice))
            assert isinstance(event, ButtonPress)
            assert (event.form, event.action_id) == (case.forms[part.type], choice.id)
            assert event.sender.key
            assert event.chat_id


# --- files

DOCUMENT = DocumentPart(name="answer.txt", text="all of it")
UNUSABLE_IDS = ["../me", "..", "a/b", "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1/x", "\\\\host\\share", ""]


def test_who_takes_files_beforehand_says_how_large(platform: AnyPlatform) -> None:
    assert not isinstance(platform, UploadsMedia) or platform.limits.document is not None


async def test_a_document_without_its_upload_has_not_begun(case: Case) -> None:
    platform = case.build(cast("aiohttp.ClientSession", _Talkative()))
    if not isinstance(platform, UploadsMedia):
        pytest.skip("it takes no files beforehand")
    begun: list[None] = []

    async def begin() -> None:
        begun.append(None)

    with pytest.raises(PlatformError) as caught:
        await platform.send_part(case.nobody, DOCUMENT, part_id="p", before_request=begin)
    assert caught.value.retry == "later"
    assert begun == []


@pytest.mark.parametrize("media_id", UNUSABLE_IDS)
async def test_no_path_and_no_address_is_fetched(platform: AnyPlatform, media_id: str) -> None:
    if not isinstance(platform, FetchesMedia):
        pytest.skip("it gives out no files")
    # the platform has no network: a request would be another error
    with pytest.raises(MediaUnavailable):
        await platform.fetch_media(Media(kind="image", id=media_id), most_bytes=10)


# --- what stays secret


def secrets_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_no_secret_shows_in_a_printed_platform_or_config(platform: AnyPlatform) -> None:
    shown = f"{platform!r} {platform} {platform.config!r} {platform.config} {platform.config.model_dump_json()}"
    assert secrets_in(shown) == []


def test_a_refused_webhook_is_not_quoted(platform: AnyPlatform, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    body = json.dumps({"text": TEXT, "secrets": SECRETS}).encode()[:-1]
    platform.verify_signature(body, "sha256=" + SECRETS[2])
    platform.verify_webhook("subscribe", "wrong", "challenge")
    with pytest.raises(PayloadRejected) as caught:
        platform.parse_message(body)
    shown = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert secrets_in(shown) == []
    assert TEXT not in shown


VERBS = (
    "send", "send a document", "fetch", "upload", "connect", "poll", "show typing", "show progress", "hide progress",
    "answer a press", "publish the menu",
)  # fmt: skip


def _failing(verb: str, case: Case, platform: AnyPlatform) -> Awaitable[object] | None:
    """A request of the platform's; None where it has none of the kind."""
    nobody = case.nobody
    if verb == "fetch" and isinstance(platform, FetchesMedia):
        return platform.fetch_media(Media(kind="image", id=case.file_id), most_bytes=10)
    if verb == "upload" and isinstance(platform, UploadsMedia):
        return platform.upload("answer.txt", "text/plain", b"all of it")
    if verb == "connect" and isinstance(platform, Connects):
        return platform.connect()
    if verb == "poll" and isinstance(platform, Polls):
        return platform.poll(None)
    if verb == "show typing" and isinstance(platform, ShowsTyping):
        return platform.show_typing(nobody, "1")
    if verb == "show progress" and isinstance(platform, ShowsProgress):
        return platform.show_progress(nobody, 1, "reading", None)
    if verb == "hide progress" and isinstance(platform, ShowsProgress):
        return platform.hide_progress(nobody, f"{nobody.chat}:1")
    if verb == "answer a press" and isinstance(platform, AnswersPresses):
        (press,) = platform.parse_message(case.tapped("buttons", Choice(id="1", title="One", action_id="1")))
        assert isinstance(press, ButtonPress)
        return platform.answer_press(press)
    if verb == "publish the menu" and isinstance(platform, PublishesMenu):
        return platform.publish_menu({Language.ENGLISH: [MenuCommand("help", "What I can do")]})
    if verb.startswith("send"):
        part = DOCUMENT if verb == "send a document" else TextPart(text="x")
        return platform.send_part(nobody, part, part_id="p")
    return None


@pytest.mark.parametrize("verb", VERBS)
async def test_a_failed_request_is_one_of_our_errors_and_tells_no_secret(
    verb: str, case: Case, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    failing = _failing(verb, case, case.build(cast("aiohttp.ClientSession", _Talkative())))
    if failing is None:
        pytest.skip("it has no such request")
    with pytest.raises(PlatformError) as caught:
        await failing
    shown = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value)) + caplog.text
    assert secrets_in(shown + "".join(capsys.readouterr())) == []
