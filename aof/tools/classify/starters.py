"""Programs that start other programs, or are languages: what they would do stands in no table, so none is a tool."""

import re

_NAMES = """
    sh bash dash ash zsh ksh mksh fish csh tcsh rbash busybox toybox pwsh powershell cmd
    python python2 python3 pypy pypy3 ipython perl ruby irb node nodejs deno bun npx npm pnpm yarn uvx uv pipx pip pip3
    php lua luajit tclsh wish expect guile java jshell groovy scala kotlin go cargo rustc gcc cc make cmake gdb
    strace ltrace env xargs find fd awk gawk mawk nawk sed ed ex vi vim nvim nano emacs less more man parallel entr
    sudo su doas pkexec runuser setpriv capsh chroot unshare nsenter systemd-run systemd-nspawn machinectl
    start-stop-daemon nohup setsid nice ionice chrt taskset timeout time stdbuf script screen tmux watch flock at batch
    crontab ssh sshpass scp sftp rsync mosh telnet nc ncat netcat socat ansible ansible-playbook
    eval exec command builtin source trap tar zip tcpdump git-shell unbuffer rlwrap direnv chronic
"""
STARTERS = frozenset(_NAMES.split())

# python3.11, perl5.36, bash-5.2
_VERSION = re.compile(r"[-.\d]*\d\Z")


def starts_others(program: str) -> bool:
    """Whether a program is one of them, in either case and with or without a version."""
    name = program.lower()
    return name in STARTERS or _VERSION.sub("", name) in STARTERS
