"""A tool that asks one server over HTTP."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from aof.domain.risk import Risk
from aof.tools.arguments import known, reason_of, string
from aof.tools.base import CallRefused, Plan, Result, Scope
from aof.tools.http.addresses import Resolve, resolve
from aof.tools.http.client import Body, HttpClient
from aof.tools.http.place import MOST_CHARACTERS, Place
from aof.tools.http.risk import request_line, risk_of
from aof.tools.http.settings import HttpSettings
from aof.tools.http.words import HttpAnswer, HttpFailed, HttpRefused

MOST_BODY = 64 * 1024
"""Characters of a request's body: all of it is shown to whoever approves."""
_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})
_NOT_DONE = frozenset({307, 308})
"""The server wants the request elsewhere, and nothing is sent a second time."""


class HttpTool:
    """Paths below one base URL, with the methods that a file allows."""

    def __init__(
        self,
        settings: HttpSettings,
        redact: Callable[[str], str],
        *,
        name: str = "http",
        token_env: str = "",
        variables: Mapping[str, str] | None = None,
        resolve: Resolve = resolve,
    ) -> None:
        """
        Args:
            redact: Takes the secrets of the daemon out of an answer.
            token_env: The variable that holds the token; looked up in `variables` at each use, so that one that was
                changed counts at once.
        """
        self.name = name
        self._settings = settings
        self._redact = redact
        self._token_env = token_env
        self._variables = variables or {}
        self._resolve = resolve
        self._place = Place.of(settings.base_url)
        self.description = f"Sends one HTTP request to {settings.base_url} and returns the answer as text."
        self.parameters: Mapping[str, Any] = _parameters(settings)

    async def plan(self, arguments: Mapping[str, Any], scope: Scope) -> Plan:
        known(arguments, "method", "path", "query", "body", "reason")
        method = string(arguments, "method", most=16).upper()
        if method not in self._settings.allowed_methods:
            raise CallRefused(f"method has to be one of {', '.join(self._settings.allowed_methods)}")
        path = string(arguments, "path", most=MOST_CHARACTERS)
        query = _query(arguments.get("query"))
        body = _body(arguments.get("body"), method)
        self._token()
        try:
            line = request_line(method, str(self._place.url(path, query)))
        except HttpRefused as error:
            raise CallRefused(str(error)) from error
        reason = reason_of(arguments)
        return Plan(
            tool=self.name,
            arguments={"method": method, "path": path, "query": query, "body": body, "reason": reason},
            argv=(*line, "--body", _text(body)) if body is not None else line,
            risk=risk_of(method, url_was_chosen_by_model=False),
            why=f"the method {method}",
            reason=reason,
            target={"host": urlsplit(line[1]).netloc},
        )

    async def perform(self, plan: Plan, scope: Scope) -> Result:
        method, url = plan.argv[:2]
        changes = plan.risk not in {Risk.READ, Risk.SENSITIVE}
        try:
            client = HttpClient(replace(self._settings, token=self._token()), self._redact, resolve=self._resolve)
            answer = await client.request(method, url, body=plan.arguments.get("body"))
        except (HttpRefused, CallRefused, ValueError) as error:
            return Result(f"not sent: {error}", failed=True)
        except HttpFailed as error:
            sent = "the request may have arrived" if error.was_sent else "nothing was sent"
            return Result(f"{error}; {sent}", failed=True, is_unknown=changes and error.was_sent)
        failed = answer.status >= 400 or answer.status in _NOT_DONE
        # a server that breaks, or waits in vain for another, can have done what it was asked
        return Result(_told(answer), failed=failed, is_unknown=changes and answer.status >= 500)

    def _token(self) -> SecretStr | None:
        """Raises CallRefused where it is named and not there."""
        if not self._token_env:
            return None
        value = self._variables.get(self._token_env, "")
        if not value:
            raise CallRefused(f"the variable {self._token_env}, which holds its token, is not set")
        return SecretStr(value)


def _parameters(settings: HttpSettings) -> Mapping[str, Any]:
    properties: dict[str, Any] = {
        "method": {"type": "string", "enum": list(settings.allowed_methods)},
        "path": {"type": "string", "description": f"Below {settings.base_url}, without a query."},
        "query": {"type": "object", "additionalProperties": {"type": "string"}, "description": "Name and value."},
    }
    if set(settings.allowed_methods) - _WITHOUT_BODY:
        properties["body"] = {"type": ["string", "object"], "description": "Plain text, or an object sent as JSON."}
    properties["reason"] = {"type": "string", "description": "Why, in one sentence."}
    return {
        "type": "object",
        "properties": properties,
        "required": ["method", "path"],
        "additionalProperties": False,
    }


def _query(given: object) -> Mapping[str, str]:
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(value, str) for value in given.values()):
        raise CallRefused("query has to be an object of texts")
    return dict(given)


def _body(given: object, method: str) -> Body | None:
    """The body as it is sent: an object with its keys in order, so that it reads the same each time."""
    if given is None:
        return None
    if method in _WITHOUT_BODY:
        raise CallRefused(f"{method} has no body")
    if isinstance(given, str):
        body: Body = given
    elif isinstance(given, Mapping):
        try:
            body = json.loads(json.dumps(given, sort_keys=True, allow_nan=False))
        except (TypeError, ValueError, RecursionError) as error:
            raise CallRefused("body is no JSON") from error
    else:
        raise CallRefused("body has to be a text or an object")
    if len(_text(body)) > MOST_BODY:
        raise CallRefused(f"body is longer than {MOST_BODY:,} characters")
    return body


def _text(body: Body) -> str:
    """The characters that are sent."""
    return body if isinstance(body, str) else json.dumps(body)


def _told(answer: HttpAnswer) -> str:
    known_to_us = answer.status in HTTPStatus.__members__.values()
    lines = [f"HTTP {answer.status} {HTTPStatus(answer.status).phrase}" if known_to_us else f"HTTP {answer.status}"]
    if answer.redirected_to:
        lines.append(f"from {answer.redirected_to}")
    lines.append(answer.text)
    if answer.cut:
        lines.append("[cut: there is more]")
    return "\n".join(line for line in lines if line)
