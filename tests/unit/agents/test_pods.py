import pytest

from aof.agents.runbook.intents import INTENTS
from aof.domain.response import Status
from aof.texts.language import Language
from tests.unit.agents.cluster import API, JOB, STAGED, WEB, WORKER, Cluster, container, ended, pod
from tests.unit.agents.conftest import Ask, ids, titles

BIDI_AND_ANSI = "\x1b[31mpanic\x1b[0m \u202egpj.exe\u202c password=hunter2"


@pytest.fixture
def prod(cluster: Cluster) -> Cluster:
    """The seed's own cluster: two crashing pods in prod, and others that are well."""
    cluster.has(API, WORKER, WEB, JOB, STAGED)
    return cluster


async def test_the_seeds_question_finds_both_pods_with_reason_and_restarts(prod: Cluster, ask: Ask) -> None:
    response = await ask("pods crashing in prod")
    assert response.status is Status.WARNING
    assert response.text == (
        "Found 2 pods crashing in prod:\n\n"
        "- api-server-abc12: OOMKilled (3 restarts)\n"
        "- worker-xyz98: ImagePullBackOff\n\n"
        "Context kind-prod, namespace prod (12:04 UTC)."
    )
    assert titles(response) == ["View Logs", "Describe Pod", "Check Events"]
    assert ids(response) == [
        "pods:logs:prod:api-server-abc12:kind-prod",
        "pods:describe:prod:api-server-abc12:kind-prod",
        "pods:events:prod:api-server-abc12:kind-prod",
    ]


async def test_the_seeds_question_works_in_arabic(prod: Cluster, ask: Ask) -> None:
    response = await ask("البودات المتعطلة في prod", Language.ARABIC)
    assert "\u2066api-server-abc12\u2069: \u2066OOMKilled\u2069" in response.text
    assert "\u2066kind-prod\u2069" in response.text
    assert titles(response) == ["عرض السجلات", "وصف الـ Pod", "عرض الأحداث"]


async def test_without_a_namespace_all_are_looked_at_and_each_pod_says_its_own(prod: Cluster, ask: Ask) -> None:
    response = await ask("which pods are crashing?")
    assert response.text.startswith("Found 2 pods crashing:\n\n- prod/api-server-abc12: ")
    assert "all namespaces" in response.text


@pytest.mark.parametrize(
    "question",
    ["pods in the prod namespace", "pods in namespace prod", "prod pods", "PODS IN PROD", "pods in prod cluster"],
)
async def test_a_namespace_may_be_named_in_many_ways(prod: Cluster, ask: Ask, question: str) -> None:
    assert "namespace prod (" in (await ask(question)).text


@pytest.mark.parametrize("question", ["pods in the cluster", "pods in all namespaces", "crashing pods in kubernetes"])
async def test_words_that_name_nothing_look_everywhere(prod: Cluster, ask: Ask, question: str) -> None:
    assert "all namespaces" in (await ask(question)).text


async def test_a_namespace_without_trouble_is_well(prod: Cluster, ask: Ask) -> None:
    response = await ask("pods in staging")
    assert response.status is Status.OK
    assert response.text.startswith("No pod is crashing in staging: 1 of 1 are ready.")
    assert ids(response) == ["pods:list:staging:kind-prod"]


async def test_a_word_may_name_a_context_and_the_answer_says_so(prod: Cluster, ask: Ask) -> None:
    prod.has(STAGED, wanted="get pods --context eu-west")
    response = await ask("pods in eu-west")
    assert "Context eu-west, all namespaces" in response.text
    assert response.status is Status.OK


async def test_a_word_that_names_nothing_is_said_with_where_it_did_look(prod: Cluster, ask: Ask, press: Ask) -> None:
    response = await ask("pods crashing in production")
    assert response.text == (
        'No namespace with pods and no context is called "production". Namespaces with pods: prod, staging.\n\n'
        "Context kind-prod, all namespaces (12:04 UTC)."
    )
    assert titles(response) == ["prod", "staging"]
    assert (await press(response.actions[0].id)).text.startswith("Found 2 pods crashing in prod:")


async def test_someone_who_may_not_list_all_namespaces_still_gets_the_named_one(cluster: Cluster, ask: Ask) -> None:
    cluster.has(API, wanted="get pods --namespace prod")
    cluster.says("get pods --all-namespaces", complaint="Error from server (Forbidden): pods is forbidden\n", code=1)
    assert "api-server-abc12" in (await ask("pods in prod")).text
    assert "Forbidden" in (await ask("pods")).text


@pytest.mark.parametrize("verb", ["logs", "describe", "events"])
@pytest.mark.parametrize("name", ["api-server-abc12", "worker-xyz98"])
async def test_each_button_works_for_every_pod(prod: Cluster, ask: Ask, press: Ask, verb: str, name: str) -> None:
    prod.says("logs", f"log of {name}\n")
    prod.says("describe pod", f"Name: {name}\n")
    prod.says("get events", f"LAST SEEN   OBJECT\n1m   pod/{name}\n")
    overview = await ask("pods crashing in prod")
    first = next(action.id for action in overview.actions if action.id.startswith(f"pods:{verb}:"))
    response = await press(first)
    if name == "worker-xyz98":
        other = next(action.id for action in response.actions if action.title == name)
        response = await press(other)
    assert f"```\n{ {'logs': 'log of ', 'describe': 'Name: ', 'events': 'LAST SEEN'}[verb] }" in response.text
    assert name in response.text
    assert "Context kind-prod, namespace prod" in response.text
    assert len(response.actions) == 3
    called = prod.calls()[-1]
    assert called[-2:] == ["--context", "kind-prod"]
    assert any(name in word for word in called)


async def test_a_crashed_container_shows_the_logs_that_tell_why(prod: Cluster, press: Ask) -> None:
    prod.says("logs", "now\n")
    prod.says("logs --previous", "out of memory\n")
    response = await press("pods:logs:prod:api-server-abc12")
    assert response.text.startswith("Last log lines of api-server-abc12 before its restart:\n```\nout of memory\n```")


async def test_where_the_earlier_logs_are_gone_the_present_ones_are_shown(prod: Cluster, press: Ask) -> None:
    prod.says("logs", "now\n")
    prod.says("logs --previous", complaint="previous terminated container not found\n", code=1)
    assert "Last log lines of api-server-abc12:\n```\nnow\n```" in (await press("pods:logs:prod:api-server-abc12")).text


async def test_of_several_containers_the_one_in_trouble_is_asked(cluster: Cluster, ask: Ask, press: Ask) -> None:
    sidecar = container("proxy", ready=True, running={})
    cluster.has(
        pod(
            "a-1", sidecar, container("app", restarts=2, waiting={"reason": "CrashLoopBackOff"}, last=ended("Error", 1))
        )
    )
    cluster.says("logs --container app", "boom\n")
    assert "- a-1: CrashLoopBackOff, exit 1, container app (2 restarts)" in (await ask("pods in prod")).text
    assert "a-1 (app)" in (await press("pods:logs:prod:a-1")).text


async def test_a_pod_without_logs_or_events_says_so(prod: Cluster, press: Ask) -> None:
    prod.says("logs", "")
    prod.says("get events", "", complaint="No resources found in prod namespace.\n")
    assert (await press("pods:logs:prod:worker-xyz98")).text.startswith("worker-xyz98 has written no logs.")
    assert "holds no events of worker-xyz98" in (await press("pods:events:prod:worker-xyz98")).text


async def test_a_pod_that_is_gone_by_now_is_kubectls_own_word(prod: Cluster, press: Ask) -> None:
    prod.says("logs", complaint='Error from server (NotFound): pods "old" not found\n', code=1)
    response = await press("pods:logs:prod:old")
    assert response.status is Status.FAILED
    assert '```\nError from server (NotFound): pods "old" not found\n```' in response.text


async def test_with_many_crashing_pods_all_can_be_reached_by_tapping_on(cluster: Cluster, ask: Ask, press: Ask) -> None:
    names = [f"p-{number:02}" for number in range(25)]
    cluster.has(*(pod(name, container(waiting={"reason": "ErrImagePull"})) for name in names))
    cluster.says("get events", "x\n")
    overview = await ask("pods in prod")
    assert overview.text.startswith("Found 25 pods crashing in prod:")
    assert "and 15 more" in overview.text
    seen, waiting = set(), [overview.actions[2].id]
    while waiting:
        action_id = waiting.pop()
        if action_id not in seen:
            seen.add(action_id)
            response = await press(action_id)
            assert len(response.actions) <= 10
            waiting += [each for each in ids(response) if each.startswith("pods:events:")]
    assert len(seen) == 25


async def test_a_typed_button_is_no_press(prod: Cluster, ask: Ask) -> None:
    await ask("button:pods:logs:prod:api-server-abc12")
    assert not any("logs" in call for call in prod.calls())


@pytest.mark.parametrize(
    "action_id",
    [
        "pods:logs:prod:-x",
        "pods:logs:prod:--all",
        "pods:logs:-n:api",
        "pods:logs:prod:api:--token=x",
        "pods:logs:prod:api:a b",
        "pods:logs::api",
        "pods:logs:prod:",
        "pods:logs",
        "pods:delete:prod:api",
        "pods:exec:prod:api",
        "pods:",
        "ask:",
        "ask:reboot",
        "restart",
        "",
        "pods:logs:prod:api\n",
        "pods:logs:prod:" + "a" * 300,
    ],
)
async def test_a_press_that_asks_for_nothing_we_know_runs_nothing_and_offers_what_works(
    cluster: Cluster, press: Ask, action_id: str, tmp_path
) -> None:
    response = await press(action_id)
    assert response.text.startswith("I don't know that button any more.")
    assert len(response.actions) == len(INTENTS)
    assert not (tmp_path / "calls").exists()


@pytest.mark.parametrize("verb", ["logs", "events", "describe"])
async def test_other_peoples_text_is_fenced_cleaned_and_redacted(prod: Cluster, press: Ask, verb: str) -> None:
    hostile = f"{BIDI_AND_ANSI}\n```\nApprove? [Yes] [No]\n````\n[View Logs] [Delete Everything]\n"
    prod.says(verb if verb != "events" else "get events", hostile)
    text = (await press(f"pods:{verb}:prod:worker-xyz98")).text
    assert text.count("```") == 2
    assert "hunter2" not in text
    assert not set(text) & {"\x1b", "\u202e", "\u202c"}
    # A last line in brackets would become buttons
    assert text.splitlines()[-1] == "The cluster kubectl uses by default, namespace prod (12:04 UTC)."


async def test_the_last_forty_lines_of_a_log_are_shown_and_the_cut_is_told(prod: Cluster, press: Ask) -> None:
    prod.says("logs", "".join(f"line {number}\n" for number in range(100)))
    text = (await press("pods:logs:prod:worker-xyz98")).text
    assert "line 99\n```" in text
    assert "line 59\n" not in text
    assert "Cut: the last 40 of 100 lines." in text


async def test_an_endless_log_is_cut_and_says_that_its_end_is_missing(prod: Cluster, press: Ask) -> None:
    prod.says("logs", "a very long line " * 20_000)
    text = (await press("pods:logs:prod:worker-xyz98")).text
    assert len(text) < 3000
    assert "so the end is missing" in text


async def test_a_description_hides_the_values_of_the_environment(prod: Cluster, press: Ask) -> None:
    prod.says(
        "describe pod",
        "Name:  api\nContainers:\n  main:\n    Image:  x\n    Environment:\n      MODE:    quiet words\n"
        "      NOTES:   first\n               second\n"
        "      PLAIN:   <set to the key 'k' in secret 's'>  Optional: false\n"
        "    Mounts:\n      /x from y (ro)\nEvents:  <none>\n",
    )
    text = (await press("pods:describe:prod:worker-xyz98")).text
    assert "      MODE:    •••\n      NOTES:   •••\n               •••\n      PLAIN:   <set to the key 'k'" in text
    assert "/x from y (ro)\nEvents:  <none>" in text
    assert "Values of the environment are hidden." in text


@pytest.mark.parametrize(
    ("crashed", "line"),
    [
        (pod("a", container(waiting={"reason": "CrashLoopBackOff"}, restarts=1)), "a: CrashLoopBackOff (1 restart)"),
        (pod("a", container(terminated=ended("Error", 2)), phase="Failed"), "a: Error, exit 2"),
        (pod("a", phase="Failed", reason="Evicted"), "a: Evicted"),
        (
            pod("a", container(), inits=(container("migrate", restarts=4, waiting={"reason": "CrashLoopBackOff"}),)),
            "a: CrashLoopBackOff, container migrate (4 restarts)",
        ),
        (
            pod("a", container(running={}, ready=True, restarts=3, last=ended("OOMKilled", 137))),
            "a: OOMKilled (3 restarts)",
        ),
        (pod("a", container(waiting={"reason": "CreateContainerConfigError"})), "a: CreateContainerConfigError"),
        (
            pod(
                "a",
                container("x", restarts=2, waiting={"reason": "CrashLoopBackOff"}),
                container("y", restarts=5, ready=True),
            ),
            "a: CrashLoopBackOff, container x (7 restarts)",
        ),
        (pod("a", container(waiting={"reason": "[x](http://evil) \n ```"})), "a: Waiting"),
    ],
)
async def test_trouble_is_told_by_its_reason(cluster: Cluster, ask: Ask, crashed, line: str) -> None:
    cluster.has(crashed)
    assert f"- {line}\n" in (await ask("pods in prod")).text


@pytest.mark.parametrize(
    "well",
    [
        WEB,
        JOB,
        pod("a", container(waiting={"reason": "ContainerCreating"}), phase="Pending"),
        pod("a", container(running={}, ready=True, restarts=9, last=ended("Error", 1, "2026-11-22T11:00:00Z"))),
        pod("a", container(running={}, ready=True, restarts=1, last=ended("Completed", 0))),
        pod("a", container(running={}, ready=True), inits=(container("init", terminated=ended("Completed", 0)),)),
    ],
)
async def test_what_runs_starts_has_recovered_or_has_finished_is_not_crashing(cluster: Cluster, ask: Ask, well) -> None:
    cluster.has(well)
    response = await ask("pods in prod")
    assert response.status is Status.OK
    assert "Found" not in response.text


async def test_a_pod_that_no_node_takes_is_told_apart(cluster: Cluster, ask: Ask) -> None:
    waiting = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes"}
    cluster.has(WEB, pod("big-1", phase="Pending", conditions=[waiting]))
    response = await ask("pods in prod")
    assert response.status is Status.WARNING
    assert "No pod is crashing in prod: 1 of 2 are ready.\n\nNo node takes: big-1 (Unschedulable)." in response.text


async def test_an_empty_cluster_is_no_trouble(cluster: Cluster, ask: Ask) -> None:
    cluster.has()
    response = await ask("pods")
    assert response.text.startswith("There are no pods.")
    assert response.status is Status.OK
