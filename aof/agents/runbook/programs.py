"""What every answer that a program gives has in common: how a call that didn't answer is told."""

from aof.agents.runbook.excerpt import excerpt
from aof.agents.runbook.setting import Setting
from aof.domain.errors import AofError
from aof.texts import machine_programs as texts
from aof.texts.language import Language
from aof.texts.machine_words import place
from aof.tools.runner import Outcome, Runner

TIMEOUT_SECONDS = 15.0

_LAST_WORDS = 3
"""Lines."""


async def called(runner: Runner, program: str, *args: str) -> Outcome:
    """One call of the table of commands, ended after `TIMEOUT_SECONDS`."""
    return await runner.run(program, *args, timeout_seconds=TIMEOUT_SECONDS)


class ProgramFailed(AofError):
    """A call did not answer the question."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"{' '.join(outcome.argv[:2])}: exit {outcome.exit_code}")
        self.outcome = outcome

    @property
    def program(self) -> str:
        return self.outcome.argv[0]

    @property
    def said(self) -> str:
        """What it complained about; empty where it did not run to its end."""
        return "" if self.outcome.exit_code is None else self.outcome.stderr

    def answer(self, setting: Setting) -> str:
        """Why there is no answer, with the program's own last words where it has any."""
        return f"{self.why(setting.language, setting.host)}\n\n{place(setting.language, setting.host, setting.at)}"

    def why(self, language: Language, host: str) -> str:
        """The same without the line that says where and when."""
        outcome, program = self.outcome, self.program
        if outcome.missing:
            return texts.missing(language, program=program, host=host)
        if outcome.timed_out:
            return texts.timed_out(language, program=program, host=host, seconds=TIMEOUT_SECONDS)
        if outcome.cut:
            return texts.too_much(language, program=program, host=host)
        if outcome.succeeded:
            return texts.unreadable(language, program=program, host=host)
        text = texts.failed(language, program=program, host=host, exit_code=outcome.exit_code)
        if not outcome.stderr.strip():
            return text
        last = "\n".join(outcome.stderr.strip().split("\n")[-_LAST_WORDS:])
        return f"{text}\n{excerpt(language, last, newest=True, cut=False, program=program)}"
