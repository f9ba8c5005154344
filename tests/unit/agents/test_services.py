import pytest

from aof.agents.runbook import programs as calls
from aof.domain.response import Status
from aof.texts.language import Language
from tests.unit.agents.conftest import Ask, ids, titles
from tests.unit.agents.programs import Programs

OFFLINE = (
    "System has not been booted with systemd as init system (PID 1). Can't operate.\n"
    "Failed to connect to bus: Host is down\n"
)
HINT = (
    "Hint: You are currently not seeing messages from other users and the system.\n"
    "      Users in groups 'adm', 'systemd-journal' can see all messages.\n"
    "      Pass -q to turn off this notice.\n"
)

WELL = """\
cron.service                 loaded active running Regular background program processing daemon
dbus.service                 loaded active running D-Bus System Message Bus
systemd-remount-fs.service   loaded active exited  Remount Root and Kernel File Systems
"""
TROUBLED = f"""\
api.service                  loaded activating auto-restart The API
nginx.service                loaded failed failed  A high performance web server [and] *proxy*
backup@db.service            loaded failed failed  Backup of db
{WELL}"""


@pytest.fixture
def troubled(programs: Programs) -> Programs:
    programs.says("systemctl", TROUBLED, wanted="--type=service")
    return programs


async def test_failed_services_come_first_and_their_journals_are_one_tap_away(troubled: Programs, ask: Ask) -> None:
    response = await ask("services")
    assert response.text == (
        "3 services are in trouble on web-1 (12:04 UTC):\n\n"
        "- backup@db.service: failed (failed)\n"
        "- nginx.service: failed (failed)\n"
        "- api.service: activating (auto-restart)\n\n"  # a crash loop, which systemd never calls failed
        "2 services run."
    )
    assert response.status is Status.WARNING
    assert titles(response) == ["Logs: backup@db", "Logs: nginx", "Logs: api"]
    assert ids(response) == ["journal:backup@db.service", "journal:nginx.service", "journal:api.service"]


async def test_failed_services_in_arabic_keep_their_names_in_one_piece(troubled: Programs, ask: Ask) -> None:
    response = await ask("الخدمات المتعطلة", Language.ARABIC)
    assert response.text.startswith("عدد الخدمات المتعطلة على \u2066web-1\u2069 (\u206612:04 UTC\u2069): 3")
    assert "- \u2066nginx.service\u2069: \u2066failed (failed)\u2069" in response.text
    assert titles(response)[1] == "سجل \u2066nginx\u2069"


async def test_where_nothing_has_failed_it_says_how_many_run(programs: Programs, ask: Ask) -> None:
    programs.says("systemctl", WELL)
    response = await ask("are all services running?")
    assert response.text == "No service has failed on web-1 (12:04 UTC). 2 services run."
    assert response.status is Status.OK
    assert ids(response) == ["ask:journal", "ask:top", "ask:services"]
    assert programs.calls() == ["systemctl list-units --type=service --full --plain --no-legend --no-pager"]


async def test_no_services_at_all_is_no_trouble(programs: Programs, ask: Ask) -> None:
    programs.says("systemctl", "")
    assert (await ask("services")).text == "No service has failed on web-1 (12:04 UTC). 0 services run."


async def test_many_failed_services_are_cut_and_counted(programs: Programs, ask: Ask) -> None:
    programs.says("systemctl", "".join(f"s{number:02}.service loaded failed failed x\n" for number in range(14)))
    response = await ask("services")
    assert response.text.count("failed (failed)") == 10
    assert "- …and 4 more" in response.text
    assert len(response.actions) == 3


async def test_signs_that_old_versions_put_before_a_unit_are_no_part_of_its_name(programs: Programs, ask: Ask) -> None:
    programs.says("systemctl", "● nginx.service loaded failed failed x\n  cron.service loaded active running y\n")
    assert ids(await ask("services")) == ["journal:nginx.service"]


@pytest.mark.parametrize(
    ("row", "text", "status"),
    [
        ("nginx.service loaded active running x", "nginx.service is active (running) on web-1", Status.OK),
        ("nginx.service loaded failed failed x", "nginx.service is failed (failed) on web-1", Status.WARNING),
        ("nginx.service loaded inactive dead x", "nginx.service is inactive (dead) on web-1", Status.NOTE),
        ("nginx.service loaded activating auto-restart x", "activating (auto-restart)", Status.WARNING),
        ("nginx.service not-found inactive dead x", "has loaded no unit called nginx.service", Status.NOTE),
        ("", "has loaded no unit called nginx.service", Status.NOTE),
    ],
)
async def test_one_service_is_told_in_systemds_own_words(
    programs: Programs, ask: Ask, row: str, text: str, status: Status
) -> None:
    programs.says("systemctl", f"{row}\n", wanted="nginx.service")
    response = await ask("is nginx running?")
    assert text in response.text
    assert "web-1" in response.text
    assert "(12:04 UTC)" in response.text
    assert response.status is status
    assert "journal:nginx.service" in ids(response)


@pytest.mark.parametrize("text", ["logs of nginx", "Nginx logs", "/journal nginx", "journalctl -u nginx", "سجل nginx"])
async def test_the_journal_of_a_named_unit_is_shown(programs: Programs, ask: Ask, text: str) -> None:
    programs.says("journalctl", "2026-11-22T12:00:00+00:00 nginx[1]: started\n")
    response = await ask(text)
    assert response.text == (
        "Last journal lines of nginx.service:\n```\n2026-11-22T12:00:00+00:00 nginx[1]: started\n```\n\n"
        "On web-1 (12:04 UTC)."
    )
    assert ids(response) == ["journal:nginx.service", "service:nginx.service", "ask:services"]
    assert programs.calls() == [
        "journalctl --unit=nginx.service --lines=40 --no-pager --no-hostname --output=short-iso"
    ]


async def test_the_journal_in_arabic(programs: Programs, ask: Ask) -> None:
    programs.says("journalctl", "line\n")
    response = await ask("سجل nginx", Language.ARABIC)
    assert response.text.startswith("آخر سجلات \u2066nginx.service\u2069:\n```\nline\n```")
    assert "\u2066web-1\u2069" in response.text


async def test_every_journal_button_works(troubled: Programs, ask: Ask, press: Ask) -> None:
    troubled.says("journalctl", "boom\n", wanted="--unit=backup@db.service")
    troubled.says("systemctl", "backup@db.service loaded failed failed x\n", wanted="backup@db.service")
    journal = await press((await ask("services")).actions[0].id)
    assert "```\nboom\n```" in journal.text
    state = await press(journal.actions[1].id)
    assert state.text == "backup@db.service is failed (failed) on web-1 (12:04 UTC)."


async def test_a_journal_without_a_unit_asks_which_and_offers_those_that_failed(troubled: Programs, ask: Ask) -> None:
    response = await ask("show me the logs")
    assert response.text == (
        'The journal of which service? Name it, as in "logs of nginx". '
        "In trouble now: backup@db.service, nginx.service, api.service.\n\nOn web-1 (12:04 UTC)."
    )
    assert ids(response) == ["journal:backup@db.service", "journal:nginx.service", "journal:api.service"]
    assert not any("journalctl" in call for call in troubled.calls())


async def test_a_journal_without_a_unit_where_nothing_failed_gives_an_example(programs: Programs, ask: Ask) -> None:
    programs.says("systemctl", WELL)
    response = await ask("journal")
    assert '"logs of nginx". None has failed.' in response.text
    assert ids(response) == ["ask:services"]


@pytest.mark.parametrize(
    ("printed", "complaint", "code", "said"),
    [
        ("-- No entries --\n", "", 0, "The journal of web-1 holds no entries of nginx.service (12:04 UTC)."),
        ("", "", 0, "The journal of web-1 holds no entries of nginx.service (12:04 UTC)."),
        ("", "", 1, "journalctl on web-1 failed (exit 1)."),
        (
            "-- Journal begins at Sat 2026-11-21, ends at Sun 2026-11-22. --\n-- No entries --\n",
            "",
            0,
            "The journal of web-1 holds no entries of nginx.service (12:04 UTC).",
        ),
        (
            "-- No entries --\n",
            "No journal files were found.\n",
            0,
            "There is no journal on web-1 (12:04 UTC): journalctl found no journal files.",
        ),
        ("", "No journal files were found.\n", 1, "There is no journal on web-1"),
        ("-- No entries --\n", HINT, 0, "I am not permitted to see the whole journal of web-1 (12:04 UTC)"),
        (
            "",
            "No journal files were opened due to insufficient permissions.\n",
            1,
            "I am not permitted to see the whole journal of web-1",
        ),
    ],
)
async def test_an_empty_journal_is_told_apart_by_its_reason(
    programs: Programs, ask: Ask, printed: str, complaint: str, code: int, said: str
) -> None:
    programs.says("journalctl", printed, complaint=complaint, code=code)
    response = await ask("logs of nginx")
    assert response.text.startswith(said)
    assert "web-1" in response.text
    assert "(12:04 UTC)" in response.text
    assert "```" not in response.text
    assert response.actions


async def test_lines_that_may_not_be_all_say_so(programs: Programs, ask: Ask) -> None:
    programs.says("journalctl", "one line\n", complaint=HINT)
    text = (await ask("logs of nginx")).text
    assert "```\none line\n```\n\nI am not permitted to see the whole journal, so lines may be missing." in text


async def test_the_heading_of_old_versions_is_no_line_of_the_journal(programs: Programs, ask: Ask) -> None:
    programs.says("journalctl", "-- Logs begin at Sat x, end at Sun y. --\nfirst\n-- Reboot --\nlast\n")
    assert "```\nfirst\n-- Reboot --\nlast\n```" in (await ask("logs of nginx")).text


async def test_an_endless_line_is_cut_and_says_who_wrote_it(programs: Programs, ask: Ask) -> None:
    programs.says("journalctl", "a very long line " * 20_000)
    text = (await ask("logs of nginx")).text
    assert len(text) < 3000
    assert "Cut: journalctl wrote more than I read" in text


async def test_other_peoples_lines_are_fenced_cleaned_and_redacted(programs: Programs, ask: Ask) -> None:
    programs.says("journalctl", "\x1b[31mpanic\x1b[0m \u202egpj\u202c password=hunter2\n```\n[Delete Everything]\n")
    text = (await ask("logs of nginx")).text
    assert text.count("```") == 2
    assert "hunter2" not in text
    assert not set(text) & {"\x1b", "\u202e", "\u202c"}
    assert text.splitlines()[-1] == "On web-1 (12:04 UTC)."


async def test_a_hostile_unit_is_named_as_it_is_and_never_becomes_a_button(programs: Programs, ask: Ask) -> None:
    programs.says("systemctl", "-x*y[z].service loaded failed failed x\n\x1b[1mok.service loaded failed failed y\n")
    response = await ask("services")
    assert r"- -x\*y&#91;z&#93;.service: failed" in response.text
    assert ids(response) == ["journal:ok.service"]


@pytest.mark.parametrize("text", ["services", "is nginx running", "journal"])
async def test_without_systemd_running_it_says_exactly_that(programs: Programs, ask: Ask, text: str) -> None:
    programs.says("systemctl", complaint=OFFLINE, code=1)
    response = await ask(text)
    assert response.text == (
        "systemd does not run on web-1 (12:04 UTC), so there are no services that it could tell of."
    )
    assert response.status is Status.FAILED
    assert response.actions


async def test_without_systemd_running_in_arabic(programs: Programs, ask: Ask) -> None:
    programs.says("systemctl", complaint=OFFLINE, code=1)
    assert (await ask("الخدمات", Language.ARABIC)).text.startswith("لا يعمل systemd على \u2066web-1\u2069")


async def test_a_systemctl_that_does_nothing_in_a_chroot_is_no_sign_that_all_is_well(
    programs: Programs, ask: Ask
) -> None:
    programs.says("systemctl", complaint="Running in chroot, ignoring command 'list-units'\n")
    assert (await ask("services")).text.startswith("systemd does not run on web-1")


async def test_a_bus_that_can_not_be_reached_is_another_failure(programs: Programs, ask: Ask) -> None:
    programs.says("systemctl", complaint="Failed to connect to bus: Permission denied\n", code=1)
    assert (await ask("services")).text == (
        "systemctl on web-1 failed (exit 1).\n```\nFailed to connect to bus: Permission denied\n```\n\n"
        "On web-1 (12:04 UTC)."
    )


@pytest.mark.parametrize(("text", "program"), [("services", "systemctl"), ("logs of nginx", "journalctl")])
async def test_a_missing_program_is_named(programs: Programs, ask: Ask, text: str, program: str) -> None:
    response = await ask(text)
    assert response.text.startswith(
        f"{program} is not installed on web-1, or not where spec.tools.path looks.\n\nOn web-1 (12:04 UTC)."
    )
    assert response.status is Status.FAILED
    assert response.actions


@pytest.mark.parametrize(("text", "program"), [("services", "systemctl"), ("logs of nginx", "journalctl")])
async def test_a_program_that_hangs_is_ended_and_said(
    programs: Programs, ask: Ask, monkeypatch: pytest.MonkeyPatch, text: str, program: str
) -> None:
    monkeypatch.setattr(calls, "TIMEOUT_SECONDS", 0.2)
    programs.hangs(program)
    assert (await ask(text)).text.startswith(f"{program} on web-1 gave no answer within")


@pytest.mark.parametrize("printed", ["hello\n", "{}\n", "nginx.service loaded\n", "\x00\n\ufffd\n"])
async def test_garbage_is_named_as_such(programs: Programs, ask: Ask, printed: str) -> None:
    programs.says("systemctl", printed)
    response = await ask("services")
    assert response.text.startswith("systemctl on web-1 printed something I can't read.")
    assert response.status is Status.FAILED


async def test_another_failure_shows_the_programs_own_last_words(programs: Programs, ask: Ask) -> None:
    programs.says("systemctl", complaint="Failed to list units: Access denied, token=abcdef\n", code=1)
    text = (await ask("services")).text
    assert text.startswith("systemctl on web-1 failed (exit 1).\n```\nFailed to list units: Access denied, token=•••")


@pytest.mark.parametrize(
    "action_id",
    ["journal:nginx", "journal:--follow", "journal:-x.service", "journal:*.service", "journal:", "service:a b.service",
     "journal:nginx.service\n", "service:", "unit:nginx.service", "restart:nginx.service"],
)  # fmt: skip
async def test_a_press_that_names_no_unit_runs_nothing(programs: Programs, press: Ask, action_id: str) -> None:
    programs.says("journalctl", "x\n")
    programs.says("systemctl", WELL)
    assert (await press(action_id)).text.startswith("I don't know that button any more.")
    assert programs.calls() == []
