"""`docs/reference/platform-quality.md`: what a platform should be able to do, and where each of ours stands.

A new platform is one entry of `CARDS`. What is done names the test that shows it; what is a capability is compared with
the adapter itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from aof.domain.limits import PlatformLimits
from aof.platforms.base import (
    AnswersPresses,
    AnyPlatform,
    Edits,
    FetchesMedia,
    Polls,
    PublishesMenu,
    ReadsAgain,
    ShowsProgress,
    ShowsTyping,
)
from aof.testing.arriving import Arriving
from tests.docs.pages.markdown import GENERATED, code, joined, table

HEAD = """\
# Quality of the platforms

What a chat platform should be able to do here, and where each stands. *Done* names the test that shows it; *to do* and
*exempt* say why. The contract suite asks a good part of this of every platform by itself.
"""

State = Literal["done", "to do", "exempt"]
_ARRIVING, _LEAVING = "aof/testing/arriving.py", "aof/testing/leaving.py"
"""The contract suite."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a platform stands with a rule."""

    state: State
    why: str
    """Of what is done the test that shows it, as `file::test`; else the reason."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that every platform should do.

    Attributes:
        proof: The test of the contract suite that asks it of each platform.
        has: Whether an adapter has it, where that can be seen from its class.
    """

    name: str
    meaning: str
    proof: str = ""
    has: Callable[[type[AnyPlatform]], bool] | None = None


def _can(capability: type[Any]) -> Callable[[type[AnyPlatform]], bool]:
    names = [name for name in vars(capability) if not name.startswith("_")] + list(
        getattr(capability, "__annotations__", {})
    )
    return lambda platform: all(hasattr(platform, name) for name in names)


def _limits(found: Callable[[PlatformLimits], bool]) -> Callable[[type[AnyPlatform]], bool]:
    return lambda platform: found(platform.limits)


RULES = (
    Rule("authenticated", "What does not prove where it comes from is refused.", "no_other_signature_is_believed"),
    Rule("signed", "The proof covers the body, so nothing on the way can change it."),
    Rule("strange bodies", "Whatever is sent has an outcome, and none is a crash.", "a_strange_body_has_an_outcome"),
    Rule("captured webhooks", "What was captured or published is read.", "every_captured_webhook_becomes_events"),
    Rule(
        "repeats",
        "A repeat carries the ids of the first time.",
        "a_repeated_webhook_gives_the_same_events_whatever_its_bytes",
    ),
    Rule(
        "choices",
        "Each choice that is shown comes back as itself, within the platform's limits.",
        "every_part_keeps_the_limits_and_every_choice_comes_back",
    ),
    Rule(
        "secrets",
        "No error, log or printed object shows a credential.",
        "a_failed_request_is_one_of_our_errors_and_tells_no_secret",
    ),
    Rule("read again", "What was quarantined is read once the daemon has learned to.", has=_can(ReadsAgain)),
    Rule("unknown kinds", "What nobody knows yet is quarantined by itself, and its neighbours are answered."),
    Rule("lasting ids", "Rights belong to an id that a person can't give away or change."),
    Rule("groups", "In a group only what is meant for the daemon is answered."),
    Rule("topics", "Each topic of a chat is a conversation of its own."),
    Rule("moved chats", "A conversation goes along when its people or its chat go on under another id."),
    Rule("without an address", "It works without an address that the platform can reach.", has=_can(Polls)),
    Rule("error table", "Every code has a class, and the platform's word on a wait is obeyed to the second."),
    Rule("rates", "The platform's rates are kept to, so that it need not say no."),
    Rule("receipts", "What became of a message is known: delivered, read, failed."),
    Rule("shut out", "Whoever shut the daemon out counts as nobody who can be asked."),
    Rule("buttons", "Choices are buttons.", has=_limits(lambda limits: limits.buttons is not None)),
    Rule("lists", "More choices open as a list.", has=_limits(lambda limits: limits.rows is not None)),
    Rule("files out", "A long text goes out as a file.", has=_limits(lambda limits: limits.document is not None)),
    Rule("files in", "Files that people send reach an agent that reads them.", has=_can(FetchesMedia)),
    Rule("typing", "It shows that an answer is being written.", has=_can(ShowsTyping)),
    Rule("progress", "It shows what a long run is doing.", has=_can(ShowsProgress)),
    Rule("edits", "What was decided takes the place of the question.", has=_can(Edits)),
    Rule("taps answered", "A tap does not look as if it were still under way.", has=_can(AnswersPresses)),
    Rule("menu", "The commands stand in the platform's own menu.", has=_can(PublishesMenu)),
    Rule("simulator", "It can be tried, and tested, without an account and without a network."),
    Rule("end to end", "The same scenarios pass as on the other platforms, with restarts in the middle."),
)  # fmt: skip


def _done(test: str) -> Standing:
    return Standing("done", test)


def _to_do(why: str) -> Standing:
    return Standing("to do", why)


def _exempt(why: str) -> Standing:
    return Standing("exempt", why)


_WHATSAPP = "tests/unit/platforms/whatsapp"
_HTTP = "tests/e2e"
_TELEGRAM = "tests/unit/platforms/telegram"

CARDS: Mapping[str, Mapping[str, Standing]] = {
    "http": {
        "signed": _done(f"{_ARRIVING}::test_the_signature_of_another_body_is_not_believed"),
        "read again": _exempt("what is no event is refused with the reason, and not kept"),
        "unknown kinds": _exempt("there is one kind of body, and whoever posts another is told so"),
        "lasting ids": _exempt("programs name the senders, and answer for their ids"),
        "groups": _exempt("whatever a program posts is meant for the daemon"),
        "topics": _exempt("a program may name as many conversations as it likes"),
        "moved chats": _exempt("programs keep their ids"),
        "without an address": _exempt("programs come to the daemon"),
        "error table": _done(
            f"{_HTTP}/test_http_callback.py::test_a_callback_that_asks_to_wait_is_called_again_when_its_time_has_come"
        ),
        "rates": _exempt("no vendor sets any; a callback that is called too often says 429"),
        "receipts": _exempt("a callback's answer is its receipt"),
        "shut out": _exempt("nobody is written to but who asked, or through a callback that can refuse"),
        "buttons": _done(f"{_HTTP}/test_http_platform.py::test_buttons_are_pressed_by_their_ids"),
        "lists": _exempt("a hundred buttons are room enough"),
        "files out": _to_do("a long text comes as one text; files are folded into it"),
        "files in": _to_do("an event has no files yet"),
        "typing": _exempt("whoever asks sees the state of the event"),
        "progress": _to_do("the state of an event does not say yet what its run is doing"),
        "edits": _to_do("what was decided comes as a part of its own"),
        "taps answered": _exempt("a press is answered like any event"),
        "menu": _exempt("programs have no menu"),
        "simulator": _done("tests/docs/test_http_guide.py::test_the_client_of_the_page_gets_its_answer"),
        "end to end": _done(f"{_HTTP}/test_http_platform.py"),
    },
    "whatsapp": {
        "signed": _done(f"{_ARRIVING}::test_the_signature_of_another_body_is_not_believed"),
        "read again": _done(f"{_WHATSAPP}/test_again.py"),
        "unknown kinds": _done(f"{_WHATSAPP}/test_hostile.py"),
        "lasting ids": _done(f"{_WHATSAPP}/test_messages.py"),
        "groups": _to_do("what is said in a group is answered like anything else; Meta's webhooks mark no mentions"),
        "topics": _exempt("WhatsApp has no topics"),
        "moved chats": _done("tests/contract/store/identities.py"),
        "without an address": _exempt("Meta brings webhooks, and can't be asked for them"),
        "error table": _done(f"{_WHATSAPP}/test_errors.py"),
        "rates": _done("tests/unit/pipeline/test_pace.py"),
        "receipts": _done(f"{_WHATSAPP}/test_statuses.py"),
        "shut out": _to_do("Meta's code 131026 does not tell a blocked number from a phone that is off"),
        "buttons": _done(f"{_WHATSAPP}/test_payloads.py"),
        "lists": _done(f"{_WHATSAPP}/test_payloads.py"),
        "files out": _done(f"{_WHATSAPP}/test_media.py"),
        "files in": _done(f"{_WHATSAPP}/test_media.py"),
        "typing": _done(f"{_WHATSAPP}/test_sending.py"),
        "progress": _exempt("WhatsApp has neither drafts nor edits"),
        "edits": _exempt("the Cloud API changes no message that was sent"),
        "taps answered": _exempt("a tap is a message of its own, and looks done at once"),
        "menu": _to_do("Meta takes commands for a number (conversational components); they are not told to it"),
        "simulator": _done("tests/unit/simulator/test_check.py"),
        "end to end": _done("tests/e2e/test_main_job.py"),
    },
    "telegram": {
        "signed": _exempt("Telegram signs nothing: it shows one secret word with every webhook, under TLS"),
        "read again": _done(f"{_TELEGRAM}/test_updates.py::test_a_kind_that_nobody_knows_is_quarantined_whole"),
        "unknown kinds": _done(f"{_TELEGRAM}/test_updates.py::test_a_kind_that_nobody_knows_is_quarantined_whole"),
        "lasting ids": _done(f"{_TELEGRAM}/test_messages.py::test_nobody_is_authorised_by_what_nobody_says"),
        "groups": _done(
            f"{_TELEGRAM}/test_messages.py::test_what_people_of_a_group_say_to_each_other_is_not_for_the_bot"
        ),
        "topics": _done(f"{_TELEGRAM}/test_messages.py::test_a_topic_is_a_thread"),
        "moved chats": _done(f"{_TELEGRAM}/test_messages.py::test_both_words_on_a_move_are_the_same_event"),
        "without an address": _done(
            f"{_TELEGRAM}/test_adapter.py::test_each_update_is_passed_on_by_itself_with_its_number"
        ),
        "error table": _done(f"{_TELEGRAM}/sending/test_errors.py"),
        "rates": _done("tests/e2e/test_telegram_trouble.py::test_a_group_gets_twenty_answers_a_minute"),
        "receipts": _exempt("Telegram tells nothing after it has taken a message; what is taken counts as sent"),
        "shut out": _done(f"{_TELEGRAM}/test_updates.py::test_a_person_shuts_the_bot_out_and_lets_it_in_again"),
        "buttons": _done(f"{_TELEGRAM}/sending/test_payloads.py"),
        "lists": _exempt("an inline keyboard has room for a hundred choices"),
        "files out": _done(f"{_TELEGRAM}/sending/test_payloads.py"),
        "files in": _done(f"{_TELEGRAM}/sending/test_media.py"),
        "typing": _done(f"{_TELEGRAM}/sending/test_sends.py"),
        "progress": _done(f"{_TELEGRAM}/sending/test_sends.py"),
        "edits": _done(f"{_TELEGRAM}/sending/test_payloads.py"),
        "taps answered": _done(f"{_TELEGRAM}/sending/test_sends.py"),
        "menu": _done(f"{_TELEGRAM}/sending/test_sends.py"),
        "simulator": _done("tests/unit/simulator/telegram/test_updates.py"),
        "end to end": _done("tests/e2e/test_both_platforms.py"),
    },
}
"""Where each platform stands, by rule; what the contract suite asks of every platform need not stand here."""


def standing(platform: str, rule: Rule) -> Standing:
    """Where a platform stands with a rule."""
    if rule.proof:
        test = f"test_{rule.proof}"
        return _done(f"{_ARRIVING if hasattr(Arriving, test) else _LEAVING}::{test}")
    return CARDS[platform][rule.name]


def page() -> str:
    return joined(GENERATED, HEAD, *(block for platform in sorted(CARDS) for block in _card(platform)))


def _card(platform: str) -> list[str]:
    found = [(rule, standing(platform, rule)) for rule in RULES]
    done = sum(one.state == "done" for _, one in found)
    waiting = sum(one.state == "to do" for _, one in found)
    summary = f"{done} done, {waiting} to do, {len(found) - done - waiting} exempt."
    rows = [
        (rule.name, rule.meaning, one.state, code(one.why) if one.state == "done" else f"{_sentence(one.why)}")
        for rule, one in found
    ]
    return [f"## {platform}", summary, table(("Rule", "What it asks", "", "Shown by, or why"), rows)]


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
