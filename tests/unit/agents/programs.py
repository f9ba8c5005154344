"""Stand-ins for the programs that the agent asks: what each call prints is written by a test."""

from pathlib import Path

from tests.unit.tools.stand_in import SHELL, write_program

_CASE = """
case "$*" in
*{wanted}*) cat {folder}/{number}.out; cat {folder}/{number}.err >&2; exit {code};;
esac
"""


class Programs:
    """The first answer that fits a call is given; a program that was never told anything is not installed."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self._folder = folder
        self._cases: dict[str, list[str]] = {}
        self._written = 0

    def says(self, program: str, printed: str = "", *, complaint: str = "", code: int = 0, wanted: str = "") -> None:
        """To a call with `wanted` among its arguments."""
        number, self._written = self._written, self._written + 1
        (self._folder / f"{number}.out").write_bytes(printed.encode("utf-8", "surrogateescape"))
        (self._folder / f"{number}.err").write_text(complaint, encoding="utf-8")
        case = _CASE.format(wanted=f"'{wanted}'", folder=self._folder, number=number, code=code)
        self._cases.setdefault(program, []).append(case)
        calls = f"printf '%s ' {program} \"$@\" >> {self._folder}/calls; echo >> {self._folder}/calls"
        body = "\n".join([calls, *self._cases[program], "exit 97"])
        write_program(self.path, f"PATH=/usr/bin:/bin\n{body}", name=program, interpreter=SHELL)

    def hangs(self, program: str) -> None:
        write_program(self.path, "exec /bin/sleep 600", name=program, interpreter=SHELL)

    def calls(self) -> list[str]:
        written = self._folder / "calls"
        return [line.strip() for line in written.read_text(encoding="utf-8").splitlines()] if written.exists() else []
