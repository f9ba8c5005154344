"""`read_file`, `list_directory`, `search_files` and `write_file`, below the directories that a file allows."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from aof.domain.risk import Risk
from aof.tools import files
from aof.tools.arguments import known, reason_of, string
from aof.tools.base import CallRefused, Plan, Result, Scope
from aof.tools.files import FileProblem, Place, Roots
from aof.tools.runner import Runner

_MOST_PATH = 4096
_MOST_TOLD = 64 * 1024
"""Bytes of a file that go to the agent."""


class FileTool(ABC):
    """One thing that can be done with a path."""

    name: str
    description: str
    risk: Risk
    more: Mapping[str, str] = MappingProxyType({})
    """Arguments beside the path, with what they are."""

    def __init__(self, roots: Roots, runner: Runner, *, most_bytes: int = files.MOST_BYTES) -> None:
        self._roots = roots
        self._shown = runner.shown
        self._most_bytes = most_bytes
        where = f"Below {', '.join(roots.paths)}."
        properties = {"path": {"type": "string", "description": where}} | {
            name: {"type": "string", "description": said} for name, said in self.more.items()
        }
        self.parameters: Mapping[str, Any] = {
            "type": "object",
            "properties": properties | {"reason": {"type": "string", "description": "Why, in one sentence."}},
            "required": ["path", *self.more],
            "additionalProperties": False,
        }

    async def plan(self, arguments: Mapping[str, Any], scope: Scope) -> Plan:
        known(arguments, "path", *self.more, "reason")
        place = self._roots.place(string(arguments, "path", most=_MOST_PATH))
        more = [string(arguments, name, most=self._most_bytes) for name in self.more]
        self._judge(place, more)
        reason = reason_of(arguments)
        return Plan(
            tool=self.name,
            arguments={"path": place.path, **dict(zip(self.more, more, strict=True)), "reason": reason},
            argv=(self.name, place.path, *more),
            risk=self.risk,
            why=await asyncio.to_thread(self._why, place),
            reason=reason,
            target={"directory": place.root},
        )

    async def perform(self, plan: Plan, scope: Scope) -> Result:
        _, path, *more = plan.argv
        try:
            return await asyncio.to_thread(self._do, self._roots.place(path), more)
        except (FileProblem, CallRefused) as problem:
            return Result(str(problem), failed=True)

    def _judge(self, place: Place, more: Sequence[str]) -> None:
        """Refuse what can't be right."""
        if not place.names and self.risk is Risk.WRITE:
            raise CallRefused(f"{place.path} is a directory")

    def _why(self, place: Place) -> str:
        return "what stands in a file"

    @abstractmethod
    def _do(self, place: Place, more: Sequence[str]) -> Result: ...

    def _names(self, found: Sequence[str], none: str) -> Result:
        told = list(found[: files.MOST_NAMES])
        if len(found) >= files.MOST_NAMES:
            told.append(f"cut: only the first {files.MOST_NAMES} are told")
        raw = "\n".join(told).encode("utf-8", "replace")
        return Result(self._shown(raw) if told else none)


class ReadFile(FileTool):
    name = "read_file"
    description = "Reads a text file, or its beginning where it is long."
    risk = Risk.SENSITIVE

    def _do(self, place: Place, more: Sequence[str]) -> Result:
        most = min(self._most_bytes, _MOST_TOLD)
        raw, is_cut = files.read(place, most)
        text = self._shown(raw, cut=is_cut)
        return Result(f"{text}\ncut: it is longer than {most:,} bytes" if is_cut else text or "it is empty")


class ListDirectory(FileTool):
    name = "list_directory"
    description = "Lists the names in a directory, with sizes."
    risk = Risk.SENSITIVE

    def _why(self, place: Place) -> str:
        return "names of files"

    def _do(self, place: Place, more: Sequence[str]) -> Result:
        return self._names(files.listing(place), "it is empty")


class SearchFiles(FileTool):
    name = "search_files"
    description = "Finds files below a directory by their names, with a pattern such as *.log."
    risk = Risk.SENSITIVE
    more = MappingProxyType({"pattern": "A glob of names: *.log, nginx*."})

    def _judge(self, place: Place, more: Sequence[str]) -> None:
        if not 0 < len(more[0]) <= 200 or not more[0].isprintable():
            raise CallRefused("pattern has to be a glob of at most 200 characters")

    def _why(self, place: Place) -> str:
        return "names of files"

    def _do(self, place: Place, more: Sequence[str]) -> Result:
        return self._names(files.search(place, more[0]), "nothing fits")


class WriteFile(FileTool):
    name = "write_file"
    description = "Writes a whole text file; what was there before is replaced. Its directory has to be there."
    risk = Risk.WRITE
    more = MappingProxyType({"content": "All that the file will hold."})

    def _judge(self, place: Place, more: Sequence[str]) -> None:
        if len(more[0].encode("utf-8", "surrogatepass")) > self._most_bytes:
            raise CallRefused(f"content is longer than {self._most_bytes:,} bytes")
        if "\0" in more[0] or any("\ud800" <= sign <= "\udfff" for sign in more[0]):
            raise CallRefused("content has to be text")
        super()._judge(place, more)

    def _why(self, place: Place) -> str:
        return "replaces a file" if files.is_there(place) else "a new file"

    def _do(self, place: Place, more: Sequence[str]) -> Result:
        content = more[0].encode()
        files.write(place, content)
        return Result(f"written: {len(content):,} bytes to {place.path}")


FILE_TOOLS: Mapping[str, type[FileTool]] = {
    tool.name: tool for tool in (ReadFile, ListDirectory, SearchFiles, WriteFile)
}
"""By name."""
