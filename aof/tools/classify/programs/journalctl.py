"""journalctl of systemd 252: https://www.freedesktop.org/software/systemd/man/latest/journalctl.html."""

from collections.abc import Iterator

from aof.domain.risk import Risk
from aof.tools.classify.table import Program, Walked, options, shape, verbs
from aof.tools.classify.verdict import Classified

_OTHER_TARGET = "only the journal of this machine is read; leave it out"

_OPTIONS = (
    options("-f --follow", refused="it has no end; leave it out and ask again")
    | options("-M --machine=", "-D --directory=", "--file=", "-i=", "--root=", "--image=", "--image-policy=",
        refused=_OTHER_TARGET)
    | options("--cursor-file=", refused="it writes a file; use --cursor")
    | options("--system", "--user", "-m --merge", "--namespace=", "-S --since=", "-U --until=", "-c --cursor=",
            "--after-cursor=")
    | options("-b --boot[#]", "-u --unit=", "--user-unit=", "-t --identifier=", "-T --exclude-identifier=",
            "-p --priority=")
    | options("--facility=", "-g --grep=", "--case-sensitive[=]", "-k --dmesg", "-o --output=", "--output-fields=")
    | options("-n --lines[#]", "-r --reverse", "--show-cursor", "--utc", "-x --catalog", "--no-hostname", "--no-full",
            "-l --full")
    | options("-a --all", "--no-tail", "--truncate-newline", "-q --quiet", "--no-pager", "-e --pager-end", "-h --help",
            "--version")
    | options("-N --fields", "--list-boots", "--list-invocations", "--list-namespaces", "--disk-usage", "--verify")
    | options("--list-catalog", "--dump-catalog", "--header", "-I", "--invocation=")
    | options("-F --field=", risk=Risk.SENSITIVE, why="command lines")
    | options("--rotate", "--flush", "--sync", "--relinquish-var", "--smart-relinquish-var", "--update-catalog",
        risk=Risk.WRITE)
    | options("--vacuum-size=", "--vacuum-files=", "--vacuum-time=", risk=Risk.DANGEROUS, why="deletes the journal")
    | options("--setup-keys", "--interval=", "--verify-key=", "--force", risk=Risk.DANGEROUS, why="keys")
)  # fmt: skip


def _judge(walked: Walked) -> Iterator[Classified]:
    if {"verbose", "export", "json", "json-pretty", "json-sse", "json-seq"} & set(walked.given("-o")):
        yield Classified(Risk.SENSITIVE, "all fields")


# FIELD=value, + between groups of them, or a number whose option stands before it
_NO_MATCH = shape(r"(?!_{0,2}[A-Z0-9_]+=|\+$|[+-]?\d+$|all$).*", Risk.WRITE, "not recognised")

JOURNALCTL = Program("journalctl", verbs(Risk.READ, "", options=_OPTIONS, shapes=[_NO_MATCH]), judge=_judge)
