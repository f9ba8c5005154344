import pytest

from aof.agents.runbook.intents import INTENTS
from aof.agents.written.choosing import Choosing, Chosen, Doubt
from aof.agents.written.inputs import Input
from aof.agents.written.runbook import Runbook, Step
from aof.texts.language import Language
from tests.unit.agents.written.house import House, response, waiting
from tests.unit.agents.written.shelf import RESTART, SCALE, TWICE

LOOK = (Step("look", ("true",)),)
CHOOSING = Choosing(
    (
        RESTART,
        SCALE,
        Runbook("restart-service", phrases={Language.ENGLISH: ("restart {service}",)}, inputs=(Input("service"),),
                steps=LOOK),
        Runbook("clean-disk", phrases={Language.ENGLISH: ("clean the disk",), Language.ARABIC: ("نظف القرص",)},
                steps=LOOK),
        Runbook("deploy", phrases={Language.ENGLISH: ("ship it",), Language.ARABIC: ("انشر النسخة الجديدة",)},
                steps=LOOK),
    )
)  # fmt: skip


def name(text: str) -> str | None:
    found = CHOOSING.read(text)
    return found.runbook.name if isinstance(found, Chosen) else None


@pytest.mark.parametrize(
    ("text", "runbook", "typed"),
    [
        ("restart the api", "restart-api", []),
        ("  Restart the API! ", "restart-api", []),
        ("/restart-api", "restart-api", []),
        ("/restart-api namespace=staging", "restart-api", [("namespace", "staging")]),
        ("restart the api NAMESPACE=staging", "restart-api", [("namespace", "staging")]),
        ("restart the api in staging", "restart-api", [("namespace", "staging")]),
        ("restart the api in “staging”?", "restart-api", [("namespace", "staging")]),
        ("restrt the api", "restart-api", []),
        ("restart api", "restart-api", []),
        ("please restart the api now", "restart-api", []),
        ("can you restart the api in the staging please", "restart-api", [("namespace", "staging")]),
        ("bounce api", "restart-api", []),
        ("أعد تشغيل الواجهة", "restart-api", []),
        ("اعد تشغيل الواجهه", "restart-api", []),
        ("من فضلك أعد تشغيل الواجهة", "restart-api", []),
        ("أعد تشغيل الواجهة في staging", "restart-api", [("namespace", "staging")]),
        ("restart nginx", "restart-service", [("service", "nginx")]),
        ("restrt nginx", "restart-service", [("service", "nginx")]),
        ("scale web-1 to 5", "scale-api", [("deploy", "web-1"), ("replicas", "5")]),
        ("clean the disk", "clean-disk", []),
        ("clean the dsik", "clean-disk", []),
        ("نظف القرص", "clean-disk", []),
        ("deploy", "deploy", []),
        ("deplyo", "deploy", []),
        ("انشر النسخة الجديده", "deploy", []),
    ],
)
def test_what_starts_a_runbook(text: str, runbook: str, typed: list[tuple[str, str]]) -> None:
    found = CHOOSING.read(text)
    assert isinstance(found, Chosen), found
    assert (found.runbook.name, list(found.typed)) == (runbook, typed)


@pytest.mark.parametrize(
    "text",
    [
        "don't restart the api",
        "do not restart the api",
        "never restart the api",
        "who did restart the api",
        "should we restart the api",
        "why does the api restart",
        "restart the api of billing",
        "restart the api in staging and prod",
        "restart the api and delete the db",
        "restart the api zone=eu",
        "restart the api tomorrow",
        "stop the api",
        "reboot the api",
        "لا تعد تشغيل الواجهة",
        "لماذا أعد تشغيل الواجهة",
        "restart the api " + "now " * 200,
    ],
)
def test_what_is_asked_about_and_not_started(text: str) -> None:
    assert not isinstance(CHOOSING.read(text), Chosen)


@pytest.mark.parametrize("text", ["restart the app", "restart it", "restart", "restart the api-2"])
def test_a_part_of_a_phrase_is_not_enough(text: str) -> None:
    assert isinstance(Choosing((RESTART, SCALE)).read(text), Doubt | None)


@pytest.mark.parametrize("text", ["hello", "", "?!", "make me a sandwich", "what a day", "1", "مرحبا", "🚀"])
def test_what_no_runbook_is_meant_by(text: str) -> None:
    assert CHOOSING.read(text) is None


WORDINGS = [
    phrase for intent in INTENTS for listed in (intent.words, intent.phrases) for said in listed.values()
    for phrase in said
]  # fmt: skip


@pytest.mark.parametrize("text", WORDINGS)
def test_a_built_in_question_is_never_a_runbook(text: str) -> None:
    assert CHOOSING.read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "how full is the disk",
        "how is the disk",
        "disk spcae",
        "which services failed",
        "is the server slow?",
        "logs of the api",
    ],
)
def test_nor_is_one_in_other_words(text: str) -> None:
    assert not isinstance(CHOOSING.read(text), Chosen)


def test_an_intent_does_not_stand_before_a_request_for_a_change() -> None:
    runbook = Runbook("fix", phrases={Language.ENGLISH: ("restart the failed services",)}, steps=LOOK)
    found = Choosing((runbook,)).read("restart the faild services")
    assert isinstance(found, Chosen)


async def test_a_runbook_and_a_question_that_are_as_likely_are_both_offered() -> None:
    house = House(Runbook("usage", phrases={Language.ENGLISH: ("full disk usage report",)}, steps=LOOK))
    said = response(await house.ask("ful disk usage report"))
    assert {"ask:disk", "runbook:usage"} <= {action.id for action in said.actions}
    assert house.programs.ran == []


async def test_two_runbooks_that_are_as_likely_are_both_offered() -> None:
    found = Choosing((
        Runbook("one", phrases={Language.ENGLISH: ("flush cache alpha",)}, steps=LOOK),
        Runbook("two", phrases={Language.ENGLISH: ("flush cache alphb",)}, steps=LOOK),
    )).read("flush cache alphx")  # fmt: skip
    assert isinstance(found, Doubt)
    assert {each.name for each in found.near} == {"one", "two"}


def test_words_are_more_than_a_place() -> None:
    assert name("restart the api") == "restart-api"
    assert name("restart api") == "restart-api"


async def test_what_is_near_is_offered_and_a_tap_starts_it() -> None:
    house = House(RESTART, SCALE)
    said = response(await house.ask("don't restart the api"))
    assert "I started nothing" in said.text
    assert said.actions[0].id == "runbook:restart-api"
    assert house.programs.ran == []
    assert waiting(await house.press(said.actions[0].id)).asks


@pytest.mark.parametrize(
    "text", ["restart " * 70, "a " * 300, "\ufdfa" * 600, "scale " + "x " * 190, "=" * 600, "namespace= " * 50]
)
def test_a_long_text_starts_nothing(text: str) -> None:
    assert not isinstance(CHOOSING.read(text), Chosen)


async def test_offers_for_whoever_can_not_answer() -> None:
    written = House(RESTART, SCALE, TWICE).written()
    assert [each.id for each in written.offer_for("restart the api in staging", Language.ENGLISH)] == [
        "runbook:restart-api?namespace=staging"
    ]
    assert [each.id for each in written.offer_for("restart the api in nowhere", Language.ENGLISH)] == [
        "runbook:restart-api"
    ]
    assert written.offer_for("why is the api so slow after a restart", Language.ENGLISH)[0].id == "runbook:restart-api"
    assert written.offer_for("tell me a joke", Language.ENGLISH) == ()
    assert written.offer_for("disk", Language.ENGLISH) == ()


async def test_questions_are_answered_as_without_runbooks() -> None:
    house = House(RESTART, SCALE)
    assert "22 %" in response(await house.ask("disk")).text
    assert "No runbook is written for that" in response(await house.ask("delete everything")).text
    assert "runbooks" in response(await house.ask("hello")).text
    assert response(await house.press("say:disk")).text == response(await house.press("ask:disk")).text


async def test_topics_are_commands_and_buttons() -> None:
    agent = House(RESTART, SCALE).agent()
    assert [(topic.id, topic.title) for topic in agent.topics(Language.ARABIC)][:3] == [
        ("runbook:restart-api", "أعد تشغيل الواجهة"),
        ("runbook:scale-api", "scale the api"),
        ("ask:disk", "القرص"),
    ]
