"""What the scripted model of the demo says: an api that is slow, and what can be done. English and Arabic.

Figures, pids and outcomes come from the results in the request; without them it says less.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aof.simulator.model.conversation import Conversation, Result
from aof.simulator.model.script import Answer, Call, Said

LINES_MOST = 3
"""Lines of a tool's output that are quoted."""


@dataclass(frozen=True, slots=True)
class _Words:
    """Everything it says in one language."""

    finding: str
    no_figure: str
    buttons: str
    reason: str
    since_start: str
    asked_for: str
    restarted: str
    quoted: str
    denied: str
    offer: str
    no_tool: str


_ENGLISH = _Words(
    finding="The status of the {service} shows a latency of {figure}.",
    no_figure="The status of the {service} names no latency. It says:\n{quote}",
    buttons="[Restart] [Show log]",
    reason="Reason: the {service} answers slowly{since} ({figure}).",
    since_start=" since its last start",
    asked_for="Reason: you asked for it.",
    restarted="The {service} was restarted: pid {old} is gone, pid {new} runs now.",
    quoted="`{command}` says:\n{quote}",
    denied="Nothing was changed: `{command}` was not run.",
    offer="I can look at the {service} when it is slow, restart it, or show its log.",
    no_tool="I was not given the tool {tool}, so I can't look or change anything.",
)

_ARABIC = _Words(
    finding="حالة الخدمة {service} تُظهر زمن استجابة قدره {figure}.",
    no_figure="حالة الخدمة {service} لا تذكر زمن الاستجابة. تقول:\n{quote}",
    buttons="[إعادة التشغيل] [عرض السجل]",
    reason="السبب: الخدمة {service} تجيب ببطء{since} ({figure}).",
    since_start=" منذ آخر تشغيل لها",
    asked_for="السبب: أنت طلبت ذلك.",
    restarted="أُعيد تشغيل الخدمة {service}: انتهت العملية {old} وتعمل الآن العملية {new}.",
    quoted="يقول `{command}`:\n{quote}",
    denied="لم يتغيّر شيء: لم يُنفَّذ `{command}`.",
    offer="أستطيع أن أفحص الخدمة {service} إن كانت بطيئة، أو أعيد تشغيلها، أو أعرض سجلّها.",
    no_tool="لم تُتَح لي الأداة {tool}، فلا أستطيع أن أفحص شيئًا أو أغيّره.",
)

_ARABIC_LETTER = re.compile(r"[\u0621-\u064a]")
_LETTER = re.compile(r"[^\W\d_]")
_PRESSED = re.compile(r"\bbutton:(\S+)")

_NOT = re.compile(r"\b(?:don't|don’t|do not|never|لا)\b")
_RESTART_FIRST = re.compile(r"^(?:please )?restart\b|^(?:أعد|اعد|إعادة|اعادة) (?:ال)?تشغيل")
_RESTART = re.compile(r"\brestart\b|(?:أعد|اعد|إعادة|اعادة) (?:ال)?تشغيل")
_LOG = re.compile(r"\blogs?\b|سجل")
_STATUS = re.compile(r"\b(?:slow|slowly|latency|status)\b|بطي|بطء|حالة")

_FIGURE = r"\d+(?:[.,]\d+)?\s?(?:ms|milliseconds|seconds|sec|s)\b"
_LATENCY = re.compile(rf"(?:latency|\bp\d\d|median|response|answers?\b)[^\n]*?(?<![\w.,])({_FIGURE})", re.IGNORECASE)
_LATENCY_MS = re.compile(r"latency_ms\W{1,4}(\d+(?:\.\d+)?)", re.IGNORECASE)
_STARTED = re.compile(r"\b(?:start|started|since|uptime|up)\b", re.IGNORECASE)
_OLD_PID = re.compile(r"\bold[ _]pid\W{1,4}(\d+)", re.IGNORECASE)
_NEW_PID = re.compile(r"\bnew[ _]pid\W{1,4}(\d+)", re.IGNORECASE)
_PID_TO_PID = re.compile(r"\bpid\W{0,4}(\d+)\W*?(?:->|=>|→|to|is now)\W*(?:pid\W{1,4})?(\d+)", re.IGNORECASE)
_PID = re.compile(r"\bpid\W{1,4}(\d+)", re.IGNORECASE)
_DENIED = re.compile(r"\bdenied\b|\bnot approved\b|^\W*(?:expired|lapsed)\W*$", re.IGNORECASE)
_FENCE = re.compile(r"\s*(?:<|```|---|===)")


@dataclass(frozen=True, slots=True)
class _Ops:
    tool: str
    argument: str
    status: str
    restart: str
    log: str

    @property
    def service(self) -> str:
        return self.status.split()[-1]

    def __call__(self, body: Mapping[str, Any]) -> Said:
        conversation = Conversation(body)
        words = _words(conversation.user_texts)
        if results := conversation.last_results:
            return Said(self._report(results[-1], words))
        command = self._command(conversation.last_user_text)
        if command is None:
            return Said(words.offer.format(service=self.service))
        if self.tool not in conversation.tools:
            return Said(words.no_tool.format(tool=self.tool))
        reason = self._reason(conversation.results, words) if command == self.restart else None
        return Said(reason, [Call(self.tool, {self.argument: command})])

    def _command(self, text: str) -> str | None:
        """What the person wants to have run."""
        wish = _PRESSED.sub(lambda found: found[1].replace("_", " "), text).strip().casefold()
        if _NOT.search(wish):
            return None
        if _RESTART_FIRST.search(wish):
            return self.restart
        if _LOG.search(wish):
            return self.log
        if _STATUS.search(wish):  # "slow since the restart" asks for no other restart
            return self.status
        return self.restart if _RESTART.search(wish) else None

    def _report(self, result: Result, words: _Words) -> str:
        content = _plain(result.content)
        command = result.argument(self.argument)
        if command == self.status and not _DENIED.search(content):
            figure = _latency(content)
            found = words.no_figure.format(service=self.service, quote=_quote(content))
            if figure is not None:
                found = words.finding.format(service=self.service, figure=figure)
            return f"{found}\n\n{words.buttons}"
        if command == self.restart:
            if (pids := _pids(content)) is not None:
                return words.restarted.format(service=self.service, old=pids[0], new=pids[1])
            if _DENIED.search(content):
                return words.denied.format(command=command)
        return words.quoted.format(command=command or result.tool, quote=_quote(content))

    def _reason(self, results: list[Result], words: _Words) -> str:
        """Why to restart, as far as a status that was read before says so."""
        for result in reversed(results):
            content = _plain(result.content)
            if result.argument(self.argument) == self.status and (figure := _latency(content)) is not None:
                since = words.since_start if _STARTED.search(content) else ""
                return words.reason.format(service=self.service, since=since, figure=figure)
        return words.asked_for


def demo_script(
    tool: str = "shell",
    status: str = "apictl status api",
    restart: str = "apictl restart api",
    log: str = "apictl log api",
    *,
    argument: str = "command",
) -> Answer:
    """An answer for `ModelServer`. The commands are given to the tool as its one argument; the last word of `status` is
    what the service is called.
    """
    return _Ops(tool, argument, status, restart, log)


def _words(texts: list[str]) -> _Words:
    """Of the newest text that is written in a language; a press may be of either."""
    for text in reversed(texts):
        if _ARABIC_LETTER.search(text):
            return _ARABIC
        if _LETTER.search(_PRESSED.sub("", text)):
            return _ENGLISH
    return _ENGLISH


def _plain(content: str) -> str:
    """The lines of a result, also of one that is JSON."""
    try:
        value = json.loads(content)
    except ValueError:
        return content
    if isinstance(value, dict):
        return "\n".join(
            part if isinstance(part, str) and "\n" in part else f"{key}: {part}" for key, part in value.items()
        )
    return value if isinstance(value, str) else content


def _latency(content: str) -> str | None:
    if (found := _LATENCY_MS.search(content)) is not None:
        return f"{found[1]} ms"
    found = _LATENCY.search(content)
    return None if found is None else found[1]


def _pids(content: str) -> tuple[str, str] | None:
    """The old one and the new one, if it names two different ones."""
    old, new = _OLD_PID.search(content), _NEW_PID.search(content)
    if old is not None and new is not None:
        pair = old[1], new[1]
    elif (both := _PID_TO_PID.search(content)) is not None:
        pair = both[1], both[2]
    else:
        named = _PID.findall(content)
        if len(named) != 2:
            return None
        pair = named[0], named[1]
    return pair if pair[0] != pair[1] else None


def _quote(content: str) -> str:
    """The last lines that are no fence."""
    lines = [line.rstrip() for line in content.splitlines() if line.strip() and not _FENCE.match(line)]
    return "\n".join(lines[-LINES_MOST:])
