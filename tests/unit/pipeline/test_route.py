"""Which trigger takes an event, by its filters; which agent answers, by who said what."""

import pytest
import regex

from aof.agents.unavailable import Unavailable
from aof.domain.message import ButtonPress, InboundMessage, Sender
from aof.pipeline import route
from aof.pipeline.route import ANY, Binding, Router, Trigger

ACCOUNT = "whatsapp:1"
NUMBER, USER = "+4915112345678", "US.1"


def text(
    said: str = "disk", *, number: str | None = NUMBER, user_id: str | None = USER, chat: str = USER
) -> InboundMessage:
    sender = Sender(number=number, user_id=user_id)
    return InboundMessage(platform="whatsapp", account=ACCOUNT, event_id="m", chat_id=USER, sender=sender, text=said)


def tap() -> ButtonPress:
    sender = Sender(number=NUMBER, user_id=USER)
    return ButtonPress(
        platform="whatsapp", account=ACCOUNT, event_id="p", chat_id=USER, sender=sender, action_id="go", form="button"
    )


def patterns(*written: str) -> tuple[regex.Pattern[str], ...]:
    return tuple(regex.compile(one) for one in written)


@pytest.mark.parametrize(
    ("trigger", "event", "score"),
    [
        (Trigger(), text(), 10),
        (Trigger(), tap(), 10),
        (Trigger(channels=frozenset({USER})), text(), 110),
        (Trigger(channels=frozenset({"room"})), text(), 0),
        (Trigger(channels=frozenset()), text(), 0),
        (Trigger(numbers=frozenset({NUMBER})), text(), 90),
        (Trigger(numbers=frozenset({NUMBER})), text(number=None), 0),
        (Trigger(users=frozenset({USER})), text(number=None), 90),
        (Trigger(users=frozenset({USER})), text(user_id=None), 0),
        (Trigger(numbers=frozenset({"+1"}), users=frozenset({USER})), text(), 90),  # one list of senders
        (Trigger(numbers=frozenset()), text(), 0),  # an empty list is nobody
        (Trigger(excluded=frozenset({NUMBER})), text(), 0),
        (Trigger(excluded=frozenset({USER})), text(number=None), 0),
        (Trigger(excluded=frozenset({"US.2"})), text(), 10),
        (Trigger(users=frozenset({USER}), excluded=frozenset({USER})), text(), 0),  # whatever the lists say
        (Trigger(patterns=patterns("dis.")), text(), 70),
        (Trigger(patterns=patterns("pods", "^disk$")), text(), 70),
        (Trigger(patterns=patterns("pods")), text(), 0),
        (Trigger(patterns=patterns("pods")), tap(), 10),  # a tap has no text to look at
        (Trigger(events=frozenset({"message"})), text(), 10),
        (Trigger(events=frozenset({"message"})), tap(), 0),
        (Trigger(events=frozenset({"interactive"})), tap(), 10),
        (Trigger(channels=frozenset({USER}), users=frozenset({USER}), patterns=patterns("disk")), text(), 250),
        (Trigger(channels=frozenset({USER}), users=frozenset({"US.2"}), patterns=patterns("disk")), text(), 0),
    ],
)
def test_every_filter_that_is_there_has_to_let_an_event_pass(
    trigger: Trigger, event: InboundMessage | ButtonPress, score: int
) -> None:
    assert trigger.score(event) == score


def router(*triggers: Trigger) -> Router:
    agents = {
        name: Unavailable(name, description="", model="", reason="") for name in ("runbook", "dockhand", "paperwork")
    }
    return Router(agents, "runbook", {ACCOUNT: triggers} if triggers else {})


def test_the_most_exact_trigger_takes_it_and_of_equals_the_first_by_name() -> None:
    wide, narrow = Trigger(name="a"), Trigger(name="b", users=frozenset({USER}))
    assert router(wide, narrow).trigger_of(text()) is narrow
    assert router(wide, narrow).trigger_of(text(user_id="US.2")) is wide
    second = Trigger(name="c")
    assert router(second, wide).trigger_of(text()) is wide


def test_without_triggers_everything_passes_and_with_some_only_what_one_of_them_takes() -> None:
    assert router().trigger_of(text()) is ANY
    assert router(Trigger(name="a", users=frozenset({"US.2"}))).trigger_of(text()) is None


def in_group(said: str = "disk", chat: str = "-1", *, addressed: bool = True) -> InboundMessage:
    return text(said).model_copy(update={"chat_id": chat, "group": True, "addressed": addressed})


def test_what_people_of_a_group_say_to_each_other_is_kept_only_where_a_trigger_reads_it() -> None:
    shut, reading = Trigger(name="a"), Trigger(name="b", channels=frozenset({"-1"}), reads_all=True)
    for triggers, chat, addressed, wanted in (
        ((), "-1", True, True),
        ((), "-1", False, False),
        ((shut,), "-1", False, False),
        ((shut,), "-1", True, True),
        ((shut, reading), "-1", False, True),
        ((shut, reading), "-2", False, False),
        ((shut, reading), "-2", True, True),
    ):
        assert router(*triggers).wants(in_group(chat=chat, addressed=addressed)) is wanted, (triggers, chat, addressed)
    assert router(shut, reading).wants(tap())
    assert router(shut, reading).trigger_of(in_group(addressed=False)) is reading


def test_a_command_is_a_message_that_begins_with_a_slash() -> None:
    commands = Trigger(events=frozenset({"command"}))
    assert [commands.score(event) for event in (text(" /pods"), text("pods"), tap())] == [10, 0, 0]
    assert Trigger(events=frozenset({"message"})).score(text("/pods")) == 10


def test_a_filter_may_name_an_id_that_a_group_had_before_it_moved() -> None:
    named = router(Trigger(name="a", channels=frozenset({"-1"})))
    moved = in_group(chat="-1002")
    assert named.trigger_of(moved) is None
    assert named.trigger_of(moved, ("-1002", "-1")) is not None


@pytest.mark.parametrize(
    ("trigger", "chosen", "agent", "reason"),
    [
        (ANY, "", "runbook", "default_agent"),
        (Trigger(name="day", default_agent="dockhand"), "", "dockhand", "trigger day"),
        (Trigger(name="day", default_agent="dockhand"), "paperwork", "paperwork", "chosen"),
        (Trigger(name="day", default_agent="dockhand"), "gone", "dockhand", "trigger day"),
    ],
)
def test_free_text_goes_to_whom_the_person_chose_else_the_trigger_names_else_the_default(
    trigger: Trigger, chosen: str, agent: str, reason: str
) -> None:
    found = router().choose(trigger, chosen)
    assert (found.agent.name, found.reason) == (agent, reason)


def test_a_pattern_that_takes_too_long_matches_nothing_and_stalls_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route, "PATTERN_SECONDS", 0.001)
    hopeless = Trigger(patterns=patterns(r"(a|aa)+$"))
    assert hopeless.score(text("a" * 4_000 + "b")) == 0


def test_a_binding_says_who_answers_and_what_is_said_at_once() -> None:
    assert Binding("dockhand") == Binding("dockhand", description="", response="")
