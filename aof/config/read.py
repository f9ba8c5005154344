"""YAML nodes become plain values in the spelling of the models, each with the line it stands on."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import BaseModel

from aof.config import later
from aof.config.document import MappingNode, Node, ScalarNode, SequenceNode, has_plain_tag, is_null, line_of
from aof.config.expand import Expanded, expand, names_a_secret
from aof.config.model import keys_of
from aof.config.problem import Findings, Place, dotted, is_name
from aof.config.shape import Shape, shape_of
from aof.config.spelling import canonical, folded, nearest

MOST_VALUES = 100_000
"""Values of one file after all aliases are followed. A file of the longest length can't hold more without them."""

_MERGE = "tag:yaml.org,2002:merge"
_SWITCHES = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class TooMuch(Exception):
    """Aliases unfold into more values than anybody writes; the reason stands among the findings."""


class _Dropped:
    """The mark of a value that can't be used; the reason stands among the findings."""


DROPPED = _Dropped()


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a section with its value.

    Attributes:
        name: The key in canonical spelling.
        written: The key as it stands in the file.
        line: Of the key, counted from 1.
    """

    name: str
    written: str
    line: int
    value: Node


@dataclass(slots=True)
class Reader:
    """Reads the nodes of one document.

    Attributes:
        homes: For a key that stands in a wrong section, where it belongs.
        special: What reads the places that no model describes.
        lines: Where each value stands that was read.
        empty: The places of values written as YAML's null.
        failed: The places of values that are refused already.
        unset: The places of texts that still hold a reference to a variable, with its name.
        emptied: The places of lists whose every entry was left out.
        kind: Of the document, which decides what may come to stand in it later.
        credentials: Whether a credential whose variable is missing is a problem.
    """

    findings: Findings
    environ: Mapping[str, str]
    kind: str = "DaemonConfig"
    credentials: Literal["required", "optional"] = "required"
    homes: dict[str, str] = field(default_factory=dict)
    special: dict[Place, Callable[[Node], Any]] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)
    empty: set[Place] = field(default_factory=set)
    failed: set[Place] = field(default_factory=set)
    unset: dict[Place, str] = field(default_factory=dict)
    emptied: set[Place] = field(default_factory=set)
    _open: list[int] = field(default_factory=list)
    _values: int = 0

    def section(self, node: Node, model: type[BaseModel], place: Place) -> dict[str, Any]:
        """The values of a mapping by the fields of `model`. Sections that are absent are there, empty."""
        read: dict[str, Any] = {}
        keys = keys_of(model)
        for entry in self._named(self.entries(node, place), model, place):
            if entry.name in keys:
                value = self._field(entry, model, (*place, entry.name))
                if value is not DROPPED:
                    read[entry.name] = value
            elif entry.name in getattr(model, "without_effect", ()):
                self.findings.warn(entry.line, (*place, entry.name), "has no effect", "Remove it.")
            elif (*place, entry.name) not in later.IGNORED:
                self.unknown(entry, place, dict.fromkeys([*keys, *getattr(model, "other_names", ())]))
        for name, about in keys.items():
            # so that defaults of sections are validated, and with that resolved, like written values
            absent = name not in read and not about.is_required() and about.default is not None
            if absent and shape_of(about.annotation).section:
                read[name] = {}
        return read

    def _named(self, entries: list[Entry], model: type[BaseModel], place: Place) -> Iterator[Entry]:
        """The entries by the keys of the model, where files have other names for some."""
        other_names: Mapping[str, str] = getattr(model, "other_names", {})
        first = {entry.name: entry for entry in entries if entry.name not in other_names}
        for entry in entries:
            if entry.name in other_names:
                entry = replace(entry, name=other_names[entry.name])  # noqa: PLW2901 -- the same entry by its key
                if (before := first.setdefault(entry.name, entry)) is not entry:
                    self._twice(before, entry, place)
                    continue
                self.lines[*place, entry.name] = entry.line
            yield entry

    def _field(self, entry: Entry, model: type[BaseModel], place: Place) -> Any:
        annotation = keys_of(model)[entry.name].annotation
        if entry.name in getattr(model, "lets_in", ()) and isinstance(entry.value, SequenceNode):
            return self.listed(entry.value, shape_of(annotation).item, place)
        return self.value(entry.value, annotation, place, entry.line)

    def entries(
        self, node: Node, place: Place, *, spelled: bool = True, names: Callable[[str], bool] = is_name
    ) -> list[Entry]:
        """The keys of a mapping, merged ones last; what can't be a key is refused and left out.

        Args:
            spelled: Whether two spellings of a key are one key.
            names: Whether a text can be a key.
        """
        if is_null(node):
            return []
        if not isinstance(node, MappingNode):
            self.refuse(
                self.lines.get(place, line_of(node)), place, "wants keys with values", "Write key: value below."
            )
            return []
        own: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        for key, value in node.value:
            if key.tag == _MERGE:
                self._merge(value, place, merged, spelled=spelled, names=names)
            elif not isinstance(key, ScalarNode) or not names(key.value):
                self._odd_key(key, place)
            else:
                entry = Entry(canonical(key.value) if spelled else key.value, key.value, line_of(key), value)
                if first := own.get(entry.name):
                    self._twice(first, entry, place)
                else:
                    own[entry.name] = entry
        kept = [*own.values(), *(entry for name, entry in merged.items() if name not in own)]
        self.lines.update({(*place, entry.name): entry.line for entry in kept})
        return kept

    def value(self, node: Node, annotation: Any, place: Place, line: int) -> Any:
        """A node as plain value: texts as written with variables replaced, lists, mappings, None; or DROPPED."""
        shape = shape_of(annotation)
        self.lines.setdefault(place, line)
        if not self._has_plain_tag(node, place, line):
            return DROPPED
        if place in self.special:
            return self._special(node, place)
        if is_null(node):
            return self._nothing(shape, place, line)
        if isinstance(node, ScalarNode):
            return self._scalar(self._expanded(node.value), shape, place, line)
        with self._inside(node, place) as usable:
            return self._several(node, shape, place) if usable else DROPPED

    def _has_plain_tag(self, node: Node, place: Place, line: int) -> bool:
        if plain := has_plain_tag(node):
            return plain
        self.refuse(line, place, "a tag (!…) asks for more than text", "Remove the tag, or quote the value.")
        return False

    def _special(self, node: Node, place: Place) -> Any:
        if isinstance(node, ScalarNode):
            return self.special[place](node)
        with self._inside(node, place) as usable:
            return self.special[place](node) if usable else DROPPED

    def nested(self, node: Node, place: Place, read: Callable[["Reader", Place, Node], Any]) -> Any:
        """What stands within a value that `special` reads, by the same guards as everything else."""
        line = self.lines.setdefault(place, line_of(node))
        if not self._has_plain_tag(node, place, line):
            return DROPPED
        if isinstance(node, ScalarNode):
            return read(self, place, node)
        with self._inside(node, place) as usable:
            return read(self, place, node) if usable else DROPPED

    def text(self, node: ScalarNode, place: Place) -> Any:
        """A scalar as text with variables replaced; or DROPPED."""
        line = self.lines.setdefault(place, line_of(node))
        return self._scalar(self._expanded(node.value), Shape(text=True), place, line)

    def listed(self, node: SequenceNode, annotation: Any, place: Place) -> list[Any]:
        """The entries of a list that lets in what it names; one whose variable is not set lets in nobody."""
        kept: list[Any] = []
        for item in node.value:
            line = line_of(item)
            if isinstance(item, ScalarNode):
                text = self._expanded(item.value)
                missing = [*text.unset, *(name for name in text.used if not text.text)]
                if missing or text.broken:
                    why = f"{missing[0]} is not set or empty" if missing else "a ${ begins no variable"
                    problem = f"{why}, this entry lets nobody in"
                    self.findings.warn(line, place, problem, "Export it, or remove the entry.")
                    continue
            value = self.value(item, annotation, (*place, len(kept)), line)
            kept.append(None if value is DROPPED else value)
        if node.value and not kept:
            self.emptied.add(place)
        return kept

    def refuse(self, line: int, place: Place, problem: str, remedy: str = "") -> None:
        """Refuse the value at `place`, so that its model need not say the same again."""
        self.failed.add(place)
        self.findings.refuse(line, place, problem, remedy)

    def unknown(self, entry: Entry, place: Place, known: Mapping[str, object]) -> None:
        """Refuse a key that its section does not have, with the best word on what to write."""
        here = (*place, entry.written)
        not_yet = later.keys_at(self.kind, place)
        if entry.name in not_yet:
            self.refuse(entry.line, (*place, entry.name), "is not supported yet", not_yet[entry.name])
            return
        home = self.homes.get(entry.name)
        if home and home != dotted(place):
            remedy = f"It belongs in {home}."
        elif meant := nearest(entry.written, known):
            remedy = f'Did you mean "{meant}"?'
        elif meant := nearest(entry.written, not_yet):
            remedy = f'If you mean "{meant}": that is not supported yet.'
        else:
            remedy = f"Known here: {', '.join(sorted(known))}."
        self.findings.refuse(entry.line, here, "there is no such key", remedy)

    def _expanded(self, text: str) -> Expanded:
        """A rule may repeat what it refuses, and a key can be in the variable of a place that wants none."""
        expanded = expand(text, self.environ)
        for name in filter(names_a_secret, expanded.used):
            self.findings.keep_secret(self.environ.get(name, ""))
        return expanded

    def _nothing(self, shape: Shape, place: Place, line: int) -> Any:
        self.empty.add(place)
        if shape.section:
            return {}
        if shape.many:
            # entries that were commented out leave this behind, and nobody and everybody are too far apart to guess
            self.refuse(line, place, "is empty", "Write [] for an empty list, or remove the key.")
            return []
        return None

    def _scalar(self, text: Expanded, shape: Shape, place: Place, line: int) -> Any:
        if text.broken:
            self.findings.warn(line, place, "a ${ begins no variable and is left as it is", "Write ${NAME}.")
        for name in text.unset:
            if shape.text or shape.many:
                self.unset[place] = name
                self.findings.warn(line, place, f"{name} is not set, the text is left as it is", "Export it.")
            else:
                self.refuse(line, place, f"{name} is not set", f"Export it, or write ${{{name}:-a default}}.")
        if place in self.failed:
            return DROPPED
        if shape.switch:
            return self._switch(text.text, place, line)
        if shape.words:
            return self._word(text.text, shape.words, place, line)
        return text.text

    def _switch(self, text: str, place: Place, line: int) -> Any:
        if (word := text.casefold()) in _SWITCHES:
            return _SWITCHES[word]
        self.refuse(line, place, "wants true or false", "Write true or false (yes, no, on and off will do).")
        return DROPPED

    def _word(self, text: str, words: tuple[str, ...], place: Place, line: int) -> Any:
        for word in words:
            if folded(word) == folded(text):
                return word
        meant = nearest(text, words)
        remedy = f'Did you mean "{meant}"?' if meant else f"Write {' or '.join(words)}."
        self.refuse(line, place, f"wants one of {', '.join(words)}", remedy)
        return DROPPED

    def _several(self, node: Node, shape: Shape, place: Place) -> Any:
        if isinstance(node, SequenceNode):
            return self._items(node, shape, place)
        return self.section(node, shape.section, place) if shape.section else self._pairs(node, shape, place)

    def _items(self, node: SequenceNode, shape: Shape, place: Place) -> list[Any]:
        annotation = shape.item if shape.many else str
        values = [
            self.value(item, annotation, (*place, number), line_of(item)) for number, item in enumerate(node.value)
        ]
        # a hole, so that the places of the others are their positions in the file; its file is refused already
        return [None if value is DROPPED else value for value in values]

    def _pairs(self, node: Node, shape: Shape, place: Place) -> dict[str, Any]:
        pairs = {
            entry.name: self.value(entry.value, shape.item, (*place, entry.name), entry.line)
            for entry in self.entries(node, place, spelled=False)
        }
        return {name: value for name, value in pairs.items() if value is not DROPPED}

    def _merge(
        self, node: Node, place: Place, merged: dict[str, Entry], *, spelled: bool, names: Callable[[str], bool]
    ) -> None:
        sources = node.value if isinstance(node, SequenceNode) else [node]
        for source in sources:
            if isinstance(source, MappingNode):
                with self._inside(source, place) as usable:
                    for entry in self.entries(source, place, spelled=spelled, names=names) if usable else ():
                        merged.setdefault(entry.name, entry)
            else:
                self.refuse(line_of(node), place, "<< merges what is no mapping", "Write <<: *anchor of a mapping.")

    def _odd_key(self, key: Node, place: Place) -> None:
        problem = "a key is not a name (not shown: it could be a value)"
        self.findings.refuse(line_of(key), place, problem, "Write key: value, with a space after the colon.")

    def _twice(self, first: Entry, second: Entry, place: Place) -> None:
        problem = (
            f"is given twice, first on line {first.line}"
            if first.written == second.written
            else f"{second.written} is the same key as {first.written} on line {first.line}"
        )
        self.findings.refuse(second.line, (*place, second.name), problem, "Keep one of them.")

    @contextmanager
    def _inside(self, node: Node, place: Place) -> Iterator[bool]:
        """Enter a list or mapping; False where it stands within itself.

        Raises:
            TooMuch: Aliases have unfolded into more than `MOST_VALUES`.
        """
        self._values += 1 + len(node.value)
        if self._values > MOST_VALUES:
            self.findings.refuse(
                line_of(node), place, f"aliases unfold into more than {MOST_VALUES} values", "Write them out."
            )
            raise TooMuch
        me = id(node.value)
        if usable := me not in self._open:
            self._open.append(me)
        else:
            self.refuse(line_of(node), place, "an alias stands inside its own anchor", "Write the value out.")
        try:
            yield usable
        finally:
            if usable:
                self._open.pop()


def keys_in(read: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The keys of a section that was read; none where something else stands in its place."""
    section = read.get(name)
    return section if isinstance(section, dict) else {}
