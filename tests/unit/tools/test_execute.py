"""Plans run here: whatever they say was judged before, so the runner only sees to it that nothing leaks in or out."""

import asyncio
import json
import os
import re
import resource
import select
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from aof.tools.base import CallRefused
from aof.tools.limits import limited
from aof.tools.redaction import MASK, Redactor
from aof.tools.runner import Outcome, Runner
from tests.unit.tools.stand_in import PYTHON, SHELL, write_program

Execute = Callable[..., Awaitable[Outcome]]


@pytest.fixture
def execute(tmp_path: Path) -> Execute:
    """Runs a stand-in's body as `tool`, with the arguments given."""

    async def run(
        body: str,
        *args: str,
        environ: dict[str, str] | None = None,
        environment: dict[str, str] | None = None,
        directory: str = "",
        timeout_seconds: float = 300.0,
        most_bytes: int = 64 * 1024,
        may_leave: bool = False,
        interpreter: str = PYTHON,
    ) -> Outcome:
        write_program(tmp_path / "bin", body, name="tool", interpreter=interpreter)
        runner = Runner([tmp_path / "bin"], environ or {}, Redactor(["the known secret"]))
        return await runner.execute(
            ("tool", *args),
            environment=environment or {},
            directory=directory,
            timeout_seconds=timeout_seconds,
            most_bytes=most_bytes,
            may_leave=may_leave,
        )

    return run


def has_ended(pid: int) -> bool:
    """Waits for it, at most 20 s."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], 20)[0])
    finally:
        os.close(watched)


HOSTILE = ["$(id)", "`id`", "a b", "a\tb", "'", '"', "\\", ";", "|", "*", "--", "-x", "", "ü", "\u202e", "$HOME", "~"]


async def test_every_argument_arrives_as_it_was_given(execute: Execute) -> None:
    outcome = await execute("import json, sys; print(json.dumps([ord(c) for c in '\\0'.join(sys.argv[1:])]))", *HOSTILE)
    assert "".join(map(chr, json.loads(outcome.stdout))) == "\0".join(HOSTILE)
    assert outcome.argv == ("tool", *HOSTILE)


async def test_a_nul_never_reaches_a_program(execute: Execute) -> None:
    outcome = await execute("print('ran')", "a\0b")
    assert (outcome.not_started, outcome.exit_code, outcome.stdout) == (True, None, "")


async def test_the_environment_is_the_list_and_nothing_else(execute: Execute, tmp_path: Path) -> None:
    planted = {"WHATSAPP_ACCESS_TOKEN": "EAAGplanted", "OPENAI_API_KEY": "sk-planted", "LD_PRELOAD": "/x", "PATH": "/x"}
    outcome = await execute(
        "import os\nfor name, value in sorted(os.environ.items()): print(f'{name} is {value}')",
        environ=planted | {"HOME": "/home/ops"},
        environment={"KUBECONFIG": "/etc/k", "PATH": "/evil", "PAGER": "less", "TERM": "xterm"},
    )
    call, *others = outcome.stdout.splitlines()
    assert re.fullmatch("AOF_CALL is [0-9a-f]{16}", call)
    assert others == [
        "AWS_PAGER is cat",
        "GIT_PAGER is cat",
        "HOME is /home/ops",
        "KUBECONFIG is /etc/k",
        "LC_ALL is C.UTF-8",
        "MANPAGER is cat",
        "NO_COLOR is 1",
        "PAGER is cat",
        f"PATH is {tmp_path / 'bin'}",
        "SYSTEMD_PAGER is cat",
        "TERM is dumb",
    ]


async def test_a_secret_that_a_tool_was_given_does_not_come_back(execute: Execute) -> None:
    given = {"GRAFANA_TOKEN": "plain-looking-value", "REGION": "eu-central-1"}
    outcome = await execute("import os; print(os.environ['GRAFANA_TOKEN'], os.environ['REGION'])", environment=given)
    assert outcome.stdout == f"{MASK} eu-central-1\n"


async def test_output_is_cleaned_then_redacted_then_cut(execute: Execute) -> None:
    body = r"print('\x1b[31mpass\u200bword=hunter2\x1b[0m \u202ethe kno\u200bwn secret')"
    assert (await execute(body)).stdout == f"password={MASK} {MASK}\n"
    torn = await execute("print('x' * 80 + '\\nghp_' + 'a1B2' * 9 + '\\n' + 'y' * 999)", most_bytes=100)
    assert (torn.cut, torn.stdout) == (True, "x" * 80 + "\n")


async def test_it_has_no_input_and_starts_where_it_was_told(execute: Execute, tmp_path: Path) -> None:
    body = "import os, sys; print([sys.stdin.read(), os.getcwd(), os.getsid(0) == os.getpid()])"
    assert (await execute(body)).stdout == "['', '/', True]\n"
    assert (await execute(body, directory=str(tmp_path))).stdout == f"['', {str(tmp_path)!r}, True]\n"


async def test_a_directory_that_is_not_there_is_told(execute: Execute) -> None:
    outcome = await execute("print('ran')", directory="/nowhere/at/all")
    assert (outcome.not_started, outcome.stdout, outcome.stderr) == (True, "", "No such file or directory")


async def test_yes_is_ended_at_the_cap_and_the_cap_is_all_that_is_kept(execute: Execute) -> None:
    for stream in ("stdout", "stderr"):
        outcome = await execute(f"import sys\nwhile True: sys.{stream}.write('y\\n' * 5000)", most_bytes=1000)
        assert (outcome.cut, outcome.exit_code, outcome.timed_out) == (True, None, False)
        assert len(getattr(outcome, stream)) <= 1000


async def test_a_child_that_keeps_the_pipe_open_neither_delays_the_answer_nor_outlives_it(execute: Execute) -> None:
    outcome = await execute(
        "import os, time\nchild = os.fork()\nif child == 0: time.sleep(600)\nprint(child, flush=True)\nos._exit(0)",
    )
    assert (outcome.exit_code, outcome.timed_out) == (0, False)
    assert await asyncio.to_thread(has_ended, int(outcome.stdout))


DOUBLE_FORK = """
import os
ours, theirs = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(theirs, str(os.getpid()).encode())
        CLOSES
        os.execv("/bin/sleep", ["sleep", "600"])
    os._exit(0)
os.wait()
print(os.read(ours, 20).decode(), flush=True)
"""
only_linux = pytest.mark.skipif(sys.platform != "linux", reason="what left its group is looked for on Linux alone")


@only_linux
@pytest.mark.parametrize("ends", ["exit 0", "exec /bin/sleep 600"], ids=["by itself", "over its time"])
async def test_a_child_that_left_its_group_does_not_outlive_the_call(
    execute: Execute, tmp_path: Path, ends: str
) -> None:
    told = tmp_path / "told"
    outcome = await execute(
        f"/usr/bin/mkfifo {told}; /usr/bin/setsid /bin/sh -c 'echo $$ > {told}; exec /bin/sleep 600' &\n"
        f"read pid < {told}; echo $pid; {ends}",
        interpreter=SHELL,
        timeout_seconds=60.0 if ends == "exit 0" else 2.0,
    )
    assert outcome.timed_out == (ends != "exit 0")
    assert await asyncio.to_thread(has_ended, int(outcome.stdout))


@only_linux
@pytest.mark.parametrize("closes", ["", "os.closerange(0, 3)"])
async def test_a_daemon_that_started_another_program_does_not_outlive_the_call(execute: Execute, closes: str) -> None:
    outcome = await execute(DOUBLE_FORK.replace("CLOSES", closes))
    assert outcome.exit_code == 0
    assert await asyncio.to_thread(has_ended, int(outcome.stdout))


@only_linux
async def test_a_service_that_a_change_started_goes_on_unless_the_change_was_ended(execute: Execute) -> None:
    body = DOUBLE_FORK.replace("CLOSES", "os.closerange(0, 3)")
    left = int((await execute(body, may_leave=True)).stdout)
    stat = await asyncio.to_thread(Path(f"/proc/{left}/stat").read_text)
    os.kill(left, signal.SIGKILL)
    assert stat.rpartition(")")[2].split()[0] != "Z"
    assert await asyncio.to_thread(has_ended, left)
    ended = await execute(f"{body}\nimport time; time.sleep(600)", may_leave=True, timeout_seconds=3.0)
    assert ended.timed_out
    assert await asyncio.to_thread(has_ended, int(ended.stdout))


@only_linux
async def test_what_another_call_started_is_left(execute: Execute) -> None:
    other = await asyncio.create_subprocess_exec("/bin/sleep", "600", env={"AOF_CALL": "0" * 16})
    try:
        await execute("print(1)")
        assert other.returncode is None
        os.kill(other.pid, 0)
    finally:
        other.kill()
        # it was ended by this signal and no earlier one
        assert await other.wait() == -signal.SIGKILL


@only_linux
async def test_a_call_that_is_given_up_leaves_nothing_either(execute: Execute, tmp_path: Path) -> None:
    told = tmp_path / "told"
    os.mkfifo(told)
    body = f"/usr/bin/setsid /bin/sh -c 'echo $$ > {told}; exec /bin/sleep 600' & exec /bin/sleep 600"
    running = asyncio.ensure_future(execute(body, interpreter=SHELL))
    pid = int(await asyncio.to_thread(told.read_text))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await asyncio.to_thread(has_ended, pid)


async def test_over_its_time_the_whole_group_gets_term_and_then_kill(execute: Execute) -> None:
    polite = "trap 'echo goodbye; exit 0' TERM; echo working; /bin/sleep 600 & wait"
    outcome = await execute(polite, timeout_seconds=2.0, interpreter=SHELL)
    assert (outcome.timed_out, outcome.exit_code, outcome.stdout) == (True, None, "working\ngoodbye\n")
    stubborn = "trap '' TERM; /bin/sleep 600 & echo $$ $!; wait; wait"
    outcome = await execute(stubborn, timeout_seconds=2.0, interpreter=SHELL)
    assert outcome.timed_out
    for pid in outcome.stdout.split():
        assert await asyncio.to_thread(has_ended, int(pid))


@pytest.mark.skipif(not os.access("/usr/bin/prlimit", os.X_OK), reason="this machine has no prlimit")
async def test_memory_files_and_time_of_the_processor_are_limited(execute: Execute) -> None:
    body = (
        "import resource as r\n"
        "print([r.getrlimit(kind)[0] for kind in (r.RLIMIT_CORE, r.RLIMIT_NOFILE, r.RLIMIT_FSIZE, r.RLIMIT_DATA)])\n"
        "print(r.getrlimit(r.RLIMIT_CPU)[0])"
    )
    said, cpu = (await execute(body, timeout_seconds=60.0)).stdout.splitlines()
    assert said == str([0, 1024, 1024**3, 2 * 1024**3])
    assert int(cpu) == 60 * (os.cpu_count() or 1)
    assert resource.getrlimit(resource.RLIMIT_DATA)[0] != 2 * 1024**3  # ours are as they were


@pytest.mark.skipif(not os.access("/usr/bin/prlimit", os.X_OK), reason="this machine has no prlimit")
async def test_a_program_that_wants_all_memory_is_denied_it(execute: Execute) -> None:
    outcome = await execute("import sys\ntry: bytearray(3 * 1024**3)\nexcept MemoryError: print('denied')")
    assert outcome.stdout == "denied\n"


def test_without_prlimit_a_program_runs_without_limits(tmp_path: Path) -> None:
    call = limited("/bin/x", ["-a"], timeout_seconds=1, prlimit=tmp_path / "none")
    assert call == ("/bin/x", ("-a",))


@pytest.mark.parametrize(
    "program",
    [
        "sh",
        "bash",
        "env",
        "xargs",
        "find",
        "awk",
        "sudo",
        "python3.11",
        "SH",
        "/bin/tool",
        "../tool",
        "",
        "-x",
        "a b",
        "tool\n",
    ],
)
async def test_what_starts_other_programs_is_never_started(tmp_path: Path, program: str) -> None:
    write_program(tmp_path, "print('ran')", name="tool")
    for name in ("sh", "bash", "env", "xargs", "find", "awk", "sudo", "python3.11", "SH"):
        write_program(tmp_path, "print('ran')", name=name)
    with pytest.raises(CallRefused):
        await Runner([tmp_path], {}, Redactor()).execute((program, "-c", "id"), environment={})


async def test_a_program_that_is_not_there_is_told_from_one_that_fails(tmp_path: Path) -> None:
    outcome = await Runner([tmp_path], {}, Redactor()).execute(("kubectl", "get", "pods"), environment={})
    assert (outcome.missing, outcome.exit_code) == (True, None)
