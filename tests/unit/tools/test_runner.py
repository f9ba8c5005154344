import asyncio
import errno
import json
import os
import select
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from aof.tools.base import CallRefused
from aof.tools.commands import MOST_BYTES
from aof.tools.redaction import MASK, Redactor
from aof.tools.runner import Outcome, Runner
from tests.unit.tools.stand_in import PYTHON, SHELL, write_program

Call = Callable[..., Awaitable[Outcome]]
PODS = ("get", "pods", "--all-namespaces", "-o", "json", "--request-timeout=10s")


@pytest.fixture
def call(tmp_path: Path) -> Call:
    """Runs a stand-in's body as `kubectl config current-context`, or with the arguments given."""

    async def run(
        body: str,
        *args: str,
        environ: dict[str, str] | None = None,
        timeout_seconds: float = 300.0,
        interpreter: str = PYTHON,
    ) -> Outcome:
        write_program(tmp_path / "bin", body, interpreter=interpreter)
        runner = Runner([tmp_path / "bin"], environ or {}, Redactor(["the known secret"]))
        return await runner.run("kubectl", *(args or ("config", "current-context")), timeout_seconds=timeout_seconds)

    return run


def has_ended(pid: int) -> bool:
    """Waits for it, at most 20 s; one that nobody has collected yet counts as ended."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], 20)[0])
    finally:
        os.close(watched)


async def test_both_outputs_and_the_exit_code_come_back(call: Call) -> None:
    outcome = await call("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert (outcome.stdout, outcome.stderr, outcome.exit_code) == ("out\n", "err\n", 3)
    assert outcome.argv == ("kubectl", "config", "current-context")
    assert not outcome.succeeded
    assert (outcome.cut, outcome.timed_out, outcome.missing) == (False, False, False)


async def test_a_program_sees_only_the_listed_variables(call: Call, tmp_path: Path) -> None:
    outcome = await call(
        "import os; print(os.environ['PATH']); print(sorted(os.environ))",
        environ={
            "HOME": "/home/x",
            "KUBECONFIG": "/k",
            "WHATSAPP_ACCESS_TOKEN": "EAAG",
            "LD_PRELOAD": "x",
            "PATH": "/evil",
        },
    )
    path, names = outcome.stdout.splitlines()
    assert path == str(tmp_path / "bin")
    pagers = ["AWS_PAGER", "GIT_PAGER", "MANPAGER", "PAGER", "SYSTEMD_PAGER"]
    assert names == str(sorted(["AOF_CALL", "HOME", "KUBECONFIG", "LC_ALL", "NO_COLOR", "PATH", "TERM", *pagers]))


async def test_a_program_has_no_input_no_terminal_and_the_root_for_a_directory(call: Call) -> None:
    outcome = await call("import os, sys; print([sys.stdin.read(), os.getcwd(), os.getsid(0) == os.getpid()])")
    assert outcome.stdout == "['', '/', True]\n"


async def test_no_other_file_descriptor_reaches_a_program(call: Call) -> None:
    read_end, write_end = os.pipe()
    os.set_inheritable(write_end, True)
    try:
        outcome = await call("import os; print(len(os.listdir('/proc/self/fd')))")
    finally:
        os.close(read_end)
        os.close(write_end)
    assert outcome.stdout == "4\n"  # three, and that of the listing itself


async def test_a_missing_program_is_told_from_a_failing_one(tmp_path: Path) -> None:
    outcome = await Runner([tmp_path], {}, Redactor()).run("kubectl", "config", "current-context")
    assert outcome.missing
    assert outcome.exit_code is None


async def test_a_file_that_is_not_executable_is_no_program(tmp_path: Path) -> None:
    write_program(tmp_path, "").chmod(0o644)
    assert (await Runner([tmp_path], {}, Redactor()).run("kubectl", "config", "current-context")).missing


async def test_a_program_that_can_not_be_started_says_why(tmp_path: Path) -> None:
    (tmp_path / "kubectl").write_bytes(b"\x7fELF nonsense")
    (tmp_path / "kubectl").chmod(0o755)
    outcome = await Runner([tmp_path], {}, Redactor()).run("kubectl", "config", "current-context")
    assert (outcome.exit_code, outcome.missing) == (None, False)
    assert "format" in outcome.stderr.lower()


async def test_the_first_directory_of_the_path_wins(tmp_path: Path) -> None:
    write_program(tmp_path / "a", "print('first')")
    write_program(tmp_path / "b", "print('second')")
    runner = Runner([tmp_path / "none", tmp_path / "a", tmp_path / "b"], {}, Redactor())
    assert (await runner.run("kubectl", "config", "current-context")).stdout == "first\n"


async def test_a_call_outside_the_table_starts_nothing(call: Call, tmp_path: Path) -> None:
    with pytest.raises(CallRefused):
        await call(f"open({str(tmp_path / 'ran')!r}, 'w')", "delete", "pod", "x")
    assert not (tmp_path / "ran").exists()


async def test_output_is_cleaned_and_then_redacted(call: Call) -> None:
    outcome = await call(
        r"print('\x1b[31mpass\u200bword=hunter2\x1b[0m \u202ethe known secret'); "
        r"import sys; print('the known secret', file=sys.stderr)"
    )
    assert outcome.stdout == f"password={MASK} {MASK}\n"
    assert outcome.stderr == f"{MASK}\n"


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
async def test_a_program_that_never_stops_printing_is_ended_at_the_cap(call: Call, stream: str) -> None:
    outcome = await call(f"import sys\nwhile True: sys.{stream}.write('y\\n' * 5000)")
    assert (outcome.cut, outcome.exit_code, outcome.timed_out) == (True, None, False)
    assert MOST_BYTES - 2 <= len(getattr(outcome, stream)) <= MOST_BYTES


async def test_exactly_the_cap_is_not_cut(call: Call) -> None:
    outcome = await call(f"import sys; sys.stdout.write('x' * {MOST_BYTES})")
    assert (outcome.cut, outcome.exit_code, len(outcome.stdout)) == (False, 0, MOST_BYTES)


async def test_a_cut_through_a_secret_leaves_nothing_of_it(call: Call) -> None:
    body = f"import sys; sys.stdout.write('x' * {MOST_BYTES - 20} + '\\nghp_' + 'a1B2' * 9 + '\\n' * 100000)"
    outcome = await call(body)
    assert outcome.cut
    assert "ghp_" not in outcome.stdout


async def test_a_program_over_its_time_is_ended_with_what_it_had_said(call: Call) -> None:
    outcome = await call("echo working; exec /bin/sleep 600", timeout_seconds=2.0, interpreter=SHELL)
    assert (outcome.timed_out, outcome.exit_code, outcome.stdout) == (True, None, "working\n")


async def test_a_program_that_ignores_term_is_killed_with_its_children(call: Call) -> None:
    body = "trap '' TERM; /bin/sleep 600 & echo $$ $!; wait; wait"
    outcome = await call(body, timeout_seconds=2.0, interpreter=SHELL)
    assert outcome.timed_out
    for pid in outcome.stdout.split():
        assert await asyncio.to_thread(has_ended, int(pid))


async def test_a_child_that_holds_the_pipe_open_neither_delays_the_answer_nor_outlives_it(call: Call) -> None:
    outcome = await call(
        "import os, time\nchild = os.fork()\nif child == 0: time.sleep(600)\nprint(child, flush=True)\nos._exit(0)",
    )
    assert (outcome.exit_code, outcome.timed_out) == (0, False)
    assert await asyncio.to_thread(has_ended, int(outcome.stdout))


async def test_children_get_a_chance_to_end_on_term(call: Call) -> None:
    body = "trap 'echo goodbye; exit 0' TERM; echo working; /bin/sleep 600 & wait"
    outcome = await call(body, timeout_seconds=2.0, interpreter=SHELL)
    assert (outcome.timed_out, outcome.stdout) == (True, "working\ngoodbye\n")


async def test_a_child_that_left_the_group_can_not_hold_the_answer_back(call: Call) -> None:
    outcome = await call(
        "import os, time\nchild = os.fork()\n"
        "if child == 0:\n    os.setsid()\n    time.sleep(60)\n    os._exit(0)\n"
        "print(child, flush=True)\nos._exit(0)",
    )
    os.kill(int(outcome.stdout), 9)
    assert (outcome.exit_code, outcome.timed_out) == (0, False)


async def test_a_cancelled_call_leaves_no_program_behind(call: Call, tmp_path: Path) -> None:
    started = tmp_path / "started"
    os.mkfifo(started)
    running = asyncio.ensure_future(
        call(f"import os, time\nwith open({str(started)!r}, 'w') as out: out.write(str(os.getpid()))\ntime.sleep(600)")
    )
    pid = int(await asyncio.to_thread(started.read_text))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await asyncio.to_thread(has_ended, pid)


async def test_a_document_is_parsed_and_not_kept_as_text(call: Call) -> None:
    outcome = await call("print('{\"items\": [1]}')", *PODS)
    assert (outcome.document, outcome.stdout) == ({"items": [1]}, "")
    assert "items" not in repr(outcome)


async def test_a_document_may_be_much_longer_than_what_a_person_reads(call: Call) -> None:
    outcome = await call("import json; print(json.dumps({'items': ['x' * 100] * 20000}))", *PODS)
    assert not outcome.cut
    assert isinstance(outcome.document, dict)
    assert len(outcome.document["items"]) == 20_000


@pytest.mark.parametrize("printed", ["", "no json", "[" * 100_000, "{", "\x00", "9" * 10_000])
async def test_what_is_no_document_comes_back_as_capped_text(call: Call, printed: str) -> None:
    outcome = await call(f"import sys; sys.stdout.write(json) if (json := {printed!r}) else None", *PODS)
    assert outcome.document is None
    assert outcome.exit_code == 0
    assert len(outcome.stdout) <= MOST_BYTES


async def test_calls_run_side_by_side(call: Call) -> None:
    outcomes = await asyncio.gather(*(call("print(1)") for _ in range(5)))
    assert [json.loads(outcome.stdout) for outcome in outcomes] == [1] * 5


async def test_a_program_for_which_there_is_one_pipe_only_leaves_none_open(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_pipe, ends = os.pipe, list[int]()

    def one() -> tuple[int, int]:
        if ends:
            raise OSError(errno.EMFILE, "Too many open files")
        ends.extend(open_pipe())
        return ends[0], ends[1]

    monkeypatch.setattr(os, "pipe", one)
    assert (await call("print(1)")).stderr == "Too many open files"
    await asyncio.sleep(0)  # a transport closes its end in the loop's next round
    for end in ends:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(end)
