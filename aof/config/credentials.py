"""A section with credentials, which come from the file or by the name of a variable; and the lists of who may talk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from aof.config.document import Node, ScalarNode, SequenceNode, has_plain_tag, is_null, line_of
from aof.config.expand import expand, is_variable_name, speakable
from aof.config.problem import Place
from aof.config.read import DROPPED, Entry, Reader
from aof.config.shape import shape_of

ENV_KEYS = frozenset({"access_token", "app_secret", "verify_token", "phone_number_id", "business_account_id"})
"""Credentials and ids of a model that does not name its own in a class variable `env_keys`."""

TOLD_BY = "told_by"
"""The key of the validation context for the variables that decided switches, by key."""

_STAND_IN = "0" * 32
"""Takes the place of a credential that is refused already, so that the model's other rules are still checked. The
configuration that holds it is handed out only to who asked for one that needs no credentials."""
_ON_OR_OFF = {"true": True, "1": True, "false": False, "0": False}
"""The only words of a switch that a variable may decide: what opens a gate must not be open to reading."""


@dataclass(slots=True)
class CredentialReader:
    """Reads a section into the fields of its model.

    The model's class variable `env_keys` names the fields that may be written as `<field>_env`, and `switches_from` the
    switches that a variable decides where their key is absent. `names_account` names the credentials that hold the
    account's id, which no command can do without.

    Attributes:
        complete: Whether every credential is there. One may be missing only where the section is switched off.
        enabled: Whether the section is switched on.
        told_by: The variables that decided switches, by key.
    """

    reader: Reader
    model: type[BaseModel]
    place: Place
    complete: bool = True
    enabled: bool = True
    told_by: dict[str, str] = field(default_factory=dict)
    _read: dict[str, Any] = field(default_factory=dict)

    def read(self, node: Node) -> dict[str, Any]:
        """The values by field, each credential in place or refused by the name of its variable."""
        entries = {entry.name: entry for entry in self.reader.entries(node, self.place)}
        fields = self.model.model_fields
        by_variable = {f"{name}_env": name for name in self._env_keys() if f"{name}_env" not in fields}
        if "enabled" in fields and "enabled" in entries:
            self._take(entries.pop("enabled"))
            self.enabled = self._read.get("enabled", True) is not False
        for entry in entries.values():
            if entry.name in by_variable:
                self._take_variable(entry, by_variable[entry.name], entries.get(by_variable[entry.name]))
            elif entry.name not in fields:
                self.reader.unknown(entry, self.place, {**dict.fromkeys(fields), **dict.fromkeys(by_variable)})
            elif not (is_null(entry.value) and f"{entry.name}_env" in entries and entry.name in self._env_keys()):
                self._take(entry)
        self._miss()
        self._ask_variables()
        return self._read

    def _env_keys(self) -> frozenset[str]:
        return frozenset(getattr(self.model, "env_keys", ENV_KEYS)) & self.model.model_fields.keys()

    def _lets_in(self, key: str) -> bool:
        return key.startswith("allowed_") or key in getattr(self.model, "lets_in", ())

    def _switches(self) -> Mapping[str, str]:
        return getattr(self.model, "switches_from", {})

    def _take(self, entry: Entry) -> None:
        place = (*self.place, entry.name)
        annotation = self.model.model_fields[entry.name].annotation
        shape = shape_of(annotation)
        if entry.name in self._env_keys() or shape.secret:
            self._read[entry.name] = self._credential(entry, place, secret=shape.secret, many=shape.many)
        elif entry.name in self._switches():
            self._gate(entry, place)
        elif self._lets_in(entry.name) and isinstance(entry.value, SequenceNode):
            self._read[entry.name] = self.reader.listed(entry.value, shape.item, place)
        elif (value := self.reader.value(entry.value, annotation, place, entry.line)) is not DROPPED:
            self._read[entry.name] = value

    def _credential(self, entry: Entry, place: Place, *, secret: bool, many: bool) -> Any:
        if isinstance(entry.value, SequenceNode) and many:
            return [self._text(item, line_of(item), place, secret=secret) for item in entry.value.value]
        if is_null(entry.value) and not self.model.model_fields[entry.name].is_required():
            return None
        return self._text(entry.value, entry.line, place, secret=secret)

    def _text(self, node: Node, line: int, place: Place, *, secret: bool) -> str:
        if not isinstance(node, ScalarNode) or not has_plain_tag(node):
            return self._refused(line, place, "wants one text", "Write it in quotes, or give the name of a variable.")
        text = expand(node.value, self.reader.environ)
        if secret:
            self.reader.findings.keep_secret(text.text)
        if text.broken:
            return self._refused(line, place, "a ${ begins no variable", "Write ${NAME_OF_A_VARIABLE}.")
        if text.unset:
            for name in text.unset:
                self._absent(line, place, f"{speakable(name)} is not set", "Export it, or name another variable.")
            return _STAND_IN
        if secret and text.text and not expand(node.value, {}).unset:
            key = f"{place[-1]}_env"
            self.reader.findings.warn(line, place, "is written in this file", f"Move it to the environment with {key}.")
        if not text.text or is_null(node):
            empty = f"{speakable(text.used[0])} is empty" if text.used else "is empty"
            self._absent(line, place, empty, "Give it a value, or name another variable.")
            return _STAND_IN
        return text.text

    def _take_variable(self, entry: Entry, name: str, literal: Entry | None) -> None:
        place = (*self.place, name)
        if literal and not is_null(literal.value):
            problem = f"{name} is given too, on line {literal.line}, and is the one that counts"
            self.reader.findings.warn(entry.line, (*self.place, entry.name), problem, "Keep one of them.")
            return
        shape = shape_of(self.model.model_fields[name].annotation)
        self.reader.lines[place] = entry.line
        if isinstance(entry.value, SequenceNode) and shape.many:
            self._read[name] = [
                self._variable(item, line_of(item), entry.name, place, secret=shape.secret)
                for item in entry.value.value
            ]
        else:
            self._read[name] = self._variable(entry.value, entry.line, entry.name, place, secret=shape.secret)

    def _variable(self, node: Node, line: int, key: str, place: Place, *, secret: bool) -> str:
        if not isinstance(node, ScalarNode) or is_null(node) or not is_variable_name(node.value):
            self.reader.failed.add(place)
            remedy = "Write for example WHATSAPP_TOKEN, without $ and braces; the value itself belongs to the variable."
            return self._refused(line, (*self.place, key), "wants a variable name", remedy)
        value = self.reader.environ.get(node.value)
        if not value:
            state, remedy = ("is not set", "Export it") if value is None else ("is empty", "Give it a value")
            self._absent(line, place, f"{speakable(node.value)} {state}", f"{remedy}, or name another variable.")
            return _STAND_IN
        if secret:
            self.reader.findings.keep_secret(value)
        return value

    def _gate(self, entry: Entry, place: Place) -> None:
        text = self.reader.value(entry.value, str, place, entry.line)
        if place in self.reader.unset:
            name = self.reader.unset[place]
            self.reader.refuse(entry.line, place, f"{name} is not set", "Export it, or write true or false.")
        elif text is None:
            self.reader.refuse(entry.line, place, "is empty", "Write true or false, or remove the key.")
        elif text is not DROPPED:
            self._decide(entry.name, text, entry.line, "wants true or false", "Write true or false (1 and 0 will do).")

    def _ask_variables(self) -> None:
        for name, variable in self._switches().items():
            written = self.reader.environ.get(variable)
            if written is not None and (*self.place, name) not in self.reader.lines:
                self.told_by[name] = variable
                remedy = f"Set {variable} to true or false (1 and 0 will do), or unset it."
                self._decide(
                    name, written, self.reader.lines.get(self.place, 0), f"{variable} is neither true nor false", remedy
                )

    def _decide(self, name: str, text: object, line: int, problem: str, remedy: str) -> None:
        word = text.strip().casefold() if isinstance(text, str) else ""
        if word in _ON_OR_OFF:
            self._read[name] = _ON_OR_OFF[word]
        else:
            self.reader.refuse(line, (*self.place, name), problem, remedy)

    def _miss(self) -> None:
        for name in sorted(self._env_keys()):
            place = (*self.place, name)
            if self.model.model_fields[name].is_required() and name not in self._read:
                remedy = f"Write {name}_env: NAME_OF_A_VARIABLE."
                self._absent(self.reader.lines.get(self.place, 0), place, "is missing", remedy)
                self._read[name] = _STAND_IN

    def _absent(self, line: int, place: Place, problem: str, remedy: str) -> None:
        # an id tells accounts apart, so nobody can do without
        key = str(place[-1])
        secret = shape_of(self.model.model_fields[key].annotation).secret
        tells_apart = not secret or key in getattr(self.model, "names_account", ())
        if not tells_apart and self.reader.credentials == "optional":
            return
        if self.enabled:
            self.reader.refuse(line, place, problem, remedy)
        else:
            self.complete = False
            self.reader.findings.warn(line, place, problem, remedy)

    def _refused(self, line: int, place: Place, problem: str, remedy: str) -> str:
        self.reader.refuse(line, place, problem, remedy)
        return _STAND_IN
