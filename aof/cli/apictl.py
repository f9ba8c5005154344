"""`apictl` of the demo: a small service that is really a process, slow until it is restarted.

apictl start|status|restart|log|stop api
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

NAME = "api"
SLOW_SECONDS = 0.9
"""What the service takes for an answer after its first start; restarted, it answers at once."""
MOST_WAIT_SECONDS = 10.0
_LOOK_SECONDS = 0.02


def main(folder: Path, words: Sequence[str]) -> int:
    """Run one command; the folder holds what is known of the service. Returns the exit code."""
    verbs = {"start": _start, "status": _status, "restart": _restart, "log": _log, "stop": _stop}
    if len(words) != 2 or words[0] not in verbs or words[1] != NAME:
        print(f"usage: apictl {'|'.join(verbs)} {NAME}", file=sys.stderr)
        return 2
    return verbs[words[0]](folder)


def serve(folder: Path, slow_seconds: float) -> None:
    """Be the service, until killed."""
    log = folder / "api.log"

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(slow_seconds)
            body = b"ok\n"
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            with log.open("a", encoding="utf-8") as file:
                file.write(f"{datetime.now(UTC):%H:%M:%S} GET / 200 {slow_seconds * 1000:.0f} ms\n")

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- as the library calls it
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    known = {"pid": os.getpid(), "port": server.server_port, "since": f"{datetime.now(UTC):%H:%M:%S} UTC"}
    written = folder / f"api.{os.getpid()}"
    written.write_text(json.dumps(known), encoding="utf-8")
    written.replace(folder / "api.json")
    server.serve_forever()


def _start(folder: Path, *, slow_seconds: float = SLOW_SECONDS) -> int:
    known = _known(folder)
    if known is not None and _runs(known["pid"]):
        print(f"{NAME}: runs already, pid {known['pid']}")
        return 0
    (folder / "api.json").unlink(missing_ok=True)
    code = f"from pathlib import Path; from aof.cli.apictl import serve; serve(Path({str(folder)!r}), {slow_seconds!r})"
    subprocess.Popen(  # noqa: S603 -- this very program
        [sys.executable, "-c", code],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # whoever ends the command's group leaves the service alone
        start_new_session=True,
    )
    ends = time.monotonic() + MOST_WAIT_SECONDS
    while (known := _known(folder)) is None:
        if time.monotonic() > ends:
            print(f"{NAME}: did not come up", file=sys.stderr)
            return 1
        time.sleep(_LOOK_SECONDS)
    print(f"{NAME}: started, pid {known['pid']}")
    return 0


def _status(folder: Path) -> int:
    known = _known(folder)
    if known is None or not _runs(known["pid"]):
        print(f"{NAME}: is not running")
        return 3
    print(f"{NAME}: pid {known['pid']}, up since {known['since']}, latency {_latency_ms(known['port']):.0f} ms")
    return 0


def _restart(folder: Path) -> int:
    known = _known(folder)
    old = known["pid"] if known is not None and _runs(known["pid"]) else None
    _end(folder)
    code = _start_quietly(folder)
    if code:
        return code
    new = _known(folder)
    assert new is not None  # noqa: S101 -- it has just come up
    print(f"{NAME}: old pid {old}, new pid {new['pid']}, latency {_latency_ms(new['port']):.0f} ms")
    return 0


def _start_quietly(folder: Path) -> int:
    told, sys.stdout = sys.stdout, open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115,PTH123 -- closed below
    try:
        return _start(folder, slow_seconds=0.0)
    finally:
        sys.stdout.close()
        sys.stdout = told


def _log(folder: Path) -> int:
    log = folder / "api.log"
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    print("\n".join(lines[-20:]) or f"{NAME}: nothing was asked yet")
    return 0


def _stop(folder: Path) -> int:
    _end(folder)
    print(f"{NAME}: stopped")
    return 0


def _end(folder: Path) -> None:
    known = _known(folder)
    if known is None or not _runs(known["pid"]):
        return
    os.kill(known["pid"], signal.SIGTERM)
    ends = time.monotonic() + MOST_WAIT_SECONDS
    while _runs(known["pid"]) and time.monotonic() < ends:
        time.sleep(_LOOK_SECONDS)


def _known(folder: Path) -> dict[str, Any] | None:
    try:
        known: dict[str, Any] = json.loads((folder / "api.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return known


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return _answers(pid) if not Path("/proc").is_dir() else False
    return state != "Z"


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _latency_ms(port: int) -> float:
    began = time.monotonic()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=MOST_WAIT_SECONDS) as answer:
        answer.read()
    return (time.monotonic() - began) * 1000
