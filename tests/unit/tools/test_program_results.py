"""What came of a program, as the agent reads it."""

import os
from pathlib import Path
from typing import Any

from aof.tools.base import Context, Scope
from aof.tools.redaction import MASK
from tests.unit.tools.program_bench import KUBECTL, PROD, Bench
from tests.unit.tools.stand_in import SHELL


async def run(bench: Bench, command: str, **said: Any) -> tuple[str, bool, bool]:
    tool, scope = bench.command("kubectl", **said), Scope(context=PROD)
    result = await tool.perform(await tool.plan({"command": command}, scope), scope)
    return result.text, result.failed, result.is_unknown


async def test_both_outputs_and_the_exit_code_are_told(bench: Bench) -> None:
    bench.program("kubectl", "import sys; print('out the known secret'); print('err', file=sys.stderr); sys.exit(3)")
    assert await run(bench, "get pods") == (f"out {MASK}\nerr\nexit code 3", True, False)
    assert await run(bench, "delete pod x") == (f"out {MASK}\nerr\nexit code 3", True, False)


async def test_silence_is_told(bench: Bench) -> None:
    bench.program("kubectl", "")
    assert await run(bench, "get pods") == ("it printed nothing", False, False)


async def test_a_change_over_its_time_may_have_taken_effect_and_a_look_has_failed(bench: Bench) -> None:
    bench.program("kubectl", "echo working; exec /bin/sleep 600", interpreter=SHELL)
    assert await run(bench, "get pods", timeout_seconds=1.0) == ("working\ntimed out after 1 s", True, False)
    assert await run(bench, "delete pod x", timeout_seconds=1.0) == ("working\ntimed out after 1 s", True, True)


async def test_a_change_that_is_stopped_at_the_cap_may_have_taken_effect(bench: Bench) -> None:
    bench.program("kubectl", "import sys\nwhile True: sys.stdout.write('y\\n' * 5000)")
    text, failed, is_unknown = await run(bench, "delete pod x")
    assert text.endswith("cut: it printed more than 64 KB and was stopped there")
    assert (failed, is_unknown) == (True, True)
    assert (await run(bench, "get pods"))[1:] == (True, False)


async def test_a_change_that_a_signal_ended_may_have_taken_effect(bench: Bench) -> None:
    bench.program("kubectl", "import os; os.kill(os.getpid(), 9)")
    assert await run(bench, "delete pod x") == ("exit code -9", True, True)
    assert await run(bench, "get pods") == ("exit code -9", True, False)


async def test_a_program_that_never_started_has_surely_changed_nothing(bench: Bench) -> None:
    bench.program("kubectl", KUBECTL)
    assert await run(bench, "get pods", working_directory="/nowhere") == (
        "kubectl could not be started: No such file or directory", True, False
    )  # fmt: skip
    (bench.path / "kubectl").unlink()
    assert await run(bench, "delete pod x") == ("kubectl is not installed where the daemon runs", True, False)


async def test_a_program_has_the_variables_of_its_context_and_no_secret_of_the_daemon(bench: Bench) -> None:
    bench.program("kubectl", "import os; print('\\n'.join(f'{n} is {v}' for n, v in sorted(os.environ.items())))")
    bench.environ = {"HOME": "/h", "KUBECONFIG": "/daemon", "WHATSAPP_ACCESS_TOKEN": "EAAG", "OPENAI_API_KEY": "sk"}
    context = Context(name="p", kubeconfig="/context", namespace="web", cluster="eu", environment={"REGION": "eu-1"})
    tool = bench.command("kubectl", environment={"EXTRA": "1", "REGION": "of the agent"})
    scope = Scope(context=context)
    result = await tool.perform(await tool.plan({"command": "get pods"}, scope), scope)
    call, *others = result.text.splitlines()
    assert call.startswith("AOF_CALL is ")
    assert others == [
        "AOF_CLUSTER is eu", "AOF_CONTEXT is p", "AOF_NAMESPACE is web", "AWS_PAGER is cat", "EXTRA is 1",
        "GIT_PAGER is cat", "HOME is /h", "KUBECONFIG is /context", "LC_ALL is C.UTF-8", "MANPAGER is cat",
        "NO_COLOR is 1", "PAGER is cat", f"PATH is {bench.path}", "REGION is eu-1", "SYSTEMD_PAGER is cat",
        "TERM is dumb",
    ]  # fmt: skip
    assert os.environ.get("PATH") != str(bench.path)


async def test_git_never_waits_for_a_password(bench: Bench, tmp_path: Path) -> None:
    bench.program("git", "import os; print(os.environ['GIT_TERMINAL_PROMPT'])")
    tool = bench.command("git", working_directory=str(tmp_path), environment={"GIT_TERMINAL_PROMPT": "1"})
    assert (await tool.perform(await tool.plan({"command": "log"}, Scope()), Scope())).text == "0"


def test_a_model_is_told_what_to_write(bench: Bench) -> None:
    tool = bench.command("kubectl", "get")
    assert "kubectl get" in tool.description
    assert tool.parameters["required"] == ["command"]
    assert tool.parameters["additionalProperties"] is False
    assert set(tool.parameters["properties"]) == {"command", "reason"}
