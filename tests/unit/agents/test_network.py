from datetime import UTC, datetime

import pytest

from aof.agents.runbook import programs as calls
from aof.agents.runbook.connections import Interface, Listener, Listeners, Session
from aof.domain.response import Status
from aof.texts.language import Language
from tests.unit.agents.conftest import Ask, ids
from tests.unit.agents.programs import Programs
from tests.unit.agents.stubs import GIB, StubMachine

EVERYWHERE = "0.0.0.0"  # noqa: S104 -- what a listener says, not where a test listens
SINCE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


async def test_interfaces_that_carry_traffic_come_first(ask: Ask, machine: StubMachine) -> None:
    machine.interfaces_read = [
        Interface("ifb0", False, (), 0, 0, 0, 0),
        Interface("docker0", True, ("172.17.0.1",), 0, 0, 0, 0),
        Interface("eth0", True, ("192.0.2.2", "fd00::2"), 3 * GIB, GIB, 2, 5),
    ]
    response = await ask("network")
    assert response.text == (
        "2 of 3 network interfaces are up on web-1 (12:04 UTC):\n\n"
        "- eth0: up, 192.0.2.2, fd00::2, in 3.0 GiB, out 1.0 GiB, errors 2, dropped 5\n"
        "- docker0: up, 172.17.0.1\n"
        "- ifb0: down, no address"
    )
    assert response.status is Status.OK
    assert ids(response) == ["ask:ports", "ask:users", "ask:load"]


async def test_interfaces_in_arabic_keep_addresses_in_one_piece(ask: Ask) -> None:
    response = await ask("حالة الشبكة", Language.ARABIC)
    assert response.text == (
        "واجهات الشبكة العاملة على \u2066web-1\u2069 (\u206612:04 UTC\u2069): 1 من 1\n\n"
        "- \u2066eth0\u2069: تعمل، \u2066192.0.2.2\u2069، \u2066fd00::2\u2069، "
        "الوارد \u20663.0 GiB\u2069، الصادر \u20661.0 GiB\u2069"
    )


@pytest.mark.parametrize(
    ("interface", "status"),
    [
        (Interface("eth0", True, ("192.0.2.2",), 1, 1, 9, 9), Status.OK),  # counted since the start, perhaps long ago
        (Interface("eth0", True, (), 1, 1, 0, 0), Status.WARNING),
        (Interface("eth0", False, ("192.0.2.2",), 1, 1, 0, 0), Status.WARNING),
    ],
)
async def test_the_network_warns_where_nothing_can_be_reached(
    ask: Ask, machine: StubMachine, interface: Interface, status: Status
) -> None:
    machine.interfaces_read = [interface]
    assert (await ask("network")).status is status


async def test_nothing_but_the_loopback_is_said(ask: Ask, machine: StubMachine) -> None:
    machine.interfaces_read = []
    response = await ask("network")
    assert response.text == "web-1 has no network interface beside its loopback (12:04 UTC)."
    assert response.status is Status.WARNING


async def test_many_interfaces_are_cut_and_counted(ask: Ask, machine: StubMachine) -> None:
    machine.interfaces_read = [Interface(f"veth{number}", True, (), 0, 0, 0, 0) for number in range(40)]
    assert (await ask("network")).text.endswith("- …and 30 more")


async def test_ports_open_to_others_come_first(ask: Ask, machine: StubMachine) -> None:
    machine.listeners_read = Listeners(
        (
            Listener(5432, "postgres", ("127.0.0.1", "::1")),
            Listener(9100, None, ("192.0.2.2",)),
            Listener(443, "nginx", (EVERYWHERE, "::")),
            Listener(22, "sshd", ("::",)),
        ),
        1,
    )
    response = await ask("which ports are open?")
    assert response.text == (
        "4 TCP ports are listening on web-1 (12:04 UTC), 2 of them on all addresses:\n\n"
        "- 22: sshd, all addresses\n"
        "- 443: nginx, all addresses\n"
        "- 9100: program not visible, 192.0.2.2\n"
        "- 5432: postgres, 127.0.0.1, ::1\n\n"
        "Without more rights I can't see the program of 1: it belongs to another user or container."
    )
    assert response.status is None
    assert ids(response) == ["ask:network", "ask:services", "ask:users"]


async def test_ports_in_arabic(ask: Ask) -> None:
    response = await ask("المنافذ المفتوحة", Language.ARABIC)
    assert response.text.endswith("- \u206622\u2069: \u2066sshd\u2069، كل العناوين")
    assert "\u2066web-1\u2069 (\u206612:04 UTC\u2069)" in response.text


async def test_two_programs_on_one_port_are_one_port(ask: Ask, machine: StubMachine) -> None:
    machine.listeners_read = Listeners((Listener(80, "a", ("192.0.2.2",)), Listener(80, "b", ("192.0.2.3",))), 0)
    text = (await ask("ports")).text
    assert text.startswith("1 TCP port is listening on web-1 (12:04 UTC), none of them on all addresses:")
    assert "- 80: a, 192.0.2.2\n- 80: b, 192.0.2.3" in text


async def test_no_listening_port_is_said(ask: Ask, machine: StubMachine) -> None:
    machine.listeners_read = Listeners((), 0)
    assert (await ask("ports")).text == "No TCP port is listening on web-1 (12:04 UTC)."


async def test_many_ports_are_cut_and_counted(ask: Ask, machine: StubMachine) -> None:
    machine.listeners_read = Listeners(tuple(Listener(port, "x", ("::",)) for port in range(1, 31)), 0)
    assert (await ask("ports")).text.endswith("- …and 10 more")


async def test_a_system_that_shows_ports_to_nobody_is_a_sentence(ask: Ask, machine: StubMachine) -> None:
    machine.refuses = PermissionError(13, "Permission denied")
    response = await ask("ports")
    assert response.text == "I can't read that on web-1: Permission denied."
    assert response.status is Status.FAILED
    assert response.actions


async def test_logged_in_users_are_told_with_where_from_and_since_when(ask: Ask, machine: StubMachine) -> None:
    machine.sessions_read = [
        Session("root", "pts/0", "10.0.0.5", SINCE),
        Session("root", "tty1", "", SINCE),
        Session("mona", "", "", None),
    ]
    response = await ask("who is logged in?")
    assert response.text == (
        "2 users are logged in 3 times on web-1 (12:04 UTC):\n\n"
        "- root: pts/0, from 10.0.0.5, since 2026-11-22 09:00 UTC\n"
        "- root: tty1, since 2026-11-22 09:00 UTC\n"
        "- mona"
    )
    assert response.status is None
    assert ids(response) == ["ask:ports", "ask:uptime", "ask:load"]


async def test_logged_in_users_in_arabic(ask: Ask) -> None:
    response = await ask("من المتصل الآن", Language.ARABIC)
    assert response.text == (
        "المستخدمون الحاليون على \u2066web-1\u2069 (\u206612:04 UTC\u2069): 1\n\n"
        "- \u2066root\u2069: \u2066pts/0\u2069، من \u206610.0.0.5\u2069، منذ \u20662026-11-22 09:00 UTC\u2069"
    )


async def test_nobody_is_said(ask: Ask, machine: StubMachine, programs: Programs) -> None:
    machine.sessions_read = []
    assert (await ask("users")).text == "Nobody is logged in on web-1 (12:04 UTC)."
    assert programs.calls() == []


async def test_many_log_ins_are_cut_and_counted(ask: Ask, machine: StubMachine) -> None:
    machine.sessions_read = [Session("root", f"pts/{number}", "", SINCE) for number in range(12)]
    text = (await ask("users")).text
    assert text.startswith("1 user is logged in 12 times")
    assert text.endswith("- …and 2 more")


async def test_a_hostile_name_of_a_user_is_text_and_nothing_else(ask: Ask, machine: StubMachine) -> None:
    machine.sessions_read = [Session("*x*\x1b[1m\n", "`", "[y](z)\u202e", None)]
    assert (await ask("users")).text.splitlines()[-1] == r"- \*x\*&#91;1m: \`, from &#91;y&#93;(z)"


async def test_where_the_system_keeps_no_utmp_the_program_who_is_asked(
    ask: Ask, machine: StubMachine, programs: Programs
) -> None:
    machine.sessions_read = None
    programs.says(
        "who",
        "paul     sshd pts/0   2026-11-22 09:15 (10.0.4.1)\nroot     tty1         Nov 22 08:00\n",
    )
    lines = (await ask("users")).text.splitlines()
    assert lines[0] == "2 users are logged in on web-1 (12:04 UTC):"
    assert lines[2].startswith("- paul: sshd pts/0, from 10.0.4.1, since 2026-11-2")
    assert lines[3] == "- root: tty1"
    assert programs.calls() == ["who"]


async def test_where_only_logind_would_know_nobody_is_said_with_that_reserve(
    ask: Ask, machine: StubMachine, programs: Programs
) -> None:
    machine.sessions_read = None
    programs.says("who", "")
    response = await ask("users")
    assert response.text == (
        "I find nobody logged in on web-1 (12:04 UTC). It keeps no utmp record, so I would only see those that "
        "systemd-logind knows of."
    )
    assert response.status is Status.NOTE


async def test_without_any_record_it_says_so(ask: Ask, machine: StubMachine, programs: Programs) -> None:
    machine.sessions_read = None
    response = await ask("users")
    assert response.text.startswith("I can't tell who is logged in on web-1 (12:04 UTC): it keeps no utmp record")
    assert response.status is Status.FAILED
    assert response.actions


@pytest.mark.parametrize(
    ("printed", "code", "said"),
    [
        ("garbage\n", 0, "who on web-1 printed something I can't read."),
        ("", 1, "who on web-1 failed (exit 1)."),
    ],
)
async def test_a_who_that_does_not_answer_is_said(
    ask: Ask, machine: StubMachine, programs: Programs, printed: str, code: int, said: str
) -> None:
    machine.sessions_read = None
    programs.says("who", printed, code=code)
    response = await ask("users")
    assert response.text.startswith(said)
    assert "web-1" in response.text
    assert "(12:04 UTC)" in response.text


async def test_a_who_that_hangs_is_ended_and_said(
    ask: Ask, machine: StubMachine, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "TIMEOUT_SECONDS", 0.2)
    machine.sessions_read = None
    programs.hangs("who")
    assert (await ask("users")).text.startswith("who on web-1 gave no answer within")
