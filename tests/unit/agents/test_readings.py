from datetime import timedelta, timezone

import pytest

from aof.agents.base import Agent, OffersTopics, Turn
from aof.agents.runbook import RunbookAgent
from aof.agents.runbook.intents import BY_NAME
from aof.agents.runbook.machine import Disk, Load, Memory, Program
from aof.domain.response import Status
from aof.texts.language import Language
from aof.tools.redaction import Redactor
from aof.tools.runner import Runner
from tests.unit.agents.conftest import NOW, Ask, ids
from tests.unit.agents.stubs import GIB, StubMachine


async def test_the_disk_answer_begins_with_the_fact_and_names_machine_and_time(ask: Ask) -> None:
    response = await ask("disk")
    assert response.text == "/ is 22 % full on web-1 (12:04 UTC). 80 GiB are free."
    assert response.status is Status.OK
    assert ids(response) == ["ask:directories", "ask:top", "ask:memory"]


async def test_the_disk_answer_in_arabic_keeps_paths_and_names_in_one_piece(ask: Ask) -> None:
    response = await ask("القرص", Language.ARABIC)
    assert response.text == (
        "القرص \u2066/\u2069 ممتلئ بنسبة 22٪ على \u2066web-1\u2069 (\u206612:04 UTC\u2069). "
        "المساحة الحرة \u206680 GiB\u2069."
    )
    assert [action.title for action in response.actions] == ["أكبر المجلدات", "العمليات الأنشط", "الذاكرة"]


async def test_the_fullest_filesystem_comes_first_and_decides(ask: Ask, machine: StubMachine) -> None:
    machine.disks_read = [
        Disk("/", 40.0, 80 * GIB, 5.0),
        Disk("/var", 91.2, 3 * GIB, None),
        Disk("/boot", 60, GIB, 1.0),
    ]
    response = await ask("disk")
    assert response.text.startswith("/var is 91 % full on web-1 (12:04 UTC). 3.0 GiB are free.\n\n- /boot: 60 % full")
    assert response.status is Status.WARNING


@pytest.mark.parametrize(
    ("used", "inodes", "status"),
    [
        (89.9, 10.0, Status.OK),
        (90.0, 10.0, Status.WARNING),
        (10.0, 89.9, Status.OK),
        (10.0, 90.0, Status.WARNING),  # bytes are free, and yet no file can be made
        (10.0, None, Status.OK),  # btrfs makes inodes as it needs them
    ],
)
async def test_the_disk_warns_from_its_thresholds_on(
    ask: Ask, machine: StubMachine, used: float, inodes: float | None, status: Status
) -> None:
    machine.disks_read = [Disk("/", used, GIB, inodes)]
    response = await ask("disk")
    assert response.status is status
    assert ("inodes" in response.text) is (inodes == 90.0)


async def test_a_machine_without_local_filesystems_says_so(ask: Ask, machine: StubMachine) -> None:
    machine.disks_read = []
    assert (await ask("disk")).text == "I see no local filesystem on web-1 (12:04 UTC)."


async def test_the_memory_answer_names_what_holds_the_most(ask: Ask, machine: StubMachine) -> None:
    machine.programs_read = [Program(n, f"p{n}", 0.0, n * GIB) for n in range(1, 6)]
    response = await ask("memory")
    assert response.text == (
        "54 % of memory is in use on web-1 (12:04 UTC). 11 GiB of 24 GiB are available.\n\nThere is no swap.\n\n"
        "Largest:\n\n- p5 (pid 5): 5.0 GiB\n- p4 (pid 4): 4.0 GiB\n- p3 (pid 3): 3.0 GiB"
    )
    assert machine.measured == [False]


@pytest.mark.parametrize(("available", "status"), [(100, Status.OK), (99, Status.WARNING), (0, Status.WARNING)])
async def test_memory_warns_below_a_tenth(ask: Ask, machine: StubMachine, available: int, status: Status) -> None:
    machine.memory_read = Memory(1000, available, 100, 50)
    response = await ask("memory")
    assert response.status is status
    assert "Swap: 50 B of 100 B in use." in response.text


@pytest.mark.parametrize(("five", "status"), [(3.0, Status.OK), (3.01, Status.WARNING)])
async def test_load_is_judged_per_core_over_five_minutes(
    ask: Ask, machine: StubMachine, five: float, status: Status
) -> None:
    machine.load_read = Load((90.0, five, 0.0), 2)
    response = await ask("load")
    assert response.status is status
    assert "90.00" in response.text
    assert "with 2 cores" in response.text


async def test_uptime_tells_since_when(ask: Ask) -> None:
    response = await ask("uptime")
    assert response.text == "web-1 has been up for 12 d 3 h, since 2026-11-10 09:01 UTC (now 12:04 UTC)."
    assert response.status is None


async def test_top_lists_the_busiest_first_by_name_and_number(ask: Ask, machine: StubMachine) -> None:
    machine.programs_read = [Program(n, f"p{n}", float(n), n * GIB) for n in range(10)]
    lines = (await ask("top")).text.splitlines()
    assert lines[0] == "Busiest on web-1 (12:04 UTC), measured over 0.5 s; 100 % is one core:"
    assert lines[2] == "- p9 (pid 9): 9 % CPU, 9.0 GiB"
    assert len(lines) == 7
    assert machine.measured == [True]


async def test_times_are_shown_in_the_machines_zone(machine: StubMachine) -> None:
    agent = RunbookAgent(Runner([], {}, Redactor()), machine, zone=timezone(timedelta(hours=3), "AST"))
    response = await agent.answer(Turn("uptime", None, Language.ENGLISH, NOW))
    assert "since 2026-11-10 12:01 AST (now 15:04 AST)" in response.text


async def test_a_reading_that_the_system_refuses_is_a_sentence(ask: Ask, machine: StubMachine) -> None:
    machine.refuses = PermissionError(13, "Permission denied")
    response = await ask("disk")
    assert response.text == "I can't read that on web-1: Permission denied."
    assert response.status is Status.FAILED
    assert response.actions


async def test_a_name_that_somebody_chose_is_text_and_nothing_else(ask: Ask, machine: StubMachine) -> None:
    machine.programs_read = [Program(1, "*x*\n[y](z) \u202e`", 1.0, 1)]
    assert (await ask("top")).text.splitlines()[2].startswith(r"- \*x\* &#91;y&#93;(z) \` (pid 1):")


async def test_a_greeting_says_who_answers_and_offers_all_topics(ask: Ask, agent: RunbookAgent) -> None:
    response = await ask("hello")
    assert "web-1" in response.text
    assert response.actions == agent.topics(Language.ENGLISH)
    assert response.status is None


async def test_no_text_at_all_is_answered_with_what_can_be_asked(ask: Ask, agent: RunbookAgent) -> None:
    assert (await ask("")).actions == agent.topics(Language.ENGLISH)
    assert (await ask("", Language.ARABIC)).text.startswith("هذا ما أستطيع")


async def test_a_near_miss_offers_up_to_three_topics(ask: Ask) -> None:
    response = await ask("what is using memory and disk")
    assert response.text == "I am not sure what you mean. One of these?"
    assert 1 <= len(response.actions) <= 3


async def test_a_request_to_change_something_is_left_alone_and_said_so(ask: Ask) -> None:
    response = await ask("restart nginx")
    assert response.text.startswith("I only look and change nothing, so I left that alone.")
    assert response.status is Status.NOTE


@pytest.mark.parametrize("language", list(Language))
async def test_every_topic_and_every_next_step_works_when_pressed(
    agent: RunbookAgent, press: Ask, language: Language
) -> None:
    waiting, seen = [action.id for action in agent.topics(language)], set()
    assert waiting == [f"ask:{name}" for name in BY_NAME]
    while waiting:
        action_id = waiting.pop()
        if action_id not in seen:
            seen.add(action_id)
            response = await press(action_id, language)
            assert response.actions
            assert "!" not in response.text
            waiting += ids(response)
    assert seen >= {f"ask:{name}" for name in BY_NAME}


def test_the_agent_is_what_the_pipeline_expects(agent: RunbookAgent) -> None:
    typed: Agent = agent
    assert typed.name == "runbook"
    assert isinstance(agent, OffersTopics)
    assert all(len(action.title) <= 20 for language in Language for action in agent.topics(language))
