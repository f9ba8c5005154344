"""Agent documents: what is read, what is refused, and what is doubted."""

import pytest

from aof.config.files import Files

HEAD = "kind: Agent\nmetadata: {name: dockhand}\nspec:\n  model: anthropic:claude-sonnet-5-5\n"
"""Four lines: what a test adds begins on line 5."""

WITHOUT_EFFECT = (
    "config", "tags", "examples", "resources", "observability", "streaming", "markdown", "sampling", "variables",
    "state", "triggers", "mcp", "context", "modelConfigRef",
)  # fmt: skip
REFUSED = ("base", "extends", "system_prompt_override", "guardrails", "costControl", "rateLimit", "rateLimits")


def test_an_agent_in_the_style_of_kubernetes_is_known_and_unavailable(reads):
    files: Files = reads(
        """\
apiVersion: aof.dev/v1
kind: Agent
metadata: {name: dockhand, description: Answers questions about ships and cranes}
spec:
  model: anthropic:claude-sonnet-5-5
  temperature: 0.1
  max_tokens: 700
  max_iterations: 6
  instructions: |
    You look after the harbour's cluster. ${NOT_EXPANDED}
  tools:
    - kubectl
    - kubectl_get
    - {type: Shell, config: {allowed_commands: [uptime, df], timeout_seconds: 10}}
    - {name: tide_table, source: mcp, server: almanac, timeout_secs: 15}
  tool_restrictions: {kubectl: {allowed_verbs: [get, describe, logs]}}
  mcp_servers: [{name: almanac, transport: http, url: "${ALMANAC_URL:-http://almanac}", tools: [tide_table]}]
  memory: {type: File, config: {path: ./dockhand.json, max_messages: 40}}
  output_schema:
    type: object
    properties: {mood: {type: string, enum: [calm, busy, alarm]}, text: {type: string}}
    required: [mood, text]
    on_validation_error: retry
"""
    )
    (agent,) = files.agents
    assert (agent.name, agent.description) == ("dockhand", "Answers questions about ships and cranes")
    assert (agent.model, agent.file, agent.line) == ("anthropic:claude-sonnet-5-5", "crew/a.yaml", 1)
    assert agent.unavailable == "ANTHROPIC_API_KEY is not set"
    files.raise_errors()
    assert files.warnings == ()


def test_a_flat_agent_is_known_by_its_name_and_model(reads):
    files = reads("name: paperwork\nmodel: openai:gpt-4o-mini\nsystem_prompt: You explain forms.\nmax_iterations: 3\n")
    files.raise_errors()
    assert [(agent.name, agent.model) for agent in files.agents] == [("paperwork", "openai:gpt-4o-mini")]
    assert files.warnings == ()


@pytest.mark.parametrize(
    "added",
    [
        "  maxTurns: 3\n",
        "  llm: {provider: openai, model: gpt-4o}\n",
        "  system: x\n  systemPrompt: x\n",
        "  model_config: {temperature: 1, top_p: 0.5}\n  modelParams: {max_tokens: 5}\n",
        "  memory: in-memory\n",
        "  memory: 'File:./p.json:50'\n",
        "  memory: {backend: sqlite}\n",
        "  memory: {enabled: false}\n",
        "  fallbackModels: ['openai:gpt-4o', gemini-2.5-flash]\n",
        "  retryPolicy: {max_attempts: 2, initial_delay: 500ms}\n",
        "  limits: {max_iterations: 3, max_execution_time_seconds: 60}\n",
        "  environment: {REGION: north}\n",
        "  tools: [{name: k, type: http, config: {base_url: 'https://x'}}, {name: shell, enabled: false}]\n",
        "  provider: ollama\n",
    ],
)
def test_a_key_of_an_agent_is_taken(reads, added):
    text = HEAD.replace("  model: anthropic:claude-sonnet-5-5\n", "") if "llm" in added else HEAD
    files = reads(text + added)
    files.raise_errors()
    assert files.warnings == ()


@pytest.mark.parametrize("model", ["claude-sonnet-5-5", "gpt-4o", "o3", "gemini-2.5-flash", "GPT:gpt-4o", "aws:x:1"])
def test_a_model_says_its_provider_or_lets_it_be_guessed(reads, model):
    reads(HEAD.replace("anthropic:claude-sonnet-5-5", model)).raise_errors()


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("antropic:x", 'there is no provider antropic. Did you mean "anthropic"?'),
        ("anthropic:", "names no model after its provider. Write for example anthropic:claude-sonnet-5-5."),
        ("llama3", "does not say its provider. Write provider:model, such as anthropic:claude-sonnet-5-5."),
        ("[a]", "wants one text. Write one value, not a list or a mapping."),
    ],
)
def test_a_model_that_can_not_be_is_told(problems_beside, model, said):
    text = HEAD.replace("anthropic:claude-sonnet-5-5", f"'{model}'" if model != "[a]" else model)
    assert problems_beside(text) == [f"crew/a.yaml:4: spec.model: {said}"]


@pytest.mark.parametrize(
    ("added", "said"),
    [
        (
            "  instructions: one\n  system: two\n",
            "6: spec.system: holds another prompt than instructions. Keep one of them.",
        ),
        ("  system: [a]\n", "5: spec.system: wants one text. Write one value, not a list or a mapping."),
        ("  temperature: 2.1\n", "5: spec.temperature: is too large. Write 2 or less."),
        ("  max_tokens: 0\n", "5: spec.max_tokens: is too small. Write 1 or more."),
        ("  max_iterations: 0\n", "5: spec.max_iterations: is too small. Write 1 or more."),
        ("  max_turns: x\n", "5: spec.max_iterations: wants a whole number. Write digits only."),
        (
            "  max_iterations: 1\n  maxTurns: 2\n",
            ("6: spec.max_iterations: maxTurns is the same key as max_iterations on line 5. Keep one of them."),
        ),
        ("  model_config: {top_p: 2}\n", "5: spec.model_config.top_p: is too large. Write 1 or less."),
        ("  temprature: 1\n", '5: spec.temprature: there is no such key. Did you mean "temperature"?'),
        (
            "  tools: [{type: Shel}]\n",
            '5: spec.tools[0].type: there is no such type of tool. Did you mean "Shell"?',
        ),
        (
            "  tools: [{type: GitHub}]\n",
            "5: spec.tools[0].type: a tool of type GitHub is not supported yet. Remove this tool.",
        ),
        (
            "  tools: [{type: HTTP, config: {allowed_commands: [x]}}]\n",
            (
                "5: spec.tools[0]: a tool of type HTTP takes no allowed_commands. "
                "Write one of allowed_methods, auth, base_url, endpoint, headers, private_networks, timeout_seconds."
            ),
        ),
        (
            "  tools: [{type: HTTP, config: {base_url: 'https://x', private_networks: [10.0.0.0/33]}}]\n",
            (
                "5: spec.tools[0].config.private_networks: 10.0.0.0/33 is no network. "
                "Write it like 10.20.0.0/16 or 127.0.0.1/32."
            ),
        ),
        (
            "  mcp_servers: [{name: x, url: 'https://x', auth: {type: basic}}]\n",
            (
                "5: spec.mcp_servers[0].auth.type: basic is not supported yet. "
                "Write bearer, or the header itself under headers:."
            ),
        ),
        (
            "  mcp_servers: [{name: x, url: 'https://x', classes: {y: harmless}}]\n",
            None,
        ),
        (
            "  tools: [{name: x, source: mcp}]\n",
            "5: spec.tools[0]: a tool of an MCP server does not name it. Write server: and its name.",
        ),
        (
            "  tool_restrictions: {kubectl: {allowed_verb: [get]}}\n",
            ('5: spec.tool_restrictions.kubectl.allowed_verb: there is no such key. Did you mean "allowed_verbs"?'),
        ),
        (
            "  mcp_servers: [almanac]\n",
            "5: spec.mcp_servers[0]: wants keys with values. Write key: value below.",
        ),
        (
            "  mcp_servers: [{name: a}]\n",
            "5: spec.mcp_servers[0]: a server with neither command nor url can't be reached. Write command: or url:.",
        ),
        (
            "  memory: elephant\n",
            "5: spec.memory: there is no such memory. Write InMemory, File:./notes.json or SQLite.",
        ),
        (
            "  output_schema: {validation_mode: strikt}\n",
            '5: spec.output_schema.validation_mode: wants one of strict, lenient, coerce. Did you mean "strict"?',
        ),
        (
            "  retry: {initial_delay: soon}\n",
            ("5: spec.retry.initial_delay: is no length of time. Write a number and ms, s, m, h or d, such as 30s."),
        ),
        *((f"  {key}: x\n", f"5: spec.{key}: is not supported yet. Remove it.") for key in REFUSED[:4]),
        ("  costControl: x\n", "5: spec.cost_control: is not supported yet. Remove it."),
        ("  rateLimit: x\n", "5: spec.rate_limit: is not supported yet. Remove it."),
        ("  rateLimits: x\n", "5: spec.rate_limits: is not supported yet. Remove it."),
        ("color: x\n", None),
        ("temperature: 1\n", "5: temperature: there is no such key. It belongs in spec."),
    ],
)
def test_what_is_wrong_with_an_agent_is_told(problems_beside, added, said):
    told = problems_beside(HEAD + added)
    assert len(told) == 1
    assert said is None or told == [f"crew/a.yaml:{said}"]


@pytest.mark.parametrize("key", WITHOUT_EFFECT)
def test_what_nothing_reads_is_a_warning_with_its_line(reads, key):
    files = reads(f"{HEAD}  {key}: {{a: b}}\n")
    files.raise_errors()
    (told,) = map(str, files.warnings)
    assert told.startswith("crew/a.yaml:5: spec.")
    assert told.endswith("has no effect. Remove it.")


@pytest.mark.parametrize(
    ("added", "said"),
    [
        (
            "  tools: [kubectk]\n",
            'spec.tools[0]: there is no tool kubectk, the agent has to do without it. Did you mean "kubectl"?',
        ),
        (
            "  tools: [shell, {name: grafana_query}]\n",
            (
                "spec.tools[1]: there is no tool grafana_query, the agent has to do without it. "
                "Write the name of a built-in tool, or use an MCP server."
            ),
        ),
        ("  memory: {type: redis}\n", "spec.memory: is kept in the daemon's own store instead. Write SQLite."),
        (
            "  env: {A: '${NOWHERE}'}\n",
            "spec.env.A: NOWHERE is not set, so this entry is left out. Export it, or remove the entry.",
        ),
    ],
)
def test_what_an_agent_has_to_do_without_is_a_warning(reads, added, said):
    files = reads(HEAD + added)
    files.raise_errors()
    assert [str(warning) for warning in files.warnings] == [f"crew/a.yaml:5: {said}"]


@pytest.mark.parametrize("form", ["  model: ${MODEL}\n", "  model: {provider: openai, name: '${MODEL}'}\n"])
def test_an_unset_variable_of_a_model_costs_the_agent_and_not_the_daemon(reads, form):
    files = reads(HEAD.replace("  model: anthropic:claude-sonnet-5-5\n", form))
    files.raise_errors()
    (agent,) = files.agents
    assert agent.unavailable == "MODEL is not set"


def test_an_agent_may_be_of_the_group_of_the_operator(reads, problems_beside):
    reads(f"apiVersion: aof.agenticops.org/v1alpha1\n{HEAD}").raise_errors()
    trigger = "apiVersion: aof.agenticops.org/v1alpha1\nkind: Trigger\nmetadata: {name: t}\nspec: {type: WhatsApp}\n"
    assert problems_beside(trigger) == [
        "crew/a.yaml:1: apiVersion: this is no version that aof reads. Write aof.dev/v1."
    ]


def test_a_name_unlike_one_of_dns_is_a_warning(reads):
    assert [str(warning) for warning in reads(HEAD.replace("dockhand", "Dock Hand")).warnings] == [
        "crew/a.yaml:2: metadata.name: is not like a DNS name. Write a-z, 0-9 and -."
    ]


def test_a_secret_of_the_main_file_is_starred_in_the_problems_of_others(problems_beside):
    (told,) = problems_beside("apiVersion: aof.dev/v1\nkind: a0123456789abcdef\n")
    assert told == "crew/a.yaml:2: kind: a*** is not supported yet. Remove this document."
