import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.agents.runbook.intents import BY_NAME, INTENTS, NEXT_STEPS
from aof.agents.runbook.matching import Demand, Greeting, Matched, Unsure, plain, read
from aof.texts.language import Language


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("disk", "disk"),
        ("/disk", "disk"),
        ("  DISK?? ", "disk"),
        ("dsik", "disk"),
        ("disc", "disk"),
        ("df", "disk"),
        ("disk full", "disk"),
        ("disk spcae", "disk"),
        ("how full is my disk", "disk"),
        ("how's the disk looking on web-1 today", "disk"),
        ("Hi, how is the disk?", "disk"),
        ("is there any space left", "disk"),
        ("running out of space?", "disk"),
        ("no space left on device", "disk"),
        ("القرص", "disk"),
        ("مساحه القرص", "disk"),
        ("كم مساحة القرص", "disk"),
        ("هل القرص ممتلئ؟", "disk"),
        ("كم بقي مساحة", "disk"),
        ("disk في web-1", "disk"),
        ("memory", "memory"),
        ("/memory", "memory"),
        ("memry", "memory"),
        ("free ram", "memory"),
        ("how much memory do we have", "memory"),
        ("what is eating memory", "memory"),
        ("is memory low", "memory"),
        ("are we out of memory?", "memory"),
        ("الذاكرة", "memory"),
        ("استخدام الذاكره", "memory"),
        ("كم الذاكرة الحرة", "memory"),
        ("ما الذي يأكل الذاكرة", "memory"),
        ("الذاكِرة", "memory"),
        ("load", "load"),
        ("laod", "load"),
        ("load averge", "load"),
        ("cpu load", "load"),
        ("how busy is the server", "load"),
        ("is the server slow?", "load"),
        ("الحمل", "load"),
        ("ما هو حمل النظام", "load"),
        ("هل السيرفر بطيء", "load"),
        ("uptime", "uptime"),
        ("uptme", "uptime"),
        ("how long has this box been up", "uptime"),
        ("when did it last reboot", "uptime"),
        ("منذ متى يعمل السيرفر؟", "uptime"),
        ("مدة التشغيل", "uptime"),
        ("متى أعيد تشغيل الخادم", "uptime"),
        ("top", "top"),
        ("/top", "top"),
        ("top procceses", "top"),
        ("what's eating the cpu", "top"),
        ("what is hogging my cpu", "top"),
        ("which process is using cpu", "top"),
        ("أعلى العمليات", "top"),
        ("ما الذي يستهلك المعالج", "top"),
        ("pods", "pods"),
        ("/pods", "pods"),
        ("pods crashing in prod", "pods"),
        ("pods crasing in prod", "pods"),
        ("which pods are crashing?", "pods"),
        ("are there any crashing pods in staging", "pods"),
        ("did the pods stop crashing", "pods"),
        ("why is my pod restarting", "pods"),
        ("kubectl get pods", "pods"),
        ("show me the crashlooping pods", "pods"),
        ("البودات المتعطلة في prod", "pods"),
        ("هل هناك pods متعطلة", "pods"),
        ("حالة البودات", "pods"),
    ],
)
def test_a_question_finds_its_intent(text: str, intent: str) -> None:
    assert read(text) == Matched(BY_NAME[intent])


@pytest.mark.parametrize(
    "text",
    [
        "tell me a joke",
        "why did the chicken cross the road",
        "how full is the moon",
        "what time is it",
        "what is the weather today",
        "download the movie",
        "order a pizza",
        "i love you",
        "asdfgh",
        "42",
        "👍",
        "",
        "   ",
        "؟",
        "احك لي نكتة",
        "ما الطقس اليوم",
        "x" * 100_000,
    ],
)
def test_what_no_intent_answers_is_never_guessed(text: str) -> None:
    assert isinstance(read(text), Unsure)


@pytest.mark.parametrize(
    "text",
    [
        "restart nginx",
        "Please restart nginx",
        "delete everything",
        "can you delete all the pods",
        "delete everything on the disk",
        "kill the top process",
        "show disk and delete it all",
        "reboot",
        "scale api to 3",
        "أعد تشغيل nginx",
        "من فضلك أعد تشغيل الخادم",
        "احذف كل شيء",
        "هل يمكنك إعادة تشغيل البودات",
    ],
)
def test_a_request_to_change_something_is_no_question_whatever_it_names(text: str) -> None:
    assert isinstance(read(text), Demand)


def test_a_request_to_change_something_still_says_what_it_was_near_to() -> None:
    reading = read("can you delete all the pods")
    assert isinstance(reading, Demand)
    assert reading.near[0].name == "pods"


@pytest.mark.parametrize(
    "text",
    ["hi", "Hello!", "hey", "HEY there", "good morning", "مرحبا", "مرحباً", "السلام عليكم", "السَّلامُ عليكم", "أهلا"],
)
def test_a_greeting_is_a_greeting(text: str) -> None:
    assert read(text) == Greeting()


def test_near_misses_offer_at_most_three_intents_the_likeliest_first() -> None:
    reading = read("what is using memory and disk")
    assert isinstance(reading, Unsure)
    assert {intent.name for intent in reading.near} >= {"memory", "disk"}
    assert len(reading.near) <= 3


@pytest.mark.parametrize("intent", INTENTS, ids=lambda intent: intent.name)
def test_every_word_and_phrase_of_an_intent_finds_it_in_both_languages(intent) -> None:
    for language in Language:
        for line in (*intent.words[language], *intent.phrases[language]):
            assert read(line) == Matched(intent), line
        assert all(" " in plain(phrase) for phrase in intent.phrases[language]), "a lone word belongs among the words"


def test_no_word_or_phrase_belongs_to_two_intents() -> None:
    listed = [
        plain(line)
        for intent in INTENTS
        for language in Language
        for line in {*intent.words[language], *intent.phrases[language]}
    ]
    assert len(listed) == len(set(listed))


def test_next_steps_lead_to_other_intents() -> None:
    for name, following in NEXT_STEPS.items():
        assert name not in following
        assert 0 < len(following) <= 3
        assert all(each in BY_NAME for each in following)


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(read(text), Matched | Unsure | Greeting | Demand)


@pytest.mark.parametrize(
    "text",
    ["tell me a joke", "what time is it", "what is the weather today", "download the movie", "is the server room cold"],
)
def test_likeness_in_words_that_say_nothing_offers_nothing(text: str) -> None:
    assert read(text) == Unsure(())
