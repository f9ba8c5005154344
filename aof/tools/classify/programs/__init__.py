"""The built-in tables, one module for each program of many verbs."""

from aof.tools.classify.programs.aws import AWS
from aof.tools.classify.programs.docker import DOCKER
from aof.tools.classify.programs.git import GIT
from aof.tools.classify.programs.helm import HELM
from aof.tools.classify.programs.journalctl import JOURNALCTL
from aof.tools.classify.programs.kubectl import KUBECTL
from aof.tools.classify.programs.looking import LOOKING
from aof.tools.classify.programs.systemctl import SYSTEMCTL
from aof.tools.classify.programs.terraform import TERRAFORM

BUILT_IN = (KUBECTL, HELM, DOCKER, GIT, SYSTEMCTL, JOURNALCTL, TERRAFORM, AWS, *LOOKING)
