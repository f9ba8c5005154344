"""systemctl of systemd 252: https://www.freedesktop.org/software/systemd/man/latest/systemctl.html."""

from aof.domain.risk import Risk
from aof.tools.classify.table import Program, options, shape, verbs

_OTHER_TARGET = "only units of this machine are looked at or changed; leave it out"

_GLOBAL = options(
    "-H --host=", "-M --machine=", "--root=", "--image=", "--image-policy=", refused=_OTHER_TARGET
) | options("--system", "--user", "-q --quiet", "--no-pager", "--no-ask-password", "-h --help", "--version")

_LOOK = options(
    "-t --type=", "--state=", "--failed", "-p --property=", "-P=", "-a --all", "-l --full", "-r --recursive",
    "--reverse", "--with-dependencies", "--show-types", "--value", "--legend=", "--no-legend", "-n --lines=",
    "-o --output=", "--plain", "--timestamp=", "--before", "--after", "--wait",
)  # fmt: skip
_CHANGE = (
    options(
        "--job-mode=", "-T --show-transaction", "--no-block", "--wait", "--no-reload", "--runtime", "--preset-mode="
    )
    | options(
        "--no-wall", "-s --signal=", "--kill-whom=", "--kill-who=", "--kill-value=", "--what=", "-t --type=", "--state="
    )
    | options("--dry-run", "--marked")
    | options("-a --all", "--global", risk=Risk.DANGEROUS, why="all of them")
    | options("-f --force", "-i", "--check-inhibitors=", risk=Risk.DANGEROUS, why="force")
)
_STARTS = _CHANGE | options("--now")
_STOPS = _CHANGE | options("--now", risk=Risk.DELETE, why="stops at once")

_MANY = shape(r".*[*?\[].*", Risk.DANGEROUS, "all that fit a pattern")
_FILE = shape(r".*/.*", Risk.DANGEROUS, "a unit from a file")
_CHANGED = [_MANY, _FILE]

_VERBS = (
    verbs(Risk.READ, "list-units", "list-automounts", "list-paths", "list-sockets", "list-timers", "list-jobs",
            "list-unit-files", "list-machines", "list-dependencies", "is-active", "is-failed", "is-enabled",
            "is-system-running", "status", "get-default", options=_LOOK)
    | verbs(Risk.SENSITIVE, "show", "cat", "show-environment", options=_LOOK)
    | verbs(Risk.WRITE, "start", "restart", "reload", "try-restart", "condrestart", "reload-or-restart",
            "try-reload-or-restart", "force-reload", "condreload", "reset-failed", "daemon-reload", "daemon-reexec",
            "cancel", "freeze", "thaw", "set-property", "unmask", "preset", "add-wants", "add-requires", "log-level",
            "log-target", "service-log-level", "service-log-target", "service-watchdogs",
            options=_CHANGE, shapes=_CHANGED)
    | verbs(Risk.WRITE, "enable", "reenable", options=_STARTS, shapes=_CHANGED)
    | verbs(Risk.WRITE, "disable", "mask", options=_STOPS, shapes=_CHANGED)
    | verbs(Risk.DELETE, "stop", "kill", "clean", "revert", options=_CHANGE, shapes=_CHANGED)
    | verbs(Risk.DANGEROUS, "isolate", "edit", "link", "bind", "mount-image", "preset-all", "set-default",
            "set-environment", "unset-environment", "import-environment", "default", "rescue", "emergency", "halt",
            "poweroff", "reboot", "kexec", "soft-reboot", "exit", "switch-root", "suspend", "hibernate",
            "hybrid-sleep", "suspend-then-hibernate", "sleep",
            options=_CHANGE)
)  # fmt: skip

SYSTEMCTL = Program("systemctl", _VERBS, _GLOBAL, permutes=True, bare=("list-units",))
