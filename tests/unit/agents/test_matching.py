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
        ("network", "network"),
        ("/network", "network"),
        ("netwrok", "network"),
        ("network traffic", "network"),
        ("is the network up?", "network"),
        ("show network interfaces", "network"),
        ("what's the ip address", "network"),
        ("any packet loss on eth0", "network"),
        ("how much bandwidth are we using", "network"),
        ("netwrk status", "network"),
        ("الشبكة", "network"),
        ("حالة الشبكه", "network"),
        ("هل الشبكة تعمل؟", "network"),
        ("واجهات الشبكة", "network"),
        ("ما عنوان ip الخادم", "network"),
        ("network errors", "network"),
        ("show ip", "network"),
        ("what is my ip", "network"),
        ("services", "services"),
        ("/services", "services"),
        ("servcies", "services"),
        ("failed services", "services"),
        ("which services failed", "services"),
        ("are all services running?", "services"),
        ("is nginx running", "services"),
        ("status of nginx", "services"),
        ("systemctl status nginx", "services"),
        ("is the nginx service up", "services"),
        ("any failed units", "services"),
        ("is nginx down", "services"),
        ("is postgres running", "services"),
        ("الخدمات", "services"),
        ("حالة الخدمات", "services"),
        ("الخدمات المتعطله", "services"),
        ("هل توجد خدمات متوقفة", "services"),
        ("هل خدمة nginx تعمل", "services"),
        ("which services are down?", "services"),
        ("how many services are running", "services"),
        ("why did nginx fail", "services"),
        ("لماذا توقف nginx", "services"),
        ("كم عدد الخدمات", "services"),
        ("journal", "journal"),
        ("/journal", "journal"),
        ("/journal nginx", "journal"),
        ("journl", "journal"),
        ("logs of nginx", "journal"),
        ("lgos of nginx", "journal"),
        ("nginx logs", "journal"),
        ("show me the logs of postgresql", "journal"),
        ("journal nginx", "journal"),
        ("journalctl -u ssh", "journal"),
        ("what do the nginx logs say", "journal"),
        ("last logs for cron please", "journal"),
        ("service logs", "journal"),
        ("logs of nginx service", "journal"),
        ("logs", "journal"),
        ("سجل nginx", "journal"),
        ("سجلات nginx", "journal"),
        ("اعرض سجلات خدمة nginx", "journal"),
        ("السجلات", "journal"),
        ("سجل الخدمه", "journal"),
        ("any errors in the logs?", "journal"),
        ("nginx error log", "journal"),
        ("logs of docker.service", "journal"),
        ("اعرض لي سجلات postgres", "journal"),
        ("لوج nginx", "journal"),
        ("ما آخر السجلات", "journal"),
        ("containers", "containers"),
        ("/containers", "containers"),
        ("contianers", "containers"),
        ("docker", "containers"),
        ("docker ps", "containers"),
        ("which containers are crashing?", "containers"),
        ("containers crashing", "containers"),
        ("are any containers unhealthy", "containers"),
        ("list the containers", "containers"),
        ("is docker running", "containers"),
        ("docker contaners", "containers"),
        ("docker logs", "containers"),
        ("الحاويات", "containers"),
        ("حالة الحاويات", "containers"),
        ("الحاويات المتعطلة", "containers"),
        ("هل دوكر يعمل", "containers"),
        ("اعرض حاويات دوكر", "containers"),
        ("any container down?", "containers"),
        ("is the docker daemon up", "containers"),
        ("crashing containers in prod", "containers"),
        ("الحاويات الشغالة", "containers"),
        ("logs of the web container", "containers"),
        ("directories", "directories"),
        ("/directories", "directories"),
        ("largest directories", "directories"),
        ("bigest directories", "directories"),
        ("what is taking up all the space", "directories"),
        ("what is filling up the disk", "directories"),
        ("biggest folders on /var", "directories"),
        ("what is eating the disk", "directories"),
        ("largest dirctories", "directories"),
        ("where did the disk space go", "directories"),
        ("du", "directories"),
        ("which folders are large", "directories"),
        ("أكبر المجلدات", "directories"),
        ("اكبر المجلدات في /var", "directories"),
        ("ما الذي يملأ القرص", "directories"),
        ("حجم المجلدات", "directories"),
        ("ما الذي يستهلك المساحة", "directories"),
        ("disk usage by folder", "directories"),
        ("show big directories", "directories"),
        ("which folder is the biggest", "directories"),
        ("كم حجم المجلدات", "directories"),
        ("ports", "ports"),
        ("/ports", "ports"),
        ("listening ports", "ports"),
        ("open ports", "ports"),
        ("which ports are open?", "ports"),
        ("lisening ports", "ports"),
        ("what is listening on port 80", "ports"),
        ("what's using port 8080", "ports"),
        ("netstat", "ports"),
        ("show open prots", "ports"),
        ("المنافذ", "ports"),
        ("المنافذ المفتوحة", "ports"),
        ("ما المنافذ المفتوحه", "ports"),
        ("منافذ الاستماع", "ports"),
        ("ما البورتات المفتوحة", "ports"),
        ("what runs on port 443", "ports"),
        ("is port 22 open?", "ports"),
        ("what port does nginx use", "ports"),
        ("المنفذ 80", "ports"),
        ("users", "users"),
        ("/users", "users"),
        ("who is logged in", "users"),
        ("who's logged in?", "users"),
        ("who is logged in on web-1", "users"),
        ("logged in users", "users"),
        ("loged in users", "users"),
        ("active sessions", "users"),
        ("is anyone logged in", "users"),
        ("list users", "users"),
        ("المستخدمين", "users"),
        ("المستخدمون الحاليون", "users"),
        ("من المتصل الآن", "users"),
        ("من المتصل بالسيرفر", "users"),
        ("الجلسات المفتوحة", "users"),
        ("which users are logged on", "users"),
        ("show me who is logged in now", "users"),
        ("logs of api pod", "pods"),
        ("show me the logs of the api pod", "pods"),
        ("pod logs", "pods"),
        ("سجلات البود api", "pods"),
        ("logs of the pods in prod", "pods"),
        ("حالة البودات في prod", "pods"),
        ("how full is the disk of the server", "disk"),
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
        "who are you",
        "how are you",
        "who is the president",
        "who won the game",
        "is the office open",
        "open the door",
        "book a flight",
        "send a message to bob",
        "log me a ticket",
        "what is the status of my order",
        "what is in the folder of photos",
        "is the internet working",
        "password of root",
        "what is using memory and disk",
        "services and containers",
        "ls",
        "من انت",
        "افتح الباب",
        "أين الطريق",
        "كيف حالك",
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
        "turn off the nginx service",
        "vacuum the journal",
        "close port 80",
        "block port 22",
        "log out all users",
        "mask nginx.service",
        "stop nginx and show the logs",
        "prune the containers",
        "clear the logs",
        "اطرد المستخدمين",
        "اغلق المنفذ 80",
        "أوقف الخدمة",
        "احذف السجلات",
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


@pytest.mark.parametrize("intent", INTENTS, ids=lambda intent: intent.name)
def test_what_an_intent_is_the_more_exact_question_of_is_no_other_way_round(intent) -> None:
    for name in intent.over:
        assert intent.name not in BY_NAME[name].over
        assert name != intent.name
