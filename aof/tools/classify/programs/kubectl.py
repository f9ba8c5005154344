"""kubectl 1.32: https://kubernetes.io/docs/reference/kubectl/generated/."""

from collections.abc import Iterator, Sequence

from aof.domain.risk import Risk
from aof.tools.classify.table import PassesOn, Program, Walked, options, verbs
from aof.tools.classify.verdict import Classified

PROTECTED = frozenset({"kube-system", "kube-public", "kube-node-lease"})

_HIDDEN = frozenset({"configmap", "configmaps", "cm"})

# Their specifications have no place for a secret. Of all others, those not known here included, one may hold it
_PLAIN_NAMES = """
    node nodes no namespace namespaces ns service services svc endpoints ep endpointslice endpointslices ingress
    ingresses ing event events ev persistentvolumeclaim persistentvolumeclaims pvc storageclass storageclasses sc
    horizontalpodautoscaler horizontalpodautoscalers hpa poddisruptionbudget poddisruptionbudgets pdb networkpolicy
    networkpolicies netpol resourcequota resourcequotas quota limitrange limitranges limits
"""
_PLAIN = frozenset(_PLAIN_NAMES.split())

_OTHER_TARGET = "the cluster and who asks it are set in the configuration; use --context"
_FOLLOWS = "it has no end; leave it out and ask again"
_FILES = "it reads files of this machine; name the objects"

_GLOBAL = (
    options(
        "--as=",
        "--as-group=",
        "--as-uid=",
        "--as-user-extra=",
        "--certificate-authority=",
        "--client-certificate=",
        "--client-key=",
        "--cluster=",
        "--insecure-skip-tls-verify",
        "--kubeconfig=",
        "--kuberc=",
        "--password=",
        "-s --server=",
        "--tls-server-name=",
        "--token=",
        "--user=",
        "--username=",
        refused=_OTHER_TARGET,
    )
    | options("-n --namespace=", place=True)
    | options("--context=", "--request-timeout=", "--log-flush-frequency=", "--vmodule=")
    | options("--disable-compression", "--match-server-version", "--warnings-as-errors", "-h --help")
    | options("--cache-dir=", "--profile=", "--profile-output=", risk=Risk.WRITE, why="writes files")
    | options("-v --v=", risk=Risk.SENSITIVE, why="prints requests and answers")
)

_SELECT = options("-l --selector=", "--field-selector=", "--chunk-size=")
_EVERYWHERE = options("-A --all-namespaces", "--all")
_OUTPUT = options("-o --output=", only=("json", "yaml", "wide", "name"))
_NO_FILES = options("-f --filename=", "-k --kustomize=", "-R --recursive", refused=_FILES)
_NO_WATCH = options("-w --watch", "--watch-only", "--output-watch-events", refused=_FOLLOWS)
_PLAIN_TABLE = options("--no-headers", "--sort-by=")

_GET = (
    _SELECT
    | _OUTPUT
    | _EVERYWHERE
    | _NO_FILES
    | _NO_WATCH
    | _PLAIN_TABLE
    | options("-L --label-columns=", "--show-labels", "--show-kind", "--ignore-not-found", "--server-print")
    | options("--show-managed-fields", "--allow-missing-template-keys")
    | options("--raw=", refused="it asks any address of the server; name the objects")
    | options("--template=", refused="write -o json, yaml, wide or name")
)
_LOGS = _SELECT | options(
    "--all-containers", "--all-pods", "-c --container=", "--ignore-errors", "--limit-bytes=", "--max-log-requests=",
    "--pod-running-timeout=", "--prefix", "-p --previous", "--since=", "--since-time=", "--tail=", "--timestamps",
) | options("-f --follow", refused=_FOLLOWS) | options("--insecure-skip-tls-verify-backend",
    refused=_OTHER_TARGET)  # fmt: skip

_CHANGE = (
    _SELECT
    | _OUTPUT
    | options("-A --all-namespaces", "--all", risk=Risk.DANGEROUS, why="all of them")
    | options("--force", "--force-conflicts", risk=Risk.DANGEROUS, why="force")
    | options(
        "-f --filename=",
        "-k --kustomize=",
        "-R --recursive",
        "--dry-run[=]",
        "--field-manager=",
        "--local",
        "--timeout=",
    )
    | options("--record", "--show-managed-fields", "--overwrite", "--resource-version=", "--wait", "--save-config")
    | options(
        "--cascade[=]", "--server-side", "--validate[=]", "--ignore-not-found", "--now", "--list", "--to-revision="
    )
    | options("--raw=", refused="it calls any address of the server; name the objects")
    | options("--prune", "--prune-allowlist=", risk=Risk.DELETE, why="prune")
)
_SCALE = _CHANGE | options("--replicas=", "--current-replicas=", "--min=", "--max=", "--cpu-percent=", "--name=")
_PATCH = _CHANGE | options("-p --patch=", "--type=", "--subresource=", "--patch-file=")
_SET = _CHANGE | options(
    "-e --env=", "-c --containers=", "--from=", "--keys=", "--prefix=", "--resolve", "--limits=", "--requests="
)
_CREATE = _CHANGE | options(
    "--image=", "--from-literal=", "--from-file=", "--from-env-file=", "--replicas=", "-r", "--port=",
    "--target-port=", "--tcp=", "--schedule=", "--name=", "--type=", "--protocol=", "--labels=", "--class=", "--rule=",
    "--from=", "--restart=",
)  # fmt: skip
_RUN = (
    _CHANGE
    | options(
        "--image=",
        "--restart=",
        "--port=",
        "--env=",
        "--labels=",
        "--annotations=",
        "--image-pull-policy=",
        "-q --quiet",
    )
    | options("--privileged", "--overrides=", "--override-type=", risk=Risk.DANGEROUS, why="privilege")
    | options("-i --stdin", "-t --tty", "--attach", "--command", "--rm", risk=Risk.DANGEROUS, why="runs a command")
)
_DRAIN = (
    _CHANGE
    | options("--ignore-daemonsets", "--grace-period=", "--pod-selector=", "--skip-wait-for-delete-timeout=")
    | options("--delete-emptydir-data", "--delete-local-data", risk=Risk.DELETE, why="deletes the pods' files")
    | options("--disable-eviction", risk=Risk.DANGEROUS, why="force")
)
_DELETE = _CHANGE | options("--grace-period=", "-i --interactive")

_DASHES = PassesOn.AFTER_DASHES

_VERBS = (
    verbs(Risk.READ, "get", options=_GET)
    | verbs(Risk.READ, "describe", options=_SELECT | _EVERYWHERE | _NO_FILES | options("--show-events"))
    | verbs(Risk.READ, "logs", options=_LOGS)
    | verbs(Risk.READ, "top", options=_SELECT | _EVERYWHERE | _PLAIN_TABLE
            | options("--containers", "--sum", "--use-protocol-buffers", "--show-capacity", "--show-swap"))
    | verbs(Risk.READ, "explain", options=options("--api-version=", "--recursive")
            | options("-o --output=", only=("plaintext", "plaintext-openapiv2")))
    | verbs(Risk.READ, "events", options=_SELECT | _EVERYWHERE | _OUTPUT | _NO_WATCH | _PLAIN_TABLE
            | options("--for=", "--types="))
    | verbs(Risk.READ, "rollout status", options=_SELECT | _NO_FILES | options("--revision=", "--timeout=",
            "-w --watch"))
    | verbs(Risk.READ, "rollout history", options=_SELECT | _NO_FILES | _OUTPUT | options("--revision="))
    | verbs(Risk.READ, "wait", options=_SELECT | _EVERYWHERE | _OUTPUT | _NO_FILES | options("--for=", "--timeout=",
            "--local"))
    | verbs(Risk.READ, "version", "cluster-info", options=_OUTPUT | options("--client"))
    | verbs(Risk.READ, "api-versions", "options", "help")
    | verbs(Risk.READ, "api-resources", options=_OUTPUT | _PLAIN_TABLE
            | options("--api-group=", "--namespaced", "--verbs=", "--categories=", "--cached"))
    | verbs(Risk.READ, "auth can-i", "auth whoami", options=_OUTPUT | options("-A --all-namespaces", "--list",
            "-q --quiet", "--no-headers", "--subresource="))
    | verbs(Risk.READ, "config current-context", "config get-contexts", "config get-clusters", "config get-users",
            options=_OUTPUT | options("--no-headers"))
    | verbs(Risk.SENSITIVE, "config view", options=_OUTPUT | options("--minify", "--merge")
            | options("--raw", "--flatten", risk=Risk.DANGEROUS, why="credentials")
            | options("--template=", refused="write -o json or yaml"))
    | verbs(Risk.SENSITIVE, "cluster-info dump", options=_OUTPUT | _EVERYWHERE | options("--namespaces=")
            | options("--output-directory=", risk=Risk.WRITE, why="writes files"))
    | verbs(Risk.SENSITIVE, "apply view-last-applied", options=_OUTPUT | _SELECT | options("--all") | _NO_FILES)
    | verbs(Risk.WRITE, "apply", "apply set-last-applied", "apply edit-last-applied", "edit", "replace",
            "rollout restart", "rollout undo", "rollout pause", "rollout resume", "cordon", "uncordon", "taint",
            "label", "annotate", "diff", "certificate deny", "config use-context", "config rename-context",
            "config unset", options=_CHANGE)
    | verbs(Risk.WRITE, "patch", options=_PATCH)
    | verbs(Risk.WRITE, "set", options=_SET)
    | verbs(Risk.WRITE, "scale", "autoscale", options=_SCALE)
    | verbs(Risk.WRITE, "create", "expose", options=_CREATE, passes_on=_DASHES)
    | verbs(Risk.WRITE, "run", options=_RUN, passes_on=_DASHES)
    | verbs(Risk.WRITE, "drain", options=_DRAIN)
    | verbs(Risk.DELETE, "delete", options=_DELETE)
    | verbs(Risk.DELETE, "config delete-context", "config delete-cluster", "config delete-user")
    | verbs(Risk.DANGEROUS, "exec", "cp", "attach", "debug", options=options("-c --container=", "-i --stdin",
            "-t --tty"),
            passes_on=_DASHES)
    | verbs(Risk.DANGEROUS, "port-forward", "proxy", "kustomize", "auth reconcile", "certificate approve")
    | verbs(Risk.DANGEROUS, "create token", "create role", "create clusterrole", "create rolebinding",
            "create clusterrolebinding", "set subject", "set serviceaccount", "set sa", options=_CREATE)
    | verbs(Risk.DANGEROUS, "config set", "config set-context", "config set-cluster", "config set-credentials")
)  # fmt: skip


def _judge(walked: Walked) -> Iterator[Classified]:
    first, *objects = walked.words or ("",)
    if first in {"get", "describe", "events"}:
        kinds = list(_kinds(objects))
        for kind in kinds:
            if "secret" in kind or kind in _HIDDEN:
                yield Classified(Risk.SENSITIVE, kind)
        if first == "get" and {"json", "yaml"} & set(walked.given("-o")) and not set(kinds) <= _PLAIN:
            yield Classified(Risk.SENSITIVE, "whole objects")
    if walked.words[:2] == ("rollout", "history") and {"json", "yaml"} & set(walked.given("-o")):
        yield Classified(Risk.SENSITIVE, "whole objects")
    if "0" in walked.given("--grace-period"):
        yield Classified(Risk.DANGEROUS, "force")


def _kinds(operands: Sequence[str]) -> Iterator[str]:
    """The kinds of `pods,secrets x`, `secrets.v1. x` and `pod/a secret/b`, in small letters."""
    for at, operand in enumerate(operands):
        for part in operand.split(","):
            kind, has_name, _ = part.partition("/")
            if at == 0 or has_name:
                yield kind.partition(".")[0].lower()


KUBECTL = Program("kubectl", _VERBS, _GLOBAL, protected=PROTECTED, judge=_judge)
