"""docker compose 2: https://docs.docker.com/reference/cli/docker/compose/."""

from aof.domain.risk import Risk
from aof.tools.classify.programs.containers import FOLLOWS, RUN
from aof.tools.classify.table import PassesOn, Verb, options, verbs

_GROUP = (
    options("-p --project-name=", "--profile=", "--ansi=", "--progress=", "--parallel=", "--compatibility", "--dry-run")
    | options("--all-resources", "--verbose", "--no-ansi")
    | options("-f --file=", "--project-directory=", "--workdir=", "--env-file=", risk=Risk.WRITE, why="reads files")
)

_LIST = options(
    "-a --all",
    "--filter=",
    "-q --quiet",
    "--services",
    "--status=",
    "--orphans",
    "--no-stream",
    "--index=",
    "--protocol=",
) | (options("--format=", "--no-trunc", risk=Risk.SENSITIVE, why="whole command lines"))
_LOGS = FOLLOWS | options(
    "--no-color", "--no-log-prefix", "--since=", "--until=", "-n --tail=", "-t --timestamps", "--index="
)
_CONFIG = options(
    "--environment", "--format=", "--hash=", "--images", "--no-consistency", "--no-interpolate", "--no-normalize",
    "--no-path-resolution", "--profiles", "-q --quiet", "--resolve-image-digests", "--services", "--variables",
    "--volumes",
) | options("-o --output=", "--lock-image-digests", risk=Risk.WRITE, why="writes a file")  # fmt: skip
_UP = options(
    "-d --detach", "--build", "--force-recreate", "--no-recreate", "--no-build", "--no-deps", "--no-start", "--pull=",
    "--quiet-pull", "--scale=", "-t --timeout=", "--wait", "--wait-timeout=", "--always-recreate-deps", "--no-color",
    "--no-cache", "--build-arg=", "-q --quiet", "--ignore-pull-failures", "--ignore-buildable", "--include-deps",
    "--push", "-m --memory=",
) | options("--remove-orphans", "-V --renew-anon-volumes",
    risk=Risk.DELETE, why="removes containers or volumes")  # fmt: skip
_DOWN = options(
    "--remove-orphans", "--rmi=", "-t --timeout=", "-v --volumes", "-f --force", "-s --signal=", "--stop",
) | options("-a --all", risk=Risk.DANGEROUS, why="all of them")  # fmt: skip


def _compose(*names: str) -> tuple[str, ...]:
    return tuple(f"compose {name}" for name in names)


COMPOSE: dict[tuple[str, ...], Verb] = (
    verbs(Risk.WRITE, "compose", options=_GROUP, group=True)
    | verbs(Risk.READ, *_compose("ps", "ls", "images", "top", "port", "version", "events", "stats", "volumes",
            "wait"), options=_LIST)
    | verbs(Risk.READ, *_compose("logs"), options=_LOGS)
    | verbs(Risk.SENSITIVE, *_compose("config", "convert"), options=_CONFIG)
    | verbs(Risk.WRITE, *_compose("up", "start", "restart", "build", "pull", "push", "create", "pause", "unpause",
            "scale", "export", "commit", "publish"), options=_UP)
    | verbs(Risk.WRITE, *_compose("run"), options=RUN, passes_on=PassesOn.AFTER_OPERAND)
    | verbs(Risk.DELETE, *_compose("down", "stop", "kill", "rm"), options=_DOWN)
    | verbs(Risk.DANGEROUS, *_compose("exec"), options=options("-d --detach", "-e --env=", "-T --no-TTY", "-u --user=",
            "-w --workdir=", "--index=", "--privileged"), passes_on=PassesOn.AFTER_OPERAND)
    | verbs(Risk.DANGEROUS, *_compose("cp", "attach", "watch", "bridge"))
)  # fmt: skip
