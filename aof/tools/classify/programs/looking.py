"""Small programs that look at a machine and its network, of Debian 12 and its neighbours."""

import re
from collections.abc import Iterator

from aof.domain.risk import Risk
from aof.tools.classify.table import Program, Walked, options, shape, verbs
from aof.tools.classify.verdict import Classified, refusal

_NO_END = "it has no end; leave it out and ask again"
_FILES = "it reads a file; leave it out"

SS = Program(
    "ss",
    verbs(
        Risk.READ,
        "",
        options=options(
            "-h --help", "-V --version", "-n --numeric", "-r --resolve", "-a --all", "-l --listening",
            "-B --bound-inactive", "-o --options", "-e --extended", "-m --memory", "-p --processes", "-T --threads",
            "-i --info", "--tipcinfo", "-s --summary", "--tos", "--cgroup", "-b --bpf", "-Z --context",
            "-z --contexts", "-N --net=", "-4 --ipv4", "-6 --ipv6", "-0 --packet", "-t --tcp", "-M --mptcp",
            "-S --sctp", "-u --udp", "-d --dccp", "-w --raw", "-x --unix", "--tipc", "--vsock", "--xdp",
            "-f --family=", "-H --no-header", "-O --oneline", "--inet-sockopt", "-A --query=", "--socket=",
        )
        | options("-K --kill", risk=Risk.DANGEROUS, why="closes connections")
        | options("-E --events", refused=_NO_END)
        | options("-F --filter=", refused=_FILES)
        | options("-D --diag=", refused="it writes a file; leave it out"),
    ),
)  # fmt: skip

_IP_OBJECTS = (
    "address", "link", "route", "rule", "neighbour", "neighbor", "maddress", "mroute", "mrule", "netns", "nexthop",
    "ntable", "tunnel", "tuntap", "addrlabel", "token", "vrf", "netconf", "tcp_metrics", "tcpmetrics",
)  # fmt: skip

# Keys, tunnels and programs in the kernel
_IP_GRAVE = ("xfrm", "macsec", "fou", "ila", "ioam", "sr")

IP = Program(
    "ip",
    verbs(Risk.READ, *_IP_OBJECTS, shapes=[shape(r".*", Risk.WRITE, "not recognised")])
    | verbs(Risk.READ, *(f"{name} {verb}" for name in _IP_OBJECTS for verb in ("show", "list", "lst", "help")),
            "route get", "help", "netns identify", "netns pids", "vrf identify", "vrf pids")
    | verbs(Risk.WRITE, "* add", "* set", "* change", "* chg", "* replace", "* append", "* prepend", "* restore",
            "* attach", "* save", "* property", "* afstats", "* monitor")
    | verbs(Risk.DELETE, "* delete", "* flush")
    | verbs(Risk.DANGEROUS, "* exec", *_IP_GRAVE, *(f"{name} *" for name in _IP_GRAVE)),
    options(
        "-s", "-stats", "-statistics", "-d", "-details", "-r", "-resolve", "-h", "-human", "-human-readable", "-iec",
        "-j", "-json", "-p", "-pretty", "-f=", "-family=", "-4", "-6", "-M", "-B", "-0", "-br", "-brief", "-o",
        "-oneline", "-t", "-timestamp", "-ts", "-tshort", "-n=", "-netns=", "-N", "-Numeric", "-c", "-color", "-V",
        "-Version",
    )
    | options("-a", "-all", "-l=", "-loops=", "-rc=", "-rcvbuf=", "-force", risk=Risk.DANGEROUS)
    | options("-b=", "-batch=", refused="it reads commands from a file; leave it out"),
    has_words_for_options=True,
    abbreviates=True,
)  # fmt: skip

DF = Program(
    "df",
    verbs(Risk.READ, "", options=options(
        "-a --all", "-B --block-size=", "-h --human-readable", "-H --si", "-i --inodes", "-k", "-m", "-l --local",
        "--no-sync", "--output[=]", "-P --portability", "--sync", "--total", "-t --type=", "-T --print-type",
        "-x --exclude-type=", "-v", "--help", "--version",
    )),
)  # fmt: skip

DU = Program(
    "du",
    verbs(Risk.READ, "", options=options(
        "-0 --null", "-a --all", "--apparent-size", "-B --block-size=", "-b --bytes", "-c --total",
        "-D --dereference-args", "-d --max-depth=", "-H", "-h --human-readable", "--inodes", "-k", "-L --dereference",
        "-l --count-links", "-m", "-P --no-dereference", "-S --separate-dirs", "--si", "-s --summarize",
        "-t --threshold=", "--time[=]", "--time-style=", "--exclude=", "-x --one-file-system", "--help", "--version",
    ) | options("--files0-from=", "-X --exclude-from=", refused=_FILES)),
)  # fmt: skip

FREE = Program(
    "free",
    verbs(Risk.READ, "", options=options(
        "-b --bytes", "--kilo", "--mega", "--giga", "--tera", "--peta", "-k --kibi", "-m --mebi", "-g --gibi",
        "--tebi", "--pebi", "-h --human", "--si", "-l --lohi", "-t --total", "-v --committed", "-w --wide",
        "-L --line", "--help", "-V --version",
    ) | options("-s --seconds=", "-c --count=", refused="it repeats; leave it out and ask again")),
)  # fmt: skip

UPTIME = Program(
    "uptime",
    verbs(
        Risk.READ,
        "",
        options=options("-p --pretty", "-h --help", "-s --since", "-V --version", "-r --raw", "-c --container"),
    ),
)


# With a file, or two words, it reads what the words name
WHO = Program(
    "who",
    verbs(
        Risk.READ,
        "",
        options=options(
            "-a --all", "-b --boot", "-H --heading", "-q --count", "-r --runlevel", "-u --users", "--version"
        ),
        shapes=[shape(r".*", Risk.WRITE, "reads another file")],
    ),
)


def _ps(walked: Walked) -> Iterator[Classified]:
    """`ps axe` shows variables. `ps -axe` too: what ps can't read with the dash it reads once more without."""
    letters = {option.names[0] for option, _ in walked.values if len(option.names[0]) == 2}
    may_fail = any(option.names[0] in _PS_VALUES for option, _ in walked.values)
    shows = any(re.fullmatch(r"[a-zA-Z]*e[a-zA-Z]*", word) for word in walked.words)
    names = any("env" in word.lower() for word in (*walked.words, *(value for _, value in walked.values)))
    if shows or names or ("-e" in letters and (may_fail or walked.words)):
        yield Classified(Risk.SENSITIVE, "variables of programs")


# With a value that can't be read; without the dash they are other options
_PS_VALUES = {"-C", "-G", "-g", "-q", "-s", "-t", "-u", "-U"}

PS = Program(
    "ps",
    verbs(Risk.READ, "", options=options(
        "-A", "-e", "-a", "-d", "-N --deselect", "-F", "-f", "-H", "-j", "-l", "-M", "-P", "-y", "-c", "-L", "-m",
        "-T", "-w", "-V --version", "--forest", "--context", "--headers", "--no-headers", "--cumulative", "--help[=]",
        "--info", "-C=", "-G --Group=", "-g --group=", "-p --pid=", "--ppid=", "-q --quick-pid=", "-s --sid=",
        "-t --tty=", "-u --user=", "-U --User=", "-O=", "-o --format=", "--sort=", "--cols=", "--columns=", "--width=",
        "--rows=", "--lines=",
    )),
    judge=_ps,
)  # fmt: skip

DIG = Program(
    "dig",
    verbs(Risk.SENSITIVE, "", options=options(
        "-4", "-6", "-b=", "-c=", "-h", "-i", "-m", "-p=", "-q=", "-r", "-t=", "-u", "-v", "-x=",
    ) | options("-f=", refused=_FILES) | options("-k=", "-y=",
    refused="keys are set in the configuration; leave it out"),
        shapes=[shape(r".*", Risk.SENSITIVE, "asks others")]),
)  # fmt: skip


def _ping(walked: Walked) -> Iterator[Classified]:
    if not walked.given("-c") and walked.words:
        yield refusal("ping", "without a count it has no end; write ping -c 4 and the name")


PING = Program(
    "ping",
    verbs(Risk.SENSITIVE, "", options=options(
        "-4", "-6", "-c=", "-i=", "-W=", "-w=", "-n", "-q", "-D", "-t=", "-s=", "-h", "-V", "-v", "-O", "-H",
    ) | options("-f", "-b", "-l=", "-A", risk=Risk.DANGEROUS, why="flood")),
    judge=_ping,
)  # fmt: skip

LOOKING = (WHO, SS, IP, DF, DU, FREE, UPTIME, PS, DIG, PING)
