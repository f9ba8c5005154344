"""Every vendor of models, as an agent's file names it, beside the stand-in of its server."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.vendors.anthropic import Anthropic
from tests.vendors.bedrock import ACCESS_KEY, REGION, Bedrock
from tests.vendors.chat import Azure, AzureV1, Chat, Groq, Ollama
from tests.vendors.google import Google
from tests.vendors.responses import Responses
from tests.vendors.server import KEY
from tests.vendors.wire import Wire


@dataclass(frozen=True)
class Case:
    """One way to speak to one vendor, and what only its author can know about it."""

    name: str
    wire: Callable[[], Wire]
    spec: str
    """The lines of `spec` that say where the model is; `{url}` is the stand-in's."""
    package: str
    """That its extra brings."""
    key: str = ""
    """The variable that has to be set; empty: it needs none."""
    environ: Mapping[str, str] = field(default_factory=dict)
    """Further variables; `{url}` is the stand-in's."""
    streams: bool = False
    """Its library has answers sent in pieces by itself."""
    cancel_closes: bool = True
    """What is cancelled closes its connection at once."""
    sees_cuts: bool = True
    """Its library knows an answer that broke off from one that no model would give."""
    tls: bool = False
    """Its library sends the key over nothing else."""

    def __str__(self) -> str:
        return self.name


_OPENAI = {"OPENAI_API_KEY": KEY}
_AWS = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_REGION": "us-east-1"}
_SECRET = "AWS_SECRET_ACCESS_KEY"

CASES = [
    Case("openai", Chat, "  model: openai:gpt-4o\n  base_url: {url}/v1\n", "openai", environ=_OPENAI),
    Case(
        "openai-responses",
        Responses,
        "  model: openai-responses:gpt-4o\n  base_url: {url}/v1\n",
        "openai",
        environ=_OPENAI,
    ),
    Case(
        "anthropic",
        Anthropic,
        "  model: anthropic:claude-sonnet-5-5\n  max_tokens: 700\n  base_url: {url}\n",
        "anthropic",
        key="ANTHROPIC_API_KEY",
    ),
    Case(
        "anthropic in pieces",
        Anthropic,
        "  model: anthropic:claude-sonnet-5-5\n  base_url: {url}\n",
        "anthropic",
        key="ANTHROPIC_API_KEY",
        streams=True,
    ),
    Case("google", Google, "  model: google:gemini-2.5-flash\n  base_url: {url}\n", "google.genai", "GOOGLE_API_KEY"),
    Case("groq", Groq, "  model: groq:llama-3.3-70b-versatile\n  base_url: {url}\n", "groq", "GROQ_API_KEY"),
    Case(
        "azure",
        lambda: Azure("2024-10-21"),
        "  model: {provider: azure, name: gpt-4o, base_url: '{url}', api_version: '2024-10-21'}\n",
        "openai",
        key="AZURE_OPENAI_API_KEY",
        environ={"OPENAI_API_VERSION": "2023-05-15"},
    ),
    Case(
        "azure by its variables",
        lambda: Azure("2024-10-21"),
        "  model: azure:gpt-4o\n",
        "openai",
        key="AZURE_OPENAI_API_KEY",
        environ={"AZURE_OPENAI_ENDPOINT": "{url}", "OPENAI_API_VERSION": "2024-10-21"},
    ),
    Case(
        "azure v1",
        AzureV1,
        "  model: azure:gpt-4o\n  base_url: {url}/openai/v1\n",
        "openai",
        key="AZURE_OPENAI_API_KEY",
        environ={"OPENAI_API_VERSION": "2024-10-21"},
    ),
    Case(
        "bedrock",
        Bedrock,
        "  model: {provider: bedrock, name: 'amazon.nova-pro-v1:0', base_url: '{url}', region: REGION}\n",
        "boto3",
        key=_SECRET,
        environ=_AWS,
        cancel_closes=False,
        sees_cuts=False,
    ),
    Case(
        "bedrock in pieces",
        Bedrock,
        "  model: {provider: bedrock, name: 'anthropic.claude-sonnet-5-5', base_url: '{url}'}\n",
        "boto3",
        key=_SECRET,
        environ={**_AWS, "AWS_REGION": REGION},
        streams=True,
        cancel_closes=False,
    ),
    Case(
        "bedrock by a token",
        Bedrock,
        "  model: bedrock:amazon.nova-pro-v1:0\n  base_url: {url}\n",
        "boto3",
        key="AWS_BEARER_TOKEN_BEDROCK",
        environ={"AWS_DEFAULT_REGION": REGION},
        cancel_closes=False,
        sees_cuts=False,
        tls=True,
    ),
    Case("ollama", Ollama, "  model: ollama:llama3:8b\n  base_url: {url}\n", "openai", environ={"OLLAMA_API_KEY": KEY}),
    Case(
        "any other server",
        Chat,
        "  model: llama3:8b\n  base_url: {url}/v1\n  api_key_env: OWN_KEY\n",
        "openai",
        key="OWN_KEY",
    ),
]
