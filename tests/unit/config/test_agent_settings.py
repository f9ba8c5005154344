"""What the builder of an agent is told, in one shape whichever spelling the file has."""

from pathlib import Path

import pytest

from aof.config.agent_file import AgentFile, AgentMemory, AgentSettings, Retries, Sampling
from aof.config.load import read_files
from aof.config.providers import ModelName
from aof.domain.errors import ConfigError
from tests.unit.config.conftest import BESIDE, PhonePlatform

HEAD = "kind: Agent\nmetadata: {name: a}\nspec:\n"
MODEL = "  model: anthropic:claude-sonnet-5-5\n"


@pytest.fixture
def agent(reads):
    def agent(text: str, **environ: str) -> AgentFile:
        files = reads(text, environ=environ)
        files.raise_errors()
        (found,) = files.agents
        return found

    return agent


@pytest.fixture
def settings(agent):
    def settings(added: str, model: str = MODEL, **environ: str) -> AgentSettings:
        found = agent(f"{HEAD}{model}{added}", **environ).settings
        assert found is not None
        return found

    return settings


def test_an_agent_that_says_only_its_model_leaves_the_rest_to_others(settings):
    told = settings("")
    assert told == AgentSettings(
        model=ModelName("anthropic", "claude-sonnet-5-5"),
        fallback_models=(),
        api_key_env=None,
        call_timeout_seconds=None,
        prompt="",
        sampling=Sampling(0.7, None, None, None, None),
        max_iterations=10,
        max_context_messages=None,
        deadline_seconds=None,
        max_tokens_per_run=None,
        max_tool_calls=None,
        tools=(),
        missing_tools=(),
        restrictions={},
        mcp_servers=(),
        memory=None,
        output_schema=None,
        env={},
        retry=Retries(3, 1.0, 30.0),
    )
    assert told.key_variables == ("ANTHROPIC_API_KEY",)


@pytest.mark.parametrize(
    ("model", "provider", "name", "url"),
    [
        ("model: anthropic:claude-sonnet-5-5", "anthropic", "claude-sonnet-5-5", None),
        ("model: Claude:claude-x", "anthropic", "claude-x", None),
        ("model: claude-sonnet-5-5", "anthropic", "claude-sonnet-5-5", None),
        ("model: gpt-4o", "openai", "gpt-4o", None),
        ("model: chatgpt-4o-latest", "openai", "chatgpt-4o-latest", None),
        ("model: o3", "openai", "o3", None),
        ("model: gemini-2.5-flash", "google", "gemini-2.5-flash", None),
        ("model: aws:anthropic.claude:0", "bedrock", "anthropic.claude:0", None),
        ("model: ollama:llama3:8b", "ollama", "llama3:8b", None),
        ("model: llama3:8b\n  provider: ollama", "ollama", "llama3:8b", None),
        ("model: openai:gpt-4o\n  provider: gpt", "openai", "gpt-4o", None),
        ("model: gpt-4o\n  provider: azure", "azure", "gpt-4o", None),
        ("model: claude-x\n  provider: bedrock", "bedrock", "claude-x", None),
        ("model: llama3:8b\n  base_url: http://localhost:8000/v1/", "openai", "llama3:8b", "http://localhost:8000/v1"),
        ("model: openai:llama\n  baseUrl: http://x", "openai", "llama", "http://x"),
        ("model: claude-x\n  base_url: http://x", "openai", "claude-x", "http://x"),
        ("llm: {provider: gemini, model_id: g}", "google", "g", None),
        ("model: {name: groq:llama, base_url: 'http://y'}", "groq", "llama", "http://y"),
    ],
)
def test_who_runs_a_model_is_said_or_guessed(settings, model, provider, name, url):
    assert settings("", f"  {model}\n").model == ModelName(provider, name, url)


@pytest.mark.parametrize(
    ("model", "fallback", "told"),
    [
        ("{provider: azure, name: m, api_version: '2024-10-21'}", "", ("2024-10-21", "")),
        ("{name: 'aws:m', region: eu-west-1}", "", ("", "eu-west-1")),
        ("{name: gpt-4o, region: eu-west-1}", "bedrock:m", ("", "eu-west-1")),
        ("{name: 'azure:m', apiVersion: preview}", "", ("preview", "")),
    ],
)
def test_where_azure_and_aws_are_is_said_beside_the_model(settings, model, fallback, told):
    found = settings(f"  fallback_models: [{fallback}]\n", f"  model: {model}\n")
    assert (found.api_version, found.region) == told


def test_either_of_googles_variables_will_do(agent):
    text = f"{HEAD}  model: google:g\n"
    assert agent(text).unavailable == "GOOGLE_API_KEY is not set"
    assert agent(text, GEMINI_API_KEY="k").unavailable == ""


@pytest.mark.parametrize(
    ("model", "secrets"),
    [
        ("aws:m", ("AWS_BEARER_TOKEN_BEDROCK", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")),
        ("claude:m\n  base_url: http://x", ("ANTHROPIC_API_KEY",)),
        ("claude:m\n  base_url: http://x\n  api_key_env: OURS", ("OURS", "ANTHROPIC_API_KEY")),
        ("google:m", ("GOOGLE_API_KEY", "GEMINI_API_KEY")),
        ("openai-responses:m", ("OPENAI_API_KEY",)),
    ],
)
def test_every_secret_of_its_provider_is_known(settings, model, secrets):
    assert settings("", f"  model: {model}\n").secret_variables == secrets


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        ("{name: gpt-4o, api_version: '1'}", "api_version, which only azure takes, and its model is openai:gpt-4o"),
        ("{name: 'azure:m', region: eu-west-1}", "region, which only bedrock takes, and its model is azure:m"),
        ("{name: 'aws:m', region: eu west}", "is not one word"),
    ],
)
def test_what_its_provider_does_not_take_is_refused(agent, model, problem):
    with pytest.raises(ConfigError, match=problem):
        agent(f"{HEAD}  model: {model}\n")


@pytest.mark.parametrize(
    ("model", "fallback", "provider", "name", "url", "key"),
    [
        ("model: gpt-4o", "claude-x", "anthropic", "claude-x", None, "ANTHROPIC_API_KEY"),
        ("model: gpt-4o", "google:g", "google", "g", None, "GOOGLE_API_KEY"),
        ("model: m\n  provider: groq", "n", "groq", "n", None, "GROQ_API_KEY"),
        ("model: m\n  base_url: http://x\n  api_key_env: K", "n:8b", "openai", "n:8b", "http://x", "K"),
        ("model: m\n  base_url: http://x\n  api_key_env: K", "openai:n", "openai", "n", "http://x", "K"),
        ("model: m\n  base_url: http://x\n  api_key_env: K", "claude:n", "anthropic", "n", None, "ANTHROPIC_API_KEY"),
        ("model: m\n  base_url: http://x", "n", "openai", "n", "http://x", None),
        ("model: ollama:m", "n:8b", "ollama", "n:8b", None, None),
    ],
)
def test_what_is_tried_next_is_on_the_same_server_unless_it_names_another(
    settings, model, fallback, provider, name, url, key
):
    model = f"  {model}\n"
    if fallback == "n:8b" and "ollama" in model:
        model = "  model: m\n  provider: ollama\n"
    told = settings(f"  fallbackModels: ['{fallback}']\n", model, K="a-key")
    (second,) = told.fallback_models
    assert second == ModelName(provider, name, url)
    assert told.key_variable(second) == key


def test_the_key_of_one_server_is_not_for_another(settings):
    told = settings("  api_key_env: OURS\n  fallback_models: ['openai:gpt-4o']\n", OURS="x")
    assert told.key_variables == ("OURS", "OPENAI_API_KEY")
    told = settings("", "  model: {name: 'openai:m', api_key_env: OURS, timeout_seconds: 20}\n", OURS="x")
    assert (told.key_variables, told.call_timeout_seconds) == (("OURS",), 20)


@pytest.mark.parametrize("added", ["  api_key_env: OURS\n", "  apiKeyEnv: OURS\n"])
def test_a_key_whose_variable_is_not_set_costs_the_agent_and_not_the_daemon(agent, added):
    assert agent(HEAD + MODEL + added).unavailable == "OURS is not set"
    assert agent(HEAD + MODEL + added, OURS="x").unavailable == ""


@pytest.mark.parametrize("form", ["  api_key_env: {0}\n", "  llm: {{name: 'openai:x', api_key_env: '{0}'}}\n"])
def test_the_key_itself_is_no_name_of_a_variable_and_is_not_repeated(problems_beside, form):
    model = "" if "llm" in form else MODEL
    (told,) = problems_beside(HEAD + model + form.format("${KEY}"), environ={"KEY": "sk-planted"})
    assert told.endswith("api_key_env: wants a variable name. Write for example OPENAI_API_KEY, without $ and braces.")
    (told,) = problems_beside(HEAD + model + form.format("sk-planted-1"))
    assert "planted" not in told


def test_the_prompt_is_as_written_under_each_of_its_names(settings):
    for name in ("instructions", "system_prompt", "system", "systemPrompt"):
        assert settings(f"  {name}: Use ${{TOKEN}}.\n", TOKEN="x").prompt == "Use ${TOKEN}."


def test_of_several_places_that_say_a_number_the_nearest_to_the_top_counts(settings):
    nested = "  model_config: {temperature: 0.2, max_tokens: 20}\n  model_params: {temperature: 0.3, top_p: 0.5}\n"
    model = "  model: {name: 'openai:x', temperature: 0.4, max_tokens: 40}\n"
    assert settings(nested).sampling == Sampling(0.2, 20, 0.5, None, None)
    assert settings(nested, model).sampling == Sampling(0.4, 40, 0.5, None, None)
    told = settings(f"{nested}  temperature: 0\n  maxTokens: 5\n  parameters: {{presence_penalty: -1}}\n", model)
    assert told.sampling == Sampling(0, 5, 0.5, None, -1)


@pytest.mark.parametrize(
    ("added", "iterations"),
    [
        ("", 10),
        ("  maxTurns: 50\n", 50),
        ("  limits: {max_iterations: 30}\n", 30),
        ("  max_iterations: 20\n  limits: {max_iterations: 30}\n", 20),
        ("  max_iterations: 40\n  limits: {max_iterations: 30}\n", 30),
    ],
)
def test_of_two_limits_the_stricter_counts(settings, added, iterations):
    assert settings(added).max_iterations == iterations


def test_the_limits_of_a_run_are_those_of_the_file(settings):
    told = settings(
        "  limits: {max_execution_time_seconds: 60, max_tokens_per_run: 5000, maxToolCalls: 0}\n"
        "  max_context_messages: 0\n  retry: {max_attempts: 2, initial_delay: 500ms, max_delay: 1m}\n"
    )
    assert (told.deadline_seconds, told.max_tokens_per_run, told.max_tool_calls) == (60, 5000, 0)
    assert (told.max_context_messages, told.retry) == (0, Retries(2, 0.5, 60.0))


TOOLS = """\
  tools:
    - bash
    - kubectl
    - terraform_state_list
    - read_file
    - http-request
    - loki_query
    - {type: Shell, config: {allowed_commands: [uptime], timeout_seconds: 10}, timeout_secs: 5}
    - {name: api, type: http, config: {base_url: "https://x"}}
    - {type: File, config: {allowed_paths: [/var/log], read_only: yes}}
    - {name: tide, source: mcp, server: almanac, timeout_secs: 15}
    - {name: docker_logs, timeout_secs: 3}
    - {name: helm, enabled: false}
    - {type: MCP, config: {name: k8s, command: [npx, server], env: {A: b}, timeout_seconds: 9}}
    - {name: web, type: MCP, config: {endpoint: "https://y/mcp", transport: http}}
    - grafana_query
  mcp_servers: [{name: almanac, url: "https://z"}]
  tool_restrictions: {kubectl: {allowed_verbs: [get], blocked_verbs: [delete]}}
"""


def test_tools_in_all_their_forms_are_one_list(settings):
    told = settings(TOOLS)
    assert [(one.kind, one.name, one.program, one.verb, one.server, one.timeout_seconds) for one in told.tools] == [
        ("shell", "shell", "", "", "", None),
        ("program", "kubectl", "kubectl", "", "", None),
        ("program", "terraform_state_list", "terraform", "state list", "", None),
        ("file", "read_file", "", "", "", None),
        ("http", "http", "", "", "", None),
        ("query", "loki_query", "", "", "", None),
        ("shell", "shell", "", "", "", 5),
        ("http", "api", "", "", "", None),
        ("file", "file", "", "", "", None),
        ("mcp", "tide", "", "", "almanac", 15),
        ("program", "docker_logs", "docker", "logs", "", 3),
    ]
    assert told.tools[6].config.allowed_commands == ("uptime",)
    assert told.tools[7].config.base_url == "https://x"
    assert (told.tools[8].config.allowed_paths, told.tools[8].config.read_only) == (("/var/log",), True)
    assert told.missing_tools == ("grafana_query",)
    assert [(one.name, one.command, one.url, one.transport, one.timeout_secs) for one in told.mcp_servers] == [
        ("almanac", None, "https://z", None, 30),
        ("k8s", ("npx", "server"), None, None, 9),
        ("web", None, "https://y/mcp", "http", 30),
    ]
    restriction = told.restrictions["kubectl"]
    assert (restriction.allowed_verbs, restriction.blocked_verbs) == (("get",), ("delete",))


@pytest.mark.parametrize(
    ("written", "memory"),
    [
        ("InMemory", AgentMemory("process")),
        ("{type: in-memory, config: {max_messages: 5}}", AgentMemory("process", 5)),
        ("'File:./p.json'", AgentMemory("store")),
        ("'File:./p.json:50'", AgentMemory("store", 50)),
        ("{type: File, config: {path: ./p.json, max_messages: 40}}", AgentMemory("store", 40)),
        ("{backend: sqlite, max_messages: 7}", AgentMemory("store", 7)),
        ("{persistence: redis, ttl: 1h}", AgentMemory("store", None, 3600.0)),
        ("'PostgreSQL:x'", AgentMemory("store")),
        ("{enabled: false}", AgentMemory("nothing")),
    ],
)
def test_a_memory_is_kept_in_one_of_three_ways(settings, written, memory):
    assert settings(f"  memory: {written}\n").memory == memory


def test_the_form_of_an_answer_is_json_schema_with_its_types(settings):
    schema = settings(
        "  output_schema:\n"
        "    type: object\n"
        "    properties:\n"
        "      severity: {type: integer, minimum: 1, maximum: 5}\n"
        "      share: {type: number, exclusiveMinimum: 0.5, enum: [1, two, true, null, '3']}\n"
        "      unit: {const: '${UNIT}'}\n"
        "      $ref: {}\n"
        "    required: [severity]\n"
        "    additionalProperties: no\n"
        "    oneOf: [{minProperties: 1}]\n"
        "    validation_mode: coerce\n",
        UNIT="kg",
    ).output_schema
    assert schema is not None
    assert schema.json_schema == {
        "type": "object",
        "properties": {
            "severity": {"type": "integer", "minimum": 1, "maximum": 5},
            "share": {"type": "number", "exclusiveMinimum": 0.5, "enum": [1, "two", True, None, "3"]},
            "unit": {"const": "kg"},
            "$ref": {},
        },
        "required": ["severity"],
        "additionalProperties": False,
        "oneOf": [{"minProperties": 1}],
    }
    assert schema.validation_mode == "coerce"


def test_what_is_wrong_inside_a_schema_is_told_by_its_line(problems_beside):
    text = HEAD + MODEL + "  output_schema:\n    properties:\n      a: !!binary eA==\n      b: {c: 1, c: 2}\n"
    assert problems_beside(text) == [
        (
            "crew/a.yaml:7: spec.output_schema.properties.a: a tag (!…) asks for more than text. "
            "Remove the tag, or quote the value."
        ),
        "crew/a.yaml:8: spec.output_schema.properties.b.c: is given twice, first on line 8. Keep one of them.",
    ]


def test_an_agent_without_a_model_takes_the_one_of_the_daemon(reads, tmp_path: Path):
    Path("crew").mkdir()
    Path("crew/a.yaml").write_text(HEAD + "  instructions: x\n")
    Path("crew/b.yaml").write_text("kind: Agent\nmetadata: {name: b}\nspec: {model: gpt-4o, provider: azure}\n")
    Path("daemon.yaml").write_text(
        BESIDE + "  runtime: {default_model: gemini-2.5-flash}\n---\nkind: Agent\nmetadata: {name: c}\nspec: {}\n"
    )
    environ = {"ID": "10654", "TOKEN": "EAAG-a-token", "WORD": "a-verify-word", "SECRET": "0123456789abcdef"}
    files = read_files(Path("daemon.yaml"), {"whatsapp": PhonePlatform}, environ)
    files.raise_errors()
    assert {agent.name: str(agent.settings and agent.settings.model) for agent in files.agents} == {
        "a": "google:gemini-2.5-flash",
        "b": "azure:gpt-4o",
        "c": "google:gemini-2.5-flash",
    }


@pytest.mark.parametrize("key", ["provider: ollama", "base_url: http://x", "api_key_env: K"])
def test_an_agent_that_the_daemons_model_answers_for_names_no_server_of_its_own(tmp_path: Path, monkeypatch, key):
    monkeypatch.chdir(tmp_path)
    Path("daemon.yaml").write_text(
        BESIDE.replace("  agents: {directory: crew}\n", "")
        + f"  runtime: {{default_model: gpt-4o}}\n---\nkind: Agent\nmetadata: {{name: c}}\nspec:\n  {key}\n"
    )
    environ = {"ID": "10654", "TOKEN": "EAAG-a-token", "WORD": "a-verify-word", "SECRET": "0123456789abcdef", "K": "k"}
    with pytest.raises(ConfigError) as refused:
        read_files(Path("daemon.yaml"), {"whatsapp": PhonePlatform}, environ).raise_errors()
    said = f"spec.{key.partition(':')[0]}: stands without a model. Add model: and its name, or remove it."
    assert str(refused.value) == f"daemon.yaml:15: {said}"


def test_an_agent_without_any_model_is_told_where_one_can_be_named(problems_beside):
    assert problems_beside(HEAD + "  instructions: x\n") == [
        "crew/a.yaml:3: spec.model: is missing. Add it, or runtime.default_model to the daemon's file."
    ]


def test_an_agent_whose_model_is_in_no_variable_has_no_settings(agent):
    found = agent(HEAD + "  model: ${MODEL}\n")
    assert (found.settings, found.model) == (None, "${MODEL}")


def test_the_digest_changes_with_what_is_said_and_not_with_how_or_with_a_secret(agent):
    text = HEAD + MODEL + "  max_iterations: 5\n  env: {A: '${API_TOKEN}', B: '${REGION}'}\n"
    first = agent(text, API_TOKEN="one", REGION="north").digest
    assert len(first) == 64
    assert agent(text, API_TOKEN="two", REGION="north").digest == first
    assert agent(text.replace("max_iterations", "maxTurns"), API_TOKEN="one", REGION="north").digest == first
    assert agent("# a comment\n" + text, API_TOKEN="one", REGION="north").digest == first
    others = [
        agent(text, API_TOKEN="one", REGION="south").digest,
        agent(text.replace("API_TOKEN", "OTHER_TOKEN"), OTHER_TOKEN="one", REGION="north").digest,
        agent(text.replace("5", "6"), API_TOKEN="one", REGION="north").digest,
        agent(text + "  instructions: x\n", API_TOKEN="one", REGION="north").digest,
        agent(text + "  output_schema: {properties: {a: {type: string}}}\n", API_TOKEN="one", REGION="north").digest,
    ]
    assert len({first, *others}) == 1 + len(others)
