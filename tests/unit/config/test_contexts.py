"""Context documents: what is read, what narrows rights and is refused by name, and what else is wrong."""

from pathlib import Path

import pytest

from aof.config.context import ContextFile
from aof.domain.risk import Risk

HEAD = "kind: Context\nmetadata: {name: quay}\nspec:\n"
"""Three lines: what a test adds begins on line 4."""

WHOLE = """\
apiVersion: aof.dev/v1
kind: Context
metadata: {name: north-quay, description: Where the cranes are}
spec:
  display: {name: North quay, emoji: "🏗️"}
  kubeconfig: ${QUAY_KUBECONFIG:-kube/quay}
  namespace: cranes
  clusterName: quay-1
  working_dir: /srv
  env: {REGION: north, PLACE: "${HOME_PORT}"}
  connection:
    kubecontext: quay-admin
    namespace: cranes
    aws-profile: ops
    aws_region: eu-central-1
    prometheus_url: https://prometheus.example/${REGION}
  agent: {ref: dockhand}
  tools: [kubectl]
  approval:
    required: true
    require_for: ['rollout (restart|undo)', '^helm ']
    timeout_seconds: 600
    allow_self_approval: [write]
    min_approvers: 2
  approval_allowed_users: ["@on-call", "telegram:55501"]
  platform_policies:
    telegram:
      allowed_classes: [Read, sensitive]
      approval_classes: [write]
      blocked_classes: [delete, dangerous]
      approval_timeout_minutes: 10
      blocked_message: Ask the crane office on line 4.
  safety: {require_confirmation_for_namespace: [cranes]}
  security:
    allowed_commands: [kubectl get]
    blocked_commands: [kubectl delete]
    allowed_namespaces: [cranes]
    readonly_mode: yes
"""


def _read(reads, text: str, **environ: str) -> ContextFile:
    files = reads(text, environ=environ)
    files.raise_errors()
    (context,) = files.contexts
    return context


def test_a_context_holds_its_targets_and_its_rights(reads, tmp_path: Path):
    context = _read(reads, WHOLE, HOME_PORT="Bremen")
    spec = context.spec
    assert (context.name, context.description, context.title) == (
        "north-quay", "Where the cranes are", "🏗️ North quay",
    )  # fmt: skip
    assert (context.file, context.line) == ("crew/a.yaml", 1)
    assert (context.kubeconfig, spec.working_dir) == (tmp_path / "crew" / "kube" / "quay", Path("/srv"))
    assert (context.namespace, spec.cluster, spec.connection.kubecontext) == ("cranes", "quay-1", "quay-admin")
    assert (spec.connection.aws_profile, spec.connection.aws_region) == ("ops", "eu-central-1")
    assert spec.connection.urls == {"prometheus": "https://prometheus.example/north"}
    assert context.environment == {
        "AOF_CONTEXT": "north-quay",
        "AOF_NAMESPACE": "cranes",
        "AOF_CLUSTER": "quay-1",
        "REGION": "north",
        "PLACE": "Bremen",
    }
    assert context.agent == "dockhand"
    assert context.approvers == ("@on-call", "telegram:55501")
    approval = spec.approval
    assert (approval.required, approval.require_for) == (True, ("rollout (restart|undo)", "^helm "))
    assert (approval.timeout_seconds, approval.min_approvers) == (600, 2)
    assert approval.self_approval == {Risk.WRITE}
    policy = spec.platform_policies["telegram"]
    assert policy.allowed_classes == (Risk.READ, Risk.SENSITIVE)
    assert (policy.approval_classes, policy.blocked_classes) == ((Risk.WRITE,), (Risk.DELETE, Risk.DANGEROUS))
    assert (policy.approval_timeout_minutes, policy.blocked_message) == (10, "Ask the crane office on line 4.")
    assert spec.safety.require_confirmation_for_namespace == ("cranes",)
    security = spec.security
    assert (security.allowed_commands, security.blocked_commands) == (("kubectl get",), ("kubectl delete",))
    assert (security.allowed_namespaces, security.readonly_mode) == (("cranes",), True)


def test_a_context_that_says_nothing_leaves_all_to_others(reads):
    context = _read(reads, "kind: Context\nmetadata: {name: bare}\n")
    assert (context.title, context.agent, context.kubeconfig, context.namespace) == ("bare", None, None, None)
    assert context.approvers is None
    approval = context.spec.approval
    assert (approval.required, approval.require_for, approval.timeout_seconds) == (False, None, None)
    assert (approval.self_approval, approval.min_approvers) == (None, None)
    assert context.spec.security.allowed_commands is None
    assert context.environment == {"AOF_CONTEXT": "bare"}


def test_the_home_directory_is_found_by_its_sign(reads, monkeypatch):
    monkeypatch.setenv("HOME", "/home/amina")
    assert _read(reads, HEAD + "  kubeconfig: ~/.kube/quay\n").kubeconfig == Path("/home/amina/.kube/quay")


def test_the_environment_wins_over_what_a_context_brings(reads):
    text = HEAD + "  env: {REGION: north, AGAIN: '${REGION}'}\n  cluster: quay-${REGION}\n"
    assert _read(reads, text).spec.cluster == "quay-north"
    context = _read(reads, text, REGION="south")
    assert (context.spec.cluster, context.spec.env["AGAIN"]) == ("quay-south", "south")


@pytest.mark.parametrize("agent", ["agent: dockhand", "agent: {ref: dockhand}", "default_agent: dockhand"])
def test_the_agent_of_a_context_is_one_that_has_to_be_there(reads, agent):
    files = reads(f"{HEAD}  {agent}\n")
    (reference,) = files.references[1:]  # the first is the default agent of the daemon
    assert (reference.agent, reference.file, reference.line) == ("dockhand", "crew/a.yaml", 4)
    assert files.contexts[0].agent == "dockhand"


def test_a_list_that_variables_emptied_lets_nothing_in(reads):
    files = reads(HEAD + "  security: {allowed_commands: ['${A}'], allowed_namespaces: ['${B}', x]}\n")
    files.raise_errors()
    security = files.contexts[0].spec.security
    assert (security.allowed_commands, security.allowed_namespaces) == ((), ("x",))
    assert len(files.warnings) == 2


@pytest.mark.parametrize(
    ("added", "place"),
    [
        ("limits: {max_concurrent: 2}", "limits"),
        ("audit: {enabled: true}", "audit"),
        ("secrets: []", "secrets"),
        ("notifications: {}", "notifications"),
        ("safety: {max_resources_per_operation: 5}", "safety.max_resources_per_operation"),
        ("safety: {auditAllOperations: true}", "safety.audit_all_operations"),
        ("connection: {database: x}", "connection.database"),
    ],
)
def test_what_would_narrow_rights_and_is_not_built_is_refused_by_name(problems_beside, added, place):
    assert problems_beside(f"{HEAD}  {added}\n") == [f"crew/a.yaml:4: spec.{place}: is not supported yet. Remove it."]


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("namespac: x", 'namespac: there is no such key. Did you mean "namespace"?'),
        ("namespace: ${NOWHERE}", "namespace: NOWHERE is not set. Export it, or write ${NOWHERE:-a default}."),
        ("kubeconfig: ${NOWHERE}", "kubeconfig: NOWHERE is not set. Export it, or write ${NOWHERE:-a default}."),
        ("namespace: --all", r"namespace: is not written as it has to be. It has to match ^[^\s-][^\s]*$"),
        ("namespace: a b", r"namespace: is not written as it has to be. It has to match ^[^\s-][^\s]*$"),
        ("namespace: ''", "namespace: is empty. Give it a value, or remove the key."),
        ("cluster: a\n  cluster_name: b", None),
        ("namespace: a\n  connection: {namespace: b}", None),
        (
            "connection: {prometheus_url: 'ftp://x'}",
            (
                "connection.prometheus_url: is not written as it has to be. "
                r"It has to match ^https?://[^\s/@]+(/\S*)?$"
            ),
        ),
        ("connection: {kubecontex: x}", 'connection.kubecontex: there is no such key. Did you mean "kubecontext"?'),
        ("approval: {require_for: ['(']}", None),
        (
            "approval: {require_for: ['helm ${X}']}",
            "approval.require_for[0]: X is not set. Export it, or write ${X:-a default}.",
        ),
        ("approval: {enabled: yes}", "approval.enabled: is not supported yet. Write required: and true or false."),
        (
            "approval: {required_for: [delete]}",
            "approval.required_for: is not supported yet. Write require_for: and patterns of commands.",
        ),
        ("approval: {min_approvers: 0}", "approval.min_approvers: is too small. Write 1 or more."),
        ("approval: {allowed_users: ['email:a@b']}", None),
        (
            "approval: {allowed_users: [A]}\n  approval_allowed_users: [B]",
            None,
        ),
        (
            "platform_policies: {telegrm: {}}",
            'platform_policies.telegrm: there is no such key. Did you mean "telegram"?',
        ),
        (
            "platform_policies: {whatsapp: {allowed_classes: [reed]}}",
            (
                "platform_policies.whatsapp.allowed_classes[0]: "
                'wants one of read, sensitive, write, delete, dangerous. Did you mean "read"?'
            ),
        ),
        (
            "security: {blocked_commands: ['${X}']}",
            "security.blocked_commands[0]: X is not set. Export it, or write ${X:-a default}.",
        ),
        ("security: {readonly: yes}", 'security.readonly: there is no such key. Did you mean "readonly_mode"?'),
        ("agent: crew/x.yaml", "agent: names a file. Write the name of the agent in it."),
    ],
)
def test_what_is_wrong_with_a_context_is_told(problems_beside, added, said):
    told = problems_beside(f"{HEAD}  {added}\n")
    assert len(told) == 1
    assert said is None or told == [f"crew/a.yaml:4: spec.{said}"]


@pytest.mark.parametrize(
    ("added", "said"),
    [
        (
            "  cluster: a\n  cluster_name: b\n",
            "5: spec.cluster: cluster_name is the same key as cluster on line 4. Keep one of them.",
        ),
        (
            "  namespace: a\n  connection: {namespace: b}\n",
            "3: spec: namespace and connection.namespace name two different ones. Keep one of them.",
        ),
        (
            "  approval: {allowed_users: [A]}\n  approval_allowed_users: [B]\n",
            "3: spec: approval.allowed_users and approval_allowed_users both say who. Keep one of them.",
        ),
        (
            "  approval: {require_for: ['(']}\n",
            ("4: spec.approval.require_for[0]: is no regular expression (missing ) at position 1). Mend it."),
        ),
        ("metadata: {}\n", "4: metadata: is given twice, first on line 2. Keep one of them."),
    ],
)
def test_what_contradicts_itself_in_a_context_is_told(problems_beside, added, said):
    assert problems_beside(HEAD + added) == [f"crew/a.yaml:{said}"]


def test_an_entry_of_its_environment_without_its_variable_is_left_out(reads):
    files = reads(HEAD + "  env: {A: '${NOWHERE}', B: b}\n")
    assert files.contexts[0].spec.env == {"B": "b"}
    assert [str(warning) for warning in files.warnings] == [
        "crew/a.yaml:4: spec.env.A: NOWHERE is not set, so this entry is left out. Export it, or remove the entry."
    ]
