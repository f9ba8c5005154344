"""What leaves: limits, choices, files, and what stays secret."""

import json
import logging
import traceback
from collections.abc import Awaitable
from typing import cast

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aof.domain.errors import MediaUnavailable, PayloadRejected, PlatformError
from aof.domain.message import ButtonPress, Media
from aof.domain.response import (
    Action,
    ButtonsPart,
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
from aof.testing.arriving import SUPPRESSED, Tried, tap
from aof.testing.case import SECRETS, TEXT, PlatformCase, Talkative
from aof.texts.language import Language

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

DOCUMENT = DocumentPart(name="answer.txt", text="all of it")
UNUSABLE_IDS = ["../me", "..", "a/b", "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1/x", "\\\\host\\share", ""]
VERBS = (
    "send", "send a document", "fetch", "upload", "connect", "poll", "show typing", "show progress", "hide progress",
    "answer a press", "publish the menu",
)  # fmt: skip


def _failing(verb: str, case: PlatformCase, platform: AnyPlatform) -> Awaitable[object] | None:
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
        (press,) = platform.parse_message(tap(case))
        assert isinstance(press, ButtonPress)
        return platform.answer_press(press)
    if verb == "publish the menu" and isinstance(platform, PublishesMenu):
        return platform.publish_menu({Language.ENGLISH: [MenuCommand("help", "What I can do")]})
    if verb.startswith("send"):
        part = DOCUMENT if verb == "send a document" else TextPart(text="x")
        return platform.send_part(nobody, part, part_id="p")
    return None


def secrets_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


class Leaving(Tried):
    """Of parts, files and requests."""

    @settings(suppress_health_check=SUPPRESSED, max_examples=50)
    @given(response=responses)
    def test_every_part_keeps_the_limits_and_every_choice_comes_back(
        self, case: PlatformCase, platform: AnyPlatform, response: Response
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
            assert case.tapped is not None, "it has choices to tap, so its case says how"
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

    def test_who_takes_files_beforehand_says_how_large(self, platform: AnyPlatform) -> None:
        assert not isinstance(platform, UploadsMedia) or platform.limits.document is not None

    @pytest.mark.asyncio
    async def test_a_document_without_its_upload_has_not_begun(self, case: PlatformCase) -> None:
        platform = case.build(cast("aiohttp.ClientSession", Talkative()))
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
    @pytest.mark.asyncio
    async def test_no_path_and_no_address_is_fetched(self, platform: AnyPlatform, media_id: str) -> None:
        if not isinstance(platform, FetchesMedia):
            pytest.skip("it gives out no files")
        # the platform has no network: a request would be another error
        with pytest.raises(MediaUnavailable):
            await platform.fetch_media(Media(kind="image", id=media_id), most_bytes=10)

    def test_no_secret_shows_in_a_printed_platform_or_config(self, platform: AnyPlatform) -> None:
        shown = f"{platform!r} {platform} {platform.config!r} {platform.config} {platform.config.model_dump_json()}"
        assert secrets_in(shown) == []

    def test_a_refused_webhook_is_not_quoted(self, platform: AnyPlatform, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        body = json.dumps({"text": TEXT, "secrets": SECRETS}).encode()[:-1]
        platform.verify_signature(body, "sha256=" + SECRETS[2])
        platform.verify_webhook("subscribe", "wrong", "challenge")
        with pytest.raises(PayloadRejected) as caught:
            platform.parse_message(body)
        shown = "".join(traceback.format_exception(caught.value)) + caplog.text
        assert secrets_in(shown) == []
        assert TEXT not in shown

    @pytest.mark.parametrize("verb", VERBS)
    @pytest.mark.asyncio
    async def test_a_failed_request_is_one_of_our_errors_and_tells_no_secret(
        self, verb: str, case: PlatformCase, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
    ) -> None:
        caplog.set_level(logging.DEBUG)
        failing = _failing(verb, case, case.build(cast("aiohttp.ClientSession", Talkative())))
        if failing is None:
            pytest.skip("it has no such request")
        with pytest.raises(PlatformError) as caught:
            await failing
        shown = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value)) + caplog.text
        assert secrets_in(shown + "".join(capsys.readouterr())) == []
