"""What a file's text becomes: kept as written where a text is wanted, converted where a number or a switch is."""

from ipaddress import IPv4Network
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from aof.config.daemon import DaemonConfig, DaemonSpec, StoreConfig
from aof.config.spelling import canonical
from aof.domain.errors import ConfigError
from aof.domain.risk import Risk
from aof.texts.language import Language
from tests.unit.config.conftest import told_of


def test_a_file_that_says_little_has_every_default(loads, base, tmp_path: Path):
    config = loads(base).config
    spec = config.spec
    assert (config.api_version, config.kind, config.metadata.name) == ("aof.dev/v1", "DaemonConfig", "aof")
    assert f"{spec.server.host}:{spec.server.port}" == "0.0.0.0:8080"
    assert (spec.server.admin.host, spec.server.admin.port) == ("127.0.0.1", 8081)
    assert (spec.store.file, spec.store.keep_days, spec.store.keep_ids_days) == (tmp_path / "aof.db", 30, 30)
    assert (spec.delivery.uncertain, spec.delivery.uncertain_wait_seconds) == ("send_again", 10)
    assert list(map(str, spec.tools.path)) == [
        "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
    ]  # fmt: skip
    runtime = spec.runtime
    assert (runtime.default_agent, runtime.language) == ("runbook", Language.ENGLISH)
    assert (runtime.max_concurrent_tasks, runtime.task_timeout_secs) == (10, 300)
    assert (runtime.max_tasks_per_user, runtime.max_waiting_per_conversation) == (3, 50)
    assert (runtime.max_message_age_secs, runtime.default_context, runtime.default_model) == (900, None, None)
    approval = spec.approval
    assert (approval.allowed_users, approval.timeout_minutes, approval.min_approvers) == (None, 30, 1)
    assert (approval.require_for, approval.self_approval, approval.while_paused) == ((), frozenset(), "side_run")
    memory = spec.memory
    assert (memory.enabled, memory.backend, memory.max_messages) == (True, "sqlite", 20)
    assert (memory.context_window, memory.ttl_minutes) == (10, 60)


def test_what_was_loaded_names_its_file_and_warns_of_nothing(loads, base):
    loaded = loads(base)
    assert (loaded.path, told_of(loaded)) == (Path("daemon.yaml"), [])


def test_every_section_takes_what_the_file_says(loads, base, tmp_path: Path):
    (tmp_path / "crew").mkdir()
    spec = loads(
        base
        + """\
  server:
    host: localhost
    port: 9000
    trusted_proxies: [10.1.0.0/16, 10.2.0.1]
    admin: {host: "::1", port: 9001}
  agents: {directory: crew, recursive: no}
  triggers: {directory: /etc/aof/doors, enabled: no}
  people: [{name: Amina, roles: [on-call], whatsapp: "+49 30 901820", telegram: 55501, http: ada, language: ar}]
  store: {url: sqlite:///state/x.db, keep_days: 5, keep_ids_days: 7}
  operator: {operators: [Amina], platform: whatsapp, draftAgent: writer}
  delivery: {uncertain: ask_operator, uncertain_wait_seconds: 0.5}
  tools: {path: [bin, /opt/bin]}
  runtime:
    default_agent: other
    max_concurrent_tasks: 1
    task_timeout_secs: 2
    max_tasks_per_user: 4
    max_waiting_per_conversation: 6
    max_message_age_secs: 0
    default_context: staging
    default_model: ollama:llama3:8b
    language: ar
  contexts: {directory: crew, recursive: no}
  runbooks: {directory: crew}
  classifications: {directory: crew}
  approval:
    allowed_users: ["@on-call", Amina, 49 30 901820, "WhatsApp:US.1349", "telegram:55501", "*"]
    timeout_minutes: 15
    require_for: ["helm uninstall *"]
    allow_self_approval: [write]
    min_approvers: 2
    ask_in_order: yes
    while_paused: queue
  memory: {enabled: no, backend: in-memory, max_messages: 5, context_window: 0, ttl_minutes: 1}
  budgets:
    perPerson: {tokens_per_day: 1, runsPerDay: 2, tool_calls_per_day: 3, cost_per_day: 0.5}
    per_agent: {}
    per_run: {tokens: 4, tool_calls: 5}
    currency: EUR
    prices: [{model: "claude:x", input: 3, output: 1.5}]
metadata: {name: web-1, namespace: ops, labels: {a: 1}, annotations: {b: no}, description: Ours}
"""
    ).config.model_dump(exclude={"spec": {"platforms"}})
    assert spec == {
        "api_version": "aof.dev/v1",
        "kind": "DaemonConfig",
        "metadata": {
            "name": "web-1", "namespace": "ops", "labels": {"a": "1"}, "annotations": {"b": "no"},
            "description": "Ours",
        },
        "spec": {
            "server": {
                "host": "localhost",
                "port": 9000,
                "trusted_proxies": (IPv4Network("10.1.0.0/16"), IPv4Network("10.2.0.1/32")),
                "admin": {
                    "host": "::1", "port": 9001, "token": None, "public_url": None, "trusted_proxies": (),
                },
            },
            "store": {"url": f"sqlite:///{tmp_path}/state/x.db", "keep_days": 5, "keep_ids_days": 7},
            "agents": {"directory": tmp_path / "crew", "enabled": True, "recursive": False, "watch": False},
            "triggers": {"directory": Path("/etc/aof/doors"), "enabled": False, "recursive": True, "watch": False},
            "contexts": {"directory": tmp_path / "crew", "enabled": True, "recursive": False, "watch": False},
            "runbooks": {"directory": tmp_path / "crew", "enabled": True, "recursive": True, "watch": False},
            "classifications": {"directory": tmp_path / "crew", "enabled": True, "recursive": True, "watch": False},
            "people": (
                {
                    "name": "Amina", "roles": ("on-call",), "whatsapp": ("+4930901820",), "telegram": ("55501",),
                    "http": ("ada",), "language": Language.ARABIC,
                },
            ),
            "operator": {
                "operators": ("Amina",), "platform": "whatsapp", "api_token": None, "draft_agent": "writer",
                "page": None,
            },
            "delivery": {"uncertain": "ask_operator", "uncertain_wait_seconds": 0.5},
            "tools": {"path": (tmp_path / "bin", Path("/opt/bin"))},
            "rules": (),
            "approval": {
                "allowed_users": ("@on-call", "Amina", "+4930901820", "whatsapp:US.1349", "telegram:55501", "*"),
                "timeout_minutes": 15,
                "require_for": ("helm uninstall *",),
                "allow_self_approval": (Risk.WRITE,),
                "min_approvers": 2,
                "ask_in_order": True,
                "while_paused": "queue",
            },
            "memory": {
                "enabled": False, "backend": "inmemory", "max_messages": 5, "context_window": 0, "ttl_minutes": 1,
            },
            "budgets": {
                "per_person": {"tokens_per_day": 1, "runs_per_day": 2, "tool_calls_per_day": 3, "cost_per_day": 0.5},
                "per_conversation": None,
                "per_agent": dict.fromkeys(("tokens_per_day", "runs_per_day", "tool_calls_per_day", "cost_per_day")),
                "total": None,
                "per_run": {"tokens": 4, "tool_calls": 5},
                "currency": "EUR",
                "prices": ({"model": "anthropic:x", "input": 3.0, "output": 1.5},),
            },
            "runtime": {
                "default_agent": "other",
                "max_concurrent_tasks": 1,
                "task_timeout_secs": 2,
                "max_tasks_per_user": 4,
                "max_waiting_per_conversation": 6,
                "max_message_age_secs": 0,
                "default_context": "staging",
                "default_model": "ollama:llama3:8b",
                "language": Language.ARABIC,
            },
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("106540352242922", "106540352242922"),
        ("0151234", "0151234"),  # YAML would read octal
        ("no", "no"),  # YAML would read false
        ("1e3", "1e3"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("12:30:45", "12:30:45"),  # YAML 1.1 would read base 60
        ("2024-01-02", "2024-01-02"),
        ("1.10", "1.10"),
        ("'null'", "null"),
        ("!!str null", "null"),
        ("!!int 0151", "0151"),
        ('"a: b"', "a: b"),
        ("|-\n        two\n        lines", "two\nlines"),
        (">-\n        one\n        line", "one line"),
    ],
)
def test_a_text_is_kept_as_it_was_written(whatsapp, base, written, text):
    assert whatsapp(base.replace("106540352242922", written)).phone_number_id == text


@pytest.mark.parametrize("written", ["true", "True", "TRUE", "yes", "on", "ON", '"true"', "${YES}"])
def test_a_switch_is_on_by_each_of_its_words(whatsapp, base, written):
    assert whatsapp(f"{base}      allow_live_send: {written}\n", {"YES": "Yes"}).allow_live_send is True


@pytest.mark.parametrize("written", ["false", "False", "no", "NO", "off", "'off'", "${UNSET:-no}"])
def test_a_switch_is_off_by_each_of_its_words(whatsapp, base, written):
    assert whatsapp(f"{base}      allow_live_send: {written}\n").allow_live_send is False


@pytest.mark.parametrize("written", ["0", "1", "y", "n", "t", "f", "enabled", '""', "2", "tru"])
def test_a_switch_has_no_other_words(problems, base, written):
    assert "wants true or false" in problems(f"{base}      allow_live_send: {written}\n")[0]


@pytest.mark.parametrize("written", ["ask-operator", "askOperator", "ASK_OPERATOR", "AskOperator"])
def test_a_choice_ignores_case_and_joints(loads, base, written):
    assert loads(f"{base}  delivery: {{uncertain: {written}}}\n").config.spec.delivery.uncertain == "ask_operator"


@pytest.mark.parametrize("key", ["max_tasks_per_user", "maxTasksPerUser", "max-tasks-per-user"])
def test_a_key_has_three_spellings(loads, base, key):
    assert loads(f"{base}  runtime: {{{key}: 9}}\n").config.spec.runtime.max_tasks_per_user == 9


def test_the_keys_of_a_platform_and_their_variables_have_three_spellings(whatsapp, base):
    text = base.replace("phone_number_id: 106540352242922", "phoneNumberIdEnv: ID").replace("app_secret", "app-secret")
    platform = whatsapp(text.replace("allowed_numbers", "allowedNumbers"), {"ID": "12345"})
    assert (platform.phone_number_id, platform.allowed_numbers) == ("12345", ("+49 30 901820",))


def test_labels_are_data_and_keep_their_spelling(loads, base):
    text = f"{base}metadata:\n  labels: {{costCenter: 007, app.kubernetes.io/name: x, cost-center: ''}}\n"
    assert loads(text).config.metadata.labels == {
        "costCenter": "007",
        "app.kubernetes.io/name": "x",
        "cost-center": "",
    }


@given(words=st.lists(st.from_regex(r"[a-z]{2,8}", fullmatch=True), min_size=1, max_size=5))
def test_every_spelling_of_a_key_becomes_the_same(words):
    camel = words[0] + "".join(word.capitalize() for word in words[1:])
    assert canonical("_".join(words)) == canonical("-".join(words)) == canonical(camel) == "_".join(words)


@pytest.mark.parametrize("group", ["aof.dev", "aof.sh", "aof.io"])
@pytest.mark.parametrize("version", ["v1", "v1beta1", "v1alpha1", "v1alpha2"])
def test_every_version_of_the_three_groups_is_read(loads, base, group, version):
    assert loads(base.replace("aof.dev/v1", f"{group}/{version}")).config.api_version == f"{group}/{version}"


def test_a_missing_version_is_the_present_one(loads, base):
    assert loads(base.replace("apiVersion: aof.dev/v1\n", "")).config.api_version == "aof.dev/v1"


def test_a_status_that_a_tool_left_behind_is_ignored(warnings, base):
    assert warnings(f"{base}status: {{phase: Running}}\n") == []


def test_an_empty_section_has_its_defaults(loads, base):
    spec = loads(f"{base}  server:\n  store:\nmetadata:\n").config.spec
    assert (spec.server.port, spec.store.keep_days) == (8080, 30)


def test_a_list_of_two_secrets_is_kept_in_order(whatsapp, base):
    platform = whatsapp(
        base.replace("app_secret: 0123456789abcdef", "app_secret: [new-secret, '${OLD}']"), {"OLD": "old"}
    )
    assert [secret.get_secret_value() for secret in platform.app_secret] == ["new-secret", "old"]


def test_three_secrets_are_one_too_many(problems, base):
    assert problems(base.replace("app_secret: 0123456789abcdef", "app_secret: [one-1, two-2, three-3]")) == [
        "daemon.yaml:9: spec.platforms.whatsapp.app_secret: has too many entries. Write at most 2."
    ]


def test_aliases_and_merges_are_followed(loads, base):
    spec = loads(
        base
        + """\
      allowed_users: &people [US.1, US.2]
  server: &one {host: localhost, port: 9000}
  tools: {path: *people}
metadata:
  labels: {<<: *one, port: 7}
"""
    ).config
    assert [directory.name for directory in spec.spec.tools.path] == ["US.1", "US.2"]
    assert spec.metadata.labels == {"host": "localhost", "port": "7"}


def test_what_an_alias_brings_is_told_on_the_line_of_the_alias(problems, base):
    text = f"{base}  runtime:\n    default_agent: &word mumble\n  server:\n    port: *word\n"
    assert problems(text) == ["daemon.yaml:14: spec.server.port: wants a whole number. Write digits only."]


@pytest.mark.parametrize(
    ("written", "file"),
    [
        ("sqlite:///aof.db", "{here}/aof.db"),
        ("sqlite:///state/aof.db", "{here}/state/aof.db"),
        ("sqlite:///../aof.db", "{here}/../aof.db"),
        ("sqlite:////var/lib/aof.db", "/var/lib/aof.db"),
        ("sqlite:///${NAME}.db", "{here}/ops.db"),
    ],
)
def test_a_store_stands_beside_the_file_unless_it_says_otherwise(loads, base, tmp_path, written, file):
    store = loads(f"{base}  store: {{url: '{written}'}}\n", {"NAME": "ops"}).config.spec.store
    assert store.file == Path(file.format(here=tmp_path))
    assert store.url == f"sqlite:///{store.file}"


def test_a_store_named_in_code_stands_in_the_working_directory():
    assert StoreConfig().file == Path("aof.db")
    assert StoreConfig(url="sqlite:////srv/a.db").file == Path("/srv/a.db")


def test_programs_are_looked_up_beside_the_file_where_a_directory_is_relative(loads, base, tmp_path):
    assert loads(f"{base}  tools: {{path: 'bin:/usr/bin'}}\n").config.spec.tools.path == (
        tmp_path / "bin",
        Path("/usr/bin"),
    )


def test_a_configuration_can_be_put_together_in_code_and_not_changed_afterwards(loads, base):
    platforms = loads(base).config.spec.platforms
    config = DaemonConfig(spec=DaemonSpec(platforms=platforms))
    assert config.spec.platforms["whatsapp"] is platforms["whatsapp"]
    with pytest.raises(ValidationError, match="frozen"):
        config.spec.server.port = 1
    with pytest.raises(ValidationError):
        DaemonSpec(platforms={"whatsapp": {}})


def test_a_platform_that_is_switched_off_needs_no_credentials(loads, base):
    text = base.replace("access_token: EAAG-a-token", "access_token_env: NOWHERE") + "      enabled: no\n"
    loaded = loads(text.replace("      verify_token: a-verify-word\n", ""))
    assert loaded.config.spec.platforms == {}
    assert told_of(loaded) == [
        "daemon.yaml:5: spec.platforms.whatsapp.verify_token: is missing. Write verify_token_env: NAME_OF_A_VARIABLE.",
        "daemon.yaml:7: spec.platforms.whatsapp.access_token: NOWHERE is not set. Export it, or name another variable.",
    ]


def test_a_platform_that_is_switched_off_keeps_its_settings_where_they_are_complete(whatsapp, base):
    assert whatsapp(f"{base}      enabled: false\n").enabled is False


def test_a_platform_that_is_switched_off_may_not_hold_typos(problems, base):
    assert len(problems(f"{base}      enabled: false\n      alow_everyone: true\n")) == 1


def test_a_platform_of_another_name_brings_its_own_model(loads, base):
    models = {"telegram": type(loads(base).config.spec.platforms["whatsapp"])}
    assert list(loads(base.replace("whatsapp:", "telegram:"), {}, models).config.spec.platforms) == ["telegram"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8"), max_size=60), place=st.integers(0, 240))
def test_whatever_is_put_into_a_file_it_loads_or_says_why(loads, base, text, place):
    told = ["daemon.yaml"]
    try:
        loads(base[:place] + text + base[place:])
    except ConfigError as refused:
        told = str(refused).splitlines()
    assert told
    assert all(line.startswith("daemon.yaml") for line in told)
