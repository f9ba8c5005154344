"""The bot's commands, by scope and language."""

import re
from typing import Any

from aof.simulator.telegram.refusals import bad

Json = dict[str, Any]
MOST = 100
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")


class Menu:
    """What was set."""

    def __init__(self) -> None:
        self._by_scope: dict[tuple[str, str], list[Json]] = {}

    def set(self, parameters: Json) -> None:
        """`setMyCommands`.

        Raises:
            Refused: A command, a scope or a language is none.
        """
        commands = parameters["commands"]
        if len(commands) > MOST:
            raise bad("BOT_COMMANDS_TOO_MUCH", "commands")
        for command in commands:
            command["command"] = command["command"].removeprefix("/").lower()
            if not _NAME.fullmatch(command["command"]):
                raise bad("BOT_COMMAND_INVALID", "commands")
            if not command["description"].strip():
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID", "commands")
        key = _key(parameters)
        if commands:
            self._by_scope[key] = commands
        else:
            self._by_scope.pop(key, None)

    def get(self, parameters: Json) -> list[Json]:
        """`getMyCommands`: exactly of that scope and language."""
        return self._by_scope.get(_key(parameters), [])

    def delete(self, parameters: Json) -> None:
        """`deleteMyCommands`."""
        self._by_scope.pop(_key(parameters), None)

    def shown_to(self, user_id: int, language: str) -> list[Json]:
        """What a person's private chat shows: the first of Telegram's order that was set."""
        code = language[:2].lower()
        scopes = (f"chat:{user_id}", "all_private_chats", "default")
        keys = ((scope, spoken) for scope in scopes for spoken in (code, ""))
        return next((self._by_scope[key] for key in keys if key in self._by_scope), [])


def _key(parameters: Json) -> tuple[str, str]:
    language = parameters.get("language_code", "")
    if language and not _LANGUAGE.fullmatch(language):
        raise bad("invalid language_code specified", "language_code")
    scope = parameters.get("scope") or {"type": "default"}
    parts = [str(scope[key]) for key in ("type", "chat_id", "user_id") if key in scope]
    return ":".join(parts), language
