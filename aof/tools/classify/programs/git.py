"""git 2.39: https://git-scm.com/docs.

Only for listed directories: a repository's own configuration can run programs.
"""

from aof.domain.risk import Risk
from aof.tools.classify.table import Program, options, shape, verbs

_RUNS = "it can start another program; leave it out"
_ELSEWHERE = "the directory is set in the configuration; leave it out"

_GLOBAL = (
    options("-c=", "--config-env=", "--exec-path[=]", "-p --paginate", refused=_RUNS)
    | options("-C=", "--git-dir=", "--work-tree=", refused=_ELSEWHERE)
    | options(
        "--namespace=", "-P --no-pager", "--bare", "--no-replace-objects", "--no-optional-locks", "--no-lazy-fetch"
    )
    | options(
        "--literal-pathspecs",
        "--glob-pathspecs",
        "--noglob-pathspecs",
        "--icase-pathspecs",
        "-v --version",
        "-h --help",
    )
)

# -5 is --max-count=5
_DIGITS = options(*(f"-{digit}" for digit in range(10)))

_DIFF = (
    options(
        "-p --patch",
        "-s --no-patch",
        "--stat[=]",
        "--shortstat",
        "--numstat",
        "--dirstat[=]",
        "--summary",
        "--name-only",
    )
    | options("--name-status", "--raw", "--color[=]", "--no-color", "--word-diff[=]", "-M --find-renames[=]", "-z")
    | options(
        "-w --ignore-all-space",
        "-b --ignore-space-change",
        "--ignore-blank-lines",
        "--minimal",
        "--patience",
        "--histogram",
    )
    | options(
        "-S=",
        "-G=",
        "--pickaxe-regex",
        "--diff-filter=",
        "--cached",
        "--staged",
        "--merge-base",
        "--check",
        "--exit-code",
    )
    | options(
        "-q --quiet",
        "-R",
        "--no-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--relative[=]",
        "-a --text",
        "--compact-summary",
    )
    | options("--ext-diff", "--textconv", refused=_RUNS)
    | options("--output=", refused="it writes a file; leave it out")
    | options("-O=", refused="it reads a file; leave it out")
    | options("--no-index", risk=Risk.SENSITIVE, why="files outside the repository")
)
_LOG = _DIFF | _DIGITS | options(
    "-n --max-count=", "--skip=", "--since=", "--after=", "--until=", "--before=", "--author=", "--committer=",
    "--grep=", "-i --regexp-ignore-case", "-E --extended-regexp", "-F --fixed-strings", "--all", "--branches[=]",
    "--tags[=]", "--remotes[=]", "--first-parent", "--merges", "--no-merges", "--reverse", "--date=", "--pretty[=]",
    "--format=", "--oneline", "--abbrev-commit", "--no-abbrev-commit", "--graph", "--decorate[=]", "--no-decorate",
    "--follow", "--source", "-L=", "--topo-order", "--date-order", "--author-date-order", "--count", "--left-right",
    "--cherry-pick", "--boundary", "-m", "-c", "--cc", "--parents", "--children", "--no-notes", "--full-history",
    "--simplify-by-decoration", "--show-pulls", "--abbrev[=]", "-g --walk-reflogs",
)  # fmt: skip
_STATUS = options(
    "-s --short", "-b --branch", "--show-stash", "--porcelain[=]", "--long", "-v --verbose", "-u --untracked-files[=]",
    "--ignored[=]", "-z", "--ahead-behind", "--no-ahead-behind", "--renames", "--no-renames", "--column[=]",
)  # fmt: skip
_BRANCH = (
    options("-a --all", "-r --remotes", "-v --verbose", "-q --quiet", "-l --list", "--show-current", "--contains=",
            "--no-contains=")
    | options("--merged=", "--no-merged=", "--points-at=", "--sort=", "--format=", "--color[=]", "--no-color",
            "--column[=]")
    | options("-i --ignore-case", "--abbrev[=]")
    | options("-u --set-upstream-to=", "--unset-upstream", "-m --move", "-c --copy", "--edit-description",
            "-t --track[=]", "--create-reflog", risk=Risk.WRITE)
    | options("-d --delete", "-D", risk=Risk.DELETE)
    | options("-f --force", "-M", "-C", risk=Risk.DANGEROUS, why="force")
)  # fmt: skip
_TAG = options(
    "-l --list", "-n[=]", "--sort=", "--contains=", "--points-at=", "--merged=", "--format=", "-i --ignore-case"
) | (
    options("-a --annotate", "-s --sign", "-m --message=", "-F --file=", risk=Risk.WRITE)
    | options("-d --delete", risk=Risk.DELETE)
    | options("-f --force", risk=Risk.DANGEROUS, why="force")
)
_PLUMBING = _LOG | options(
    "--verify", "--short[=]", "--abbrev-ref[=]", "--symbolic", "--show-toplevel", "--is-inside-work-tree",
    "--is-ancestor", "--others", "--modified", "--deleted", "--stage", "--exclude-standard", "-t", "-r", "-d",
    "--long", "--full-name", "--heads", "--tags", "--always", "--dirty[=]", "--exact-match", "--match=",
    "--candidates=", "-e", "--count", "--summary", "--numbered", "--email", "-l", "-h", "--line-porcelain",
    "--porcelain", "--fork-point", "--octopus",
)  # fmt: skip
_GREP = _DIGITS | options(
    "-i --ignore-case", "-n --line-number", "-l --files-with-matches", "-L --files-without-match", "-c --count",
    "-w --word-regexp", "-e=", "-E --extended-regexp", "-F --fixed-strings", "-P --perl-regexp", "-A=", "-B=", "-C=",
    "-v --invert-match", "-h", "-H", "--cached", "--heading", "--break", "--color[=]", "--no-color", "-q --quiet",
    "-I", "--and", "--or", "--not", "-o --only-matching",
) | (
    options("-O --open-files-in-pager[=]", refused=_RUNS)
    | options("-f=", refused="it reads a file; leave it out")
    | options("--no-index", "--untracked", risk=Risk.SENSITIVE, why="files outside the repository")
)  # fmt: skip

_TRANSPORT = options("--upload-pack=", "--receive-pack=", "--exec=", refused=_RUNS)
_FORCE = options("-f --force", risk=Risk.DANGEROUS, why="force")
_CHANGE = _FORCE | _TRANSPORT | options(
    "-m --message=", "-a --all", "-q --quiet", "-v --verbose", "-n --dry-run", "--amend", "--no-edit", "-b=", "-B=",
    "--ff-only", "--no-ff", "--squash", "--abort", "--continue", "--skip", "--no-commit", "--rebase[=]", "--depth=",
    "--tags", "-p --prune", "--allow-empty", "-s --signoff", "--onto=", "--ours", "--theirs", "-t --track", "--detach",
    "-u --include-untracked", "--autostash", "--stat", "--no-stat", "--author=", "--staged", "--source=",
    "--recurse-submodules[=]", "--branch=", "--cached",
)  # fmt: skip
_CLONE = _CHANGE | options("-c --config=", "-u --upload-pack=", "--template=", refused=_RUNS)
_REBASE = _CHANGE | options("-x --exec=", "-i --interactive", risk=Risk.DANGEROUS, why="runs commands")
_HARD = _CHANGE | options("--hard", "--merge", "--keep", risk=Risk.DELETE) | options("--soft", "--mixed")
_PUSH = (
    options(
        "-u --set-upstream",
        "--all",
        "--tags",
        "--follow-tags",
        "-n --dry-run",
        "-q --quiet",
        "-v --verbose",
        "--porcelain",
    )
    | options("--atomic", "--progress", "--no-verify", "-o --push-option=", "--signed[=]", "-4 --ipv4", "-6 --ipv6")
    | options("-d --delete", "--prune", risk=Risk.DELETE)
    | options(
        "-f --force", "--force-with-lease[=]", "--force-if-includes", "--mirror", risk=Risk.DANGEROUS, why="forced push"
    )
    | _TRANSPORT
)
# Without -f clean does nothing, so it says no more than the verb
_REMOVE = _CHANGE | options("-f --force", "-d", "-x", "-X", "-r", "-e --exclude=", "--expire=")

_OUTSIDE = shape(r"[/~].*|(?:.*/)?\.\.(?:/.*)?", Risk.SENSITIVE, "files outside the repository")
_ANY = shape(r".*", Risk.WRITE, "names what it makes")
# ext::sh -c … is an address to git
_HELPERS = shape(r"\w+::.*", Risk.DANGEROUS, "an address that starts a program")

_VERBS = (
    verbs(Risk.READ, "status", options=_STATUS)
    | verbs(Risk.READ, "log", "show", "shortlog", "whatchanged", "stash list", "stash show", "reflog", "reflog show",
            options=_LOG | options("-s --summary", "--numbered", "-e --email"))
    | verbs(Risk.READ, "diff", options=_DIFF | _DIGITS | options("-U --unified="), shapes=[_OUTSIDE])
    | verbs(Risk.READ, "blame", "annotate", "rev-parse", "rev-list", "ls-files", "ls-tree", "describe", "merge-base",
            "cherry", "name-rev", "count-objects", "version", "show-ref", options=_PLUMBING)
    | verbs(Risk.READ, "grep", options=_GREP, shapes=[_OUTSIDE])
    | verbs(Risk.READ, "branch", options=_BRANCH, shapes=[_ANY])
    | verbs(Risk.READ, "tag", options=_TAG, shapes=[_ANY])
    | verbs(Risk.READ, "worktree list", options=options("--porcelain", "-v", "-z"))
    # An address may hold a password
    | verbs(Risk.SENSITIVE, "remote", options=options("-v --verbose"),
            shapes=[shape(r".*", Risk.WRITE, "not recognised")])
    | verbs(Risk.SENSITIVE, "remote get-url", options=options("--push", "--all"))
    | verbs(Risk.WRITE, "clone", "init", options=_CLONE, shapes=[_HELPERS])
    | verbs(Risk.WRITE, "add", "commit", "merge", "checkout", "switch", "revert", "cherry-pick", "fetch", "pull",
            "stash", "stash push", "stash pop", "stash apply", "stash save", "am", "apply", "mv", "gc", "repack",
            "fsck", "notes", "remote add", "remote set-url", "remote rename", "remote update", "remote show",
            "remote set-head", "submodule", "worktree add", "worktree move", "update-ref", "symbolic-ref", "bisect",
            "archive", "bundle", "ls-remote", "maintenance",
            options=_CHANGE | options("-d --delete", risk=Risk.DELETE), shapes=[_HELPERS])
    | verbs(Risk.WRITE, "rebase", options=_REBASE)
    | verbs(Risk.WRITE, "reset", options=_HARD)
    | verbs(Risk.WRITE, "push", options=_PUSH, shapes=[shape(r"\+.*", Risk.DANGEROUS, "forced push"),
            shape(r":.+", Risk.DELETE, "deletes a branch"), _HELPERS])
    | verbs(Risk.DELETE, "rm", "clean", "restore", "prune", "stash drop", "stash clear", "reflog expire",
            "reflog delete", "reflog drop", "remote remove", "remote rm", "remote prune", "worktree remove",
            "worktree prune", "notes remove",
            options=_REMOVE)
    | verbs(Risk.DANGEROUS, "config", "bisect run", "filter-branch", "filter-repo", "submodule foreach", "difftool",
            "mergetool", "daemon", "instaweb", "gui", "citool", "credential", "send-email", "p4", "svn", "shell",
            "http-backend", "for-each-repo", "fast-import", "upload-pack", "receive-pack", "hook", "hook run")
)  # fmt: skip

GIT = Program("git", _VERBS, _GLOBAL, options_lead=True)
