"""terraform 1.9: https://developer.hashicorp.com/terraform/cli/commands. It reads -x and --x alike."""

from aof.domain.risk import Risk
from aof.tools.classify.table import Program, options, shape, verbs

_GLOBAL = (
    options("-chdir=", refused="the directory is set in the configuration; leave it out")
    | options("-help", "-h", "-version", "-v", "-no-color")
    | options("-auto-approve", risk=Risk.DANGEROUS, why="-auto-approve")
    | options("-force", "-force-copy", risk=Risk.DANGEROUS, why="force")
)

_STATE = options(
    "-state=", "-state-out=", "-backup=", refused="where the state is kept is set in the configuration; leave it out"
)
_PLAN = _STATE | (
    options(
        "-target=", "-replace=", "-refresh[=]", "-refresh-only", "-input[=]", "-compact-warnings", "-detailed-exitcode"
    )
    | options("-lock-timeout=", "-parallelism=", "-var=", "-json")
    | options("-var-file=", risk=Risk.SENSITIVE, why="reads files")
    | options("-lock[=]", risk=Risk.WRITE, why="without the lock")
    | options("-out=", "-generate-config-out=", risk=Risk.WRITE, why="writes a file")
)
_APPLY = (
    _PLAN | options("-destroy", risk=Risk.DELETE, why="destroy") | options("-upgrade", "-reconfigure", "-backend[=]")
)
_CLEAR = options("-json", "-raw", risk=Risk.SENSITIVE, why="values in the clear")
_ANY = shape(r".*", Risk.SENSITIVE, "values in the clear")

_VERBS = (
    verbs(Risk.READ, "plan", options=_PLAN | options("-destroy"))
    | verbs(Risk.READ, "show", options=_STATE | _CLEAR)
    | verbs(Risk.READ, "output", options=_STATE | _CLEAR, shapes=[_ANY])
    | verbs(Risk.READ, "validate", "version", "providers", "graph", "modules", "metadata functions",
            options=options("-json", "-type=", "-draw-cycles"))
    | verbs(Risk.READ, "state list", "state show", options=_STATE | options("-id="))
    | verbs(Risk.READ, "workspace list", "workspace show")
    | verbs(Risk.SENSITIVE, "state pull")
    | verbs(Risk.WRITE, "apply", "import", "refresh", "init", "get", "fmt", "taint", "untaint", "test", "state mv",
            "state replace-provider", "state identities", "workspace new", "workspace select", "providers lock",
            "providers mirror", "logout", options=_APPLY)
    | verbs(Risk.DELETE, "destroy", "state rm", "workspace delete", options=_APPLY)
    | verbs(Risk.DANGEROUS, "console", "force-unlock", "login", "state push")
)  # fmt: skip

TERRAFORM = Program("terraform", _VERBS, _GLOBAL, has_words_for_options=True)
