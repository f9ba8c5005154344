"""What `docker run`, `docker compose run` and their relatives take."""

from aof.domain.risk import Risk
from aof.tools.classify.table import options

FOLLOWS = options("-f --follow", refused="it has no end; leave it out and ask again")

# Each leads out of the container
_OUT = options(
    "--privileged", "--cap-add=", "--security-opt=", "--device=", "--device-cgroup-rule=", "--pid=", "--ipc=",
    "--uts=", "--userns=", "--cgroupns=", "--cgroup-parent=", "-v --volume=", "--mount=", "--volumes-from=",
    "--volume-driver=", "--network=", "--net=", "--runtime=", "--gpus=", "--sysctl=", "--oom-kill-disable",
    "--use-api-socket", "--group-add=", "--mount-add=", "--env-file=", "--label-file=", "--log-driver=", "--log-opt=",
    "--cidfile=",
    risk=Risk.DANGEROUS,
)  # fmt: skip

CREATE = options(
    "-c --cpu-shares=", "--cpus=", "--cpu-period=", "--cpu-quota=", "--cpuset-cpus=", "--cpuset-mems=", "-m --memory=",
    "--memory-reservation=", "--memory-swap=", "--pids-limit=", "--restart=", "--blkio-weight=", "--kernel-memory=",
)  # fmt: skip

TO_CONTAINERS = _OUT | options(
    "-d --detach", "-e --env=", "-l --label=", "--name=", "-p --publish=", "--replicas=", "--image=", "-q --quiet",
    "--force", "--with-registry-auth", "-c --compose-file=", "--availability=", "--role=", "--limit-cpu=",
    "--limit-memory=",
)  # fmt: skip

RUN = CREATE | _OUT | options(
    "--add-host=", "--annotation=", "-a --attach=", "--cap-drop=", "-d --detach", "--detach-keys=", "--dns=",
    "--dns-option=", "--dns-search=", "--domainname=", "--entrypoint=", "-e --env=", "--expose=", "--health-cmd=",
    "--health-interval=", "--health-retries=", "--health-start-period=", "--health-timeout=", "--help",
    "-h --hostname=", "--init", "-i --interactive", "--ip=", "--ip6=", "-l --label=", "--link=", "--mac-address=",
    "--name=", "--network-alias=", "--no-healthcheck", "--oom-score-adj=", "--platform=", "-p --publish=",
    "-P --publish-all", "--pull=", "-q --quiet", "--read-only", "--rm", "--shm-size=", "--sig-proxy", "--stop-signal=",
    "--stop-timeout=", "--tmpfs=", "-t --tty", "--ulimit=", "-u --user=", "-w --workdir=", "-T --no-TTY", "--no-tty",
    "--no-deps", "--service-ports", "-P", "--build", "--quiet-pull", "--remove-orphans", "--use-aliases",
)  # fmt: skip
