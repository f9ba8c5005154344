"""helm 3 and 4: https://helm.sh/docs/helm/helm/."""

from collections.abc import Iterator

from aof.domain.risk import Risk
from aof.tools.classify.programs.kubectl import PROTECTED
from aof.tools.classify.table import Program, Walked, options, shape, verbs
from aof.tools.classify.verdict import Classified

_OTHER_TARGET = "the cluster and who asks it are set in the configuration; use --kube-context"

_GLOBAL = (
    options(
        "--kubeconfig=",
        "--kube-apiserver=",
        "--kube-as-group=",
        "--kube-as-user=",
        "--kube-ca-file=",
        "--kube-insecure-skip-tls-verify",
        "--kube-tls-server-name=",
        "--kube-token=",
        "--registry-config=",
        "--repository-cache=",
        "--repository-config=",
        "--content-cache=",
        refused=_OTHER_TARGET,
    )
    | options("--post-renderer=", "--post-renderer-args=", refused="it starts another program")
    | options("-n --namespace=", place=True)
    | options("--kube-context=", "--burst-limit=", "--qps=", "--color=", "--colour=", "-h --help", "--debug")
)

_OUTPUT = options("-o --output=", only=("table", "json", "yaml"))
_RELEASE = options("--revision=")
_CHART = options("--version=", "--devel", "--verify", "--repo=")

_LIST = _OUTPUT | options(
    "-a --all", "-A --all-namespaces", "-d --date", "--deployed", "--failed", "-f --filter=", "-m --max=",
    "--no-headers", "--offset=", "--pending", "-r --reverse", "-l --selector=", "-q --short", "--superseded",
    "--time-format=", "--uninstalled", "--uninstalling",
)  # fmt: skip

_CHANGE = (
    _OUTPUT
    | _CHART
    | options("-f --values=", "--set=", "--set-string=", "--set-json=", "--set-literal=", "--wait[=]",
            "--wait-for-jobs")
    | options("--timeout=", "--dry-run[=]", "--atomic", "--rollback-on-failure", "-i --install", "--reuse-values")
    | options("--reset-values", "--reset-then-reuse-values", "--create-namespace", "--history-max=",
            "--cleanup-on-fail")
    | options("--description=", "--no-hooks", "--keep-history", "--cascade=", "-g --generate-name", "--replace",
            "-l --labels=")
    | options("--dependency-update", "--skip-crds", "--ignore-not-found", "--recreate-pods", "--render-subchart-notes")
    | options("--force", "--force-replace", "--force-conflicts", "--take-ownership", risk=Risk.DANGEROUS, why="force")
    | options("--insecure-skip-tls-verify", "--plain-http", "--disable-openapi-validation",
        risk=Risk.DANGEROUS, why="unchecked")
    | options("--username=", "--password=", "--pass-credentials", "--key-file=", "--cert-file=", "--ca-file=",
              risk=Risk.DANGEROUS, why="credentials")
    | options("--set-file=", risk=Risk.DANGEROUS, why="sends on a file")
)  # fmt: skip

_VERBS = (
    verbs(Risk.READ, "list", "ls", options=_LIST)
    | verbs(Risk.READ, "status", options=_OUTPUT | _RELEASE | options("--show-desc", "--show-resources"))
    | verbs(Risk.READ, "history", "hist", options=_OUTPUT | options("--max="))
    | verbs(Risk.READ, "get notes", "get metadata", options=_OUTPUT | _RELEASE)
    | verbs(Risk.READ, "search repo", "search", options=_OUTPUT | _CHART
            | options("-r --regexp", "-l --versions", "--max-col-width=", "--fail-on-no-result"))
    | verbs(Risk.SENSITIVE, "search hub", options=_OUTPUT | options("--list-repo-url", "--max-col-width="))
    | verbs(Risk.READ, "show", "inspect", options=_CHART,
            shapes=[shape(r".*://.*", Risk.SENSITIVE, "fetches an address"), shape(r"[/.~].*",
            Risk.SENSITIVE, "reads files")])
    | verbs(Risk.READ, "repo list", "repo ls", "plugin list", "plugin ls", "dependency list", "dep list",
        options=_OUTPUT)
    | verbs(Risk.READ, "version", "help", options=options("--short"))
    | verbs(Risk.SENSITIVE, "get values", "get manifest", "get all", "get hooks", "env",
            options=_OUTPUT | _RELEASE | options("-a --all"))
    | verbs(Risk.WRITE, "install", "upgrade", "rollback", "repo add", "repo update", "repo up", "dependency update",
            "dependency build", "dep update", "dep build", "pull", "push", "package", "create", "test", "template",
            "lint", "registry logout", options=_CHANGE)
    | verbs(Risk.DELETE, "uninstall", "delete", "del", "un", options=_CHANGE)
    | verbs(Risk.DELETE, "repo remove", "repo rm", "plugin uninstall", "plugin remove", "plugin rm")
    | verbs(Risk.DANGEROUS, "registry login", "plugin install", "plugin add", "plugin update", "plugin up")
)  # fmt: skip


def _judge(walked: Walked) -> Iterator[Classified]:
    if walked.words[:1] == ("status",) and {"json", "yaml"} & set(walked.given("-o")):
        yield Classified(Risk.SENSITIVE, "values and manifest")


HELM = Program("helm", _VERBS, _GLOBAL, protected=PROTECTED, judge=_judge)
