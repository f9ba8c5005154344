"""The scripted model of the demo says what the results in the request say, and nothing else."""

import json
from typing import Any

import pytest

from aof.simulator.model import demo_script
from tests.unit.simulator.model.asking import body, calling, result, user

STATUS = "api: running, pid 4711, started 09:12\nlatency p95: 2400 ms (last 5 minutes)\n"


def ran(command: str, content: str, call_id: str = "a") -> tuple[dict[str, Any], dict[str, Any]]:
    """A command that was run, and what came back."""
    return calling((call_id, "shell", json.dumps({"command": command}))), result(call_id, content)


class Demo:
    """The script behind HTTP."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def says(self, *messages: Any, tools: tuple[str, ...] = ("shell",)) -> tuple[str | None, list[Any]]:
        """Its text, and the arguments of what it calls."""
        answer = await self._client.said(body(*messages, tools=tools))
        calls = answer.get("tool_calls", [])
        assert all(call["function"]["name"] == "shell" for call in calls)
        return answer["content"], [json.loads(call["function"]["arguments"]) for call in calls]


@pytest.fixture
async def demo(serving) -> Demo:
    return Demo(await serving(demo_script()))


CALLED = [
    ("api is slow", "apictl status api"),
    ("Why is the API so slow?", "apictl status api"),
    ("the api is slow since the restart", "apictl status api"),
    ("الواجهة بطيئة", "apictl status api"),
    ("ما سبب بطء الواجهة؟", "apictl status api"),
    ("restart", "apictl restart api"),
    ("Restart it, it is slow", "apictl restart api"),
    ("could you restart the api", "apictl restart api"),
    ("button:restart", "apictl restart api"),
    ("أعد تشغيل الواجهة", "apictl restart api"),
    ("button:إعادة_التشغيل", "apictl restart api"),
    ("button:show_log", "apictl log api"),
    ("button:عرض_السجل", "apictl log api"),
    ("show me the log", "apictl log api"),
]


@pytest.mark.parametrize(("text", "command"), CALLED)
async def test_what_is_run(demo, text, command):
    _, calls = await demo.says(user(text))
    assert calls == [{"command": command}]


@pytest.mark.parametrize("text", ["hello", "don't restart the api", "do not restart it", "لا تعد تشغيل الواجهة", ""])
async def test_anything_else_runs_nothing(demo, text):
    said, calls = await demo.says(user(text))
    assert calls == []
    assert said


@pytest.mark.parametrize(
    ("content", "figure"),
    [
        (STATUS, "2400 ms"),
        (STATUS.replace("2400 ms", "187 ms"), "187 ms"),
        ("uptime 3 s\nresponse time 2.4 s", "2.4 s"),
        ('{"state": "running", "latency_ms": 912}', "912 ms"),
        ("<output 3f9a>\nlatency_ms=915\n</output 3f9a>", "915 ms"),
    ],
)
async def test_the_finding_quotes_the_latency_and_offers_two_buttons(demo, content, figure):
    said, calls = await demo.says(user("api is slow"), *ran("apictl status api", content))
    assert calls == []
    assert said == f"The status of the api shows a latency of {figure}.\n\n[Restart] [Show log]"


async def test_the_finding_in_arabic(demo):
    said, _ = await demo.says(user("الواجهة بطيئة"), *ran("apictl status api", STATUS))
    assert said == "حالة الخدمة api تُظهر زمن استجابة قدره 2400 ms.\n\n[إعادة التشغيل] [عرض السجل]"


@pytest.mark.parametrize("content", ["api: running for 2400 s", "latency unknown", "p95ms 3"])
async def test_without_a_latency_it_names_none(demo, content):
    said, _ = await demo.says(user("api is slow"), *ran("apictl status api", content))
    assert said == f"The status of the api names no latency. It says:\n{content}\n\n[Restart] [Show log]"


async def test_the_reason_for_a_restart_is_what_the_status_said(demo):
    before = user("api is slow"), *ran("apictl status api", STATUS), {"role": "assistant", "content": "…"}
    said, calls = await demo.says(*before, user("button:restart"))
    assert said == "Reason: the api answers slowly since its last start (2400 ms)."
    assert calls == [{"command": "apictl restart api"}]


async def test_the_reason_speaks_of_a_start_only_if_the_status_did(demo):
    before = user("api is slow"), *ran("apictl status api", "latency 900 ms"), {"role": "assistant", "content": "…"}
    said, _ = await demo.says(*before, user("restart"))
    assert said == "Reason: the api answers slowly (900 ms)."


async def test_the_newest_status_counts(demo):
    first = user("api is slow"), *ran("apictl status api", STATUS), {"role": "assistant", "content": "…"}
    second = user("api is slow"), *ran("apictl status api", "latency 9 ms", "b"), {"role": "assistant", "content": "…"}
    said, _ = await demo.says(*first, *second, user("restart"))
    assert said == "Reason: the api answers slowly (9 ms)."


async def test_without_a_status_the_reason_is_the_person(demo):
    said, _ = await demo.says(user("restart"))
    assert said == "Reason: you asked for it."


async def test_a_press_keeps_the_language_of_the_conversation(demo):
    before = user("الواجهة بطيئة"), *ran("apictl status api", STATUS), {"role": "assistant", "content": "…"}
    said, _ = await demo.says(*before, user("button:restart"))
    assert said == "السبب: الخدمة api تجيب ببطء منذ آخر تشغيل لها (2400 ms)."


async def test_the_newest_language_counts(demo):
    before = user("الواجهة بطيئة"), {"role": "assistant", "content": "…"}
    assert await demo.says(*before, user("restart")) == (
        "Reason: you asked for it.",
        [{"command": "apictl restart api"}],
    )


@pytest.mark.parametrize(
    ("content", "old", "new"),
    [
        ("old pid 4711, new pid 4802", "4711", "4802"),
        ('{"new_pid": 12, "old_pid": 11}', "11", "12"),
        ("api restarted (pid 31 -> 57)", "31", "57"),
        ("stopped pid 31\nstarted pid 57", "31", "57"),
        ("pid: 31 → pid: 57", "31", "57"),
    ],
)
async def test_a_restart_is_told_by_its_pids(demo, content, old, new):
    said, calls = await demo.says(user("restart"), *ran("apictl restart api", content))
    assert calls == []
    assert said == f"The api was restarted: pid {old} is gone, pid {new} runs now."


async def test_a_restart_in_arabic(demo):
    said, _ = await demo.says(user("أعد تشغيل الواجهة"), *ran("apictl restart api", "old pid 31, new pid 57"))
    assert said == "أُعيد تشغيل الخدمة api: انتهت العملية 31 وتعمل الآن العملية 57."


@pytest.mark.parametrize(
    "content", ["still running as pid 31", "pid 31, pid 31", "I can't tell whether it took effect"]
)
async def test_a_restart_without_two_pids_is_not_called_one(demo, content):
    said, _ = await demo.says(user("restart"), *ran("apictl restart api", content))
    assert said == f"`apictl restart api` says:\n{content}"


@pytest.mark.parametrize("content", ["Denied by Sara.", "The call was not approved.", "expired", "Permission denied"])
async def test_after_a_denial_nothing_was_changed(demo, content):
    said, calls = await demo.says(user("restart"), *ran("apictl restart api", content))
    assert calls == []
    assert said == "Nothing was changed: `apictl restart api` was not run."


async def test_a_denial_in_arabic(demo):
    said, _ = await demo.says(user("أعد تشغيل الواجهة"), *ran("apictl restart api", "denied"))
    assert said == "لم يتغيّر شيء: لم يُنفَّذ `apictl restart api`."


async def test_a_status_that_was_denied_is_no_finding(demo):
    said, _ = await demo.says(user("api is slow"), *ran("apictl status api", "denied: no role"))
    assert said == "`apictl status api` says:\ndenied: no role"


async def test_a_log_is_quoted_from_its_end_without_fences(demo):
    log = "<output 3f9a>\n" + "".join(f"line {number}\n" for number in range(9)) + "</output 3f9a>\n"
    said, _ = await demo.says(user("button:show_log"), *ran("apictl log api", log))
    assert said == "`apictl log api` says:\nline 6\nline 7\nline 8"


async def test_without_the_tool_it_says_so(demo):
    said, calls = await demo.says(user("restart"), tools=())
    assert calls == []
    assert said == "I was not given the tool shell, so I can't look or change anything."


async def test_tool_argument_and_commands_are_parameters(serving):
    script = demo_script("service", "service-ctl status web", "service-ctl restart web", argument="line")
    client = await serving(script)
    answer = await client.said(body(user("web is slow"), tools=["service"]))
    call = answer["tool_calls"][0]["function"]
    assert (call["name"], json.loads(call["arguments"])) == ("service", {"line": "service-ctl status web"})
    ask = calling(("a", call["name"], call["arguments"]))
    answer = await client.said(body(user("web is slow"), ask, result("a", "latency 3 s"), tools=["service"]))
    assert answer["content"].startswith("The status of the web shows a latency of 3 s.")
