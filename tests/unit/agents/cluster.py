"""A cluster behind a stand-in kubectl: what each call prints is a file of the test's own."""

import json
from pathlib import Path
from typing import Any

from tests.unit.tools.stand_in import write_program

_PROGRAM = """
import json, os, sys
args = sys.argv[1:]
folder = {folder!r}
with open(os.path.join(folder, "calls"), "a") as calls:
    calls.write(json.dumps(args) + "\\n")
with open(os.path.join(folder, "answers")) as answers:
    answers = json.load(answers)
for wanted, printed, complaint, code in answers:
    if all(word in args for word in wanted.split()):
        sys.stdout.write(printed)
        sys.stderr.write(complaint)
        sys.exit(code)
sys.stderr.write("error: nothing is written for " + " ".join(args) + "\\n")
sys.exit(1)
"""


class Cluster:
    """What kubectl will say. The answer that was written last and fits a call is given."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._answers: list[tuple[str, str, str, int]] = []
        self.path = folder / "bin"
        write_program(self.path, _PROGRAM.format(folder=str(folder)))
        self.says("config current-context", "kind-prod\n")
        self.says("config get-contexts", "kind-prod\neu-west\n")

    def says(self, wanted: str, printed: str = "", *, complaint: str = "", code: int = 0) -> None:
        """To a call with all words of `wanted` among its arguments."""
        self._answers.insert(0, (wanted, printed, complaint, code))
        (self._folder / "answers").write_text(json.dumps(self._answers), encoding="utf-8")

    def has(self, *pods: dict[str, Any], wanted: str = "get pods") -> None:
        self.says(wanted, json.dumps({"apiVersion": "v1", "kind": "List", "items": pods}))

    def calls(self) -> list[list[str]]:
        return [json.loads(line) for line in (self._folder / "calls").read_text(encoding="utf-8").splitlines()]


def pod(
    name: str,
    *containers: dict[str, Any],
    namespace: str = "prod",
    phase: str = "Running",
    inits: tuple[dict[str, Any], ...] = (),
    **status: Any,
) -> dict[str, Any]:
    """As kubectl prints one, with some fields that nobody reads."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": {"app": name},
            "annotations": {"key": "-----BEGIN"},
        },
        "spec": {"containers": [{"name": "x", "env": [{"name": "DB_PASSWORD", "value": "hunter2"}]}]},
        "status": {
            "phase": phase,
            "containerStatuses": list(containers),
            "initContainerStatuses": list(inits),
            **status,
        },
    }


def container(
    name: str = "main", *, restarts: int = 0, ready: bool = False, last: Any = None, **state: Any
) -> dict[str, Any]:
    return {
        "name": name,
        "ready": ready,
        "restartCount": restarts,
        "state": state,
        "lastState": {"terminated": last} if last else {},
        "image": "registry.example/x:1",
    }


def ended(reason: str, code: int, at: str = "2026-11-22T12:00:00Z") -> dict[str, Any]:
    return {"reason": reason, "exitCode": code, "finishedAt": at}


API = pod(
    "api-server-abc12",
    container(restarts=3, waiting={"reason": "CrashLoopBackOff", "message": "back-off"}, last=ended("OOMKilled", 137)),
)
WORKER = pod("worker-xyz98", container(waiting={"reason": "ImagePullBackOff"}), phase="Pending")
WEB = pod("web-1", container(ready=True, running={"startedAt": "2026-11-01T00:00:00Z"}))
JOB = pod("job-1", container(terminated=ended("Completed", 0)), phase="Succeeded")
STAGED = pod("web-1", container(ready=True, running={}), namespace="staging")
