import json
from datetime import UTC

import pytest

from aof.agents.base import Turn
from aof.agents.runbook import RunbookAgent
from aof.agents.runbook import programs as calls
from aof.domain.response import Status
from aof.texts.language import Language
from aof.tools.redaction import Redactor
from aof.tools.runner import Runner
from tests.unit.agents.conftest import NOW, Ask, ids
from tests.unit.agents.programs import Programs
from tests.unit.agents.stubs import StubMachine
from tests.unit.tools.stand_in import SHELL, write_program


def listed(*containers: tuple[str, str]) -> str:
    return "".join(json.dumps(container) + "\n" for container in containers)


async def test_containers_in_trouble_come_first_and_then_those_that_run(programs: Programs, ask: Ask) -> None:
    programs.says(
        "docker",
        listed(
            ("old", "Exited (0) 2 days ago"),
            ("web", "Up 3 hours (healthy)"),
            ("api", "Restarting (1) 5 seconds ago"),
            ("db", "Up 3 hours (unhealthy)"),
            ("job", "Exited (137) 5 minutes ago"),
        ),
    )
    response = await ask("containers")
    assert response.text == (
        "3 containers are in trouble on web-1 (12:04 UTC); 2 of 5 run:\n\n"
        "- api: Restarting (1) 5 seconds ago\n"
        "- db: Up 3 hours (unhealthy)\n"
        "- job: Exited (137) 5 minutes ago\n"
        "- web: Up 3 hours (healthy)\n"
        "- old: Exited (0) 2 days ago"
    )
    assert response.status is Status.WARNING
    assert ids(response) == ["ask:containers", "ask:pods", "ask:services"]
    assert programs.calls() == ["docker ps --all --format [{{json .Names}},{{json .Status}}]"]


async def test_containers_in_arabic_keep_names_and_dockers_words_in_one_piece(programs: Programs, ask: Ask) -> None:
    programs.says("docker", listed(("api", "Dead")))
    response = await ask("الحاويات المتعطلة", Language.ARABIC)
    assert response.text == (
        "عدد الحاويات المتعطلة على \u2066web-1\u2069 (\u206612:04 UTC\u2069): 1، والعاملة 0 من 1:\n\n"
        "- \u2066api\u2069: \u2066Dead\u2069"
    )


@pytest.mark.parametrize(
    ("status", "judged"),
    [
        ("Up 3 hours", Status.OK),
        ("Up 2 seconds (health: starting)", Status.OK),
        ("Up 3 hours (Paused)", Status.OK),
        ("Up 3 hours (healthy)", Status.OK),
        ("Created", Status.OK),
        ("Exited (0) 3 weeks ago", Status.OK),
        ("Removal In Progress", Status.OK),
        ("Up 3 hours (unhealthy)", Status.WARNING),
        ("Restarting (0) 1 second ago", Status.WARNING),
        ("Exited (1) 3 weeks ago", Status.WARNING),
        ("Exited (-1) 3 weeks ago", Status.WARNING),
        ("Dead", Status.WARNING),
    ],
)
async def test_a_container_is_judged_by_its_state(programs: Programs, ask: Ask, status: str, judged: Status) -> None:
    programs.says("docker", listed(("web", status)))
    response = await ask("docker")
    assert response.status is judged
    assert f"- web: {status}" in response.text


async def test_where_all_is_well_it_says_so(programs: Programs, ask: Ask) -> None:
    programs.says("docker", listed(("web", "Up 3 hours")))
    assert (await ask("docker ps")).text.startswith(
        "1 of 1 containers runs on web-1 (12:04 UTC); none is in trouble.\n\n- web: Up 3 hours"
    )


async def test_no_containers_at_all_is_said(programs: Programs, ask: Ask) -> None:
    programs.says("docker", "")
    response = await ask("containers")
    assert response.text == "There are no containers on web-1 (12:04 UTC), running or stopped."
    assert response.status is Status.OK


async def test_many_containers_are_cut_and_counted(programs: Programs, ask: Ask) -> None:
    programs.says("docker", listed(*((f"c{number}", "Up 1 hour") for number in range(25))))
    text = (await ask("containers")).text
    assert text.count("Up 1 hour") == 10
    assert text.endswith("- …and 15 more")


async def test_a_list_that_is_too_long_is_shown_as_far_as_it_was_read(programs: Programs, ask: Ask) -> None:
    programs.says("docker", listed(*((f"c{number}", "Up 1 hour") for number in range(5000))))
    response = await ask("containers")
    assert response.text.endswith("docker listed more than I read (64 KiB), so some are missing.")
    assert response.status is Status.OK


@pytest.mark.parametrize(
    ("complaint", "said"),
    [
        (
            "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n",
            "The Docker daemon does not run on web-1 (12:04 UTC), so I see no containers.",
        ),
        (
            (
                "failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and "
                "if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory\n"
            ),
            "The Docker daemon does not run on web-1 (12:04 UTC), so I see no containers.",
        ),
        (
            (
                "Got permission denied while trying to connect to the Docker daemon socket at "
                'unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/containers/json": dial\n'
            ),
            "I am not permitted to ask the Docker daemon on web-1 (12:04 UTC): its socket refuses the user I run as.",
        ),
        (
            "permission denied while trying to connect to the docker API at unix:///var/run/docker.sock\n",
            "I am not permitted to ask the Docker daemon on web-1 (12:04 UTC): its socket refuses the user I run as.",
        ),
    ],
)
async def test_each_reason_for_no_answer_has_its_own_sentence(
    programs: Programs, ask: Ask, complaint: str, said: str
) -> None:
    programs.says("docker", complaint=complaint, code=1)
    response = await ask("containers")
    assert response.text == said
    assert response.status is Status.FAILED
    assert response.actions


async def test_a_missing_docker_is_another_sentence(programs: Programs, ask: Ask) -> None:
    response = await ask("containers")
    assert response.text == (
        "docker is not installed on web-1, or not where spec.tools.path looks.\n\nOn web-1 (12:04 UTC)."
    )
    assert response.status is Status.FAILED


async def test_a_missing_docker_in_arabic(programs: Programs, ask: Ask) -> None:
    text = (await ask("الحاويات", Language.ARABIC)).text
    assert text.startswith("البرنامج \u2066docker\u2069 غير مثبّت على \u2066web-1\u2069")


async def test_a_docker_that_hangs_is_ended_and_said(
    programs: Programs, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "TIMEOUT_SECONDS", 0.2)
    programs.hangs("docker")
    assert (await ask("containers")).text.startswith("docker on web-1 gave no answer within")


@pytest.mark.parametrize("printed", ["hello\n", "[]\n", '["a"]\n', '["a", 1]\n', '{"Names": "a"}\n', "[" * 50_000])
async def test_garbage_is_named_as_such(programs: Programs, ask: Ask, printed: str) -> None:
    programs.says("docker", printed)
    response = await ask("containers")
    assert response.text.startswith("docker on web-1 printed something I can't read.")
    assert response.status is Status.FAILED


async def test_another_failure_shows_dockers_own_last_words(programs: Programs, ask: Ask) -> None:
    programs.says("docker", complaint="template parsing error: password=hunter2 ```\n", code=64)
    text = (await ask("containers")).text
    assert text.startswith("docker on web-1 failed (exit 64).\n```\ntemplate parsing error: password=••• '''\n```")


async def test_a_hostile_name_is_text_and_nothing_else(programs: Programs, ask: Ask) -> None:
    programs.says("docker", listed(("\x1b[31m*x*\u202e[y](z)\n`", "Up 1 hour <b>")))
    line = (await ask("containers")).text.splitlines()[-1]
    assert line.endswith(r"\`: Up 1 hour \<b\>")
    assert r"\*x\*" in line
    assert not set(line) & {"\x1b", "\u202e"}


async def test_a_variable_that_leads_to_another_machine_is_not_handed_on(programs: Programs) -> None:
    body = 'printf \'["%s","Up"]\\n\' "${DOCKER_HOST:-none}"'
    write_program(programs.path, body, name="docker", interpreter=SHELL)
    runner = Runner([programs.path], {"DOCKER_HOST": "tcp://elsewhere"}, Redactor())
    agent = RunbookAgent(runner, StubMachine(), zone=UTC)
    assert "- none: Up" in (await agent.answer(Turn("docker", None, Language.ENGLISH, NOW))).text
