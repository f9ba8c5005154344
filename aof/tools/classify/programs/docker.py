"""docker 28: https://docs.docker.com/reference/cli/docker/."""

from collections.abc import Iterator

from aof.domain.risk import Risk
from aof.tools.classify.programs.compose import COMPOSE
from aof.tools.classify.programs.containers import CREATE, FOLLOWS, RUN, TO_CONTAINERS
from aof.tools.classify.table import PassesOn, Program, Walked, options, shape, verbs
from aof.tools.classify.verdict import Classified

_OTHER_TARGET = "the daemon it speaks to is set in the configuration; leave it out"

_GLOBAL = options(
    "-H --host=", "--config=", "--tls", "--tlscacert=", "--tlscert=", "--tlskey=", "--tlsverify", refused=_OTHER_TARGET
) | options("-c --context=", "-D --debug", "-l --log-level=", "--help", "-v --version")

_LIST = options(
    "-a --all",
    "-f --filter=",
    "-n --last=",
    "-l --latest",
    "-q --quiet",
    "-s --size",
    "--digests",
    "--tree",
    "--no-resolve",
) | options("--format=", "--no-trunc", risk=Risk.SENSITIVE, why="whole command lines")
_LOGS = (
    options(
        "--since=", "-n --tail=", "-t --timestamps", "--until=", "--no-resolve", "--no-task-ids", "--no-trunc", "--raw"
    )
    | options("--details", risk=Risk.SENSITIVE, why="variables of containers")
    | FOLLOWS
)
_INSPECT = options("-f --format=", "-s --size", "--type=", "--pretty", "-v --verbose")

# To docker, force is no more than not to ask, or to stop first
_REMOVE = options(
    "-f --force", "-v --volumes", "-l --link", "--no-prune", "-s --signal=", "-t --timeout=", "--time=", "--platform="
)
_PRUNE = options("-f --force", "--filter=", "--keep-storage=", "--reserved-space=") | options(
    "-a --all", "--volumes", risk=Risk.DANGEROUS, why="all of them"
)
_CHANGE = options(
    "-a --author=",
    "-m --message=",
    "-t --timeout=",
    "--time=",
    "-s --signal=",
    "-q --quiet",
    "--platform=",
    "-p --pause",
)
_PULL = _CHANGE | options("-a --all-tags", "--disable-content-trust")
_BUILD = _PULL | options(
    "-t --tag=", "--build-arg=", "--no-cache", "--pull", "--target=", "--label=", "--progress=", "--load", "--push",
    "--rm", "--force-rm", "--cache-from=", "--cache-to=", "-f --file=", "--squash", "--network=", "--iidfile=",
) | options("--allow=", "--security-opt=", "--ssh=", "--secret=", "--build-context=",
    risk=Risk.DANGEROUS, why="privilege")  # fmt: skip

_FETCHES = shape(r".*://.*|-", Risk.DANGEROUS, "from outside")

_VERBS = (
    verbs(Risk.READ, "ps", "container ls", "container list", "container ps", "images", "image ls", "image list",
            "volume ls", "volume list", "network ls", "network list", "context ls", "context list", "plugin ls",
            "plugin list", "node ls", "node list", "node ps", "service ls", "service list", "service ps", "stack ls",
            "stack list", "stack ps", "stack services", "secret ls", "secret list", "config ls", "config list",
            "buildx ls", options=_LIST)
    | verbs(Risk.READ, "logs", "container logs", "service logs", options=_LOGS)
    | verbs(Risk.READ, "stats", "container stats", options=options("-a --all", "--no-stream", "--no-trunc",
            "--format="))
    | verbs(Risk.READ, "top", "container top", "port", "container port", "diff", "container diff", "history",
            "image history",
            options=options("-H --human", "-q --quiet", "--platform=")
            | options("--no-trunc", "--format=", risk=Risk.SENSITIVE, why="whole command lines"))
    | verbs(Risk.READ, "version", "info", "system info", "system df", "help", "context show", "buildx version",
            "buildx du",
            options=options("-f --format=", "-v --verbose"))
    | verbs(Risk.READ, "events", "system events", options=options("-f --filter=", "--format=", "--since=", "--until="))
    | verbs(Risk.READ, "wait", "container wait")
    | verbs(Risk.SENSITIVE, "inspect", "container inspect", "image inspect", "volume inspect", "network inspect",
            "service inspect", "node inspect", "secret inspect", "config inspect", "context inspect", "plugin inspect",
            "stack config", "buildx inspect", options=_INSPECT)
    | verbs(Risk.SENSITIVE, "search", "manifest inspect", options=_LIST | options("--limit=", "-v --verbose"))
    | verbs(Risk.WRITE, "start", "container start", options=_CHANGE
            | options("-a --attach", "-i --interactive", risk=Risk.DANGEROUS))
    | verbs(Risk.WRITE, "restart", "tag", "rename", "pause", "unpause", "commit", "load", "import", "save", "export",
            "container restart", "container rename", "container pause", "container unpause", "container commit",
            "container export", "image tag", "image load", "image import", "image save", "volume create",
            "network create", "network connect", "network disconnect", "secret create", "config create", "logout",
            options=_CHANGE | options("-i --input=")
            | options("-o --output=", risk=Risk.DANGEROUS, why="writes a file"))
    | verbs(Risk.WRITE, "pull", "push", "image pull", "image push", options=_PULL)
    | verbs(Risk.WRITE, "build", "image build", "builder build", "buildx build", options=_BUILD, shapes=[_FETCHES])
    | verbs(Risk.WRITE, "update", "container update", options=CREATE)
    | verbs(Risk.WRITE, "run", "container run", options=RUN, passes_on=PassesOn.AFTER_OPERAND)
    | verbs(Risk.WRITE, "create", "container create", options=RUN, passes_on=PassesOn.AFTER_OPERAND)
    | verbs(Risk.WRITE, "service create", "service update", "service scale", "service rollback", "stack deploy",
            "stack up", "node update", "node promote", "node demote", options=TO_CONTAINERS)
    | verbs(Risk.DELETE, "rm", "rmi", "stop", "kill", "container rm", "container remove", "container stop",
            "container kill", "image rm", "image remove", "volume rm", "volume remove", "network rm", "network remove",
            "service rm", "service remove", "stack rm", "stack remove", "stack down", "secret rm", "secret remove",
            "config rm", "config remove", "node rm", "node remove", "plugin rm", "plugin remove", "plugin disable",
            "context rm", "context remove", "buildx rm", options=_REMOVE)
    | verbs(Risk.DELETE, "system prune", "container prune", "image prune", "volume prune", "network prune",
            "builder prune", "buildx prune", options=_PRUNE)
    | verbs(Risk.DANGEROUS, "exec", "container exec", options=options("-i --interactive", "-t --tty", "-d --detach",
            "-e --env=", "-u --user=", "-w --workdir=", "--privileged", "--env-file=", "--detach-keys="),
            passes_on=PassesOn.AFTER_OPERAND)
    | verbs(Risk.DANGEROUS, "cp", "container cp", "attach", "container attach", "login", "swarm init", "swarm join",
            "swarm leave", "swarm update", "swarm ca", "swarm join-token", "swarm unlock", "swarm unlock-key",
            "context use", "context create", "context update", "context export", "context import", "plugin install",
            "plugin enable", "plugin create", "plugin set", "plugin upgrade", "plugin push", "trust", "debug",
            "buildx bake", "system dial-stdio")
    | COMPOSE
)  # fmt: skip


def _judge(walked: Walked) -> Iterator[Classified]:
    # ps runs with the words after the container
    if walked.verb and walked.verb.path[-1] == "top" and len(walked.operands) > 1:
        yield Classified(Risk.SENSITIVE, "variables of programs")


DOCKER = Program("docker", _VERBS, _GLOBAL, judge=_judge)
